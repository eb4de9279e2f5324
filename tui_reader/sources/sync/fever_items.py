"""Lists the items of a Fever server: all of them, newest first, and then what is new.

Fever gives 50 items at a time, in the order of their ids, before or after one
of them. Not every server keeps to that: FreshRSS begins nowhere unless it is
told an id to begin before, and coldsweat gives any 50 items, not the next ones.
Where they do not come in order, the ids that are missing are asked for.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Mapping
from html import escape

from tui_reader.model.dates import iso_date
from tui_reader.named_tuple import NamedTuple
from tui_reader.sources.feeds.raw_feed import RawEntry
from tui_reader.sources.sync.answers import MAX_ID, MAX_LISTED, is_on, number, objects, text
from tui_reader.sources.sync.client import MAX_BATCH, Batch, RemoteEntry
from tui_reader.sources.sync.errors import SyncError, SyncProblem

PAGE = 50
"""Items in an answer, and most ids in a request."""

_MAX_GAP = 200_000  # ids that are asked for one by one, where the order is not kept

Ask = Callable[..., Awaitable[Mapping[str, object]]]


class _Place(NamedTuple):
    """What is known: all up to the id ``high``, but nothing below ``low``."""

    high: int = 0
    low: int = 1

    def cursor(self) -> str:
        return f"{self.high}/{self.low}"


class FeverItems:
    """The items of one server, which is asked by ``ask``."""

    def __init__(self, ask: Ask) -> None:
        self._ask = ask
        self._sorts: bool | None = None
        self._count = 0

    async def batches(self, cursor: str) -> AsyncIterator[Batch]:
        """Yield the items since ``cursor``. The first of all are the newest, if the server can say which these are."""
        place = _place(cursor)
        self._count = 0
        seen: set[int] = set()
        if not place.high and (newest := await self._newest()) and self._sorts:
            place = _Place(max(newest), min(newest))
            yield _batch(newest, place)
        elif place.high or self._sorts is False:
            first = not place.high
            async for page, known in self._newer(place):
                seen.update(page)
                place = known
                yield _batch(page, None if first else place)
            if first:
                place = _Place(max(seen, default=0), max(seen, default=0) + 1)
        async for page, low in self._older(place.low, seen):
            place = place._replace(low=low)
            yield _batch(page, place)

    async def items(self, ids: Collection[int]) -> dict[int, RemoteEntry]:
        """Return at most 50 items by their ids, without those that the server no longer has."""
        page = await self._page("with_ids", ",".join(map(str, ids)))
        return {own: page[own] for own in ids if own in page}

    async def _newest(self) -> dict[int, RemoteEntry]:
        """Return the newest items, and learn whether they come in order."""
        # "0 initially", says the specification; FreshRSS has none before 0, and coldsweat does not answer.
        page = await self._page("max_id", "0") or await self._page("max_id", str(MAX_ID))
        self._sorts = list(page) == sorted(page, reverse=True)
        return page

    async def _newer(self, place: _Place) -> AsyncIterator[tuple[dict[int, RemoteEntry], _Place]]:
        """Yield what comes after ``place``, and what is known then."""
        seen: set[int] = set()
        reached = place.high
        while page := await self._page("since_id", str(reached), above=reached):
            if self._sorts is None and len(page) >= PAGE:
                await self._newest()
            seen.update(page)
            reached = max(page)
            yield page, place._replace(high=reached) if self._sorts else place
        if place.high and self._sorts is False:
            async for page, _ in self._by_ids(reached, place.high, seen):
                yield page, place
        yield {}, place._replace(high=reached)

    async def _older(self, low: int, seen: Collection[int]) -> AsyncIterator[tuple[dict[int, RemoteEntry], int]]:
        """Yield what comes before ``low``, without what was ``seen``, and how far down everything is known then."""
        while low > 1 and self._sorts is not False:
            page = await self._page("max_id", str(low), below=low)
            self._sorts = list(page) == sorted(page, reverse=True)
            if self._sorts:
                low = min(page, default=1)
                yield page, low
        if low > 1:
            async for page, reached in self._by_ids(low - 1, 0, seen):
                yield page, reached

    async def _by_ids(
        self, top: int, bottom: int, seen: Collection[int]
    ) -> AsyncIterator[tuple[dict[int, RemoteEntry], int]]:
        """Yield the items with ids from ``top`` down to above ``bottom``, and the lowest id that was asked for."""
        if top - bottom > _MAX_GAP:
            raise SyncError(
                "the server lists entries in no order; use another kind of account for it", SyncProblem.PROTOCOL
            )
        missing = [own for own in range(top, bottom, -1) if own not in seen]
        for start in range(0, len(missing), PAGE):
            ids = missing[start : start + PAGE]
            yield await self.items(ids), ids[-1]
        yield {}, bottom + 1

    async def _page(self, name: str, value: str, *, above: int = 0, below: int = MAX_ID + 1) -> dict[int, RemoteEntry]:
        """Return items as they come, without those that were not asked for."""
        answer = await self._ask(("items", ""), (name, value))
        page = {int(each.id): each for item in objects(answer.get("items"))[:MAX_BATCH] if (each := _entry(item))}
        self._count += len(page)
        if self._count > MAX_LISTED:
            raise SyncError("the server lists entries without an end; check its version", SyncProblem.PROTOCOL)
        return {own: each for own, each in page.items() if above < own < below}


def _place(cursor: str) -> _Place:
    high, _, low = cursor.partition("/")
    return _Place(number(high), number(low) or 1) if number(high) else _Place()


def _batch(page: Mapping[int, RemoteEntry], place: _Place | None) -> Batch:
    return Batch(tuple(page.values()), place.cursor() if place else "")


def _entry(item: Mapping[str, object]) -> RemoteEntry | None:
    own, feed = number(item.get("id")), number(item.get("feed_id"))
    if not own or not feed:
        return None
    author = text(item.get("author"))
    raw = RawEntry(
        # Without an identifier: the one of the feed is not in the protocol.
        title=escape(text(item.get("title"))),
        link=text(item.get("url")),
        dates=tuple(filter(None, (iso_date(number(item.get("created_on_time")) or None),))),
        content=text(item.get("html")),
        authors=(author,) if author else (),
    )
    return RemoteEntry(str(own), str(feed), raw, is_on(item.get("is_read")), is_on(item.get("is_saved")))
