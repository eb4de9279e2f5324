"""Refreshing from real servers on the loopback interface: articles, failures, schedules, retention."""

from __future__ import annotations

import gzip
import socket
import tarfile
import tempfile
import threading
import time
from contextlib import suppress
from email.utils import formatdate
from pathlib import Path
from typing import Any

import pytest

from tests.support.collections import article_fields, entry_fields, file_name
from tests.support.feeds import START, Item, api_page, api_topics, archive, item, rss
from tests.support.index import opened
from tests.support.servers import Loopback, Site, page
from tui_reader.config import Folders, Settings
from tui_reader.model.progress import Progress
from tui_reader.model.query import Query
from tui_reader.model.story import Story
from tui_reader.pipeline.fetch_result import OFFLINE
from tui_reader.pipeline.fetch_run import FetchRun
from tui_reader.pipeline.refresher import Refresher
from tui_reader.pipeline.retention import drop_removed, remove_sources
from tui_reader.queries.source_status import Health, SourceStatus, source_status
from tui_reader.sources.files.archive import ArchiveCollection
from tui_reader.sources.http.client import NetLimits
from tui_reader.sources.http.transport import Resolver
from tui_reader.storage.feed_store import FeedStore
from tui_reader.subscriptions.edit import add_subscriptions
from tui_reader.subscriptions.selection import select_sources
from tui_reader.subscriptions.subscription import Subscription, load_subscriptions

DAY = 86_400
NOW = START + DAY
QUICK = NetLimits(connect_seconds=5, read_seconds=5, total_seconds=5, retry_seconds=0.01, feed_bytes=300_000)


class Desk:
    """A person's folders, a clock, and what they read."""

    def __init__(self, folder: Path) -> None:
        self.folders = Folders(*(folder / name for name in ("config", "data", "cache", "state")))
        self.settings = Settings()
        self.limits = QUICK
        self.resolve: Resolver | None = None
        self.now = NOW

    def keep(self, *sources: str | Subscription) -> None:
        add_subscriptions(
            self.folders.sources, [each if isinstance(each, Subscription) else Subscription(each) for each in sources]
        )

    def refresh(self, *locations: str, later: int = 0, **options: Any) -> Progress:
        """Refresh ``later`` seconds after the last time; return how that ended."""
        self.now += later
        fetch_run = FetchRun(
            self.folders, self.settings, limits=self.limits, resolve=self.resolve, clock=lambda: self.now
        )
        selection = select_sources((), self.folders)
        refresher = Refresher(selection, self.folders, self.settings, fetch_run=fetch_run)
        *_, last = refresher.run(locations or None, **options)
        assert last.finished
        return last

    def remove(self, location: str) -> None:
        remove_sources(self.folders, [location], self.now)

    def titles(self) -> list[str]:
        """The titles of all articles, the newest first."""
        return [story.row.title for story in self.stories()]

    def stories(self) -> list[Story]:
        """All articles, the newest first."""
        with opened(select_sources((), self.folders).database, self.folders.marks) as (reader, _):
            found = [reader.story(number) for number in reader.order(Query(folded=True))]
        return sorted((story for story in found if story), key=lambda story: -(story.row.published or 0))

    def mark(self, title: str, *, read: bool = False, saved: bool | None = None) -> None:
        with opened(select_sources((), self.folders).database, self.folders.marks) as (reader, marks):
            (number,) = (
                number for number, row in reader.rows(reader.order(Query(folded=True))).items() if row.title == title
            )
            if read:
                marks.set_read([number], self.now)
            if saved is not None:
                marks.set_saved([number], self.now if saved else None)

    def annotate(self, title: str, *, tag: str = "", note: str = "") -> None:
        """Give an article a tag and a note, or take both from it."""
        with opened(select_sources((), self.folders).database, self.folders.marks) as (reader, marks):
            rows = reader.rows(reader.order(Query(folded=True)))
            (number,) = (number for number, row in rows.items() if row.title == title)
            marks.tags.set_tags(number, [tag] if tag else [])
            marks.tags.set_note([number], note, self.now)

    def facts(self, location: str = "") -> SourceStatus:
        return next(
            facts for facts in source_status(self.folders, self.now) if not location or facts.location == location
        )


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def closed_port() -> int:
    with socket.socket() as each:
        each.bind(("127.0.0.1", 0))
        return int(each.getsockname()[1])


def headlines(*numbers: int) -> list[str]:
    return [f"Headline {number} of the day" for number in numbers]


# -- feeds -------------------------------------------------------------------


def test_entries_of_a_feed_are_indexed(desk: Desk, site: Site) -> None:
    desk.keep(site.page("/feed", rss(item(1), item(2), title="The <Paper>")))
    done = desk.refresh()
    assert (done.sources_done, done.sources_total, done.new, done.changed, done.failures) == (1, 1, 2, 2, ())
    assert desk.titles() == headlines(2, 1)
    assert desk.stories()[1].row.provider.name == "The <Paper>"
    facts = desk.facts()
    assert (facts.title, facts.health, facts.articles, facts.last_fetched) == ("The <Paper>", Health.FINE, 2, NOW)


def test_validators_of_a_response_are_sent_with_the_next_request(desk: Desk, site: Site) -> None:
    etag, date = 'W/"ä~;  x"', "Tue, 22 Sep 2026 14:13:20 GMT"
    headers = {"ETag": etag, "Last-Modified": date}
    desk.keep(site.put("/feed", page(rss(item(1)), headers=headers), page(status=304), page(rss(item(1), item(2)))))
    desk.refresh()
    again = desk.refresh(later=1)
    assert (again.sources_done, again.new, again.changed, again.failures) == (1, 0, 0, ())
    sent = site.requests[1].headers
    assert (sent["if-none-match"], sent["if-modified-since"]) == (etag, date)
    assert desk.titles() == headlines(1)
    desk.refresh(later=1)
    assert site.requests[2].headers["if-none-match"] == etag
    desk.refresh(later=1)
    assert "if-none-match" not in site.requests[3].headers
    assert desk.titles() == headlines(2, 1)


def test_a_changed_article_counts_as_changed_and_not_as_new(desk: Desk, site: Site) -> None:
    desk.keep(site.put("/feed", page(rss(item(1))), page(rss(item(1, title="Corrected headline")))))
    desk.refresh()
    done = desk.refresh(later=1)
    assert (done.new, done.changed) == (0, 1)
    assert desk.titles() == ["Corrected headline"]


def test_new_guids_for_the_same_pages_change_nothing(desk: Desk, site: Site) -> None:
    desk.keep(site.put("/feed", page(rss(item(1), item(2))), page(rss(item(1, guid="x"), item(2, guid="")))))
    desk.refresh()
    done = desk.refresh(later=1)
    assert (done.new, done.changed, done.removed) == (0, 0, 0)


def test_a_page_listed_twice_is_one_article_and_stays_unchanged(desk: Desk, site: Site) -> None:
    desk.keep(site.page("/feed", rss(item(1), item(1, guid="other"))))
    assert desk.refresh().new == 1
    done = desk.refresh(later=1)
    assert (done.new, done.changed) == (0, 0)
    assert desk.titles() == headlines(1)


def test_a_feed_whose_entries_have_one_link_grows(desk: Desk, site: Site) -> None:
    a, b, c = (item(number, link="https://status.example/") for number in (1, 2, 3))
    desk.keep(site.put("/feed", *(page(rss(*items)) for items in ([a], [b], [b, a], [c, b, a]))))
    desk.refresh()
    desk.mark(a.title, read=True)
    for new in (1, 0, 1):
        assert desk.refresh(later=1).new == new
        assert [(story.row.title, story.row.read) for story in desk.stories()][-2:] == [
            (b.title, False),
            (a.title, True),
        ]
    assert desk.titles() == headlines(3, 2, 1)


def test_a_page_in_two_feeds_is_one_article_until_both_drop_it(desk: Desk, site: Site) -> None:
    one = site.put("/one", page(rss(item(1))), page(rss(item(3))))
    other = site.put("/two", page(rss(item(1, link="https://www.paper.example/1?utm_source=rss"), item(2))))
    desk.keep(one, other)
    desk.settings = Settings(keep_days=1)
    desk.refresh()
    assert desk.titles() == headlines(2, 1)
    desk.refresh(later=2 * DAY)
    assert desk.titles() == headlines(3, 2, 1)


def test_articles_without_a_date_get_that_of_their_first_fetch(desk: Desk, site: Site) -> None:
    bare = Item("No page, no name, no date", date=None)
    desk.keep(site.page("/feed", rss(item(1, date=None), bare)))
    assert desk.refresh().new == 2
    assert [story.row.published for story in desk.stories()] == [NOW, NOW]
    desk.mark(bare.title, saved=True)
    done = desk.refresh(later=DAY)
    assert (done.new, done.changed) == (0, 0)
    assert [story.row.published for story in desk.stories()] == [NOW, NOW]
    desk.remove(desk.facts().location)
    desk.keep(site.page("/other", rss()))
    desk.refresh()
    assert desk.titles() == [bare.title]


def test_a_date_in_the_future_is_replaced_by_that_of_the_first_fetch(desk: Desk, site: Site) -> None:
    desk.keep(site.page("/feed", rss(item(1, date=NOW + 400 * DAY))))
    desk.refresh()
    done = desk.refresh(later=DAY)
    assert done.changed == 0
    assert [story.row.published for story in desk.stories()] == [NOW]


# -- other sources -----------------------------------------------------------


def put_api(site: Site, *pages: list[int]) -> str:
    """Serve an API with the articles of these numbers on its pages."""
    site.page("/news/api/topics/index.json", api_topics("Weather", "Rain"), kind="application/json")
    for at, numbers in enumerate(pages, 1):
        body = api_page(*map(entry_fields, numbers), following=at + 1 if at < len(pages) else None)
        path = "/news/api/news/index.json" if at == 1 else f"/news/api/news/page/{at}/index.json"
        site.page(path, body, kind="application/json")
    return site.url("/news/api/news/index.json")


def test_an_api_is_read_completely_first_and_then_until_nothing_is_new(desk: Desk, site: Site) -> None:
    desk.keep(put_api(site, [9, 8], [7, 6], [5]))
    done = desk.refresh()
    assert (done.new, done.failures) == (5, ())
    with opened(select_sources((), desk.folders).database) as (reader, _):
        topics = [(count.topic.name, count.topic.parent) for count in reader.topics(Query())]
    assert ("Rain", "Weather") in topics
    put_api(site, [11, 10], [9, 8], [7, 6], [5])
    site.requests.clear()
    assert desk.refresh(later=1).new == 2
    pages = [path for path in site.paths() if "/news/page" in path or path.endswith("news/index.json")]
    assert pages == ["/news/api/news/index.json", "/news/api/news/page/2/index.json"]
    assert len(desk.titles()) == 7


def test_an_api_that_failed_midway_is_completed_by_the_next_refresh(desk: Desk, site: Site) -> None:
    desk.keep(put_api(site, [9, 8], [7, 6], [5]))
    site.page("/news/api/news/page/3/index.json", b"", 500)
    done = desk.refresh()
    assert done.new == 4
    assert len(done.failures) == 1
    assert len(desk.titles()) == 4
    put_api(site, [9, 8], [7, 6], [5])
    assert desk.refresh(force=True, later=1).new == 1
    assert len(desk.titles()) == 5


def test_a_link_to_a_missing_last_page_ends_an_api_without_failure(desk: Desk, site: Site) -> None:
    desk.keep(put_api(site, [9, 8], [7]))
    site.page("/news/api/news/page/2/index.json", api_page(entry_fields(7), following=3), kind="application/json")
    site.page("/news/api/news/page/3/index.json", b"", 410)
    done = desk.refresh()
    assert (done.new, done.failures) == (3, ())
    assert desk.facts().health is Health.FINE


def test_articles_on_api_pages_that_are_not_fetched_are_kept(desk: Desk, site: Site) -> None:
    desk.keep(put_api(site, [9, 8], [7, 6], [5]))
    desk.settings = Settings(keep_days=1, keep_articles=1)
    desk.refresh()
    for _ in range(3):
        desk.refresh(later=DAY)
    assert len(desk.titles()) == 5


def test_an_archive_is_downloaded_only_when_it_changed(desk: Desk, site: Site) -> None:
    articles = {file_name(number): article_fields(number, 3) for number in range(3)}
    location = site.page("/site.tar.gz", archive(articles), kind="application/gzip", etag='"one"')
    desk.keep(location)
    done = desk.refresh()
    assert (done.changed, done.failures) == (3, ())
    assert len(desk.titles()) == 3
    again = desk.refresh(later=1)
    assert (again.changed, again.failures) == (0, ())
    assert site.requests[1].headers["if-none-match"] == '"one"'
    # A login page or a truncated archive must not replace it.
    site.page("/site.tar.gz", b"<html>Sign in</html>", kind="text/html")
    (failure,) = desk.refresh(later=1).failures
    assert failure == f"{location}: the response is not an archive; check the address in a browser"
    site.truncated("/site.tar.gz", archive(articles)[:100])
    assert desk.refresh(later=1, force=True).failures
    desk.folders.database((), kept=True).unlink()
    desk.refresh(offline=True)
    assert len(desk.titles()) == 3
    site.page("/site.tar.gz", archive(dict(list(articles.items())[:2])))
    assert desk.refresh(later=1, force=True).removed == 1
    desk.remove(location)
    for day in range(0, 31, 5):
        assert len(list(desk.folders.downloads.iterdir())) == 1
        drop_removed(desk.folders, desk.now + day * DAY)
    assert list(desk.folders.downloads.iterdir()) == []


# -- failures ----------------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (404, "nothing at this address"),
        (410, "gone for good"),
        (429, "wait"),
        (500, "error (500)"),
        (503, "error (503)"),
    ],
)
def test_an_error_affects_no_stored_articles_and_no_other_source(
    desk: Desk, site: Site, status: int, words: str
) -> None:
    bad = site.put("/bad", page(rss(item(1))), page(status=status))
    good = site.put("/good", page(rss(item(2))), page(rss(item(2), item(3))))
    desk.keep(bad, good)
    desk.refresh()
    done = desk.refresh(later=10)
    assert (done.sources_done, done.new) == (2, 1)
    (failure,) = done.failures
    assert words in failure
    assert failure.startswith(("The Paper: ", bad))
    assert failure.count(bad) == 1
    assert desk.titles() == headlines(3, 2, 1)
    facts = desk.facts(bad)
    assert facts.health is (Health.GONE if status == 410 else Health.FAILING)
    assert facts.failing_since == desk.now
    assert words in facts.error


def test_the_start_of_failures_is_kept_until_a_success(desk: Desk, site: Site) -> None:
    desk.keep(site.put("/feed", *[page(status=500)] * 2, page(rss(item(1)))))
    desk.refresh()
    desk.refresh(later=DAY)
    assert desk.facts().failing_since == NOW
    desk.refresh(later=DAY)
    assert (desk.facts().failing_since, desk.facts().error, desk.facts().health) == (None, "", Health.FINE)


def test_a_source_that_is_gone_is_fetched_only_with_force(desk: Desk, site: Site) -> None:
    desk.keep(site.put("/feed", page(status=410), page(rss(item(1)))))
    desk.refresh()
    assert desk.refresh(later=30 * DAY).sources_total == 0
    assert desk.refresh(force=True).new == 1
    assert desk.facts().health is Health.FINE


BOMB = (
    b'<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY a "aaaaaaaaaa">'
    + b"".join(b'<!ENTITY %c "%b">' % (97 + at, b"&%c;" % (96 + at) * 10) for at in range(1, 9))
    + b"]><rss><channel><title>&i;</title><item><title>&i;</title></item></channel></rss>"
)


def test_unusable_responses_are_reported_and_cost_little(desk: Desk, site: Site) -> None:
    wrong = [
        site.page("/page", b"<!DOCTYPE html><html><body>Hello</body></html>", kind="text/html"),
        site.page("/empty", b""),
        site.page("/picture", b"\x89PNG\r\n\x1a\n" + bytes(200), kind="image/png"),
        site.page("/deep", b"[" * 100_000, kind="application/json"),
        site.page("/deeper", b'{"value":' * 50_000, kind="application/json"),
        site.page("/packed", b"<rss>" + b" " * 5_000_000, coding="gzip"),
        site.endless("/endless"),
        site.endless("/endless-packed", coding="gzip"),
        site.truncated("/cut", rss(item(1))),
        site.redirect("/circle", "/circle"),
    ]
    good = site.page("/good", rss(item(2)), kind="image/png")
    desk.keep(*wrong, good)
    done = desk.refresh()
    assert done.sources_done == len(wrong) + 1
    assert desk.titles() == headlines(2)
    assert sorted(failure.split(": ")[0] for failure in done.failures) == sorted(wrong)


def test_nested_entities_do_not_expand(desk: Desk, site: Site) -> None:
    desk.keep(site.page("/bomb", BOMB), site.page("/good", rss(item(2))))
    desk.refresh()
    assert headlines(2)[0] in desk.titles()
    assert all(len(title) < 10_000 for title in desk.titles())


def test_failures_do_not_reveal_secrets_of_an_address(desk: Desk, site: Site) -> None:
    site.page("/feed", b"", 404)
    desk.keep(Subscription(site.url("/feed?token=Geheim"), auth=("me", "Pass")))
    (failure,) = desk.refresh().failures
    assert "Geheim" not in failure
    assert "Pass" not in failure
    assert site.requests[0].headers["authorization"].startswith("Basic ")


# -- schedules ---------------------------------------------------------------


@pytest.mark.parametrize("kind", ["max-age", "expires", "ttl"])
def test_a_source_is_not_fetched_before_its_response_expires(desk: Desk, site: Site, kind: str) -> None:
    headers = {
        "max-age": {"Cache-Control": "public, max-age=7200"},
        "expires": {"Expires": formatdate(time.time() + 7200, usegmt=True)},
    }.get(kind, {})
    desk.keep(site.page("/feed", rss(item(1), extra="<ttl>120</ttl>" if kind == "ttl" else ""), headers=headers))
    desk.refresh()
    assert desk.refresh(later=7000).sources_total == 0
    assert desk.refresh(force=True).sources_total == 1
    assert desk.refresh(later=7300).sources_total == 1


@pytest.mark.parametrize(("status", "heeded"), [(429, True), (503, False)])
def test_force_overrides_retry_after_except_for_status_429(desk: Desk, site: Site, status: int, heeded: bool) -> None:
    desk.keep(site.put("/feed", page(status=status, headers={"Retry-After": "7200"}), page(rss(item(1)))))
    desk.refresh()
    assert desk.refresh(later=7000).sources_total == 0
    assert desk.refresh(force=True).sources_total == (0 if heeded else 1)
    assert desk.refresh(later=300).sources_total == 1
    assert desk.titles() == headlines(1)


def test_the_refresh_interval_applies_to_automatic_refreshes(desk: Desk, site: Site) -> None:
    slow = site.page("/slow", rss(item(1)))
    desk.keep(site.page("/feed", rss(item(2))), Subscription(slow, every=7200))
    assert desk.refresh(automatic=True).sources_done == 2
    assert desk.refresh(automatic=True, later=1700).sources_total == 0
    assert desk.refresh(automatic=True, later=200).sources_done == 1
    assert desk.refresh().sources_done == 2


def test_paused_and_unselected_sources_are_not_fetched(desk: Desk, site: Site) -> None:
    one, other = site.page("/one", rss(item(1))), site.page("/two", rss(item(2)))
    desk.keep(one, other, Subscription(site.page("/paused", rss(item(3))), paused=True))
    assert desk.refresh(other).sources_done == 1
    assert site.paths() == ["/two"]
    desk.refresh()
    assert site.paths() == ["/two", "/one", "/two"] or site.paths() == ["/two", "/two", "/one"]


def test_sources_without_news_are_not_told_one_by_one(desk: Desk) -> None:
    desk.keep(*(f"https://paper{number}.example/feed" for number in range(300)))
    desk.refresh(offline=True)
    steps = list(Refresher(select_sources((), desk.folders), desk.folders, desk.settings).run(offline=True))
    assert len(steps) < 150
    assert steps[-1].finished


def test_offline_fetches_nothing(desk: Desk, site: Site) -> None:
    desk.keep(site.page("/feed", rss(item(1))))
    desk.refresh()
    done = desk.refresh(offline=True, force=True)
    assert (done.sources_total, done.failures) == (0, ())
    assert len(site.requests) == 1
    assert desk.titles() == headlines(1)


# -- no network --------------------------------------------------------------


def unreachable(error: int) -> Resolver:
    async def resolve(host: str, port: int) -> list[str]:
        raise socket.gaierror(error, "no")

    return resolve


@pytest.mark.parametrize("error", [socket.EAI_AGAIN, socket.EAI_NONAME])
def test_a_missing_network_is_one_failure_and_no_source_is_marked_failing(desk: Desk, site: Site, error: int) -> None:
    desk.keep(*(f"https://{name}.example/feed" for name in "abc"))
    desk.resolve = unreachable(error)
    done = desk.refresh()
    assert done.failures == (OFFLINE,)
    assert done.sources_done == 3
    assert {facts.health for facts in source_status(desk.folders, NOW)} == {Health.NEW}


def test_an_unknown_host_fails_if_other_hosts_respond(desk: Desk, site: Site) -> None:
    desk.keep("https://gone.example/feed", site.page("/feed", rss(item(1))))

    async def resolve(host: str, port: int) -> list[str]:
        if host == "gone.example":
            raise socket.gaierror(socket.EAI_NONAME, "no")
        return [host]

    desk.resolve = resolve
    (failure,) = desk.refresh().failures
    assert failure == "https://gone.example/feed: there is no site with this name; check the address"
    assert desk.facts("https://gone.example/feed").health is Health.FAILING


def test_an_unknown_host_fails_if_it_is_the_only_one(desk: Desk) -> None:
    desk.keep("https://gone.example/feed")
    desk.resolve = unreachable(socket.EAI_NONAME)
    assert "no site with this name" in desk.refresh().failures[0]


def test_a_refused_connection_is_a_failure_of_its_source(desk: Desk, site: Site) -> None:
    desk.keep(f"http://127.0.0.1:{closed_port()}/feed")
    (failure,) = desk.refresh().failures
    assert "the server does not answer" in failure
    assert desk.facts().health is Health.FAILING


# -- moving ------------------------------------------------------------------


def test_a_second_permanent_redirect_replaces_the_address(desk: Desk, site: Site) -> None:
    new = site.page("/new", rss(item(1)))
    old = site.redirect("/old", "/new", 301)
    desk.keep(Subscription(old, title="Mine", auth=("me", "pw")))
    desk.refresh()
    assert [source.location for source in load_subscriptions(desk.folders.sources)] == [old]
    site.page("/new", rss(item(2), item(1)))
    done = desk.refresh(later=1)
    assert (done.new, done.failures) == (1, ())
    assert load_subscriptions(desk.folders.sources) == [Subscription(new, title="Mine", auth=("me", "pw"))]
    assert desk.titles() == headlines(2, 1)
    with FeedStore.opened(desk.folders.fetched) as store:
        assert store.sources().keys() == {new}
    site.requests.clear()
    desk.refresh(later=1)
    assert site.paths() == ["/new"]
    assert desk.titles() == headlines(2, 1)


def test_a_temporary_redirect_does_not_replace_the_address(desk: Desk, site: Site) -> None:
    site.page("/new", rss(item(1)))
    old = site.redirect("/old", "/new", 302)
    desk.keep(old)
    for _ in range(3):
        desk.refresh(later=1)
    assert [source.location for source in load_subscriptions(desk.folders.sources)] == [old]


def test_a_redirect_to_another_subscription_does_not_replace_the_address(desk: Desk, site: Site) -> None:
    desk.keep(site.redirect("/old", "/new", 301), site.page("/new", rss(item(1))))
    for _ in range(3):
        assert desk.refresh(later=1).failures == ()
    assert len(load_subscriptions(desk.folders.sources)) == 2
    assert desk.titles() == headlines(1)


def test_a_source_that_moves_to_another_host_must_be_public_there(desk: Desk, net: Loopback, site: Site) -> None:
    """The new address was named by a redirect. Here it is in a private network, so it is not even asked."""
    other = net.site("127.0.0.2")
    desk.keep(site.redirect("/feed", other.page("/feed", rss(item(1))), 301))
    for _ in range(4):
        assert "127.0.0.2 is in a private network" in desk.refresh(later=DAY, force=True).failures[0]
    assert other.requests == []
    assert [source.only_public for source in load_subscriptions(desk.folders.sources)] == [False]


def test_an_archive_is_looked_at_beside_the_other_sources_and_a_refusal_says_why(
    desk: Desk, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    threads = []
    check = ArchiveCollection.check_start

    def noted(collection: ArchiveCollection) -> None:
        threads.append(threading.current_thread())
        check(collection)

    monkeypatch.setattr(ArchiveCollection, "check_start", noted)
    sparse = tarfile.TarInfo("a.md")
    sparse.type = tarfile.GNUTYPE_SPARSE
    location = site.page("/site.tar.gz", gzip.compress(sparse.tobuf() + bytes(1024)))
    desk.keep(location)
    (failure,) = desk.refresh().failures
    assert failure == f"{location}: the archive is refused: it has a sparse file; pack it without --sparse"
    sparse.type, sparse.size = tarfile.XHDTYPE, 8
    site.page("/site.tar.gz", gzip.compress(sparse.tobuf() + b"no size=".ljust(1024, b"\0")))
    (failure,) = desk.refresh(later=DAY).failures
    assert failure == f"{location}: the archive is damaged: the attributes of a member cannot be read"
    assert threads != []
    assert threading.main_thread() not in threads


def test_an_archive_that_moved_is_not_downloaded_again(desk: Desk, site: Site) -> None:
    site.page("/new.tar.gz", archive({"a.md": article_fields(0, 1)}), etag='"a"')
    desk.keep(site.redirect("/old.tar.gz", "/new.tar.gz", 308))
    desk.refresh()
    desk.refresh(later=1)
    assert [source.location for source in load_subscriptions(desk.folders.sources)] == [site.url("/new.tar.gz")]
    assert len(desk.titles()) == 1
    site.requests.clear()
    assert desk.refresh(later=1).changed == 0
    assert site.requests[0].headers["if-none-match"] == '"a"'
    assert len(desk.titles()) == 1


# -- retention ---------------------------------------------------------------


def test_an_article_is_pruned_some_days_after_it_was_last_listed(desk: Desk, site: Site) -> None:
    desk.settings = Settings(keep_days=10)
    desk.keep(site.put("/feed", page(rss(item(1), item(2))), page(rss(item(2)))))
    desk.refresh()
    for _ in range(2):
        desk.refresh(later=5 * DAY)
        assert desk.titles() == headlines(2, 1)
    done = desk.refresh(later=1 * DAY)
    assert (desk.titles(), done.removed) == (headlines(2), 1)
    desk.refresh(later=100 * DAY)
    assert desk.titles() == headlines(2)


def test_listed_articles_are_kept_whatever_their_age_and_number(desk: Desk, site: Site) -> None:
    desk.settings = Settings(keep_days=1, keep_articles=2)
    desk.keep(site.page("/feed", rss(*map(item, range(6))), etag='"x"'))
    desk.refresh()
    for _ in range(3):
        desk.refresh(later=30 * DAY)
    assert len(site.requests) == 4
    assert len(desk.titles()) == 6


def test_the_oldest_articles_beyond_the_limit_are_pruned(desk: Desk, site: Site) -> None:
    desk.settings = Settings(keep_articles=4)
    desk.keep(site.put("/feed", page(rss(*map(item, range(4)))), page(rss(*map(item, range(4, 6))))))
    desk.refresh()
    desk.refresh(later=1)
    assert desk.titles() == headlines(5, 4, 3, 2)


def test_a_failing_source_keeps_its_articles(desk: Desk, site: Site) -> None:
    desk.settings = Settings(keep_days=1, keep_articles=1)
    desk.keep(site.put("/feed", page(rss(item(1), item(2))), page(status=500)))
    desk.refresh()
    for _ in range(3):
        desk.refresh(later=30 * DAY, force=True)
    assert desk.titles() == headlines(2, 1)


def test_saved_articles_are_kept_until_they_are_unsaved(desk: Desk, site: Site) -> None:
    desk.settings = Settings(keep_days=1)
    desk.keep(site.put("/feed", page(rss(item(1), item(2))), page(rss(item(3)))))
    desk.refresh()
    desk.mark(headlines(1)[0], saved=True)
    desk.refresh(later=30 * DAY)
    assert desk.titles() == headlines(3, 1)
    desk.mark(headlines(1)[0], saved=False)
    desk.refresh(later=1)
    assert desk.titles() == headlines(3)


@pytest.mark.parametrize(("tag", "note"), [("linux", ""), ("", "A note")])
def test_articles_with_a_tag_or_a_note_are_kept_as_saved_ones_are(desk: Desk, site: Site, tag: str, note: str) -> None:
    desk.settings = Settings(keep_days=1)
    feed = site.put("/feed", page(rss(item(1), item(2))), page(rss(item(3))))
    desk.keep(feed, site.page("/other", rss(item(4))))
    desk.refresh()
    desk.annotate(headlines(1)[0], tag=tag, note=note)
    desk.refresh(later=30 * DAY)
    assert desk.titles() == headlines(4, 3, 1)
    desk.remove(feed)
    desk.refresh(later=1)
    assert desk.titles() == headlines(4, 1)
    for _ in range(6):
        desk.refresh(later=7 * DAY)
    assert desk.titles() == headlines(4, 1)
    desk.annotate(headlines(1)[0])
    desk.refresh(later=1)
    assert desk.titles() == headlines(4)


@pytest.mark.parametrize("offline", [False, True])
def test_saved_articles_are_kept_when_their_source_is_removed(desk: Desk, site: Site, offline: bool) -> None:
    feed = site.page("/feed", rss(item(1), item(2)))
    desk.keep(feed, site.page("/other", rss(item(3))))
    desk.refresh()
    desk.mark(headlines(1)[0], saved=True)
    desk.remove(feed)
    desk.refresh(later=1, offline=offline)
    assert desk.titles() == headlines(3, 1)
    desk.folders.database((), kept=True).unlink()
    desk.refresh(later=1, offline=offline)
    assert desk.titles() == headlines(3, 1)
    desk.keep(feed)
    desk.refresh(later=1)
    assert desk.titles() == headlines(3, 2, 1)
    desk.remove(feed)
    desk.mark(headlines(1)[0], saved=False)
    desk.refresh(later=1, offline=offline)
    assert desk.titles() == headlines(3)


def test_an_article_that_is_listed_again_is_still_read(desk: Desk, site: Site) -> None:
    desk.settings = Settings(keep_days=1)
    desk.keep(site.put("/feed", page(rss(item(1))), page(rss(item(2))), page(rss(item(1)))))
    desk.refresh()
    desk.mark(headlines(1)[0], read=True)
    desk.refresh(later=5 * DAY)
    assert desk.titles() == headlines(2)
    desk.refresh(later=1)
    assert [(story.row.title, story.row.read) for story in desk.stories()] == [
        (headlines(2)[0], False),
        (headlines(1)[0], True),
    ]


# -- all together ------------------------------------------------------------


def test_many_sources_are_fetched_concurrently(desk: Desk, net: Loopback) -> None:
    sites = [net.site(f"127.0.0.{2 + at}") for at in range(4)]
    feeds = [
        site.page(f"/{number}", rss(item(100 * at + number))) for at, site in enumerate(sites) for number in range(10)
    ]
    bad = [site.page("/bad", b"", 404) for site in sites]
    desk.keep(*feeds, *bad)
    done = desk.refresh()
    assert (done.sources_done, done.new, len(done.failures)) == (44, 40, 4)
    assert len(desk.titles()) == 40
    assert all(site.most_concurrent <= 4 for site in sites)


def test_a_stopped_run_is_completed_by_the_next(desk: Desk, site: Site) -> None:
    desk.keep(*(site.page(f"/{number}", rss(item(number))) for number in range(12)))
    steps = FetchRun(desk.folders, desk.settings, limits=QUICK, clock=lambda: NOW).run()
    for _ in range(5):
        next(steps)
    steps.close()
    desk.refresh(later=1)
    assert len(desk.titles()) == 12


def test_a_failure_to_save_the_new_address_is_reported(desk: Desk, site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    site.page("/new", rss(item(1)))
    old = site.redirect("/old", "/new", 301)
    desk.keep(old)
    desk.refresh()

    def refuse(*_: object, **__: object) -> tuple[int, str]:
        raise PermissionError(13, "Permission denied")

    with monkeypatch.context() as patched, suppress(PermissionError):
        patched.setattr(tempfile, "mkstemp", refuse)
        (failure,) = desk.refresh(later=1).failures
        assert f"it has moved to {site.url('/new')}, but " in failure
    assert [source.location for source in load_subscriptions(desk.folders.sources)] == [old]
