"""Writes articles into the index, one transaction a batch, and keeps what is derived in step."""

from __future__ import annotations

import json
import sqlite3
from array import array
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, NamedTuple

from tui_reader.model.story import Problem
from tui_reader.model.text import visible
from tui_reader.model.topic import Topic
from tui_reader.model.trending import trending_score
from tui_reader.storage.clusters import USER, Clusters
from tui_reader.storage.connection import prepare_bulk_write, store_errors, storing, writing
from tui_reader.storage.file_stamps import FileStamps
from tui_reader.storage.listings import Listings, sortable

if TYPE_CHECKING:
    from tui_reader.model.article import Article

READ_AGAIN = -1
"""The stamp, which no file has, of a file to be read again because what it shares a page with has changed."""

UNREADABLE = -2
"""The stamp of a file that could not be read at all: it is tried again in every run."""


class ReadFile(NamedTuple):
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


class _Claim(NamedTuple):
    """What one file says of its page; of the files of one page the greatest ``rank`` wins."""

    # Rated by its source, date, path, source: never two alike, so the order of reading does not matter.
    rank: tuple[bool, int, str, str]
    shown: bool
    heat: int | None


def _standing(claims: Sequence[_Claim]) -> tuple[bool, int | None]:
    """Whether a page is shown, as any of its files says, and with which heat."""
    winner = max(claims, key=lambda claim: claim.rank)
    # What a feed lists is no word on what a collection folds.
    claims = [claim for claim in claims if claim.rank[0] == winner.rank[0]]
    if winner.shown or not any(claim.shown for claim in claims):
        return winner.shown, winner.heat
    heats = [claim.heat for claim in claims if claim.shown and claim.heat is not None]
    return True, max(heats, default=winner.heat)


def _told(article: Article) -> int:
    """A number that changes with the texts of an article's related entries."""
    return sum(set(article.related)) % (1 << 62)


class IndexWriter:
    """Brings one index up to date. One writer at a time (see ``exclusive_lock``)."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._db = connection
        self._entries: dict[int, int] = {}
        self._entries_loaded = False
        self._topics: dict[str, int] = {}
        self._listings = Listings(connection)

    @storing
    def set_half_life(self, half_life: int) -> None:
        """Let heat halve over so many seconds in the order “hot”."""
        self._listings.half_life = half_life
        row = self._db.execute("SELECT value FROM remembered WHERE name = 'half-life'").fetchone()
        if row is not None and row[0] == half_life:
            return
        with self._writing():
            if row is not None:
                self._db.create_function("hot", 2, lambda heat, published: trending_score(heat, published, half_life))
                self._db.execute("UPDATE listing SET hot = hot(heat, published)")
            self._db.execute("INSERT OR REPLACE INTO remembered VALUES ('half-life', ?)", (half_life,))

    def clusters(self) -> Clusters:
        """Where the stories that are worked out here are written."""
        return Clusters(self._db, self._listings, self._topic_id)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Make one transaction of all that is written inside, or nothing of it."""
        with store_errors(), self._writing():
            yield

    @contextmanager
    def _writing(self) -> Iterator[None]:
        try:
            with writing(self._db):
                yield
                self._listings.flush()
        except BaseException:
            # What is remembered here may be of rows that are no more.
            self._forget_remembered()
            self._topics.clear()
            self._listings.forget()
            raise

    def _forget_remembered(self) -> None:
        self._entries.clear()
        self._entries_loaded = False

    # -- sources ---------------------------------------------------------

    @storing
    def set_sources(self, locations: Sequence[str]) -> dict[str, int]:
        """Make ``locations``, in this order, the sources of the index; return their ids.

        What came from any other source goes.
        """
        with self._writing():
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
        with self._writing():
            self._db.execute("UPDATE source SET title = ?, root_topic = ? WHERE id = ?", (title, root_topic, source_id))
            self._db.execute("DELETE FROM definition WHERE source_id = ?", (source_id,))
            self._db.execute("DELETE FROM problem WHERE source_id = ? AND file_key IS NULL", (source_id,))
            self._db.executemany(
                "INSERT INTO definition VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                ((source_id, n, *t[:5], json.dumps(t.keywords), json.dumps(t.excluded)) for n, t in enumerate(topics)),
            )
            # The publisher's spelling of a name goes before that of an article.
            self._db.executemany(
                "INSERT INTO topic (key, name) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET name = excluded.name",
                ((t.name.casefold(), t.name) for t in topics),
            )
            self._db.executemany(
                "INSERT INTO problem (source_id, path, line, reason) VALUES (?, ?, ?, ?)",
                ((source_id, visible(p.path), p.line, visible(p.reason)) for p in problems),
            )

    @storing
    def set_user_topics(self, topics: Sequence[Topic]) -> None:
        """Make ``topics`` those that the person defines."""
        rows = [(USER, n, *t[:5], json.dumps(t.keywords), json.dumps(t.excluded)) for n, t in enumerate(topics)]
        before = self._db.execute("SELECT * FROM definition WHERE source_id = ?", (USER,)).fetchall()
        if rows != before:
            with self._writing():
                self._db.execute("DELETE FROM definition WHERE source_id = ?", (USER,))
                self._db.executemany("INSERT INTO definition VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", rows)

    @storing
    def root_topics(self) -> dict[int, str]:
        """Return the root topic of each site that has one, by source id."""
        return dict(self._db.execute("SELECT id, root_topic FROM source WHERE root_topic <> ''"))

    @storing
    def set_source_stamp(self, source_id: int, stamp: int) -> None:
        """Note that the source, as it looks now, has been read to its end."""
        self._db.execute("UPDATE source SET stamp = ? WHERE id = ?", (stamp, source_id))

    # -- files -----------------------------------------------------------

    @storing
    def prepare_bulk_write(self) -> None:
        """Take the memory with which much is written fast; before the first :meth:`store`."""
        prepare_bulk_write(self._db)

    @storing
    def file_stamps(self, source_id: int) -> FileStamps:
        """Return the stamp of every file of the source that was read before."""
        rows = self._db.execute("SELECT key, stamp FROM file WHERE source_id = ? ORDER BY key", (source_id,))
        keys, stamps = array("q"), array("q")
        for key, stamp in rows:
            keys.append(key)
            stamps.append(stamp)
        return FileStamps(keys, stamps)

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
        with self._writing():
            for file in files:
                self._store_file(source_id, file)

    @storing
    def remove_files(self, keys: Sequence[int]) -> None:
        """Remove files that are there no more, and the articles that came from them alone."""
        with self._writing():
            self._forget(keys)

    def _store_file(self, source_id: int, file: ReadFile) -> None:
        before = self._db.execute("SELECT article_id, stamp FROM file WHERE key = ?", (file.key,)).fetchone()
        if before is not None:
            self._db.execute("DELETE FROM problem WHERE file_key = ?", (file.key,))
        path = visible(file.path)
        if file.problems:
            self._db.executemany(
                "INSERT INTO problem (source_id, file_key, path, line, reason) VALUES (?, ?, ?, ?, ?)",
                ((source_id, file.key, path, line, visible(reason)) for line, reason in file.problems),
            )
        if file.article is None:
            # Nothing of a bad file touches what was indexed before: the
            # article stays as the file last had it.
            self._db.execute(
                "INSERT INTO file (key, source_id, stamp, path) VALUES (?, ?, ?, ?) "
                "ON CONFLICT (key) DO UPDATE SET stamp = excluded.stamp",
                (file.key, source_id, file.stamp, path),
            )
            return
        article = file.article
        related = self._related_ids(article, file.entries)
        page = article.page_ids()[:1]
        row = self._db.execute("SELECT id, own FROM article WHERE page = ?", page).fetchone()
        if before is not None and before[0] is not None:
            if row is None or before[0] != row[0]:
                self._release(before[0], file.key)
            elif before[1] != READ_AGAIN:
                self._read_again(before[0], file.key)
        is_news = before is None or before[1] != READ_AGAIN
        article_id = self._store_article(source_id, file, article, related, row, is_news=is_news)
        self._db.execute(
            "INSERT OR REPLACE INTO file VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                file.key, source_id, file.stamp, path, article_id,
                article.published, article.shown, article.heat, article.rated,
            ),
        )  # fmt: skip

    def _store_article(
        self,
        source_id: int,
        file: ReadFile,
        article: Article,
        related: array[int],
        row: tuple[int, int] | None,
        *,
        is_news: bool,
    ) -> int:
        """Store what a file says of its page (``row``: id, own), unless another file of the page goes before it."""
        others = self._claims(row[0], file.key) if row is not None and row[1] else []
        if row is not None and others:
            (location,) = self._db.execute("SELECT location FROM source WHERE id = ?", (source_id,)).fetchone()
            rank = (not article.rated, sortable(article.published), visible(file.path), location)
            claim = _Claim(rank, article.shown, article.heat)
            shown, heat = _standing([claim, *others])
            if any(other.rank > claim.rank for other in others):
                self._loosen(related, changed=is_news)
                self._set_standing(row[0], shown, heat)
                return row[0]
            article = article._replace(shown=shown, heat=heat)
        if row is not None and row[1]:
            (told,) = self._db.execute("SELECT told FROM article WHERE id = ?", (row[0],)).fetchone()
            self._clear(row[0], changed=is_news and told != _told(article))
        return self._put_article(source_id, article, related, None if row is None else row[0])

    def _claims(self, article_id: int, key: int) -> list[_Claim]:
        """What the other files of the same page say, as far as it is known to be true."""
        rows = self._db.execute(
            "SELECT NOT f.rated, f.published, f.path, s.location, f.shown, f.heat "
            "FROM file f JOIN source s ON s.id = f.source_id "
            "WHERE f.article_id = ? AND f.key <> ? AND f.stamp <> ?",
            (article_id, key, READ_AGAIN),
        )
        return [
            _Claim((bool(given), sortable(published), path, location), bool(shown), heat)
            for given, published, path, location, shown, heat in rows
        ]

    def _set_standing(self, article_id: int, shown: bool, heat: int | None) -> None:
        row = self._db.execute("SELECT heat FROM joined WHERE article_id = ?", (article_id,)).fetchone()
        if row is not None and heat is not None:
            heat += row[0]
        now = self._db.execute("SELECT shown, heat FROM article WHERE id = ?", (article_id,)).fetchone()
        if now != (shown, heat):
            self._listings.unlist(article_id)
            self._db.execute("UPDATE article SET shown = ?, heat = ? WHERE id = ?", (shown, heat, article_id))
            self._listings.relist(article_id)

    def _read_again(self, article_id: int, key: int) -> None:
        """Have the other files of an article read again: which of them wins may have changed."""
        self._db.execute("UPDATE file SET stamp = ? WHERE article_id = ? AND key <> ?", (READ_AGAIN, article_id, key))

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
            (related,) = self._db.execute("SELECT related FROM article WHERE id = ?", (article_id,)).fetchone()
            self._loosen(array("I", related or b""), changed=True)
            return
        self._clear(article_id, changed=True)
        self._db.execute(
            "UPDATE article SET own = 0, source_id = NULL, related = NULL, topics = '', told = NULL WHERE id = ?",
            (article_id,),
        )
        self._loosen([article_id], changed=True)

    # -- articles --------------------------------------------------------

    def _related_ids(self, article: Article, entries: dict[int, Article]) -> array[int]:
        if not article.related:
            return array("I")
        known = self.known_entries()
        for fingerprint, entry in entries.items():
            if fingerprint not in known:
                known[fingerprint] = entry_id = self._entry_article(entry, fingerprint)
                self._db.execute("INSERT OR REPLACE INTO entry VALUES (?, ?)", (fingerprint, entry_id))
        return array("I", [known[fingerprint] for fingerprint in article.related])

    def _entry_article(self, entry: Article, fingerprint: int) -> int:
        """The article that a related entry names: one of the index, or a row of its own.

        Of several texts of one page the one with the smallest fingerprint
        stays, so that the order of reading does not matter.
        """
        pages = entry.page_ids()
        row = self._db.execute("SELECT id, own, told FROM article WHERE page = ?", pages[:1]).fetchone()
        number, own, told = row or (None, False, None)
        if number is None or (not own and (told is None or fingerprint < told)):
            return self._write_row(number, entry, pages, told=fingerprint)
        return int(number)

    def _put_article(self, source_id: int, article: Article, related: array[int], article_id: int | None) -> int:
        """Store an article of a file in a row that is there, or as a new one."""
        pages = article.page_ids()
        topics = [self._topic_id(name) for name in article.topics]
        article_id = self._write_row(
            article_id, article, pages, told=_told(article), source_id=source_id, topics=topics, related=related
        )
        if article.body:
            self._db.execute("INSERT INTO body VALUES (?, ?)", (article_id, article.body))
        self._listings.add(article_id, pages[0], article, topics, related)
        return article_id

    def _write_row(
        self,
        article_id: int | None,
        article: Article,
        pages: Sequence[int],
        *,
        told: int,
        source_id: int | None = None,
        topics: Sequence[int] = (),
        related: array[int] | None = None,
    ) -> int:
        """Write an article's row and addresses; without a source, it is known by mention only."""
        links = article.links
        cursor = self._db.execute(
            "INSERT OR REPLACE INTO article VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)",
            (
                article_id, pages[0], source_id is not None, source_id, article.title, article.excerpt,
                article.provider.name, article.provider.domain, article.published, article.quality, article.heat,
                article.shown, article.kind, links.web, links.original, links.amp, links.cdn_amp,
                ",".join(map(str, topics)),
                json.dumps(article.images) if article.images else None, article.video,
                related.tobytes() if related else None, told, article.rated, json.dumps(article.source_topics),
            ),
        )  # fmt: skip
        number = int(cursor.lastrowid or 0) if article_id is None else article_id
        if article_id is not None:
            self._db.execute("DELETE FROM address WHERE article_id = ?", (article_id,))
        self._db.executemany("INSERT OR IGNORE INTO address VALUES (?, ?)", ((page, number) for page in pages))
        return number

    def _topic_id(self, name: str) -> int:
        key = name.casefold()
        if key not in self._topics:
            self._db.execute("INSERT OR IGNORE INTO topic (key, name) VALUES (?, ?)", (key, name))
            self._topics[key] = self._db.execute("SELECT id FROM topic WHERE key = ?", (key,)).fetchone()[0]
        return self._topics[key]

    def _clear(self, article_id: int, *, changed: bool) -> None:
        """Take away all that was derived from an article's file; its row stays."""
        self._loosen(self._listings.remove(article_id), changed=changed)
        self._db.execute("DELETE FROM body WHERE article_id = ?", (article_id,))

    def _loosen(self, numbers: Iterable[int], *, changed: bool) -> None:
        """Note articles that may be left with nothing that leads to them, or that tells their text."""
        self._db.executemany(
            "INSERT INTO loose VALUES (?, ?) ON CONFLICT DO UPDATE SET changed = max(changed, excluded.changed)",
            ((number, changed) for number in numbers),
        )

    # -- the end of a run --------------------------------------------------

    @storing
    def finish(self) -> list[tuple[int, str]]:
        """Put ties in order and drop what nothing leads to any more.

        Returns the files, as (source id, path), that have to be read again
        because an article that they share a page with, or mention, changed or
        went. To be called until there are none.
        """
        with self._writing():
            self._let_go()
            self._listings.order_ties()
            again = self._db.execute(f"SELECT source_id, path FROM file WHERE stamp = {READ_AGAIN}").fetchall()
        self._db.execute("PRAGMA wal_checkpoint(PASSIVE)")
        return [(int(source_id), str(path)) for source_id, path in again]

    def _let_go(self) -> None:
        """Drop the pages that no article mentions any more, and the texts that no article tells any more."""
        loose = self._db.execute(
            "SELECT id, told IS NULL OR (changed AND (SELECT count(*) > 1 FROM entry WHERE article_id = id)) "
            "FROM loose JOIN article ON id = loose.article_id WHERE own = 0"
        ).fetchall()
        for article_id, doubtful in loose:
            mentioners = self._listings.mentioners(article_id)
            if not mentioners:
                self._db.execute("DELETE FROM address WHERE article_id = ?", (article_id,))
                self._db.execute("DELETE FROM article WHERE id = ?", (article_id,))
            elif doubtful:
                # The articles that mention it tell its text anew.
                self._db.execute("UPDATE article SET told = NULL WHERE id = ?", (article_id,))
                self._db.executemany(
                    "UPDATE file SET stamp = ? WHERE article_id = ?", ((READ_AGAIN, number) for number in mentioners)
                )
            else:
                continue
            self._db.execute("DELETE FROM entry WHERE article_id = ?", (article_id,))
            self._forget_remembered()
        self._db.execute("DELETE FROM loose")
