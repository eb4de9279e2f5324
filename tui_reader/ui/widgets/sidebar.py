"""The left pane: all, unread and saved stories, the smart views, the topics, and the tree of folders and sources."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from textual import events
from textual.strip import Strip

from tui_reader.model.query import Filter
from tui_reader.model.source_tree import Branch
from tui_reader.model.story import TopicCount, ViewCount
from tui_reader.named_tuple import NamedTuple
from tui_reader.ui.choice import Choice
from tui_reader.ui.widgets.cells import pad, width_of
from tui_reader.ui.widgets.line_list import LineList
from tui_reader.ui.widgets.strips import Piece

if TYPE_CHECKING:
    from tui_reader.subscriptions.views import SmartView

OPEN, CLOSED, BROKEN = "▾", "▸", "✕"
_TOPICS, _SOURCES, _UNREAD = "TOPICS", "SOURCES", "unread"
_MARKER = 2  # cells of the sign before a folder


class BranchRow(NamedTuple):
    """A folder or source with its number of unread articles; ``is_open`` only matters for a folder."""

    branch: Branch
    unread: int
    is_open: bool = False


class ViewRow(NamedTuple):
    """A smart view with its numbers of stories and of unread ones; ``None`` until they are counted."""

    view: SmartView
    numbers: ViewCount | None = None


class _Row(NamedTuple):
    """One line: what it stands for and its number, of unread articles, or with ``is_total`` of all it lists.

    ``stories`` is how many stories it lists. An empty label is a gap or, with
    a ``heading``, the first line of a section.
    """

    label: str
    choice: Choice = Choice()
    depth: int = 0
    number: int = 0
    stories: int = 0
    heading: str = ""
    is_open: bool = False
    is_total: bool = False


class Sidebar(LineList):
    """Lets the user choose which stories are listed."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.toggled: Callable[[Branch], object] = lambda branch: None
        """Called when the sign before a folder is clicked."""
        self._rows: list[_Row] = []
        self._has_folders = False
        self._pressed = 0  # the column of the last click

    def count(self) -> int:
        """Return the number of lines, gaps included."""
        return len(self._rows)

    def selectable(self, index: int) -> bool:
        """Return whether the line is neither a gap nor a heading."""
        return bool(self._rows[index].label)

    def show(
        self,
        topics: Sequence[TopicCount],
        saved: int,
        branches: Sequence[BranchRow] = (),
        views: Sequence[ViewRow] = (),
    ) -> None:
        """Show topics, the number of saved stories, the branches that are not in a closed folder, and smart views.

        The cursor stays on its line, or on the folder that was closed around it.
        """
        current = self.current()
        rows = [*_topic_rows(topics, saved, views), *_branch_rows(branches)]
        if rows == self._rows:
            return
        same_length = len(rows) == len(self._rows)
        self._rows = rows
        self._has_folders = any(row.branch.is_folder for row in branches)
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

    def with_unread(self) -> list[tuple[Choice, str]]:
        """Return the other lines with something unread, from the cursor down and on from the top, with their names.

        The line of all stories comes last.
        """
        rows = [row for row in self._rows[self.cursor + 1 :] + self._rows[: self.cursor] if _has_unread(row)]
        rows.sort(key=lambda row: row.choice == Choice())
        return [(row.choice, row.label) for row in rows]

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
        """Draw one line: its name and its number, if there is any."""
        row = self._rows[index]
        if not row.label:
            words = pad(_UNREAD, max(0, width - 2 - width_of(row.heading)), right=True) if row.heading else ""
            return [self.strip([(f" {row.heading}{words}", self.palette.faint)], width, False)]
        if row.choice.branch is not None:
            return [self.strip(self._branch_pieces(row, row.choice.branch, width, selected), width, selected)]
        name = " " * row.depth + row.label
        text = self.palette.bright if selected else self.palette.text if row.stories else self.palette.faint
        number = f" {row.number:,}" if row.number else ""
        style = self.palette.muted if row.is_total else self.palette.accent
        room = width - 2 - width_of(number)
        return [self.strip([self.bar(selected), (pad(name, room), text), (number, style)], width, selected)]

    def _branch_pieces(self, row: _Row, branch: Branch, width: int, selected: bool) -> list[Piece]:
        number = f" {row.number:,}" if row.number else ""
        column = max(width_of(number), 1)
        marker = " " * row.depth
        if branch.is_folder:
            marker += f"{OPEN if row.is_open else CLOSED} "
        elif self._has_folders:
            marker += " " * _MARKER
        broken = f" {BROKEN}" if branch.broken and not branch.is_folder else ""
        room = width - 2 - column - width_of(marker) - width_of(broken)
        text = self.palette.bright if selected else self.palette.text if row.number else self.palette.faint
        # The sign stands right behind the name.
        name = pad(row.label, min(room, width_of(row.label)))
        return [
            self.bar(selected),
            (marker, self.palette.muted if row.number else self.palette.faint),
            (name, text),
            (broken, self.palette.muted),
            (" " * max(0, room - width_of(name)), text),
            (pad(number, column, right=True), self.palette.accent),
        ]


def _has_unread(row: _Row) -> bool:
    return bool(row.label and row.number) and not row.is_total and row.choice.filter is Filter.ALL


def _view_row(row: ViewRow) -> _Row:
    """Return the line of a view: how many of its stories are unread, or if none is, how many it has."""
    view, (stories, unread) = row.view, row.numbers or (0, 0)
    label = f"{view.name} {BROKEN}" if view.problem else view.name
    return _Row(label, Choice(view=view), number=unread or stories, stories=stories, is_total=not unread)


def _topic_rows(topics: Sequence[TopicCount], saved: int, views: Sequence[ViewRow]) -> list[_Row]:
    everything, *rest = topics
    rows = [
        _Row("", heading=_TOPICS),
        _Row("All", number=everything.unread, stories=everything.stories),
        _Row("Unread", Choice(filter=Filter.UNREAD), number=everything.unread, stories=everything.unread),
        _Row("Saved", Choice(filter=Filter.SAVED), number=saved, stories=saved, is_total=True),
    ]
    if views:
        rows += [_Row(""), *map(_view_row, views)]
    if rest:
        rows.append(_Row(""))
    for count in rest:
        label = count.topic.shortname or count.topic.name
        rows.append(_Row(label, Choice(count.topic.name), count.depth, count.unread, count.stories))
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
                number=row.unread,
                is_open=row.is_open,
            )
            for row in branches
        ),
    ]
