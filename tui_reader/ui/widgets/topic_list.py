"""The topics: everything, unread and saved, then the publisher's tree with its numbers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from textual.strip import Strip

from tui_reader.model.query import Filter, Query
from tui_reader.model.story import TopicCount
from tui_reader.ui.widgets.cells import pad
from tui_reader.ui.widgets.line_list import LineList

_HEADING = ("TOPICS", "new", "all")


class _Place(NamedTuple):
    """One line: what it shows and how many. An empty label is the heading or a gap."""

    label: str
    topic: str = ""
    filter: Filter = Filter.ALL
    depth: int = 0
    stories: int | None = None
    unread: int | None = None


class TopicList(LineList):
    """Lets the person choose what the story list shows."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._places: list[_Place] = []
        self._columns = (5, 5)

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
            _Place(""),
            _Place("All", stories=everything.stories, unread=everything.unread),
            _Place("Unread", filter=Filter.UNREAD, stories=everything.unread),
            _Place("Saved", filter=Filter.SAVED, stories=saved),
        ]
        if rest:
            places.append(_Place(""))
        places += [
            _Place(
                count.topic.shortname or count.topic.name,
                count.topic.name,
                Filter.ALL,
                count.depth,
                count.stories,
                count.unread,
            )
            for count in rest
        ]
        if places == self._places:
            return
        same_length = len(places) == len(self._places)
        self._places = places
        # As wide as the longest number, so that the names have the rest.
        numbers = [(place.unread or 0, place.stories or 0) for place in places]
        self._columns = (
            max(5, max(len(f"{unread:,}") for unread, _ in numbers) + 2),
            max(5, max(len(f"{stories:,}") for _, stories in numbers) + 2),
        )
        wanted = [place for place, line in enumerate(places) if line.label and (line.topic, line.filter) == here]
        self.cursor = wanted[0] if wanted else 1
        self.redraw(resize=not same_length)

    def current(self) -> tuple[str, Filter]:
        """The topic and filter under the cursor."""
        if not self._places:
            return "", Filter.ALL
        place = self._places[self.cursor]
        return place.topic, place.filter

    def select(self, query: Query) -> None:
        """Put the cursor on what ``query`` shows, telling nobody."""
        for index, place in enumerate(self._places):
            if place.label and (place.topic, place.filter) == (query.topic, query.filter):
                self.move_to(index, tell=False)
                return

    def draw(self, index: int, width: int, selected: bool) -> list[Strip]:
        """Draw one line: name, unread in bright, all in muted."""
        place = self._places[index]
        unread, stories = self._columns
        room = width - 2 - unread - stories
        if not place.label:
            words = _HEADING if index == 0 else ("", "", "")
            line = " " + pad(words[0], room) + pad(words[1], unread, right=True) + pad(words[2], stories, right=True)
            return [self.strip([(line, self.palette.faint)], width, False)]
        empty = not place.stories
        text = self.palette.faint if empty else self.palette.bright if selected else self.palette.text
        new = f"{place.unread:,}" if place.unread else ""
        every = "" if place.stories is None else f"{place.stories:,}"
        return [
            self.strip(
                [
                    self.bar(selected),
                    (pad(" " * place.depth + place.label, room), text),
                    (pad(new, unread, right=True), self.palette.accent),
                    (pad(every, stories, right=True), self.palette.faint if empty else self.palette.muted),
                ],
                width,
                selected,
            )
        ]
