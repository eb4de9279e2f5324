"""Collects the cells of an HTML table and writes them as a Markdown table."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from tui_reader.named_tuple import NamedTuple

_MAX_COLUMNS = 60  # a wider table is a layout, or hostile
_MAX_SPAN = 1000  # rows, as in HTML
_SHORT = 150  # characters; a table without a header that has longer cells is a layout
_LONG = 1000  # characters; a table with longer cells is a layout
_JOINED = 200  # characters; cells of a layout that are longer become paragraphs of their own

_ALIGNED = re.compile(r"text-align:\s*(\w+)", re.IGNORECASE)
_RULES = {"right": "---:", "center": ":---:"}

_PICTURE = re.compile(r"\[?!\[[^\[\]]*\]\([^()]*\)(?:\]\([^()]*\))?")

PIPE = "\x1f"
"""A bar in code: it is escaped in a table and nowhere else."""


class _Cell(NamedTuple):
    is_header: bool
    blocks: list[str]

    def length(self) -> int:
        return sum(map(len, self.blocks))

    def markdown(self) -> str:
        text = " ".join(self.blocks).replace("  \n", " ").replace("\n", " ")
        return text.replace(PIPE, "\\|").strip()


_EMPTY = _Cell(False, [])  # where a cell spans others; nothing is added to it


class Table:
    """A table as far as it has been read, while each cell has only paragraphs.

    With anything else in a cell, such as a list, it is a layout of the page:
    the writer then writes the :meth:`paragraphs`.
    """

    def __init__(self) -> None:
        self._before: list[str] = []  # the caption
        self._rows: list[list[_Cell]] = []
        self._headed = False
        self._aligned: dict[int, str] = {}  # by column: the rule below its head
        self._spanned = 0  # columns that the current cell takes beyond its own
        self._below: dict[int, int] = {}  # by column: the rows that a cell above reaches into
        self.has_pictures = False

    @property
    def in_row(self) -> bool:
        """Whether the current row has a cell."""
        return bool(self._rows and self._rows[-1])

    def start_row(self) -> None:
        """Begin a row."""
        self._end_cell()
        if self.in_row or not self._rows:
            self._rows.append([])

    def end_head(self) -> None:
        """Note that the first row is a header, whatever its cells are."""
        self._headed = bool(self._rows)

    def start_cell(self, is_header: bool, attributes: Mapping[str, str]) -> None:
        """Begin a cell."""
        if not self._rows:
            self._rows.append([])
        self._end_cell()
        row = self._rows[-1]
        while len(row) <= _MAX_COLUMNS and self._below.get(len(row), 0) > 0:
            self._below[len(row)] -= 1
            row.append(_EMPTY)
        if len(row) not in self._aligned and (rule := _RULES.get(_alignment(attributes))):
            self._aligned[len(row)] = rule
        columns = _span(attributes.get("colspan", ""), _MAX_COLUMNS)
        if rows := _span(attributes.get("rowspan", ""), _MAX_SPAN) - 1:
            self._below |= dict.fromkeys(range(len(row), len(row) + columns), rows)
        row.append(_Cell(is_header, []))
        self._spanned = columns - 1

    def _end_cell(self) -> None:
        if self._spanned and len(self._rows[-1]) <= _MAX_COLUMNS:
            self._rows[-1] += [_EMPTY] * self._spanned
        self._spanned = 0

    def add(self, text: str) -> None:
        """Add a paragraph to the current cell, or to what is before the table."""
        (self._rows[-1][-1].blocks if self.in_row else self._before).append(text)

    def markdown(self) -> list[str] | None:
        """Return the caption and the table, or ``None`` if it is a layout."""
        self._end_cell()
        rows = [row for row in self._rows if any(cell.blocks for cell in row)]
        width = max(map(len, rows), default=0)
        if not 2 <= width <= _MAX_COLUMNS or len(rows) < 2:
            return None
        has_header = self._headed or any(cell.is_header for row in rows for cell in row)
        limit = _LONG if has_header else _SHORT
        if (self.has_pictures and not has_header) or any(cell.length() > limit for row in rows for cell in row):
            return None
        first = rows[0]
        if self._headed or all(cell.is_header or not cell.blocks for cell in first):
            rows = rows[1:]
        else:
            first = []
        lines = [
            _line(first + [_EMPTY] * (width - len(first))),
            "|" + "".join(f" {self._aligned.get(at, '---')} |" for at in range(width)),
            *map(_line, rows),
        ]
        return [*self._before, "\n".join(lines)]

    def paragraphs(self) -> Iterator[str]:
        """Yield the texts as paragraphs: a row of short cells is one."""
        yield from self._before
        for row in self._rows:
            together: list[str] = []
            for cell in row:
                if len(cell.blocks) == 1 and cell.length() <= _JOINED and not _PICTURE.fullmatch(cell.blocks[0]):
                    together.append(cell.blocks[0])
                elif cell.blocks:
                    if together:
                        yield " · ".join(together)
                        together = []
                    yield from cell.blocks
            if together:
                yield " · ".join(together)


def _line(row: list[_Cell]) -> str:
    return "|" + "".join(f" {cell.markdown()} |" for cell in row)


def _alignment(attributes: Mapping[str, str]) -> str:
    match = _ALIGNED.search(attributes["style"]) if "style" in attributes else None
    return match[1].lower() if match else attributes.get("align", "").strip().lower()


def _span(text: str, limit: int) -> int:
    text = text.strip()
    return max(1, min(int(text), limit)) if text.isascii() and text.isdigit() and len(text) < 6 else 1
