"""One key makes one picture: the screen never shows a cursor on one story and the text of another."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.ui.reader import PATIENCE, Reader, reading
from tui_reader.ui.paint_hold import PaintHold
from tui_reader.ui.screens.front_page import FrontPage


def watch(reader: Reader, monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str]]:
    """Write down which story the cursor is on, and which is shown, whenever the screen is painted."""
    # On a loaded machine, an answer may take longer than painting is held for a person.
    monkeypatch.setattr(PaintHold.hold, "__defaults__", (PATIENCE,))
    seen: list[tuple[str, str]] = []
    paint = FrontPage._compositor_refresh

    def painted(page: FrontPage) -> None:
        paint(page)
        seen.append((reader.cursor, reader.opened))

    monkeypatch.setattr(FrontPage, "_compositor_refresh", painted)
    return seen


@pytest.mark.parametrize("keys", ["j", "G", "jjj", "S", "f", "jk", "gG"])
async def test_list_and_story_are_painted_together(town: Path, monkeypatch: pytest.MonkeyPatch, keys: str) -> None:
    async with reading(town, size=(120, 40)) as reader:
        seen = watch(reader, monkeypatch)
        await reader.press(*keys)
        assert seen
        assert all(cursor == opened for cursor, opened in seen)


async def test_a_move_is_one_picture(town: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with reading(town, size=(120, 40)) as reader:
        await reader.until_indexed()
        seen = watch(reader, monkeypatch)
        await reader.press("j")
        assert len(seen) == 1


async def test_a_slow_answer_does_not_freeze_the_cursor(town: Path) -> None:
    """While the library is busy, the list answers and the story follows."""
    from threading import Event

    async with reading(town, size=(120, 40)) as reader:
        free = Event()
        reader.library._thread.submit(free.wait)
        before, opened = reader.cursor, reader.opened
        reader.push("j")
        try:
            await reader.until(lambda: reader.cursor != before and not reader.app._batch_count)
            assert reader.opened == opened
        finally:
            free.set()
        await reader.until(lambda: reader.opened == reader.cursor)
