"""The topics: everything, unread and saved, then the publisher's tree with its numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rich.style import Style
from textual.strip import Strip

from tui_reader.model.query import Query, Shelf
from tui_reader.model.story import TopicCount
from tui_reader.ui.cells import pad
from tui_reader.ui.line_list import LineList

NUMBER = 6
"""Cells of a count."""


@dataclass(frozen=True, slots=True)
class _Place:
    """One line: what it shows and how many. An empty label is a gap."""

    label: str
    topic: str = ""
    shelf: Shelf = Shelf.ALL
    depth: int = 0
    stories: int | None = None
    unread: int | None = None


class TopicList(LineList):
    """Lets the person choose what the story list shows."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._places: list[_Place] = []

    def count(self) -> int:
        """Lines, with the gap."""
        return len(self._places)

    def selectable(self, index: int) -> bool:
        """All but the gap and the heading."""
        return bool(self._places[index].label)

    def show(self, topics: Sequence[TopicCount], saved: int) -> None:
        """Show the topics with these numbers; the cursor stays on its topic."""
        here = self.current()
        everything, *rest = topics
        places = [
            _Place("All", stories=everything.stories, unread=everything.unread),
            _Place("Unread", shelf=Shelf.UNREAD, stories=everything.unread),
            _Place("Saved", shelf=Shelf.SAVED, stories=saved),
        ]
        if rest:
            places.append(_Place(""))
        places += [
            _Place(
                count.topic.shortname or count.topic.name,
                count.topic.name,
                Shelf.ALL,
                count.depth,
                count.stories,
                count.unread,
            )
            for count in rest
        ]
        same_length = len(places) == len(self._places)
        self._places = places
        wanted = [place for place, line in enumerate(places) if line.label and (line.topic, line.shelf) == here]
        self.cursor = wanted[0] if wanted else 0
        self.redraw(resize=not same_length)

    def current(self) -> tuple[str, Shelf]:
        """The topic and shelf under the cursor."""
        if not self._places:
            return "", Shelf.ALL
        place = self._places[self.cursor]
        return place.topic, place.shelf

    def select(self, query: Query) -> None:
        """Put the cursor on what ``query`` shows, telling nobody."""
        for index, place in enumerate(self._places):
            if place.label and (place.topic, place.shelf) == (query.topic, query.shelf):
                self.move_to(index, tell=False)
                return

    def draw(self, index: int, width: int, selected: bool) -> list[Strip]:
        """Draw one line: name, unread in bright, all in muted."""
        place = self._places[index]
        if not place.label:
            return [Strip.blank(width, self.rich_style)]
        room = width - 2 - 2 * NUMBER
        name = pad("  " * place.depth + place.label, room)
        empty = not place.stories
        muted = self.style("line--faint" if empty else "line--muted")
        text = self.style("line--faint" if empty else "line--bright" if selected else "line--text")
        unread = "" if not place.unread else f"{place.unread:,}"
        stories = "" if place.stories is None else f"{place.stories:,}"
        return [
            self.strip(
                [
                    self.bar(selected),
                    (name, text),
                    (pad(unread, NUMBER, right=True), self.style("line--accent")),
                    (pad(stories, NUMBER, right=True), muted),
                    (" ", Style()),
                ],
                width,
                selected,
            )
        ]
