"""A server that reading is synchronised with, in memory, and clients of it that lose and repeat what they are told."""

from __future__ import annotations

import random
from collections.abc import AsyncIterator, Awaitable, Callable, Collection
from dataclasses import dataclass, field

from tui_reader.sources.feeds.raw_feed import RawEntry
from tui_reader.sources.sync.client import Batch, MarkedIds, MarkKind, RemoteEntry, RemoteFeed
from tui_reader.sources.sync.errors import SyncError, SyncProblem

READ, STARRED = MarkKind.READ, MarkKind.STARRED


@dataclass
class ModelEntry:
    id: str
    feed: str
    raw: RawEntry
    position: int  # when it came, or last changed if the server tells of that
    marks: dict[MarkKind, bool] = field(default_factory=lambda: {READ: False, STARRED: False})
    changed: int = 0


class ModelServer:
    """Feeds, entries and marks; with ``has_times``, it says when marks changed, and lists what has changed again."""

    def __init__(self, *, has_times: bool = False) -> None:
        self.has_times = has_times
        self.now = 0
        self.feeds: dict[str, RemoteFeed] = {}
        self.entries: dict[str, ModelEntry] = {}
        self.position = 0
        self.can_subscribe = True
        self.down: SyncError | None = None
        self.calls: list[str] = []
        self.log: list[tuple[str, MarkKind, bool, str]] = []  # entry, mark, whether it was set, and by whom

    def add_feed(self, address: str, title: str = "", folder: tuple[str, ...] = ()) -> RemoteFeed:
        feed = RemoteFeed(f"feed/{address}", address, title or address, "", folder)
        self.feeds[feed.id] = feed
        return feed

    def add_entry(self, feed: RemoteFeed, link: str, title: str = "", date: str = "2026-01-01T10:00:00Z") -> str:
        self.position += 1
        id = f"e{self.position}"
        raw = RawEntry(title=title or f"About {link}", link=link, dates=(date,), summary=f"Text of {link}")
        self.entries[id] = ModelEntry(id, feed.id, raw, self.position, changed=self.now)
        return id

    def mark(self, id: str, kind: MarkKind, on: bool, by: str = "web") -> None:
        self.log.append((id, kind, on, by))
        entry = self.entries.get(id)
        if entry is not None and entry.marks[kind] != on:
            entry.marks[kind] = on
            entry.changed = self.now
            if self.has_times:
                self.position += 1
                entry.position = self.position

    def entry(self, id: str) -> RemoteEntry:
        found = self.entries[id]
        changed = found.changed if self.has_times else None
        return RemoteEntry(id, found.feed, found.raw, found.marks[READ], found.marks[STARRED], changed)


async def _nothing() -> None:
    pass


class ModelClient:
    """A client of the server; ``meanwhile`` happens between each answer and its arrival.

    With ``chance``, some requests are lost, some answers are, and some requests arrive twice.
    """

    def __init__(
        self,
        server: ModelServer,
        name: str = "client",
        *,
        chance: random.Random | None = None,
        meanwhile: Callable[[], Awaitable[None]] = _nothing,
        batch: int = 3,
    ) -> None:
        self.server = server
        self.name = name
        self._chance = chance
        self._meanwhile = meanwhile
        self._batch = batch

    def _lose(self, what: str) -> None:
        self.server.calls.append(what)
        if self.server.down is not None:
            raise self.server.down
        if self._chance is not None and self._chance.random() < 0.06:
            raise SyncError("the server cannot be reached", SyncProblem.DOWN)

    async def sign_in(self) -> str:
        self._lose("sign_in")
        return "Model 1"

    async def feeds(self) -> tuple[RemoteFeed, ...]:
        self._lose("feeds")
        found = tuple(self.server.feeds.values())
        await self._meanwhile()
        return found

    async def entries(self, cursor: str) -> AsyncIterator[Batch]:
        self._lose("entries")
        new = [each for each in self.server.entries.values() if each.position > int(cursor or 0)]
        new.sort(key=lambda each: -each.position if not cursor else each.position)
        end = self.server.position
        pieces = [new[start : start + self._batch] for start in range(0, len(new), self._batch)]
        for place, piece in enumerate(pieces):
            entries = tuple(self.server.entry(each.id) for each in piece)
            known = piece[-1].position if cursor else 0
            last = place == len(pieces) - 1
            await self._meanwhile()
            yield Batch(entries, str(end) if last else str(known) if known else "")
            self._lose("entries")

    async def entries_of(self, ids: Collection[str]) -> tuple[RemoteEntry, ...]:
        self._lose("entries_of")
        found = tuple(self.server.entry(id) for id in ids if id in self.server.entries)
        await self._meanwhile()
        return found

    async def marked(self) -> MarkedIds:
        self._lose("marked")
        entries = list(self.server.entries.values())
        unread = frozenset(each.id for each in entries if not each.marks[READ])
        starred = frozenset(each.id for each in entries if each.marks[STARRED])
        await self._meanwhile()
        return MarkedIds(unread, starred)

    async def mark(self, kind: MarkKind, ids: Collection[str], *, on: bool) -> None:
        self._lose(f"mark {kind}")
        for _ in range(2 if self._chance is not None and self._chance.random() < 0.1 else 1):
            for id in ids:
                self.server.mark(id, kind, on, self.name)
        await self._meanwhile()
        self._lose("marked so")

    async def subscribe(self, address: str, title: str, folder: tuple[str, ...]) -> RemoteFeed:
        self._lose("subscribe")
        if not self.server.can_subscribe:
            raise SyncError("it has no way to subscribe", SyncProblem.UNSUPPORTED)
        feed = self.server.add_feed(address, title, folder)
        self._lose("subscribed")
        return feed

    async def unsubscribe(self, feed: RemoteFeed) -> None:
        self._lose("unsubscribe")
        if not self.server.can_subscribe:
            raise SyncError("it has no way to unsubscribe", SyncProblem.UNSUPPORTED)
        self.server.feeds.pop(feed.id, None)

    async def change(self, feed: RemoteFeed, title: str, folder: tuple[str, ...]) -> None:
        self._lose("change")
        self.server.feeds[feed.id] = feed._replace(title=title, folder=folder[:1])  # no folders in folders

    async def close(self) -> None:
        pass
