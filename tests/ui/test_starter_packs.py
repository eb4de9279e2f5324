"""The screen of the starter packs."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from tests.ui.reader import Reader, reading, unwritable_sources
from tui_reader.config import folders
from tui_reader.subscriptions.starter_packs import Pack, load_packs
from tui_reader.subscriptions.subscription import load_subscriptions
from tui_reader.ui.screens.starter_packs import PackList, StarterPacksScreen

SIZES = [(60, 20), (80, 24), (120, 40)]
PACKS = load_packs()


@asynccontextmanager
async def open_packs(size: tuple[int, int] = (80, 24)) -> AsyncIterator[tuple[Reader, list[tuple[Pack, ...] | None]]]:
    """Open the window as at the first start; its result comes into the list."""
    results: list[tuple[Pack, ...] | None] = []
    async with reading(size=size) as reader:
        reader.app.push_screen(StarterPacksScreen(folders(), first=True), results.append)
        await reader.until(lambda: isinstance(reader.app.screen, StarterPacksScreen), "the packs")
        await reader.rest()
        yield reader, results


@pytest.mark.parametrize("size", SIZES)
async def test_all_packs_are_listed_with_their_feeds(size: tuple[int, int]) -> None:
    async with open_packs(size) as (reader, _):
        assert reader.sees("What would you like to read?")
        assert reader.sees("Space select · ⏎ add")
        assert reader.sees("topics to sort them")
        for pack in PACKS:
            line = reader.lines()[reader.place_of(f"· {pack.name}", reader.app.screen.query_one(PackList))[1]]
            assert f" {len(pack.subscriptions)} " in line
        for pack in PACKS:
            assert reader.sees(pack.description.split(",")[0][:20])
            assert reader.sees((pack.subscriptions[0].title or "")[:12])
            await reader.press("j")


async def test_the_feeds_of_selected_packs_are_added() -> None:
    async with open_packs() as (reader, results):
        await reader.press("enter")
        assert reader.sees("No pack selected")
        await reader.press("space", "G", "space", "k", "space", "space")
        both = len({source.location for pack in (PACKS[0], PACKS[-1]) for source in pack.subscriptions})
        assert reader.sees(f"2 packs, {both} feeds · ⏎ to add them")
        await reader.press("enter")
        await reader.until(lambda: results, "the front page")
    assert results == [(PACKS[0], PACKS[-1])]
    assert {source.location for source in load_subscriptions(folders().sources)} == {
        source.location for pack in (PACKS[0], PACKS[-1]) for source in pack.subscriptions
    }


async def test_feeds_of_a_pack_are_shown_even_if_its_topics_cannot_be_added() -> None:
    async with reading(offline=True) as reader:
        await reader.until_indexed()
        folders().topics.parent.mkdir(parents=True)
        folders().topics.write_text("[[topic]\n")
        await reader.press("K", "space", "enter")
        await reader.until(lambda: not reader.selection.is_sample, "the feeds")
        await reader.until_indexed()
        assert "column 8" in reader.footer
    assert len(load_subscriptions(folders().sources)) == len(PACKS[0].subscriptions)


async def test_clicks_select_and_deselect() -> None:
    async with open_packs() as (reader, results):
        await reader.click(f"· {PACKS[2].name}", times=2)
        assert reader.sees(f"✓ {PACKS[2].name}")
        await reader.click(f"✓ {PACKS[2].name}")
        assert reader.sees(f"· {PACKS[2].name}")
        await reader.press("escape")
    assert results == [None]


async def test_closing_adds_nothing() -> None:
    async with open_packs() as (reader, results):
        await reader.press("space", "escape")
        assert reader.focus_is_on(reader.stories)
    assert results == [None]
    assert load_subscriptions(folders().sources) == []


async def test_escape_while_the_feeds_are_being_written_leaves_them_shown() -> None:
    async with open_packs() as (reader, results):
        await reader.press("space")
        with unwritable_sources():
            reader.push("enter")
            reader.push("escape")
            await reader.until_taken()
        await reader.until(lambda: results, "the front page")
    assert results == [(PACKS[0],)]
    assert len(load_subscriptions(folders().sources)) == len(PACKS[0].subscriptions)


async def test_add_a_source_of_ones_own(town: Path) -> None:
    async with open_packs() as (reader, results):
        await reader.press("a", "escape")
        assert reader.sees("What would you like to read?")
        await reader.press("a")
        await reader.paste(str(town))
        await reader.press("enter")
        await reader.until(lambda: results, "the front page")
    assert results == [()]
    assert [source.location for source in load_subscriptions(folders().sources)] == [str(town)]


async def test_an_invalid_file_of_subscriptions_is_an_error_message() -> None:
    async with open_packs() as (reader, results):
        folders().sources.parent.mkdir(parents=True, exist_ok=True)
        folders().sources.write_text("source = [")
        await reader.press("space", "enter")
        assert reader.sees("TOML: ")
        assert results == []
        await reader.press("escape")
    assert results == [None]
