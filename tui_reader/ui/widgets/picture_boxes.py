"""The room that pictures have in a text, and what is drawn there: nothing moves when one comes."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from rich.segment import ControlType, Segment
from rich.style import Style
from textual.strip import Strip

from tui_reader.named_tuple import NamedTuple
from tui_reader.ui.widgets.cells import clip
from tui_reader.ui.widgets.palette import Palette
from tui_reader.ui.widgets.strips import PictureLine, PictureStrip, Piece, Shelf, make_strip

PICTURE = "picture"
"""The key under which the style of a picture's words has its address."""

MOST = 40
"""Pictures shown of one story."""

_SHAPE = 9 / 16  # height to width, of the room for a picture that is on its way
_OF_SCREEN = 0.6  # of the lines of the view: there is text to read beside each picture
_LEAST = 4  # lines
_KEPT = 60  # pictures in memory; one of 80 by 20 cells takes some 200 KB


class Frame(NamedTuple):
    """The largest room that a picture may take, in cells."""

    columns: int
    lines: int


class Picture(NamedTuple):
    """A picture as lines, each of so many ``columns``; ``sixels`` draw the same lines in pixels."""

    rows: list[list[Piece]]
    columns: int
    sixels: list[str]


class PictureShelf:
    """The pictures that are here, and those that are on their way or cannot be had."""

    def __init__(self, cell: tuple[int, int], want: Callable[[str, Frame], object]) -> None:
        """``cell`` is the size of a cell in pixels; ``want`` is called, once or more, with a picture to be drawn."""
        self.height = 24  # lines of the view
        self._cell = cell
        self._want = want
        self._pictures: dict[tuple[str, Frame], Picture] = {}
        self._problems: dict[str, str] = {}

    def add(self, url: str, frame: Frame, picture: Picture) -> None:
        """Take a picture that has come."""
        if len(self._pictures) >= _KEPT:
            del self._pictures[next(iter(self._pictures))]
        self._pictures[url, frame] = picture

    def fail(self, url: str, problem: str) -> None:
        """Note why there is no picture; from the next layout on, it has no room."""
        self._problems[url] = problem

    def clear(self) -> None:
        """Forget all pictures: the colours or the terminal are others. Those that failed are tried again."""
        self._pictures.clear()
        self._problems.clear()

    def box(self, url: str, room: int) -> list[PictureLine]:
        """Return the lines for a picture in a text of ``room`` cells: as many as it needs, if that is known."""
        if url in self._problems:
            return []
        width, height = self._cell
        most = max(_LEAST, int(self.height * _OF_SCREEN))
        frame = Frame(room, max(_LEAST, min(most, round(room * width * _SHAPE / height))))
        picture = self._pictures.get((url, frame))
        return [PictureLine(url, frame, row) for row in range(frame.lines if picture is None else len(picture.rows))]

    def strip(self, line: PictureLine, margin: int, width: int, palette: Palette) -> PictureStrip:
        """Draw a line of a picture, or of the empty room for it."""
        left: Piece = (" " * margin, Style())
        columns, lines = frame = Frame(*line.frame)
        picture = self._pictures.get((line.url, frame))
        if picture is None and line.url not in self._problems:
            self._want(line.url, frame)
        if picture is None or line.row >= len(picture.rows):
            has_words = picture is None and line.row == lines // 2
            words = clip(self._problems.get(line.url, "…"), columns) if has_words else ""
            return PictureStrip(make_strip([left, (words, palette.faint)], width, palette.page), width)
        pieces = [left, *picture.rows[line.row]]
        segments = [Segment(text, palette.page + style) for text, style in pieces if text]
        if picture.sixels:
            segments.append(_in_place(picture.sixels[line.row], picture.columns))
        segments.append(Segment(" " * (width - margin - picture.columns), palette.page))
        return PictureStrip(segments, width)


def _in_place(sixel: str, columns: int) -> Segment:
    """Return what draws ``sixel`` over the cells before the cursor, and leaves the cursor where it is."""
    return Segment(f"\x1b7\x1b[{columns}D{sixel}\x1b8", control=((ControlType.CURSOR_FORWARD, 0),))


def without_pixels(strip: Strip) -> Strip:
    """Return a line without its pixels, which would cover a window above it; the cells below them show the same."""
    return Strip([segment for segment in strip if not segment.control], strip.cell_length)


def with_boxes(lines: Iterable[list[Piece]], shelf: Shelf, room: int, seen: set[str]) -> list[list[Piece]]:
    """Return ``lines`` with the room for each picture below its words; ``seen`` has those that have theirs."""
    found: list[list[Piece]] = []
    waiting: dict[str, None] = {}  # pictures whose words may go on
    for line in lines:
        here = dict.fromkeys(url for _, style in line if style.meta and (url := style.meta.get(PICTURE)))
        if waiting and not waiting.keys() <= here.keys():
            found += _boxes(waiting, shelf, room, seen)
            waiting = {}
        found.append(line)
        waiting |= here
    return found + _boxes(waiting, shelf, room, seen)


def _boxes(urls: Iterable[str], shelf: Shelf, room: int, seen: set[str]) -> list[list[Piece]]:
    found: list[list[Piece]] = []
    for url in urls:
        if url not in seen and len(seen) < MOST:
            seen.add(url)
            found += shelf.box(url, room)
    return found
