"""Reads what clustering works on: rated articles, articles in stories, topics and stop words."""

from __future__ import annotations

import json
import sqlite3
from array import array
from collections.abc import Collection, Iterable, Iterator, Sequence

from tui_reader.model.domains import OWN
from tui_reader.model.topic import Topic
from tui_reader.named_tuple import NamedTuple
from tui_reader.storage.clustered_days import MAY_BE_JOINED
from tui_reader.storage.errors import raises_store_error
from tui_reader.storage.schema import ALL_TOPICS
from tui_reader.storage.stop_words import stop_words
from tui_reader.storage.topics import defined_topics


class LabelledArticle(NamedTuple):
    """An article that the indexer rates, as its labels depend on it."""

    article: int
    page: int
    published: int | None
    title: str
    excerpt: str
    provider: str
    domain: str
    image: bool
    amp: bool
    source_topics: tuple[str, ...]
    source: int


class RatedArticle(NamedTuple):
    """An article that the indexer rates.

    ``story`` and ``joined`` are 0 and ``vector`` is empty until it is assigned
    to a story. It was put in ``joined`` first, which was merged into ``story``.
    """

    article: int
    page: int
    published: int
    domain: str
    story: int
    joined: int
    vector: bytes


class SourceArticle(NamedTuple):
    """An article that its source rates.

    ``lead`` is the page of the lead that its source lists it under.
    ``wanted`` is the story that it belongs to therefore, named by that page;
    ``story`` the one that it is assigned to now, 0 for none, and
    ``lead_before`` the lead at that time. Either story may be
    :data:`~tui_reader.storage.schema.ALONE`: no other article may join it.
    ``vector`` is empty until the article is assigned to a story.
    """

    article: int
    page: int
    published: int
    title: str
    excerpt: str
    domain: str
    lead: int
    wanted: int
    story: int
    lead_before: int
    vector: bytes


class ClusteredArticle(NamedTuple):
    """An article that keeps its story."""

    page: int
    published: int
    domain: str
    vector: bytes
    story: int


class SourceRate(NamedTuple):
    """How much a source publishes.

    ``articles`` counts those from its last days, ``span`` are the seconds from
    its first article to its newest one; ``rarity`` are the points that it has.
    """

    source: int
    rarity: int
    articles: int
    span: int


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
    lead_before: int
    vector: bytes
    mentioners: bytes | None
    merged_under: int | None


_CLUSTERED = ", ".join(ClusteredArticle._fields)
_TEXTS = 500  # articles whose texts are read at once
# The columns are those of LabelledArticle.
_LABELLED = """
    SELECT id, page, published, title, excerpt, provider, domain, images IS NOT NULL, amp_url IS NOT NULL,
           source_topics, source_id
    FROM article WHERE indexed = 1 AND rated = 1
"""
# The columns are those of RatedArticle. A collection on the disk has articles of
# its own: those without a domain, and those on its own website.
_RATED = f"""
    SELECT a.id, a.page, a.published,
           CASE WHEN s.location LIKE 'http%' THEN a.domain
                WHEN a.domain = '' THEN '{OWN}' || s.id || ':' || a.provider
                WHEN instr(replace(s.page, '://www.', '://') || '/', '://' || a.domain || '/') THEN '{OWN}' || s.id
                ELSE a.domain END,
           coalesce(p.story, 0), coalesce(p.joined, 0), coalesce(p.vector, x'')
    FROM article a JOIN source s ON s.id = a.source_id LEFT JOIN assignment p ON p.article_id = a.id
    WHERE a.indexed = 1 AND a.rated = 1 AND a.published >= ? ORDER BY a.published, a.page
"""
# The columns are those of _SourceRow; the heat is that of the source, without the coverage added to it.
_FROM_SOURCE = """
    SELECT a.id, a.page, a.published, a.title, a.excerpt, a.domain, a.shown,
           coalesce(a.heat, 0) - coalesce(c.heat, 0), coalesce(p.story, 0), coalesce(p.source_lead, 0),
           coalesce(p.vector, x''), m.articles, f.lead_id
    FROM listing l INDEXED BY by_newest
    JOIN article a ON a.id = l.article_id
    LEFT JOIN assignment p ON p.article_id = a.id
    LEFT JOIN added_coverage c ON c.article_id = a.id
    LEFT JOIN mention m ON m.target_id = a.id AND a.shown = 0
    LEFT JOIN folded f ON f.article_id = a.id
    WHERE l.topic_id = ? AND l.published >= ? AND a.rated = 0 ORDER BY a.published, a.page
"""


def _labelled(row: Sequence[object]) -> LabelledArticle:
    article = LabelledArticle._make(row)
    return article._replace(source_topics=tuple(json.loads(str(article.source_topics))))


class ClusterReader:
    """Reads the articles of an index for clustering."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._db = connection

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
    def topics(self) -> list[Topic]:
        """Return all topic definitions, those of the user first."""
        return defined_topics(self._db)

    # -- rated articles --------------------------------------------------------

    @raises_store_error
    def rated(self, sources: Collection[int] | None = None) -> list[LabelledArticle]:
        """Return all rated articles, or those of ``sources``."""
        condition = "" if sources is None else " AND source_id IN (SELECT value FROM json_each(?))"
        values = () if sources is None else (json.dumps(list(sources)),)
        return [_labelled(row) for row in self._db.execute(f"{_LABELLED}{condition} ORDER BY id", values)]

    @raises_store_error
    def rated_among(self, articles: Collection[int]) -> list[LabelledArticle]:
        """Return those of ``articles`` that are rated here."""
        condition = " AND id IN (SELECT value FROM json_each(?))"
        return [_labelled(row) for row in self._db.execute(_LABELLED + condition, (json.dumps(list(articles)),))]

    @raises_store_error
    def points(self) -> dict[int, int]:
        """Return the points that filters have added to the quality of articles, by id."""
        return dict(self._db.execute("SELECT id, points FROM article INDEXED BY article_points WHERE points <> 0"))

    @raises_store_error
    def rated_since(self, since: int) -> list[RatedArticle]:
        """Return the rated articles published at or after ``since``, by date and page."""
        return [RatedArticle._make(row) for row in self._db.execute(_RATED, (since,))]

    def texts(self, articles: Sequence[int]) -> Iterator[tuple[str, str]]:
        """Yield title and excerpt of each of ``articles``, in their order. Raises :class:`StoreError`."""
        for start in range(0, len(articles), _TEXTS):
            some = articles[start : start + _TEXTS]
            found = self._texts(some)
            yield from (found[article] for article in some)

    @raises_store_error
    def _texts(self, articles: Sequence[int]) -> dict[int, tuple[str, str]]:
        rows = self._db.execute(
            "SELECT id, title, excerpt FROM article WHERE id IN (SELECT value FROM json_each(?))",
            (json.dumps(articles),),
        )
        return {article: (title, excerpt) for article, title, excerpt in rows}

    @raises_store_error
    def earliest(self, pages: Iterable[int]) -> int | None:
        """Return the date of the earliest rated article among these pages, or ``None``."""
        row = self._db.execute(
            "SELECT min(published) FROM article WHERE rated = 1 AND page IN (SELECT value FROM json_each(?))",
            (json.dumps(list(pages)),),
        ).fetchone()
        return None if row[0] is None else int(row[0])

    @raises_store_error
    def has_work(self) -> bool:
        """Return whether there are articles to cluster, or stories left of articles that are gone."""
        row = self._db.execute(
            "SELECT EXISTS (SELECT 1 FROM article WHERE rated = 1) OR EXISTS (SELECT 1 FROM assignment) "
            "OR EXISTS (SELECT 1 FROM recluster)"
        ).fetchone()
        return bool(row[0])

    @raises_store_error
    def earliest_rated(self) -> int | None:
        """Return the date of the earliest rated article, or ``None`` if there is none."""
        (published,) = self._db.execute("SELECT min(published) FROM article WHERE rated = 1").fetchone()
        return None if published is None else int(published)

    # -- articles in stories -----------------------------------------------------

    @raises_store_error
    def clustered(self, since: int, until: int) -> list[ClusteredArticle]:
        """Return the articles published from ``since`` to before ``until`` that have a story, by date and page.

        Those that others may not join are left out.
        """
        rows = self._db.execute(
            f"SELECT {_CLUSTERED} FROM assignment WHERE {MAY_BE_JOINED} ORDER BY published, page", (since, until)
        )
        return [ClusteredArticle(*row) for row in rows]

    @raises_store_error
    def clustered_by_id(self, articles: Collection[int]) -> dict[int, ClusteredArticle]:
        """Return articles that have a story by their ids."""
        rows = self._db.execute(
            f"SELECT article_id, {_CLUSTERED} FROM assignment WHERE article_id IN (SELECT value FROM json_each(?))",
            (json.dumps(list(articles)),),
        )
        return {article: ClusteredArticle(*row) for article, *row in rows}

    @raises_store_error
    def clustered_in(self, story: int, since: int, until: int) -> dict[int, ClusteredArticle]:
        """Return the articles of a story that :meth:`clustered` returns, by their ids."""
        rows = self._db.execute(
            f"SELECT article_id, {_CLUSTERED} FROM assignment INDEXED BY assignment_story "
            f"WHERE story = ? AND {MAY_BE_JOINED} ORDER BY published, page",
            (story, since, until),
        )
        return {article: ClusteredArticle(*row) for article, *row in rows}

    @raises_store_error
    def stories_of(self, pages: Collection[int], since: int, until: int) -> dict[int, int]:
        """Return the stories of those of ``pages`` that :meth:`clustered` returns."""
        rows = self._db.execute(
            f"SELECT page, story FROM assignment WHERE {MAY_BE_JOINED} AND article_id IN "
            "(SELECT id FROM article WHERE page IN (SELECT value FROM json_each(?)))",
            (since, until, json.dumps(list(pages))),
        )
        return dict(rows.fetchall())

    @raises_store_error
    def source_rates(self, seconds: int) -> list[SourceRate]:
        """Return how much each source published in the ``seconds`` before its newest article."""
        dates = "FROM article WHERE source_id = s.id AND rated = 1 AND published"
        ends = f"(SELECT min(published) {dates} NOTNULL) AS oldest, (SELECT max(published) {dates} NOTNULL) AS newest"
        rows = self._db.execute(
            f"SELECT id, rarity, (SELECT count(*) {dates} > newest - ?), newest - oldest "
            f"FROM (SELECT s.id, s.rarity, {ends} FROM source s) s WHERE newest NOTNULL",
            (seconds,),
        )
        return [SourceRate(*row) for row in rows]

    # -- sources that are kept apart -----------------------------------------------

    @raises_store_error
    def articles_of(self, locations: Collection[str]) -> frozenset[int]:
        """Return the ids of the articles that any of these sources has."""
        rows = self._db.execute(
            "SELECT f.article_id FROM source s JOIN file f ON f.source_id = s.id AND f.article_id IS NOT NULL "
            "WHERE s.location IN (SELECT value FROM json_each(?))",
            (json.dumps(sorted(locations)),),
        )
        return frozenset(row[0] for row in rows)

    @raises_store_error
    def kept_apart(self) -> frozenset[int]:
        """Return the ids of the articles that were kept apart when they got their story."""
        return frozenset(row[0] for row in self._db.execute("SELECT article_id FROM assignment WHERE apart = 1"))

    # -- stories from sources ------------------------------------------------

    @raises_store_error
    def from_source(self, since: int) -> list[SourceArticle]:
        """Return the articles published at or after ``since`` that their source assigns a story, by date and page."""
        if not self._db.execute("SELECT EXISTS (SELECT 1 FROM file WHERE rated = 0)").fetchone()[0]:
            return []
        rows = [_SourceRow._make(row) for row in self._db.execute(_FROM_SOURCE, (ALL_TOPICS, since))]
        leads = {row.article: (row.heat, -row.page) for row in rows if row.shown}
        found = []
        for row in rows:
            # If several leads list a folded article, the hottest one has it, unless the user merged it with another.
            mentioners = array("I", row.mentioners or b"") if row.merged_under is None else (row.merged_under,)
            listed_by = [leads[number] for number in mentioners if number in leads]
            if row.shown or listed_by:
                lead = row.page if row.shown else -max(listed_by)[1]
                found.append(
                    SourceArticle(
                        article=row.article,
                        page=row.page,
                        published=row.published,
                        title=row.title,
                        excerpt=row.excerpt,
                        domain=row.domain,
                        lead=lead,
                        wanted=lead,
                        story=row.story,
                        lead_before=row.lead_before,
                        vector=row.vector,
                    )
                )
        return found

    @raises_store_error
    def obsolete(self, kept: Collection[int]) -> list[tuple[int, int, int]]:
        """Return article, date and story of the assignments that came from a source, except for articles ``kept``."""
        rows = self._db.execute("SELECT article_id, published, story FROM assignment WHERE from_source = 1")
        return [row for row in rows if row[0] not in kept]
