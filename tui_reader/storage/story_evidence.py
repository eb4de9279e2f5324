"""Reads what a story that is made here rests on: its articles, the topics in force, what the person corrected."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection
from typing import NamedTuple

from tui_reader.model.topic import Topic
from tui_reader.storage.connection import storing
from tui_reader.storage.schema import ALONE
from tui_reader.storage.stop_words import stop_words


class Correction(NamedTuple):
    """What the person said of two pages: that they tell one story, or that they do not."""

    one: int
    other: int
    together: bool


class StoryMember(NamedTuple):
    """An article of a story; ``published`` is in seconds since 1970. If it is ``given``, its source keeps it there."""

    published: int
    page: int
    from_source: bool = False


class StoryEvidence:
    """Answers what stories were made of; needs the marks attached, writes nothing."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._db = connection

    @storing
    def root_topic(self, article: int) -> str | None:
        """Return the root topic of the site of a rated article (often empty); ``None`` where its source rates."""
        row = self._db.execute(
            "SELECT coalesce(s.root_topic, '') FROM article a LEFT JOIN source s ON s.id = a.source_id "
            "WHERE a.id = ? AND a.rated = 1",
            (article,),
        ).fetchone()
        return None if row is None else str(row[0])

    @storing
    def joined(self, article: int) -> int:
        """Return how many articles were put behind those that the source of a story lists."""
        row = self._db.execute("SELECT articles FROM joined WHERE article_id = ?", (article,)).fetchone()
        return 0 if row is None else int(row[0])

    @storing
    def stop_words(self) -> frozenset[str]:
        """Return the words that are left out where articles are compared."""
        return stop_words(self._db)

    @storing
    def topics(self) -> list[Topic]:
        """Return all topics that are defined, the person's own first: they come from no source."""
        rows = self._db.execute(
            "SELECT name, parent, shortname, identifier, description, keywords, excluded FROM definition d "
            "LEFT JOIN source s ON s.id = d.source_id ORDER BY s.position, d.position"
        )
        return [Topic._make((*row[:5], tuple(json.loads(row[5])), tuple(json.loads(row[6])))) for row in rows]

    @storing
    def members(self, page: int) -> list[StoryMember]:
        """Return the articles of the story of ``page``, in order of time.

        Empty where nothing made here can be in it: its source says what belongs together, or there is no date.
        """
        rows = self._db.execute(
            "SELECT published, page, given FROM place WHERE story = "
            "(SELECT p.story FROM article a JOIN place p ON p.article_id = a.id WHERE a.page = ?) AND story <> ? "
            "ORDER BY published, page",
            (page, ALONE),
        )
        return [StoryMember(published, page, bool(given)) for published, page, given in rows]

    @storing
    def corrections(self, pages: Collection[int]) -> list[Correction]:
        """Return what the person said of any two of ``pages``."""
        among = json.dumps(list(pages))
        rows = self._db.execute(
            "SELECT one, other, together FROM marks.correction WHERE one IN (SELECT value FROM json_each(:pages)) "
            "AND other IN (SELECT value FROM json_each(:pages)) ORDER BY one, other",
            {"pages": among},
        )
        return [Correction(one, other, bool(together)) for one, other, together in rows]
