"""Order, window, folded articles and theme: what the keys change, and that it is remembered."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.ui.pages import BRIDGE, COMET, COST, DREDGING, ENGINEERS, FARES, FERRY, TARIFF, minor, write_page
from tests.ui.reader import reading, write_settings
from tui_reader.config import folders


async def test_s_cycles_the_orders_and_the_cursor_stays_on_its_story(town: Path) -> None:
    async with reading(town) as reader:
        await reader.until_indexed()
        await reader.press(*"jjj")
        assert reader.cursor == FARES
        heat = reader.shown()
        await reader.press("S")
        assert reader.sees("newest")
        assert reader.shown()[:6] == [BRIDGE, FERRY, COMET, FARES, TARIFF, DREDGING]
        assert reader.cursor == FARES
        await reader.press("S")
        assert reader.sees("quality")
        assert reader.shown()[:6] == [BRIDGE, COMET, FERRY, FARES, TARIFF, DREDGING]
        assert reader.cursor == FARES
        await reader.press("S")
        assert reader.sees("provider")
        shown = reader.shown()
        assert shown[:3] == [BRIDGE, TARIFF, DREDGING]
        assert shown[-3:] == [minor(12), FERRY, FARES][-3:] or shown[-2:] == [FERRY, FARES]
        assert shown.index(COMET) < shown.index(minor(1)) < shown.index(FERRY)
        assert reader.cursor == FARES
        assert reader.sees(FARES)
        await reader.press("S")
        assert reader.sees("hot now")
        shown = reader.shown()
        # Heat 29 of December 2023 has cooled more than heat 17 of a month later.
        assert shown[:5] == [BRIDGE, FERRY, COMET, FARES, TARIFF]
        assert shown.index(minor(23)) < shown.index(minor(1))
        assert reader.cursor == FARES
        await reader.press("S")
        assert reader.sees("heat")
        assert reader.shown() == heat
        assert reader.cursor == FARES


async def test_t_cycles_the_windows_counted_from_the_newest_article(town: Path) -> None:
    # The newest article that is shown is of 9 June, 09:00; a folded one is two hours younger.
    async with reading(town) as reader:
        await reader.until_indexed()
        await reader.press("t")
        assert reader.sees("month")
        assert reader.shown() == [BRIDGE, FERRY, COMET, FARES, TARIFF]
        await reader.press("t")
        assert reader.sees("week")
        assert reader.shown() == [BRIDGE, FERRY, COMET]
        await reader.press("t")
        assert reader.sees("day")
        assert reader.shown() == [BRIDGE]
        await reader.press("t")
        assert reader.sees("all time")
        assert len(reader.shown()) == 36


async def test_an_archive_of_long_ago_has_windows_as_well(tmp_path: Path) -> None:
    write_page(tmp_path / "news", "The last of them", quality=1, when="1999-12-31T23:00:00Z")
    write_page(tmp_path / "news", "The day before", quality=1, when="1999-12-30T23:00:00Z")
    write_page(tmp_path / "news", "Much earlier", quality=1, when="1999-10-01T00:00:00Z")
    async with reading(tmp_path / "news") as reader:
        await reader.press("t", "t", "t")
        assert reader.shown() == ["The last of them", "The day before"]


async def test_a_window_counts_in_the_topics_as_well(town: Path) -> None:
    async with reading(town, size=(120, 40)) as reader:
        await reader.press("t", "t", "t")
        (line,) = [line for line in reader.part(reader.topics) if "Harbour" in line]
        assert line.split() == ["Harbour", "1"]


async def test_f_shows_folded_articles_and_says_so(town: Path) -> None:
    async with reading(town, size=(120, 40)) as reader:
        await reader.until_indexed()
        await reader.press("j", "f")
        assert reader.cursor == FERRY
        assert reader.sees("with folded")
        assert {ENGINEERS, COST} < set(reader.shown())
        assert reader.sees(" 38 ")
        await reader.press("G")
        assert reader.cursor in {ENGINEERS, COST}
        assert reader.place_of(f"↰ {BRIDGE}"[:8], reader.stories)
        await reader.press("f")
        assert len(reader.shown()) == 36


async def test_the_view_is_remembered(town: Path) -> None:
    async with reading(town) as reader:
        await reader.until_indexed()
        await reader.press("S", "t", "f")
    async with reading(town) as reader:
        await reader.until_indexed()
        for text in ("newest", "month", "with folded"):
            assert reader.sees(text)
        assert reader.shown()[:3] == [ENGINEERS, BRIDGE, FERRY]
        assert reader.cursor == reader.opened == ENGINEERS


async def test_a_topic_and_a_search_are_not_remembered(town: Path) -> None:
    async with reading(town) as reader:
        await reader.press("T", "G", "enter", "S")
        assert reader.shown() == [COMET]
    async with reading(town) as reader:
        assert len(reader.shown()) == 36


async def test_the_theme_is_remembered(town: Path) -> None:
    async with reading(town) as reader:
        dark = reader.style_of(BRIDGE, reader.stories)
        await reader.press("D")
        light = reader.style_of(BRIDGE, reader.stories)
        assert light.color != dark.color
        assert light.bgcolor != dark.bgcolor
    async with reading(town) as reader:
        assert reader.style_of(BRIDGE, reader.stories) == light
        await reader.press("D")
        assert reader.style_of(BRIDGE, reader.stories) == dark
    async with reading(town) as reader:
        assert reader.style_of(BRIDGE, reader.stories) == dark


async def test_the_settings_name_a_theme(town: Path) -> None:
    write_settings('theme = "gruvbox"\n')
    async with reading(town) as reader:
        assert reader.app.theme == "gruvbox"
        assert reader.sees(BRIDGE)
        await reader.press("D")
        assert reader.app.theme == "news-light"


async def test_a_damaged_memory_of_the_view_is_no_trouble(town: Path) -> None:
    path = folders().view
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text('{"sort": "by mood", "window": 7')
    async with reading(town) as reader:
        await reader.until_indexed()
        assert reader.sees("by heat")
        await reader.press("S")
    async with reading(town) as reader:
        await reader.until_indexed()
        assert reader.sees("newest")


async def test_a_view_that_cannot_be_remembered_is_told_and_stands(town: Path) -> None:
    folders().state.parent.mkdir(parents=True, exist_ok=True)
    folders().state.write_text("a file where the folder should be")
    async with reading(town) as reader:
        await reader.until_indexed()
        await reader.press("S")
        assert reader.sees("newest first")
        assert "cannot be" in reader.footer


@pytest.mark.parametrize("presses", [0, 2])
async def test_ties_go_newest_first_and_then_by_address(tmp_path: Path, presses: int) -> None:
    news = tmp_path / "news"
    write_page(news, "Older", quality=50, when="2024-01-01T00:00:00Z", webUrl="https://example.org/a")
    write_page(news, "Same time, address c", quality=50, webUrl="https://example.org/c")
    write_page(news, "Same time, address b", quality=50, webUrl="https://example.org/b")
    write_page(news, "Hotter", quality=51, when="2020-01-01T00:00:00Z")
    async with reading(news) as reader:
        await reader.press(*"S" * presses)
        assert reader.shown() == ["Hotter", "Same time, address b", "Same time, address c", "Older"]


async def test_what_a_source_does_not_say_is_worked_out(tmp_path: Path) -> None:
    news = tmp_path / "news"
    write_page(news, "Quality nought", quality=0, when="2024-01-01T00:00:00Z")
    write_page(news, "Nothing known", when="2024-06-02T00:00:00Z")
    write_page(
        news, "Only coverage", when="2024-01-02T00:00:00Z", related=[{"title": "Another", "webUrl": "https://a.org"}]
    )
    write_page(news, "No date", when="", name="no-date", quality=7)
    async with reading(news) as reader:
        assert reader.shown() == ["Nothing known", "Only coverage", "No date", "Quality nought"]
        rows = reader.marks()
        assert rows["Only coverage"].heat == 20
        assert (rows["Nothing known"].quality, rows["Nothing known"].heat) == (36, 56)
        await reader.press("S")
        assert reader.shown()[-1] == "No date"


async def test_fast_presses_end_where_they_should(town: Path) -> None:
    async with reading(town) as reader:
        for _ in range(7):
            reader.push("S")
        await reader.rest()
        assert reader.sees("by quality")
        assert reader.shown()[:2] == [BRIDGE, COMET]


async def test_empty_places_say_why_and_what_helps(town: Path, tmp_path: Path) -> None:
    async with reading(town, size=(120, 40)) as reader:
        await reader.press("T", "j", "j")
        assert reader.place_of("No saved stories yet", reader.stories)
        await reader.press("k", "A")
        await reader.press("j", "k")
        assert reader.place_of("You're all caught up", reader.stories)
        # Keys that need a story do nothing where there is none.
        await reader.press("escape", "T", "j", "j", "l", *"oymsuAn]GgjkN", "enter", "space")
        assert reader.app.is_running
    empty = tmp_path / "empty"
    empty.mkdir()
    async with reading(empty, indexed=False) as reader:
        await reader.until_seen("No articles.")
        assert reader.sees("L shows how your sources are, P what could not be read")
        await reader.press(*"oymsuAn]GgjkNSftz", "enter", "space", "escape")
        assert reader.app.is_running
