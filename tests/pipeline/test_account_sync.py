"""Synchronising with a server: subscriptions, entries and marks, both ways, whatever goes wrong on the way."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from tests.pipeline.test_refresher import DAY, Desk, headlines
from tests.support.feeds import item, rss
from tests.support.google_reader_server import PASSWORD, USER, Dialect, GoogleReaderServer
from tests.support.index import opened
from tests.support.model_server import READ, STARRED, ModelClient, ModelServer
from tests.support.servers import Site
from tui_reader.config import Settings
from tui_reader.model.progress import Progress
from tui_reader.pipeline import account_sync, refresher
from tui_reader.pipeline.account_sync import SYNC_LOCK, AccountSync, SyncAccount
from tui_reader.pipeline.fetch_run import FetchRun
from tui_reader.pipeline.forget_account import forget_account
from tui_reader.pipeline.indexer import update_index
from tui_reader.pipeline.refresher import Refresher
from tui_reader.sources.sync.client import SyncClient
from tui_reader.sources.sync.errors import SyncError, SyncProblem
from tui_reader.sources.sync.google_reader import GoogleReaderClient
from tui_reader.storage.accounts import Accounts
from tui_reader.storage.connection import open_marks
from tui_reader.storage.locks import exclusive_lock
from tui_reader.storage.remote_marks import AccountGone
from tui_reader.subscriptions.edit import add_subscriptions, change_subscription, remove_subscriptions
from tui_reader.subscriptions.selection import select_sources
from tui_reader.subscriptions.subscription import Subscription, load_subscriptions

A, B, C = (f"https://{name}.example/feed" for name in "abc")


class Reader(Desk):
    """A person with an account."""

    def __init__(self, folder: Path, client: SyncClient) -> None:
        super().__init__(folder)
        self.client = client
        self.identity = ""
        self.password = "hunter2"

    def connect(self) -> SyncClient:
        return self.client

    def look_up(self) -> str:
        return self.password

    def sync(self, *locations: str, later: int = 0, asked: bool = False, **options: Any) -> Progress:
        *_, last = self.steps(*locations, later=later, asked=asked, **options)
        return last

    def steps(self, *locations: str, later: int = 0, asked: bool = False, **options: Any) -> Iterator[Progress]:
        self.now += later
        account = SyncAccount("home", self.look_up, lambda _: self.connect(), self.identity)
        run = FetchRun(
            self.folders,
            self.settings,
            limits=self.limits,
            clock=lambda: self.now,
            accounts=[account],
            asked=asked,
        )
        refresher = Refresher(select_sources((), self.folders), self.folders, self.settings, fetch_run=run)
        return refresher.run(locations or None, **options)

    def send(self) -> list[str]:
        account = SyncAccount("home", self.look_up, lambda _: self.connect(), self.identity)
        return list(asyncio.run(AccountSync(account, self.folders, now=self.now, age=self.now).send()))

    def sources(self) -> list[tuple[str, str, tuple[str, ...], str]]:
        return [(s.location, s.title, s.folder, s.account) for s in load_subscriptions(self.folders.sources)]

    def marked(self, title: str) -> tuple[bool, bool]:
        (story,) = (story for story in self.stories() if story.row.title == title)
        return story.row.read, story.row.saved


@pytest.fixture
def server() -> ModelServer:
    return ModelServer()


@pytest.fixture
def reader(tmp_path: Path, server: ModelServer) -> Reader:
    return Reader(tmp_path, ModelClient(server))


# -- entries and marks -------------------------------------------------------------------


def test_a_first_run_brings_feeds_entries_and_marks(reader: Reader, server: ModelServer) -> None:
    feed = server.add_feed(A, "Paper A", ("News",))
    first, second = (server.add_entry(feed, f"https://a.example/{number}") for number in (1, 2))
    server.mark(first, READ, True)
    server.mark(second, STARRED, True)
    progress = reader.sync()
    assert (progress.new, progress.failures, progress.sources_done) == (2, (), 1)
    assert reader.sources() == [(A, "Paper A", ("News",), "home")]
    assert reader.marked("About https://a.example/1") == (True, False)
    assert reader.marked("About https://a.example/2") == (False, True)
    assert reader.facts(A).last_fetched == reader.now
    assert reader.sync(later=1).new == 0
    assert not any(call.startswith("mark ") for call in server.calls)


def test_marks_go_both_ways(reader: Reader, server: ModelServer) -> None:
    feed = server.add_feed(A)
    first, second, third = (server.add_entry(feed, f"https://a.example/{number}") for number in (1, 2, 3))
    server.mark(first, READ, True)
    reader.sync()
    reader.mark("About https://a.example/2", read=True, saved=True)
    server.mark(first, READ, False)
    server.mark(third, STARRED, True)
    reader.sync(later=1)
    assert server.entries[second].marks == {READ: True, STARRED: True}
    assert reader.marked("About https://a.example/1") == (False, False)
    assert reader.marked("About https://a.example/3") == (False, True)
    server.log.clear()
    server.mark(third, STARRED, False)
    reader.sync(later=1)
    assert reader.marked("About https://a.example/3") == (False, False)
    assert [by for *_, by in server.log] == ["web"]  # what came from there is not sent back


def test_marks_wait_until_the_server_is_back(reader: Reader, server: ModelServer) -> None:
    id = server.add_entry(server.add_feed(A), "https://a.example/1")
    reader.sync()
    reader.mark("About https://a.example/1", read=True, saved=True)
    with opened(select_sources((), reader.folders).database, reader.folders.marks) as (_, marks):
        step = marks.last_step()
        assert step is None
    server.down = SyncError("the server is down", SyncProblem.DOWN, 600)
    assert reader.sync(later=1).failures == ("home: the server is down; what you marked waits to be sent",)
    with Accounts.opened(reader.folders.marks) as accounts:
        state = accounts.state("home")
        assert (state.problem, state.held_until, accounts.waiting()) == (
            "the server is down",
            reader.now + 600,
            {"home": 2},
        )
    server.down = None
    assert reader.sync(later=599).sources_total == 0
    assert reader.sync(later=1).failures == ()
    assert server.entries[id].marks == {READ: True, STARRED: True}


def test_what_was_just_marked_is_sent_by_itself_and_what_is_older_is_compared_first(
    reader: Reader, server: ModelServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    feed = server.add_feed(A)
    first, second = (server.add_entry(feed, f"https://a.example/{number}") for number in (1, 2))
    reader.sync()
    server.calls.clear()
    assert reader.send() == []
    assert server.calls == []
    reader.mark("About https://a.example/1", read=True)
    server.down = SyncError("the server is down", SyncProblem.DOWN, 600)
    told = ["home: the server is down; what you marked waits to be sent"]
    assert [reader.send(), reader.send()] == [told, []]  # it waits for the next refresh
    assert server.calls == ["sign_in"]
    server.down = None
    with Accounts.opened(reader.folders.marks) as accounts:
        tried = accounts.state("home").tried
        assert tried < reader.now + 600 == accounts.state("home").held_until
    reader.sync(later=600)
    assert server.entries[first].marks[READ]
    server.calls.clear()
    reader.mark("About https://a.example/2", saved=True)
    assert reader.send() == []
    assert server.calls == ["sign_in", "mark starred", "marked so"]
    assert server.entries[second].marks[STARRED]
    reader.mark("About https://a.example/2", saved=False)
    asleep = [0]
    monkeypatch.setattr(account_sync, "time", SimpleNamespace(time=lambda: time.time() + asleep[0]))

    class Sleeper(ModelClient):
        async def sign_in(self) -> str:
            asleep[0] = 3600  # who quits may close the lid at once
            return await super().sign_in()

    reader.client, reader.now = Sleeper(server), int(time.time())
    server.calls.clear()
    assert reader.send() == []
    assert server.calls == ["sign_in"]
    reader.now = int(time.time()) + 3600
    assert reader.send() == []
    assert server.calls == ["sign_in"]
    reader.sync()
    assert not server.entries[second].marks[STARRED]


def test_what_a_server_lists_late_and_with_an_old_date_comes_too(tmp_path: Path, site: Site) -> None:
    server = GoogleReaderServer(site, Dialect.MINIFLUX)  # it lists what is new by the date that the feed gives
    reader = Reader(tmp_path, GoogleReaderClient(site.url(server.dialect.prefix), USER, PASSWORD))
    reader.now = int(time.time())
    first = server.add_feed(A, "Paper A")
    server.add(first, came=reader.now)
    assert reader.sync().new == 1
    reader.client = GoogleReaderClient(site.url(server.dialect.prefix), USER, PASSWORD)
    server.add(first, came=reader.now, published=reader.now - DAY)
    server.add(server.add_feed(B, "Paper B"), 2, came=reader.now, published=reader.now - DAY)
    progress = reader.sync(later=1)
    assert (progress.new, progress.failures) == (3, ())
    asked = len(server.calls("/contents"))
    reader.client = GoogleReaderClient(site.url(server.dialect.prefix), USER, PASSWORD)
    assert reader.sync(later=1).new == 0
    assert len(server.calls("/contents")) == asked


def test_entries_of_a_feed_that_comes_between_two_answers_are_asked_for_again(
    reader: Reader, server: ModelServer
) -> None:
    server.add_entry(server.add_feed(A), "https://a.example/1")
    reader.sync()
    late = server.add_feed(B)
    del server.feeds[late.id]
    server.add_entry(late, "https://b.example/1")
    assert reader.sync(later=1).new == 0
    server.calls.clear()
    assert reader.sync(later=1).new == 0
    assert "entries_of" not in server.calls
    server.add_feed(B)
    assert reader.sync(later=1).new == 1


def test_a_page_in_two_feeds_has_one_mark(reader: Reader, server: ModelServer) -> None:
    one = server.add_entry(server.add_feed(A), "https://news.example/1", "Rain")
    reader.sync()
    reader.mark("Rain", read=True)
    reader.sync(later=1)
    other = server.add_entry(server.add_feed(B), "https://news.example/1", "Rain")  # comes unread, and was read
    reader.sync(later=1)
    assert server.entries[other].marks[READ]
    server.mark(one, READ, False)
    reader.sync(later=1)
    assert reader.marked("Rain") == (False, False)
    assert not server.entries[other].marks[READ]


def test_what_the_server_has_dropped_keeps_its_star(reader: Reader, server: ModelServer) -> None:
    id = server.add_entry(server.add_feed(A), "https://a.example/1")
    server.mark(id, STARRED, True)
    reader.sync()
    del server.entries[id]
    reader.sync(later=1)
    assert reader.marked("About https://a.example/1") == (False, True)
    server.calls.clear()
    reader.sync(later=1)
    assert "entries_of" not in server.calls


def test_what_was_pruned_stays_away_until_it_is_starred(reader: Reader, server: ModelServer) -> None:
    server.has_times = True
    feed = server.add_feed(A)
    ids = [server.add_entry(feed, f"https://a.example/{number}") for number in range(3)]
    server.mark(ids[0], STARRED, True)
    reader.settings = Settings(keep_days=10)
    reader.sync()
    server.add_entry(feed, "https://a.example/new")
    for _ in range(2):
        reader.sync(later=7 * DAY)
    there = {"About https://a.example/0", "About https://a.example/new"}
    assert set(reader.titles()) == there
    server.mark(ids[1], READ, True)  # the server lists it again, as it has changed
    reader.sync(later=1)
    assert set(reader.titles()) == there
    server.mark(ids[2], STARRED, True)
    reader.sync(later=1)
    assert set(reader.titles()) == there | {"About https://a.example/2"}
    assert reader.marked("About https://a.example/2") == (False, True)
    server.calls.clear()
    for _ in range(2):
        assert reader.sync(later=DAY).new == 0
    assert "entries_of" not in server.calls
    with closing(open_marks(reader.folders.marks)) as marks:
        known = {id for (id,) in marks.execute("SELECT id FROM remote_entry")}
        assert known == server.entries.keys() - {ids[1]}  # read there, and no longer here
        assert marks.execute("SELECT count(*) FROM mark WHERE read IS NOT NULL").fetchone() == (1,)


def test_an_interrupted_first_run_goes_on(reader: Reader, server: ModelServer) -> None:
    feed = server.add_feed(A)
    for number in range(7):
        server.add_entry(feed, f"https://a.example/{number}")

    async def break_off() -> None:
        if server.calls.count("entries") == 2:
            server.down = SyncError("the connection broke", SyncProblem.DOWN)

    reader.client = ModelClient(server, meanwhile=break_off)
    assert reader.sync().failures == ("home: the connection broke",)
    assert len(reader.titles()) == 6
    server.down, reader.client = None, ModelClient(server)
    assert reader.sync(later=1).new == 1


def test_what_comes_again_and_again_of_all_feeds_is_not_indexed_each_time(
    reader: Reader, server: ModelServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    runs = []

    def counted(*args: Any, **options: Any) -> Iterator[Progress]:
        runs.append(args)
        return update_index(*args, **options)

    monkeypatch.setattr(refresher, "update_index", counted)
    monkeypatch.setattr(refresher, "_INDEX_AFTER", 3600.0)
    feeds = [server.add_feed(f"https://{number}.example/feed") for number in range(12)]
    for number in range(4):
        for feed in feeds:
            server.add_entry(feed, f"{feed.address}/{number}")
    reader.client = ModelClient(server, batch=len(feeds))
    assert reader.sync().new == 48
    assert len(runs) == 3, "before, as soon as all feeds have something, and at the end"
    assert len(reader.titles()) == 48


# -- subscriptions -----------------------------------------------------------------------


def test_subscriptions_go_both_ways(reader: Reader, server: ModelServer) -> None:
    server.add_feed(A, "Paper A", ("News",))
    server.add_feed(B, "Paper B")
    reader.sync()
    add_subscriptions(reader.folders.sources, [Subscription(C, "Mine", ("Own",), account="home")])
    reader.remove(B)
    reader.sync(later=1)
    assert {(feed.address, feed.title, feed.folder) for feed in server.feeds.values()} == {
        (A, "Paper A", ("News",)),
        (C, "Mine", ("Own",)),
    }
    change_subscription(reader.folders.sources, A, title="The paper", folder=("News", "Daily"))
    server.feeds[f"feed/{C}"] = server.feeds[f"feed/{C}"]._replace(folder=("Theirs",))
    reader.sync(later=1)
    reader.sync(later=1)
    # The server has no folders in folders, and these stay here.
    assert reader.sources() == [(A, "The paper", ("News", "Daily"), "home"), (C, "Mine", ("Theirs",), "home")]
    assert server.feeds[f"feed/{A}"][2:] == ("The paper", "", ("News",))
    del server.feeds[f"feed/{A}"]
    reader.sync(later=1)
    assert [location for location, *_ in reader.sources()] == [C]


def test_a_feed_that_was_here_before_becomes_one_of_the_account(
    reader: Reader, server: ModelServer, site: Site
) -> None:
    address = site.page("/feed", rss(item(1)))
    reader.keep(Subscription(address, "Mine", ("Own",)))
    server.add_feed(address, "Theirs")
    assert reader.sync().sources_total == 2  # for the last time
    assert reader.sources() == [(address, "Mine", ("Own",), "home")]
    assert server.feeds[f"feed/{address}"].title == "Theirs"
    assert reader.sync(later=1).sources_total == 1


def test_feeds_that_vanish_at_once_stay_for_a_day(reader: Reader, server: ModelServer) -> None:
    for address in (A, B):
        server.add_feed(address)
    reader.sync()
    feeds, server.feeds = server.feeds, {}
    (told,) = reader.sync(later=1).failures
    assert "no longer has any of its feeds" in told
    server.feeds = feeds
    assert reader.sync(later=1).failures == ()
    server.feeds = {}
    reader.sync(later=1)
    assert len(reader.sources()) == 2
    reader.sync(later=DAY)
    assert reader.sources() == []


@pytest.mark.parametrize("addresses", [(A,), (A, B)])
def test_a_lost_list_of_sources_unsubscribes_from_nothing(
    reader: Reader, server: ModelServer, addresses: tuple[str, ...]
) -> None:
    for address in addresses:
        server.add_feed(address)
    reader.sync()
    reader.folders.sources.unlink()
    (told,) = reader.sync(later=1).failures
    assert "brought back" in told
    assert len(reader.sources()) == len(server.feeds) == len(addresses)


def test_a_list_that_was_cut_off_unsubscribes_from_nothing(reader: Reader, server: ModelServer) -> None:
    for address in (A, B, C):
        server.add_feed(address)
    reader.sync()
    remove_subscriptions(reader.folders.sources, [B, C])  # as an editor would: nobody says that it is meant
    (told,) = reader.sync(later=1).failures
    assert "2 feeds had gone" in told
    assert len(reader.sources()) == len(server.feeds) == 3


def test_all_feeds_can_be_removed(reader: Reader, server: ModelServer) -> None:
    for address in (A, B):
        server.add_feed(address)
    reader.sync()
    reader.remove(A)
    reader.remove(B)
    assert reader.sync(later=1).failures == ()
    assert reader.sources() == []
    assert not server.feeds


def test_a_server_that_cannot_subscribe(reader: Reader, server: ModelServer) -> None:
    server.can_subscribe = False
    server.add_feed(A)
    server.add_feed(B)
    reader.sync()
    reader.remove(A)
    add_subscriptions(reader.folders.sources, [Subscription(C, account="home")])
    told = reader.sync(later=1).failures
    assert len(told) == 2
    assert reader.sources() == [(B, B, (), "home"), (C, "", (), "")]
    assert reader.sync(B, later=1).failures == ()


# -- accounts ----------------------------------------------------------------------------


def test_a_refused_password_is_tried_again_only_if_a_person_asks_and_another_one_at_once(
    reader: Reader, server: ModelServer
) -> None:
    told = (
        "home: the server refuses the password. It is not tried again by itself: "
        "‘news-tui account password home’ stores another",
    )
    server.down = SyncError("the server refuses the password", SyncProblem.PASSWORD)
    assert reader.sync().failures == told
    for automatic in (False, True):
        assert reader.sync(later=DAY, automatic=automatic).failures == told
    assert server.calls == ["sign_in"]
    with Accounts.opened(reader.folders.marks) as accounts:
        assert reader.password not in str(accounts.state("home"))
    assert reader.sync(later=1, asked=True).failures == told
    assert server.calls == ["sign_in"] * 2
    reader.password, server.down = "correct horse", None
    assert reader.sync(later=DAY, automatic=True).failures == ()
    assert reader.sync(later=1, automatic=True).sources_total == 0


@pytest.mark.parametrize("keep", [True, False])
def test_an_account_is_forgotten(reader: Reader, server: ModelServer, keep: bool) -> None:
    server.add_entry(server.add_feed(A), "https://a.example/1")
    reader.sync()
    reader.mark("About https://a.example/1", saved=True)
    assert forget_account(reader.folders, "home", keep=keep) == 1
    assert reader.sources() == ([(A, A, (), "")] if keep else [])
    with Accounts.opened(reader.folders.marks) as accounts:
        assert (accounts.waiting(), accounts.feeds("home")) == ({}, {})


def test_another_account_of_the_same_name_keeps_articles_and_marks_only(reader: Reader, server: ModelServer) -> None:
    for number in (1, 2):
        server.add_entry(server.add_feed(A), f"https://a.example/{number}")
    server.add_feed(C)
    reader.identity = "ann on one"
    reader.sync()
    reader.mark("About https://a.example/1", saved=True)
    other = ModelServer()  # which has the same ids
    for address in (A, B):
        other.add_entry(other.add_feed(address), f"{address}/new")
    reader.client, reader.identity = ModelClient(other), "ann on two"
    other.down = SyncError("there is no such server", SyncProblem.DOWN)  # it may only be misspelt
    reader.sync(later=1)
    with Accounts.opened(reader.folders.marks) as accounts:
        assert accounts.waiting() == {"home": 1}
    other.down = None
    assert reader.sync(later=1).failures == (
        "home: it is another account now: the feeds of the one before stay as your own, with all articles and marks, "
        "and 1 mark had not been sent to it",
    )
    assert not any(any(entry.marks.values()) for entry in (*server.entries.values(), *other.entries.values()))
    assert sorted(reader.titles()) == [
        "About https://a.example/1",
        "About https://a.example/2",
        f"About {A}/new",
        f"About {B}/new",
    ]
    assert reader.marked("About https://a.example/1") == (False, True)
    assert {(location, account) for location, _, _, account in reader.sources()} == {(A, "home"), (B, "home"), (C, "")}


@pytest.mark.parametrize("after", range(4))
def test_nothing_is_left_of_an_account_that_is_removed_while_it_is_synchronised_with(
    reader: Reader, server: ModelServer, after: int
) -> None:
    server.add_entry(server.add_feed(A), "https://a.example/1")
    answers = iter(range(9))

    async def remove() -> None:
        if next(answers) == after:
            forget_account(reader.folders, "home")

    def gone() -> str:
        raise AccountGone

    reader.client = ModelClient(server, meanwhile=remove)
    if after == 3:
        setattr(reader, "look_up", gone)  # noqa: B010 - mypy allows no assignment
    assert reader.sync().failures == ()
    assert [account for *_, account in reader.sources()] == ([""] if after < 3 else [])
    with closing(open_marks(reader.folders.marks)) as marks:
        for table in ("account", "remote_feed", "remote_entry", "deed"):
            assert marks.execute(f"SELECT * FROM {table}").fetchall() == []


def test_without_sound_marks_only_feeds_are_fetched(reader: Reader, server: ModelServer, site: Site) -> None:
    reader.keep(site.page("/feed", rss(item(1))))
    reader.folders.marks.parent.mkdir(parents=True)
    reader.folders.marks.write_bytes(b"no database" * 100)
    last = reader.sync()
    assert "cannot read your marks" in last.failures[0]
    assert (server.calls, last.new) == ([], 1)


def test_feeds_are_fetched_while_marks_are_sent_which_may_take_long(
    reader: Reader, server: ModelServer, site: Site
) -> None:
    reader.keep(site.page("/feed", rss(item(1))))
    with exclusive_lock(reader.folders.data / SYNC_LOCK):  # of the process that sends
        steps = reader.steps()
        assert any(progress.sources_done for progress in steps)
        assert server.calls == []
    *_, last = steps
    assert last.sources_done == 2
    assert server.calls


def test_a_bug_ends_one_account_only(reader: Reader, server: ModelServer, site: Site) -> None:
    reader.keep(site.page("/feed", rss(item(1))))
    reader.client.sign_in = None  # type: ignore[assignment,method-assign]
    (told,) = reader.sync().failures
    assert told.startswith("home: ")
    assert reader.titles() == headlines(1)


def test_a_deed_that_may_have_been_done_does_not_undo_the_next_one(reader: Reader, server: ModelServer) -> None:
    server.has_times, server.now = True, reader.now
    id = server.add_entry(server.add_feed(A), "https://a.example/1")
    reader.sync()
    reader.mark("About https://a.example/1", saved=True)
    server.now = 4_000_000_000  # it is done late, and the answer is lost

    async def lose() -> None:
        if server.entries[id].marks[STARRED]:
            server.down = SyncError("the connection broke", SyncProblem.DOWN)

    reader.client = ModelClient(server, meanwhile=lose)
    assert reader.sync(later=1).failures
    reader.mark("About https://a.example/1", saved=False)
    server.down, reader.client = None, ModelClient(server)
    reader.now = server.now + 1
    assert reader.sync().failures == ()
    assert not server.entries[id].marks[STARRED]
    assert reader.marked("About https://a.example/1") == (False, False)


def test_two_readers_and_one_server_agree(tmp_path: Path, site: Site) -> None:
    server = GoogleReaderServer(site, Dialect.FRESHRSS, web={A: "Paper A"})

    class OnGoogleReader(Reader):
        def connect(self) -> SyncClient:
            return GoogleReaderClient(site.url(server.dialect.prefix), USER, PASSWORD)

    laptop, desktop = (OnGoogleReader(tmp_path / name, ModelClient(ModelServer())) for name in ("laptop", "desktop"))
    for reader in (laptop, desktop):
        reader.now = int(time.time())
    add_subscriptions(laptop.folders.sources, [Subscription(A, "Mine", ("News",), account="home")])
    assert laptop.sync().failures == ()
    server.add(server.feeds[0], 3, came=laptop.now)
    for reader in (laptop, desktop):
        assert (reader.sync(later=1).new, reader.sources()) == (3, [(A, "Mine", ("News",), "home")])
    desktop.mark("Entry 1", read=True)
    desktop.sync(later=1)
    server.outage = (503, "", {})
    laptop.mark("Entry 2", saved=True)
    assert "is down" in laptop.sync(later=1).failures[0]
    server.outage = None
    for reader in (laptop, desktop):
        assert reader.sync(later=60).failures == ()
    assert server.marks() == [(False, False), (True, False), (False, True)]
    for reader in (laptop, desktop):
        assert [reader.marked(f"Entry {number}") for number in range(3)] == server.marks()
