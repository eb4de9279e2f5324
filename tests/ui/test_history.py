"""The history: what was read, the last read first, with the time of reading."""

from __future__ import annotations

import time
from contextlib import closing
from pathlib import Path

from tests.ui.pages import BRIDGE, COMET, DREDGING, FARES, FERRY
from tests.ui.reader import Reader, reading
from tui_reader.config import folders
from tui_reader.storage.connection import open_marks


def read_hours_ago(reader: Reader, hours: dict[str, int]) -> None:
    """Set when articles were read."""
    pages = {title: row.page for title, row in reader.marks().items()}
    with closing(open_marks(folders().marks)) as marks:
        for title, ago in hours.items():
            when = int(time.time()) - ago * 3600 - 600
            marks.execute("UPDATE mark SET read = ? WHERE page = ?", (when, pages[title]))


async def test_the_last_read_comes_first_with_the_time_of_reading(town: Path) -> None:
    async with reading(town, size=(120, 40), now=int(time.time())) as reader:
        await reader.until_indexed()
        await reader.press("H")
        assert reader.sees("Nothing read yet")
        await reader.press("H", "enter", "escape", "j", "j", "enter", "escape", "j", "m", "g")
        read_hours_ago(reader, {COMET: 2, FARES: 5, BRIDGE: 30})
        await reader.press("H")
        assert reader.shown() == [COMET, FARES, BRIDGE]
        assert reader.sees("read 2 h")
        assert reader.sees("read 1 d")
        await reader.press("d")  # one line for each
        assert reader.sees("read 2 h")
        await reader.press("d", "d", "d")
        assert any("history" in line and "last read first" in line for line in reader.lines()[:1])
        # It opens like any list, and is left as it was found.
        await reader.press("j", "enter")
        assert reader.opened == FARES
        await reader.press("escape", "escape")
        assert len(reader.shown()) == 36
        assert reader.cursor == FARES


async def test_from_a_story_that_has_the_whole_screen_the_history_is_shown_too(town: Path) -> None:
    async with reading(town, size=(80, 24)) as reader:
        await reader.until_indexed()
        await reader.press("enter", "H")
        assert reader.focus_is_on(reader.stories)
        assert reader.shown() == [BRIDGE]
        assert BRIDGE in reader.part(reader.stories)[0]


async def test_the_history_reaches_over_topics_and_is_searched(town: Path) -> None:
    async with reading(town) as reader:
        read = []
        for key in ("enter", "n", "n", "n"):
            await reader.press(key)
            read.append(reader.opened)
        await reader.press("escape", "H")
        assert reader.shown() == read[::-1]  # though all were read within some seconds
        await reader.press("H", "T", "G", "enter")
        assert reader.shown() == [COMET]
        await reader.press("H", "/")
        await reader.type("ferry")
        assert sorted(reader.shown()) == sorted([FERRY, FARES])
        await reader.press("enter", "escape")
        assert len(reader.shown()) == 4
        await reader.press("S", "t", "f")
        assert "an order of its own" in reader.footer
        await reader.press("H")
        assert reader.shown() == [COMET]


async def test_a_story_that_is_unread_again_is_no_longer_in_the_history(town: Path) -> None:
    async with reading(town) as reader:
        await reader.press("enter", "n", "escape", "H")
        await reader.press("g", "m", "H", "H")
        assert len(reader.shown()) == 1
        assert DREDGING not in reader.shown()
