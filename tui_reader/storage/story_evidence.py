"""Reads what a clustered story is based on: its articles, the topics and the user's corrections."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection

from tui_reader.model.heat_parts import HeatParts
from tui_reader.model.topic import Topic
from tui_reader.model.weights import Weight
from tui_reader.named_tuple import NamedTuple
from tui_reader.storage.errors import raises_store_error
from tui_reader.storage.schema import ALONE
from tui_reader.storage.stop_words import stop_words
from tui_reader.storage.topics import defined_topics


class Correction(NamedTuple):
    """Two pages that the user merged into one story (``together``) or split."""

    one: int
    other: int
    together: bool


class StoryMember(NamedTuple):
    """An article of a story.

    ``published`` is in seconds since 1970. ``from_source`` is true if its
    source assigned the article to the story.
    """

    published: int
    page: int
    from_source: bool = False


class SourceSays(NamedTuple):
    """How a source lists an article: as a story or folded, and the related articles as in the index."""

    shown: bool
    heat: int | None
    related: bytes

    @property
    def articles(self) -> int:
        """The number of related articles."""
        return len(self.related) // 4


class StoryEvidence:
    """Reads what stories were made from; needs the marks attached."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._db = connection

    @raises_store_error
    def root_topic(self, article: int) -> str | None:
        """Return the root topic, often empty, of a rated article's site; ``None`` if its source rates the article."""
        row = self._db.execute(
            "SELECT coalesce(s.root_topic, '') FROM article a LEFT JOIN source s ON s.id = a.source_id "
            "WHERE a.id = ? AND a.rated = 1",
            (article,),
        ).fetchone()
        return None if row is None else str(row[0])

    @raises_store_error
    def source_weight(self, article: int) -> Weight:
        """Return the weight that the source of an article has in the index."""
        row = self._db.execute(
            "SELECT s.weight FROM article a JOIN source s ON s.id = a.source_id WHERE a.id = ?", (article,)
        ).fetchone()
        return Weight.NORMAL if row is None else Weight(row[0])

    @raises_store_error
    def points(self, article: int) -> int:
        """Return what filters have added to the quality of an article."""
        row = self._db.execute("SELECT points FROM article WHERE id = ?", (article,)).fetchone()
        return 0 if row is None else int(row[0])

    @raises_store_error
    def heat_parts(self, article: int) -> HeatParts | None:
        """Return the parts of the heat of a lead that were added here, or ``None`` if there are none."""
        row = self._db.execute(
            f"SELECT {', '.join(HeatParts._fields)} FROM heat_part WHERE article_id = ?", (article,)
        ).fetchone()
        return None if row is None else HeatParts(*row)

    @raises_store_error
    def added_coverage(self, article: int) -> int:
        """Return how many articles were appended to those that the source of a story lists."""
        row = self._db.execute("SELECT articles FROM added_coverage WHERE article_id = ?", (article,)).fetchone()
        return 0 if row is None else int(row[0])

    @raises_store_error
    def source(self, article: int) -> str | None:
        """Return the location of the source that an article was read from."""
        row = self._db.execute(
            "SELECT s.location FROM article a JOIN source s ON s.id = a.source_id WHERE a.id = ?", (article,)
        ).fetchone()
        return None if row is None else str(row[0])

    @raises_store_error
    def source_says(self, article: int) -> SourceSays | None:
        """Return what the source says of an article that the user corrected; ``None`` if it is listed like that."""
        row = self._db.execute("SELECT shown, heat, related FROM corrected WHERE article_id = ?", (article,)).fetchone()
        return None if row is None else SourceSays(bool(row[0]), row[1], row[2] or b"")

    @raises_store_error
    def stop_words(self) -> frozenset[str]:
        """Return the words that comparisons of articles leave out."""
        return stop_words(self._db)

    @raises_store_error
    def topics(self) -> list[Topic]:
        """Return all topic definitions, those of the user first."""
        return defined_topics(self._db)

    @raises_store_error
    def members(self, page: int) -> list[StoryMember]:
        """Return the articles of the story that ``page`` belongs to, by date.

        Return none if the article has no date, or if its source alone decides what belongs together.
        """
        rows = self._db.execute(
            "SELECT published, page, from_source FROM assignment WHERE story = "
            "(SELECT p.story FROM article a JOIN assignment p ON p.article_id = a.id WHERE a.page = ?) AND story <> ? "
            "ORDER BY published, page",
            (page, ALONE),
        )
        return [StoryMember(published, page, bool(from_source)) for published, page, from_source in rows]

    @raises_store_error
    def corrections(self, pages: Collection[int]) -> list[Correction]:
        """Return the user's corrections of any two of ``pages``."""
        rows = self._db.execute(
            "SELECT one, other, together FROM marks.correction WHERE one IN (SELECT value FROM json_each(:pages)) "
            "AND other IN (SELECT value FROM json_each(:pages)) ORDER BY one, other",
            {"pages": json.dumps(list(pages))},
        )
        return [Correction(one, other, bool(together)) for one, other, together in rows]
