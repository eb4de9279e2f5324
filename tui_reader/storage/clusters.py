"""Stores the stories that clustering makes, and what they were made with."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager

from tui_reader.named_tuple import NamedTuple
from tui_reader.storage.cluster_reader import ClusterReader, RatedArticle, SourceArticle
from tui_reader.storage.clustered_days import ClusteredDays, ClusteredStems, HeadOf
from tui_reader.storage.errors import raises_store_error, store_errors
from tui_reader.storage.listings import Listings
from tui_reader.storage.publications import Publications
from tui_reader.storage.schema import ALONE
from tui_reader.storage.statements import insert_into
from tui_reader.storage.topics import pack_topics
from tui_reader.storage.transactions import transaction


class _AssignmentRow(NamedTuple):
    article_id: int
    published: int
    page: int
    domain: str
    story: int
    joined: int
    vector: bytes
    from_source: bool
    apart: bool
    source_lead: int


class Assigned(NamedTuple):
    """The story of an article: ``joined`` is the one that it was put in first, which was merged into ``story``."""

    article: RatedArticle | SourceArticle
    story: int
    joined: int
    vector: bytes


_PUT_ASSIGNMENT = insert_into("assignment", _AssignmentRow._fields, replace=True)


class Clusters(ClusterReader):
    """The stories of an index. Only one process may write them at a time."""

    def __init__(self, connection: sqlite3.Connection, listings: Listings, topic_id: Callable[[str], int]) -> None:
        """``topic_id`` returns the id of a topic, which it creates if needed."""
        super().__init__(connection)
        self._listings = listings
        self._topic_id = topic_id
        self.publications = Publications(connection, listings)
        """The stories as they are listed."""

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Run the block in one transaction that is rolled back if it raises. Raises :class:`StoreError`."""
        with store_errors(self._db), transaction(self._db):
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
    def set_stop_words(self, words: Iterable[str]) -> None:
        """Set the words that vectors leave out, and cluster all articles again."""
        self._db.execute("INSERT OR IGNORE INTO recluster (published, story) SELECT published, story FROM assignment")
        self._db.execute("DELETE FROM assignment")
        self._db.execute("DELETE FROM merged")
        self._db.execute("DELETE FROM stop_word")
        self._db.executemany("INSERT INTO stop_word (word) VALUES (?)", ((word,) for word in words))

    # -- earlier articles --------------------------------------------------------

    def stems(self, since: int, until: int, head_of: HeadOf, *, head: int, size: int) -> ClusteredStems:
        """Return the stems of the articles that :meth:`clustered` returns.

        ``head_of`` finds them in the first ``head`` bytes of a vector; they take ``size`` bytes at most.
        """
        with self.writing():
            return ClusteredDays(self._db, head_of, head=head, stems=size).read(since, until)

    # -- articles to cluster again ---------------------------------------------

    @raises_store_error
    def pending(self) -> tuple[int | None, set[int]]:
        """Return from when on articles have to be clustered, or ``None``, and the stories that lost articles."""
        rows = self._db.execute("SELECT published, story FROM recluster").fetchall()
        return min((row[0] for row in rows), default=None), {row[1] for row in rows} - {0, ALONE}

    @raises_store_error
    def recluster_since(self, published: int, story: int = 0) -> None:
        """Cluster everything again that was published at or after ``published``; ``story`` has lost an article."""
        self._db.execute("INSERT OR IGNORE INTO recluster (published, story) VALUES (?, ?)", (published, story))

    @raises_store_error
    def keep_apart(self, articles: Iterable[int], *, apart: bool) -> None:
        """Keep articles apart, or no longer, and cluster again everything from the earliest of them on.

        Those that their source put in a story are compared with its lead again.
        """
        ids = [(article,) for article in articles]
        self._db.executemany(
            "INSERT OR IGNORE INTO recluster (published, story) "
            "SELECT published, story FROM assignment WHERE article_id = ?",
            ids,
        )
        self._db.executemany("DELETE FROM assignment WHERE article_id = ? AND from_source = 1", ids)
        self._db.executemany(
            "UPDATE assignment SET apart = ? WHERE article_id = ?", ((apart, article) for (article,) in ids)
        )

    @raises_store_error
    def set_done(self, until: int | None = None) -> None:
        """Note that all articles have their story, or all that were published before ``until``."""
        self._db.execute("DELETE FROM recluster")
        if until is not None:
            self.recluster_since(until)

    # -- topics --------------------------------------------------------------

    @raises_store_error
    def label(self, article: int, topics: Sequence[str], quality: int, points: int = 0) -> None:
        """Set the topics and the quality of an article; ``points`` of it are from filters."""
        ids = pack_topics(self._topic_id(name) for name in topics)
        stored = self._db.execute("SELECT topics, quality, points FROM article WHERE id = ?", (article,)).fetchone()
        if stored == (ids, quality, points):
            return
        self._listings.unlist(article)
        # An article without a date is in no story: its heat is its quality.
        self._db.execute(
            "UPDATE article SET topics = :topics, quality = :quality, points = :points, "
            "heat = CASE WHEN published IS NULL THEN :quality ELSE heat END WHERE id = :article",
            {"topics": ids, "quality": quality, "points": points, "article": article},
        )
        self._listings.relist(article)
        if stored[1] != quality:
            self._db.execute(
                "INSERT OR IGNORE INTO republish (story) SELECT story FROM assignment "
                "WHERE article_id = ? AND story <> ?",
                (article, ALONE),
            )

    @raises_store_error
    def source_weights(self) -> dict[int, str]:
        """Return the weight that the articles of each source were labelled with."""
        return dict(self._db.execute("SELECT id, weight FROM source"))

    @raises_store_error
    def set_source_weight(self, source: int, weight: str) -> None:
        """Store the weight that the articles of a source are labelled with."""
        self._db.execute("UPDATE source SET weight = ? WHERE id = ?", (weight, source))

    # -- stories -------------------------------------------------------------

    @raises_store_error
    def assign(self, rows: Iterable[Assigned], apart: Collection[int]) -> None:
        """Store the story and the vector of articles; ``apart`` are the ids of those that no other may join."""
        self._db.executemany(
            _PUT_ASSIGNMENT,
            (
                _AssignmentRow(
                    article_id=article.article,
                    published=article.published,
                    page=article.page,
                    domain=article.domain,
                    story=story,
                    joined=joined,
                    vector=vector,
                    from_source=isinstance(article, SourceArticle),
                    apart=article.article in apart,
                    source_lead=article.lead if isinstance(article, SourceArticle) else 0,
                )
                for article, story, joined, vector in rows
            ),
        )

    @raises_store_error
    def unassign(self, articles: Iterable[int]) -> None:
        """Remove articles from their stories."""
        self._db.executemany("DELETE FROM assignment WHERE article_id = ?", ((article,) for article in articles))

    @raises_store_error
    def merge(self, old: int, new: int, published: int) -> None:
        """Assign the articles of one story to another, because of an article ``published`` at that time.

        Later articles stay: they are still in the stories of an earlier run.
        """
        self._db.execute("UPDATE assignment SET story = ? WHERE story = ? AND published <= ?", (new, old, published))
        self._db.execute("INSERT OR REPLACE INTO merged (old, new, published) VALUES (?, ?, ?)", (old, new, published))

    @raises_store_error
    def undo_merges(self, since: int) -> None:
        """Bring the articles published before ``since`` back to the stories that they were in at that time."""
        if not self._db.execute("DELETE FROM merged WHERE published >= ?", (since,)).rowcount:
            return
        merged = dict(self._db.execute("SELECT old, new FROM merged"))
        rows = self._db.execute(
            "SELECT article_id, story, joined FROM assignment WHERE story <> joined AND published < ?", (since,)
        ).fetchall()
        for article, before, joined in rows:
            story = joined
            while story in merged:
                story = merged[story]
            if story != before:
                self._db.execute("UPDATE assignment SET story = ? WHERE article_id = ?", (story, article))
                self.recluster_since(since, before)
                self.recluster_since(since, story)

    @raises_store_error
    def set_rarity(self, source: int, rarity: int) -> None:
        """Store what stories led by articles of a source get; they are to be published again."""
        self._db.execute("UPDATE source SET rarity = ? WHERE id = ?", (rarity, source))
        self._db.execute(
            "INSERT OR IGNORE INTO republish (story) SELECT p.story FROM article a "
            "JOIN heat_part h ON h.article_id = a.id JOIN assignment p ON p.article_id = a.id "
            "WHERE a.source_id = ? AND a.rated = 1 AND p.story <> ?",
            (source, ALONE),
        )

    @raises_store_error
    def republish_all(self) -> None:
        """Note that the leads and the heat of all stories have to be found again."""
        self._db.execute(
            "INSERT OR IGNORE INTO republish (story) SELECT DISTINCT story FROM assignment WHERE story <> ?", (ALONE,)
        )

    @raises_store_error
    def republish(self, stories: Iterable[int]) -> None:
        """Note that the leads and the heat of these stories have to be found again."""
        self._db.executemany("INSERT OR IGNORE INTO republish (story) VALUES (?)", ((story,) for story in stories))

    @raises_store_error
    def to_republish(self) -> list[int]:
        """Return the stories whose lead or heat has to be found again, those that began last first."""
        rows = self._db.execute(
            "SELECT story FROM republish LEFT JOIN article ON page = story ORDER BY published DESC, story"
        )
        return [row[0] for row in rows]

    @raises_store_error
    def set_published(self, stories: Iterable[int]) -> None:
        """Note that the lead and the heat of these stories are right."""
        self._db.executemany("DELETE FROM republish WHERE story = ?", ((story,) for story in stories))
