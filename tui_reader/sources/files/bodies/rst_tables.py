"""Reads the tables that are drawn in reStructuredText."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import TypeAlias

from tui_reader.sources.files.bodies.html_parts import table

Cell: TypeAlias = list[str]
"""The lines of a cell."""

_MOST_COLUMNS = 100


def table_html(rows: Sequence[Sequence[Cell]], words: Callable[[Sequence[str]], str]) -> str:
    """Return rows as a table; the first is its head. ``words`` makes HTML of the lines of a cell."""
    return table(([words(cell) for cell in row[:_MOST_COLUMNS]] for row in rows), has_head=True)


def grid_table(lines: Sequence[str]) -> list[list[Cell]]:
    """Return the rows of a table with a frame. A cell that is wider than a column takes the place of several."""
    rows: list[list[Cell]] = []
    open_row: list[Cell] = []
    for line in lines:
        if line.startswith("+"):
            if any(cell for cell in open_row):
                rows.append(open_row)
            open_row = []
            continue
        parts = line.strip().removeprefix("|").removesuffix("|").split("|", _MOST_COLUMNS)
        if len(open_row) != len(parts):
            if any(cell for cell in open_row):
                rows.append(open_row)
            open_row = [[] for _ in parts]
        for cell, part in zip(open_row, parts, strict=True):
            if part.strip():
                cell.append(part.strip())
    if any(cell for cell in open_row):
        rows.append(open_row)
    return rows


def simple_table(lines: Sequence[str], at: int) -> tuple[list[list[Cell]], int]:
    """Return the rows of a table whose columns are underlined, and the number of its lines."""
    rule = lines[at]
    starts = [match.start() for match in re.finditer(r"=+", rule)][:_MOST_COLUMNS]
    rows: list[list[Cell]] = []
    end = at + 1
    rules = 1
    while end < len(lines):
        line = lines[end]
        end += 1
        if line.startswith("=") and set(line) <= {"=", " "}:
            rules += 1
            if rules == 3 or end >= len(lines) or not lines[end]:
                break
        elif line and not set(line) <= {"-", " "}:
            cells = [line[start:stop].strip() for start, stop in zip(starts, [*starts[1:], None], strict=True)]
            if cells[0] or not rows:
                rows.append([[cell] if cell else [] for cell in cells])
            else:  # a row goes on
                for cell, part in zip(rows[-1], cells, strict=True):
                    if part:
                        cell.append(part)
    return rows, end - at
