"""Writes the rows of articles, their addresses, topics and related entries.

Rows are collected and written with one statement for each table; what reads
the tables or changes other rows writes the collected ones first.
"""

from __future__ import annotations

import json
import sqlite3
from array import array
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from tui_reader.named_tuple import NamedTuple
from tui_reader.storage.file_stamps import READ_AGAIN
from tui_reader.storage.indexed_texts import add_bodies
from tui_reader.storage.listings import Listings
from tui_reader.storage.schema import CORRECTED_WITH
from tui_reader.storage.statements import insert_into
from tui_reader.storage.topics import pack_topics

if TYPE_CHECKING:
    from tui_reader.model.article import Article


class StoredPage(NamedTuple):
    """The row of a page: ``fingerprint`` is its ``source_fingerprint``."""

    article_id: int
    indexed: bool
    fingerprint: int | None


class _ArticleRow(NamedTuple):
    id: int
    page: int
    indexed: bool
    source_id: int | None
    title: str
    excerpt: str
    provider: str
    domain: str
    published: int | None
    quality: int | None
    heat: int | None
    shown: bool
    kind: str
    web_url: str | None
    original_url: str | None
    amp_url: str | None
    cdn_amp_url: str | None
    topics: str
    images: str | None
    video: str | None
    related: bytes | None
    source_fingerprint: int
    rated: bool
    source_topics: str
    author: str
    comments_url: str | None
    page_key: str | None
    enclosures: str | None


_PUT_ARTICLE = insert_into("article", _ArticleRow._fields, replace=True)


def related_fingerprint(article: Article) -> int:
    """Return a number that changes with the texts of an article's related entries."""
    return sum(set(article.related)) % (1 << 62)


class ArticleWriter:
    """Writes articles, and the pages that only other articles mention."""

    def __init__(self, connection: sqlite3.Connection, listings: Listings) -> None:
        self._db = connection
        self._listings = listings
        self._entries: dict[int, int] = {}
        self._entries_loaded = False
        self._topics: dict[str, int] = {}
        self._corrections_current = True
        self._next_id = 0  # 0: to be read from the table
        self._found: dict[int, StoredPage | None] = {}
        self._discard()

    def _discard(self) -> None:
        self._rows: dict[int, _ArticleRow] = {}
        self._addresses: dict[int, Sequence[int]] = {}
        self._moved: list[int] = []  # articles with addresses in the table
        self._bodies: list[tuple[int, str]] = []
        self._new_entries: list[tuple[int, int]] = []

    def reset(self) -> None:
        """Forget all cached ids and unwritten rows: after a rollback, what they refer to may not exist."""
        self._forget_entries()
        self._topics.clear()
        self._corrections_current = True
        self._next_id = 0
        self._found.clear()
        self._discard()

    def flush(self) -> None:
        """Write the collected rows."""
        if not self._rows and not self._new_entries:
            return
        db = self._db
        if self._moved:
            db.executemany("DELETE FROM address WHERE article_id = ?", ((number,) for number in self._moved))
        db.executemany(_PUT_ARTICLE, self._rows.values())
        db.executemany(
            "INSERT OR IGNORE INTO address (page, article_id) VALUES (?, ?)",
            ((page, number) for number, pages in self._addresses.items() for page in pages),
        )
        add_bodies(db, self._bodies)
        if self._new_entries:
            db.executemany("INSERT OR REPLACE INTO entry (fingerprint, article_id) VALUES (?, ?)", self._new_entries)
        self._discard()

    # -- pages -----------------------------------------------------------

    def look_up(self, pages: Iterable[int]) -> None:
        """Read the rows of pages that :meth:`find` will be asked for, with one statement."""
        self.flush()
        self._found = dict.fromkeys(pages)
        rows = self._db.execute(
            "SELECT page, id, indexed, source_fingerprint FROM article WHERE page IN (SELECT value FROM json_each(?))",
            (json.dumps(list(self._found)),),
        )
        self._found.update((page, StoredPage(*row)) for page, *row in rows)

    def find(self, page: int) -> StoredPage | None:
        """Return the row of a page, also one that is not written yet; ``None`` if there is none."""
        if page not in self._found:
            self.flush()
            row = self._db.execute(
                "SELECT id, indexed, source_fingerprint FROM article WHERE page = ?", (page,)
            ).fetchone()
            self._found[page] = None if row is None else StoredPage(*row)
        return self._found[page]

    def _forget_entries(self) -> None:
        self._entries.clear()
        self._entries_loaded = False

    # -- articles --------------------------------------------------------

    def put(
        self, source_id: int, article: Article, pages: Sequence[int], related: array[int], article_id: int | None
    ) -> int:
        """Write an article from a file, into the row ``article_id`` if it has one; return its id.

        ``pages`` are its page ids.
        """
        self._outdate_corrections()
        topics = [self.topic_id(name) for name in article.topics]
        article_id = self._put_row(
            article_id,
            article,
            pages,
            source_fingerprint=related_fingerprint(article),
            source_id=source_id,
            topics=topics,
            related=related,
        )
        if article.body:
            self._bodies.append((article_id, article.body))
        self._listings.add(article_id, pages[0], article, topics, related)
        return article_id

    def clear(self, article_id: int, *, changed: bool) -> None:
        """Remove everything that was derived from an article's file, except its row."""
        self.flush()
        self._outdate_corrections()
        self.mark_orphans(self._listings.remove(article_id), changed=changed)

    def unindex(self, article_id: int) -> None:
        """Keep an article that no file has any more only for as long as other articles mention it."""
        self.clear(article_id, changed=True)
        self._db.execute(
            "UPDATE article SET indexed = 0, source_id = NULL, related = NULL, topics = '', source_fingerprint = NULL "
            "WHERE id = ?",
            (article_id,),
        )
        self._found.clear()
        self.mark_orphans([article_id], changed=True)

    def set_visibility(self, article_id: int, shown: bool, heat: int | None) -> None:
        """Change whether an article is shown, and its heat without the coverage that the indexer added.

        An article whose story is made here stays as it was published with it: its files say nothing of that.
        """
        self.flush()
        if self._db.execute(
            "SELECT 1 FROM article WHERE id = ? AND rated = 1 AND published NOTNULL", (article_id,)
        ).fetchone():
            return
        self._outdate_corrections()
        cursor = self._db.execute(
            "UPDATE corrected SET shown = ?, heat = ? WHERE article_id = ?", (shown, heat, article_id)
        )
        if cursor.rowcount > 0:
            return  # the corrections are applied again at the end of the run
        row = self._db.execute("SELECT heat FROM added_coverage WHERE article_id = ?", (article_id,)).fetchone()
        if row is not None and heat is not None:
            heat += row[0]
        stored = self._db.execute("SELECT shown, heat FROM article WHERE id = ?", (article_id,)).fetchone()
        if stored != (shown, heat):
            self._listings.unlist(article_id)
            self._db.execute("UPDATE article SET shown = ?, heat = ? WHERE id = ?", (shown, heat, article_id))
            self._listings.relist(article_id)

    def _outdate_corrections(self) -> None:
        """Note that the stories of sources have to be corrected again."""
        if self._corrections_current:
            self._db.execute("DELETE FROM state WHERE name = ?", (CORRECTED_WITH,))
            self._corrections_current = False

    def _put_row(
        self,
        article_id: int | None,
        article: Article,
        pages: Sequence[int],
        *,
        source_fingerprint: int,
        source_id: int | None = None,
        topics: Sequence[int] = (),
        related: array[int] | None = None,
    ) -> int:
        """Write an article's row and addresses; without a source, it is a page that is only mentioned."""
        links = article.links
        if article_id is None:
            number = self._new_id()
        else:
            number = article_id
            self._moved.append(number)
        self._found[pages[0]] = StoredPage(number, source_id is not None, source_fingerprint)
        self._addresses[number] = pages
        self._rows[number] = _ArticleRow(
            id=number,
            page=pages[0],
            indexed=source_id is not None,
            source_id=source_id,
            title=article.title,
            excerpt=article.excerpt,
            provider=article.provider.name,
            domain=article.provider.domain,
            published=article.published,
            quality=article.quality,
            heat=article.heat,
            shown=article.shown,
            kind=article.kind,
            web_url=links.web,
            original_url=links.original,
            amp_url=links.amp,
            cdn_amp_url=links.cdn_amp,
            topics=pack_topics(topics),
            images=json.dumps(article.images) if article.images else None,
            video=article.video,
            related=related.tobytes() if related else None,
            source_fingerprint=source_fingerprint,
            rated=article.rated,
            source_topics=json.dumps(article.source_topics),
            author=article.author,
            comments_url=article.comments,
            page_key=article.key or None,
            enclosures=json.dumps(article.enclosures) if article.enclosures else None,
        )
        return number

    def _new_id(self) -> int:
        if not self._next_id:
            (self._next_id,) = self._db.execute("SELECT coalesce(max(id), 0) + 1 FROM article").fetchone()
        self._next_id += 1
        return self._next_id - 1

    def topic_id(self, name: str) -> int:
        """Return the id of a topic, which is created if needed."""
        key = name.casefold()
        if key not in self._topics:
            self._db.execute("INSERT OR IGNORE INTO topic (key, name) VALUES (?, ?)", (key, name))
            self._topics[key] = self._db.execute("SELECT id FROM topic WHERE key = ?", (key,)).fetchone()[0]
        return self._topics[key]

    # -- related entries ---------------------------------------------------

    def known_entries(self) -> dict[int, int]:
        """Return the article ids of the related entries that need no parsing, by fingerprint."""
        if not self._entries_loaded:
            self._entries.update(self._db.execute("SELECT fingerprint, article_id FROM entry"))
            self._entries_loaded = True
        return self._entries

    def related_ids(self, article: Article, entries: Mapping[int, Article]) -> array[int]:
        """Return the ids of an article's related entries; write those of the new ``entries``."""
        if not article.related:
            return array("I")
        known = self.known_entries()
        for fingerprint, entry in entries.items():
            if fingerprint not in known:
                known[fingerprint] = entry_id = self._entry_article(entry, fingerprint)
                self._new_entries.append((fingerprint, entry_id))
        return array("I", [known[fingerprint] for fingerprint in article.related])

    def _entry_article(self, entry: Article, fingerprint: int) -> int:
        """Return the id of the article that a related entry names; write a row for it if needed.

        If entries with different texts name one page, the one with the smallest
        fingerprint is kept, so that the order of reading does not matter.
        """
        pages = entry.page_ids()
        found = self.find(pages[0])
        if found is None:
            return self._put_row(None, entry, pages, source_fingerprint=fingerprint)
        if not found.indexed and (found.fingerprint is None or fingerprint < found.fingerprint):
            return self._put_row(found.article_id, entry, pages, source_fingerprint=fingerprint)
        return found.article_id

    # -- orphans -------------------------------------------------------------

    def corrected_entries(self, article_id: int) -> array[int]:
        """Return the ids that the source of a corrected article lists as related."""
        return self._listings.corrected_entries(article_id)

    def _corrected_mentioners(self) -> dict[int, array[int]]:
        """Return the corrected articles whose source lists a page, by the id of the page."""
        found: dict[int, array[int]] = {}
        for article_id, packed in self._db.execute("SELECT article_id, related FROM corrected"):
            for target in array("I", packed or b""):
                found.setdefault(target, array("I")).append(article_id)
        return found

    def mark_orphans(self, article_ids: Iterable[int], *, changed: bool) -> None:
        """Note articles that may be unreachable now, or (``changed``) whose related entry may no longer exist."""
        self._db.executemany(
            "INSERT INTO orphan (article_id, changed) VALUES (?, ?) "
            "ON CONFLICT DO UPDATE SET changed = max(changed, excluded.changed)",
            ((number, changed) for number in article_ids),
        )

    def prune_orphans(self) -> None:
        """Delete pages that no article mentions any more, and replace texts whose related entry no longer exists."""
        self.flush()
        self._found.clear()
        orphans = self._db.execute(
            "SELECT id, source_fingerprint IS NULL "
            "OR (changed AND (SELECT count(*) > 1 FROM entry WHERE article_id = id)) "
            # CROSS: there are few orphans, and SQLite without statistics would look at every article instead.
            "FROM orphan CROSS JOIN article ON id = orphan.article_id WHERE indexed = 0"
        ).fetchall()
        corrected = self._corrected_mentioners() if orphans else {}
        for article_id, outdated in orphans:
            mentioners = self._listings.mentioners(article_id) + corrected.get(article_id, array("I"))
            if not mentioners:
                self._db.execute("DELETE FROM address WHERE article_id = ?", (article_id,))
                self._db.execute("DELETE FROM article WHERE id = ?", (article_id,))
            elif outdated:
                # Reading the mentioning articles again writes the row from the entries that are left.
                self._db.execute("UPDATE article SET source_fingerprint = NULL WHERE id = ?", (article_id,))
                self._db.executemany(
                    "UPDATE file SET stamp = ? WHERE article_id = ?", ((READ_AGAIN, number) for number in mentioners)
                )
            else:
                continue
            self._db.execute("DELETE FROM entry WHERE article_id = ?", (article_id,))
            self._forget_entries()
        self._db.execute("DELETE FROM orphan")
