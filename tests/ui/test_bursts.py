"""Keys that arrive in one write, as from a fast hand or a slow connection: each finds what the one before left."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from tests.ui.pages import BRIDGE, COMET, DREDGING, ENGINEERS, FARES, FERRY, HOTTEST_FIRST, MINOR, write_page
from tests.ui.reader import bring, reading
from tests.ui.terminal import Terminal, run, terminal
from tests.ui.test_living_index import MANY, write_many
from tui_reader.config import folders

END, ESC, PAGE_DOWN, PALETTE = "\x1b[F", "\x1b", "\x1b[6~", "\x10"


@pytest.fixture
def environ(home: Path) -> dict[str, str]:
    """The environment of a person at a plain terminal."""
    return {**os.environ, "TERM": "xterm-256color", "LANG": "C.UTF-8"}


def leave(screen: Terminal) -> None:
    """Quit, which has to work without a trace of an error."""
    screen.press("q")
    assert screen.until_ended() == 0
    assert b"Traceback" not in screen.written
    assert b"Internal error" not in screen.written


def read_pages(town: Path, environ: dict[str, str]) -> set[str]:
    """Return the titles of the articles that are marked as read, as another program sees them."""
    printed = run("stories", str(town), "--folded", "--json", environ=environ)
    stories = [json.loads(line) for line in printed.splitlines()]
    return {story["title"] for story in stories if story["read"]}


def test_n_five_times_moves_five_stories(town: Path, environ: dict[str, str]) -> None:
    with terminal(str(town), columns=120, lines=40, environ=environ) as screen:
        screen.until_seen(BRIDGE, "1 of 36")
        screen.press("nnnnn")
        screen.until_seen("6 of 36")
        leave(screen)


def test_enter_bracket_enter_opens_the_first_article_of_the_coverage(town: Path, environ: dict[str, str]) -> None:
    with terminal(str(town), columns=120, lines=40, environ=environ) as screen:
        screen.until_seen(BRIDGE, "1 of 36")
        screen.press("\r]\r")
        screen.until_seen("Builders' Weekly · 9 Jun 2024, 11:00")
        leave(screen)
    assert read_pages(town, environ) == {BRIDGE, ENGINEERS}


def test_another_order_and_the_next_line(town: Path, environ: dict[str, str]) -> None:
    """The line below the cursor is that of the new order."""
    with terminal(str(town), columns=120, lines=40, environ=environ) as screen:
        screen.until_seen(BRIDGE, "1 of 36")
        screen.press("Sgj\r")
        screen.until_seen("newest first", "2 of 36")
        leave(screen)
    assert len(read_pages(town, environ)) == 1


def test_a_search_and_its_first_result_in_one_write(town: Path, environ: dict[str, str]) -> None:
    with terminal(str(town), columns=120, lines=40, environ=environ) as screen:
        screen.until_seen(BRIDGE, "1 of 36")
        screen.press("/comet\r\r")
        screen.until_seen("“comet”", "1 story")
        leave(screen)
    assert read_pages(town, environ) == {COMET}


def test_the_palette_and_page_down(town: Path, environ: dict[str, str]) -> None:
    with terminal(str(town), columns=120, lines=40, environ=environ) as screen:
        screen.until_seen(BRIDGE, "1 of 36")
        for _ in range(5):
            screen.press(PALETTE + PAGE_DOWN)
            screen.until_seen("Search for commands")
            screen.press(ESC)
            screen.until_gone("Search for commands")
        leave(screen)


def test_add_a_source_and_enter_twice(town: Path, environ: dict[str, str]) -> None:
    with terminal(str(town), columns=120, lines=40, environ=environ) as screen:
        screen.until_seen(BRIDGE, "1 of 36")
        for _ in range(5):
            # The first Enter closes the window, which was left empty.
            before = screen.written.count(b"Add a source")
            screen.press("+\r\r")
            screen.until(lambda: screen.written.count(b"Add a source") > before, "the window")  # noqa: B023
            screen.until_gone("Add a source")
        leave(screen)


def test_explain_and_the_palette(town: Path, environ: dict[str, str]) -> None:
    with terminal(str(town), columns=120, lines=40, environ=environ) as screen:
        screen.until_seen(BRIDGE, "1 of 36")
        for _ in range(5):
            screen.press("w" + PALETTE)
            screen.until_seen("Why")
            screen.press(ESC)
            screen.until_gone("Why")
            screen.press(PALETTE + "w")
            screen.until_seen("🔎")
            screen.press(ESC)
            screen.until_gone("🔎")
        leave(screen)


async def test_everything_listed_is_marked_and_nothing_that_is_only_offered(town: Path) -> None:
    async with reading(town) as reader:
        await reader.until_indexed()
        await reader.press("j")
        write_page(town / "_news", "Hot from the press", quality=300)
        await reader.press("r")
        await reader.until_seen("1 new story · . shows")
        await reader.press("A")
        assert "36 marked as read" in reader.footer
        assert not reader.is_read("Hot from the press")
        await reader.press(".")
        assert reader.shown()[0] == "Hot from the press"
        assert not reader.is_read("Hot from the press")


async def test_everything_listed_after_another_view_in_one_burst(town: Path) -> None:
    async with reading(town) as reader:
        await reader.until_indexed()
        for key in ("T", "G", "enter", "A"):
            reader.push(key)
        await reader.rest()
        assert reader.shown() == [COMET]
        assert [title for title, row in reader.marks().items() if row.read] == [COMET]


async def test_keys_typed_at_once_are_the_keys_typed_one_by_one(town: Path) -> None:
    keys = ("j", "enter", "]", "enter", "escape", "j", "s", "n", "S", "g", "j", "m", "t", "t", "t", "t", "S", "G", "k")
    seen = []
    for at_once in (False, True):
        folders().view.unlink(missing_ok=True)  # each begins with the same view
        async with reading(town, size=(120, 40)) as reader:
            await reader.until_indexed()
            for key in keys:
                reader.push(key)
                if not at_once:
                    await reader.rest()
            await reader.rest()
            marks = {(title, row.read, row.saved) for title, row in reader.marks().items() if row.read or row.saved}
            seen.append((reader.cursor, reader.opened, reader.shown(), marks))
            await reader.press("escape", "z", "z", "z", "z", "z", "z")
    assert seen[0] == seen[1]


async def test_after_a_walk_list_and_story_agree_and_the_link_is_that_of_what_is_shown(town: Path) -> None:
    async with reading(town, size=(120, 40)) as reader:
        await reader.press("enter", "[", "enter")
        assert (reader.cursor, reader.opened) == (BRIDGE, FERRY)
        for _ in range(2):
            await reader.press("escape")
            assert reader.cursor == reader.opened == BRIDGE
            await reader.press("y")
            assert reader.app.clipboard == "https://example.org/the-bridge-itself"
        await reader.press("enter")
        assert reader.opened == FERRY
        await reader.press("y")
        assert reader.app.clipboard != "https://example.org/the-bridge-itself"


async def test_a_key_that_quits_does_not_wait_for_an_action_that_hangs(
    town: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from threading import Event

    monkeypatch.setattr("tui_reader.ui.app._STUCK", 0.05)
    async with reading(town) as reader:
        await reader.until_indexed()
        free = Event()
        reader.library._thread.submit(free.wait)
        try:
            reader.push("m")
            await reader.until(lambda: reader.page.actions.seconds > 0.05, "an action that hangs")
            reader.push("j")
            reader.push("q")
            await reader.until(lambda: not reader.app.is_running, "the end")
        finally:
            free.set()


async def test_the_last_lines_of_a_long_list(town: Path) -> None:
    async with reading(town) as reader:
        for key in ("G", "k", "enter"):
            reader.push(key)
        await reader.rest()
        assert reader.opened == reader.cursor != HOTTEST_FIRST[0]
        assert reader.stories.cursor == len(HOTTEST_FIRST) + MINOR - 2


async def test_everything_listed_is_more_than_what_was_read_first(tmp_path: Path) -> None:
    write_many(tmp_path / "news")
    async with reading(tmp_path / "news") as reader:
        await reader.until_indexed()
        reader.push("S")
        reader.push("A")
        await reader.until(lambda: f"{MANY:,} marked as read" in reader.footer, "all of them")
        await reader.press("z")
        reader.push("S")
        for _ in range(3):
            reader.push("G")
            reader.push("N")
        await reader.rest()
        assert reader.stories.cursor == MANY - 2


async def test_stories_found_by_another_indexer_are_not_marked(town: Path) -> None:
    async with reading(town) as reader:
        await reader.until_indexed()
        await reader.press("j")
        write_page(town / "_news", "Found by another", quality=300)
        bring(reader.selection)
        await reader.press("A")
        assert not reader.is_read("Found by another")
        assert all(reader.is_read(title) for title in (BRIDGE, FERRY, FARES, DREDGING))


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_the_keyboard_stays_in_the_pane_that_it_went_to_last(town: Path, size: tuple[int, int]) -> None:
    async with reading(town, size=size) as reader:
        await reader.until_indexed()
        reader.page.panes.go_to("topics")
        reader.page.panes.go_to("list")  # before the first is heard of
        await reader.rest()
        assert reader.focus_is_on(reader.stories)
        await reader.press("j")
        assert reader.cursor == FERRY
