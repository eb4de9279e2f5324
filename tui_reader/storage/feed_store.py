"""What came over the network, kept until its source has not listed it for long: the index is made from it."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Container, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from tui_reader.errors import StoreError
from tui_reader.model.article import Article
from tui_reader.model.feed_entry import Entry
from tui_reader.model.fingerprint import fingerprint
from tui_reader.model.links import Links, Provider
from tui_reader.model.topic import Topic
from tui_reader.storage.connection import open_fetched, storing, writing
from tui_reader.storage.statistics import Volume, volumes_of

_HALF = 1 << 62  # stamps of the index are never negative


class FetchedSource(NamedTuple):
    """A source as it was at the last visit. ``state`` is JSON, for whoever asks it again."""

    address: str
    title: str = ""
    page: str = ""
    root_topic: str = ""
    topics: tuple[Topic, ...] = ()
    state: str = "{}"
    removed: bool = False


class StoreResult(NamedTuple):
    """What a listing brought: articles new and changed, and whether none is younger than the visit before."""

    new: int = 0
    changed: int = 0
    all_known: bool = True


class FeedStore:
    """Articles and states of all sources on the network, in a file that is never thrown away."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._db = connection

    @classmethod
    @contextmanager
    def opened(cls, path: Path) -> Iterator[FeedStore]:
        """Open the file at ``path``, making it where it is missing. Raises :class:`StoreError`."""
        connection = open_fetched(path)
        try:
            yield cls(connection)
        finally:
            connection.close()

    # -- sources -----------------------------------------------------------

    @storing
    def sources(self) -> dict[str, FetchedSource]:
        """Return every source that was ever asked and has not gone, by address."""
        rows = self._db.execute("SELECT address, title, page, root_topic, topics, state, removed FROM source")
        return {row[0]: _source(row) for row in rows}

    @storing
    def put_source(self, source: FetchedSource) -> None:
        """Store what is known of a source; its articles stay as they are."""
        with writing(self._db):
            self._db.execute(
                "INSERT INTO source (address, title, page, root_topic, topics, state, removed) "
                "VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (address) DO UPDATE SET title = excluded.title, "
                "page = excluded.page, root_topic = excluded.root_topic, topics = excluded.topics, "
                "state = excluded.state, removed = excluded.removed",
                (*source[:4], json.dumps(source.topics), source.state, source.removed),
            )

    @storing
    def move(self, old: str, new: str) -> None:
        """Give a source another address; what is there of that address already becomes one with it."""
        with writing(self._db):
            there, number = self._id(new), self._id(old)
            if there >= 0:
                self._db.execute("UPDATE OR REPLACE entry SET source_id = ? WHERE source_id = ?", (number, there))
                self._db.execute("DELETE FROM source WHERE id = ?", (there,))
            self._db.execute("UPDATE source SET address = ? WHERE id = ?", (new, number))

    @storing
    def keep_only(self, addresses: Container[str], saved: Container[int]) -> None:
        """Let go of the sources that are no longer kept, but for the articles with a ``saved`` page."""
        with writing(self._db):
            for address, source in self.sources().items():
                if address in addresses:
                    if source.removed:
                        self._db.execute("UPDATE source SET removed = 0 WHERE address = ?", (address,))
                    continue
                number = self._id(address)
                self._drop(number, (row for row in self._times(number) if row[0] not in saved))
                if self._db.execute("SELECT 1 FROM entry WHERE source_id = ?", (number,)).fetchone():
                    self._db.execute("UPDATE source SET removed = 1, state = '{}' WHERE id = ?", (number,))
                else:
                    self._db.execute("DELETE FROM source WHERE id = ?", (number,))

    def _id(self, address: str) -> int:
        row = self._db.execute("SELECT id FROM source WHERE address = ?", (address,)).fetchone()
        return -1 if row is None else int(row[0])

    # -- articles ----------------------------------------------------------

    @storing
    def store_entries(self, address: str, entries: Iterable[Entry], now: int, since: int = 0) -> StoreResult:
        """Store what a source lists at ``now``; ``since`` is when a visit to it went well last.

        An article without a date has that on which it was first seen, and so
        has one with a date to come.
        """
        number = self._id(address)
        known = {
            key: (stamp, published, seen)
            for key, stamp, published, seen in self._db.execute(
                "SELECT key, stamp, published, first_seen FROM entry WHERE source_id = ?", (number,)
            )
        }
        added, updated, listed = [], [], []
        all_known = True
        met: set[int] = set()
        for each in entries:
            # One of several on one page, of which the others are no longer listed.
            alone = known and each.name and each.key() not in known and each.apart().key() in known
            entry = each.apart() if alone else each
            key, article = entry.key(), entry.article
            if key in met:
                continue  # one page twice: the two would take turns at being the latest
            met.add(key)
            before = known.get(key)
            if article.published is None or (before and article.published >= now):
                article = article._replace(published=before[1] if before else now)
            text = _to_json(article)
            stamp = fingerprint(text.encode()) % _HALF
            page = key if article.links.identity() else article.page_ids()[0]  # which takes time
            if before is None:
                added.append((number, key, stamp, page, article.published, now, now, text))
            elif before[0] != stamp:
                updated.append((stamp, page, article.published, now, text, number, key))
            else:
                listed.append((now, number, key))
            all_known = all_known and before is not None and before[2] <= since
        with writing(self._db):
            self._db.executemany("INSERT INTO entry VALUES (?, ?, ?, ?, ?, ?, ?, ?)", added)
            self._db.executemany(
                "UPDATE entry SET stamp = ?, page = ?, published = ?, last_listed = ?, article = ? "
                "WHERE source_id = ? AND key = ?",
                updated,
            )
            self._db.executemany("UPDATE entry SET last_listed = ? WHERE source_id = ? AND key = ?", listed)
        return StoreResult(len(added), len(updated), all_known)

    @storing
    def mark_listed(self, address: str, now: int, until: int | None = None) -> None:
        """Note that a source lists at ``now`` all that it did when it was last asked, or that came out by ``until``."""
        with writing(self._db):
            if until is not None:
                condition, value = "published <= ?", until
            else:
                condition = "last_listed = (SELECT max(last_listed) FROM entry WHERE source_id = ?)"
                value = self._id(address)
            self._db.execute(
                f"UPDATE entry SET last_listed = ? WHERE source_id = ? AND {condition}", (now, self._id(address), value)
            )

    @storing
    def stamps(self, address: str) -> list[tuple[int, int]]:
        """Return key and stamp of every article of a source, the newest first."""
        rows = self._db.execute(
            "SELECT key, stamp FROM entry WHERE source_id = ? ORDER BY published DESC, key", (self._id(address),)
        )
        return rows.fetchall()

    @storing
    def articles(self, address: str, keys: Iterable[int]) -> dict[int, Article]:
        """Return articles of a source by their keys."""
        number = self._id(address)
        found = {}
        for key in keys:
            row = self._db.execute(
                "SELECT article FROM entry WHERE source_id = ? AND key = ?", (number, key)
            ).fetchone()
            if row is not None:
                found[key] = _from_json(row[0])
        return found

    @storing
    def volumes(self, now: int) -> dict[str, Volume]:
        """Return how much every source has and publishes, by address; those without articles are left out."""
        return volumes_of(self._db, "address", "entry", "key", now)

    # -- retention -----------------------------------------------------------

    @storing
    def prune(self, address: str, *, before: int, most: int, saved: Container[int]) -> int:
        """Drop what a source has not listed since ``before``, or beyond the ``most`` newest; return how many went.

        Never an article that the source listed when it was last asked, and
        never one whose page is ``saved``.
        """
        number = self._id(address)
        rows = sorted(self._times(number), key=lambda row: row[3], reverse=True)
        latest = max((row[2] for row in rows), default=0)
        with writing(self._db):
            return self._drop(
                number,
                (
                    row
                    for place, row in enumerate(rows)
                    if row[2] < latest and (row[2] < before or place >= most) and row[0] not in saved
                ),
            )

    def _times(self, number: int) -> list[tuple[int, int, int, int]]:
        """Page, key, last listing and date of every article of a source."""
        rows = self._db.execute("SELECT page, key, last_listed, published FROM entry WHERE source_id = ?", (number,))
        return rows.fetchall()

    def _drop(self, number: int, rows: Iterable[Sequence[int]]) -> int:
        gone = [(number, row[1]) for row in rows]
        self._db.executemany("DELETE FROM entry WHERE source_id = ? AND key = ?", gone)
        return len(gone)


def _source(row: Sequence[object]) -> FetchedSource:
    address, title, page, root, topics, state, removed = map(str, row)
    found = tuple(Topic(*_tuples(values)) for values in json.loads(topics))
    return FetchedSource(address, title, page, root, found, state, removed == "1")


def _tuples(values: Iterable[Any]) -> Iterator[Any]:
    """JSON has lists for tuples."""
    return (tuple(value) if isinstance(value, list) else value for value in values)


def _to_json(article: Article) -> str:
    return json.dumps(article._replace(notes=(), numbers=()), ensure_ascii=False, separators=(",", ":"))


def _from_json(text: str) -> Article:
    try:
        article = Article(*_tuples(json.loads(text)))
        return article._replace(links=Links(*article.links), provider=Provider(*article.provider))
    except (ValueError, TypeError) as error:
        raise StoreError(f"an article fetched before cannot be read any more: {error}") from error
