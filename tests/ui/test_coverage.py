"""From a story to its related articles, on from there, and back along the way."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.collections import moment, write_article
from tests.ui.pages import (
    BRIDGE,
    COMET,
    COST,
    DREDGING,
    ENGINEERS,
    FARES,
    FERRY,
    TARIFF,
    WALK,
    address,
    entry,
    write_page,
)
from tests.ui.reader import Reader, reading


async def walk(reader: Reader, *titles: str) -> None:
    """Go from the open story into its coverage, and on, each time to the article with that title."""
    for title in titles:
        while reader.chosen != title:
            before = reader.chosen
            await reader.press("]")
            assert reader.chosen != before, f"{title!r} is not in the coverage of {reader.opened!r}"
        await reader.press("enter")
        assert reader.opened == title


async def test_brackets_step_through_the_coverage(town: Path) -> None:
    async with reading(town) as reader:
        await reader.press("enter")
        for title in (ENGINEERS, FERRY, WALK, COST):
            await reader.press("]")
            assert reader.chosen == title
            assert reader.place_of(title, reader.story)
        await reader.press("[", "[")
        assert reader.chosen == FERRY
        await reader.press("[", "[")
        assert reader.chosen == ENGINEERS
        assert reader.opened == BRIDGE
        assert "1 of" in reader.footer


async def test_other_ways_into_the_coverage(town: Path) -> None:
    async with reading(town) as reader:
        await reader.press("]")
        assert reader.focus_is_on(reader.story)
        assert reader.chosen == ENGINEERS
        await reader.press("escape", "j", "[")
        assert reader.opened == FERRY
        assert reader.chosen == BRIDGE
        await reader.press("escape", "j", "j", "enter", "enter")
        assert (reader.opened, reader.chosen) == (FARES, TARIFF)
        await reader.press("enter")
        assert reader.opened == TARIFF


@pytest.mark.parametrize("size", [(120, 40), (60, 20)])
async def test_four_levels_deep_and_back_with_selection_and_scroll_as_they_were(
    town: Path, size: tuple[int, int]
) -> None:
    async with reading(town, size=size) as reader:
        await reader.press("enter")
        way: list[tuple[str, str, int]] = []
        for title in (FERRY, FARES, TARIFF, DREDGING):
            while reader.chosen != title:
                await reader.press("]")
            # Wherever the page stands by then, it will stand there again.
            await reader.press("j")
            way.append((reader.opened, reader.chosen, reader.story.scroll_offset.y))
            await reader.press("enter")
            assert reader.opened == title
            assert reader.story.scroll_offset.y == 0
            assert reader.chosen == ""
        await reader.press("space", "space")
        for place in reversed(way):
            await reader.press("backspace")
            assert (reader.opened, reader.chosen, reader.story.scroll_offset.y) == place
        assert reader.focus_is_on(reader.story)
        assert reader.cursor == BRIDGE
        await reader.press("backspace")
        assert reader.focus_is_on(reader.stories)


def crumbs(reader: Reader) -> str:
    """The line that shows the way."""
    return " ".join(reader.part(reader.page.query_one("#crumbs")))


async def test_the_breadcrumb_shows_the_way(town: Path) -> None:
    async with reading(town, size=(200, 60)) as reader:
        await reader.press("enter")
        assert crumbs(reader) == ""
        await walk(reader, FERRY, FARES)
        assert 0 <= crumbs(reader).find(BRIDGE) < crumbs(reader).find(FERRY)
        assert reader.place_of(FARES, reader.story)
        await reader.press("backspace")
        assert BRIDGE in crumbs(reader)
        assert FERRY not in crumbs(reader)
        await reader.press("backspace")
        assert crumbs(reader) == ""


async def test_a_long_way_is_shortened_from_its_beginning(town: Path) -> None:
    async with reading(town, size=(60, 20)) as reader:
        await reader.press("enter")
        await walk(reader, FERRY, BRIDGE, FERRY, FARES, TARIFF)
        assert FARES in crumbs(reader)
        assert BRIDGE not in crumbs(reader)
        for _ in range(5):
            await reader.press("backspace")
        assert reader.opened == BRIDGE


async def test_a_glance_at_the_list_keeps_the_way_and_moving_in_it_begins_a_new_one(town: Path) -> None:
    async with reading(town) as reader:
        await reader.press("enter")
        await walk(reader, FERRY, FARES)
        await reader.press("escape", "enter")
        assert reader.opened == FARES
        await reader.press("backspace")
        assert reader.opened == FERRY
        await reader.press("escape", "j")
        assert reader.opened == reader.cursor == FERRY
        await reader.press("enter", "backspace")
        assert reader.focus_is_on(reader.stories)


async def test_an_entry_that_is_an_article_opens_in_full_and_any_other_with_its_own_text(town: Path) -> None:
    async with reading(town) as reader:
        await reader.press("enter")
        await walk(reader, ENGINEERS)
        # The entry named it by its AMP address, with tracking parameters and a fragment.
        assert reader.place_of("All that the engineers say, at length.", reader.story)
        assert reader.place_of("Builders' Weekly", reader.story)
        assert "In short" not in "".join(reader.part(reader.story))
        await reader.press("backspace")
        await walk(reader, WALK)
        assert reader.place_of(f"In short: {WALK}.", reader.story)
        assert reader.place_of("Other Voices", reader.story)
        assert reader.story.story is not None
        assert reader.story.story.links.best() == address(WALK)


NAMED = (
    "https://www.example.org/page-{}",
    "http://example.org/page-{}/",
    "https://example.org/page-{}?utm_medium=social&utm_source=x",
    "https://example.org/page-{}#comments",
    "https://example.org/page-{}/amp",
    "https://amp.example.org/page-{}?outputType=amp",
    "https://example-org.cdn.ampproject.org/c/s/example.org/page-{}",
    "https://example.org/original-of-{}",
    "https://example.org/amp-of-{}.html",
)


@pytest.mark.parametrize("folded", [False, True])
async def test_an_article_is_found_by_any_of_its_addresses(tmp_path: Path, folded: bool) -> None:
    related = [entry(f"Entry {number}", webUrl=named.format(number)) for number, named in enumerate(NAMED)]
    write_page(tmp_path / "news", "The lead", quality=900, related=related)
    for number in range(len(NAMED)):
        write_page(
            tmp_path / "news",
            f"Page {number}",
            folded=folded,
            excerpt=f"The excerpt of {number}.",
            webUrl=f"https://example.org/page-{number}",
            originalUrl=f"https://example.org/original-of-{number}",
            ampWebUrl=f"https://example.org/amp-of-{number}.html",
        )
    async with reading(tmp_path / "news") as reader:
        for number, named in enumerate(NAMED):
            await reader.press("]", "enter")
            assert reader.opened == f"Page {number}", named
            assert reader.place_of(f"The excerpt of {number}.", reader.story)
            await reader.press("backspace")


async def test_a_folded_article_says_its_story_and_leads_there(town: Path) -> None:
    async with reading(town) as reader:
        await reader.press("enter")
        await walk(reader, COST)
        assert reader.place_of("folded", reader.story)
        heading = reader.place_of("FOLDED UNDER", reader.story)
        assert reader.place_of(BRIDGE, reader.story)[1] > heading[1]
        await reader.press("]")
        assert reader.chosen == BRIDGE
        await reader.press("enter")
        assert reader.opened == BRIDGE


async def test_a_story_lists_what_mentions_it(town: Path) -> None:
    async with reading(town, size=(120, 60)) as reader:
        await reader.press("j", "enter")
        assert reader.opened == FERRY
        heading = reader.place_of("MENTIONED BY 1", reader.story)
        assert reader.place_of("2 MORE ON THIS STORY", reader.story)[1] < heading[1]
        await reader.press("[")
        assert reader.chosen == BRIDGE
        await reader.press("enter", "backspace")
        assert (reader.opened, reader.chosen) == (FERRY, BRIDGE)


async def test_a_story_without_coverage_says_so(town: Path) -> None:
    async with reading(town) as reader:
        await reader.press("j", "j", "]")
        assert reader.sees("Nobody else wrote about this")
        await reader.press("enter")
        assert reader.app.is_running


async def test_a_hundred_entries_can_all_be_reached(tmp_path: Path) -> None:
    related = [entry(f"Voice {number:03}") for number in range(137)]
    write_page(tmp_path / "news", "The lead", quality=90, related=related)
    async with reading(tmp_path / "news", size=(80, 24)) as reader:
        await reader.press("enter")
        assert reader.story.coverage == 137
        await reader.press("[")
        assert reader.chosen == "Voice 136"
        assert reader.sees("Voice 136")
        await reader.press("g", "]")
        for number in range(1, 15):
            assert reader.sees(reader.chosen)
            await reader.press("]" if number % 5 else "[")


async def test_the_coverage_shows_provider_age_quality_and_a_line_of_excerpt(town: Path) -> None:
    async with reading(town) as reader:
        await reader.press("enter")
        x, y = reader.place_of(WALK, reader.story)
        shown = "\n".join(strip.crop(x, 120).text for strip in reader.strips()[y : y + 3])
        for text in ("Other Voices", "1 Jun", "31", "In short"):
            assert text in shown


async def test_all_sources_that_carry_an_article_are_named(tmp_path: Path) -> None:
    fields = {"title": "Comet seen", "webUrl": "https://paper.example/comet", "publishedDateTime": moment(1)}
    for name in ("morning", "evening"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "_config.yml").write_text(f"title: The {name} paper")
        write_article(
            tmp_path / name / "_news" / "comet.md", fields | {"webUrl": f"{fields['webUrl']}?utm_source={name}"}
        )
    async with reading(tmp_path / "morning", tmp_path / "evening") as reader:
        assert reader.shown() == ["Comet seen"]
        assert reader.sees("in The morning paper · The evening paper")


async def test_another_story_begins_another_way(town: Path) -> None:
    async with reading(town, size=(200, 40)) as reader:
        await reader.press("enter")
        await walk(reader, FERRY, FARES)
        await reader.press("n")
        opened = reader.opened
        assert opened not in {BRIDGE, FARES}
        assert (reader.cursor, reader.chosen, crumbs(reader)) == (opened, "", "")
        assert reader.focus_is_on(reader.story)
        await reader.press("backspace")
        assert reader.focus_is_on(reader.stories)
        await reader.press("g", "enter")
        await walk(reader, FERRY)
        await reader.click(COMET, reader.stories)
        assert (reader.opened, crumbs(reader)) == (COMET, "")
        await reader.press("enter", "backspace")
        assert reader.focus_is_on(reader.stories)
        assert reader.opened == COMET
