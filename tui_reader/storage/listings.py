"""Keeps the tables that are derived from the articles: lists, counts, search and mentions.

Row-by-row writes would take most of the time of a cold start. New rows are
buffered and written with one statement per table at the end of each batch;
removing something writes the buffer first.
"""

from __future__ import annotations

import sqlite3
import time
from array import array
from collections import Counter
from collections.abc import Iterable
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING

from tui_reader.model.trending import HALF_LIFE, trending_score
from tui_reader.named_tuple import NamedTuple
from tui_reader.storage.indexed_texts import remove_texts
from tui_reader.storage.schema import ALL_TOPICS, BEST_URL
from tui_reader.storage.search import searchable
from tui_reader.storage.statements import insert_into
from tui_reader.storage.topics import unpack_topics

if TYPE_CHECKING:
    from tui_reader.model.article import Article

NO_DATE = -(2**63)
"""Stands for “no date” in columns that are keys, which cannot be NULL."""

_MOST_BUFFERED = 5000  # articles
_LAST_PROVIDER = "\U0010ffff"  # sorts articles without a provider after all others


class _SortFields(NamedTuple):
    """The columns of an article that lists are sorted and filtered by, except topics and provider."""

    page: int
    shown: bool
    heat: int | None
    quality: int | None
    published: int | None


class _ListingRow(NamedTuple):
    topic_id: int
    article_id: int
    shown: bool
    heat: int | None
    quality: int | None
    published: int | None
    trending: int | None
    provider: str
    page: int


class _SearchRow(NamedTuple):
    rowid: int
    title: str
    excerpt: str
    provider: str


_INSERT_LISTING = insert_into("listing", _ListingRow._fields)
_INSERT_SEARCH = insert_into("search", _SearchRow._fields)
_SELECT_SORT_FIELDS = f"SELECT {', '.join(_SortFields._fields)}, provider, topics FROM article WHERE id = ?"


def sortable(published: int | None) -> int:
    """Return a date as an integer that can be compared and be a key."""
    return NO_DATE if published is None else published


class Listings:
    """Keeps listing, topic_count, search, mention and the pending work in step with the articles."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._db = connection
        self.half_life = HALF_LIFE
        """Seconds over which heat halves in the order “hot”."""
        self._now = int(time.time())
        self.discard()

    def discard(self) -> None:
        """Empty the buffer, because its transaction was written or rolled back."""
        self._listing: list[_ListingRow] = []
        # By topic and article: heat and trending, and the same with whether it is shown.
        self._heats: dict[tuple[int, int], tuple[int | None, int | None]] = {}
        self._shown: dict[tuple[int, int], tuple[bool, int | None, int | None]] = {}
        self._search: list[_SearchRow] = []
        self._mentions: dict[int, array[int]] = {}
        self._tiebreaks: set[int] = set()
        self._recluster: int | None = None
        self._counts: Counter[tuple[int, bool]] = Counter()

    def is_full(self) -> bool:
        """Return whether the buffer should be written though its transaction goes on."""
        return len(self._search) >= _MOST_BUFFERED

    def flush(self) -> None:
        """Write the buffer."""
        if not any((self._listing, self._heats, self._shown, self._search, self._mentions, self._tiebreaks)):
            return
        db = self._db
        db.executemany(_INSERT_LISTING, self._listing)
        where = "WHERE topic_id = ? AND article_id = ?"
        heats = ((*values, *key) for key, values in self._heats.items())
        db.executemany(f"UPDATE listing SET heat = ?, trending = ? {where}", heats)
        shown = ((*values, *key) for key, values in self._shown.items())
        db.executemany(f"UPDATE listing SET shown = ?, heat = ?, trending = ? {where}", shown)
        db.executemany(_INSERT_SEARCH, self._search)
        db.executemany(
            "INSERT INTO mention (target_id, articles) VALUES (?, ?) "
            "ON CONFLICT DO UPDATE SET articles = CAST(articles || excluded.articles AS BLOB)",
            ((target, articles.tobytes()) for target, articles in self._mentions.items()),
        )
        db.executemany(
            "INSERT OR IGNORE INTO tiebreak_pending (published) VALUES (?)", ((second,) for second in self._tiebreaks)
        )
        if self._recluster is not None:
            db.execute("INSERT OR IGNORE INTO recluster (published, story) VALUES (?, 0)", (self._recluster,))
        db.executemany(
            "INSERT INTO topic_count (topic_id, shown, articles) VALUES (?, ?, ?) "
            "ON CONFLICT DO UPDATE SET articles = articles + excluded.articles",
            ((topic_id, shown, count) for (topic_id, shown), count in self._counts.items() if count),
        )
        self.discard()

    # -- lists and search --------------------------------------------------

    def add(self, article_id: int, page: int, article: Article, topics: Iterable[int], related: Iterable[int]) -> None:
        """Add a new article to its lists, the search and the mentions."""
        fields = _SortFields(page, article.shown, article.heat, article.quality, article.published)
        self._list(article_id, fields, article.provider.name, topics)
        if article.rated and article.published is not None:
            since = self._recluster
            self._recluster = article.published if since is None else min(since, article.published)
        texts = map(searchable, (article.title, article.excerpt, article.provider.name))
        self._search.append(_SearchRow(article_id, *texts))
        self.mention(article_id, set(related) - {article_id})

    def relist(self, article_id: int) -> None:
        """List an article again after its row was changed."""
        *fields, provider, topics = self._db.execute(_SELECT_SORT_FIELDS, (article_id,)).fetchone()
        self._list(article_id, _SortFields(*fields), provider, unpack_topics(topics))

    def update(
        self, article_id: int, topics: str, published: int | None, *, shown: tuple[bool, bool], heat: int | None
    ) -> None:
        """Change whether an article is ``shown`` (before, and now) and its ``heat``, in the lists where it is."""
        trending = self._trending(heat, published)
        before, after = shown
        for topic_id in dict.fromkeys((ALL_TOPICS, *unpack_topics(topics))):
            key = topic_id, article_id
            if before == after and key not in self._shown:
                self._heats[key] = heat, trending  # the other orders need not be written
                continue
            self._shown[key] = after, heat, trending
            self._heats.pop(key, None)
            self._counts[topic_id, before] -= 1
            self._counts[topic_id, after] += 1

    def unlist(self, article_id: int) -> None:
        """Remove an article from all lists, before its row is changed."""
        self.flush()
        topics, published, shown = self._db.execute(
            "SELECT topics, published, shown FROM article WHERE id = ?", (article_id,)
        ).fetchone()
        for topic_id in (ALL_TOPICS, *unpack_topics(topics)):
            cursor = self._db.execute(
                "DELETE FROM listing WHERE topic_id = ? AND article_id = ?", (topic_id, article_id)
            )
            self._counts[topic_id, bool(shown)] -= cursor.rowcount
        self._tiebreaks.add(sortable(published))

    def remove(self, article_id: int) -> set[int]:
        """Remove an article from all derived tables; return the articles that it mentioned."""
        self.unlist(article_id)
        self._db.execute(
            "INSERT OR IGNORE INTO recluster (published, story) "
            "SELECT published, story FROM assignment WHERE article_id = ?",
            (article_id,),
        )
        # The stories that the same outlet alone tells on that day are crowded less.
        self._db.execute(
            "INSERT OR IGNORE INTO republish (story) SELECT p.story FROM heat_part mine "
            "JOIN heat_part h ON h.outlet = mine.outlet AND h.day = mine.day AND h.article_id <> mine.article_id "
            "JOIN assignment p ON p.article_id = h.article_id WHERE mine.article_id = ? LIMIT 1",
            (article_id,),
        )
        for table in ("assignment", "added_coverage", "folded", "heat_part"):
            self._db.execute(f"DELETE FROM {table} WHERE article_id = ?", (article_id,))
        remove_texts(self._db, article_id)
        *texts, related = self._db.execute(
            "SELECT title, excerpt, provider, related FROM article WHERE id = ?", (article_id,)
        ).fetchone()
        self._db.execute(
            "INSERT INTO search (search, rowid, title, excerpt, provider) VALUES ('delete', ?, ?, ?, ?)",
            (article_id, *map(searchable, texts)),
        )
        targets = set(array("I", related or b"")) | set(self.corrected_entries(article_id))
        self._db.execute("DELETE FROM corrected WHERE article_id = ?", (article_id,))
        self.remove_mentions(article_id, targets)
        return targets

    def _list(self, article_id: int, fields: _SortFields, provider: str, topics: Iterable[int]) -> None:
        page, shown, heat, quality, published = fields
        key = provider.casefold() or _LAST_PROVIDER
        trending = self._trending(heat, published)
        for topic_id in dict.fromkeys((ALL_TOPICS, *topics)):
            self._listing.append(
                _ListingRow(topic_id, article_id, shown, heat, quality, published, trending, key, page)
            )
            self._counts[topic_id, bool(shown)] += 1
        self._tiebreaks.add(sortable(published))

    # -- mentions ------------------------------------------------------------

    def mention(self, article_id: int, targets: Iterable[int]) -> None:
        """Note that an article lists ``targets`` as related."""
        for target in targets:
            self._mentions.setdefault(target, array("I")).append(article_id)

    def remove_mentions(self, article_id: int, targets: Iterable[int]) -> None:
        """Note that an article no longer lists ``targets``."""
        for target in targets:
            rest = array("I", [number for number in self.mentioners(target) if number != article_id])
            if rest:
                self._db.execute("UPDATE mention SET articles = ? WHERE target_id = ?", (rest.tobytes(), target))
            else:
                self._db.execute("DELETE FROM mention WHERE target_id = ?", (target,))

    def mentioners(self, target: int) -> array[int]:
        """Return the ids of the articles that list ``target`` as related."""
        self.flush()
        row = self._db.execute("SELECT articles FROM mention WHERE target_id = ?", (target,)).fetchone()
        return array("I", row[0] if row is not None else b"")

    def corrected_entries(self, article_id: int) -> array[int]:
        """Return the ids that the source of a corrected article lists as related."""
        row = self._db.execute("SELECT related FROM corrected WHERE article_id = ?", (article_id,)).fetchone()
        return array("I", (row[0] if row is not None else None) or b"")

    # -- sort orders -----------------------------------------------------------

    def set_half_life(self, half_life: int) -> None:
        """Compute the order “hot” of all articles again, for another half-life in seconds."""
        self.half_life = half_life
        self._db.create_function("trending_score", 2, self._trending)
        self._db.execute("UPDATE listing SET trending = trending_score(heat, published)")

    def set_clock(self) -> None:
        """Let articles that are dated in the future, or were at the last run, rank as if they were published now."""
        self.flush()
        (newest,) = self._db.execute("SELECT max(published) FROM listing WHERE topic_id = ?", (ALL_TOPICS,)).fetchone()
        row = self._db.execute("SELECT value FROM state WHERE name = 'clock'").fetchone()
        clocks = [row[0]] if row is not None else []
        if newest is not None and newest > self._now:
            clocks.append(self._now)
            self._db.execute("INSERT OR REPLACE INTO state (name, value) VALUES ('clock', ?)", (self._now,))
        elif clocks:
            self._db.execute("DELETE FROM state WHERE name = 'clock'")
        if clocks:
            self._db.create_function("trending_score", 2, self._trending)
            self._db.execute(
                "UPDATE listing SET trending = trending_score(heat, published) "
                "WHERE topic_id IN (SELECT ? UNION ALL SELECT id FROM topic) AND published > ?",
                (ALL_TOPICS, min(clocks)),
            )

    def _trending(self, heat: int | None, published: int | None) -> int | None:
        return trending_score(heat, published and min(published, self._now), self.half_life)

    def set_tiebreaks(self) -> None:
        """Number the articles of each pending second by address."""
        self.flush()
        self._db.executemany(
            "UPDATE listing SET tiebreak = ? WHERE topic_id = ? AND article_id = ?", self._renumbered()
        )
        self._db.execute("DELETE FROM tiebreak_pending")

    def _renumbered(self) -> list[tuple[int, int, int]]:
        """Return the rows of listings whose tiebreak is another now: tiebreak, topic and article."""
        rows = self._db.execute(
            f"SELECT l.published, l.article_id, l.tiebreak, a.topics FROM tiebreak_pending p "
            "CROSS JOIN listing l INDEXED BY by_newest ON l.topic_id = 0 AND l.published IS nullif(p.published, ?1) "
            "CROSS JOIN article a ON a.id = l.article_id "
            "WHERE (SELECT count(*) > 1 OR max(tiebreak) > 0 FROM listing INDEXED BY by_newest "
            "WHERE topic_id = 0 AND listing.published IS nullif(p.published, ?1)) "
            f"ORDER BY p.published, {BEST_URL}, a.page",
            (NO_DATE,),
        )
        return [
            (tiebreak, topic_id, article_id)
            for _, second in groupby(rows, key=itemgetter(0))
            for tiebreak, (_, article_id, before, topics) in enumerate(second)
            if tiebreak != before
            for topic_id in (ALL_TOPICS, *unpack_topics(topics))
        ]
