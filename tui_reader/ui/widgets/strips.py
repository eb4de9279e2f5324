"""One line of a widget, made of pieces of styled text."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from tui_reader.ui.widgets.cells import width_of
from tui_reader.ui.widgets.palette import Palette

Piece = tuple[str, Style]
"""Text and its style."""


class PictureLine(list[Piece]):
    """A line of a text that a picture has: of which picture, in which frame (columns and lines), and its number."""

    def __init__(self, url: str, frame: tuple[int, int], row: int) -> None:
        super().__init__()
        self.url, self.frame, self.row = url, frame, row


class PictureStrip(Strip):
    """A line of a picture, or of the room for one: it is no text to be counted or searched."""


class Shelf(Protocol):
    """Has pictures, and the room for those that are on their way."""

    height: int
    """Lines of the view."""

    def box(self, url: str, room: int) -> Sequence[PictureLine]:
        """Return the lines of a picture in a text of ``room`` cells."""

    def strip(self, line: PictureLine, margin: int, width: int, palette: Palette) -> PictureStrip:
        """Draw a line of a picture that begins after ``margin`` cells, as one of ``width`` cells."""


def make_strip(pieces: Sequence[Piece], width: int, base: Style) -> Strip:
    """Return ``pieces`` as a line of exactly ``width`` cells, each style on top of ``base``."""
    segments = [Segment(text, base + style) for text, style in pieces if text]
    room = width - sum(width_of(text) for text, _ in pieces)
    if room < 0:
        return Strip(segments).crop(0, width)
    if room:
        segments.append(Segment(" " * room, base))
    return Strip(segments, width)
