"""Stores the stories that clustering makes, and reads the articles that it makes them from."""

from __future__ import annotations

import json
import sqlite3
from array import array
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import NamedTuple

from tui_reader.model.topic import Topic
from tui_reader.storage.errors import raises_store_error
from tui_reader.storage.listings import Listings
from tui_reader.storage.schema import ALL_TOPICS, ALONE
from tui_reader.storage.statements import insert_into
from tui_reader.storage.stop_words import stop_words
from tui_reader.storage.topics import defined_topics, pack_topics
from tui_reader.storage.transactions import transaction


class RatedArticle(NamedTuple):
    """An article that the indexer rates. ``story`` is 0 and ``vector`` empty until it is assigned to a story."""

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


class SourceArticle(NamedTuple):
    """An article that its source rates.

    ``wanted`` is the story that its source assigns it to, as the page of the
    story's lead; ``story`` the one that it is assigned to now, 0 for none.
    Either may be :data:`~tui_reader.storage.schema.ALONE`: no other article may
    join it. ``vector`` is empty until the article is assigned to a story.
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


class ClusteredArticle(NamedTuple):
    """An article that keeps its story."""

    page: int
    published: int
    domain: str
    vector: bytes
    story: int


class Member(NamedTuple):
    """An article of a story. ``rated`` is true if the indexer rates it, false if its source does."""

    article: int
    page: int
    published: int
    quality: int
    rated: bool


class _AssignmentRow(NamedTuple):
    article_id: int
    published: int
    page: int
    domain: str
    story: int
    vector: bytes
    from_source: bool


class _SourceRow(NamedTuple):
    article: int
    page: int
    published: int
    title: str
    excerpt: str
    domain: str
    shown: bool
    heat: int
    story: int
    vector: bytes
    mentioners: bytes | None


_PUT_ASSIGNMENT = insert_into("assignment", _AssignmentRow._fields, replace=True)

# The columns are those of RatedArticle.
_RATED = """
    SELECT a.id, a.page, a.published, a.title, a.excerpt, a.provider, a.domain, a.images IS NOT NULL,
           a.amp_url IS NOT NULL, a.source_topics, a.source_id, coalesce(p.story, 0), coalesce(p.vector, x'')
    FROM article a LEFT JOIN assignment p ON p.article_id = a.id WHERE a.indexed = 1 AND a.rated = 1
"""
# The columns are those of _SourceRow.
_FROM_SOURCE = """
    SELECT a.id, a.page, a.published, a.title, a.excerpt, a.domain, a.shown, coalesce(a.heat, 0),
           coalesce(p.story, 0), coalesce(p.vector, x''), m.articles
    FROM listing l INDEXED BY by_newest
    JOIN article a ON a.id = l.article_id
    LEFT JOIN assignment p ON p.article_id = a.id
    LEFT JOIN mention m ON m.target_id = a.id AND a.shown = 0
    WHERE l.topic_id = ? AND l.published >= ? AND a.rated = 0 ORDER BY a.published, a.page
"""


def _rated_article(row: Sequence[object]) -> RatedArticle:
    article = RatedArticle._make(row)
    return article._replace(source_topics=tuple(json.loads(str(article.source_topics))))


class Clusters:
    """The stories of an index. Only one process may write them at a time."""

    def __init__(self, connection: sqlite3.Connection, listings: Listings, topic_id: Callable[[str], int]) -> None:
        """``topic_id`` returns the id of a topic, which it creates if needed."""
        self._db = connection
        self._listings = listings
        self._topic_id = topic_id

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Run the block in one transaction that is rolled back if it raises."""
        with transaction(self._db):
            yield
            self._listings.flush()

    # -- state ---------------------------------------------------------------

    @raises_store_error
    def state(self, name: str) -> int | None:
        """Return a number that was stored with :meth:`set_state`, or ``None``."""
        row = self._db.execute("SELECT value FROM state WHERE name = ?", (name,)).fetchone()
        return None if row is None else int(row[0])

    @raises_store_error
    def set_state(self, name: str, value: int) -> None:
        """Store a number, such as a fingerprint of what the stories are made with."""
        self._db.execute("INSERT OR REPLACE INTO state (name, value) VALUES (?, ?)", (name, value))

    @raises_store_error
    def sample_titles(self, limit: int) -> list[str]:
        """Return the titles of at most ``limit`` rated articles, the same ones in every run."""
        rows = self._db.execute("SELECT title FROM article WHERE rated = 1 ORDER BY page LIMIT ?", (limit,))
        return [row[0] for row in rows]

    @raises_store_error
    def stop_words(self) -> frozenset[str]:
        """Return the words that the stored vectors leave out."""
        return stop_words(self._db)

    @raises_store_error
    def set_stop_words(self, words: Iterable[str]) -> None:
        """Set the words that vectors leave out, and cluster all articles again."""
        self._db.execute("INSERT OR IGNORE INTO recluster (published, story) SELECT published, story FROM assignment")
        self._db.execute("DELETE FROM assignment")
        self._db.execute("DELETE FROM stop_word")
        self._db.executemany("INSERT INTO stop_word (word) VALUES (?)", ((word,) for word in words))

    # -- articles to cluster again ---------------------------------------------

    @raises_store_error
    def pending(self) -> tuple[int | None, set[int]]:
        """Return from when on articles have to be clustered, or ``None``, and the stories that lost articles."""
        rows = self._db.execute("SELECT published, story FROM recluster").fetchall()
        return min((row[0] for row in rows), default=None), {row[1] for row in rows} - {0, ALONE}

    @raises_store_error
    def recluster(self, pages: Iterable[int]) -> None:
        """Cluster everything again from the earliest of these pages on, and update their stories."""
        self._db.executemany(
            "INSERT OR IGNORE INTO recluster (published, story) SELECT published, story FROM assignment WHERE page = ?",
            ((page,) for page in pages),
        )

    @raises_store_error
    def recluster_since(self, published: int, story: int = 0) -> None:
        """Cluster everything again that was published at or after ``published``; ``story`` has lost an article."""
        self._db.execute("INSERT OR IGNORE INTO recluster (published, story) VALUES (?, ?)", (published, story))

    @raises_store_error
    def set_done(self, until: int | None = None) -> None:
        """Note that all articles have their story, or all that were published before ``until``."""
        self._db.execute("DELETE FROM recluster")
        if until is not None:
            self.recluster_since(until)

    @raises_store_error
    def earliest(self, pages: Iterable[int]) -> int | None:
        """Return the date of the earliest rated article among these pages, or ``None``."""
        row = self._db.execute(
            "SELECT min(published) FROM article WHERE rated = 1 AND page IN (SELECT value FROM json_each(?))",
            (json.dumps(list(pages)),),
        ).fetchone()
        return None if row[0] is None else int(row[0])

    # -- topics --------------------------------------------------------------

    @raises_store_error
    def topics(self) -> list[Topic]:
        """Return all topic definitions, those of the user first."""
        return defined_topics(self._db)

    @raises_store_error
    def rated(self) -> list[RatedArticle]:
        """Return all rated articles."""
        return [_rated_article(row) for row in self._db.execute(f"{_RATED} ORDER BY a.id")]

    @raises_store_error
    def label(self, article: int, topics: Sequence[str], quality: int) -> None:
        """Set the topics and the quality of an article."""
        ids = pack_topics(self._topic_id(name) for name in topics)
        stored = self._db.execute("SELECT topics, quality FROM article WHERE id = ?", (article,)).fetchone()
        if stored != (ids, quality):
            self._listings.unlist(article)
            self._db.execute("UPDATE article SET topics = ?, quality = ? WHERE id = ?", (ids, quality, article))
            self._listings.relist(article)

    # -- stories -------------------------------------------------------------

    @raises_store_error
    def clustered(self, since: int, until: int) -> list[ClusteredArticle]:
        """Return the articles published from ``since`` to before ``until`` that have a story, by date and page."""
        rows = self._db.execute(
            f"SELECT {', '.join(ClusteredArticle._fields)} FROM assignment "
            "WHERE published >= ? AND published < ? AND story <> ? ORDER BY published, page",
            (since, until, ALONE),
        )
        return [ClusteredArticle(*row) for row in rows]

    @raises_store_error
    def rated_since(self, since: int) -> list[RatedArticle]:
        """Return the rated articles published at or after ``since``, by date and page."""
        rows = self._db.execute(f"{_RATED} AND a.published >= ? ORDER BY a.published, a.page", (since,))
        return [_rated_article(row) for row in rows]

    @raises_store_error
    def assign(self, rows: Iterable[tuple[RatedArticle | SourceArticle, int, bytes]]) -> None:
        """Store the story and the vector of articles."""
        self._db.executemany(
            _PUT_ASSIGNMENT,
            (
                _AssignmentRow(
                    article_id=article.article,
                    published=article.published,
                    page=article.page,
                    domain=article.domain,
                    story=story,
                    vector=vector,
                    from_source=isinstance(article, SourceArticle),
                )
                for article, story, vector in rows
            ),
        )

    @raises_store_error
    def merge(self, old: int, new: int) -> None:
        """Assign the articles of one story to another."""
        self._db.execute("UPDATE assignment SET story = ? WHERE story = ?", (new, old))

    @raises_store_error
    def start_times(self, stories: Iterable[int]) -> list[int]:
        """Return the date of the first article of each story."""
        rows = self._db.execute(
            "SELECT min(published) FROM assignment WHERE story IN (SELECT value FROM json_each(?)) GROUP BY story",
            (json.dumps(list(stories)),),
        )
        return [int(row[0]) for row in rows]

    @raises_store_error
    def members(self, story: int) -> list[Member]:
        """Return the articles of a story."""
        rows = self._db.execute(
            "SELECT a.id, a.page, a.published, coalesce(a.quality, 0), a.rated "
            "FROM assignment p JOIN article a ON a.id = p.article_id WHERE p.story = ?",
            (story,),
        )
        return [Member(*row) for row in rows]

    @raises_store_error
    def publish(self, article: int, *, shown: bool, heat: int, related: Sequence[int]) -> None:
        """Make an article the lead of a story with ``related`` articles, or fold it (not ``shown``)."""
        packed = array("I", related).tobytes() or None
        shown_before, heat_before, packed_before = self._db.execute(
            "SELECT shown, heat, related FROM article WHERE id = ?", (article,)
        ).fetchone()
        is_listed_otherwise = (bool(shown_before), heat_before) != (shown, heat)
        if not is_listed_otherwise and packed_before == packed:
            return
        if is_listed_otherwise:
            self._listings.unlist(article)
        before, after = set(array("I", packed_before or b"")), set(related)
        self._listings.remove_mentions(article, before - after)
        self._db.execute(
            "UPDATE article SET shown = ?, heat = ?, related = ? WHERE id = ?", (shown, heat, packed, article)
        )
        if is_listed_otherwise:
            self._listings.relist(article)
        self._listings.mention(article, after - before)

    # -- stories from sources --------------------------------------------------

    @raises_store_error
    def earliest_rated(self) -> int | None:
        """Return the date of the earliest rated article, or ``None`` if there is none."""
        (published,) = self._db.execute("SELECT min(published) FROM article WHERE rated = 1").fetchone()
        return None if published is None else int(published)

    @raises_store_error
    def from_source(self, since: int) -> list[SourceArticle]:
        """Return the articles published at or after ``since`` that their source assigns a story, by date and page."""
        if not self._db.execute("SELECT EXISTS (SELECT 1 FROM file WHERE rated = 0)").fetchone()[0]:
            return []
        rows = [_SourceRow._make(row) for row in self._db.execute(_FROM_SOURCE, (ALL_TOPICS, since))]
        leads = {row.article: (row.heat, -row.page) for row in rows if row.shown}
        found = []
        for row in rows:
            # If several leads list a folded article, the hottest one has it.
            listed_by = [leads[number] for number in array("I", row.mentioners or b"") if number in leads]
            if row.shown or listed_by:
                found.append(
                    SourceArticle(
                        article=row.article,
                        page=row.page,
                        published=row.published,
                        title=row.title,
                        excerpt=row.excerpt,
                        domain=row.domain,
                        wanted=row.page if row.shown else -max(listed_by)[1],
                        story=row.story,
                        vector=row.vector,
                    )
                )
        return found

    @raises_store_error
    def obsolete(self, kept: Collection[int]) -> list[tuple[int, int, int]]:
        """Return article, date and story of the assignments that came from a source, except for articles ``kept``."""
        rows = self._db.execute("SELECT article_id, published, story FROM assignment WHERE from_source = 1")
        return [row for row in rows if row[0] not in kept]

    @raises_store_error
    def unassign(self, articles: Iterable[int]) -> None:
        """Remove articles from their stories."""
        self._db.executemany("DELETE FROM assignment WHERE article_id = ?", ((article,) for article in articles))

    @raises_store_error
    def source_lead(self, story: int) -> int | None:
        """Return the lead of a story that comes from a source, or ``None`` if clustering made the story."""
        row = self._db.execute(
            "SELECT id FROM article WHERE page = ? AND indexed = 1 AND rated = 0", (story,)
        ).fetchone()
        return None if row is None else int(row[0])

    @raises_store_error
    def add_coverage(self, lead: int, articles: Sequence[int], heat: int) -> None:
        """Append articles to the related ones of a story from a source, which add ``heat`` to it.

        They replace those that were appended before.
        """
        heat_before, packed, count_before, added_before = self._db.execute(
            "SELECT a.heat, a.related, coalesce(c.articles, 0), coalesce(c.heat, 0) "
            "FROM article a LEFT JOIN added_coverage c ON c.article_id = a.id WHERE a.id = ?",
            (lead,),
        ).fetchone()
        related = array("I", packed or b"")
        listed = related[: len(related) - count_before]
        added = array("I", [article for article in articles if article not in listed])
        if added == related[len(listed) :] and heat == added_before:
            return
        self._listings.unlist(lead)
        self._listings.remove_mentions(lead, set(related) - set(listed) - set(added))
        self._db.execute(
            "UPDATE article SET heat = ?, related = ? WHERE id = ?",
            (
                None if heat_before is None else heat_before - added_before + heat,
                (listed + added).tobytes() or None,
                lead,
            ),
        )
        self._db.execute("DELETE FROM added_coverage WHERE article_id = ?", (lead,))
        if added:
            self._db.execute(
                "INSERT INTO added_coverage (article_id, articles, heat) VALUES (?, ?, ?)", (lead, len(added), heat)
            )
        self._listings.relist(lead)
        self._listings.mention(lead, set(added) - set(related))
