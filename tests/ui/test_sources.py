"""The screen of the sources, and adding one from the network."""

from __future__ import annotations

import json
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from tests.support.servers import Site
from tests.ui.browser import Browser
from tests.ui.reader import Reader, reading
from tui_reader.config import folders
from tui_reader.model.article import Article
from tui_reader.model.feed_entry import Entry
from tui_reader.sources.http.caching import FetchState, after_failure, after_success
from tui_reader.storage.feed_store import FeedStore, FetchedSource
from tui_reader.subscriptions.edit import add_subscriptions
from tui_reader.subscriptions.subscription import Subscription, load_subscriptions
from tui_reader.ui.screens.add_source import AddSourceScreen
from tui_reader.ui.screens.sources import SourcesScreen
from tui_reader.ui.widgets.source_table import SourceTable

SIZES = [(60, 20), (80, 24), (120, 40)]
NOW = int(time.time())
HOUR, DAY = 3600, 86_400
FINE = after_success(FetchState(), status=200, headers={}, now=NOW - 300, every=0)
BROKEN = after_failure(FINE, "the server answered 503", now=NOW - 3 * DAY)
GONE = after_failure(FINE, "the server answered 410", now=NOW - 3 * DAY, status=410)
FEED = b"""<rss version="2.0"><channel><title>%b</title><link>https://example.org/</link>
<item><title>Hello</title><link>https://example.org/hello</link></item></channel></rss>"""
PAGE = b"""<html><head>
<link rel="alternate" type="application/rss+xml" title="All [b]news[/b]" href="/all.xml">
<link rel="alternate" type="application/rss+xml" title="Sports" href="/sports.xml">
</head></html>"""


def feed(number: int) -> str:
    return f"https://example.org/{number}/feed"


def keep(*sources: Subscription, states: Sequence[FetchState | None] = ()) -> None:
    """Keep sources, the first of them as they were left by an earlier refresh."""
    add_subscriptions(folders().sources, sources)
    with FeedStore.opened(folders().fetched) as store:
        for source, state in zip(sources, states, strict=False):
            if state is not None:
                page = f"{source.location}/page"
                store.put_source(FetchedSource(source.location, "", page, state=json.dumps(state.as_json())))
                entries = [Entry(f"{n}", Article(f"No. {n}", published=NOW - n * DAY)) for n in range(1, 15)]
                store.store_entries(source.location, entries, NOW)


def three() -> None:
    """Keep one source that is fine, one that fails and one that was never asked."""
    keep(
        Subscription(feed(1), title="Alpha", folder=("Work",)),
        Subscription(feed(2), title="Beta [b]bold[/b]", folder=("Work", "Deep")),
        Subscription(feed(3), title="Gamma"),
        states=[FINE, BROKEN],
    )


def kept(location: str) -> Subscription:
    return next(source for source in load_subscriptions(folders().sources) if source.location == location)


@asynccontextmanager
async def looking(size: tuple[int, int] = (80, 24)) -> AsyncIterator[tuple[Reader, list[bool | None]]]:
    """Open the screen; what it gives back comes into the list."""
    given: list[bool | None] = []
    async with reading(size=size, offline=True) as reader:
        reader.app.push_screen(SourcesScreen(folders()), given.append)
        await reader.until(lambda: isinstance(reader.app.screen, SourcesScreen), "the sources")
        await reader.rest()
        yield reader, given


@pytest.mark.parametrize("size", SIZES)
async def test_all_is_told_at_every_size(size: tuple[int, int]) -> None:
    three()
    async with looking(size) as (reader, _):
        lines = reader.lines()
        table = reader.app.screen.query_one(SourceTable)
        # Sorted by folder, then title.
        places = [reader.place_of(title, table)[1] for title in ("Gamma", "Alpha", "Beta [b]")]
        assert places == sorted(places)
        assert "not fetched yet" in lines[places[0]]
        assert "min ago" in lines[places[1]]
        assert "14" in lines[places[1]]
        assert "failing for 3 days" in lines[places[2]]
        assert reader.sees("1 failing · f shows them")
        assert reader.sees("a add")
        assert reader.sees("d remove")
        await reader.press("G")
        assert reader.sees(feed(2))
        assert reader.sees("the server answered 503")
        assert reader.sees("Next attempt")


async def test_half_of_a_hundred_that_fail_are_found_from_here() -> None:
    keep(
        *(Subscription(feed(number), title=f"Source {number:03}") for number in range(100)),
        states=[BROKEN if number % 2 else FINE for number in range(100)],
    )
    async with looking() as (reader, _):
        assert reader.sees("100 sources")
        assert reader.sees("50 failing · f shows them")
        await reader.press("f")
        assert reader.sees("50 failing of 100 sources")
        shown = [line for line in reader.lines() if "Source 0" in line[:20]]
        assert shown
        assert all("failing for 3 days" in line for line in shown if "✕" in line)
        assert "min ago" not in "".join(reader.part(reader.app.screen.query_one(SourceTable)))
        await reader.press("G")
        assert reader.sees("Source 099")
        await reader.press("f")
        assert reader.sees("100 sources")
        # The cursor stays on its source.
        assert "▌✕ Source 099" in reader.text()


async def test_marks_of_paused_and_gone() -> None:
    keep(
        Subscription(feed(1), title="Alpha", paused=True),
        Subscription(feed(2), title="Beta"),
        Subscription("/no/such/place", title="Gamma"),
        states=[FINE, GONE],
    )
    async with looking() as (reader, _):
        assert "‖ Alpha" in reader.text()
        assert "paused" in reader.lines()[reader.place_of("Alpha")[1]]
        assert "✕ Beta" in reader.text()
        assert "gone for good" in reader.lines()[reader.place_of("Beta")[1]]
        assert "not found" in reader.lines()[reader.place_of("Gamma")[1]]
        assert reader.sees("1 paused · 3 sources")
        await reader.press("G")
        assert reader.sees("Put it back, or press d to remove it")


async def test_nothing_kept() -> None:
    async with looking() as (reader, given):
        assert reader.sees("No sources yet: press a to add one.")
        await reader.press(*"jkGgpdrRFtf", "enter", "q")
        assert given == [False]
        assert reader.focus_is_on(reader.stories)


async def test_moving() -> None:
    keep(*(Subscription(feed(number), title=f"Source {number:03}") for number in range(100)))
    async with looking() as (reader, _):
        for key, number in (("j", 1), ("down", 2), ("k", 1), ("G", 99), ("g", 0), ("pagedown", 12), ("pageup", 0)):
            await reader.press(key)
            assert f"▌○ Source {number:03}" in reader.text(), key
        await reader.click("Source 003")
        assert "▌○ Source 003" in reader.text()


async def test_a_new_name_a_folder_and_topics() -> None:
    three()
    async with looking() as (reader, given):
        await reader.press("j", "R")
        assert reader.sees("Title: Alpha")
        await reader.press(*["backspace"] * 5)
        await reader.type("Best q")
        await reader.press("enter")
        assert kept(feed(1)).title == "Best q"
        assert "▌● Best q" in reader.text()
        await reader.press("F")
        await reader.type(" / [red]In / ")
        await reader.press("enter")
        assert kept(feed(1)).folder == ("Work", "[red]In")
        assert reader.sees("Work / [red]In")
        await reader.press("t")
        await reader.type("AI, , Space,AI")
        await reader.press("enter")
        assert kept(feed(1)).topics == ("AI", "Space")
        assert reader.sees("Topics: AI, Space")
        await reader.press("q")
    assert given == [True]


async def test_a_question_can_be_left_and_an_answer_that_changes_nothing_is_none() -> None:
    three()
    before = load_subscriptions(folders().sources)
    async with looking() as (reader, given):
        await reader.press("R")
        await reader.type("xx")
        await reader.press("tab", "escape", "F", "enter", "t", "enter")
        assert reader.sees("Gamma")
        await reader.press("escape")
    assert load_subscriptions(folders().sources) == before
    assert given == [False]


async def test_pausing_and_asking_again() -> None:
    three()
    async with looking() as (reader, given):
        await reader.press("j", "p")
        assert kept(feed(1)).paused
        assert "▌‖ Alpha" in reader.text()
        await reader.press("r")
        assert reader.sees("This source is paused")
        await reader.press("p")
        assert not kept(feed(1)).paused
        assert "▌● Alpha" in reader.text()
        await reader.press("q")
    assert given == [True]


async def test_removing_asks_once() -> None:
    three()
    async with looking() as (reader, given):
        await reader.press("d")
        assert reader.sees("Press d again to remove Gamma; saved articles stay.")
        await reader.press("j", "d")
        assert reader.sees("Press d again to remove Alpha")
        assert len(load_subscriptions(folders().sources)) == 3
        await reader.press("d")
        assert [source.title for source in load_subscriptions(folders().sources)] == ["Beta [b]bold[/b]", "Gamma"]
        assert not reader.sees("● Alpha")
        assert reader.sees("2 sources")
        await reader.press("q")
    assert given == [True]


async def test_the_page_of_a_source_is_opened(browser: Browser) -> None:
    three()
    async with looking() as (reader, _):
        await reader.press("j", "enter")
        await reader.until(browser.calls, "the browser")
        assert browser.calls() == [[f"{feed(1)}/page"]]
    keep(Subscription("/no/such/place", title="AAA"))
    async with looking() as (reader, _):
        await reader.press("enter")
        assert reader.sees("This source has no web page.")


async def test_nothing_secret_is_shown() -> None:
    keep(Subscription("https://example.org/feed?token=hush", auth=("me", "hush")))
    async with looking((120, 40)) as (reader, _):
        assert reader.sees("https://example.org/feed?token=…")
        assert not reader.sees("hush")


async def test_a_file_that_is_unfit_is_a_sentence() -> None:
    three()
    async with looking() as (reader, given):
        folders().sources.write_text("source = [")
        await reader.press("p")
        assert reader.sees("at end of document")
        await reader.press("d", "d", "escape")
    assert given == [False]


async def test_one_source_is_asked(site: Site) -> None:
    site.page("/feed", FEED % b"The Feed")
    # Asked a short while ago, so that the front page leaves it alone.
    keep(Subscription(site.url("/feed")), states=[FINE])
    async with looking() as (reader, given):
        assert site.requests == []
        await reader.press("r")
        await reader.until_seen(": 1 new")
        assert reader.sees("1 min ago")
        assert "▌● The Feed" in reader.text()
        site.page("/feed", b"broken", 503)
        await reader.press("r")
        await reader.until_seen("failing for 1 min")
        assert "▌✕ The Feed" in reader.text()
        await reader.press("r")
        await reader.until_seen("asks to wait · r again")
        site.page("/feed", FEED % b"The Feed")
        await reader.press("r")
        await reader.until_seen("The Feed: no new articles")
        assert "▌● The Feed" in reader.text()
        await reader.press("q")
    assert given == [False]


async def test_leaving_while_a_source_is_asked(site: Site) -> None:
    site.hang("/feed")
    keep(Subscription(site.url("/feed"), title="Slow"), states=[FINE])
    async with looking() as (reader, given):
        reader.push("r")
        await reader.until(lambda: site.requests, "the question")
        assert reader.sees("Refreshing Slow …")
        reader.push("r")
        await reader.until_seen("still being refreshed")
        reader.push("q")
        await reader.until(lambda: given == [False], "the front page")


# -- adding --------------------------------------------------------------------


@asynccontextmanager
async def adding(size: tuple[int, int] = (80, 24)) -> AsyncIterator[tuple[Reader, list[bool | None]]]:
    """Open the window; what it gives back comes into the list."""
    given: list[bool | None] = []
    async with reading(size=size) as reader:
        reader.app.push_screen(AddSourceScreen(folders()), given.append)
        await reader.until(lambda: isinstance(reader.app.screen, AddSourceScreen), "the window")
        await reader.rest()
        yield reader, given


async def test_a_feed_is_kept_at_once(site: Site) -> None:
    site.page("/feed", FEED % b"The [b]Feed[/b]")
    async with adding() as (reader, given):
        await reader.paste(site.url("/feed"))
        await reader.press("enter")
        await reader.until(lambda: given, "the front page")
    assert given == [True]
    assert load_subscriptions(folders().sources) == [Subscription(site.url("/feed"), title="The [b]Feed[/b]")]


@pytest.mark.parametrize("size", SIZES)
async def test_of_several_feeds_some_are_picked(size: tuple[int, int], site: Site) -> None:
    site.page("/", PAGE, kind="text/html")
    for name in ("all", "sports"):
        site.page(f"/{name}.xml", FEED % name.encode())
    async with adding(size) as (reader, given):
        await reader.paste(site.url("/"))
        await reader.press("enter")
        await reader.until_seen("There are several sources")
        await reader.rest()
        assert reader.sees("All [b]news[/b]")
        assert reader.sees("Sports")
        await reader.press("escape")
        assert not reader.sees("Sports")
        await reader.press("enter")
        await reader.until_seen("There are several sources")
        await reader.press("space", "space", "j", "space")
        assert reader.sees("✓ Sports")
        await reader.press("enter")
        await reader.until(lambda: given, "the front page")
    assert [source.location for source in load_subscriptions(folders().sources)] == [site.url("/sports.xml")]


async def test_without_a_tick_the_one_under_the_cursor_is_kept(site: Site) -> None:
    site.page("/", PAGE, kind="text/html")
    async with adding() as (reader, given):
        await reader.paste(site.url("/"))
        await reader.press("enter")
        await reader.until_seen("There are several sources")
        await reader.press("enter")
        await reader.until(lambda: given, "the front page")
    assert [source.location for source in load_subscriptions(folders().sources)] == [site.url("/all.xml")]


async def test_what_is_kept_already_is_said(site: Site) -> None:
    site.page("/feed", FEED % b"The Feed")
    add_subscriptions(folders().sources, [Subscription(site.url("/feed"))])
    async with adding() as (reader, given):
        await reader.paste(site.url("/feed"))
        await reader.press("enter")
        await reader.until_seen("This source has already been added.")
        await reader.press("escape")
    assert given == [False]


async def test_looking_can_be_given_up(site: Site) -> None:
    site.hang("/slow")
    async with adding() as (reader, given):
        await reader.paste(site.url("/slow", user="me:hush"))
        reader.push("enter")
        await reader.until_seen("Looking at 127.0.0.1 …")
        await reader.until(lambda: site.requests, "the question")
        await reader.press("escape")
        assert reader.sees("Cancelled.")
        await reader.press("escape")
    assert given == [False]
    assert load_subscriptions(folders().sources) == []


async def test_what_cannot_be_found_is_told_and_can_be_corrected(site: Site, tmp_path: Path) -> None:
    async with adding() as (reader, given):
        await reader.paste(site.url("/nowhere"))
        await reader.press("enter")
        await reader.until_seen("404")
        assert reader.sees(site.url("/nowhere"))
        (tmp_path / "things").mkdir()
        (tmp_path / "things" / "a.md").write_text("---\ntitle: A\n---\n")
        await reader.press("ctrl+u")
        await reader.paste(str(tmp_path / "things"))
        await reader.press("enter")
        await reader.until(lambda: given, "the front page")
    assert load_subscriptions(folders().sources) == [Subscription(str(tmp_path / "things"))]


async def test_a_source_is_added_from_the_screen_of_the_sources(site: Site) -> None:
    site.page("/feed", FEED % b"The Feed")
    three()
    async with looking() as (reader, given):
        await reader.press("a")
        await reader.paste(site.url("/feed"))
        await reader.press("enter")
        await reader.until_seen("○ The Feed")
        await reader.press("q")
    assert given == [True]
