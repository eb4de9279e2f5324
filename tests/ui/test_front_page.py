"""A front page of one's own feeds: the numbers, their colours, who tells a story, its title, and S at the top."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.support.collections import STORM, moment, write_article
from tests.ui.pages import BRIDGE, FARES, entry, write_page
from tests.ui.reader import Reader, reading
from tui_reader.model.links import Provider
from tui_reader.model.story import StoryRow
from tui_reader.subscriptions.selection import Selection
from tui_reader.ui.widgets.cells import width_of
from tui_reader.ui.widgets.story_facts import facts, tellers

SIZES = [(60, 20), (80, 24), (120, 40), (200, 60)]
NAMES = ("Wire", "Gazette", "Courier", "Tribune", "Herald")


def write_storm(folder: Path) -> None:
    """Write a story that five outlets tell, and older ones of a single article."""
    for number, title in enumerate(STORM):
        provider = {"name": NAMES[number], "domain": f"{NAMES[number].lower()}.example"}
        fields = {"title": title, "publishedDateTime": moment(200 + number), "provider": provider}
        write_article(folder / f"s{number}.md", fields | {"webUrl": f"https://{provider['domain']}/storm"})
    for number, title in enumerate(("Why I keep bees", "Notes on compilers", "A walk along the coast")):
        fields = {"title": title, "publishedDateTime": moment(60 * number), "webUrl": f"https://blog.example/{number}"}
        write_article(folder / f"b{number}.md", fields)


def numbers(reader: Reader) -> list[int]:
    """Return the numbers before the titles, from top to bottom."""
    lines = reader.part(reader.stories)
    return [int(found[1]) for line in lines if (found := re.match(r"^▌? *(\d+) \S", line))]


@pytest.mark.parametrize("size", SIZES)
async def test_numbers_fall_from_top_to_bottom_in_every_order(tmp_path: Path, size: tuple[int, int]) -> None:
    write_storm(tmp_path / "news")
    async with reading(tmp_path / "news", size=size) as reader:
        await reader.until_indexed()
        seen = {}
        for order in ("newest", "quality", "provider", "hot now", "heat"):
            await reader.press("S")
            assert reader.sees(order)
            seen[order] = numbers(reader)
            assert len(seen[order]) == 4
            if order in {"quality", "hot now", "heat"}:
                assert seen[order] == sorted(seen[order], reverse=True)
        assert seen["quality"] == [36, 36, 36, 36]
        assert seen["hot now"][0] > seen["hot now"][1]
        assert seen["hot now"][-1] < seen["heat"][-1]
        assert sorted(seen["newest"]) == sorted(seen["heat"])


async def test_a_hot_archive_is_not_all_red(tmp_path: Path) -> None:
    for number in range(40):
        write_page(tmp_path / "news", f"Story number {number}", quality=50, heat=3000 - number)
    async with reading(tmp_path / "news", size=(120, 100)) as reader:
        palette, limits = reader.stories.palette, reader.stories.limits
        colours = [palette.heats.index(palette.heat(3000 - number, limits)) for number in range(40)]
        assert colours == sorted(colours, reverse=True)
        assert colours.count(5) == 1
        assert colours.count(0) == 20
        assert reader.style_of("3000").color == palette.heats[5].color
        assert reader.style_of("2970").color == palette.heats[0].color


async def test_the_head_of_a_long_list_has_its_colours_at_once(tmp_path: Path) -> None:
    for number in range(300):
        write_page(tmp_path / "news", f"Story number {number}", quality=50, heat=3000 - number // 2)
    async with reading(tmp_path / "news") as reader:
        library = reader.app.front_page.browsing.list
        query = library.listed
        assert query is not None
        pages = reader.app.front_page.browsing
        first = await pages._library.ask(pages._library.first_page, query)
        whole = await pages._library.ask(pages._library.listing, query)
        assert not first.complete
        assert whole.complete
        assert first.limits == whole.limits == library.limits


# -- who tells it ----------------------------------------------------------------------


ROW = StoryRow(
    1, 1, "A storm", Provider("Reuters"), 1000, 40, 240, shown=True, indexed=True, related=12, kind="article"
)
TOLD = ROW._replace(tellers=("BBC", "Guardian", "Le Monde"), more_tellers=6)


@pytest.mark.parametrize(
    ("width", "text"),
    [
        (80, "Reuters +BBC, Guardian, Le Monde, 6 more"),
        (30, "Reuters +BBC, Guardian, 7 more"),
        (29, "Reuters +BBC, 8 more"),
        (19, "Reuters +9"),
        (14, "Reuters +9"),
    ],
)
def test_as_many_outlets_are_named_as_there_is_room_for(width: int, text: str) -> None:
    assert tellers(TOLD, width) == text


def test_a_name_that_does_not_fit_is_counted() -> None:
    assert tellers(ROW._replace(tellers=("San Francisco Chronicle", "BBC"), more_tellers=2), 18) == "Reuters +4"
    assert tellers(ROW._replace(tellers=("BBC",)), 12) == "Reuters +BBC"


def test_what_one_outlet_says_alone() -> None:
    assert tellers(ROW._replace(related=0), 40) == "Reuters"
    assert tellers(ROW, 40) == "Reuters +12"
    assert tellers(ROW._replace(tellers=("BBC",), provider=Provider()), 40) == "+BBC"


@pytest.mark.parametrize("width", range(10, 60))
def test_facts_fit_their_room(width: int) -> None:
    text = facts(TOLD._replace(kind="video"), 1000 + 3 * 3600, width, roomy=True)
    assert width_of(text) <= width
    assert width < 26 or "3 h" in text
    long = TOLD._replace(read_at=1000, provider=Provider("San Francisco Chronicle"))
    text = facts(long, 1000 + 3 * 3600, width, roomy=False)
    assert width_of(text) <= width
    assert width < 19 or text.endswith("· read 3 h")  # the name gets shorter


@pytest.mark.parametrize("size", SIZES)
async def test_a_story_made_here_names_who_else_tells_it(tmp_path: Path, size: tuple[int, int]) -> None:
    write_storm(tmp_path / "news")
    async with reading(tmp_path / "news", size=size) as reader:
        await reader.until_indexed()
        lines = "\n".join(reader.part(reader.stories))
        assert re.search(r"Wire( \+\w+(, \w+)*(, \d more)? · | \+4\b)", lines)
        if size[0] == 200:
            assert re.search(r"Wire \+\w+, \w+, \w+, 1 more · ", lines)


async def test_a_story_of_a_collection_names_who_else_tells_it(tmp_path: Path) -> None:
    voices = ("ada", "ada", "bob", "cyd", "dan")
    related = [
        entry(f"Part {part}", provider={"name": name, "domain": f"{name}.example"}) for part, name in enumerate(voices)
    ]
    write_page(tmp_path / "news", "Much is said", quality=50, related=related)
    async with reading(tmp_path / "news", size=(160, 40)) as reader:
        assert reader.sees("Harbour Post +ada, bob, cyd, 1 more")


# -- the title -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("locations", "kept", "own", "title"),
    [
        (("https://a.example/rss", "https://b.example/rss"), True, "", "Your feeds"),
        (("https://a.example/rss", "/news/site"), True, "", "Your feeds"),
        (("https://a.example/rss", "https://b.example/rss"), True, "Breakfast", "Breakfast"),
        (("https://a.example/rss",), True, "", "Of the sources"),
        (("/news/site", "/news/other"), True, "", "Of the sources"),
        (("/news/site",), False, "Breakfast", "Of the sources"),
    ],
)
def test_the_title_of_the_page(locations: tuple[str, ...], kept: bool, own: str, title: str) -> None:
    selection = Selection(locations, Path("index.db"), kept, is_sample=False)
    assert selection.title(own, "Of the sources") == title


# -- another order ---------------------------------------------------------------------


async def test_s_at_the_top_goes_to_the_top_of_the_next_order(town: Path) -> None:
    async with reading(town, size=(120, 40)) as reader:
        for _ in range(5):
            await reader.press("S")
            assert reader.stories.cursor == 0
            assert reader.cursor == reader.shown()[0]
        await reader.press("j", "j", "j", "S")
        assert reader.cursor == FARES
        await reader.press("g", "S")
        assert reader.stories.cursor == 0
        assert reader.cursor == BRIDGE


async def test_s_keeps_the_story_that_is_open(town: Path) -> None:
    async with reading(town, size=(120, 40)) as reader:
        await reader.press("S", "S", "S", "enter")
        opened = reader.opened
        await reader.press("S", "S")
        assert reader.cursor == opened
        assert reader.opened == opened
