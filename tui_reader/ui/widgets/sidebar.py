"""The left pane: all, unread and saved stories, the tree of topics, and the tree of folders and sources."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from textual import events
from textual.strip import Strip

from tui_reader.model.query import Filter
from tui_reader.model.source_tree import Branch
from tui_reader.model.story import TopicCount
from tui_reader.ui.widgets.cells import pad, width_of
from tui_reader.ui.widgets.line_list import LineList
from tui_reader.ui.widgets.strips import Piece

OPEN, CLOSED, BROKEN = "▾", "▸", "✕"
_TOPICS, _SOURCES = ("TOPICS", "new", "all"), ("SOURCES", "", "new")
_MARKER = 2  # cells of the sign before a folder


class Choice(NamedTuple):
    """What a line stands for: a topic, a filter, or a folder or source."""

    topic: str = ""
    filter: Filter = Filter.ALL
    branch: Branch | None = None

    def same(self, other: Choice) -> bool:
        """Whether both stand for the same; a folder stays the same with other sources in it."""
        return self._identity() == other._identity()

    def _identity(self) -> tuple[object, ...]:
        branch = self.branch
        if branch is None:
            return self.topic, self.filter
        return (branch.is_folder, branch.folder) if branch.is_folder else branch.sources


class BranchRow(NamedTuple):
    """A folder or source with its number of unread articles; ``is_open`` only matters for a folder."""

    branch: Branch
    unread: int
    is_open: bool = False


class _Row(NamedTuple):
    """One line. An empty label is a gap, or a heading with the words for its three columns."""

    label: str
    choice: Choice = Choice()
    depth: int = 0
    stories: int | None = None
    unread: int | None = None
    heading: tuple[str, str, str] = ("", "", "")
    is_open: bool = False


class Sidebar(LineList):
    """Lets the user choose which stories are listed."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.toggled: Callable[[Branch], object] = lambda branch: None
        """Called when the sign before a folder is clicked."""
        self._rows: list[_Row] = []
        self._columns = (5, 5)
        self._has_folders = False
        self._pressed = 0  # the column of the last click

    def count(self) -> int:
        """Return the number of lines, gaps included."""
        return len(self._rows)

    def selectable(self, index: int) -> bool:
        """Return whether the line is neither a gap nor a heading."""
        return bool(self._rows[index].label)

    def show(self, topics: Sequence[TopicCount], saved: int, branches: Sequence[BranchRow] = ()) -> None:
        """Show topics, the number of saved stories, and the branches that are not in a closed folder.

        The cursor stays on its line, or on the folder that was closed around it.
        """
        current = self.current()
        rows = [*_topic_rows(topics, saved), *_branch_rows(branches)]
        if rows == self._rows:
            return
        same_length = len(rows) == len(self._rows)
        self._rows = rows
        self._has_folders = any(row.branch.is_folder for row in branches)
        # As wide as the longest number; the names get the rest.
        numbers = [(row.unread or 0, row.stories or 0) for row in rows]
        self._columns = (
            max(5, max(len(f"{unread:,}") for unread, _ in numbers) + 2),
            max(5, max(len(f"{stories:,}") for _, stories in numbers) + 2),
        )
        self.cursor = self._place_of(current)
        self.redraw(resize=not same_length)
        self.keep_in_view()

    def _place_of(self, choice: Choice) -> int:
        """Return the line of a choice, or of the closest folder around it that is shown; else the first."""
        places = [index for index, row in enumerate(self._rows) if row.label and row.choice.same(choice)]
        if not places and choice.branch is not None:
            folder = choice.branch.folder
            around = [folder[:depth] for depth in range(len(folder), 0, -1)]
            by_folder = {
                row.choice.branch.folder: index
                for index, row in enumerate(self._rows)
                if row.choice.branch is not None and row.choice.branch.is_folder
            }
            places = [by_folder[path] for path in around if path in by_folder]
        return places[0] if places else 1

    def current(self) -> Choice:
        """Return what the line under the cursor stands for."""
        return self._rows[self.cursor].choice if self._rows else Choice()

    def select(self, choice: Choice) -> None:
        """Move the cursor to a choice, without sending a message."""
        if self._rows:
            self.move_to(self._place_of(choice), notify=False)

    # -- the mouse -------------------------------------------------------------

    def on_mouse_down(self, event: events.MouseDown) -> None:
        """Note where the mouse is: :meth:`click_line` is told only the line."""
        self._pressed = event.x

    def on_click(self, event: events.Click) -> None:
        """Open or close a folder again by the second click of a double click; the first is in :meth:`click_line`."""
        if event.chain % 2 == 0:
            self._toggle(event.y + self.scroll_offset.y)

    def click_line(self, line: int) -> bool:
        """Open or close a folder by the sign before it; anywhere else, select or choose the line."""
        return False if self._toggle(line) else super().click_line(line)

    def _toggle(self, line: int) -> bool:
        if not 0 <= line < len(self._rows):
            return False
        row = self._rows[line]
        branch = row.choice.branch
        if branch is None or not branch.is_folder or not 0 <= self._pressed - 1 - row.depth < _MARKER:
            return False
        self.toggled(branch)
        return True

    # -- drawing -----------------------------------------------------------------

    def draw(self, index: int, width: int, selected: bool) -> list[Strip]:
        """Draw one line: name, unread stories, all stories; of a folder or source only what is unread."""
        row = self._rows[index]
        unread, stories = self._columns
        room = width - 2 - unread - stories
        if not row.label:
            words = row.heading
            line = " " + pad(words[0], room) + pad(words[1], unread, right=True) + pad(words[2], stories, right=True)
            return [self.strip([(line, self.palette.faint)], width, False)]
        if row.choice.branch is not None:
            return [self.strip(self._branch_pieces(row, row.choice.branch, width, selected), width, selected)]
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

    def _branch_pieces(self, row: _Row, branch: Branch, width: int, selected: bool) -> list[Piece]:
        number = f" {row.unread:,}" if row.unread else ""
        column = max(width_of(number), 1)
        marker = " " * row.depth
        if branch.is_folder:
            marker += f"{OPEN if row.is_open else CLOSED} "
        elif self._has_folders:
            marker += " " * _MARKER
        broken = f" {BROKEN}" if branch.broken and not branch.is_folder else ""
        room = width - 2 - column - width_of(marker) - width_of(broken)
        text = self.palette.bright if selected else self.palette.text if row.unread else self.palette.faint
        # The sign stands right behind the name.
        name = pad(row.label, min(room, width_of(row.label)))
        return [
            self.bar(selected),
            (marker, self.palette.muted if row.unread else self.palette.faint),
            (name, text),
            (broken, self.palette.muted),
            (" " * max(0, room - width_of(name)), text),
            (pad(number, column, right=True), self.palette.accent),
        ]


def _topic_rows(topics: Sequence[TopicCount], saved: int) -> list[_Row]:
    everything, *rest = topics
    rows = [
        _Row("", heading=_TOPICS),
        _Row("All", stories=everything.stories, unread=everything.unread),
        _Row("Unread", Choice(filter=Filter.UNREAD), stories=everything.unread),
        _Row("Saved", Choice(filter=Filter.SAVED), stories=saved),
    ]
    if rest:
        rows.append(_Row(""))
    for count in rest:
        label = count.topic.shortname or count.topic.name
        rows.append(_Row(label, Choice(count.topic.name), count.depth, count.stories, count.unread))
    return rows


def _branch_rows(branches: Sequence[BranchRow]) -> list[_Row]:
    if not branches:
        return []
    return [
        _Row(""),
        _Row("", heading=_SOURCES),
        *(
            _Row(
                row.branch.label,
                Choice(branch=row.branch),
                row.branch.depth,
                unread=row.unread,
                is_open=row.is_open,
            )
            for row in branches
        ),
    ]
