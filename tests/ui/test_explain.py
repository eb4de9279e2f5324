"""What the reader shows besides the text of a story: the explanation of its heat, similar articles, rising coverage."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.queries.test_explain import OTHERS, write_unrated
from tests.support.collections import moment, write_article
from tests.ui.pages import BRIDGE, COMET, COST, DREDGING, FARES, FERRY, TARIFF, entry, minor, write_page
from tests.ui.reader import Reader, reading
from tui_reader.model.story import StoryRow
from tui_reader.ui.screens.explain import ExplainScreen

SIZES = [(60, 20), (80, 24), (120, 40)]


def rows(reader: Reader, *titles: str) -> list[StoryRow]:
    known = reader.marks()
    return [known[title] for title in titles]


# -- why -------------------------------------------------------------------------------


async def test_computed_sums_are_aligned(tmp_path: Path) -> None:
    write_unrated(tmp_path / "site")
    async with reading(tmp_path / "site", size=(80, 50)) as reader:
        await reader.press("w")
        column = reader.place_of("40  Reuters")[0] + 4
        entries = (
            "40  Reuters",
            "5  Facial Recognition",
            "45  quality",
            "40  2 other outlets × 20",
            "8  rarity: the source publishes up to three times a day",
            "93  heat",
            "83  hot now",
        )
        places = [reader.place_of(entry) for entry in entries]
        # The numbers end in one column, the words begin in one.
        assert {x + entry.index("  ") for entry, (x, _) in zip(entries, places, strict=True)} == {column - 2}
        assert [y for _, y in places] == sorted(y for _, y in places)
        for title in OTHERS:
            assert reader.sees(title)
        assert reader.sees("both say")
        assert reader.sees("93 × 0.89, 4 hours at a half-life of 24")


async def test_a_folded_article_names_its_story(tmp_path: Path) -> None:
    write_unrated(tmp_path / "site")
    async with reading(tmp_path / "site", size=(80, 50)) as reader:
        await reader.press("]", "enter", "w")
        await reader.until_seen("FOLDED UNDER", "45 vs", "both say")


async def test_numbers_that_come_from_the_source(town: Path) -> None:
    async with reading(town, size=(80, 50)) as reader:
        await reader.press("w")
        await reader.until_seen("The quality comes from the source", "90  quality", "80  4 related × 20", "170  heat")


async def test_the_difference_to_the_heat_of_the_source_is_shown(tmp_path: Path) -> None:
    write_page(tmp_path / "news", "Hotter than its sum", quality=50, heat=60, related=[entry("Elsewhere")])
    async with reading(tmp_path / "news", size=(80, 50)) as reader:
        await reader.press("w")
        await reader.until_seen("10  difference, set by the source", "60  heat")
        assert reader.sees("−   10")


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("close", ["escape", "q", "w"])
async def test_scroll_and_close_at_every_size(tmp_path: Path, size: tuple[int, int], close: str) -> None:
    write_unrated(tmp_path / "site")
    async with reading(tmp_path / "site", size=size) as reader:
        await reader.until_indexed()
        await reader.press("w")
        assert isinstance(reader.app.screen, ExplainScreen)
        assert reader.sees("Why")
        await reader.press("G")
        assert reader.sees("3 hours") or reader.sees("4 hours")
        await reader.press("g")
        assert reader.sees("Computed here")
        before = reader.text()
        await reader.press("j", "k")
        assert reader.text() == before
        await reader.press(close)
        assert not isinstance(reader.app.screen, ExplainScreen)
        assert reader.app.is_running


async def test_an_article_more_similar_to_others_of_its_story(tmp_path: Path) -> None:
    titles = (
        "Storm closes the port of Rotterdam",
        "A storm has closed the port of Rotterdam",
        "Port of Rotterdam closed by a storm",
        "Rotterdam: ferries and cranes wait as storm closes port",
        "Ferries and cranes wait for calmer weather",
    )
    for number, title in enumerate(titles):
        write_plain(tmp_path / "news", number, title)
    async with reading(tmp_path / "news", size=(80, 50)) as reader:
        await reader.until_indexed()
        await reader.press("w")
        await reader.until_seen("WHY THESE ARE ONE STORY")
        lines = reader.text().splitlines()
        place = next(at for at, line in enumerate(lines) if titles[4] in line)
        assert "no significant words in common" in lines[place + 1]
        assert any("more similar to other articles" in line for line in lines[place : place + 4])
        assert sum("more similar to other" in line for line in lines) == 1


async def test_markup_in_a_title_is_plain_text(tmp_path: Path) -> None:
    write_page(tmp_path / "news", "A [bold]title[/x] with [@click=app.quit]signs[/]", quality=50)
    async with reading(tmp_path / "news") as reader:
        await reader.press("w")
        assert reader.sees("A [bold]title[/x] with [@click=app.quit]signs[/]")


# -- see also --------------------------------------------------------------------------


async def test_similar_articles_are_listed_once_below_the_coverage(town: Path) -> None:
    async with reading(town, size=(120, 60)) as reader:
        await reader.press("enter")
        similar = rows(reader, FERRY, COST, BRIDGE, COMET, *(minor(number) for number in range(1, 8)))
        reader.story.show_similar(similar)
        await reader.rest()
        heading = reader.place_of("SEE ALSO", reader.story)[1]
        below = "\n".join(reader.part(reader.story)[heading - reader.story.region.y :])
        assert [title for title in (COMET, minor(1), minor(4)) if title in below] == [COMET, minor(1), minor(4)]
        for title in (FERRY, COST, BRIDGE, minor(5)):
            assert title not in below
        assert reader.place_of(COST, reader.story)[1] < heading


async def test_similar_articles_do_not_move_scroll_or_selection(town: Path) -> None:
    async with reading(town, size=(80, 24)) as reader:
        await reader.press("enter", "]", "]", "j")
        place, chosen, text = reader.story.scroll_offset, reader.chosen, reader.part(reader.story)
        reader.story.show_similar(rows(reader, COMET, TARIFF))
        await reader.rest()
        assert (reader.story.scroll_offset, reader.chosen) == (place, chosen)
        # All above them, but for the scrollbar, which shows that the page is longer now.
        above = next(index for index, line in enumerate(text) if "SEE ALSO" in line)
        assert [line[:-1] for line in reader.part(reader.story)[:above]] == [line[:-1] for line in text[:above]]


async def test_enter_a_similar_article_and_come_back(town: Path) -> None:
    async with reading(town, size=(80, 24)) as reader:
        await reader.press("enter")
        reader.story.show_similar(rows(reader, COMET, TARIFF, DREDGING))
        await reader.press("[", "]", "]")
        assert (reader.chosen, reader.story.whereabouts()) == (TARIFF, "2 of 3 similar")
        scroll = reader.story.scroll_offset
        await reader.press("enter")
        assert reader.opened == TARIFF
        await reader.press("backspace")
        assert (reader.opened, reader.chosen, reader.story.scroll_offset) == (BRIDGE, TARIFF, scroll)
        await reader.press("g", "]")
        assert reader.story.whereabouts() == "3 of 3 similar"


async def test_similar_articles_stay_when_marks_change(town: Path) -> None:
    async with reading(town, size=(80, 40)) as reader:
        await reader.press("enter")
        reader.story.show_similar(rows(reader, COMET))
        await reader.press("s")
        assert reader.place_of("★ saved", reader.story)
        assert reader.place_of("SEE ALSO", reader.story)


async def test_no_heading_without_similar_articles(town: Path) -> None:
    async with reading(town, size=(120, 60)) as reader:
        reader.story.show_similar([])
        await reader.rest()
        assert not reader.sees("SEE ALSO")
        reader.story.show(None)
        reader.story.show_similar(rows(reader, COMET))
        await reader.rest()
        assert not reader.sees("SEE ALSO")


# -- rising ----------------------------------------------------------------------------


@pytest.mark.parametrize("size", [*SIZES, (100, 14), (90, 60)])
async def test_a_rising_story_has_a_sign_and_nothing_else_moves(town: Path, size: tuple[int, int]) -> None:
    async with reading(town, size=size) as reader:
        await reader.until_indexed()  # after that, nothing brings other rows
        before = reader.part(reader.stories)
        assert "▲" not in "".join(before)
        known = [row for row in reader.stories.known() if row.title in {BRIDGE, FERRY}]
        reader.stories.supply({row.article: row._replace(rising=True) for row in known})
        await reader.rest()
        after = reader.part(reader.stories)
        assert "".join(after).count("▲") == 2
        assert [line.replace("▲", " ") for line in after] == before
        assert reader.style_of("▲").color == reader.story.palette.accent.color


async def test_the_sign_of_rising_stories_on_one_line(town: Path) -> None:
    async with reading(town, size=(100, 14)) as reader:
        await reader.until_indexed()
        assert reader.stories.item_height == 1
        reader.stories.supply({row.article: row._replace(rising=True) for row in rows(reader, COMET, FARES)})
        await reader.rest()
        assert "".join(reader.part(reader.stories)).count("▲") == 2


async def test_stories_that_gained_coverage_since_the_last_visit_rise(tmp_path: Path) -> None:
    folder = tmp_path / "news"
    for number, title in enumerate(("Storm closes the port of Rotterdam", "A storm has closed Rotterdam's port")):
        write_plain(folder, number, title)
    write_plain(folder, 2, "Chess championship ends in a draw")
    async with reading(folder) as reader:
        await reader.until_indexed()
        assert "▲" not in reader.text()  # nothing is new to who was never here
    async with reading(folder) as reader:
        await reader.until_indexed()
        assert "▲" not in reader.text()
    write_plain(folder, 3, "Rotterdam: the port stays closed after the storm")
    async with reading(folder) as reader:
        await reader.until_indexed()
        assert "".join(reader.part(reader.stories)).count("▲") == 1
    async with reading(folder) as reader:
        await reader.until_indexed()
        assert "▲" not in reader.text()


def write_plain(folder: Path, number: int, title: str) -> None:
    """Write an article without heat and quality."""
    fields = {"title": title, "publishedDateTime": moment(number), "webUrl": f"https://wire{number}.example/a"}
    write_article(folder / f"{number}.md", fields)
