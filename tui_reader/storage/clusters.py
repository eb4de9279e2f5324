"""Reads what stories are made from, and writes the stories that were made."""

from __future__ import annotations

import json
import sqlite3
from array import array
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import NamedTuple

from tui_reader.model.topic import Topic
from tui_reader.storage.connection import storing, writing
from tui_reader.storage.listings import Listings
from tui_reader.storage.schema import ALL_TOPICS, ALONE
from tui_reader.storage.stop_words import stop_words

USER = -1
"""The source id under which the person's own topics are defined."""


class RatedArticle(NamedTuple):
    """A rated article, as it is placed and labelled; ``story`` and ``vector`` are empty where it has no place yet."""

    article: int
    page: int
    published: int
    title: str
    excerpt: str
    provider: str
    domain: str
    image: bool
    amp: bool
    source_topics: tuple[str, ...]
    source: int
    story: int
    vector: bytes


class ClusteredArticle(NamedTuple):
    """An article that keeps its story."""

    page: int
    published: int
    domain: str
    vector: bytes
    story: int


class SourceArticle(NamedTuple):
    """An article that its source rates, with the story that the source has it in, and the one it was placed in.

    Stories are named by the page of the article that leads them; 0 and an
    empty ``vector`` stand for no place yet, :data:`~tui_reader.storage.schema.ALONE` for no story that
    others join.
    """

    article: int
    page: int
    published: int
    title: str
    excerpt: str
    domain: str
    wanted: int
    story: int
    vector: bytes


class Member(NamedTuple):
    """An article of a story; ``rated`` where that was done here."""

    article: int
    page: int
    published: int
    quality: int
    rated: bool


_RAW = """
    SELECT a.id, a.page, a.published, a.title, a.excerpt, a.provider, a.domain, a.images IS NOT NULL,
           a.amp_url IS NOT NULL, a.source_topics, a.source_id, coalesce(p.story, 0), coalesce(p.vector, x'')
    FROM article a LEFT JOIN place p ON p.article_id = a.id WHERE a.own = 1 AND a.rated = 1
"""


def _raw(row: Sequence[object]) -> RatedArticle:
    return RatedArticle._make((*row[:9], tuple(json.loads(str(row[9]))), *row[10:]))


class Clusters:
    """The stories of the rated articles of an index; one writer at a time."""

    def __init__(self, connection: sqlite3.Connection, derived: Listings, topic_id: Callable[[str], int]) -> None:
        self._db = connection
        self._listings = derived
        self._topic_id = topic_id

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Make one transaction of what is written inside."""
        with writing(self._db):
            yield
            self._listings.flush()

    # -- what is to be done --------------------------------------------------

    @storing
    def state(self, name: str) -> int | None:
        """Return a fingerprint that was kept."""
        row = self._db.execute("SELECT value FROM remembered WHERE name = ?", (name,)).fetchone()
        return None if row is None else int(row[0])

    @storing
    def set_state(self, name: str, value: int) -> None:
        """Keep a fingerprint."""
        self._db.execute("INSERT OR REPLACE INTO remembered VALUES (?, ?)", (name, value))

    @storing
    def sample_titles(self, most: int) -> list[str]:
        """Return the titles of rated articles, ``most`` at most: always the same ones of the same articles."""
        rows = self._db.execute("SELECT title FROM article WHERE rated = 1 ORDER BY page LIMIT ?", (most,))
        return [row[0] for row in rows]

    @storing
    def stop_words(self) -> frozenset[str]:
        """Return the words that the vectors leave out."""
        return stop_words(self._db)

    @storing
    def set_stop_words(self, words: Iterable[str]) -> None:
        """Have everything placed anew, with vectors that leave out these words."""
        self._db.execute("INSERT OR IGNORE INTO unplaced SELECT published, story FROM place")
        self._db.execute("DELETE FROM place")
        self._db.execute("DELETE FROM common_word")
        self._db.executemany("INSERT INTO common_word VALUES (?)", ((word,) for word in words))

    @storing
    def pending(self) -> tuple[int | None, set[int]]:
        """Return the moment from which on articles are to be placed, and the stories that lost some."""
        rows = self._db.execute("SELECT published, story FROM unplaced").fetchall()
        return min((row[0] for row in rows), default=None), {row[1] for row in rows} - {0, ALONE}

    @storing
    def recluster(self, pages: Iterable[int]) -> None:
        """Have all placed anew from the earliest of these pages on, and their stories told anew."""
        self._db.executemany(
            "INSERT OR IGNORE INTO unplaced SELECT published, story FROM place WHERE page = ?",
            ((page,) for page in pages),
        )

    @storing
    def earliest(self, pages: Iterable[int]) -> int | None:
        """Return when the first of the rated articles among these pages came out."""
        row = self._db.execute(
            "SELECT min(published) FROM article WHERE rated = 1 AND page IN (SELECT value FROM json_each(?))",
            (json.dumps(list(pages)),),
        ).fetchone()
        return None if row[0] is None else int(row[0])

    @storing
    def recluster_since(self, published: int, story: int = 0) -> None:
        """Have all placed anew that came out ``published`` or later; ``story`` (0: none) has lost one of them."""
        self._db.execute("INSERT OR IGNORE INTO unplaced VALUES (?, ?)", (published, story))

    @storing
    def set_done(self, until: int | None = None) -> None:
        """Note that everything has its place, or all that came out before ``until``."""
        self._db.execute("DELETE FROM unplaced")
        if until is not None:
            self.recluster_since(until)

    # -- topics --------------------------------------------------------------

    @storing
    def topics(self) -> list[Topic]:
        """Return all topics that are defined, the person's own first."""
        rows = self._db.execute(
            "SELECT name, parent, shortname, identifier, description, keywords, excluded FROM definition d "
            "LEFT JOIN source s ON s.id = d.source_id ORDER BY d.source_id <> ?, s.position, d.position",
            (USER,),
        )
        return [Topic._make((*row[:5], tuple(json.loads(row[5])), tuple(json.loads(row[6])))) for row in rows]

    @storing
    def rated(self) -> list[RatedArticle]:
        """Return every rated article."""
        return [_raw(row) for row in self._db.execute(f"{_RAW} ORDER BY a.id")]

    @storing
    def label(self, article: int, topics: Sequence[str], quality: int) -> None:
        """Give an article other topics and another quality."""
        ids = ",".join(str(self._topic_id(name)) for name in topics)
        now = self._db.execute("SELECT topics, quality FROM article WHERE id = ?", (article,)).fetchone()
        if now != (ids, quality):
            self._listings.unlist(article)
            self._db.execute("UPDATE article SET topics = ?, quality = ? WHERE id = ?", (ids, quality, article))
            self._listings.relist(article)

    # -- stories -------------------------------------------------------------

    @storing
    def clustered(self, since: int, until: int) -> list[ClusteredArticle]:
        """Return the articles that keep their stories, by time and page; ``until`` is not among them."""
        rows = self._db.execute(
            "SELECT page, published, domain, vector, story FROM place WHERE published >= ? AND published < ? "
            "AND story <> ? ORDER BY published, page",
            (since, until, ALONE),
        )
        return [ClusteredArticle(*row) for row in rows]

    @storing
    def rated_since(self, since: int) -> list[RatedArticle]:
        """Return the rated articles that came out ``since`` then, by time and page."""
        rows = self._db.execute(f"{_RAW} AND a.published >= ? ORDER BY a.published, a.page", (since,))
        return [_raw(row) for row in rows]

    @storing
    def assign(self, rows: Iterable[tuple[RatedArticle | SourceArticle, int, bytes]]) -> None:
        """Store the story and the vector of articles."""
        self._db.executemany(
            "INSERT OR REPLACE INTO place VALUES (?, ?, ?, ?, ?, ?, ?)",
            (
                (raw.article, raw.published, raw.page, raw.domain, story, vector, isinstance(raw, SourceArticle))
                for raw, story, vector in rows
            ),
        )

    @storing
    def merge(self, old: int, new: int) -> None:
        """Make the articles of one story those of another."""
        self._db.execute("UPDATE place SET story = ? WHERE story = ?", (new, old))

    @storing
    def start_times(self, stories: Iterable[int]) -> list[int]:
        """Return when the first article of each of these stories came out."""
        rows = self._db.execute(
            "SELECT min(published) FROM place WHERE story IN (SELECT value FROM json_each(?)) GROUP BY story",
            (json.dumps(list(stories)),),
        )
        return [int(row[0]) for row in rows]

    @storing
    def members(self, story: int) -> list[Member]:
        """Return the articles of a story."""
        rows = self._db.execute(
            "SELECT a.id, a.page, a.published, coalesce(a.quality, 0), a.rated "
            "FROM place p JOIN article a ON a.id = p.article_id WHERE p.story = ?",
            (story,),
        )
        return [Member(*row) for row in rows]

    @storing
    def publish(self, article: int, *, shown: bool, heat: int, related: Sequence[int]) -> None:
        """Make an article the lead of a story, or fold it."""
        packed = array("I", related).tobytes() or None
        now = self._db.execute("SELECT shown, heat, related FROM article WHERE id = ?", (article,)).fetchone()
        if (bool(now[0]), now[1], now[2]) == (shown, heat, packed):
            return
        if (bool(now[0]), now[1]) != (shown, heat):
            self._listings.unlist(article)
        before, after = set(array("I", now[2] or b"")), set(related)
        self._listings.forget_mentions(article, before - after)
        self._db.execute(
            "UPDATE article SET shown = ?, heat = ?, related = ? WHERE id = ?", (shown, heat, packed, article)
        )
        if (bool(now[0]), now[1]) != (shown, heat):
            self._listings.relist(article)
        self._listings.mention(article, after - before)

    # -- stories of the sources ------------------------------------------------

    @storing
    def earliest_rated(self) -> int | None:
        """Return when the first rated article came out, or ``None`` where there is none."""
        (moment,) = self._db.execute("SELECT min(published) FROM article WHERE rated = 1").fetchone()
        return None if moment is None else int(moment)

    @storing
    def from_source(self, since: int) -> list[SourceArticle]:
        """Return the articles that came out ``since`` then and are in a story of their source, by time and page."""
        if not self._db.execute("SELECT EXISTS (SELECT 1 FROM file WHERE rated = 0)").fetchone()[0]:
            return []
        rows = self._db.execute(
            "SELECT a.id, a.page, a.published, a.title, a.excerpt, a.domain, a.shown, coalesce(a.heat, 0), "
            "coalesce(p.story, 0), coalesce(p.vector, x''), m.articles FROM listing l INDEXED BY by_newest "
            "JOIN article a ON a.id = l.article_id LEFT JOIN place p ON p.article_id = a.id "
            "LEFT JOIN mention m ON m.target_id = a.id AND a.shown = 0 "
            "WHERE l.topic_id = ? AND l.published >= ? AND a.rated = 0 ORDER BY a.published, a.page",
            (ALL_TOPICS, since),
        ).fetchall()
        leads = {row[0]: (row[7], -row[1]) for row in rows if row[6]}
        found = []
        for article, page, published, title, excerpt, domain, shown, _, story, vector, mentioners in rows:
            under = [leads[number] for number in array("I", mentioners or b"") if number in leads]
            if shown or under:
                wanted = page if shown else -max(under)[1]
                found.append(SourceArticle(article, page, published, title, excerpt, domain, wanted, story, vector))
        return found

    @storing
    def obsolete(self, kept: Collection[int]) -> list[tuple[int, int, int]]:
        """Return article, date and story of the places of articles that their source rates, but for those ``kept``."""
        rows = self._db.execute("SELECT article_id, published, story FROM place WHERE given = 1")
        return [row for row in rows if row[0] not in kept]

    @storing
    def unassign(self, articles: Iterable[int]) -> None:
        """Take their places from articles."""
        self._db.executemany("DELETE FROM place WHERE article_id = ?", ((article,) for article in articles))

    @storing
    def source_lead(self, story: int) -> int | None:
        """Return the article by whose page a story of a source is named; ``None`` where the story is made here."""
        row = self._db.execute("SELECT id FROM article WHERE page = ? AND own = 1 AND rated = 0", (story,)).fetchone()
        return None if row is None else int(row[0])

    @storing
    def add_coverage(self, lead: int, articles: Sequence[int], heat: int) -> None:
        """Put articles, which add this heat, behind those that the source of a story lists; others that were go."""
        hot, packed, before, added = self._db.execute(
            "SELECT a.heat, a.related, coalesce(j.articles, 0), coalesce(j.heat, 0) "
            "FROM article a LEFT JOIN joined j ON j.article_id = a.id WHERE a.id = ?",
            (lead,),
        ).fetchone()
        listed = array("I", packed or b"")
        own = listed[: len(listed) - before]
        behind = array("I", [article for article in articles if article not in own])
        if behind == listed[len(own) :] and heat == added:
            return
        self._listings.unlist(lead)
        self._listings.forget_mentions(lead, set(listed) - set(own) - set(behind))
        self._db.execute(
            "UPDATE article SET heat = ?, related = ? WHERE id = ?",
            (None if hot is None else hot - added + heat, (own + behind).tobytes() or None, lead),
        )
        self._db.execute("DELETE FROM joined WHERE article_id = ?", (lead,))
        if behind:
            self._db.execute("INSERT INTO joined VALUES (?, ?, ?)", (lead, len(behind), heat))
        self._listings.relist(lead)
        self._listings.mention(lead, set(behind) - set(listed))
