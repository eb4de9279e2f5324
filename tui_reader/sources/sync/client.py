"""What every server does for an account, whatever its protocol; the modules beside this one implement it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection, Iterator, Sequence
from enum import StrEnum
from typing import Protocol, TypeVar

from tui_reader.named_tuple import NamedTuple
from tui_reader.sources.feeds.raw_feed import RawEntry

T = TypeVar("T")

MAX_BATCH = 1_000
"""Most entries in one batch, whatever the server sends."""


def in_batches(items: Sequence[T]) -> Iterator[tuple[T, ...]]:
    """Yield ``items`` in tuples of :data:`MAX_BATCH` at most."""
    for start in range(0, len(items), MAX_BATCH):
        yield tuple(items[start : start + MAX_BATCH])


class MarkKind(StrEnum):
    """What is synchronised of an entry."""

    READ = "read"
    STARRED = "starred"


class RemoteFeed(NamedTuple):
    """A subscription on the server.

    - ``id``: what the server calls it.
    - ``address``: of the feed itself, safe to store and to show.
    - ``page``: the address of its website, empty where there is none.
    - ``folder``: the names of the folders it lies in, outermost first. Of several, the first.
    """

    id: str
    address: str
    title: str = ""
    page: str = ""
    folder: tuple[str, ...] = ()


class RemoteEntry(NamedTuple):
    """An entry as the server has it.

    ``id`` is what the server calls it, in one spelling; ``feed`` the ``id`` of
    its feed. ``raw`` is not cleaned yet: it is HTML from a stranger.
    ``changed`` is when the server's marks of it last changed, in seconds since
    1970, or ``None`` where the protocol does not say.
    """

    id: str
    feed: str
    raw: RawEntry
    is_read: bool
    is_starred: bool
    changed: int | None = None


class Batch(NamedTuple):
    """Entries that came together.

    ``cursor`` is what to give to :meth:`SyncClient.entries` the next time, once
    this batch and all before it are stored. Empty: nothing to remember yet.
    """

    entries: tuple[RemoteEntry, ...]
    cursor: str = ""


class MarkedIds(NamedTuple):
    """The entries that the server has as unread, and as starred, by id: complete, or ``None`` if it cannot say."""

    unread: frozenset[str] | None
    starred: frozenset[str] | None


class SyncClient(Protocol):
    """A signed-in connection to one account.

    Every method raises :class:`~tui_reader.sources.sync.errors.SyncError`, a
    sentence that says what to do, and no other error. A method that changes
    something may have done so although it raises: it can be called again.
    """

    async def sign_in(self) -> str:
        """Check that the account can be used, and return what the server is, such as ``Miniflux 2.2.5``."""
        ...

    async def feeds(self) -> tuple[RemoteFeed, ...]:
        """Return all subscriptions."""
        ...

    def entries(self, cursor: str) -> AsyncIterator[Batch]:
        """Yield the entries that are new since ``cursor``, in batches; with an empty one all, the newest first."""
        ...

    async def entries_of(self, ids: Collection[str]) -> tuple[RemoteEntry, ...]:
        """Return these entries, without those that the server no longer has."""
        ...

    async def marked(self) -> MarkedIds:
        """Return what is unread and what is starred on the server now."""
        ...

    async def mark(self, kind: MarkKind, ids: Collection[str], *, on: bool) -> None:
        """Mark entries as read or starred, or take that back, in as many requests as the server needs."""
        ...

    async def subscribe(self, address: str, title: str, folder: tuple[str, ...]) -> RemoteFeed:
        """Subscribe to a feed, and return it as the server has it."""
        ...

    async def unsubscribe(self, feed: RemoteFeed) -> None:
        """End a subscription."""
        ...

    async def change(self, feed: RemoteFeed, title: str, folder: tuple[str, ...]) -> None:
        """Give a subscription another title and folder."""
        ...

    async def close(self) -> None:
        """Close all connections."""
        ...
