"""The Fever API, as several servers have it."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Sequence
from typing import Any

import pytest

from tests.support.fever_server import PASSWORD, USER, Dialect, FeverServer
from tests.support.servers import Handler, Site, page
from tui_reader.sources.sync.client import Batch, MarkedIds, MarkKind, RemoteFeed
from tui_reader.sources.sync.errors import SyncError, SyncProblem
from tui_reader.sources.sync.fever import FeverClient


@pytest.fixture(params=list(Dialect), ids=lambda dialect: dialect.name)
def server(site: Site, request: pytest.FixtureRequest) -> FeverServer:
    return FeverServer(site, request.param)


@pytest.fixture
def freshrss(site: Site) -> FeverServer:
    return FeverServer(site, Dialect.FRESHRSS)


@pytest.fixture
async def client(site: Site) -> AsyncIterator[FeverClient]:
    client = FeverClient(site.url(""), USER, PASSWORD)
    yield client
    await client.close()


async def batches(client: FeverClient, cursor: str = "") -> list[Batch]:
    return [batch async for batch in client.entries(cursor)]


def ids(found: Sequence[Batch]) -> list[int]:
    return [int(entry.id) for batch in found for entry in batch.entries]


def texts(numbers: Sequence[int]) -> frozenset[str]:
    return frozenset(map(str, numbers))


def answering(**values: Any) -> Any:
    """Return a response of a server that gives the same values whatever it is asked."""
    return page(json.dumps({"api_version": 3, "auth": 1, **values}).encode(), kind="application/json")


# Signing in.


async def test_the_api_is_found_below_the_address_of_the_server(server: FeverServer, client: FeverClient) -> None:
    assert await client.sign_in() == "Fever API 3"


@pytest.mark.parametrize(
    ("dialect", "typed"),
    [
        (Dialect.FRESHRSS, "/api/fever.php"),
        (Dialect.FRESHRSS, "/api/"),
        (Dialect.FRESHRSS, "/api/greader.php"),
        (Dialect.TTRSS, "/plugins.local/fever"),
        (Dialect.MINIFLUX, "/fever/?api"),
        (Dialect.MINIFLUX, "/v1/"),
    ],
)
async def test_the_address_of_the_api_can_be_given(site: Site, dialect: Dialect, typed: str) -> None:
    FeverServer(site, dialect)
    client = FeverClient(site.url(typed), USER, PASSWORD)
    await client.sign_in()
    await client.close()
    if "fever" in typed:
        assert len(site.requests) == 2, "the place is known: nothing is looked for"


async def test_a_wrong_password_is_told(server: FeverServer) -> None:
    client = FeverClient(server.address, USER, "another")
    with pytest.raises(SyncError, match="refuses the user name or the password; check them") as error:
        await client.sign_in()
    assert error.value.problem is SyncProblem.PASSWORD
    await client.close()


async def test_an_api_that_is_switched_off_is_told(server: FeverServer, client: FeverClient) -> None:
    server.is_off = True
    sentence = {
        Dialect.FRESHRSS: "its Fever API is switched off",
        Dialect.TTRSS: "API is switched off: switch on “Enable API access”",
        Dialect.MINIFLUX: "Fever often has a password of its own, which is set in the settings",
    }[server.dialect]
    with pytest.raises(SyncError, match=sentence):
        await client.sign_in()


@pytest.mark.parametrize(
    ("answer", "problem", "sentence"),
    [
        (page(b"<html>", kind="text/html"), SyncProblem.VERSION, "no Fever API was found at the address"),
        (page(b"", 404), SyncProblem.VERSION, "no such API"),
        (page(b"", 302, headers={"Location": "https://other.example/"}), SyncProblem.VERSION, "give the account that"),
        (page(b"", 429), SyncProblem.RATE_LIMIT, "asks us to wait"),
        (page(b"", 502), SyncProblem.DOWN, "reports an error"),
        (answering(api_version=1), SyncProblem.VERSION, "version 1 of the Fever API"),
        (answering(api_version="x"), SyncProblem.VERSION, "version 0 of the Fever API"),
        (answering(auth="no"), SyncProblem.PASSWORD, "refuses the user name"),
    ],
)
async def test_a_server_that_is_another_or_down_is_told(
    site: Site, client: FeverClient, answer: Any, problem: SyncProblem, sentence: str
) -> None:
    site.otherwise = answer
    with pytest.raises(SyncError, match=sentence) as error:
        await client.sign_in()
    assert error.value.problem is problem


# Subscriptions.


async def test_feeds_come_with_their_groups_as_folders(server: FeverServer, client: FeverClient) -> None:
    server.groups[3] = "Tech / Python"
    server.feeds = {
        1: ("https://a.example/feed.xml", "A", 2),
        2: ("https://b.example/feed.xml", "B\u202e", 3),
        3: ("https://c.example/feed.xml", "", 9),
        4: ("file:///etc/passwd", "D", 2),
    }
    assert await client.feeds() == (
        RemoteFeed("1", "https://a.example/feed.xml", "A", "", ("Tech",)),
        RemoteFeed("2", "https://b.example/feed.xml", "B⟨RLO⟩", "", ("Tech", "Python")),
        RemoteFeed("3", "https://c.example/feed.xml"),
    )


async def test_subscriptions_are_left_to_the_server(client: FeverClient) -> None:
    feed = RemoteFeed("1", "https://a.example/feed.xml")
    for change in (
        client.subscribe(feed.address, "", ()),
        client.unsubscribe(feed),
        client.change(feed, "A", ()),
    ):
        with pytest.raises(SyncError, match="on the pages of the server") as error:
            await change
        assert error.value.problem is SyncProblem.UNSUPPORTED


# Items.


async def test_the_first_items_are_the_newest_and_all_come_once(server: FeverServer, client: FeverClient) -> None:
    made = server.add_items(170)
    found = await batches(client)
    assert ids(found) == made[::-1]
    cursor = found[-1].cursor
    assert ids(await batches(client, cursor)) == []
    more = server.add_items(120)
    assert ids(await batches(client, cursor)) == more


async def test_a_first_listing_that_was_interrupted_goes_on_and_has_what_came_meanwhile(
    server: FeverServer, client: FeverClient
) -> None:
    made = server.add_items(170)
    begun = [batch async for batch in client.entries("")][:2]
    more = server.add_items(2)
    rest = await batches(client, begun[-1].cursor)
    assert ids(rest) == [*more, *made[69::-1]]
    assert ids(await batches(client, rest[-1].cursor)) == []


async def test_a_server_without_items_is_asked_again_from_the_start(server: FeverServer, client: FeverClient) -> None:
    assert await batches(client) == []
    made = server.add_items(1)
    assert ids(await batches(client)) == made


async def test_an_item_has_all_that_the_server_says(server: FeverServer, client: FeverClient) -> None:
    (own,) = server.add_items(1, title="vector<int>", author="Ada", is_saved=1, is_read=1)
    (entry,) = await client.entries_of([str(own), "1", "no number"])
    assert (entry.id, entry.feed, entry.is_read, entry.is_starred) == (str(own), "1", True, True)
    assert entry.changed is None
    raw = entry.raw
    assert (raw.title, raw.link, raw.content) == ("vector&lt;int&gt;", f"https://news.example/{own}", "<p>Text</p>")
    assert (raw.authors, raw.dates) == (("Ada",), ("2026-09-21T14:13:20Z",))


async def test_many_items_are_asked_for_in_pieces(server: FeverServer, client: FeverClient) -> None:
    made = server.add_items(120)
    found = await client.entries_of([str(own) for own in made])
    assert [int(entry.id) for entry in found] == made


# A server that gives any 50 items, as coldsweat does.


def put_unsorted(site: Site, items: Sequence[int]) -> None:
    """Put an API that gives the items in the order of ``items``."""

    def answer(handler: Handler) -> None:
        query = dict(pair.partition("=")[::2] for pair in handler.path.partition("?")[2].split("&"))
        found = list(items)
        if "since_id" in query:
            found = [own for own in found if own > int(query["since_id"])]
        elif "max_id" in query:
            found = [own for own in found if own < int(query["max_id"])]
        elif "with_ids" in query:
            wanted = set(map(int, query["with_ids"].replace("%2C", ",").split(",")))
            found = [own for own in found if own in wanted]
        listed = [{"id": own, "feed_id": 1, "title": str(own)} for own in found[:50]]
        answering(items=listed, total_items=len(items))(handler)

    site.put("/fever/", answer)


async def test_items_in_no_order_are_all_found(site: Site, client: FeverClient) -> None:
    old = [*range(141, 211), *range(1, 71), *range(71, 141)]
    put_unsorted(site, old)
    found = await batches(client)
    assert sorted(ids(found)) == sorted(old)
    # New ones of the first feed hide those of the others, although their ids grow.
    put_unsorted(site, [*range(141, 211), *range(211, 240), *range(300, 340), *range(1, 141), *range(240, 300)])
    later = await batches(client, found[-1].cursor)
    assert sorted(ids(later)) == list(range(211, 340))
    assert ids(await batches(client, later[-1].cursor)) == []


async def test_a_first_listing_in_no_order_goes_on_after_an_interruption(site: Site, client: FeverClient) -> None:
    put_unsorted(site, [*range(301, 401), *range(1, 301)])
    begun: list[Batch] = []
    async for batch in client.entries(""):
        begun.append(batch)
        if batch.cursor:
            break
    other = FeverClient(site.url(""), USER, PASSWORD)
    rest = await batches(other, begun[-1].cursor)
    await other.close()
    assert set(ids(begun)) | set(ids(rest)) == set(range(1, 401))
    assert len(ids(rest)) < 301


async def test_ids_with_endless_gaps_in_no_order_are_refused(site: Site, client: FeverClient) -> None:
    put_unsorted(site, [5, 2**62, *range(100, 160)])
    with pytest.raises(SyncError, match="in no order; use another kind of account"):
        await batches(client)


# Marks.


async def test_marks_are_set_and_taken_back_and_that_can_be_repeated(server: FeverServer, client: FeverClient) -> None:
    a, b, c, d = server.add_items(4)
    for _ in range(2):
        await client.mark(MarkKind.READ, texts([a, b, 999]), on=True)
        await client.mark(MarkKind.STARRED, texts([b, c, 999]), on=True)
    assert (server.unread(), server.saved()) == ({c, d}, {b, c})
    assert await client.marked() == MarkedIds(texts([c, d]), texts([b, c]))
    for _ in range(2):
        await client.mark(MarkKind.READ, texts([a, c]), on=False)
        await client.mark(MarkKind.STARRED, texts([c, d]), on=False)
    assert (server.unread(), server.saved()) == ({a, c, d}, {b})


async def test_what_is_marked_already_is_not_sent(site: Site, freshrss: FeverServer, client: FeverClient) -> None:
    made = freshrss.add_items(20, is_read=1)
    await client.sign_in()
    before = len(site.requests)
    await client.mark(MarkKind.READ, texts(made), on=True)
    assert len(site.requests) == before + 1


# Broken and hostile answers.


@pytest.mark.parametrize(
    "listed",
    [
        [None, 1, "x", [], {}, {"id": "x", "feed_id": 1}, {"id": 2}, {"id": "3", "feed_id": "-1"}],
        [{"id": True, "feed_id": 1}, {"id": 2**70, "feed_id": 1}, {"id": "9" * 5000, "feed_id": 1}],
        {"1": {"id": 1, "feed_id": 1}},
        "1,2",
        None,
    ],
)
async def test_items_that_make_no_sense_are_left_out(site: Site, client: FeverClient, listed: object) -> None:
    site.put("/fever/", answering(items=listed, total_items=[]))
    assert ids(await batches(client)) == []


async def test_fields_of_another_type_are_as_if_they_were_not_there(site: Site, client: FeverClient) -> None:
    odd = {"title": 1, "url": [], "html": {}, "author": 5, "is_read": [], "created_on_time": 2**60}
    site.put("/fever/", answering(items=[{"id": 1, "feed_id": "1", **odd}]))
    (entry,) = await client.entries_of(["1"])
    assert entry.raw.title == entry.raw.link == entry.raw.content == ""
    assert (entry.is_read, entry.raw.dates, entry.raw.authors) == (False, (), ())


async def test_the_same_page_again_and_again_ends(site: Site, client: FeverClient) -> None:
    site.put("/fever/", answering(items=[{"id": own, "feed_id": 1} for own in range(50, 0, -1)]))
    for cursor in ["", "20/1", "90/40"]:
        await batches(client, cursor)
    assert len(site.requests) < 20


@pytest.mark.parametrize("listed", [None, [1], {"1": 2}, 5])
async def test_ids_that_are_no_text_say_nothing(site: Site, client: FeverClient, listed: object) -> None:
    site.put("/fever/", answering(unread_item_ids=listed, saved_item_ids=" 1, x,,2,-3,0"))
    assert await client.marked() == MarkedIds(None, frozenset({"1", "2"}))


@pytest.mark.parametrize("answer", [b"", b"null", b"[]", b"[" * 100_000, b"{}", b'{"auth": 1}'])
async def test_an_answer_of_another_kind_is_an_error(site: Site, client: FeverClient, answer: bytes) -> None:
    site.put("/fever/", answering(), page(answer))
    with pytest.raises(SyncError, match="not one of the Fever API"):
        await client.feeds()


async def test_an_answer_without_feeds_is_an_error_and_no_empty_list(site: Site, client: FeverClient) -> None:
    site.put("/fever/", answering(feeds=None))
    with pytest.raises(SyncError, match="no list of feeds"):
        await client.feeds()
    groups = {"groups": [{"id": 1, "title": []}, 3], "feeds_groups": [{"group_id": 1, "feed_ids": 5}, None]}
    site.put("/fever/", answering(feeds=[{"id": 1, "url": 3}, {"id": 2, "url": "https://a.example/"}], **groups))
    assert await client.feeds() == (RemoteFeed("2", "https://a.example/"),)
