"""Stores entries that came from the server of an account, as if their feeds had listed them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from tui_reader.model.fingerprint import fingerprint, page_id
from tui_reader.named_tuple import NamedTuple
from tui_reader.sources.sync.client import RemoteEntry
from tui_reader.storage.feed_store import FeedStore, FetchedSource
from tui_reader.storage.remote_marks import Listed


class RemoteSource(NamedTuple):
    """The source of a feed of an account; ``title`` and ``page`` are those that the server gives."""

    location: str
    title: str
    page: str


class RemoteBatch(NamedTuple):
    """Entries to be stored; ``feeds`` are the sources by what the server calls them.

    ``identity`` is that of the account. ``known`` are the pages of those
    stored before, by id. ``now`` is in seconds since 1970, ``age`` that of the store.
    """

    identity: str
    feeds: Mapping[str, RemoteSource]
    entries: tuple[RemoteEntry, ...]
    known: Mapping[str, int]
    now: int
    age: int


class StoredBatch(NamedTuple):
    """The entries with their pages, and how many articles are new.

    ``locations`` are the sources that they are of, ``changed`` those in which something is new or different.
    """

    listed: tuple[Listed, ...] = ()
    new: int = 0
    locations: frozenset[str] = frozenset()
    changed: frozenset[str] = frozenset()

    def joined(self, other: StoredBatch) -> StoredBatch:
        """Return this with what was stored after it."""
        return StoredBatch(
            self.listed + other.listed,
            self.new + other.new,
            self.locations | other.locations,
            self.changed | other.changed,
        )

    def again(self) -> StoredBatch:
        """Return this, where it may have been stored before: then nothing of it is new by now, but it has changed."""
        return self._replace(changed=self.locations)


def store_batch(store: FeedStore, batch: RemoteBatch) -> StoredBatch:
    """Store the entries of a batch in one transaction; entries of other feeds are left out.

    One that was stored before and has been dropped since stays dropped, unless
    it is starred. Raises :class:`StoreError`.
    """
    by_feed: dict[str, list[RemoteEntry]] = {}
    for entry in batch.entries:
        if entry.feed in batch.feeds:
            by_feed.setdefault(entry.feed, []).append(entry)
    listed: list[Listed] = []
    changed: set[str] = set()
    new = 0
    with store.together():
        sources = store.sources() if by_feed else {}
        for feed, entries in by_feed.items():
            source = batch.feeds[feed]
            if source.location not in sources:
                store.put_source(FetchedSource(source.location, source.title, source.page))
            stored = _store_feed(store, batch, source, entries)
            listed += stored.listed
            new += stored.new
            changed |= stored.changed
    locations = frozenset(batch.feeds[feed].location for feed in by_feed)
    return StoredBatch(tuple(listed), new, locations, frozenset(changed))


def _store_feed(
    store: FeedStore, batch: RemoteBatch, source: RemoteSource, entries: Sequence[RemoteEntry]
) -> StoredBatch:
    """Store entries of one feed."""
    from tui_reader.sources.feeds.parser import parse_entries  # in the process that parses

    location = source.location
    there = store.pages(location) if any(each.id in batch.known for each in entries) else set()
    wanted = [
        each for each in entries if each.is_starred or each.id not in batch.known or batch.known[each.id] in there
    ]
    raw = [replace(each.raw, identifier=_name(batch, each)) for each in wanted]
    parsed = parse_entries(raw, location, source.title, source.page, now=batch.now)
    readable = [(each, entry) for each, entry in zip(wanted, parsed, strict=True) if entry is not None]
    stored, found = store.store_named(location, [entry for _, entry in readable], batch.now, batch.age)
    pages = {each.id: page for (each, _), page in zip(readable, found, strict=True) if page is not None}
    listed = []
    for each in entries:
        # What has no content has marks on the server all the same.
        page, address = pages.get(each.id) or (page_id(_name(batch, each)), _name(batch, each))
        page = batch.known.get(each.id, page)
        listed.append(Listed(each.id, each.feed, page, address, each.is_read, each.is_starred, each.changed))
    locations = frozenset({location})
    return StoredBatch(tuple(listed), stored.new, locations, locations if stored.new or stored.changed else frozenset())


def _name(batch: RemoteBatch, entry: RemoteEntry) -> str:
    """Return what an entry is recognised by: servers give ids of their own, and seldom those of the feed."""
    return f"remote:{fingerprint(batch.identity.encode()):x}:{entry.id}"
