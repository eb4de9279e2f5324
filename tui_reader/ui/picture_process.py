"""The process that fetches, decodes and draws pictures: a request a line comes in, an answer a line goes out.

Pictures come from strangers, and decoders have faults: they run here, with
limited memory and time, and not in the reader. Drawing is left to
textual-image; what it would send to the terminal is handed over as text.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
from contextlib import suppress
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tui_reader.error_log import begin_log, log_fault
from tui_reader.named_tuple import NamedTuple
from tui_reader.pipeline.pictures import (
    LIMITS,
    NoPicture,
    PictureCache,
    decode,
    fetch_picture,
    named_sources,
    small_picture,
)
from tui_reader.private_files import keep_files_private
from tui_reader.sources.http.client import Fetcher

if TYPE_CHECKING:
    from PIL import Image

_MEMORY = 2 * 1024**3  # bytes of address space
_NICENESS = 10


class Request(NamedTuple):
    """A picture to draw, at most ``columns`` and ``lines`` large, in cells of ``cell`` pixels.

    ``protocol`` is ``kitty``, ``sixel`` or ``blocks``. ``background`` is the
    colour below a transparent picture. ``sources`` are the locations of those
    that have the story. With ``offline``, nothing is fetched.
    """

    url: str
    columns: int
    lines: int
    protocol: str
    cell: tuple[int, int]
    background: str
    sources: tuple[str, ...]
    offline: bool


def main() -> None:
    """Answer requests until there are no more."""
    keep_files_private()
    os.nice(_NICENESS)
    _limit_memory()
    folder, limit, sources, log = sys.argv[1:]
    asyncio.run(_Server(PictureCache(Path(folder), int(limit)), Path(sources), Path(log)).serve())


def _limit_memory() -> None:
    import resource

    with suppress(OSError, ValueError):  # not every system can
        resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))


class _Server:
    """Answers requests side by side; decoding and drawing one after the other."""

    def __init__(self, cache: PictureCache, sources: Path, log: Path) -> None:
        self._cache = cache
        self._sources = sources
        self._log = log
        self._drawing = asyncio.Lock()
        self._fetching: dict[str, asyncio.Lock] = {}

    async def serve(self) -> None:
        """Answer what comes on standard input until it ends."""
        loop = asyncio.get_running_loop()
        requests = asyncio.StreamReader()
        await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(requests), sys.stdin)
        tasks: set[asyncio.Task[None]] = set()
        async with Fetcher(LIMITS) as fetcher:
            while line := await requests.readline():
                task = loop.create_task(self._answer(Request(**json.loads(line)), fetcher))
                tasks.add(task)
                task.add_done_callback(tasks.discard)

    async def _answer(self, request: Request, fetcher: Fetcher) -> None:
        answer: dict[str, Any] = {"url": request.url, "frame": (request.columns, request.lines)}
        try:
            # In two sizes, it is fetched once.
            async with self._fetching.setdefault(request.url, asyncio.Lock()):
                data = await self._kept(request, fetcher)
            async with self._drawing:
                answer |= await asyncio.to_thread(draw, data, request)
        except NoPicture as error:
            answer["problem"] = str(error)
        except Exception as error:  # noqa: BLE001 - a fault of ours: logged, and one picture less
            begin_log(self._log)
            answer["problem"] = log_fault(error, self._log)
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()

    async def _kept(self, request: Request, fetcher: Fetcher) -> bytes:
        """Return a picture as it is kept, and fetch it first if it is not. Raises :class:`NoPicture`."""
        data = await asyncio.to_thread(self._cache.get, request.url)
        if data is not None:
            return data
        if request.offline:
            raise NoPicture("The picture was not fetched before, and the reader is offline")
        trusted = await asyncio.to_thread(named_sources, self._sources, request.sources)
        data = await fetch_picture(fetcher, request.url, trusted)
        async with self._drawing:
            data = await asyncio.to_thread(small_picture, data)
            await asyncio.to_thread(self._cache.put, request.url, data)
        return data


def draw(data: bytes, request: Request) -> dict[str, Any]:
    """Return the rows of a picture, each a list of texts with their colours, and what to send to the terminal first.

    A row of Sixel also has what draws it in its place. Raises :class:`NoPicture`.
    """
    from PIL import Image

    picture = decode(data)
    if picture.mode == "RGBA":
        below = Image.new("RGBA", picture.size, request.background)
        picture = Image.alpha_composite(below, picture).convert("RGB")
    columns, lines = fitted(picture.size, request)
    os.environ["TEXTUAL_CELL_WIDTH"], os.environ["TEXTUAL_CELL_HEIGHT"] = map(str, request.cell)
    if request.protocol == "kitty":
        from textual_image.renderable.tgp import Image as KittyImage

        # It writes to the terminal itself, whose end this process does not have.
        sent = StringIO()
        before, sys.__stdout__ = sys.__stdout__, sent  # type: ignore[misc, assignment]
        try:
            rows = _rows(KittyImage(picture, columns, lines), columns, lines)
        finally:
            sys.__stdout__ = before  # type: ignore[misc]
        return {"rows": rows, "send": sent.getvalue(), "columns": columns}
    from textual_image.renderable.halfcell import Image as BlockImage

    answer: dict[str, Any] = {"rows": _rows(BlockImage(picture, columns, lines), columns, lines), "columns": columns}
    if request.protocol == "sixel":
        answer["sixels"] = _sixels(picture, columns, lines, request.cell)
    return answer


def fitted(size: tuple[int, int], request: Request) -> tuple[int, int]:
    """Return the columns and lines that a picture of ``size`` pixels takes: it is made smaller, never larger."""
    (width, height), (cell_width, cell_height) = size, request.cell
    scale = min(request.columns * cell_width / width, request.lines * cell_height / height, 1)
    columns = round(width * scale / cell_width)
    lines = round(height * scale / cell_height)
    return max(1, min(columns, request.columns)), max(1, min(lines, request.lines))


def _rows(renderable: Any, columns: int, lines: int) -> list[list[tuple[str, str, str]]]:  # noqa: ANN401
    from rich.console import Console

    console = Console(file=StringIO(), width=columns, height=lines, force_terminal=True, color_system="truecolor")
    rows: list[list[tuple[str, str, str]]] = [[]]
    for segment in console.render(renderable, console.options.update(width=columns, height=lines)):
        text, style = segment.text, segment.style
        if text.rstrip("\n"):
            colours = (style.color, style.bgcolor) if style else (None, None)
            fore, back = (colour.get_truecolor().hex if colour else "" for colour in colours)
            rows[-1].append((text.rstrip("\n"), fore, back))
        if text.endswith("\n"):
            rows.append([])
    return [row for row in rows if row]


def _sixels(picture: Image.Image, columns: int, lines: int, cell: tuple[int, int]) -> list[str]:
    """Return the Sixel data of each line of cells by itself: the text scrolls by lines."""
    from rich.console import Console
    from textual_image.renderable.sixel import Image as SixelImage

    width, height = cell
    scaled = picture.resize((columns * width, lines * height))
    console = Console(file=StringIO(), width=columns, height=1, force_terminal=True)
    found = []
    for line in range(lines):
        row = scaled.crop((0, line * height, columns * width, (line + 1) * height))
        segments = console.render(SixelImage(row, columns, 1), console.options.update(width=columns, height=1))
        found.append("".join(each.text for each in segments if each.text.startswith("\x1bP")))
    return found


if __name__ == "__main__":
    main()
