"""Client for the Google Reader API: FreshRSS, Miniflux, The Old Reader, BazQux Reader, Inoreader and others.

There is no specification. What is asked for here is what these servers and
their clients agree on: lists of ids, and then the entries of these ids, because
Miniflux has nothing else.
"""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Collection, Sequence
from email.utils import parsedate_to_datetime

from tui_reader.model.text import visible
from tui_reader.model.urls import page_key
from tui_reader.sources.sync.answers import MAX_LISTED, text, title_of
from tui_reader.sources.sync.client import Batch, MarkedIds, MarkKind, RemoteEntry, RemoteFeed
from tui_reader.sources.sync.errors import SyncError, SyncProblem
from tui_reader.sources.sync.google_reader_items import (
    FEED,
    LABEL,
    READ,
    READING_LIST,
    STARRED,
    IdPage,
    entries,
    id_page,
    long_id,
    subscriptions,
)
from tui_reader.sources.sync.google_reader_listing import ENTRIES, all_ids, new_ids, read_place
from tui_reader.sources.sync.google_reader_session import FRESHRSS, INOREADER, MINIFLUX, OLD_READER, Session
from tui_reader.sources.sync.http import Pairs, Reply, TooLongError

_IDS = 1_000  # in a page of which each entry is fetched: Inoreader gives no more
_MARKED_IDS = 10_000  # in a page of ids alone: Miniflux and The Old Reader give no more
_MARKS = 500  # ids in a request that marks them: PHP warns of a form with more than 1,000 fields
_FRESHRSS_MARKS = 100  # with SQLite, it stores one after the other: 500 can take half a minute
# Where every feed is in a folder, this one stands for none.
_NO_FOLDER = {FRESHRSS: "Uncategorized", MINIFLUX: "All"}
_STATES = {MarkKind.READ: READ, MarkKind.STARRED: STARRED}
_MAX_SAID = 200  # characters


class GoogleReaderClient:
    """A :class:`~tui_reader.sources.sync.client.SyncClient` for the Google Reader API.

    ``address`` is that of the API or of the server, or of a page of it. For
    ``user`` and ``password`` see :class:`Session`.
    """

    def __init__(self, address: str, user: str, password: str) -> None:
        self._session = Session(address, user, password)

    @property
    def address(self) -> str:
        """The address of the API, empty before :meth:`sign_in`."""
        return self._session.address

    async def sign_in(self) -> str:
        """Check that the account can be used, and return what the server is, such as ``FreshRSS``."""
        await self._session.sign_in()
        return self._session.server

    async def feeds(self) -> tuple[RemoteFeed, ...]:
        """Return all subscriptions."""
        answer = (await self._session.get("/subscription/list")).json()
        no_folder = _NO_FOLDER.get(self._session.server, "")
        return subscriptions(answer, full_width=self._has_full_width, no_folder=no_folder)

    async def entries(self, cursor: str) -> AsyncIterator[Batch]:
        """Yield the entries that are new since ``cursor``, newest first.

        What a server shows late and with an old date is not among them: it is
        in :meth:`marked`, because it is unread.
        """
        async for ids, place in new_ids(self._list_ids, read_place(cursor)):
            yield Batch(await self.entries_of(ids), place.written())

    async def entries_of(self, ids: Collection[str]) -> tuple[RemoteEntry, ...]:
        """Return these entries, without those that the server no longer has."""
        found: list[RemoteEntry] = []
        wanted = list(dict.fromkeys(ids))
        for start in range(0, len(wanted), ENTRIES):
            found += await self._entries(wanted[start : start + ENTRIES])
        return tuple(found)

    async def marked(self) -> MarkedIds:
        """Return what is unread and what is starred on the server now."""
        unread = await all_ids(lambda more: self._ids(READING_LIST, more, [("xt", READ)]), MAX_LISTED)
        return MarkedIds(unread, await all_ids(lambda more: self._ids(STARRED, more), MAX_LISTED))

    async def mark(self, kind: MarkKind, ids: Collection[str], *, on: bool) -> None:
        """Mark entries as read or starred, or take that back, in requests of up to 500."""
        listed = list(ids)
        size = _FRESHRSS_MARKS if self._session.server == FRESHRSS else _MARKS
        for start in range(0, len(listed), size):
            form = [("a" if on else "r", _STATES[kind])]
            form += [("i", long_id(identifier)) for identifier in listed[start : start + size]]
            _acknowledged(await self._session.post("/edit-tag", form))

    async def subscribe(self, address: str, title: str, folder: tuple[str, ...]) -> RemoteFeed:
        """Subscribe to a feed, and return it as the server has it. One that is subscribed already is changed."""
        feed = _with_address(await self.feeds(), address)
        if feed is None:
            # Inoreader wants the id that the feed will have.
            asked = FEED + address if self._session.server == INOREADER else address
            answer = (await self._session.post("/subscription/quickadd", [("quickadd", asked)])).json()
            found = answer if isinstance(answer, dict) else {}
            added = text(found.get("streamId"))
            listed = await self.feeds()
            feed = next((each for each in listed if each.id == added), None) or _with_address(listed, address)
            if feed is None:
                said = visible(text(found.get("error"))[:_MAX_SAID]).strip()
                raise SyncError(
                    f"the server finds no feed at this address; add it on the page of the server{said and ': ' + said}",
                    SyncProblem.UNSUPPORTED,
                )
        if (title and title != feed.title) or folder != feed.folder:
            await self.change(feed, title, folder)
            return feed._replace(title=title or feed.title, folder=folder)
        return feed

    async def unsubscribe(self, feed: RemoteFeed) -> None:
        """End a subscription."""
        try:
            _acknowledged(await self._session.post("/subscription/edit", [("ac", "unsubscribe"), ("s", feed.id)]))
        except SyncError:
            if any(each.id == feed.id for each in await self.feeds()):
                raise

    async def change(self, feed: RemoteFeed, title: str, folder: tuple[str, ...]) -> None:
        """Give a subscription another title and folder."""
        form = [("ac", "edit"), ("s", feed.id)]
        if title and title != feed.title:
            form.append(("t", title))
        if folder != feed.folder:
            # Miniflux cannot take a feed out of a folder, only move it to another one.
            none = _NO_FOLDER[MINIFLUX] if self._session.server == MINIFLUX else ""
            if label := title_of(folder) or none:
                form.append(("a", LABEL + label))
            # To The Old Reader, ‘r’ means no folder at all; others can have a feed in two.
            if feed.folder and not (label and self._session.server == OLD_READER):
                form.append(("r", LABEL + title_of(feed.folder)))
        if len(form) > 2:
            _acknowledged(await self._session.post("/subscription/edit", form))

    async def close(self) -> None:
        """Close all connections."""
        await self._session.close()

    @property
    def _has_full_width(self) -> bool:
        return self._session.server == FRESHRSS

    async def _list_ids(self, since: int, continuation: str) -> tuple[IdPage, int]:
        reply = await self._page(READING_LIST, continuation, _IDS, [("ot", str(since))] if since else [])
        return id_page(reply.json()), _server_time(reply)

    async def _ids(self, stream: str, continuation: str, params: Pairs = ()) -> IdPage:
        return id_page((await self._page(stream, continuation, _MARKED_IDS, params)).json())

    async def _page(self, stream: str, continuation: str, size: int, params: Pairs) -> Reply:
        query = [("s", stream), ("n", str(size)), *params]
        if continuation:
            query.append(("c", continuation))
        return await self._session.get("/stream/items/ids", query)

    async def _entries(self, ids: Sequence[str]) -> list[RemoteEntry]:
        """Return entries in the order of their ids. An answer that is too long is asked for in halves."""
        if not ids:
            return []
        try:
            reply = await self._session.post("/stream/items/contents", [("i", long_id(each)) for each in ids])
        except TooLongError:
            half = len(ids) // 2
            return [*await self._entries(ids[:half]), *await self._entries(ids[half:])] if half else []
        found = entries(reply.json(), full_width=self._has_full_width)
        return [found[identifier] for identifier in ids if identifier in found]


def _acknowledged(reply: Reply) -> None:
    """Raise :class:`SyncError` for an answer that does not say that something was done."""
    if not reply.text().rstrip().endswith("OK"):
        raise SyncError(
            "the server does not say that it did what it was asked; check its version", SyncProblem.PROTOCOL
        )


def _with_address(feeds: Collection[RemoteFeed], address: str) -> RemoteFeed | None:
    return next((feed for feed in feeds if page_key(feed.address) == page_key(address)), None)


def _server_time(reply: Reply) -> int:
    """Return the time of a server, in seconds since 1970; ours where it does not send it."""
    try:
        return int(parsedate_to_datetime(reply.headers.get("date", "")).timestamp())
    except (ValueError, OverflowError):
        return int(time.time())
