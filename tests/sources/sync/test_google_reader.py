"""The Google Reader API against servers that answer as FreshRSS, Miniflux, The Old Reader, BazQux and Inoreader do."""

from __future__ import annotations

import json
import time
from collections.abc import Iterable
from contextlib import asynccontextmanager, suppress
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.google_reader_server import (
    APP,
    PASSWORD,
    READING_LIST,
    USER,
    Dialect,
    GoogleReaderServer,
)
from tests.support.servers import Loopback, Site
from tui_reader.model.dates import iso_date
from tui_reader.sources.feeds.raw_feed import RawMedia
from tui_reader.sources.sync import google_reader, google_reader_listing, google_reader_session, http
from tui_reader.sources.sync.client import Batch, MarkKind, RemoteEntry
from tui_reader.sources.sync.errors import SyncError, SyncProblem
from tui_reader.sources.sync.google_reader import GoogleReaderClient
from tui_reader.sources.sync.google_reader_items import entry_id, subscriptions
from tui_reader.sources.sync.google_reader_listing import Place, read_place
from tui_reader.sources.sync.google_reader_session import api_addresses

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

DIALECTS = tuple(Dialect)
YESTERDAY = int(time.time()) - 86_400
EVERY = pytest.mark.parametrize("dialect", DIALECTS, ids=lambda dialect: dialect.name.lower())
NAMES = {
    Dialect.FRESHRSS: "FreshRSS",
    Dialect.MINIFLUX: "Miniflux",
    Dialect.INOREADER: "Google Reader API",  # as long as it is not at its own address
}

# What those are called that are recognised by their host.
SERVICES = {
    Dialect.INOREADER: google_reader_session.INOREADER,
    Dialect.OLD_READER: google_reader_session.OLD_READER,
}


@asynccontextmanager
async def signed_in(server: GoogleReaderServer, password: str = PASSWORD, user: str = USER) -> AsyncIterator[Any]:
    """Give a client of a server, with the address that its users know."""
    app = f"?AppId={APP['appid']}&AppKey={APP['appkey']}" if server.dialect is Dialect.INOREADER else ""
    client = GoogleReaderClient(server.site.url(server.dialect.prefix) + app, user, password)
    try:
        yield client
    finally:
        await client.close()


async def refused(server: GoogleReaderServer, password: str = PASSWORD, user: str = USER) -> SyncError:
    async with signed_in(server, password, user) as client:
        with pytest.raises(SyncError) as caught:
            await client.sign_in()
    return caught.value


async def batches(client: GoogleReaderClient, cursor: str = "") -> list[Batch]:
    return [batch async for batch in client.entries(cursor)]


def entries_in(found: Iterable[Batch]) -> list[RemoteEntry]:
    return [entry for batch in found for entry in batch.entries]


def filled(site: Site, dialect: Dialect, count: int = 3, *, came: int = YESTERDAY) -> GoogleReaderServer:
    server = GoogleReaderServer(site, dialect)
    server.add(server.add_feed("https://example.org/feed", "News, views & <b>", "Science"), count, came=came)
    return server


@EVERY
async def test_what_a_server_has_is_read_and_marked(site: Site, dialect: Dialect) -> None:
    server = GoogleReaderServer(site, dialect)
    feed = server.add_feed("https://example.org/feed", "AT&T", "World / Asia")
    server.add_feed("https://example.org/loose", "Loose")
    first, second, third = server.add(feed, 3, came=YESTERDAY, title="R&D: a < b")
    second.read = third.starred = True
    async with signed_in(server) as client:
        assert await client.sign_in() == NAMES.get(dialect, "Google Reader API")
        here, loose = await client.feeds()
        assert (here.id, here.address, here.title) == (feed.id, "https://example.org/feed", "AT&T")
        assert (here.page, here.folder, loose.folder) == ("https://example.org/", ("World", "Asia"), ())
        found = entries_in(await batches(client))
        assert [entry.id for entry in found] == [server.entry_id(item) for item in (third, second, first)]
        assert [(entry.is_read, entry.is_starred) for entry in found] == [(False, True), (True, False), (False, False)]
        entry = found[-1]
        assert entry.feed == feed.id
        assert entry.raw.title == "R&amp;D: a &lt; b"
        assert entry.raw.link == f"https://example.org/{first.number % 2**64}"
        assert (entry.raw.summary, entry.raw.content) == ("", first.html)
        assert entry.raw.dates == (iso_date(first.published),)
        assert (entry.raw.categories, entry.raw.authors) == (("Science",), ("A. Writer",))
        assert entry.raw.media == (RawMedia(entry.raw.link + ".mp3", "audio"),)
        ids = [server.entry_id(item) for item in (first, second, third)]
        marked = await client.marked()
        assert (marked.unread, marked.starred) == ({ids[0], ids[2]}, {ids[2]})
        await client.mark(MarkKind.READ, [ids[0]], on=True)
        await client.mark(MarkKind.READ, [ids[1]], on=False)
        await client.mark(MarkKind.STARRED, ids[:2], on=True)
        await client.mark(MarkKind.STARRED, [ids[2]], on=False)
        assert server.marks() == [(True, True), (False, True), (False, False)]
        marked = await client.marked()
        assert (marked.unread, marked.starred) == ({ids[1], ids[2]}, {ids[0], ids[1]})
        assert len(await client.entries_of([ids[0], "0" * len(ids[0])])) == 1, "one that the server does not have"
    shown = await page_of(site)
    assert "<li>R&amp;D: a &lt; b: read, starred</li>" in shown


async def page_of(site: Site) -> str:
    client = http.SyncHttp(site.url())
    try:
        return (await client.get("/")).text()
    finally:
        await client.close()


@EVERY
async def test_subscriptions_are_changed(site: Site, dialect: Dialect) -> None:
    server = GoogleReaderServer(site, dialect, web={"https://example.org/new": "As the site says"})
    async with signed_in(server) as client:
        await client.sign_in()
        client._session.server = SERVICES.get(dialect, client._session.server)
        feed = await client.subscribe("https://example.org/new", "Mine", ("Outer", "Inner"))
        assert [feed] == list(await client.feeds())
        assert (feed.title, feed.folder) == ("Mine", ("Outer", "Inner"))
        assert await client.subscribe("https://example.org/new/", "", ("Outer", "Inner")) == feed, "it was there"
        await client.change(feed, "Mine", ("Other",))
        (moved,) = await client.feeds()
        assert (moved.title, moved.folder) == ("Mine", ("Other",))
        await client.change(moved, "Renamed", ())
        (loose,) = await client.feeds()
        assert (loose.title, loose.folder) == ("Renamed", ())
        await client.unsubscribe(loose)
        await client.unsubscribe(loose)
        assert await client.feeds() == ()
        with pytest.raises(SyncError, match=r"finds no feed at this address.*Nothing at") as caught:
            await client.subscribe("https://example.org/none", "", ())
        assert caught.value.problem is SyncProblem.UNSUPPORTED


@EVERY
async def test_what_another_client_does_is_seen(site: Site, dialect: Dialect) -> None:
    server = filled(site, dialect, 5)
    async with signed_in(server) as client:
        until = str(server.items[2].crawled)
        form = [("s", f"user/-/{READING_LIST}"), ("ts", until)]
        await client._session.post("/mark-all-as-read", form)
        assert (await client.marked()).unread == {server.entry_id(item) for item in server.items[3:]}
        label = "user/-/label/Science"
        await client._session.post("/rename-tag", [("s", label), ("dest", "user/-/label/Nature")])
        assert (await client.feeds())[0].folder == ("Nature",)
        await client._session.post("/disable-tag", [("s", "user/-/label/Nature")])
        assert (await client.feeds())[0].folder == ()


@EVERY
async def test_all_pages_come_and_then_only_what_is_new(
    site: Site, dialect: Dialect, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(google_reader, "_IDS", 270)
    monkeypatch.setattr(google_reader_listing, "_SIZE", 200)
    server = filled(site, dialect, 280)
    async with signed_in(server) as client:
        found = await batches(client)
        assert [len(batch.entries) for batch in found[:2]] == [50, 200], "the first headlines come soon"
        ids = [entry.id for entry in entries_in(found)]
        assert ids == [server.entry_id(item) for item in reversed(server.items)]
        late = server.add(server.feeds[0], 3, came=int(time.time()) - 5)
        again = await batches(client, found[-1].cursor)
        assert [entry.id for entry in entries_in(again)] == [server.entry_id(item) for item in reversed(late)]
        asked = len(server.calls("/contents"))
        nothing = await batches(client, again[-1].cursor)
        assert entries_in(nothing) == []
        assert len(server.calls("/contents")) == asked, "what the overlap brings again is not fetched again"
        assert len(await client.entries_of(ids)) == len(ids)


async def test_a_listing_that_was_stopped_goes_on(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(google_reader, "_IDS", 60)
    monkeypatch.setattr(google_reader_listing, "_SIZE", 20)
    server = filled(site, Dialect.FRESHRSS, 150)
    came: list[str] = []
    cursor = ""
    for _ in range(5):
        async with signed_in(server) as client:
            async for batch in client.entries(cursor):
                came += [entry.id for entry in batch.entries]
                cursor = batch.cursor
                break  # as if it were killed
        server.add(server.feeds[0], came=int(time.time()))
    async with signed_in(server) as client:
        came += [entry.id for entry in entries_in(await batches(client, cursor))]
    assert set(came) == {server.entry_id(item) for item in server.items}
    assert len(came) == len(server.items), "none is fetched twice"


async def test_an_old_continuation_that_means_nothing_any_more(site: Site) -> None:
    server = filled(site, Dialect.INOREADER)
    site.page("/reader/api/0/stream/items/ids", b"Bad continuation", 400)
    cursor = Place(since=0, started=YESTERDAY, continuation="old").written()
    async with signed_in(server) as client:
        with pytest.raises(SyncError):
            await batches(client, cursor)
    first, second = server.calls("/ids")
    assert (first["c"], "c" in second) == (["old"], False)


async def test_an_entry_that_comes_late_with_an_old_date_is_among_the_unread(site: Site) -> None:
    server = filled(site, Dialect.MINIFLUX)
    async with signed_in(server) as client:
        cursor = (await batches(client))[-1].cursor
        (late,) = server.add(server.feeds[0], came=int(time.time()), published=YESTERDAY - 10**6)
        assert entries_in(await batches(client, cursor)) == []
        unread = (await client.marked()).unread
        assert server.entry_id(late) in unread
        assert [entry.id for entry in await client.entries_of([server.entry_id(late)])] == [server.entry_id(late)]


async def test_an_entry_that_is_read_meanwhile_hides_no_other(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(google_reader, "_MARKED_IDS", 10)
    monkeypatch.setattr(google_reader_listing, "_REMEMBERED", 4)
    server = filled(site, Dialect.MINIFLUX, 25)

    async def unread(newest: int) -> frozenset[str] | None:
        """Ask for the unread entries, while the newest become read between two pages."""
        for item in server.items:
            item.read = False
        async with signed_in(server) as client:
            ids = client._ids

            async def then_read(*asked: Any) -> Any:
                page = await ids(*asked)
                for item in server.items[-newest:]:
                    item.read = True
                return page

            client._ids = then_read
            found: frozenset[str] | None = (await client.marked()).unread
            return found

    left = {server.entry_id(item) for item in server.items}
    assert (await unread(3) or frozenset()) == left
    assert await unread(8) is None, "too many to be sure"


@EVERY
async def test_many_marks_are_sent_in_batches(site: Site, dialect: Dialect, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(google_reader, "_MARKS", 50)
    monkeypatch.setattr(google_reader, "_FRESHRSS_MARKS", 50)
    server = filled(site, dialect, 120)
    async with signed_in(server) as client:
        await client.mark(MarkKind.READ, [server.entry_id(item) for item in server.items], on=True)
        await client.mark(MarkKind.READ, [], on=True)
    assert all(item.read for item in server.items)
    sent = server.calls("/edit-tag")
    assert [len(each["i"]) for each in sent] == [50, 50, 20]
    bodies = [each.body for each in site.requests if urlsplit(each.path).path.endswith("/edit-tag")]
    assert all(body.startswith(b"T=") for body in bodies), "PHP reads only the first 1,000 fields"


async def test_only_what_the_server_says_it_did_is_done(site: Site) -> None:
    server = filled(site, Dialect.FRESHRSS)
    site.page("/api/greader.php/reader/api/0/edit-tag", b"<html>Log in to this hotel", kind="text/html")
    async with signed_in(server) as client:
        with pytest.raises(SyncError, match="does not say that it did"):
            await client.mark(MarkKind.READ, [server.entry_id(server.items[0])], on=True)


@EVERY
async def test_a_session_and_a_token_that_end_are_renewed_once(site: Site, dialect: Dialect) -> None:
    server = filled(site, dialect)
    ids = [server.entry_id(server.items[0])]
    async with signed_in(server) as client:
        await client.mark(MarkKind.READ, ids, on=True)
        server.tokens += 1
        await client.mark(MarkKind.STARRED, ids, on=True)
        assert server.marks()[0] == (True, True)
        assert len(server.calls("/ClientLogin")) == 1
        server.sessions += 1
        await client.mark(MarkKind.READ, ids, on=False)
        assert server.marks()[0] == (False, True)
        server.sessions += 1
        assert len(await client.feeds()) == 1
        assert len(server.calls("/ClientLogin")) == 3
        server.sessions += 1
        server.login_answer = (401, "Error=BadAuthentication", {})
        with pytest.raises(SyncError) as caught:
            await client.feeds()
        assert caught.value.problem is SyncProblem.PASSWORD
        assert len(server.calls("/ClientLogin")) == 4, "a password that is refused is not tried again"


async def test_a_token_of_the_server_is_enough(site: Site) -> None:
    server = filled(site, Dialect.OLD_READER)
    async with signed_in(server, "session-1", user="") as client:
        await client.sign_in()
        assert len(await client.feeds()) == 1
        server.sessions += 1
        with pytest.raises(SyncError, match="does not accept the token"):
            await client.feeds()
    assert not server.calls("/ClientLogin")


@EVERY
async def test_a_wrong_password(site: Site, dialect: Dialect) -> None:
    server = filled(site, dialect)
    for user in (USER, "ann@example.org"):
        error = await refused(server, "wrong", user)
        assert error.problem is SyncProblem.PASSWORD
        assert "refuses the user name or the password" in str(error)
    assert ("FreshRSS wants its API password" in str(error)) is (dialect is Dialect.FRESHRSS)
    assert "wrong" not in str(error)


@pytest.mark.parametrize(
    ("dialect", "answer", "words"),
    [
        (Dialect.BAZQUX, (401, "", {"X-BQ-LoginErrorReason": "YearSubscriptionExpired"}), "has expired; renew it"),
        (Dialect.BAZQUX, (200, "Error=BadAuthentication", {}), "refuses the user name"),
        (Dialect.OLD_READER, (403, "Error=BadAuthentication\nInfo=InvalidSecondFactor", {}), "API password"),
        (Dialect.INOREADER, (403, "AppId required! Contact app developer.", {}), "?AppId=…&AppKey=…"),
    ],
)
async def test_logins_that_want_more(site: Site, dialect: Dialect, answer: Any, words: str) -> None:
    server = GoogleReaderServer(site, dialect, login_answer=answer)
    error = await refused(server)
    assert error.problem is SyncProblem.PASSWORD
    assert words in str(error)


@pytest.mark.parametrize(
    ("outage", "problem", "words", "wait"),
    [
        ((429, "Daily limit reached!", {"X-Reader-Limits-Reset-After": "1416"}), SyncProblem.RATE_LIMIT, "429", 1416),
        ((429, "", {"Retry-After": "60"}), SyncProblem.RATE_LIMIT, "asks us to wait", 60),
        ((503, "Service Unavailable!", {}), SyncProblem.DOWN, "allow API access in its settings", None),
        ((503, "", {"Retry-After": "5"}), SyncProblem.DOWN, "down for maintenance", 5),
        ((500, "", {}), SyncProblem.DOWN, "reports an error (500)", None),
        ((404, "", {}), SyncProblem.VERSION, "no such API", None),
        ((200, "<html>", {}), SyncProblem.VERSION, "check the address", None),
        ((301, "", {"Location": "https://other.example/"}), SyncProblem.VERSION, "https://other.example", None),
    ],
)
async def test_servers_in_trouble(
    site: Site, outage: Any, problem: SyncProblem, words: str, wait: float | None
) -> None:
    error = await refused(GoogleReaderServer(site, Dialect.FRESHRSS, outage=outage))
    assert (error.problem, error.retry_after) == (problem, wait)
    assert words in str(error)


async def test_a_web_server_that_keeps_the_header_for_itself(site: Site) -> None:
    server = filled(site, Dialect.FRESHRSS)
    site.page("/api/greader.php/reader/api/0/user-info", b"Unauthorized!", 401)
    error = await refused(server)
    assert "pass the header Authorization on to PHP" in str(error)
    site.page("/api/greader.php/reader/api/0/user-info", b"[]")
    assert "like no Google Reader API" in str(await refused(server))


async def test_a_certificate_of_ones_own(net: Loopback) -> None:
    error = await refused(filled(net.site(tls=True), Dialect.MINIFLUX))
    assert error.problem is SyncProblem.CERTIFICATE


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("https://rss.example", ("", "/api/greader.php", "/p/api/greader.php")),
        ("https://rss.example/", ("", "/api/greader.php", "/p/api/greader.php")),
        ("https://rss.example/reader/api/0/", ("", "/api/greader.php", "/p/api/greader.php")),
        ("https://rss.example/i/?a=normal&get=c_1#close", ("/i", "/api/greader.php", "/p/api/greader.php")),
        ("https://rss.example/p/api/", ("/p/api", "/api/greader.php", "/p/api/greader.php")),
        ("https://rss.example/x/api/greader.php", ("/x/api/greader.php",)),
        ("https://rss.example/api/greader.php/reader/api/0", ("/api/greader.php",)),
    ],
)
def test_where_the_api_may_be(typed: str, found: tuple[str, ...]) -> None:
    assert api_addresses(typed) == tuple(f"https://rss.example{path}" for path in found)


async def test_the_api_is_found_before_a_password_is_sent(site: Site) -> None:
    server = filled(site, Dialect.FRESHRSS)
    site.redirect("/reader/api/0/user-info", "/i/")
    for typed in ("", "/", "/i/?a=normal", "/api", "/api/greader.php/"):
        client = GoogleReaderClient(site.url() + typed.removeprefix("/"), USER, PASSWORD)
        assert await client.sign_in() == "FreshRSS"
        assert client.address == site.url("/api/greader.php")
        await client.close()
    told = {urlsplit(each.path).path for each in site.requests if b"correct" in each.body or "correct" in each.path}
    assert told == {"/api/greader.php/accounts/ClientLogin"}
    server.outage = (503, "Service Unavailable!", {})
    client = GoogleReaderClient(site.url(), USER, PASSWORD)
    with pytest.raises(SyncError, match="allow API access"):
        await client.sign_in()
    await client.close()


@pytest.mark.parametrize("answer", [(404, {}), (200, {}), (401, {"WWW-Authenticate": 'Basic realm="x"'})])
async def test_a_server_without_the_api(site: Site, answer: tuple[int, dict[str, str]]) -> None:
    for path in ("", "/api/greader.php", "/p/api/greader.php"):
        site.page(f"{path}/reader/api/0/user-info", b"<html>", answer[0], headers=answer[1])
    client = GoogleReaderClient(site.url(), USER, PASSWORD)
    with pytest.raises(SyncError, match="there is no Google Reader API at") as caught:
        await client.sign_in()
    await client.close()
    assert caught.value.problem is SyncProblem.VERSION
    assert not any(each.body for each in site.requests)


async def test_a_server_that_moved_is_named(site: Site) -> None:
    for path in ("", "/api/greader.php", "/p/api/greader.php"):
        site.redirect(f"{path}/reader/api/0/user-info", "https://rss.example/reader/api/0/user-info", 301)
    client = GoogleReaderClient(site.url(), USER, PASSWORD)
    with pytest.raises(SyncError, match=r"sends us to https://rss\.example; give the account that address"):
        await client.sign_in()
    await client.close()


async def test_services_are_known_by_their_host(monkeypatch: pytest.MonkeyPatch) -> None:
    for typed, address, server in (
        ("https://www.theoldreader.com/", "https://theoldreader.com", "The Old Reader"),
        ("https://bazqux.com", "https://bazqux.com", "BazQux Reader"),
        ("http://inoreader.com/?AppId=1&AppKey=2", "https://www.inoreader.com", "Inoreader"),
    ):
        session = google_reader_session.Session(typed, "", "token")
        await session._found()
        await session.close()
        assert (session.address, session.server) == (address, server)
        assert session._app == ({"AppId": "1", "AppKey": "2"} if server == "Inoreader" else {})


HOSTILE: tuple[object, ...] = (
    None, [], {}, 5, "x", {"itemRefs": 5, "items": {}, "subscriptions": "x"}, {"itemRefs": None, "items": [None]},
)  # fmt: skip
ODD: tuple[object, ...] = (
    None, 5, "", [], {}, [[]], {"id": None}, {"id": 1.5}, {"id": True}, {"id": "x" * 500}, {"id": "tag:x/\x1b"},
    {"id": 10**30}, {"id": "5"}, {"id": "5", "origin": []}, {"id": "5", "origin": {"streamId": 7}},
    {"id": "feed/1", "url": "javascript:alert(1)"}, {"id": "feed/2", "url": "https://example.org/\x1b"}, {"url": "https://example.org/"},
)  # fmt: skip


@pytest.mark.parametrize("body", HOSTILE, ids=json.dumps)
async def test_answers_of_another_shape_are_a_sentence(site: Site, body: object) -> None:
    server = filled(site, Dialect.FRESHRSS)
    ids = [server.entry_id(item) for item in server.items]
    for path in ("subscription/list", "stream/items/ids", "stream/items/contents", "subscription/quickadd"):
        site.page(f"/api/greader.php/reader/api/0/{path}", json.dumps(body).encode())
    async with signed_in(server) as client:
        for ask in (client.feeds, client.marked, lambda: batches(client), lambda: client.entries_of(ids)):
            try:
                assert not await ask()
            except SyncError as error:
                assert "the server's answer has no list of" in str(error)
        with pytest.raises(SyncError):
            await client.subscribe("https://example.org/x", "", ())


async def test_what_is_broken_is_left_out(site: Site) -> None:
    server = filled(site, Dialect.FRESHRSS)
    good = server._written_item(server.items[0])
    mixed = [
        *ODD,
        good,
        {"id": "7", "origin": {"streamId": "feed/1"}, "title": 5, "categories": [1, "user/x/state/com.google/read"]},
        {
            "id": "8",
            "origin": {"streamId": "feed/1"},
            "published": 1e400,
            "enclosure": [5, {"href": 5}],
            "canonical": 1,
        },
        {"id": "9", "origin": {"streamId": "feed/1"}, "published": 10**17, "author": [], "summary": "x", "content": {}},
    ]
    refs = [*ODD, *({"id": each["id"]} for each in mixed if isinstance(each, dict) and "origin" in each)]
    known = {"id": "feed/9", "url": "https://example.org/9", "title": 9, "categories": [5, {"id": 5}]}
    for path, answer in (
        ("subscription/list", {"subscriptions": [*ODD, known]}),
        ("stream/items/ids", {"itemRefs": refs, "continuation": 10**40}),
        ("stream/items/contents", {"items": mixed}),
    ):
        site.page(f"/api/greader.php/reader/api/0/{path}", json.dumps(answer).encode())
    async with signed_in(server) as client:
        (feed,) = await client.feeds()
        assert (feed.id, feed.title, feed.folder) == ("feed/9", "", ())
        with suppress(SyncError):  # the continuation stays the same
            await batches(client)
        short = [f"{number:016x}" for number in (7, 8, 9)]
        found = await client.entries_of([server.entry_id(server.items[0]), *short])
        assert len(found) == 4
        assert [entry.is_read for entry in found] == [False, True, False, False]
        assert found[2].raw.dates == found[3].raw.dates == found[2].raw.media == ()


async def test_listings_without_an_end_have_one(site: Site) -> None:
    server = filled(site, Dialect.INOREADER)
    path = "/reader/api/0/stream/items/ids"
    site.page(path, json.dumps({"itemRefs": [{"id": "1"}], "continuation": "same"}).encode())
    async with signed_in(server) as client:
        with pytest.raises(SyncError, match="again and again"):
            await batches(client)
        assert (await client.marked()).unread is None
        pages = 0

        def more(handler: Any) -> None:
            nonlocal pages
            pages += 1
            handler.send(200, {}, json.dumps({"itemRefs": [{"id": "1"}], "continuation": f"c{pages}"}).encode())

        site.put(path, more)
        assert entries_in(await batches(client)) == []
        assert pages < 10


async def test_a_first_listing_ends_with_the_newest(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(google_reader_listing, "MAX_NEW", 120)
    monkeypatch.setattr(google_reader, "_IDS", 50)
    monkeypatch.setattr(google_reader, "MAX_LISTED", 100)
    monkeypatch.setattr(google_reader, "_MARKED_IDS", 50)
    server = filled(site, Dialect.BAZQUX, 200)
    async with signed_in(server) as client:
        found = await batches(client)
        assert [entry.id for entry in entries_in(found)] == [server.entry_id(item) for item in server.items[:79:-1]]
        assert entries_in(await batches(client, found[-1].cursor)) == []
        assert (await client.marked()).unread is None, "too many to be sure of all"


async def test_long_answers_are_asked_for_in_halves(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    server = filled(site, Dialect.FRESHRSS, 40)
    server.items[3].html = "x" * 30_000
    monkeypatch.setattr(http, "_MAX_BYTES", 20_000)
    async with signed_in(server) as client:
        found = entries_in(await batches(client))
    assert len(found) == 39, "one alone is too long"


@given(st.integers(-(2**63), 2**63 - 1))
def test_an_id_has_one_spelling(number: int) -> None:
    spelling = f"{number % 2**64:016x}"
    prefix = "tag:google.com,2005:reader/item/"
    shortened = prefix + (spelling.lstrip("0") or "0")
    for written in (str(number), number, prefix + spelling, prefix + spelling.upper(), shortened):
        assert entry_id(written) == spelling


@pytest.mark.parametrize("text", ["", "x", "[]", "5", "[1,2,3,4,5]", "[" * 9_999, '[1e999,[],1,[],""]', '{"a":1}'])
def test_a_cursor_that_makes_no_sense_is_the_start(text: str) -> None:
    assert read_place(text) == Place()


def test_a_cursor_is_read_as_it_was_written() -> None:
    place = Place(5, ("a", "b"), 7, ("c",), "d")
    assert read_place(place.written()) == place


@pytest.mark.parametrize("target", ["http://a]b/", "http://[::1", "//[x"])
def test_a_redirect_to_no_address_is_told(target: str) -> None:
    reply = http.Reply(302, {"location": target}, b"", "https://rss.example/")
    assert google_reader_session._leads_away(reply)
    with pytest.raises(SyncError, match="the server sends us to "):
        reply.check()


def test_a_feed_whose_id_cannot_be_stored_is_left_out() -> None:
    listed = [{"id": f"feed/{name}", "url": f"https://{name[0]}.example/"} for name in ("a", "b\ud800")]
    (feed,) = subscriptions({"subscriptions": listed}, full_width=False, no_folder="")
    assert feed.id == "feed/a"
