"""Adding and removing sources while one reads: what is shown is swapped, and the place, search and undo stay."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tests.ui.pages import BRIDGE, COMET, FERRY, HOTTEST_FIRST, write_page
from tests.ui.reader import Reader, bring, reading
from tui_reader.config import folders
from tui_reader.subscriptions.edit import add_subscriptions
from tui_reader.subscriptions.selection import select_sources
from tui_reader.subscriptions.subscription import Subscription
from tui_reader.ui.widgets.source_table import SourceTable


async def add(reader: Reader, source: Path) -> None:
    """Add a source with ``+``, and wait until its articles are indexed."""
    await reader.press("+")
    await reader.paste(str(source))
    await reader.press("enter")
    await reader.until(lambda: str(source) in reader.selection.locations, "the other sources")
    await reader.rest()
    await reader.until_indexed()


async def test_a_source_is_added_to_those_that_are_kept(town: Path, tmp_path: Path) -> None:
    write_page(tmp_path / "bare", "News from a bare folder", quality=500)
    add_subscriptions(folders().sources, [Subscription(str(town))])
    async with reading() as reader:
        await reader.until_indexed()
        app = reader.app
        await reader.press("j", "s", "enter", "]", "enter")
        opened = reader.opened
        await reader.press("S")
        await add(reader, tmp_path / "bare")
        assert reader.app is app
        assert reader.opened == opened
        assert reader.cursor == FERRY
        assert "News from a bare folder" in reader.shown()
        assert reader.sees("newest first")
        await reader.press("backspace")
        assert reader.opened == FERRY
        await reader.press("z", "z", "z")
        assert not reader.is_saved(FERRY)


async def test_a_search_stays_when_a_source_is_added(town: Path, tmp_path: Path) -> None:
    write_page(tmp_path / "bare", "A second comet", quality=500)
    add_subscriptions(folders().sources, [Subscription(str(town))])
    async with reading() as reader:
        await reader.until_indexed()
        await reader.press("/")
        await reader.type("comet")
        await reader.press("enter")
        assert reader.shown() == [COMET]
        await add(reader, tmp_path / "bare")
        assert set(reader.shown()) == {COMET, "A second comet"}
        assert reader.cursor == COMET


async def test_the_first_source_takes_the_place_of_the_sample(town: Path) -> None:
    async with reading(indexed=False) as reader:
        await reader.until_indexed()
        await reader.press("s")
        assert reader.sees("Sample edition")
        await add(reader, town)
        assert not reader.sees("Sample edition")
        assert reader.cursor == reader.opened
        assert reader.shown()[:4] == list(HOTTEST_FIRST[:4])
        # The mark of an article of the sample can still be undone.
        await reader.press("z")
        assert reader.sees("Undone: saved")


async def test_a_source_that_is_removed_takes_its_stories_along(town: Path, tmp_path: Path) -> None:
    write_page(tmp_path / "bare", "News from a bare folder", quality=500)
    add_subscriptions(folders().sources, [Subscription(str(town)), Subscription(str(tmp_path / "bare"))])
    async with reading() as reader:
        await reader.until_indexed()
        await reader.press("j", "j", "enter")
        assert reader.opened == FERRY
        await reader.press("L", "g")
        await reader.until_seen("bare")
        table = reader.app.screen.query_one(SourceTable)
        while (current := table.current()) is not None and current.location != str(tmp_path / "bare"):
            await reader.press("j")
        await reader.press("d", "d", "escape")
        await reader.until_seen("36 stories")
        await reader.until_indexed()
        assert "News from a bare folder" not in reader.shown()
        assert reader.opened == FERRY


async def test_without_any_source_the_sample_opens_again(town: Path) -> None:
    add_subscriptions(folders().sources, [Subscription(str(town))])
    async with reading() as reader:
        await reader.until_indexed()
        await reader.press("j", "L", "d", "d")
        await reader.press("escape")
        await reader.until_seen("Sample edition")
        await reader.until_indexed()
        assert BRIDGE not in reader.shown()
        assert reader.cursor == reader.opened
        assert reader.app.is_running


CRASH = """
import sys
from tui_reader.config import folders, load_settings
from tui_reader.subscriptions.selection import select_sources
from tui_reader.ui import app, launch
from tui_reader.ui.widgets.story_list import StoryList

def draw(*_):
    raise LookupError("drawn badly")

StoryList.draw = draw
app.NewsApp.run = lambda self, run=app.NewsApp.__mro__[1].run: run(self, headless=True)
here = folders()
sys.exit(launch.run_reader(select_sources([sys.argv[1]], here), here, load_settings(here.settings)))
"""


def test_a_crash_is_no_success(town: Path) -> None:
    bring(select_sources([str(town)], folders()))
    done = subprocess.run([sys.executable, "-c", CRASH, str(town)], capture_output=True, timeout=60, check=False)
    assert done.returncode == 1
    assert b"Internal error" in done.stderr
    assert "LookupError: drawn badly" in folders().log.read_text()
