"""How far one is in a text, counted in characters: the same in columns of any width."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence

from textual.strip import Strip

from tui_reader.named_tuple import NamedTuple
from tui_reader.ui.widgets.cells import width_of
from tui_reader.ui.widgets.strips import PictureStrip

_A_MINUTE = 1150
"""Cells that are read in a minute, without spaces: 230 words of five letters, or 575 ideographs."""

_TEXT_OF_MARKDOWN = 0.8  # cells without spaces for each character of Markdown


class Progress(NamedTuple):
    """How far one is: percent of the way to the end, and the minutes that the rest takes."""

    percent: int
    minutes: int

    def words(self) -> str:
        """Say so: ``43 % · 4 min left``."""
        return f"{self.percent} % · {self.minutes} min left" if self.percent < 100 else "100 %"


class CellCount:
    """Counts the cells of a text before each of its lines, without spaces, as far as somebody asks."""

    def __init__(self, lines: Sequence[Strip]) -> None:
        self._lines = lines
        self._before = [0]

    def before(self, line: int) -> int:
        """Return the cells before a line, or in the whole text if it has fewer lines."""
        line = min(line, len(self._lines))
        for strip in self._lines[len(self._before) - 1 : line]:
            text = "" if isinstance(strip, PictureStrip) else strip.text
            self._before.append(self._before[-1] + width_of(text) - text.count(" "))
        return self._before[line]

    def line_at(self, cells: int) -> int:
        """Return the line that has that many cells before it, or the last one that has fewer."""
        self.before(len(self._lines))
        return max(0, min(bisect_right(self._before, cells) - 1, len(self._lines) - 1))

    def changed(self, line: int) -> None:
        """Forget what was counted from ``line`` on."""
        del self._before[line + 1 :]


def progress(count: CellCount, lines: int, top: int, height: int, rest: int) -> Progress | None:
    """Return how far one is in a text of ``lines`` lines, of which ``height`` are seen from ``top`` on.

    ``rest`` are the characters of Markdown that are not laid out yet. ``None``
    where all of the text is seen at once.
    """
    if lines <= height and not rest:
        return None
    whole = count.before(lines) + int(rest * _TEXT_OF_MARKDOWN)
    last = count.before(lines - height) if not rest else whole - count.before(min(height, lines))
    if top + height >= lines and not rest:
        return Progress(100, 0)
    done = min(1.0, count.before(top) / max(1, last))
    return Progress(min(99, int(100 * done)), max(1, round(whole * (1 - done) / _A_MINUTE)))
