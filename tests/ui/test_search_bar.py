"""The search box: what is wrong is said and lit, what can be typed is offered, and earlier searches come back."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest

from tests.ui.pages import BRIDGE, FARES, FERRY, write_page
from tests.ui.reader import Reader, reading
from tui_reader.config import folders
from tui_reader.ui.completion import Names, candidates
from tui_reader.ui.controllers.earlier_searches import EarlierSearches, load_searches
from tui_reader.ui.controllers.page import Page
from tui_reader.ui.widgets.search_box import SearchBox, SearchLine


def line(reader: Reader) -> str:
    """Return the line below the search box."""
    return reader.part(reader.page.query_one(SearchLine))[0].strip()


def box(reader: Reader) -> str:
    """Return what is in the search box."""
    return reader.page.query_one(SearchBox).value


@pytest.mark.parametrize("size", [(60, 20), (80, 24), (120, 40)])
async def test_a_wrong_query_says_what_is_meant_and_the_last_good_result_stays(
    town: Path, size: tuple[int, int]
) -> None:
    async with reading(town, size=size) as reader:
        await reader.press("/")
        await reader.type("ferry")
        assert reader.shown() == [FERRY, FARES]
        await reader.type(" tittle:x")
        short = "Did you mean ‘title:’? (in quotes it is text)"
        # The list beside the story has 50 columns.
        assert line(reader) == (short if size[0] != 80 else f"There is no field ‘tittle:’: d{short[1:]}")
        assert reader.style_of("tittle", reader.page.query_one(SearchBox)).underline
        assert not reader.style_of("ferry", reader.page.query_one(SearchBox)).underline
        assert reader.shown() == [FERRY, FARES]
        await reader.press("enter")
        assert reader.focus_is_on(reader.page.query_one(SearchBox))  # to be mended
        await reader.press(*["backspace"] * 9)
        assert line(reader) == ""
        assert not reader.style_of("ferry", reader.page.query_one(SearchBox)).underline


async def test_enter_stays_in_the_box_where_nothing_is_found(town: Path) -> None:
    async with reading(town) as reader:
        await reader.press("/")
        await reader.type("zeppelin")
        await reader.press("enter")
        assert reader.focus_is_on(reader.page.query_one(SearchBox))
        await reader.press(*["backspace"] * 8)
        await reader.type("ferry")
        assert reader.shown() == [FERRY, FARES]


async def test_what_is_not_finished_is_no_mistake_until_enter(town: Path) -> None:
    async with reading(town) as reader:
        await reader.press("/")
        await reader.type("heat:")
        assert line(reader) == "A number, such as heat:>100 or heat:50..100"
        assert not reader.style_of("heat:", reader.page.query_one(SearchBox)).underline
        await reader.press("enter")
        assert reader.style_of("heat:", reader.page.query_one(SearchBox)).underline
        assert reader.focus_is_on(reader.page.query_one(SearchBox))
        await reader.press("escape", "/")
        await reader.type("ferry OR ")
        assert not reader.style_of("OR", reader.page.query_one(SearchBox)).underline
        assert reader.shown() == [FERRY, FARES]


async def test_a_date_that_is_typed_half_counts_as_far_as_it_goes(town: Path) -> None:
    async with reading(town) as reader:
        await reader.press("/")
        searched, said = [], []
        for letter in "date:2024-10..2024-12-05":
            await reader.type(letter)
            searched.append(reader.page.browsing.query.words)
            said.append(line(reader))
        far = ["", "date:2024", "date:2024-1", "date:2024-10", "date:2024-10.."]
        last = ["2024", "2024-12", "2024-12-05"]  # never what is before 2024-10, and no date at all
        assert list(dict.fromkeys(searched[5:])) == [*far, *(f"date:2024-10..{day}" for day in last)]
        assert set(said[9:]) == {""}


@pytest.mark.parametrize("size", [(60, 20), (80, 24), (120, 40)])
async def test_a_long_message_is_shown_to_its_end(town: Path, size: tuple[int, int]) -> None:
    async with reading(town, size=size) as reader:
        await reader.press("/")
        await reader.press(*"date:")  # one by one: where it is typed at once, the cursor is on what a part of it found
        said = " ".join(text.strip() for text in reader.part(reader.page.query_one(SearchLine)))
        assert said == "A year, month or day, such as date:2021-06 or date:2021-06-15..2021-06-20"
        # The list begins below it, and has all of its room again afterwards.
        assert reader.place_of(BRIDGE, reader.stories)
        await reader.press(*["backspace"] * 5)
        assert len(reader.part(reader.page.query_one(SearchLine))) == 1


async def test_what_is_typed_as_it_stands_has_no_capital(town: Path) -> None:
    async with reading(town) as reader:
        await reader.press("/")
        await reader.type("in:title")
        await reader.press("enter")
        assert line(reader) == "in: needs a word to look for, such as outage in:title"


async def test_parentheses_are_closed_for_who_has_not_closed_them_yet(town: Path) -> None:
    async with reading(town) as reader:
        await reader.press("/")
        await reader.type("(fares OR (comet falls")
        assert FARES in reader.shown()
        assert line(reader) == ""
        await reader.press("enter")
        assert reader.focus_is_on(reader.stories)


async def test_a_name_that_there_is_not(town: Path) -> None:
    async with reading(town) as reader:
        await reader.press("/")
        await reader.type("ferry topic:")
        await reader.type("Nonesuch ")
        assert line(reader) == "There is no topic ‘Nonesuch’"
        assert reader.style_of("Nonesuch", reader.page.query_one(SearchBox)).underline
        assert reader.shown() == [FERRY, FARES]
        await reader.press("enter")
        assert reader.focus_is_on(reader.page.query_one(SearchBox))
        # The list goes on as it was, whatever is done to it.
        await reader.press("escape")
        assert reader.stories.total == 36


async def test_tab_completes_fields_and_names(tmp_path: Path) -> None:
    news = tmp_path / "news"
    write_page(news, "Of clouds", by="The Daily Cloud", topics=["Cloud computing"], excerpt="Soft and white.")
    write_page(news, "Of rain", by="Rain Weekly", topics=["Weather"], excerpt="Everybody gets wet today.")
    async with reading(news) as reader:
        await reader.press("/")
        assert line(reader).startswith('"a phrase"')
        await reader.type("pro")
        assert line(reader) == "Tab provider:"
        await reader.press("tab")
        assert box(reader) == "provider:"
        await reader.type("cl")
        assert line(reader) == "Tab The Daily Cloud"
        await reader.press("tab")
        assert box(reader) == 'provider:"The Daily Cloud" '
        assert reader.shown() == ["Of clouds"]
        await reader.type("is:")
        assert line(reader).startswith("Tab unread  read  saved")
        await reader.press("tab")
        assert box(reader) == 'provider:"The Daily Cloud" is:unread '
        assert reader.shown() == ["Of clouds"]
        await reader.press("tab")
        assert reader.focus_is_on(reader.stories)


NAMES = Names({"topic": ["Security", "Cloud computing"], "provider": ["BBC", "Reuters", "Café Daily"]})


@pytest.mark.parametrize(
    ("typed", "offered", "accepted"),
    [
        ("ti", ("title:",), "title:"),
        ("outage pro", ("provider:",), "outage provider:"),
        ("-to", ("topic:",), "-topic:"),
        ("(to", ("topic:",), "(topic:"),
        ("topic:", ("Security", "Cloud computing"), "topic:Security "),
        ("topic:comp", ("Cloud computing",), 'topic:"Cloud computing" '),
        ('topic:"cloud c', ("Cloud computing",), 'topic:"Cloud computing" '),
        ("is:unread,sa", ("saved",), "is:unread,saved "),
        ("provider:(bbc OR re", ("Reuters",), "provider:(bbc OR Reuters "),
        ("provider:(", ("BBC", "Reuters", "Café Daily"), "provider:(BBC "),
        ("provider:cafe", ("Café Daily",), 'provider:"Café Daily" '),
        ("-provider:b", ("BBC",), "-provider:BBC "),
        ("in:t", ("title", "text"), "in:title "),
    ],
)
def test_what_is_completed(typed: str, offered: tuple[str, ...], accepted: str) -> None:
    found = candidates(typed, len(typed), NAMES)
    assert found is not None
    assert found.words[: len(offered)] == offered
    assert found.accepted(typed) == (accepted, len(accepted))


@pytest.mark.parametrize(
    "typed", ["", "t", "outage", "10:30", '"ti', "heat:>1", "topic:Security", "Ti", "f(x", "a ) b"]
)
def test_what_is_not_completed(typed: str) -> None:
    assert candidates(typed, len(typed), NAMES) is None


def test_words_in_the_middle() -> None:
    found = candidates("topic:sec is:unread", 9, NAMES)
    assert found is not None
    assert found.accepted("topic:sec is:unread") == ("topic:Security is:unread", 14)
    assert candidates("topic:sec is:unread", 8, NAMES) is None


async def test_up_and_down_recall_earlier_searches(town: Path) -> None:
    async with reading(town) as reader:
        for words in ("ferry", "comet", "ferry fares"):
            await reader.press("/")
            await reader.paste(words)
            await reader.press("enter", "escape")
        await reader.press("/")
        await reader.type("bri")
        await reader.press("up")
        assert box(reader) == "ferry fares"
        assert reader.shown() == [FARES]
        await reader.press("up", "up", "up")
        assert box(reader) == "ferry"
        await reader.press("down")
        assert box(reader) == "comet"
        await reader.press("down", "down")
        assert box(reader) == "bri"
        await reader.press("down")
        assert reader.focus_is_on(reader.stories)
    path = folders().searches
    assert load_searches(path) == ["ferry", "comet", "ferry fares", "bri"]
    assert path.stat().st_mode & 0o077 == 0
    async with reading(town) as reader:
        await reader.press("/", "up", "up")
        assert box(reader) == "ferry fares"
    path.write_text("{broken")
    async with reading(town) as reader:
        await reader.press("/", "up")
        assert box(reader) == ""


def test_a_damaged_file_of_searches_has_none(tmp_path: Path) -> None:
    path = tmp_path / "searches.json"
    assert load_searches(path) == []
    for text in ("", "[", "{}", "[1, null, [], {}]", "[" * 100_000):
        path.write_text(text)
        assert load_searches(path) == []
    path.write_text('["a", 3, "b", ""]')
    assert load_searches(path) == ["a", "b"]


async def test_earlier_searches_may_become_fewer_while_one_goes_back_in_them(tmp_path: Path) -> None:
    asked: list[Callable[[], Awaitable[None]]] = []
    page = SimpleNamespace(ask=lambda _, question, *args: asked.append(partial(question, *args)))
    earlier = EarlierSearches(cast(Page, page), tmp_path / "searches.json")
    for words in ("ferry", "comet"):
        earlier.add(words)
    earlier.begin()
    assert earlier.recall(-1, "") == "comet"
    assert earlier.recall(-1, "comet") == "ferry"
    await asked[-1]()  # another reader has emptied the file
    earlier.typed("ferry")
    assert earlier.recall(-1, "ferry") is None


def tell_late(reader: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the search box tell what is typed when the line below it is gone, as it may happen when a search ends."""
    tell = SearchBox.on_input_changed

    async def late(box: SearchBox, event: SearchBox.Changed) -> None:
        await reader.until(lambda: not reader.page.query(SearchLine), "the end of the line below the box")
        tell(box, event)

    monkeypatch.setattr(SearchBox, "on_input_changed", late)


async def test_what_is_typed_as_the_search_ends_changes_nothing(town: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with reading(town) as reader:
        everything = reader.shown()
        await reader.press("/")
        tell_late(reader, monkeypatch)
        reader.page.query_one(SearchBox).value = "f"
        reader.page.actions.run(reader.page.search.end)
        await reader.rest()
        assert not reader.page.search.is_open
        assert reader.shown() == everything


async def test_a_search_begins_when_the_box_of_the_one_before_is_gone(
    town: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with reading(town) as reader:
        await reader.press("/")
        with monkeypatch.context() as slowly:
            tell_late(reader, slowly)
            reader.page.query_one(SearchBox).value = "f"
            reader.page.actions.run(reader.page.search.end)
            await reader.press("/")
        assert box(reader) == ""
        await reader.type("ferry")
        assert reader.shown() == [FERRY, FARES]
