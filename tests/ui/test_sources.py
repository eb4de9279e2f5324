"""The sources screen, and adding a source."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from tests.support.servers import Loopback, Site
from tests.ui.browser import Browser
from tests.ui.reader import Reader, reading, unwritable_sources
from tui_reader.config import folders
from tui_reader.model.article import Article
from tui_reader.model.feed_entry import Entry
from tui_reader.sources.http.caching import FetchState, after_failure, after_success
from tui_reader.storage.feed_store import FeedStore, FetchedSource
from tui_reader.subscriptions.edit import add_subscriptions
from tui_reader.subscriptions.subscription import Subscription, load_subscriptions
from tui_reader.ui.screens.add_source import AddSourceScreen
from tui_reader.ui.screens.sources import SourcesResult, SourcesScreen
from tui_reader.ui.widgets.source_details import SourceDetails
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


def subscribe(*sources: Subscription, states: Sequence[FetchState | None] = ()) -> None:
    """Subscribe to sources, the first of them with the state of an earlier refresh."""
    add_subscriptions(folders().sources, sources)
    with FeedStore.opened(folders().fetched) as store:
        for source, state in zip(sources, states, strict=False):
            if state is not None:
                page = f"{source.location}/page"
                store.put_source(FetchedSource(source.location, "", page, state=state.as_text()))
                entries = [Entry(f"{n}", Article(f"No. {n}", published=NOW - n * DAY)) for n in range(1, 15)]
                store.store_entries(source.location, entries, NOW)


def subscribe_to_three() -> None:
    """Subscribe to a working source, a failing one and one that was never fetched."""
    subscribe(
        Subscription(feed(1), title="Alpha", folder=("Work",)),
        Subscription(feed(2), title="Beta [b]bold[/b]", folder=("Work", "Deep")),
        Subscription(feed(3), title="Gamma"),
        states=[FINE, BROKEN],
    )


def subscription(location: str) -> Subscription:
    return next(source for source in load_subscriptions(folders().sources) if source.location == location)


@asynccontextmanager
async def open_sources(size: tuple[int, int] = (80, 24)) -> AsyncIterator[tuple[Reader, list[SourcesResult | None]]]:
    """Open the sources screen; its result comes into the list."""
    results: list[SourcesResult | None] = []
    async with reading(size=size, offline=True) as reader:
        reader.app.push_screen(SourcesScreen(folders(), offline=True), results.append)
        await reader.until(lambda: isinstance(reader.app.screen, SourcesScreen), "the sources")
        await reader.rest()
        yield reader, results


@pytest.mark.parametrize("size", SIZES)
async def test_table_and_details_at_every_size(size: tuple[int, int]) -> None:
    subscribe_to_three()
    async with open_sources(size) as (reader, _):
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
        assert reader.sees("q back")
        await reader.press("G")
        assert reader.sees(feed(2))
        assert reader.sees("the server answered 503")
        assert reader.sees("Next attempt")


async def test_sources_of_a_damaged_feed_store_are_listed_and_it_is_said_why_nothing_is_known() -> None:
    subscribe_to_three()
    folders().fetched.write_bytes(b"no database" * 1000)
    async with open_sources() as (reader, _):
        assert reader.sees("Alpha")
        assert reader.sees("not fetched yet")
        assert reader.sees("cannot read the fetched articles")


async def test_only_failing_sources_can_be_listed() -> None:
    subscribe(
        *(Subscription(feed(number), title=f"Source {number:03}") for number in range(100)),
        states=[BROKEN if number % 2 else FINE for number in range(100)],
    )
    async with open_sources() as (reader, _):
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


async def test_symbols_of_paused_and_missing_sources() -> None:
    subscribe(
        Subscription(feed(1), title="Alpha", paused=True),
        Subscription(feed(2), title="Beta"),
        Subscription("/no/such/place", title="Gamma"),
        states=[FINE, GONE],
    )
    async with open_sources() as (reader, _):
        assert "‖ Alpha" in reader.text()
        assert "paused" in reader.lines()[reader.place_of("Alpha")[1]]
        assert "✕ Beta" in reader.text()
        assert "gone for good" in reader.lines()[reader.place_of("Beta")[1]]
        assert "not found" in reader.lines()[reader.place_of("Gamma")[1]]
        assert reader.sees("1 paused · 3 sources")
        await reader.press("G")
        assert reader.sees("Put it back, or press d to remove it")


async def test_without_sources_every_key_is_harmless() -> None:
    async with open_sources() as (reader, results):
        assert reader.sees("No sources yet: press a to add one.")
        await reader.press(*"jkGgpdrRFtfwAo", "enter", "q")
        assert results == [SourcesResult()]
        assert reader.focus_is_on(reader.stories)


async def test_cursor_keys_and_clicks() -> None:
    subscribe(*(Subscription(feed(number), title=f"Source {number:03}") for number in range(100)))
    async with open_sources() as (reader, _):
        for key, number in (("j", 1), ("down", 2), ("k", 1), ("G", 99), ("g", 0), ("pagedown", 11), ("pageup", 0)):
            await reader.press(key)
            assert f"▌○ Source {number:03}" in reader.text(), key
        await reader.click("Source 003")
        assert "▌○ Source 003" in reader.text()


async def test_title_folder_and_topics_can_be_changed() -> None:
    subscribe_to_three()
    async with open_sources() as (reader, results):
        await reader.press("j", "R")
        assert reader.sees("Title: Alpha")
        await reader.press(*["backspace"] * 5)
        await reader.type("Best q")
        await reader.press("enter")
        assert subscription(feed(1)).title == "Best q"
        assert "▌● Best q" in reader.text()
        await reader.press("F")
        await reader.type(" / [red]In / ")
        await reader.press("enter")
        assert subscription(feed(1)).folder == ("Work", "[red]In")
        assert reader.sees("Work / [red]In")
        await reader.press("t")
        await reader.type("AI, , Space,AI")
        await reader.press("enter")
        assert subscription(feed(1)).topics == ("AI", "Space")
        assert reader.sees("Topics: AI, Space")
        await reader.press("q")
    assert results == [SourcesResult(changed=True)]


async def test_a_cancelled_or_unchanged_prompt_changes_nothing() -> None:
    subscribe_to_three()
    before = load_subscriptions(folders().sources)
    async with open_sources() as (reader, results):
        await reader.press("R")
        await reader.type("xx")
        await reader.press("tab", "escape", "F", "enter", "t", "enter")
        assert reader.sees("Gamma")
        await reader.press("escape")
    assert load_subscriptions(folders().sources) == before
    assert results == [SourcesResult()]


async def test_pause_and_resume() -> None:
    subscribe_to_three()
    async with open_sources() as (reader, results):
        await reader.press("j", "p")
        assert subscription(feed(1)).paused
        assert "▌‖ Alpha" in reader.text()
        await reader.press("r")
        assert reader.sees("This source is paused")
        await reader.press("p")
        assert not subscription(feed(1)).paused
        assert "▌● Alpha" in reader.text()
        await reader.press("q")
    assert results == [SourcesResult(changed=True)]


async def test_removing_needs_the_key_twice() -> None:
    subscribe_to_three()
    async with open_sources() as (reader, results):
        await reader.press("d")
        assert reader.sees("Press d again to remove Gamma; saved articles stay")
        await reader.press("j", "d")
        assert reader.sees("Press d again to remove Alpha")
        assert len(load_subscriptions(folders().sources)) == 3
        await reader.press("d")
        assert [source.title for source in load_subscriptions(folders().sources)] == ["Beta [b]bold[/b]", "Gamma"]
        assert not reader.sees("● Alpha")
        assert reader.sees("2 sources")
        await reader.press("q")
    assert results == [SourcesResult(changed=True)]


async def test_the_web_page_of_a_source_opens_in_the_browser(browser: Browser) -> None:
    subscribe_to_three()
    async with open_sources() as (reader, _):
        await reader.press("j", "o")
        await reader.until(browser.calls, "the browser")
        assert browser.calls() == [[f"{feed(1)}/page"]]
    subscribe(Subscription("/no/such/place", title="AAA"))
    async with open_sources() as (reader, _):
        await reader.press("o")
        assert reader.sees("This source has no web page")


async def test_credentials_are_not_shown() -> None:
    subscribe(Subscription("https://example.org/feed?token=hush", auth=("me", "hush")))
    async with open_sources((120, 40)) as (reader, _):
        assert reader.sees("https://example.org/feed?token=…")
        assert not reader.sees("hush")


async def test_an_invalid_file_of_subscriptions_is_an_error_message() -> None:
    subscribe_to_three()
    async with open_sources() as (reader, results):
        folders().sources.write_text("source = [")
        await reader.press("p")
        assert reader.sees("TOML: ")
        await reader.press("d", "d", "escape")
    assert results == [SourcesResult()]


@pytest.mark.parametrize("key", ["escape", "enter"])
async def test_leaving_while_a_source_is_being_removed_still_tells_of_it(key: str) -> None:
    subscribe_to_three()
    async with open_sources() as (reader, results):
        with unwritable_sources():
            for each in ("d", "d", key):
                reader.push(each)
            await reader.until_taken()
        await reader.until(lambda: results, "the front page")
    assert [result.changed for result in results if result] == [True]
    assert len(load_subscriptions(folders().sources)) == 2


async def test_refresh_one_source(site: Site) -> None:
    site.page("/feed", FEED % b"The Feed")
    # Asked a short while ago, so that the front page leaves it alone.
    subscribe(Subscription(site.url("/feed")), states=[FINE])
    async with open_sources() as (reader, results):
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
    assert results == [SourcesResult()]


async def test_the_details_tell_what_a_source_lacks() -> None:
    notes = ("entries left out because they are listed twice: 2", "Hello: date cannot be read: [b]soon[/b]")
    subscribe(Subscription(feed(1), title="Alpha"), Subscription(feed(2), title="Beta"), states=[FINE, FINE])
    with FeedStore.opened(folders().fetched) as store:
        store.put_source(store.sources()[feed(1)]._replace(notes=notes))
    async with open_sources((120, 40)) as (reader, _):
        shown = " ".join(" ".join(reader.part(reader.app.screen.query_one(SourceDetails))).replace("│", " ").split())
        assert f"Not read as it should be: {' '.join(notes)}" in shown
        await reader.press("j")
        assert not reader.sees("Not read as it should be:")


async def test_close_during_a_refresh(site: Site) -> None:
    site.hang("/feed")
    subscribe(Subscription(site.url("/feed"), title="Slow"), states=[FINE])
    async with open_sources() as (reader, results):
        reader.push("r")
        await reader.until(lambda: site.requests, "the question")
        assert reader.sees("Refreshing Slow …")
        reader.push("r")
        await reader.until_seen("still being refreshed")
        reader.push("q")
        await reader.until(lambda: results == [SourcesResult()], "the front page")


# -- adding --------------------------------------------------------------------


@asynccontextmanager
async def open_add_source(size: tuple[int, int] = (80, 24)) -> AsyncIterator[tuple[Reader, list[bool | None]]]:
    """Open the window; its result comes into the list."""
    results: list[bool | None] = []
    async with reading(size=size) as reader:
        reader.app.push_screen(AddSourceScreen(folders()), results.append)
        await reader.until(lambda: isinstance(reader.app.screen, AddSourceScreen), "the window")
        await reader.rest()
        yield reader, results


async def test_a_single_feed_is_added_at_once(site: Site) -> None:
    site.page("/feed", FEED % b"The [b]Feed[/b]")
    async with open_add_source() as (reader, results):
        await reader.paste(site.url("/feed"))
        await reader.press("enter")
        await reader.until(lambda: results, "the front page")
    assert results == [True]
    assert load_subscriptions(folders().sources) == [Subscription(site.url("/feed"), title="The [b]Feed[/b]")]


@pytest.mark.parametrize("size", SIZES)
async def test_several_feeds_can_be_selected(size: tuple[int, int], site: Site) -> None:
    site.page("/", PAGE, kind="text/html")
    for name in ("all", "sports"):
        site.page(f"/{name}.xml", FEED % name.encode())
    async with open_add_source(size) as (reader, results):
        assert reader.sees("or a folder, file, archive")
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
        await reader.until(lambda: results, "the front page")
    assert [source.location for source in load_subscriptions(folders().sources)] == [site.url("/sports.xml")]


async def test_without_a_selection_the_feed_under_the_cursor_is_added(site: Site) -> None:
    site.page("/", PAGE, kind="text/html")
    async with open_add_source() as (reader, results):
        await reader.paste(site.url("/"))
        await reader.press("enter")
        await reader.until_seen("There are several sources")
        await reader.press("enter")
        await reader.until(lambda: results, "the front page")
    assert [source.location for source in load_subscriptions(folders().sources)] == [site.url("/all.xml")]


async def test_a_private_address_that_a_page_names_is_added_only_if_you_confirm_it(net: Loopback, site: Site) -> None:
    far = net.site("127.0.0.2").page("/feed", FEED % b"Inside")
    link = '<link rel="alternate" type="application/rss+xml" title="{}" href="{}">'
    site.page("/one", link.format("Inside", far).encode(), kind="text/html")
    site.page("/two", (link.format("All", "/all.xml") + link.format("Inside", far)).encode(), kind="text/html")
    async with open_add_source() as (reader, results):
        await reader.paste(site.url("/one"))
        await reader.press("enter")
        await reader.until_seen("127.0.0.1 names 127.0.0.2, in your private network")
        await reader.press("escape")
        assert load_subscriptions(folders().sources) == []
        await reader.press("ctrl+u")
        await reader.paste(site.url("/two"))
        await reader.press("enter")
        await reader.until_seen("There are several sources")
        await reader.press("j", "enter")
        await reader.until_seen("in your private network")
        assert results == []
        await reader.press("enter")
        await reader.until(lambda: results, "the front page")
    assert load_subscriptions(folders().sources) == [Subscription(far, title="Inside")]


async def test_a_source_that_has_already_been_added(site: Site) -> None:
    site.page("/feed", FEED % b"The Feed")
    add_subscriptions(folders().sources, [Subscription(site.url("/feed"))])
    async with open_add_source() as (reader, results):
        await reader.paste(site.url("/feed"))
        await reader.press("enter")
        await reader.until_seen("This source has already been added")
        await reader.press("escape")
    assert results == [False]


async def test_a_search_can_be_cancelled(site: Site) -> None:
    site.hang("/slow")
    async with open_add_source() as (reader, results):
        await reader.paste(site.url("/slow", user="me:hush"))
        reader.push("enter")
        await reader.until_seen("Looking at 127.0.0.1 …")
        await reader.until(lambda: site.requests, "the question")
        await reader.press("escape")
        assert reader.sees("Cancelled")
        await reader.press("escape")
    assert results == [False]
    assert load_subscriptions(folders().sources) == []


async def test_escape_while_a_source_is_being_added_still_tells_of_it(town: Path) -> None:
    async with open_add_source() as (reader, results):
        await reader.paste(str(town))
        with unwritable_sources():
            reader.push("enter")
            await reader.until(lambda: reader.app.screen._writing, "the source to be written")  # type: ignore[attr-defined]
            reader.push("escape")
            await reader.until_taken()
        await reader.until(lambda: results, "the front page")
    assert results == [True]
    assert len(load_subscriptions(folders().sources)) == 1


async def test_an_address_that_is_not_found_can_be_corrected(site: Site, tmp_path: Path) -> None:
    async with open_add_source() as (reader, results):
        await reader.paste(site.url("/nowhere"))
        await reader.press("enter")
        await reader.until_seen("404")
        assert reader.sees(site.url("/nowhere"))
        (tmp_path / "things").mkdir()
        (tmp_path / "things" / "a.md").write_text("---\ntitle: A\n---\n")
        await reader.press("ctrl+u")
        await reader.paste(str(tmp_path / "things"))
        await reader.press("enter")
        await reader.until(lambda: results, "the front page")
    assert load_subscriptions(folders().sources) == [Subscription(str(tmp_path / "things"))]


async def test_add_a_source_from_the_sources_screen(site: Site) -> None:
    site.page("/feed", FEED % b"The Feed")
    subscribe_to_three()
    async with open_sources() as (reader, results):
        await reader.press("a")
        await reader.paste(site.url("/feed"))
        await reader.press("enter")
        await reader.until_seen("○ The Feed")
        await reader.press("q")
    assert results == [SourcesResult(changed=True)]


async def test_full_texts_of_a_source_and_their_selector() -> None:
    subscribe_to_three()
    async with open_sources((120, 40)) as (reader, results):
        await reader.press("v")
        await reader.until_seen("Always in full text (v)")
        assert "The full texts of Gamma are fetched with every refresh" in reader.text()
        assert subscription(feed(3)).full_text
        await reader.press("V", *"div.text", "enter")
        await reader.until_seen("div.text (V)")
        assert subscription(feed(3)).selector == "div.text"
        await reader.press("v")
        await reader.until(lambda: not subscription(feed(3)).full_text, "the other way")
        await reader.until(lambda: not reader.sees("Always in full text"), "that it is shown")
        await reader.press("V", *["backspace"] * 8, "enter")
        await reader.until(lambda: not subscription(feed(3)).selector, "no selector")
        await reader.press("escape")
        await reader.until(lambda: bool(results), "the end of the screen")
    assert results == [SourcesResult(changed=True)]
