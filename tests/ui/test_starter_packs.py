"""The starter packs on the screen."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from tests.ui.reader import Reader, reading
from tui_reader.config import folders
from tui_reader.subscriptions.starter_packs import Pack, load_packs
from tui_reader.subscriptions.subscription import load_subscriptions
from tui_reader.ui.screens.starter_packs import PackList, StarterPacksScreen

SIZES = [(60, 20), (80, 24), (120, 40)]
PACKS = load_packs()


@asynccontextmanager
async def offering(size: tuple[int, int] = (80, 24)) -> AsyncIterator[tuple[Reader, list[tuple[Pack, ...] | None]]]:
    """Open the window as at the first start; what it gives back comes into the list."""
    given: list[tuple[Pack, ...] | None] = []
    async with reading(size=size) as reader:
        reader.app.push_screen(StarterPacksScreen(folders(), first=True), given.append)
        await reader.until(lambda: isinstance(reader.app.screen, StarterPacksScreen), "the packs")
        await reader.rest()
        yield reader, given


@pytest.mark.parametrize("size", SIZES)
async def test_all_packs_are_offered_with_what_is_in_them(size: tuple[int, int]) -> None:
    async with offering(size) as (reader, _):
        assert reader.sees("What would you like to read?")
        assert reader.sees("Space select · ⏎ add")
        for pack in PACKS:
            line = reader.lines()[reader.place_of(f"· {pack.name}", reader.app.screen.query_one(PackList))[1]]
            assert f" {len(pack.subscriptions)} " in line
        for pack in PACKS:
            assert reader.sees(pack.description.split(",")[0][:20])
            assert reader.sees((pack.subscriptions[0].title or "")[:12])
            await reader.press("j")


async def test_the_feeds_of_what_is_ticked_are_kept() -> None:
    async with offering() as (reader, given):
        await reader.press("enter")
        assert reader.sees("No pack selected")
        await reader.press("space", "G", "space", "k", "space", "space")
        both = len({source.location for pack in (PACKS[0], PACKS[-1]) for source in pack.subscriptions})
        assert reader.sees(f"2 packs, {both} feeds · ⏎ to add them")
        await reader.press("enter")
        await reader.until(lambda: given, "the front page")
    assert given == [(PACKS[0], PACKS[-1])]
    assert {source.location for source in load_subscriptions(folders().sources)} == {
        source.location for pack in (PACKS[0], PACKS[-1]) for source in pack.subscriptions
    }


async def test_a_click_ticks_and_unticks() -> None:
    async with offering() as (reader, given):
        await reader.click(f"· {PACKS[2].name}", times=2)
        assert reader.sees(f"✓ {PACKS[2].name}")
        await reader.click(f"✓ {PACKS[2].name}")
        assert reader.sees(f"· {PACKS[2].name}")
        await reader.press("escape")
    assert given == [None]


async def test_the_sample_can_be_kept_to() -> None:
    async with offering() as (reader, given):
        await reader.press("space", "escape")
        assert reader.focus_is_on(reader.stories)
    assert given == [None]
    assert load_subscriptions(folders().sources) == []


async def test_a_source_of_ones_own_instead(town: Path) -> None:
    async with offering() as (reader, given):
        await reader.press("a", "escape")
        assert reader.sees("What would you like to read?")
        await reader.press("a")
        await reader.paste(str(town))
        await reader.press("enter")
        await reader.until(lambda: given, "the front page")
    assert given == [()]
    assert [source.location for source in load_subscriptions(folders().sources)] == [str(town)]


async def test_where_nothing_can_be_kept_that_is_said() -> None:
    async with offering() as (reader, given):
        folders().sources.parent.mkdir(parents=True, exist_ok=True)
        folders().sources.write_text("source = [")
        await reader.press("space", "enter")
        assert reader.sees("at end of document")
        assert given == []
        await reader.press("escape")
    assert given == [None]
