"""The topics pane: all, unread and saved stories, then the tree of topics, each with its numbers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from textual.strip import Strip

from tui_reader.model.query import Filter, Query
from tui_reader.model.story import TopicCount
from tui_reader.ui.widgets.cells import pad
from tui_reader.ui.widgets.line_list import LineList

_HEADING = ("TOPICS", "new", "all")


class _Row(NamedTuple):
    """One line: a filter or topic, and its numbers of stories. An empty label is the heading or a gap."""

    label: str
    topic: str = ""
    filter: Filter = Filter.ALL
    depth: int = 0
    stories: int | None = None
    unread: int | None = None


class TopicList(LineList):
    """Lets the user choose which stories are listed."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._rows: list[_Row] = []
        self._columns = (5, 5)

    def count(self) -> int:
        """Return the number of lines, gaps included."""
        return len(self._rows)

    def selectable(self, index: int) -> bool:
        """Return whether the line is neither a gap nor the heading."""
        return bool(self._rows[index].label)

    def show(self, topics: Sequence[TopicCount], saved: int) -> None:
        """Show ``topics`` and the number of saved stories; the cursor stays on its topic."""
        current = self.current()
        everything, *rest = topics
        rows = [
            _Row(""),
            _Row("All", stories=everything.stories, unread=everything.unread),
            _Row("Unread", filter=Filter.UNREAD, stories=everything.unread),
            _Row("Saved", filter=Filter.SAVED, stories=saved),
        ]
        if rest:
            rows.append(_Row(""))
        rows += [
            _Row(
                count.topic.shortname or count.topic.name,
                count.topic.name,
                Filter.ALL,
                count.depth,
                count.stories,
                count.unread,
            )
            for count in rest
        ]
        if rows == self._rows:
            return
        same_length = len(rows) == len(self._rows)
        self._rows = rows
        # As wide as the longest number; the names get the rest.
        numbers = [(row.unread or 0, row.stories or 0) for row in rows]
        self._columns = (
            max(5, max(len(f"{unread:,}") for unread, _ in numbers) + 2),
            max(5, max(len(f"{stories:,}") for _, stories in numbers) + 2),
        )
        found = [index for index, row in enumerate(rows) if row.label and (row.topic, row.filter) == current]
        self.cursor = found[0] if found else 1
        self.redraw(resize=not same_length)

    def current(self) -> tuple[str, Filter]:
        """Return the topic and filter under the cursor."""
        if not self._rows:
            return "", Filter.ALL
        row = self._rows[self.cursor]
        return row.topic, row.filter

    def select(self, query: Query) -> None:
        """Move the cursor to the topic and filter of ``query``, without sending a message."""
        for index, row in enumerate(self._rows):
            if row.label and (row.topic, row.filter) == (query.topic, query.filter):
                self.move_to(index, notify=False)
                return

    def draw(self, index: int, width: int, selected: bool) -> list[Strip]:
        """Draw one line: name, unread stories, all stories."""
        row = self._rows[index]
        unread, stories = self._columns
        room = width - 2 - unread - stories
        if not row.label:
            words = _HEADING if index == 0 else ("", "", "")
            line = " " + pad(words[0], room) + pad(words[1], unread, right=True) + pad(words[2], stories, right=True)
            return [self.strip([(line, self.palette.faint)], width, False)]
        empty = not row.stories
        text = self.palette.faint if empty else self.palette.bright if selected else self.palette.text
        new = f"{row.unread:,}" if row.unread else ""
        every = "" if row.stories is None else f"{row.stories:,}"
        return [
            self.strip(
                [
                    self.bar(selected),
                    (pad(" " * row.depth + row.label, room), text),
                    (pad(new, unread, right=True), self.palette.accent),
                    (pad(every, stories, right=True), self.palette.faint if empty else self.palette.muted),
                ],
                width,
                selected,
            )
        ]
