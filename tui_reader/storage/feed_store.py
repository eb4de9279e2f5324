"""Stores articles fetched from the network until their source has not listed them for long."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Container, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from tui_reader.errors import StoreError
from tui_reader.model.article import Article
from tui_reader.model.feed_entry import Entry
from tui_reader.model.fingerprint import fingerprint
from tui_reader.model.links import Links, Provider
from tui_reader.model.topic import Topic
from tui_reader.storage.connection import open_fetched
from tui_reader.storage.errors import raises_store_error
from tui_reader.storage.statements import insert_into
from tui_reader.storage.statistics import Volume, source_volumes
from tui_reader.storage.transactions import transaction

_MAX_STAMP = 1 << 62  # stamps must not be negative: the index uses negative ones as flags


class FetchedSource(NamedTuple):
    """A source as of its last answer. ``state`` is JSON for the next request; ``removed`` means unsubscribed."""

    address: str
    title: str = ""
    page: str = ""
    root_topic: str = ""
    topics: tuple[Topic, ...] = ()
    state: str = "{}"
    removed: bool = False


class StoreResult(NamedTuple):
    """How many articles of a listing are new or changed.

    ``all_known`` is true if all of them were stored by an earlier, successful request.
    """

    new: int = 0
    changed: int = 0
    all_known: bool = True


class _EntryRow(NamedTuple):
    source_id: int
    key: int
    stamp: int
    page: int
    published: int
    first_seen: int
    last_listed: int
    article: str


class _Retention(NamedTuple):
    """The columns of an entry that decide how long it is kept."""

    page: int
    key: int
    last_listed: int
    published: int


_SOURCE_COLUMNS = FetchedSource._fields
_PUT_SOURCE = (
    f"{insert_into('source', _SOURCE_COLUMNS)} ON CONFLICT (address) DO UPDATE SET "
    f"{', '.join(f'{column} = excluded.{column}' for column in _SOURCE_COLUMNS[1:])}"
)
_INSERT_ENTRY = insert_into("entry", _EntryRow._fields)
_UPDATE_ENTRY = """
    UPDATE entry SET stamp = :stamp, page = :page, published = :published, last_listed = :last_listed,
    article = :article WHERE source_id = :source_id AND key = :key
"""


class FeedStore:
    """The articles and the request states of all sources on the network; the file is never rebuilt."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._db = connection

    @classmethod
    @contextmanager
    def opened(cls, path: Path) -> Iterator[FeedStore]:
        """Open the file at ``path`` during the block; create it if it is missing. Raises :class:`StoreError`."""
        connection = open_fetched(path)
        try:
            yield cls(connection)
        finally:
            connection.close()

    # -- sources -----------------------------------------------------------

    @raises_store_error
    def sources(self) -> dict[str, FetchedSource]:
        """Return all stored sources by address."""
        rows = self._db.execute(f"SELECT {', '.join(_SOURCE_COLUMNS)} FROM source")
        return {row[0]: _source(FetchedSource._make(row)) for row in rows}

    @raises_store_error
    def put_source(self, source: FetchedSource) -> None:
        """Store a source; its articles stay as they are."""
        with transaction(self._db):
            self._db.execute(_PUT_SOURCE, _source_values(source))

    @raises_store_error
    def move(self, old: str, new: str) -> None:
        """Change the address of a source, and merge it with the source that has the new address."""
        with transaction(self._db):
            there, number = self._id(new), self._id(old)
            if there >= 0:
                self._db.execute("UPDATE OR REPLACE entry SET source_id = ? WHERE source_id = ?", (number, there))
                self._db.execute("DELETE FROM source WHERE id = ?", (there,))
            self._db.execute("UPDATE source SET address = ? WHERE id = ?", (new, number))

    @raises_store_error
    def keep_only(self, addresses: Container[str], saved: Container[int]) -> None:
        """Remove the sources that are not among ``addresses``, except for articles whose page is ``saved``."""
        with transaction(self._db):
            for address, source in self.sources().items():
                if address in addresses:
                    if source.removed:
                        self._db.execute("UPDATE source SET removed = 0 WHERE address = ?", (address,))
                    continue
                number = self._id(address)
                self._remove(number, (row for row in self._retention(number) if row.page not in saved))
                if self._db.execute("SELECT 1 FROM entry WHERE source_id = ?", (number,)).fetchone():
                    self._db.execute("UPDATE source SET removed = 1, state = '{}' WHERE id = ?", (number,))
                else:
                    self._db.execute("DELETE FROM source WHERE id = ?", (number,))

    def _id(self, address: str) -> int:
        row = self._db.execute("SELECT id FROM source WHERE address = ?", (address,)).fetchone()
        return -1 if row is None else int(row[0])

    # -- articles ----------------------------------------------------------

    @raises_store_error
    def store_entries(self, address: str, entries: Iterable[Entry], now: int, since: int = 0) -> StoreResult:
        """Store what a source lists at ``now``; ``since`` is the time of the last successful request.

        An article without a date, or with one in the future, gets the time when it was first seen.
        """
        number = self._id(address)
        known = {
            key: (stamp, published, first_seen)
            for key, stamp, published, first_seen in self._db.execute(
                "SELECT key, stamp, published, first_seen FROM entry WHERE source_id = ?", (number,)
            )
        }
        added, updated, unchanged = [], [], []
        all_known = True
        done: set[int] = set()
        for each in entries:
            # Of several entries with one page, which are stored by name, only this one may still be listed.
            alone = known and each.name and each.key() not in known and each.apart().key() in known
            entry = each.apart() if alone else each
            key = entry.key()
            if key in done:
                continue  # otherwise two entries with one page would replace each other at every request
            done.add(key)
            before = known.get(key)
            article = _with_date(entry.article, now, before[1] if before else None)
            row = _entry_row(number, key, article, now)
            if before is None:
                added.append(row)
            elif before[0] != row.stamp:
                updated.append(row._asdict())
            else:
                unchanged.append((now, number, key))
            all_known = all_known and before is not None and before[2] <= since
        with transaction(self._db):
            self._db.executemany(_INSERT_ENTRY, added)
            self._db.executemany(_UPDATE_ENTRY, updated)
            self._db.executemany("UPDATE entry SET last_listed = ? WHERE source_id = ? AND key = ?", unchanged)
        return StoreResult(len(added), len(updated), all_known)

    @raises_store_error
    def mark_listed(self, address: str, now: int, until: int | None = None) -> None:
        """Note that a source still lists the articles of its last answer, or those published by ``until``."""
        with transaction(self._db):
            if until is not None:
                condition, value = "published <= ?", until
            else:
                condition = "last_listed = (SELECT max(last_listed) FROM entry WHERE source_id = ?)"
                value = self._id(address)
            self._db.execute(
                f"UPDATE entry SET last_listed = ? WHERE source_id = ? AND {condition}", (now, self._id(address), value)
            )

    @raises_store_error
    def stamps(self, address: str) -> list[tuple[int, int]]:
        """Return key and stamp of every article of a source, the newest first."""
        rows = self._db.execute(
            "SELECT key, stamp FROM entry WHERE source_id = ? ORDER BY published DESC, key", (self._id(address),)
        )
        return rows.fetchall()

    @raises_store_error
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

    @raises_store_error
    def volumes(self, now: int) -> dict[str, Volume]:
        """Return the volume of each source that has articles, by address."""
        return source_volumes(self._db, "address", "entry", "key", now)

    # -- retention -----------------------------------------------------------

    @raises_store_error
    def prune(self, address: str, *, before: int, most: int, saved: Container[int]) -> int:
        """Remove articles not listed since ``before``, or beyond the ``most`` newest; return how many.

        Articles of the source's last answer stay, and those whose page is ``saved``.
        """
        number = self._id(address)
        rows = sorted(self._retention(number), key=lambda row: row.published, reverse=True)
        latest = max((row.last_listed for row in rows), default=0)
        with transaction(self._db):
            return self._remove(
                number,
                (
                    row
                    for position, row in enumerate(rows)
                    if row.last_listed < latest
                    and (row.last_listed < before or position >= most)
                    and row.page not in saved
                ),
            )

    def _retention(self, number: int) -> list[_Retention]:
        columns = ", ".join(_Retention._fields)
        rows = self._db.execute(f"SELECT {columns} FROM entry WHERE source_id = ?", (number,))
        return [_Retention._make(row) for row in rows]

    def _remove(self, number: int, rows: Iterable[_Retention]) -> int:
        removed = [(number, row.key) for row in rows]
        self._db.executemany("DELETE FROM entry WHERE source_id = ? AND key = ?", removed)
        return len(removed)


def _with_date(article: Article, now: int, known: int | None) -> Article:
    """Date an article that has no date, or had one in the future: as it is ``known``, otherwise ``now``."""
    if article.published is None or (known is not None and article.published >= now):
        return article._replace(published=now if known is None else known)
    return article


def _entry_row(source_id: int, key: int, article: Article, now: int) -> _EntryRow:
    text = _to_json(article)
    return _EntryRow(
        source_id=source_id,
        key=key,
        stamp=fingerprint(text.encode()) % _MAX_STAMP,
        page=key if article.links.identity() else article.page_ids()[0],  # page_ids() is slow
        published=article.published or 0,
        first_seen=now,
        last_listed=now,
        article=text,
    )


def _source_values(source: FetchedSource) -> list[object]:
    """Return the values of a source's row."""
    return [json.dumps(source.topics) if column == "topics" else getattr(source, column) for column in _SOURCE_COLUMNS]


def _source(row: FetchedSource) -> FetchedSource:
    """Return a source from the values of its row."""
    topics = tuple(Topic(*_tuples(values)) for values in json.loads(str(row.topics)))
    return row._replace(topics=topics, removed=bool(row.removed))


def _tuples(values: Iterable[Any]) -> Iterator[Any]:
    """Turn the lists that JSON made of tuples back into tuples."""
    return (tuple(value) if isinstance(value, list) else value for value in values)


def _to_json(article: Article) -> str:
    return json.dumps(article._replace(notes=(), cached_page_ids=()), ensure_ascii=False, separators=(",", ":"))


def _from_json(text: str) -> Article:
    try:
        article = Article(*_tuples(json.loads(text)))
        return article._replace(links=Links(*article.links), provider=Provider(*article.provider))
    except (ValueError, TypeError) as error:
        raise StoreError(f"a fetched article can no longer be read: {error}") from error
