"""Wraps pieces of styled text into lines."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rich.style import Style

from tui_reader.ui.widgets.cells import breaks, width_of
from tui_reader.ui.widgets.strips import Piece

_HANG = 2  # cells by which code that goes on below is indented further


def flow(pieces: Sequence[Piece], width: int) -> list[list[Piece]]:
    """Return ``pieces`` as lines of at most ``width`` cells, broken at spaces."""
    text = "".join(text for text, _ in pieces)
    stripped = text.strip(" ")
    if not stripped:
        return [[]]
    first = len(text) - len(text.lstrip(" "))
    places = [(first + start, first + end) for start, end in breaks(stripped, width)]
    return _cut_up(pieces, text, places)


def fold(pieces: Sequence[Piece], width: int) -> list[list[Piece]]:
    """Return a line of code as lines of at most ``width`` cells; what goes on below is indented further."""
    text = "".join(text for text, _ in pieces)
    if width_of(text) <= width:
        return [[piece for piece in pieces if piece[0]]]
    # Its indentation is no place to break it at.
    indent = len(text) - len(text.lstrip(" "))
    hang = min(indent + _HANG, width // 2)
    masked = "\u00b7" * indent + text[indent:]
    first = next(breaks(masked, width))
    at = first[1] + len(masked[first[1] :]) - len(masked[first[1] :].lstrip(" "))
    rest = [(at + start, at + end) for start, end in breaks(masked[at:], width - hang)]
    lines = _cut_up(pieces, text, [first, *rest])
    return [lines[0], *([(" " * hang, Style()), *line] for line in lines[1:])]


def _cut_up(pieces: Sequence[Piece], text: str, places: Iterable[tuple[int, int]]) -> list[list[Piece]]:
    """Return the pieces of each stretch of ``text``."""
    lines: list[list[Piece]] = []
    upcoming = iter(pieces)
    piece, style = next(upcoming)
    begin = 0  # of the piece, in the text
    for start, limit in places:
        end = start + len(text[start:limit].rstrip(" "))
        line: list[Piece] = []
        while True:
            stop = begin + len(piece)
            if part := piece[max(0, start - begin) : max(0, end - begin)]:
                line.append((part, style))
            if stop >= end:
                break
            begin = stop
            piece, style = next(upcoming)
        lines.append(line)
    return lines


def line_width(line: Iterable[Piece]) -> int:
    """Return the width of a line in cells."""
    return sum(width_of(text) for text, _ in line)
