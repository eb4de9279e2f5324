"""The reader with sources on the network: stories arrive, new ones are offered, and without a network all is there."""

from __future__ import annotations

import os
import socket

import pytest

from tests.support.feeds import START, Item, item, rss
from tests.support.servers import Loopback, Site, page
from tests.ui.reader import Reader, reading
from tests.ui.terminal import run
from tui_reader.config import folders
from tui_reader.subscriptions.edit import add_subscriptions
from tui_reader.subscriptions.subscription import Subscription
from tui_reader.ui.screens.front_page import FrontPage

TITLES = (
    "Ferry strike ends after a week",
    "Comet seen from the harbour",
    "Council votes on bus fares",
    "Old mill burns down",
)
"""Events that have nothing to do with one another."""

PATIENT = {"Cache-Control": "max-age=36000"}


def news(number: int) -> Item:
    return item(number, title=TITLES[number])


def keep(*addresses: str) -> None:
    add_subscriptions(folders().sources, [Subscription(address) for address in addresses])


def refresh() -> None:
    """Refresh as cron does."""
    run("refresh", environ=os.environ)


async def until_answered(reader: Reader, site: Site, count: int) -> None:
    await reader.until(lambda: len(site.requests) >= count, f"{count} requests")
    await reader.until_indexed()


async def test_stories_arrive_at_the_first_start(site: Site) -> None:
    keep(*(site.page(f"/{number}", rss(news(number))) for number in range(3)), site.page("/gone", b"", 404))
    async with reading(indexed=False) as reader:
        await until_answered(reader, site, 4)
        assert sorted(reader.shown()) == sorted(TITLES[:3])
        assert reader.sees(TITLES[0])
        assert "nothing at this address (404)" in reader.footer


async def test_the_first_headlines_wait_for_no_other_feed(site: Site) -> None:
    """A pack of feeds was added, and one of them does not answer."""
    keep(*(site.page(f"/{number}", rss(news(number))) for number in range(3)), site.hang("/never"))
    async with reading(indexed=False) as reader:
        await reader.until_seen(TITLES[0])
        await reader.until(lambda: sorted(reader.shown()) == sorted(TITLES[:3]), "the other headlines")
        await reader.until(lambda: reader.opened == reader.cursor, "the story beside them")
        assert reader.page.updates.running()


async def test_a_start_soon_after_asks_nobody(site: Site) -> None:
    keep(site.page("/feed", rss(news(1))))
    refresh()
    async with reading(indexed=False) as reader:
        await reader.until_indexed()
        assert reader.shown() == [TITLES[1]]
        assert len(site.requests) == 1


async def test_new_stories_are_offered_and_what_is_read_stays_in_its_place(site: Site) -> None:
    keep(site.page("/feed", rss(news(1), news(2))))
    refresh()
    async with reading(indexed=False) as reader:
        await reader.until_indexed()
        await reader.press("j")
        chosen, lines = reader.cursor, reader.part(reader.stories)
        site.page("/feed", rss(news(3), news(2), news(1)))
        await reader.press("r")
        await until_answered(reader, site, 2)
        await reader.until_seen("1 new story · . shows")
        assert reader.cursor == reader.opened == chosen
        assert reader.part(reader.stories) == lines
        await reader.press(".")
        await reader.until(lambda: TITLES[3] in reader.shown(), "the new story")
        assert reader.cursor == chosen
        assert not reader.sees("1 new story ·")


async def test_r_leaves_alone_who_asks_for_it_and_twice_R_does_not(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tui_reader.ui.controllers.updates._AGAIN", 600.0)  # a slow machine is no slow hand
    keep(site.put("/feed", page(rss(news(1)), headers=PATIENT), page(rss(news(2), news(1)), headers=PATIENT)))
    refresh()
    async with reading(indexed=False) as reader:
        await reader.until_indexed()
        await reader.press("r")
        await reader.until_indexed()
        await reader.press("R")
        await reader.until_indexed()
        assert len(site.requests) == 1
        await reader.press("R")
        await until_answered(reader, site, 2)
        assert sorted(reader.shown()) == [TITLES[1], news(2).title]


async def test_R_twice_before_the_reader_has_begun_to_refresh(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    keep(site.put("/feed", page(rss(news(1)), headers=PATIENT), page(rss(news(2), news(1)), headers=PATIENT)))
    refresh()
    go_on = FrontPage._go_on

    def after_keys(page: FrontPage) -> None:
        page.updates.refresh_all()
        page.updates.refresh_all()
        page.call_after_refresh(go_on, page)

    monkeypatch.setattr(FrontPage, "_go_on", after_keys)
    async with reading(indexed=False) as reader:
        await until_answered(reader, site, 2)
        assert sorted(reader.shown()) == [TITLES[1], news(2).title]


async def test_a_host_that_is_gone_hides_nothing() -> None:
    with Loopback() as net:
        keep(net.site().page("/feed", rss(news(1), news(2))))
        refresh()
    async with reading(indexed=False) as reader:
        await reader.until_indexed()
        await reader.press("r")
        await reader.until_indexed()
        assert "server does not answer" in reader.footer
        assert sorted(reader.shown()) == [TITLES[1], news(2).title]
        assert reader.sees(TITLES[2])


async def test_added_sources_that_fail_are_marked_in_the_sidebar_at_the_end(site: Site) -> None:
    keep(site.page("/feed", rss(news(1))), site.page("/other", rss(news(2))))
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        port = nobody.getsockname()[1]
    async with reading(size=(120, 40), indexed=False) as reader:
        await until_answered(reader, site, 2)
        assert not reader.sees("✕")
        keep(*(f"http://127.0.0.1:{port}/{number}" for number in range(3)))
        reader.page._swap()
        await reader.until_indexed()
        await reader.until(lambda: reader.text().count("✕") == 3, "the marks of the three")


async def test_a_copy_that_cannot_be_made_is_told_once(site: Site) -> None:
    keep(site.page("/feed", rss(news(1))))
    (folders().data / "copies" / "sources.toml.new").mkdir(parents=True)  # in the place of the copy
    async with reading(indexed=False) as reader:
        await reader.until_indexed()
        assert reader.shown() == [TITLES[1]]
        assert "was not copied: " in reader.footer
        await reader.press("r")
        await reader.until_indexed()
        assert "Nothing new" in reader.footer


async def test_600_sources_that_fail_do_not_end_the_refresh(site: Site) -> None:
    with socket.socket() as each:
        each.bind(("127.0.0.1", 0))
        port = each.getsockname()[1]
    keep(*(f"http://127.0.0.1:{port}/{'long/' * 20}{number}" for number in range(600)), site.page("/", rss(news(1))))
    async with reading(indexed=False) as reader:
        await reader.until_indexed()
        assert reader.shown() == [TITLES[1]]
        assert reader.footer.startswith(" 600 sources failed · L lists them")


async def test_who_started_offline_asks_nobody(site: Site) -> None:
    keep(site.page("/feed", rss(news(0))))
    refresh()
    async with reading(offline=True) as reader:
        await reader.until_indexed()
        site.page("/feed", rss(news(0), news(1)))
        await reader.press("R", "R", "r")
        await reader.until_seen("Started with --offline")
        await reader.until_indexed()
        assert reader.shown() == [TITLES[0]]
        assert "Nothing new on the disk; with --offline, no feed is asked" in reader.footer
    assert len(site.requests) == 1


async def test_what_is_hot_now_comes_first_until_another_order_is_chosen(site: Site) -> None:
    old = [news(0), item(5, title=f"{TITLES[0]} at last", date=START + 60)]  # two on one event, a month before
    keep(site.page("/feed", rss(*old, item(9, title=TITLES[1], date=START + 30 * 86_400))))
    refresh()
    async with reading() as reader:
        assert reader.shown()[0] == TITLES[1]
        await reader.press("S")
    async with reading() as reader:
        assert reader.shown()[0] != TITLES[1]


async def test_the_reader_refreshes_by_itself(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tui_reader.ui.controllers.updates._WATCH_SECONDS", 0.05)
    keep(site.page("/feed", rss(news(1))))
    refresh()
    async with reading(indexed=False) as reader:
        await reader.until_indexed()
        started, page = reader.page.updates._started, reader.page.updates._page
        monkeypatch.setattr(page, "settings", page.settings._replace(refresh_every=0))
        await reader.until(lambda: reader.page.updates._started > started, "a refresh that nobody asked for")
        monkeypatch.setattr(page, "settings", page.settings._replace(refresh_every=600))
        await reader.until_indexed()


async def test_R_twice_ends_the_refresh_that_hangs_and_begins_another(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tui_reader.ui.controllers.updates._AGAIN", 600.0)
    keep(site.page("/feed", rss(news(1))), site.page("/other", rss(news(2))))
    refresh()
    site.hang("/feed")
    async with reading(indexed=False) as reader:
        await reader.until_indexed()
        await reader.press("R")
        await reader.until(lambda: len(site.requests) == 4, "the request that hangs")
        hanging = reader.page.updates.process
        assert hanging is not None
        await reader.press("R")
        await reader.until(lambda: len(site.requests) == 6, "the requests of another refresh")
        assert hanging.poll() is not None
        running = reader.page.updates.process
        assert running is not None
        assert running is not hanging
    assert running.poll() is not None
