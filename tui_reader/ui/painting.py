"""Paints what changed on the screen, and nothing that is covered or has not changed."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from operator import itemgetter

from rich.console import Console
from textual.geometry import Region
from textual.screen import Screen, ScreenResultType
from textual.strip import Strip

from tui_reader.named_tuple import NamedTuple
from tui_reader.ui.textual_private import ScreenPainter, TerminalOutput, set_painter

Span = tuple[int, int, int]
"""A line of the screen, the column that a part of it begins at, and the one after it."""


class _Piece(NamedTuple):
    """What one widget shows of a line of the screen, from column ``x`` on."""

    y: int
    x: int
    strip: Strip


class _Update(TerminalOutput):
    """Pieces to write to the terminal, in the order of the screen."""

    def __init__(self, pieces: list[_Piece]) -> None:
        self._pieces = pieces

    def render_segments(self, console: Console) -> str:
        """Return what the terminal is sent."""
        written: list[str] = []
        line = column = -1
        for y, x, strip in self._pieces:
            if (y, x) != (line, column):
                written.append(f"\x1b[{y + 1};{x + 1}H")
            written.append(strip.render(console))
            line, column = y, x + strip.cell_length
        return "".join(written)


class FrontToBack(ScreenPainter):
    """Paints from the front to the back, and asks a widget only for what is seen of it.

    Textual draws each widget around a change, the panes and the screen behind
    the lists too, cuts all of their lines where any widget begins or ends, and
    then leaves out what is covered or has not changed. That took two thirds
    of the time of a key press.
    """

    def render_partial_update(self) -> TerminalOutput | None:  # type: ignore[override]  # what Textual does with it is the same
        """Paint what has changed."""
        changed = self._dirty_regions.copy()
        self._dirty_regions.clear()
        return _Update(self._pieces(self._regions_to_spans(changed))) if changed else None

    def _render_chops(self, crop: Region, is_rendered_line: Callable[[int], bool]) -> list[dict[int, Strip]]:
        """Return the lines of the screen, for a picture of all of it, as strips by the columns they begin at."""
        lines: list[dict[int, Strip]] = [{} for _ in range(self.size.height)]
        for y, x, strip in self._pieces(self._regions_to_spans([crop])):
            lines[y][x] = strip
        return lines

    def _pieces(self, spans: Iterable[Span]) -> list[_Piece]:
        """Return what the screen shows in ``spans``, in the order of the screen."""
        unpainted: dict[int, list[tuple[int, int]]] = {}
        for y, left, right in spans:
            unpainted.setdefault(y, []).append((left, right))
        pieces: list[_Piece] = []
        for widget, (region, clip) in self.visible_widgets.items():
            if not unpainted:
                break
            seen = _seen(region.intersection(clip), unpainted)
            if seen is None:
                continue
            strips = widget.render_lines(seen.translate((-region.x, -region.y)))
            for y, strip in zip(seen.line_range, strips, strict=False):
                if y in unpainted:
                    rest = _take(pieces, y, seen.x, strip, unpainted[y])
                    if rest:
                        unpainted[y] = rest
                    else:
                        del unpainted[y]
        pieces.sort(key=itemgetter(0, 1))
        return pieces


class PaintedScreen(Screen[ScreenResultType]):
    """A screen that is painted from the front to the back."""

    def __init__(self) -> None:
        super().__init__()
        set_painter(self, FrontToBack())


def _seen(shown: Region, unpainted: dict[int, list[tuple[int, int]]]) -> Region | None:
    """Return the part of a region around all that is still unpainted in it; ``None`` if that is nothing."""
    first, end = shown.column_span
    lines = [
        (y, max(left, first), min(right, end))
        for y in shown.line_range
        for left, right in unpainted.get(y, ())
        if left < end and right > first
    ]
    if not lines:
        return None
    x, right = min(map(itemgetter(1), lines)), max(map(itemgetter(2), lines))
    return Region(x, lines[0][0], right - x, lines[-1][0] + 1 - lines[0][0])


def _take(
    pieces: list[_Piece], y: int, x: int, strip: Strip, unpainted: list[tuple[int, int]]
) -> list[tuple[int, int]]:
    """Add what a strip at column ``x`` shows of the unpainted parts of a line; return what is left of them."""
    rest = []
    end = x + strip.cell_length
    for left, right in unpainted:
        begin, stop = max(left, x), min(right, end)
        if begin >= stop:
            rest.append((left, right))
            continue
        whole = begin == x and stop == end
        pieces.append(_Piece(y, begin, strip if whole else strip.crop(begin - x, stop - x)))
        if left < begin:
            rest.append((left, begin))
        if stop < right:
            rest.append((stop, right))
    return rest
