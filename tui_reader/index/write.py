"""Writes articles into the index, one transaction a batch, and keeps what is derived in step."""

from __future__ import annotations

import json
import sqlite3
from array import array
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from tui_reader.index.connection import storing, writing
from tui_reader.model.article import Article
from tui_reader.model.story import Problem
from tui_reader.model.topic import Topic
from tui_reader.model.urls import page_number

ALL_TOPICS = 0
"""The topic id of the list of everything."""

NO_DATE = -(2**63)
"""Stands for “no date” where SQLite's NULL cannot be a key."""

_LAST_PROVIDER = "\U0010ffff"  # sorts articles without a provider behind all others
_REREAD = -1  # a stamp that no file has


@dataclass(frozen=True, slots=True)
class ReadFile:
    """A file that was read: what came of it, or why nothing did.

    ``key`` is a fingerprint of source and path, ``stamp`` one of size and
    time of change. ``entries`` are related entries not seen before.
    """

    key: int
    stamp: int
    path: str
    article: Article | None
    entries: dict[int, Article]
    problems: tuple[tuple[int, str], ...] = ()


@dataclass(frozen=True, slots=True)
class _Other:
    published: int
    shown: bool
    heat: int | None


class Writer:
    """Brings one index up to date. One writer at a time (see ``only_indexer``)."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._db = connection
        self._entries: dict[int, int] = {}
        self._entries_loaded = False
        self._topics: dict[str, int] = {}
        self._loosened = False

    @contextmanager
    def together(self) -> Iterator[None]:
        """Make one transaction of all that is written inside, or nothing of it."""
        with writing(self._db):
            yield

    # -- sources ---------------------------------------------------------

    @storing
    def set_sources(self, locations: Sequence[str]) -> dict[str, int]:
        """Make ``locations``, in this order, the sources of the index; return their ids.

        What came from any other source goes.
        """
        with writing(self._db):
            known = dict(self._db.execute("SELECT location, id FROM source"))
            for location in known.keys() - set(locations):
                self._remove_source(known[location])
            for position, location in enumerate(locations):
                self._db.execute(
                    "INSERT INTO source (location, position) VALUES (?, ?) "
                    "ON CONFLICT (location) DO UPDATE SET position = excluded.position "
                    "WHERE position <> excluded.position",
                    (location, position),
                )
            return dict(self._db.execute("SELECT location, id FROM source"))

    def _remove_source(self, source_id: int) -> None:
        keys = [row[0] for row in self._db.execute("SELECT key FROM file WHERE source_id = ?", (source_id,))]
        self._forget(keys)
        for table in ("definition", "problem"):
            self._db.execute(f"DELETE FROM {table} WHERE source_id = ?", (source_id,))
        self._db.execute("DELETE FROM source WHERE id = ?", (source_id,))

    @storing
    def source_stamp(self, source_id: int) -> int | None:
        """What the source's site data (or its archive) looked like when last read."""
        row = self._db.execute("SELECT stamp FROM source WHERE id = ?", (source_id,)).fetchone()
        return None if row is None else row[0]

    @storing
    def set_site(
        self, source_id: int, title: str, root_topic: str, topics: Sequence[Topic], problems: Sequence[Problem]
    ) -> None:
        """Store what a source says of itself and of its topics."""
        with writing(self._db):
            self._db.execute("UPDATE source SET title = ?, root_topic = ? WHERE id = ?", (title, root_topic, source_id))
            self._db.execute("DELETE FROM definition WHERE source_id = ?", (source_id,))
            self._db.execute("DELETE FROM problem WHERE source_id = ? AND file_key IS NULL", (source_id,))
            self._db.executemany(
                "INSERT INTO definition VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    (source_id, place, t.name, t.parent, t.shortname, t.identifier, t.description, json.dumps(t.keywords))
                    for place, t in enumerate(topics)
                ),
            )
            self._db.executemany(
                "INSERT INTO problem (source_id, path, line, reason) VALUES (?, ?, ?, ?)",
                ((source_id, p.path, p.line, p.reason) for p in problems),
            )

    @storing
    def set_source_stamp(self, source_id: int, stamp: int) -> None:
        """Note that the source, as it looks now, has been read to its end."""
        self._db.execute("UPDATE source SET stamp = ? WHERE id = ?", (stamp, source_id))

    # -- files -----------------------------------------------------------

    @storing
    def file_stamps(self, source_id: int) -> dict[int, int]:
        """Return the stamp of every file of the source that was read before, by key."""
        return dict(self._db.execute("SELECT key, stamp FROM file WHERE source_id = ?", (source_id,)))

    @storing
    def known_entries(self) -> dict[int, int]:
        """Return the related entries that need no parsing, by fingerprint."""
        if not self._entries_loaded:
            self._entries.update(self._db.execute("SELECT fingerprint, article_id FROM entry"))
            self._entries_loaded = True
        return self._entries

    @storing
    def store(self, source_id: int, files: Iterable[ReadFile]) -> None:
        """Store a batch of files in one transaction."""
        with writing(self._db):
            for file in files:
                self._store_file(source_id, file)

    @storing
    def forget(self, keys: Sequence[int]) -> None:
        """Remove files that are there no more, and the articles that came from them alone."""
        with writing(self._db):
            self._forget(keys)

    def _store_file(self, source_id: int, file: ReadFile) -> None:
        before = self._db.execute("SELECT article_id, stamp FROM file WHERE key = ?", (file.key,)).fetchone()
        if before is not None:
            self._db.execute("DELETE FROM problem WHERE file_key = ?", (file.key,))
        if file.problems:
            self._db.executemany(
                "INSERT INTO problem (source_id, file_key, path, line, reason) VALUES (?, ?, ?, ?, ?)",
                ((source_id, file.key, file.path, line, reason) for line, reason in file.problems),
            )
        article = file.article
        if article is None:
            # Nothing of a bad file touches what was indexed before: the
            # article stays as the file last had it.
            kept = before[0] if before is not None else None
            self._db.execute(
                "INSERT INTO file (key, source_id, stamp, path, article_id) VALUES (?, ?, ?, ?, ?) "
                "ON CONFLICT (key) DO UPDATE SET stamp = excluded.stamp",
                (file.key, source_id, file.stamp, file.path, kept),
            )
            return
        related = self._related_ids(article, file.entries)
        page = page_number(article.page())
        row = self._db.execute("SELECT id, own FROM article WHERE page = ?", (page,)).fetchone()
        article_id = row[0] if row is not None else None
        if before is not None and before[0] is not None:
            if before[0] != article_id:
                self._release(before[0], file.key)
            elif before[1] != _REREAD:
                self._read_again(before[0], file.key)
        others = self._others(article_id, file.key) if row is not None and row[1] else []
        shown = article.shown or any(other.shown for other in others)
        heat = article.heat
        if shown and not article.shown:
            heat = max((other.heat for other in others if other.shown and other.heat is not None), default=heat)
        if any(other.published > _sortable(article.published) for other in others):
            assert article_id is not None
            self._raise_to_shown(article_id, article)
        else:
            article_id = self._put_article(article_id, bool(row and row[1]), source_id, page, article, shown, heat, related)
        self._db.execute(
            "INSERT OR REPLACE INTO file VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (file.key, source_id, file.stamp, file.path, article_id, article.published, article.shown, article.heat),
        )

    def _others(self, article_id: int | None, key: int) -> list[_Other]:
        """The other files of the same page, as they decide which one wins."""
        rows = self._db.execute(
            "SELECT published, shown, heat FROM file WHERE article_id = ? AND key <> ? AND stamp <> ?",
            (article_id, key, _REREAD),
        )
        return [_Other(_sortable(published), bool(shown), heat) for published, shown, heat in rows]

    def _raise_to_shown(self, article_id: int, article: Article) -> None:
        """An earlier file of a page shows it: the page is shown, with that file's heat."""
        if not article.shown:
            return
        (shown,) = self._db.execute("SELECT shown FROM article WHERE id = ?", (article_id,)).fetchone()
        if not shown:
            self._db.execute("UPDATE article SET shown = 1, heat = ? WHERE id = ?", (article.heat, article_id))
            self._unlist(article_id)
            self._list(article_id)

    def _read_again(self, article_id: int, key: int) -> None:
        """Have the other files of an article read again: which of them wins may have changed."""
        self._db.execute(
            "UPDATE file SET stamp = ? WHERE article_id = ? AND key <> ?", (_REREAD, article_id, key)
        )

    def _forget(self, keys: Iterable[int]) -> None:
        for key in keys:
            row = self._db.execute("SELECT article_id FROM file WHERE key = ?", (key,)).fetchone()
            self._db.execute("DELETE FROM file WHERE key = ?", (key,))
            self._db.execute("DELETE FROM problem WHERE file_key = ?", (key,))
            if row is not None and row[0] is not None:
                self._release(row[0], key)

    def _release(self, article_id: int, key: int) -> None:
        """A file no longer stands for an article: another file takes over, or it goes."""
        self._db.execute("UPDATE file SET article_id = NULL WHERE key = ?", (key,))
        self._read_again(article_id, key)
        if self._db.execute("SELECT 1 FROM file WHERE article_id = ?", (article_id,)).fetchone():
            return
        self._clear(article_id)
        self._db.execute("UPDATE article SET own = 0, source_id = NULL, related = NULL WHERE id = ?", (article_id,))
        self._loosened = True

    # -- articles --------------------------------------------------------

    def _related_ids(self, article: Article, entries: dict[int, Article]) -> array[int]:
        if not article.related:
            return array("I")
        known = self.known_entries()
        for fingerprint, entry in entries.items():
            if fingerprint not in known:
                known[fingerprint] = entry_id = self._entry_article(entry)
                self._db.execute("INSERT OR REPLACE INTO entry VALUES (?, ?)", (fingerprint, entry_id))
        return array("I", [known[fingerprint] for fingerprint in article.related])

    def _entry_article(self, entry: Article) -> int:
        """The article that a related entry names: one of the index, or a row of its own."""
        pages = [page_number(page) for page in entry.pages()]
        row = self._db.execute("SELECT id FROM article WHERE page = ?", (pages[0],)).fetchone()
        if row is not None:
            return int(row[0])
        return self._write_row(None, 0, None, pages[0], entry, entry.shown, entry.heat, None)

    def _put_article(
        self,
        article_id: int | None,
        was_own: bool,
        source_id: int,
        page: int,
        article: Article,
        shown: bool,
        heat: int | None,
        related: array[int],
    ) -> int:
        if article_id is not None and was_own:
            self._clear(article_id)
            self._db.execute("DELETE FROM address WHERE article_id = ?", (article_id,))
        article_id = self._write_row(article_id, 1, source_id, page, article, shown, heat, related)
        if article.body:
            self._db.execute("INSERT INTO body VALUES (?, ?)", (article_id, article.body))
        self._db.executemany(
            "INSERT OR IGNORE INTO mention VALUES (?, ?)", ((target, article_id) for target in related if target != article_id)
        )
        self._db.execute(
            "INSERT INTO search (rowid, title, excerpt, provider) VALUES (?, ?, ?, ?)",
            (article_id, article.title, article.excerpt, article.provider.name),
        )
        self._list(article_id)
        return article_id

    def _write_row(
        self,
        article_id: int | None,
        own: int,
        source_id: int | None,
        page: int,
        article: Article,
        shown: bool,
        heat: int | None,
        related: array[int] | None,
    ) -> int:
        links = article.links
        topics = ",".join(str(self._topic_id(name)) for name in article.topics) if own else ""
        cursor = self._db.execute(
            "INSERT OR REPLACE INTO article VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)",
            (
                article_id, page, own, source_id, article.title, article.excerpt,
                article.provider.name, article.provider.domain, article.published, article.quality, heat,
                shown, article.kind, links.web, links.original, links.amp, links.cdn_amp, topics,
                json.dumps(article.images) if article.images else None, article.video,
                related.tobytes() if related else None,
            ),
        )  # fmt: skip
        number = cursor.lastrowid if article_id is None else article_id
        assert number is not None
        self._db.executemany(
            "INSERT OR IGNORE INTO address VALUES (?, ?)", ((page_number(key), number) for key in article.pages())
        )
        return number

    def _topic_id(self, name: str) -> int:
        key = name.casefold()
        if key not in self._topics:
            self._db.execute("INSERT OR IGNORE INTO topic (key, name) VALUES (?, ?)", (key, name))
            self._topics[key] = self._db.execute("SELECT id FROM topic WHERE key = ?", (key,)).fetchone()[0]
        return self._topics[key]

    def _clear(self, article_id: int) -> None:
        """Take away all that was derived from an article's file; its row stays."""
        row = self._db.execute(
            "SELECT title, excerpt, provider, related FROM article WHERE id = ?", (article_id,)
        ).fetchone()
        self._db.execute(
            "INSERT INTO search (search, rowid, title, excerpt, provider) VALUES ('delete', ?, ?, ?, ?)",
            (article_id, *row[:3]),
        )
        self._db.executemany(
            "DELETE FROM mention WHERE target_id = ? AND article_id = ?",
            ((target, article_id) for target in set(array("I", row[3] or b""))),
        )
        self._db.execute("DELETE FROM body WHERE article_id = ?", (article_id,))
        self._unlist(article_id)
        self._loosened = True

    def _unlist(self, article_id: int) -> None:
        topics, published = self._db.execute(
            "SELECT topics, published FROM article WHERE id = ?", (article_id,)
        ).fetchone()
        for topic_id in (ALL_TOPICS, *_numbers(topics)):
            self._db.execute("DELETE FROM listing WHERE topic_id = ? AND article_id = ?", (topic_id, article_id))
        self._db.execute("INSERT OR IGNORE INTO untied VALUES (?)", (_sortable(published),))

    def _list(self, article_id: int) -> None:
        topics, shown, heat, quality, published, provider, page = self._db.execute(
            "SELECT topics, shown, heat, quality, published, provider, page FROM article WHERE id = ?", (article_id,)
        ).fetchone()
        provider_key = provider.casefold() or _LAST_PROVIDER
        self._db.executemany(
            "INSERT INTO listing VALUES (?, ?, ?, ?, ?, ?, 0, ?, ?)",
            (
                (topic_id, article_id, shown, heat, quality, published, provider_key, page)
                for topic_id in (ALL_TOPICS, *_numbers(topics))
            ),
        )
        self._db.execute("INSERT OR IGNORE INTO untied VALUES (?)", (_sortable(published),))

    # -- the end of a run --------------------------------------------------

    @storing
    def finish(self) -> list[tuple[int, str]]:
        """Put ties in order and drop what nothing leads to any more.

        Returns the files, as (source id, path), that have to be read again
        because another file of their page changed or went.
        """
        with writing(self._db):
            again = self._db.execute("SELECT source_id, path FROM file WHERE stamp = ?", (_REREAD,)).fetchall()
            if again:
                return [(int(source_id), str(path)) for source_id, path in again]
            if self._loosened:
                self._drop_unmentioned()
                self._loosened = False
            self._order_ties()
        self._db.execute("PRAGMA wal_checkpoint(PASSIVE)")
        return []

    def _drop_unmentioned(self) -> None:
        gone = [
            row[0]
            for row in self._db.execute(
                "SELECT id FROM article WHERE own = 0 AND NOT EXISTS (SELECT 1 FROM mention WHERE target_id = id)"
            )
        ]
        for article_id in gone:
            self._db.execute("DELETE FROM entry WHERE article_id = ?", (article_id,))
            self._db.execute("DELETE FROM address WHERE article_id = ?", (article_id,))
            self._db.execute("DELETE FROM article WHERE id = ?", (article_id,))
        if gone:
            self._entries.clear()
            self._entries_loaded = False

    def _order_ties(self) -> None:
        """Number the articles of one second by address."""
        moments = [row[0] for row in self._db.execute("SELECT published FROM untied")]
        for moment in moments:
            published = None if moment == NO_DATE else moment
            tied = self._db.execute(
                "SELECT article_id, tie FROM listing WHERE topic_id = 0 AND published IS ?", (published,)
            ).fetchall()
            if len(tied) < 2 and not any(tie for _, tie in tied):
                continue
            self._number(dict(tied))
        self._db.execute("DELETE FROM untied")

    def _number(self, ties: dict[int, int]) -> None:
        facts = {
            article_id: self._db.execute(
                "SELECT coalesce(original_url, web_url, amp_url, cdn_amp_url, title), topics FROM article WHERE id = ?",
                (article_id,),
            ).fetchone()
            for article_id in ties
        }
        for tie, article_id in enumerate(sorted(ties, key=lambda number: (facts[number][0], number))):
            if ties[article_id] != tie:
                for topic_id in (ALL_TOPICS, *_numbers(facts[article_id][1])):
                    self._db.execute(
                        "UPDATE listing SET tie = ? WHERE topic_id = ? AND article_id = ?", (tie, topic_id, article_id)
                    )


def _sortable(published: int | None) -> int:
    return NO_DATE if published is None else published


def _numbers(topics: str) -> list[int]:
    """The topic ids of an article, as its row keeps them, each once."""
    return list(dict.fromkeys(int(number) for number in topics.split(","))) if topics else []
