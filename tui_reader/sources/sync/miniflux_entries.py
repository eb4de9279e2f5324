"""Lists the entries of a Miniflux server: all of them, newest first, and then what is new or has changed.

Versions before 2.3.2 cannot list the ids of what is unread. Of those, the
entries that changed are read instead, with their texts.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from html import escape
from typing import NoReturn

from tui_reader.named_tuple import NamedTuple
from tui_reader.sources.feeds.raw_feed import RawEntry, RawMedia, media_kind
from tui_reader.sources.sync.answers import MAX_LISTED, is_on, number, objects, text
from tui_reader.sources.sync.client import Batch, RemoteEntry
from tui_reader.sources.sync.errors import SyncError, SyncProblem
from tui_reader.sources.sync.http import Pairs, Reply, TooLongError
from tui_reader.sources.written_dates import parse_feed_date

_FIRST_PAGE = 50  # entries; the first headlines come soon
_PAGE = 500  # entries; a server answers with at most 1,000 of them
_OVERLAP = 60  # seconds by which changes are asked for again: what was not yet committed had an earlier time
_STATUS = {"read": True, "unread": False}  # older versions list what they have removed, too

Get = Callable[[str, Pairs], Awaitable[Reply]]


class _Page(NamedTuple):
    """Entries, and the ids of all that were listed, those too that cannot be used."""

    entries: tuple[RemoteEntry, ...]
    ids: tuple[int, ...]
    is_last: bool
    now: int


class _Place(NamedTuple):
    """What is known: the changes up to a time, and the ids up to ``high``, but none below ``low``."""

    changed: int = 1
    high: int = 0
    low: int = 0

    def cursor(self) -> str:
        return f"{self.changed}/{self.high}/{self.low}"


def _place(cursor: str) -> _Place:
    parts = cursor.split("/")
    if len(parts) != 3 or not number(parts[1]):
        return _Place()
    return _Place(number(parts[0]) or 1, number(parts[1]), number(parts[2]))


async def list_entries(get: Get, cursor: str, *, lists_ids: bool) -> AsyncIterator[Batch]:
    """Yield the entries since ``cursor``; ``lists_ids`` says whether changes are found by the ids of marked entries."""
    place = _place(cursor)
    if place.high:
        listed = _newer(get, place) if lists_ids else _changed(get, place)
        async for entries, place in listed:
            yield Batch(entries, place.cursor())
    else:
        page = await _get_page(get, _FIRST_PAGE, ("direction", "desc"))
        if not page.ids:
            return
        place = _Place(max(page.now - _OVERLAP, 1), max(page.ids), 0 if page.is_last else min(page.ids))
        yield Batch(page.entries, place.cursor())
    async for entries, reached in _older(get, place):
        yield Batch(entries, reached.cursor())


_Listed = AsyncIterator[tuple[tuple[RemoteEntry, ...], _Place]]


async def _newer(get: Get, place: _Place) -> _Listed:
    count = 0
    while True:
        page = await _get_page(get, _PAGE, ("direction", "asc"), ("after_entry_id", str(place.high)))
        if not page.ids or max(page.ids) <= place.high:
            return
        place = place._replace(high=max(page.ids))
        yield page.entries, place
        count = _counted(count, page)
        if page.is_last:
            return


async def _changed(get: Get, place: _Place) -> _Listed:
    """Yield what was added or marked since a time. All of it has to be known before the place moves on."""
    after = count = moment = 0
    high = place.high
    while True:
        page = await _get_page(
            get,
            _PAGE,
            ("direction", "asc"),
            ("after_entry_id", str(after)),
            ("changed_after", str(place.changed)),
        )
        moment = moment or page.now
        is_last = page.is_last or max(page.ids) <= after
        after = max(page.ids, default=after)
        high = max(high, after)
        if is_last:
            place = place._replace(changed=max(moment - _OVERLAP, place.changed), high=high)
        yield page.entries, place
        if is_last:
            return
        count = _counted(count, page)


async def _older(get: Get, place: _Place) -> _Listed:
    count = 0
    while place.low:
        page = await _get_page(get, _PAGE, ("direction", "desc"), ("before_entry_id", str(place.low)))
        lowest = min(page.ids, default=0)
        place = place._replace(low=0 if page.is_last or lowest >= place.low else lowest)
        yield page.entries, place
        count = _counted(count, page)


def _counted(count: int, page: _Page) -> int:
    count += len(page.ids)
    if count > MAX_LISTED:
        raise SyncError("the server lists entries without an end; check its version", SyncProblem.PROTOCOL)
    return count


async def _get_page(get: Get, limit: int, *params: tuple[str, str]) -> _Page:
    try:
        reply = await get("/v1/entries", [("order", "id"), ("limit", str(limit)), *params])
    except TooLongError:
        if limit == 1:
            raise
        return await _get_page(get, limit // 4 or 1, *params)
    answer = reply.json()
    listed = answer.get("entries") if isinstance(answer, dict) else None
    if not isinstance(listed, list):
        refuse("no list of entries")
    entries = tuple(entry for item in objects(listed)[:limit] if (entry := read_entry(item)))
    ids = tuple(each for item in objects(listed)[:limit] if (each := number(item.get("id"))))
    now = parse_feed_date(reply.headers.get("date")) or max((entry.changed or 0 for entry in entries), default=0)
    return _Page(entries, ids, len(listed) < limit or not ids, now)


def refuse(what: str) -> NoReturn:
    """Raise a :class:`SyncError` that says what an answer has instead of what was asked for."""
    raise SyncError(f"the server's answer has {what}; check the address and its version", SyncProblem.PROTOCOL)


def read_entry(item: Mapping[str, object]) -> RemoteEntry | None:
    """Return an entry of an answer, or ``None`` where it cannot be used."""
    own, feed, is_read = number(item.get("id")), number(item.get("feed_id")), _STATUS.get(text(item.get("status")))
    if not own or not feed or is_read is None:
        return None
    author = text(item.get("author"))
    tags = item.get("tags")
    raw = RawEntry(
        # Without an identifier: the one of the feed is not in the API, and Miniflux knows entries by a digest of it.
        title=escape(text(item.get("title"))),
        link=text(item.get("url")),
        dates=(text(item.get("published_at")),),
        content=text(item.get("content")),
        comments=text(item.get("comments_url")),
        authors=(author,) if author else (),
        categories=tuple(tag for tag in tags if isinstance(tag, str)) if isinstance(tags, list) else (),
        media=tuple(_media(each) for each in objects(item.get("enclosures"))),
    )
    return RemoteEntry(
        str(own), str(feed), raw, is_read, is_on(item.get("starred")), parse_feed_date(text(item.get("changed_at")))
    )


def _media(item: Mapping[str, object]) -> RawMedia:
    address = text(item.get("url"))
    return RawMedia(address, media_kind(text(item.get("mime_type")), "", address))
