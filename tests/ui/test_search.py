"""Search: as one types, in titles, excerpts and providers, whatever is typed."""

from __future__ import annotations

from pathlib import Path

from tests.ui.pages import BRIDGE, COMET, ENGINEERS, FARES, FERRY, write_page
from tests.ui.reader import reading
from tui_reader.model.story import Match
from tui_reader.ui.widgets.search_box import SearchBox
from tui_reader.ui.widgets.story_facts import match_words


async def test_the_list_follows_what_is_typed(town: Path) -> None:
    async with reading(town) as reader:
        await reader.press("/")
        await reader.type("fer")
        assert reader.shown() == [FERRY, FARES]
        assert reader.cursor == reader.opened == FERRY
        await reader.type("ry fal")
        assert reader.shown() == [FARES]
        assert reader.sees("“ferry fal”")
        await reader.press(*["backspace"] * 4)
        assert reader.shown() == [FERRY, FARES]


async def test_enter_goes_to_the_results_and_escape_ends_the_search(town: Path) -> None:
    async with reading(town) as reader:
        await reader.press("/")
        await reader.type("ferry")
        await reader.press("enter")
        assert reader.focus_is_on(reader.stories)
        await reader.press("j")
        assert reader.cursor == FARES
        await reader.press("enter", "escape")
        assert reader.shown() == [FERRY, FARES]
        await reader.press("escape")
        assert len(reader.shown()) == 36
        assert reader.cursor == FARES
        assert not reader.sees("“ferry”")


async def test_other_ways_to_the_results(town: Path) -> None:
    async with reading(town) as reader:
        for key in ("down", "tab"):
            await reader.press("/")
            await reader.paste("ferry")
            await reader.press(key)
            assert reader.focus_is_on(reader.stories)
            assert reader.shown() == [FERRY, FARES]
            await reader.press("escape")


async def test_escape_while_typing_ends_the_search(town: Path) -> None:
    async with reading(town) as reader:
        await reader.press("j", "j", "/")
        await reader.type("bridge")
        assert reader.cursor == BRIDGE
        await reader.press("escape")
        assert reader.focus_is_on(reader.stories)
        assert len(reader.shown()) == 36


async def test_enter_without_words_ends_the_search(town: Path) -> None:
    async with reading(town) as reader:
        await reader.press("/", "enter")
        assert reader.focus_is_on(reader.stories)
        await reader.press("/")
        await reader.type("comet")
        await reader.press(*["backspace"] * 5, "enter")
        assert len(reader.shown()) == 36


async def test_a_second_search_goes_on_from_the_words(town: Path) -> None:
    async with reading(town) as reader:
        await reader.press("/")
        await reader.type("ferry")
        await reader.press("enter", "/")
        await reader.type(" fares")
        assert reader.shown() == [FARES]


async def test_keys_that_are_commands_are_letters_while_one_types(town: Path, tmp_path: Path) -> None:
    async with reading(town) as reader:
        await reader.press("/")
        await reader.type("q?/mjzA+")
        assert reader.app.is_running
        assert not any(row.read for row in reader.marks().values())
        assert reader.sees("q?/mjzA+")


async def test_titles_excerpts_and_providers_are_searched(tmp_path: Path) -> None:
    news = tmp_path / "news"
    write_page(news, "Zebra crossing", quality=30)
    write_page(news, "Second", excerpt="Nothing but a zebra here.", quality=20)
    write_page(news, "Third", by="Zebra Times", quality=10)
    write_page(news, "Fourth", quality=0)
    write_page(news, "Folded zebra", folded=True)
    write_page(news, "Füchse und Bären", quality=5)
    async with reading(news) as reader:
        await reader.press("/")
        await reader.type("ZEBRA")
        assert reader.shown() == ["Zebra crossing", "Second", "Third"]
        await reader.press("enter", "f")
        assert reader.shown() == ["Zebra crossing", "Second", "Third", "Folded zebra"]
        await reader.press("escape", "/")
        await reader.type("fuchse baren")
        assert reader.shown() == ["Füchse und Bären"]


async def test_a_search_stays_within_the_topic(town: Path) -> None:
    async with reading(town) as reader:
        await reader.press("T", "G", "enter", "/")
        await reader.type("what")
        assert reader.shown() == [COMET]
        await reader.press("enter", "escape")
        assert reader.shown() == [COMET]


async def test_whatever_is_typed_is_words(town: Path) -> None:
    odd = (
        '"', '""', '"ferry', "ferry AND", "OR", "NOT ferry", "ferry*", "(ferry", "title:ferry", "^ferry", "-", "-ferry",
        "ferry NEAR(fares)", "{title}:x", "a+b", "';--", "\\", "%", "☃", "ferry\u0301", "[/x]", "x" * 2000,
    )  # fmt: skip
    async with reading(town) as reader:
        for words in odd:
            await reader.press("/")
            await reader.paste(words)
            assert "damaged" not in reader.text()
            assert reader.focus_is_on(reader.page.query_one(SearchBox))
            await reader.press("escape")
            assert reader.stories.total == 36


async def test_words_that_nothing_has(town: Path) -> None:
    async with reading(town) as reader:
        await reader.press("/")
        await reader.type("xylophone")
        assert reader.place_of("No story matches", reader.stories)
        assert reader.opened == ""
        assert reader.sees("0 stories")
        await reader.press("enter", "escape")
        assert reader.cursor == BRIDGE


async def test_search_from_the_story_on_a_small_screen(town: Path) -> None:
    async with reading(town, size=(60, 20)) as reader:
        await reader.press("enter", "/")
        await reader.type("comet")
        assert reader.place_of(COMET, reader.stories)
        await reader.press("enter", "enter")
        assert reader.opened == COMET


async def test_a_story_is_found_by_its_folded_articles_and_names_the_one(town: Path) -> None:
    async with reading(town) as reader:
        await reader.press("/")
        await reader.type("engineers say")
        assert reader.shown() == [BRIDGE]
        assert reader.sees(f"{BRIDGE}  ↳ Engineers")
        await reader.resize(130, 40)
        assert reader.sees(f"↳ {ENGINEERS} ")
        await reader.resize(52, 30)
        assert reader.sees(f"↳ {ENGINEERS}")
        await reader.resize(80, 30)
        # One that matches by its lead needs no reason.
        await reader.press("escape", "/")
        await reader.type("bridge")
        assert reader.shown() == [BRIDGE]
        assert "↳" not in reader.text()
        await reader.press("escape", "/")
        await reader.type("engineers")
        await reader.press("enter", "enter")
        assert reader.opened == BRIDGE
        assert reader.chosen == ENGINEERS
        await reader.press("enter")
        assert reader.opened == ENGINEERS


async def test_with_folded_articles_each_match_is_a_line_of_its_own(town: Path) -> None:
    async with reading(town) as reader:
        await reader.press("f", "/")
        await reader.type("engineers")
        assert reader.shown() == [ENGINEERS]
        assert "↳" not in reader.text()


def test_the_provider_of_what_was_found_is_named_where_all_of_it_fits() -> None:
    match = Match(1, "Found", "Paper")
    assert [match_words(match, width) for width in (15, 14, 5)] == ["↳ Found · Paper", "↳ Found", "↳ Fo…"]
