"""What follows from the articles and is kept beside them: lists, numbers, search, mentions.

Writing row by row is what a cold index would spend most of its time on. So
what is new is gathered here and written in a few long statements at the end
of each batch; taking something away writes what was gathered first.
"""

from __future__ import annotations

import sqlite3
from array import array
from collections import Counter
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, NamedTuple

from tui_reader.model.trending import HALF_LIFE, trending_score
from tui_reader.storage.schema import ADDRESS, ALL_TOPICS

if TYPE_CHECKING:
    from tui_reader.model.article import Article

NO_DATE = -(2**63)
"""Stands for “no date” where SQLite's NULL cannot be a key."""

_LAST_PROVIDER = "\U0010ffff"  # sorts articles without a provider behind all others


class _Facts(NamedTuple):
    """What an article is listed by, topics and provider aside."""

    page: int
    shown: bool
    heat: int | None
    quality: int | None
    published: int | None


def sortable(published: int | None) -> int:
    """Return a date that can be a key and be compared."""
    return NO_DATE if published is None else published


def topic_numbers(topics: str) -> list[int]:
    """Return the topic ids of an article, as its row keeps them, each once."""
    return list(dict.fromkeys(int(number) for number in topics.split(","))) if topics else []


class Listings:
    """Keeps listing, topic_count, search, mention and untied in step with the articles."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._db = connection
        self.half_life = HALF_LIFE
        """Seconds over which heat halves in the order “hot”."""
        self.forget()

    def forget(self) -> None:
        """Drop what was gathered: the transaction it belonged to is undone."""
        self._listing: list[tuple[Any, ...]] = []
        self._search: list[tuple[int, str, str, str]] = []
        self._mentions: dict[int, array[int]] = {}
        self._untied: set[int] = set()
        self._unplaced: set[tuple[int, int]] = set()
        self._counts: Counter[tuple[int, bool]] = Counter()

    def flush(self) -> None:
        """Write what was gathered."""
        db = self._db
        db.executemany("INSERT INTO listing VALUES (?, ?, ?, ?, ?, ?, ?, 0, ?, ?)", self._listing)
        db.executemany("INSERT INTO search (rowid, title, excerpt, provider) VALUES (?, ?, ?, ?)", self._search)
        db.executemany(
            "INSERT INTO mention VALUES (?, ?) "
            "ON CONFLICT DO UPDATE SET articles = CAST(articles || excluded.articles AS BLOB)",
            ((target, articles.tobytes()) for target, articles in self._mentions.items()),
        )
        db.executemany("INSERT OR IGNORE INTO untied VALUES (?)", ((moment,) for moment in self._untied))
        db.executemany("INSERT OR IGNORE INTO unplaced VALUES (?, ?)", self._unplaced)
        db.executemany(
            "INSERT INTO topic_count VALUES (?, ?, ?) "
            "ON CONFLICT DO UPDATE SET articles = articles + excluded.articles",
            ((topic_id, shown, count) for (topic_id, shown), count in self._counts.items() if count),
        )
        self.forget()

    # -- lists and search --------------------------------------------------

    def add(self, article_id: int, page: int, article: Article, topics: Iterable[int], related: Iterable[int]) -> None:
        """Gather all that follows from an article of a file."""
        facts = _Facts(page, article.shown, article.heat, article.quality, article.published)
        self._list(article_id, facts, article.provider.name, topics)
        if article.rated and article.published is not None:
            self._unplaced.add((article.published, 0))
        self._search.append((article_id, article.title, article.excerpt, article.provider.name))
        for target in set(related):
            if target != article_id:
                self._mentions.setdefault(target, array("I")).append(article_id)

    def _list(self, article_id: int, facts: _Facts, provider: str, topics: Iterable[int]) -> None:
        page, shown, heat, quality, published = facts
        key = provider.casefold() or _LAST_PROVIDER
        now = trending_score(heat, published, self.half_life)
        for topic_id in dict.fromkeys((ALL_TOPICS, *topics)):
            self._listing.append((topic_id, article_id, shown, heat, quality, published, now, key, page))
            self._counts[topic_id, bool(shown)] += 1
        self._untied.add(sortable(published))

    def relist(self, article_id: int) -> None:
        """List an article anew, whose row has changed since it was unlisted."""
        *facts, provider, topics = self._db.execute(
            "SELECT page, shown, heat, quality, published, provider, topics FROM article WHERE id = ?", (article_id,)
        ).fetchone()
        self._list(article_id, _Facts(*facts), provider, topic_numbers(topics))

    def unlist(self, article_id: int) -> None:
        """Take an article out of all lists."""
        self.flush()
        topics, published, shown = self._db.execute(
            "SELECT topics, published, shown FROM article WHERE id = ?", (article_id,)
        ).fetchone()
        for topic_id in (ALL_TOPICS, *topic_numbers(topics)):
            cursor = self._db.execute(
                "DELETE FROM listing WHERE topic_id = ? AND article_id = ?", (topic_id, article_id)
            )
            self._counts[topic_id, bool(shown)] -= cursor.rowcount
        self._untied.add(sortable(published))

    def remove(self, article_id: int) -> set[int]:
        """Take away all that followed from an article; return the articles that it mentioned."""
        self.unlist(article_id)
        self._db.execute(
            "INSERT OR IGNORE INTO unplaced SELECT published, story FROM place WHERE article_id = ?", (article_id,)
        )
        for table in ("place", "joined"):
            self._db.execute(f"DELETE FROM {table} WHERE article_id = ?", (article_id,))
        *texts, related = self._db.execute(
            "SELECT title, excerpt, provider, related FROM article WHERE id = ?", (article_id,)
        ).fetchone()
        self._db.execute(
            "INSERT INTO search (search, rowid, title, excerpt, provider) VALUES ('delete', ?, ?, ?, ?)",
            (article_id, *texts),
        )
        targets = set(array("I", related or b""))
        self.forget_mentions(article_id, targets)
        return targets

    def mention(self, article_id: int, targets: Iterable[int]) -> None:
        """Note that an article lists ``targets`` as related."""
        for target in targets:
            self._mentions.setdefault(target, array("I")).append(article_id)

    def forget_mentions(self, article_id: int, targets: Iterable[int]) -> None:
        """Note that an article lists ``targets`` no longer."""
        for target in targets:
            rest = array("I", [number for number in self.mentioners(target) if number != article_id])
            if rest:
                self._db.execute("UPDATE mention SET articles = ? WHERE target_id = ?", (rest.tobytes(), target))
            else:
                self._db.execute("DELETE FROM mention WHERE target_id = ?", (target,))

    def mentioners(self, target: int) -> array[int]:
        """Return the articles that list ``target`` as related."""
        self.flush()
        row = self._db.execute("SELECT articles FROM mention WHERE target_id = ?", (target,)).fetchone()
        return array("I", row[0] if row is not None else b"")

    # -- ties --------------------------------------------------------------

    def order_ties(self) -> None:
        """Number the articles of one second by address, where that is not yet done."""
        self.flush()
        moments = self._db.execute(
            "SELECT published FROM untied WHERE (SELECT count(*) > 1 OR max(tie) > 0 FROM listing INDEXED BY by_newest "
            "WHERE topic_id = 0 AND listing.published IS nullif(untied.published, ?))",
            (NO_DATE,),
        ).fetchall()
        for (moment,) in moments:
            published = None if moment == NO_DATE else moment
            tied = self._db.execute(
                "SELECT article_id, tie FROM listing WHERE topic_id = 0 AND published IS ?", (published,)
            )
            self._number(dict(tied.fetchall()))
        self._db.execute("DELETE FROM untied")

    def _number(self, ties: dict[int, int]) -> None:
        facts = {
            article_id: self._db.execute(
                f"SELECT {ADDRESS}, page, topics FROM article WHERE id = ?", (article_id,)
            ).fetchone()
            for article_id in ties
        }
        for tie, article_id in enumerate(sorted(ties, key=lambda number: facts[number][:2])):
            if ties[article_id] != tie:
                for topic_id in (ALL_TOPICS, *topic_numbers(facts[article_id][2])):
                    self._db.execute(
                        "UPDATE listing SET tie = ? WHERE topic_id = ? AND article_id = ?", (tie, topic_id, article_id)
                    )
