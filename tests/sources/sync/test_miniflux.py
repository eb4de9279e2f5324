"""Miniflux by its own API, in versions that answer in different ways."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from typing import Any

import pytest

from tests.support.miniflux_server import KEY, PASSWORD, USER, MinifluxServer
from tests.support.servers import Site, page
from tui_reader.sources.feeds.raw_feed import RawMedia
from tui_reader.sources.sync import http, miniflux_entries
from tui_reader.sources.sync.client import Batch, MarkedIds, MarkKind, RemoteFeed
from tui_reader.sources.sync.errors import SyncError, SyncProblem
from tui_reader.sources.sync.miniflux import MinifluxClient

OLD, NEW = "2.2.10", "2.3.3"


@pytest.fixture
def server(site: Site) -> MinifluxServer:
    return MinifluxServer(site)


@pytest.fixture
async def client(server: MinifluxServer) -> AsyncIterator[MinifluxClient]:
    client = MinifluxClient(server.address, "", KEY)
    yield client
    await client.close()


async def batches(client: MinifluxClient, cursor: str = "") -> list[Batch]:
    return [batch async for batch in client.entries(cursor)]


def ids(found: list[Batch]) -> list[int]:
    return [int(entry.id) for batch in found for entry in batch.entries]


def put(site: Site, path: str, value: object, status: int = 200) -> None:
    site.page(path, json.dumps(value).encode(), status, kind="application/json")


# Signing in.


@pytest.mark.parametrize("tail", ["", "/", "/v1", "/v1/", "/fever/", "/reader/api/0", "#settings"])
async def test_the_address_is_that_of_the_server_or_of_one_of_its_apis(server: MinifluxServer, tail: str) -> None:
    client = MinifluxClient(server.address + tail, USER, PASSWORD)
    assert await client.sign_in() == "Miniflux 2.3.3"
    await client.close()


async def test_a_key_is_enough(client: MinifluxClient) -> None:
    assert await client.sign_in() == "Miniflux 2.3.3"


@pytest.mark.parametrize(
    ("user", "password", "sentence"),
    [
        ("", "another", "refuses the API key; make a new one in Miniflux, under Settings, API Keys"),
        ("", "schlüssel\r\nX-Other: 1", "refuses the API key"),
        ("", "", "refuses the API key"),
        (USER, "another", "refuses the user name or the password; check them, or make an API key"),
    ],
)
async def test_what_is_wrong_with_a_password_is_said(
    server: MinifluxServer, user: str, password: str, sentence: str
) -> None:
    client = MinifluxClient(server.address, user, password)
    with pytest.raises(SyncError, match=sentence) as error:
        await client.sign_in()
    assert error.value.problem is SyncProblem.PASSWORD
    await client.close()


@pytest.mark.parametrize("version", ["2.0.40", "2.0.48"])
async def test_a_version_that_cannot_say_what_has_changed_is_refused(
    server: MinifluxServer, client: MinifluxClient, version: str
) -> None:
    server.version = tuple(map(int, version.split(".")))
    with pytest.raises(SyncError, match=r"is too old: update the server to 2\.0\.49 or later") as error:
        await client.sign_in()
    assert error.value.problem is SyncProblem.VERSION


async def test_a_version_between_releases_is_used(site: Site, server: MinifluxServer, client: MinifluxClient) -> None:
    put(site, "/v1/version", {"version": "nightly"})
    assert await client.sign_in() == "Miniflux nightly"


@pytest.mark.parametrize(
    ("answer", "problem", "sentence"),
    [
        (page(b"<html>", kind="text/html"), SyncProblem.PROTOCOL, "not valid JSON; check the address"),
        (page(b'{"name": "x"}'), SyncProblem.VERSION, "no Miniflux; check the address"),
        (page(b"[]"), SyncProblem.VERSION, "no Miniflux"),
        (page(b"", 404), SyncProblem.VERSION, "no such API"),
        (page(b"", 429, headers={"Retry-After": "7"}), SyncProblem.RATE_LIMIT, "asks us to wait"),
        (page(b"", 503), SyncProblem.DOWN, "down for maintenance"),
    ],
)
async def test_a_server_that_is_another_or_down_is_told(
    site: Site, client: MinifluxClient, answer: Any, problem: SyncProblem, sentence: str
) -> None:
    site.put("/v1/me", answer)
    with pytest.raises(SyncError, match=sentence) as error:
        await client.sign_in()
    assert error.value.problem is problem


# Subscriptions.


async def test_feeds_come_with_their_categories_as_folders(server: MinifluxServer, client: MinifluxClient) -> None:
    server.add_feed("https://a.example/feed.xml", "A\u202e &amp; <b>", "Science")
    server.add_feed("https://b.example/feed.xml", "B", "Tech / Python")
    server.add_feed("https://c.example/feed.xml", "C")
    server.add_feed("javascript:alert(1)", "D")
    first, *others = await client.feeds()
    assert first == RemoteFeed("1", "https://a.example/feed.xml", first.title, "https://a.example", ("Science",))
    assert first.title == "A⟨RLO⟩ &amp; <b>"
    assert [(feed.id, feed.folder) for feed in others] == [("2", ("Tech", "Python")), ("3", ())]


async def test_a_feed_is_subscribed_to_in_a_folder_under_its_title(
    server: MinifluxServer, client: MinifluxClient
) -> None:
    feed = await client.subscribe("https://a.example/feed.xml", "Mine", ("Tech", "Python"))
    assert feed == RemoteFeed("1", "https://a.example/feed.xml", "Mine", "https://a.example", ("Tech", "Python"))
    other = await client.subscribe("https://b.example/feed.xml", "", ("tech / PYTHON",))
    assert (other.title, other.folder) == ("As published", ("Tech", "Python"))
    plain = await client.subscribe("https://c.example/feed.xml", "", ())
    assert plain.folder == ()
    assert [each["title"] for each in server.categories] == ["All", "Tech / Python"]


async def test_a_feed_that_is_there_already_is_renamed_and_moved(
    server: MinifluxServer, client: MinifluxClient
) -> None:
    server.add_feed("https://a.example/feed.xml", "Old", "Science")
    feed = await client.subscribe("https://a.example/feed.xml", "New", ("Tech",))
    assert (feed.id, feed.title, feed.folder) == ("1", "New", ("Tech",))
    again = await client.subscribe("https://a.example/feed.xml", "", ())
    assert again == feed


async def test_a_feed_that_has_moved_has_the_address_that_the_server_found(
    server: MinifluxServer, client: MinifluxClient
) -> None:
    server.moved["https://a.example/old.xml"] = "https://a.example/new.xml"
    feed = await client.subscribe("https://a.example/old.xml", "", ())
    assert feed.address == "https://a.example/new.xml"


async def test_the_reason_is_told_why_a_feed_is_refused(server: MinifluxServer, client: MinifluxClient) -> None:
    server.unreachable.add("https://a.example/page")
    with pytest.raises(SyncError, match="does not subscribe to the feed: Unable to detect feed format: EOF"):
        await client.subscribe("https://a.example/page", "", ())


async def test_a_server_without_the_default_category_chooses_one(
    server: MinifluxServer, client: MinifluxClient
) -> None:
    server.categories[0]["title"] = "Alles"
    feed = await client.subscribe("https://a.example/feed.xml", "", ())
    assert feed.folder == ("Alles",)


async def test_a_feed_is_changed_and_removed_and_that_can_be_repeated(
    server: MinifluxServer, client: MinifluxClient
) -> None:
    server.add_feed("https://a.example/feed.xml", "A", "Science")
    (feed,) = await client.feeds()
    await client.change(feed, "B", ("Tech",))
    await client.change(feed, "", ())
    assert [(each.title, each.folder) for each in await client.feeds()] == [("B", ())]
    await client.unsubscribe(feed)
    await client.unsubscribe(feed)
    await client.change(feed, "C", ())
    assert await client.feeds() == ()


# Entries.


async def test_the_first_entries_are_the_newest_and_all_come_once(
    server: MinifluxServer, client: MinifluxClient
) -> None:
    server.add_entries(server.add_feed("https://a.example/feed.xml"), 620)
    found = await batches(client)
    assert ids(found) == list(range(620, 0, -1))
    assert [len(batch.entries) for batch in found] == [50, 500, 70]
    assert ids(await batches(client, found[-1].cursor)) == []


async def test_a_first_listing_that_was_interrupted_goes_on_and_has_what_came_meanwhile(
    server: MinifluxServer, client: MinifluxClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(miniflux_entries, "_PAGE", 250)
    feed = server.add_feed("https://a.example/feed.xml")
    server.add_entries(feed, 400)
    found = [batch async for batch in client.entries("")][:2]
    server.add_entries(feed, 3)
    rest = await batches(client, found[-1].cursor)
    assert ids(rest) == [401, 402, 403, *range(100, 0, -1)]
    assert ids(await batches(client, rest[-1].cursor)) == []


async def test_fewer_entries_are_asked_for_where_they_are_long(
    server: MinifluxServer, client: MinifluxClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(http, "_MAX_BYTES", 20_000)
    server.add_entries(server.add_feed("https://a.example/feed.xml"), 60)
    assert ids(await batches(client)) == list(range(60, 0, -1))
    server.add_entries(1, content="x" * 20_000)
    with pytest.raises(SyncError, match="longer than"):
        await batches(client)


async def test_an_entry_has_all_that_the_server_says(server: MinifluxServer, client: MinifluxClient) -> None:
    (own,) = server.add_entries(
        server.add_feed("https://a.example/feed.xml"),
        title="vector<int> & more",
        author="Ada",
        comments_url="https://a.example/talk",
        tags=["C++", 3],
        enclosures=[{"url": "https://a.example/1.mp3", "mime_type": "audio/mpeg", "size": 1}, 4],
        starred=True,
        status="read",
    )
    (entry,) = await client.entries_of([str(own)])
    assert (entry.id, entry.feed, entry.is_read, entry.is_starred) == ("1", "1", True, True)
    assert entry.changed == server.clock
    raw = entry.raw
    assert (raw.title, raw.link, raw.content) == (
        "vector&lt;int&gt; &amp; more",
        "https://news.example/1",
        "<p>Text 1</p>",
    )
    assert (raw.authors, raw.categories, raw.comments) == (("Ada",), ("C++",), "https://a.example/talk")
    assert raw.dates == ("2026-09-20T10:00:00Z",)
    assert raw.media == (RawMedia("https://a.example/1.mp3", "audio"),)


async def test_entries_that_are_gone_are_left_out(server: MinifluxServer, client: MinifluxClient) -> None:
    server.add_entries(server.add_feed("https://a.example/feed.xml"), 2)
    assert [entry.id for entry in await client.entries_of(["2", "9", "no number"])] == ["2"]


async def test_an_older_version_lists_what_has_changed_since(server: MinifluxServer, client: MinifluxClient) -> None:
    server.version = (2, 2, 10)
    feed = server.add_feed("https://a.example/feed.xml")
    server.add_entries(feed, 300)
    server.clock += 600
    found = await batches(client)
    assert await client.marked() == MarkedIds(None, None)
    server.clock += 600
    server.mark(7, status="read")
    server.mark(290, starred=True)
    server.mark(5, status="removed")
    server.add_entries(feed)
    changed = await batches(client, found[-1].cursor)
    assert ids(changed) == [7, 290, 301]
    assert [(entry.is_read, entry.is_starred) for entry in changed[0].entries] == [
        (True, False),
        (False, True),
        (False, False),
    ]
    server.clock += 600
    later = await batches(client, changed[-1].cursor)
    # What may not have been committed a minute ago is asked for again, and no more than that.
    assert ids(later) == [7, 290, 301]
    server.clock += 600
    assert ids(await batches(client, later[-1].cursor)) == []


async def test_many_changes_come_in_pages_and_count_when_all_have_come(
    server: MinifluxServer, client: MinifluxClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(miniflux_entries, "_PAGE", 250)
    server.version = (2, 2, 10)
    server.add_entries(server.add_feed("https://a.example/feed.xml"), 600)
    cursor = (await batches(client))[-1].cursor
    server.clock += 600
    for own in range(1, 601):
        server.mark(own, status="read")
    changed = await batches(client, cursor)
    assert ids(changed) == list(range(1, 601))
    assert [batch.cursor == cursor for batch in changed] == [True, True, False]


async def test_a_newer_version_lists_new_entries_only(server: MinifluxServer, client: MinifluxClient) -> None:
    feed = server.add_feed("https://a.example/feed.xml")
    server.add_entries(feed, 10)
    cursor = (await batches(client))[-1].cursor
    server.mark(7, status="read")
    server.mark(3, starred=True)
    server.add_entries(feed, 2)
    assert ids(await batches(client, cursor)) == [11, 12]
    assert await client.marked() == MarkedIds(
        frozenset(map(str, server.unread())), frozenset(map(str, server.starred()))
    )


async def test_a_cursor_of_another_server_begins_from_the_start(server: MinifluxServer, client: MinifluxClient) -> None:
    server.add_entries(server.add_feed("https://a.example/feed.xml"), 2)
    assert ids(await batches(client, "of another kind")) == [2, 1]


# Marks.


@pytest.mark.parametrize("version", [OLD, NEW])
async def test_marks_are_set_and_taken_back_and_that_can_be_repeated(
    server: MinifluxServer, client: MinifluxClient, version: str
) -> None:
    server.version = tuple(map(int, version.split(".")))
    server.add_entries(server.add_feed("https://a.example/feed.xml"), 5)
    for _ in range(2):
        await client.mark(MarkKind.READ, ["1", "2", "9"], on=True)
        await client.mark(MarkKind.STARRED, ["2", "3", "9"], on=True)
    assert (server.unread(), server.starred()) == ({3, 4, 5}, {2, 3})
    for _ in range(2):
        await client.mark(MarkKind.READ, ["1", "3"], on=False)
        await client.mark(MarkKind.STARRED, ["3", "4"], on=False)
    assert (server.unread(), server.starred()) == ({1, 3, 4, 5}, {2})
    await client.mark(MarkKind.READ, ["9"], on=True)  # the server has none of them any more, and nothing is to be done
    await client.mark(MarkKind.STARRED, ["9"], on=False)


async def test_marks_are_sent_in_batches(site: Site, server: MinifluxServer, client: MinifluxClient) -> None:
    server.add_entries(server.add_feed("https://a.example/feed.xml"), 2500)
    await client.mark(MarkKind.READ, [str(own) for own in range(1, 2501)], on=True)
    assert not server.unread()
    assert site.paths() == ["/v1/entries"] * 3
    await client.mark(MarkKind.READ, [], on=True)
    assert len(site.paths()) == 3


# Broken and hostile answers.


@pytest.mark.parametrize(
    "listed",
    [
        [None, 1, "x", [], {}, {"id": "x"}, {"id": 2}, {"id": 3, "feed_id": 1}],
        [{"id": True, "feed_id": 1, "status": "read"}, {"id": 2**70, "feed_id": 1, "status": "read"}],
        [{"id": 5, "feed_id": -1, "status": "read"}, {"id": 6, "feed_id": 1, "status": "deleted"}],
        [{"id": 7, "feed_id": 1, "status": []}, {"id": -7.5, "feed_id": {}, "status": "read"}],
    ],
)
async def test_entries_that_make_no_sense_are_left_out(site: Site, client: MinifluxClient, listed: object) -> None:
    put(site, "/v1/entries", {"total": "many", "entries": listed})
    assert ids(await batches(client)) == []


async def test_fields_of_another_type_are_as_if_they_were_not_there(site: Site, client: MinifluxClient) -> None:
    odd = {"title": 1, "url": [], "content": {}, "author": 5, "tags": "x", "enclosures": {}, "changed_at": "soon"}
    put(site, "/v1/entries", {"entries": [{"id": 1, "feed_id": 1, "status": "read", "starred": "maybe", **odd}]})
    ((entry,),) = [batch.entries for batch in await batches(client)]
    assert entry.raw.title == entry.raw.link == entry.raw.content == ""
    assert (entry.is_starred, entry.changed, entry.raw.authors, entry.raw.media) == (False, None, (), ())


@pytest.mark.parametrize("answer", [b"null", b"[]", b'{"entries": null}', b'{"entries": {}}', b"[" * 100_000, b"\xff"])
async def test_an_answer_without_entries_is_an_error(site: Site, client: MinifluxClient, answer: bytes) -> None:
    site.page("/v1/entries", answer)
    with pytest.raises(SyncError):
        await batches(client)


async def test_the_same_page_again_and_again_ends(site: Site, client: MinifluxClient) -> None:
    listed = [{"id": own, "feed_id": 1, "status": "unread"} for own in range(1, 501)]
    put(site, "/v1/entries", {"total": 10**9, "entries": listed})
    put(site, "/v1/entries/ids", {"total": 10**9, "entry_ids": list(range(1, 10_001))})
    for cursor in ["", "1/100/0", "1/100/50", "5/1/1"]:
        await batches(client, cursor)
    assert len((await client.marked()).unread or ()) == 10_000
    put(site, "/v1/entries/ids", listed[0])
    other = MinifluxClient(site.url(""), "", KEY)
    await batches(other, "1/100/0")
    await other.close()
    assert len(site.paths()) < 30


async def test_an_answer_without_feeds_is_an_error_and_no_empty_list(site: Site, client: MinifluxClient) -> None:
    put(site, "/v1/feeds", {"error_message": "later"})
    with pytest.raises(SyncError, match="no list of feeds"):
        await client.feeds()
    put(site, "/v1/feeds", None)
    assert await client.feeds() == ()
    put(site, "/v1/feeds", [3, {"id": 1}, {"id": 2, "feed_url": "https://a.example/", "category": 4, "title": 5}])
    assert await client.feeds() == (RemoteFeed("2", "https://a.example/"),)
