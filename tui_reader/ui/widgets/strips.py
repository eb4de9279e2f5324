"""One line of a widget, made of pieces of styled text."""

from __future__ import annotations

from collections.abc import Sequence

from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from tui_reader.ui.widgets.cells import width_of

Piece = tuple[str, Style]
"""Text and its style."""


def make_strip(pieces: Sequence[Piece], width: int, base: Style) -> Strip:
    """Return ``pieces`` as a line of exactly ``width`` cells, each style on top of ``base``."""
    segments = [Segment(text, base + style) for text, style in pieces if text]
    room = width - sum(width_of(text) for text, _ in pieces)
    if room < 0:
        return Strip(segments).crop(0, width)
    if room:
        segments.append(Segment(" " * room, base))
    return Strip(segments, width)
