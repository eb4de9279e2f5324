"""Stores articles fetched from the network until their source has not listed them for long."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from tui_reader.errors import StoreBusy
from tui_reader.model.article import Article
from tui_reader.model.entry_identity import Known, Listed, Recognised, Traits, entry_traits, recognise_listed
from tui_reader.model.feed_entry import Entry
from tui_reader.model.fingerprint import fingerprint, page_id
from tui_reader.model.topic import Topic
from tui_reader.named_tuple import NamedTuple
from tui_reader.storage.article_json import article_from_json, article_to_json
from tui_reader.storage.connection import BUSY_SECONDS, open_fetched
from tui_reader.storage.errors import primary_code, raises_store_error, store_errors
from tui_reader.storage.full_texts import FullTexts
from tui_reader.storage.statements import insert_into
from tui_reader.storage.statistics import Volume, source_volumes
from tui_reader.storage.transactions import transaction

_LARGEST_STEP = 7 * 86_400  # seconds
_MANY = 200  # entries of a source, from which on SQLite looks for those that an answer may mean
_LISTED_LATELY = 3600  # seconds
_MAX_STAMP = 1 << 62  # stamps must not be negative: the index uses negative ones as flags


class FetchedSource(NamedTuple):
    """A source as of its last answer.

    ``state`` is JSON for the next request. ``removed`` is the age of the store
    (see :meth:`FeedStore.age`) when the user removed the source, or 0.
    ``notes`` say what of the answer could not be read or was left out.
    """

    address: str
    title: str = ""
    page: str = ""
    root_topic: str = ""
    topics: tuple[Topic, ...] = ()
    state: str = "{}"
    removed: int = 0
    notes: tuple[str, ...] = ()


class StoreResult(NamedTuple):
    """How many articles of a listing are new or changed.

    ``all_known`` is true if all of them were stored by an earlier, successful
    request. ``notes`` tell of entries that were dropped.
    """

    new: int = 0
    changed: int = 0
    all_known: bool = True
    notes: tuple[str, ...] = ()


class _EntryRow(NamedTuple):
    source_id: int
    key: int
    stamp: int
    page: int
    published: int
    first_seen: int
    last_listed: int
    page_key: str | None
    name: int | None
    link: int
    title: int
    dated: int | None
    article: str

    def traits(self) -> Traits:
        return Traits(self.name, self.link, self.title, self.dated)


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
_KNOWN_ENTRY = f"SELECT {', '.join(_EntryRow._fields[:-1])}, '' FROM entry WHERE source_id = ?"
_UPDATE_ENTRY = """
    UPDATE entry SET page_key = :page_key, name = :name, link = :link, title = :title, dated = :dated, stamp = :stamp,
    published = :published, last_listed = :last_listed, article = :article
    WHERE source_id = :source_id AND key = :key
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

    @contextmanager
    def together(self, *, wait: bool = True) -> Iterator[None]:
        """Store what the block stores in one transaction. Raises :class:`StoreError`.

        Without ``wait``, that is :class:`StoreBusy` where another connection is writing.
        """
        with store_errors(self._db), ExitStack() as stack:
            if not wait:
                self._db.execute("PRAGMA busy_timeout = 0")
            try:
                stack.enter_context(transaction(self._db))
            except sqlite3.OperationalError as error:
                if wait or primary_code(error) != sqlite3.SQLITE_BUSY:
                    raise
                raise StoreBusy(f"{error}") from error
            finally:
                if not wait:
                    self._db.execute(f"PRAGMA busy_timeout = {int(BUSY_SECONDS * 1000)}")
            yield

    def full_texts(self) -> FullTexts:
        """Return the full texts in the store."""
        return FullTexts(self._db)

    # -- sources -----------------------------------------------------------

    @raises_store_error
    def sources(self) -> dict[str, FetchedSource]:
        """Return all stored sources by address."""
        rows = self._db.execute(f"SELECT {', '.join(_SOURCE_COLUMNS)} FROM source")
        return {row[0]: _source(FetchedSource._make(row)) for row in rows}

    @raises_store_error
    def addresses(self) -> set[str]:
        """Return the addresses of all stored sources."""
        return {address for (address,) in self._db.execute("SELECT address FROM source")}

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
                self._delete(there)
            self._db.execute("UPDATE source SET address = ? WHERE id = ?", (new, number))

    @raises_store_error
    def set_removed(self, addresses: Iterable[str], age: int) -> None:
        """Note that the user removed sources when the store had this ``age``; 0 if they were added again."""
        with transaction(self._db):
            self._db.executemany(
                "UPDATE source SET removed = ? WHERE address = ?", ((age, address) for address in addresses)
            )

    @raises_store_error
    def drop_removed(self, before: int, kept: Container[int]) -> list[str]:
        """Drop sources removed before this age, except for articles whose page is ``kept``.

        Return the addresses of those of which nothing is left.
        """
        gone = []
        with transaction(self._db):
            for number, address in self._db.execute(
                "SELECT id, address FROM source WHERE removed BETWEEN 1 AND ?", (before,)
            ).fetchall():
                self._drop(number, (row.key for row in self._retention(number) if row.page not in kept), before)
                if not self._db.execute("SELECT 1 FROM entry WHERE source_id = ?", (number,)).fetchone():
                    self._delete(number)
                    gone.append(address)
        return gone

    def _delete(self, number: int) -> None:
        """Delete a source without articles, with what is remembered of those it had: its id may be used again."""
        for table, column in (("dropped", "source_id"), ("source", "id")):
            self._db.execute(f"DELETE FROM {table} WHERE {column} = ?", (number,))

    def _id(self, address: str) -> int:
        row = self._db.execute("SELECT id FROM source WHERE address = ?", (address,)).fetchone()
        return -1 if row is None else int(row[0])

    # -- articles ----------------------------------------------------------

    @raises_store_error
    def store_entries(
        self, address: str, entries: Iterable[Entry], now: int, since: int = 0, age: int | None = None
    ) -> StoreResult:
        """Store what a source lists at ``now``; ``since`` is the time of the last successful request.

        ``age`` is that of the store (see :meth:`age`), ``now`` if it is ``None``.

        An article without a date, or with one in the future, gets the time when it was first seen.
        """
        return self._store_entries(address, entries, now, since, now if age is None else age)[0]

    @raises_store_error
    def store_named(
        self, address: str, entries: Sequence[Entry], now: int, age: int
    ) -> tuple[StoreResult, list[tuple[int, str] | None]]:
        """Do the same for entries with names; return id and key of the page of each too, ``None`` for one left out."""
        result, found = self._store_entries(address, entries, now, 0, age)
        pages: dict[str, tuple[int, str]] = {}
        for each in found:
            key = each.key or each.entry.article.page()
            pages[each.entry.name] = (each.known.page if each.known else page_id(key), key)
        twice = [entry for entry in entries if entry.name not in pages]
        pages_of_twice = self._find_pages(address, twice, now) if twice else {}
        return result, [pages.get(entry.name) or pages_of_twice.get(entry.name) for entry in entries]

    def _store_entries(
        self, address: str, entries: Iterable[Entry], now: int, since: int, listed: int
    ) -> tuple[StoreResult, list[Recognised]]:
        with transaction(self._db):
            number = self._id(address)
            items = [Listed(entry, now) for entry in entries]
            rows = {row.page: row for row in self._known_rows(number, [each.traits for each in items])}
            known = [Known(row.page, row.traits()) for row in rows.values()]
            found = recognise_listed(items, known, now, undated=now, pages=lambda: self._pages(number))
            added, updated, unchanged = [], [], []
            changed = 0
            all_known = True
            for each in found.entries:
                before = rows[each.known.page] if each.known else None
                all_known = all_known and before is not None and before.first_seen <= since
                if before is None:
                    added.append(_new_row(number, each, now, listed))
                    continue
                row = self._changed_row(before, each, now, listed)
                if row is None or row == before._replace(last_listed=listed, article=row.article):
                    unchanged.append((listed, number, before.key))
                else:
                    updated.append(row._asdict())
                    changed += row.stamp != before.stamp
            self._db.executemany(_INSERT_ENTRY, added)
            self._db.executemany(_UPDATE_ENTRY, updated)
            self._db.executemany("UPDATE entry SET last_listed = ? WHERE source_id = ? AND key = ?", unchanged)
        return StoreResult(len(added), changed, all_known, found.notes), found.entries

    def _find_pages(self, address: str, entries: Sequence[Entry], now: int) -> dict[str, tuple[int, str]]:
        """Return id and key of the page of entries that are the same as others, by name."""
        traits = [Listed(entry, now).traits for entry in entries]
        rows = {(row.link, row.title): row for row in self._known_rows(self._id(address), traits)}
        found = ((entry, rows.get((each.link, each.title))) for entry, each in zip(entries, traits, strict=True))
        return {entry.name: (row.page, row.page_key or entry.article.page()) for entry, row in found if row is not None}

    @raises_store_error
    def pages(self, address: str) -> set[int]:
        """Return the ids of the pages of all articles of a source."""
        return set(self._pages(self._id(address)))

    @raises_store_error
    def all_pages(self) -> set[int]:
        """Return the ids of the pages of all articles."""
        return {page for (page,) in self._db.execute("SELECT page FROM entry")}

    def _known_rows(self, number: int, traits: Sequence[Traits]) -> list[_EntryRow]:
        """Return the stored entries of a source without their articles: at least all that have a trait in common."""
        everything = f"{_KNOWN_ENTRY} ORDER BY key"
        are_many = self._db.execute("SELECT 1 FROM entry WHERE source_id = ? LIMIT 1 OFFSET ?", (number, _MANY))
        if len(traits) > _MANY or not are_many.fetchone():
            return [_EntryRow._make(row) for row in self._db.execute(everything, (number,))]
        names = {each.name for each in traits if each.name}
        links = {each.link for each in traits if each.link}
        titles = {each.title for each in traits}
        alike = " OR ".join(
            f"{column} IN ({', '.join(map(str, numbers))})"
            for column, numbers in (("name", names), ("link", links), ("title", titles))
        )
        rows = [_EntryRow._make(row) for row in self._db.execute(f"{_KNOWN_ENTRY} AND ({alike})", (number,))]
        # A name that several entries have is of no use, so these are needed as well.
        if others := {row.name for row in rows if row.name} - names:
            namesakes = f"{_KNOWN_ENTRY} AND name IN ({', '.join(map(str, others))})"
            rows += [_EntryRow._make(row) for row in self._db.execute(namesakes, (number,))]
        return sorted({row.key: row for row in rows}.values(), key=lambda row: row.key)

    def _pages(self, number: int) -> list[int]:
        """Return the ids of the pages of all entries of a source."""
        return [page for (page,) in self._db.execute("SELECT page FROM entry WHERE source_id = ?", (number,))]

    def _changed_row(self, before: _EntryRow, each: Recognised, now: int, listed: int) -> _EntryRow | None:
        """Return the row of a stored entry as it is listed now; ``None`` if a newer issue of it is stored."""
        if each.entry.issue is not None and (each.traits.dated or 0) < (before.dated or 0):
            return None
        article = _with_date(each.entry.article, now, before.published)
        key = before.page_key
        # An article with another address stays at the page that it was first stored with.
        if key is None and each.traits.link != before.link and page_id(article.page()) != before.page:
            key = self._articles(before.source_id, [before.key])[before.key].page()
        name = each.traits.name or before.name or 0
        return _entry_row(before, each.traits._replace(name=name), key, article, listed)

    def _articles(self, number: int, keys: Iterable[int]) -> dict[int, Article]:
        """Return articles of the source with this number by their keys."""
        rows = self._db.execute(
            "SELECT key, article, page_key FROM entry WHERE source_id = ? AND key IN (SELECT value FROM json_each(?))",
            (number, json.dumps(list(keys))),
        )
        return {key: article_from_json(text)._replace(key=page_key or "") for key, text, page_key in rows}

    @raises_store_error
    def put_back(self, address: str, title: str, articles: Mapping[int, Article], age: int) -> int:
        """Store articles by keys that the store lacks; return how many.

        ``title`` is that of the source, if the store lacks it too. ``age`` is that of the store (see :meth:`age`).
        """
        with transaction(self._db):
            if self._id(address) < 0:
                self.put_source(FetchedSource(address, title))
            number = self._id(address)
            rows = []
            for key, article in articles.items():
                page = page_id(article.page())
                blank = _EntryRow(number, key, 0, page, 0, age, age, None, None, 0, 0, None, "")
                traits = entry_traits(None, article.links.identity(), article.title, article.published)
                rows.append(_entry_row(blank, traits, article.key or None, article, age))
            self._db.executemany(_INSERT_ENTRY, rows)
        return len(rows)

    @raises_store_error
    def mark_listed(self, address: str, age: int, until: int | None = None) -> None:
        """Note that a source still lists the articles of its last answer, or those published by ``until``.

        ``age`` is that of the store (see :meth:`age`). Where the last answer is
        not older than an hour, nothing changes: articles are kept for days.
        """
        number = self._id(address)
        condition, value = "published <=", until
        if until is None:
            (value,) = self._db.execute("SELECT max(last_listed) FROM entry WHERE source_id = ?", (number,)).fetchone()
            if value is None or value <= age < value + _LISTED_LATELY:
                return
            condition = "last_listed ="
        with transaction(self._db):
            self._db.execute(
                f"UPDATE entry SET last_listed = ? WHERE source_id = ? AND {condition} ?", (age, number, value)
            )

    @raises_store_error
    def stamps(self, address: str) -> list[tuple[int, int]]:
        """Return key and stamp of every article of a source, the newest first."""
        rows = self._db.execute(
            "SELECT key, stamp FROM entry WHERE source_id = ? ORDER BY published DESC, key", (self._id(address),)
        )
        return rows.fetchall()

    @raises_store_error
    def listings(self, addresses: Iterable[str]) -> Mapping[str, tuple[int, str]]:
        """Return how many articles each source has that has any, and their keys and stamps as :func:`listing` does."""
        rows = self._db.execute(
            # The inner query is read in the order of the index, which is that of the articles.
            "SELECT (SELECT address FROM source WHERE id = source_id), count(*), group_concat(key || ' ' || stamp) "
            "FROM entry WHERE source_id IN "
            "(SELECT id FROM source WHERE address IN (SELECT value FROM json_each(?))) GROUP BY source_id",
            (json.dumps(list(addresses)),),
        )
        return {address: (count, text) for address, count, text in rows}

    @raises_store_error
    def stamps_of_pages(self, address: str, pages: Container[int]) -> list[tuple[int, int]]:
        """Return key and stamp of the articles of a source whose page is among ``pages``."""
        rows = self._db.execute(
            "SELECT key, stamp, page FROM entry WHERE source_id = ? ORDER BY key", (self._id(address),)
        )
        return [(key, stamp) for key, stamp, page in rows if page in pages]

    @raises_store_error
    def articles(self, address: str, keys: Iterable[int]) -> dict[int, Article]:
        """Return articles of a source by their keys."""
        return self._articles(self._id(address), keys)

    @raises_store_error
    def first_seen(self, address: str, keys: Iterable[int]) -> dict[int, int]:
        """Return when these articles of a source were first listed, in seconds since 1970, by key."""
        rows = self._db.execute(
            "SELECT key, first_seen FROM entry WHERE source_id = ? AND key IN (SELECT value FROM json_each(?))",
            (self._id(address), json.dumps(list(keys))),
        )
        return dict(rows.fetchall())

    @raises_store_error
    def volumes(self, now: int) -> dict[str, Volume]:
        """Return the volume of each source that has articles, by address."""
        return source_volumes(self._db, "address", "entry", "key", now)

    # -- retention -----------------------------------------------------------

    @raises_store_error
    def age(self, now: int) -> int:
        """Return the age of the store in seconds, by which it is decided what is dropped.

        It follows the clock, but between two calls by a week at most and never
        backwards, so nothing is dropped because the clock was wrong. ``now`` is
        in seconds since 1970, and so is the age at first.
        """
        with transaction(self._db):
            row = self._db.execute("SELECT seen, age FROM clock").fetchone()
            if row is None:
                (latest,) = self._db.execute("SELECT max(last_listed) FROM entry").fetchone()
                age = now if latest is None else min(now, latest + _LARGEST_STEP)
            else:
                age = row[1] + min(max(now - row[0], 0), _LARGEST_STEP)
            self._db.execute("DELETE FROM clock")
            self._db.execute("INSERT INTO clock (seen, age) VALUES (?, ?)", (now, age))
        return age

    @raises_store_error
    def overdue(self, addresses: Iterable[str], *, age: int, keep: int, most: int) -> list[str]:
        """Return the sources among ``addresses`` that may have something to :meth:`prune`; it is asked at once."""
        rows = self._db.execute(
            "SELECT address, count(*), min(last_listed), max(last_listed) FROM source "
            "JOIN entry ON source_id = id WHERE address IN (SELECT value FROM json_each(?)) GROUP BY id",
            (json.dumps(list(addresses)),),
        )
        return [
            address for address, count, first, last in rows if first != last and (count > most or first < age - keep)
        ]

    @raises_store_error
    def prune(self, address: str, *, age: int, keep: int, most: int, kept: Container[int]) -> int:
        """Drop articles not listed for ``keep`` seconds, or beyond the ``most`` newest; return how many.

        Articles of the source's last answer stay, and those whose page is ``kept``.
        """
        number = self._id(address)
        rows = sorted(self._retention(number), key=lambda row: row.published, reverse=True)
        latest = max((row.last_listed for row in rows), default=0)
        wanted = [
            row.key
            for position, row in enumerate(rows)
            if row.last_listed < latest and (row.last_listed < age - keep or position >= most) and row.page not in kept
        ]
        with transaction(self._db):
            self._drop(number, wanted, age)
        return len(wanted)

    @raises_store_error
    def dropped(self, address: str) -> list[int]:
        """Return the keys of the articles of a source that were dropped."""
        rows = self._db.execute("SELECT key FROM dropped WHERE source_id = ?", (self._id(address),))
        return [key for (key,) in rows]

    @raises_store_error
    def forget_dropped(self, before: int) -> None:
        """Forget what was dropped before this age: every index in use has dropped it too."""
        with transaction(self._db):
            self._db.execute("DELETE FROM dropped WHERE at < ?", (before,))

    def _retention(self, number: int) -> list[_Retention]:
        columns = ", ".join(_Retention._fields)
        rows = self._db.execute(f"SELECT {columns} FROM entry WHERE source_id = ?", (number,))
        return [_Retention._make(row) for row in rows]

    def _drop(self, number: int, keys: Iterable[int], age: int) -> None:
        """Drop entries and remember that; the caller opens the transaction."""
        wanted = [(number, key) for key in keys]
        texts = self._with_texts(number, [key for _, key in wanted])
        self._db.executemany("DELETE FROM entry WHERE source_id = ? AND key = ?", wanted)
        self._db.executemany(f"INSERT OR REPLACE INTO dropped (source_id, key, at) VALUES (?, ?, {int(age)})", wanted)
        # A page that another source lists too, or a file has, keeps its text. Entries mostly have their page as key.
        self._db.executemany(
            "DELETE FROM full_text WHERE page = ?1 AND on_disk = 0 AND NOT EXISTS "
            "(SELECT 1 FROM source s CROSS JOIN entry e ON e.source_id = s.id AND e.key = ?1)",
            texts,
        )

    def _with_texts(self, number: int, keys: Sequence[int]) -> list[tuple[int]]:
        """Return the pages of these entries of a source that have a full text."""
        if not keys or not self._db.execute("SELECT EXISTS (SELECT 1 FROM full_text)").fetchone()[0]:
            return []
        rows = self._db.execute(
            "SELECT t.page FROM json_each(?2) k CROSS JOIN entry e ON e.source_id = ?1 AND e.key = k.value "
            "CROSS JOIN full_text t ON t.page = e.page",
            (number, json.dumps(keys)),
        )
        return rows.fetchall()


def listing(stamps: Iterable[tuple[int, int]]) -> str:
    """Return the keys and stamps of articles as one text, to be compared."""
    return ",".join(f"{key} {stamp}" for key, stamp in stamps)


def _with_date(article: Article, now: int, known: int | None) -> Article:
    """Date an article that has no date, or had one in the future: as it is ``known``, otherwise ``now``."""
    if article.published is None or (known is not None and article.published >= now):
        return article._replace(published=now if known is None else known)
    return article


def _new_row(source_id: int, each: Recognised, now: int, listed: int) -> _EntryRow:
    """Return the row of an article that is listed for the first time."""
    article = _with_date(each.entry.article, now, None)
    # Without an address, the key would change with title and date.
    key = each.key if article.links.identity() is None or each.key != article.page() else None
    page = page_id(each.key)
    blank = _EntryRow(source_id, page, 0, page, 0, now, listed, None, None, 0, 0, None, "")
    return _entry_row(blank, each.traits, key, article, listed)


def _entry_row(before: _EntryRow, traits: Traits, key: str | None, article: Article, listed: int) -> _EntryRow:
    """Return a row with the article as it is ``listed`` now."""
    text = article_to_json(article)
    return _EntryRow(
        before.source_id,
        before.key,
        fingerprint(text.encode()) % _MAX_STAMP,
        before.page,
        article.published or 0,
        before.first_seen,
        listed,
        key,
        *traits,
        text,
    )


def _source_values(source: FetchedSource) -> list[object]:
    """Return the values of a source's row."""
    return [
        json.dumps(getattr(source, column)) if column in {"topics", "notes"} else getattr(source, column)
        for column in _SOURCE_COLUMNS
    ]


def _source(row: FetchedSource) -> FetchedSource:
    """Return a source from the values of its row."""
    topics = tuple(Topic(*_tuples(values)) for values in _list(row.topics))
    notes = tuple(map(str, _list(row.notes)))
    return row._replace(topics=topics, notes=notes)


def _list(text: object) -> list[Any]:
    if text == "[]":
        return []  # nearly always, and a hundred times as fast
    found: list[Any] = json.loads(str(text))
    return found


def _tuples(values: Iterable[Any]) -> Iterator[Any]:
    """Turn the lists that JSON made of tuples back into tuples."""
    return (tuple(value) if isinstance(value, list) else value for value in values)
