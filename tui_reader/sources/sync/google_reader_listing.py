"""Lists the entries of a Google Reader API that are new since the last time, and remembers how far that was."""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator, Awaitable, Callable, Collection

from tui_reader.named_tuple import NamedTuple
from tui_reader.sources.sync.errors import SyncError, SyncProblem
from tui_reader.sources.sync.google_reader_items import IdPage

ENTRIES = 500
"""Most entries that are asked for at once: each request costs a server as much as a hundred entries."""

MAX_NEW = 50_000
"""Most entries that one listing brings, the newest: a first one can have a million."""

_OVERLAP = 600  # seconds: servers show some entries later than they date them
_REMEMBERED = 1_000  # ids of the newest entries, which the overlap brings again
_FIRST, _SIZE = 50, ENTRIES  # entries in the first request, so that something can be read soon, and the others
_IDLE_PAGES = 3  # pages without a new id, after which there are no more

ListIds = Callable[[int, str], Awaitable[tuple[IdPage, int]]]
"""Lists ids from a time on, newest first, with a continuation; gives a page of them and the time of the server."""


class Place(NamedTuple):
    """How far the listing of entries is. Times are in seconds since 1970, by the clock of the server.

    - ``since``: what came to the server before is known.
    - ``seen``: the newest ids that are known, newest first.
    - ``started``: when the listing that is under way began, 0 if there is none.
    - ``newest``: its first ids.
    - ``continuation``: of its page that comes next.
    """

    since: int = 0
    seen: tuple[str, ...] = ()
    started: int = 0
    newest: tuple[str, ...] = ()
    continuation: str = ""

    def written(self) -> str:
        """Return the place as text, for :func:`read_place`."""
        return json.dumps(self, separators=(",", ":"))

    def finished(self) -> Place:
        """Return the place after all pages of the listing."""
        seen = tuple(dict.fromkeys((*self.newest, *self.seen)))[:_REMEMBERED]
        return Place(max(0, self.started - _OVERLAP), seen)


def read_place(written: str) -> Place:
    """Return the place that was written as text; the start, if it makes no sense."""
    try:
        since, seen, started, newest, continuation = json.loads(written)
        return Place(int(since), tuple(map(str, seen)), int(started), tuple(map(str, newest)), str(continuation))
    except (ValueError, TypeError, OverflowError, RecursionError):
        return Place()


async def new_ids(list_ids: ListIds, place: Place) -> AsyncGenerator[tuple[list[str], Place], None]:
    """Yield the ids of new entries, the newest first, each time with the place after them.

    A listing that was under way is gone on with, and followed by one of what
    has come since. The last ids can be none. Raises :class:`SyncError`.
    """
    reached = place
    for _ in range(2 if place.started else 1):
        async for ids, after in _listing(list_ids, reached):
            yield ids, after
            reached = after


async def _listing(list_ids: ListIds, place: Place) -> AsyncGenerator[tuple[list[str], Place], None]:
    known = set(place.seen)
    count = idle = 0
    size = _FIRST
    while True:
        page, now = await _page(list_ids, place)
        if not place.started:
            place = place._replace(started=now)
        place = place._replace(newest=(*place.newest, *page.ids[: _REMEMBERED - len(place.newest)]))
        new = [identifier for identifier in page.ids if identifier not in known][: MAX_NEW - count]
        known.update(new)
        count += len(new)
        idle = 0 if new else idle + 1
        following = place._replace(continuation=page.continuation)
        is_last = not page.continuation or count >= MAX_NEW or idle >= _IDLE_PAGES
        if page.continuation == place.continuation and not is_last:
            raise SyncError(
                "the server lists the same entries again and again; check its version", SyncProblem.PROTOCOL
            )
        after = following.finished() if is_last else following
        while len(new) > size:
            # Whoever goes on from here has the page again, without these.
            place = place._replace(seen=(*new[:size], *place.seen))
            yield new[:size], place
            new, size = new[size:], _SIZE
        if new or is_last:
            yield new, after
            size = _SIZE
        if is_last:
            return
        place = following


async def _page(list_ids: ListIds, place: Place) -> tuple[IdPage, int]:
    try:
        return await list_ids(place.since, place.continuation)
    except SyncError as error:
        # A continuation of yesterday may mean nothing any more.
        if error.problem is not SyncProblem.PROTOCOL or not place.continuation:
            raise
        return await list_ids(place.since, "")


async def all_ids(list_page: Callable[[str], Awaitable[IdPage]], limit: int) -> frozenset[str] | None:
    """Return the ids of all pages, or ``None`` if there are more than ``limit``, or the list changed meanwhile.

    Some servers continue by the number of ids that were listed. An entry that
    leaves the list meanwhile would hide another one, so their pages overlap.
    """
    found: dict[str, None] = {}
    tail: Collection[str] = ()
    continuation = ""
    asked: set[str] = set()
    while True:
        page = await list_page(continuation)
        if tail and not any(identifier in tail for identifier in page.ids):
            return None
        found.update(dict.fromkeys(page.ids))
        if not page.continuation:
            return frozenset(found)
        if len(found) > limit or page.continuation in asked:
            return None
        asked.add(page.continuation)
        continuation, tail = page.continuation, ()
        if continuation.isdecimal() and int(continuation) == len(found) > _REMEMBERED:
            continuation, tail = str(len(found) - _REMEMBERED), set(page.ids[-_REMEMBERED:])
