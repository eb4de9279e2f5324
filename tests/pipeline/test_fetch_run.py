"""What a refresh does about clocks, moves, titles and downloads that went wrong."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.pipeline.test_refresher import DAY, QUICK, Desk, headlines
from tests.support.collections import STORM, article_fields, file_name
from tests.support.feeds import archive, item, rss
from tests.support.index import opened
from tests.support.servers import Handler, Loopback, Site, page
from tui_reader.config import Settings
from tui_reader.model.article_filter import Action, make_filter
from tui_reader.model.progress import Progress
from tui_reader.model.query import Query
from tui_reader.pipeline.indexer import update_index
from tui_reader.storage.feed_store import FeedStore
from tui_reader.storage.filters import filters_in
from tui_reader.subscriptions.selection import select_sources
from tui_reader.subscriptions.subscription import Subscription, load_subscriptions


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


@pytest.mark.parametrize("automatic", [True, False])
def test_a_clock_that_is_set_back_holds_nothing_up(desk: Desk, site: Site, automatic: bool) -> None:
    desk.keep(site.page("/feed", rss(item(1)), headers={"Cache-Control": "max-age=7200"}))
    desk.refresh()
    assert desk.refresh(later=-60, automatic=automatic).sources_total == 0
    assert desk.refresh(later=-400 * DAY, automatic=automatic).sources_total == 1
    assert desk.refresh(later=60, automatic=automatic).sources_total == 0
    assert desk.titles() == headlines(1)


def test_a_source_does_not_move_from_https_to_http(
    desk: Desk, net: Loopback, certified: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The other server is a stranger, as if it were on the internet.
    monkeypatch.setattr("tui_reader.sources.http.transport.is_public", lambda _: True)
    secure, plain = net.site(tls=True), net.site("127.0.0.2")
    old = secure.redirect("/feed", plain.page("/feed", rss(item(1))), 301)
    desk.keep(old)
    for _ in range(3):
        assert desk.refresh(later=1).failures == ()
    assert desk.titles() == headlines(1)
    assert load_subscriptions(desk.folders.sources)[0].location == old


def test_a_moved_source_is_indexed_and_asked_at_its_new_place_at_once(desk: Desk, site: Site) -> None:
    old = site.redirect("/old", "/new", 301)
    site.put("/new", page(rss(item(1))), page(rss(item(2))))
    desk.keep(old)
    desk.settings = Settings(keep_days=1)
    desk.refresh()
    desk.refresh(later=2 * DAY)
    assert desk.titles() == headlines(2)
    site.requests.clear()
    site.page("/new", rss(item(3), item(2)))
    desk.refresh(later=1)
    assert site.paths() == ["/new"]
    assert desk.titles() == headlines(3, 2)


def test_filters_follow_their_source_to_its_new_place(desk: Desk, site: Site) -> None:
    old = site.redirect("/old", "/new", 301)
    new = site.page("/new", rss(item(1)))
    desk.keep(old)
    with opened(desk.folders.database([old], kept=True), desk.folders.marks) as (_, marks):
        marks.filters.add(make_filter("headline", Action.MUTE, source=old))
    desk.refresh()
    desk.refresh(later=2 * DAY)
    assert [each.source for each in filters_in(desk.folders.marks)] == [new]


def test_stories_are_made_of_what_was_indexed_while_others_were_fetched(
    desk: Desk, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tui_reader.pipeline.refresher._INDEX_AFTER", 0.0)
    told = [item(at, title=title, link=f"https://paper{at}.example/{at}") for at, title in enumerate(STORM)]
    desk.keep(site.page("/feed", rss(*told)))
    assert desk.refresh().new == len(STORM)
    with opened(select_sources((), desk.folders).database) as (reader, _):
        assert (reader.count(Query()), reader.count(Query(folded=True))) == (1, len(STORM))


def test_the_title_that_a_person_gave_a_source_is_kept(desk: Desk, site: Site) -> None:
    desk.keep(Subscription(site.page("/feed", rss(item(1), title="Theirs")), title="Mine"))
    for _ in range(2):
        desk.refresh(later=1)
    with opened(select_sources((), desk.folders).database) as (reader, _):
        assert reader.summary().title == "Mine"
    assert desk.facts().title == "Mine"


def test_a_failed_download_leaves_no_file(desk: Desk, site: Site) -> None:
    packed = archive({file_name(0): article_fields(0, 1)})
    desk.keep(site.put("/site.tar.gz", page(packed), page(b"<html>Sign in</html>"), page(b"", 500)))
    desk.refresh()
    (kept,) = desk.folders.downloads.iterdir()
    for _ in range(2):
        assert len(desk.refresh(later=1, force=True).failures) == 1
        assert list(desk.folders.downloads.iterdir()) == [kept]
    assert len(desk.titles()) == 1


def test_a_download_that_was_never_finished_is_removed_after_a_day(desk: Desk, site: Site) -> None:
    desk.keep(site.page("/feed", rss(item(1))))
    desk.folders.downloads.mkdir(parents=True)
    running, left = (desk.folders.downloads / f".new-{name}.tar.gz.part" for name in ("running", "left"))
    for path, age in ((running, DAY / 2), (left, 2 * DAY)):
        path.write_bytes(b"half")
        os.utime(path, (time.time() - age,) * 2)
    desk.refresh()
    assert list(desk.folders.downloads.iterdir()) == [running]


def test_no_answer_waits_for_the_index(desk: Desk, site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    indexing = threading.Event()
    stored: list[bool] = []  # while an index pass ran

    def late(handler: Handler) -> None:
        """Answer once an index pass is under way, well within the time that a source has."""
        indexing.wait(20)
        handler.send(200, {"Content-Type": "application/xml"}, rss(item(2)))

    def busy(*arguments: Any, **more: Any) -> Iterator[Progress]:
        """Update the index, which takes until what the other source answers is stored."""
        if arguments[3] is not None:
            indexing.set()
            end = time.monotonic() + 2 * desk.limits.total_seconds
            with FeedStore.opened(desk.folders.fetched) as store:
                while not store.stamps(site.url("/late")) and time.monotonic() < end:
                    time.sleep(0.005)
                stored.append(bool(store.stamps(site.url("/late"))))
        yield from update_index(*arguments, **more)

    monkeypatch.setattr("tui_reader.pipeline.refresher.update_index", busy)
    desk.limits = replace(QUICK, total_seconds=2)
    desk.keep(site.page("/quick", rss(item(1))), site.put("/late", late))
    done = desk.refresh()
    assert done.failures == ()
    assert stored[0]
    assert desk.titles() == headlines(2, 1)


def test_what_an_account_has_is_not_asked_itself(desk: Desk, site: Site) -> None:
    desk.keep(Subscription(site.page("/a", rss(item(1))), account="home"), site.page("/b", rss(item(2))))
    assert desk.refresh().sources_total == 1
    assert site.paths() == ["/b"]
