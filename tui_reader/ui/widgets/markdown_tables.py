"""Tables of Markdown as lines: as columns where they fit, else row by row."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from rich.style import Style

from tui_reader.ui.widgets.cells import width_of
from tui_reader.ui.widgets.flow import flow, line_width
from tui_reader.ui.widgets.palette import Palette
from tui_reader.ui.widgets.strips import Piece

Cell = list[Piece]
"""The text of a cell on one line."""

_WORD = 16  # cells; longer words may be broken
_MEASURED = 500  # characters of a cell
_GAP = 2  # cells between columns


class Table:
    """A table: its head, its rows, and the alignment of its columns (``left``, ``center`` or ``right``)."""

    def __init__(self) -> None:
        self.head: list[Cell] = []
        self.rows: list[list[Cell]] = []
        self.alignments: list[str] = []

    def lines(self, width: int, palette: Palette) -> Iterator[list[Piece]]:
        """Yield the lines of the table, each at most ``width`` cells."""
        widths = self._widths(width)
        if widths is None:
            yield from self._records(width, palette)
            return
        if any(map(_plain, self.head)):
            yield from self._row(self.head, widths)
            yield [("─" * (sum(widths) + _GAP * (len(widths) - 1)), palette.muted)]
        drawn = [list(self._row(row, widths)) for row in self.rows]
        apart = any(len(lines) > 1 for lines in drawn)
        for at, lines in enumerate(drawn):
            if at and apart:
                yield []
            yield from lines

    def _widths(self, width: int) -> list[int] | None:
        """Return the widths of the columns, or ``None`` if usual words would be broken."""
        cells = zip(self.head, *self.rows, strict=False)
        columns = [[_plain(cell)[:_MEASURED] for cell in column] for column in cells]
        room = width - _GAP * (len(columns) - 1)
        wanted = [max(1, *map(width_of, column)) for column in columns]
        if sum(wanted) <= room:
            return wanted
        needed = [max(1, min(_WORD, max(map(_widest_word, column)))) for column in columns]
        if sum(needed) > room:
            return None
        # A narrow column gets what it wants, the wide ones share the rest.
        widths, left = needed[:], room - sum(needed)
        order = sorted(range(len(columns)), key=lambda at: wanted[at] - needed[at])
        for remaining, at in zip(range(len(order), 0, -1), order, strict=True):
            more = min(wanted[at] - needed[at], left // remaining)
            widths[at] += more
            left -= more
        return widths

    def _row(self, row: Sequence[Cell], widths: list[int]) -> Iterator[list[Piece]]:
        wrapped: list[list[list[Piece]]] = [
            flow(cell, width) if cell else [[]] for cell, width in zip(row, widths, strict=False)
        ]
        for at in range(max(map(len, wrapped))):
            line: list[Piece] = []
            for column, (lines, width) in enumerate(zip(wrapped, widths, strict=False)):
                part = lines[at] if at < len(lines) else []
                room = width - line_width(part)
                alignment = self.alignments[column]
                before = room if alignment == "right" else room // 2 if alignment == "center" else 0
                line += [(" " * ((_GAP if column else 0) + before), Style()), *part, (" " * (room - before), Style())]
            while line and not line[-1][0].strip():
                line.pop()
            yield line

    def _records(self, width: int, palette: Palette) -> Iterator[list[Piece]]:
        """Yield the rows one below the other, each cell with the head of its column."""
        for at, row in enumerate(self.rows):
            if at:
                yield []
            for head, cell in zip(self.head, row, strict=False):
                if not _plain(cell).strip():
                    continue
                named = bool(_plain(head).strip())
                label: list[Piece] = [*head, (": ", palette.muted)] if named else []
                yield from flow([*label, *cell], width)


def _plain(cell: Iterable[Piece]) -> str:
    return "".join(text for text, _ in cell)


def _widest_word(text: str) -> int:
    return max(map(width_of, text.split()), default=1)
