"""What is painted bit by bit is what Textual would paint all at once, and only what changed is drawn."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyte
import pytest
from textual.geometry import Region
from textual.strip import Strip
from textual.widget import Widget

from tests.ui.reader import Reader, reading
from tui_reader.ui.app import NewsApp
from tui_reader.ui.textual_private import ScreenPainter

KEYS = ("j", "G", "T", "j", "enter", "enter", "]", "escape", "/", "a", "escape", "?")


class Painted:
    """A terminal that is sent what the reader paints."""

    def __init__(self, reader: Reader, size: tuple[int, int], monkeypatch: pytest.MonkeyPatch) -> None:
        self._reader = reader
        self._screen = pyte.Screen(*size)
        self._stream = pyte.Stream(self._screen)
        display = NewsApp._display

        def displayed(app: NewsApp, screen: Any, update: Any) -> None:
            if update is not None and not app._batch_count:
                self._stream.feed(update.render_segments(app.console).replace("\n", ""))
            display(app, screen, update)

        monkeypatch.setattr(NewsApp, "_display", displayed)

    async def resize(self, width: int, height: int) -> None:
        """Give the terminal another size."""
        self._screen.resize(height, width)
        await self._reader.resize(width, height)

    def cells(self) -> list[list[tuple[str, str, str, bool]]]:
        """Return what the terminal shows, with colours."""
        return _cells(self._screen)

    def expected(self) -> list[list[tuple[str, str, str, bool]]]:
        """Return what it would show if Textual painted all of it now."""
        painter = self._reader.app.screen._compositor
        chops = ScreenPainter._render_chops(painter, painter.size.region, lambda _: True)
        screen = pyte.Screen(self._screen.columns, self._screen.lines)
        stream = pyte.Stream(screen)
        for y, line in enumerate(chops):
            stream.feed(f"\x1b[{y + 1};1H" + "".join(strip.render(self._reader.app.console) for strip in line.values()))
        return _cells(screen)


def _cells(screen: pyte.Screen) -> list[list[tuple[str, str, str, bool]]]:
    return [
        [(cell.data, cell.fg, cell.bg, cell.bold) for cell in (screen.buffer[y][x] for x in range(screen.columns))]
        for y in range(screen.lines)
    ]


@pytest.mark.parametrize("size", [(120, 24), (80, 24)])
async def test_the_terminal_shows_what_textual_would_paint(
    town: Path, monkeypatch: pytest.MonkeyPatch, size: tuple[int, int]
) -> None:
    async with reading(town, size=size) as reader:
        painted = Painted(reader, size, monkeypatch)
        reader.page.refresh()  # what was painted before is not on this terminal
        await reader.press("j")
        for key in KEYS:
            await reader.press(key)
            assert painted.cells() == painted.expected()


async def test_the_terminal_shows_it_in_any_size_and_theme(town: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with reading(town, size=(120, 24)) as reader:
        painted = Painted(reader, (120, 24), monkeypatch)
        for width, height in ((60, 20), (130, 30)):
            await painted.resize(width, height)
            for key in ("D", "j"):
                await reader.press(key)
                assert painted.cells() == painted.expected(), f"{key} at {width} × {height}"


async def test_only_what_is_seen_to_change_is_drawn(town: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with reading(town, size=(120, 40)) as reader:
        await reader.until_indexed()
        drawn = watch(monkeypatch)
        await reader.press("j")
        assert {type(widget).__name__ for widget in drawn} <= {
            "StoryList",
            "PicturedStory",
            "LineScrollBar",
            "FooterBar",
        }


def watch(monkeypatch: pytest.MonkeyPatch) -> list[Widget]:
    """Write down the widgets that are drawn from now on."""
    drawn: list[Widget] = []

    def watched(draw: Callable[[Widget, Region], list[Strip]]) -> Callable[[Widget, Region], list[Strip]]:
        def drawing(widget: Widget, crop: Region) -> list[Strip]:
            drawn.append(widget)
            return draw(widget, crop)

        return drawing

    kinds, wanted = [Widget], []
    while kinds:
        wanted.append(kinds.pop())
        kinds += wanted[-1].__subclasses__()
    for kind in {kind for kind in wanted if "render_lines" in vars(kind)}:
        monkeypatch.setattr(kind, "render_lines", watched(vars(kind)["render_lines"]))
    return drawn
