"""Reads what the search for similar articles needs: articles by address and by word, and their texts."""

from __future__ import annotations

import sqlite3
from array import array
from collections.abc import Iterable

from tui_reader.named_tuple import NamedTuple
from tui_reader.storage.errors import raises_store_error
from tui_reader.storage.schema import ALL_TOPICS
from tui_reader.storage.statements import select_by_id
from tui_reader.storage.stop_words import stop_words
from tui_reader.storage.story_reader import article_at

# The columns are those of ArticleText.
_TEXTS = """
    SELECT a.id, a.page, a.title, a.excerpt, coalesce(web_url, original_url, amp_url, cdn_amp_url),
           a.published, coalesce(p.vector, x'')
    FROM article a LEFT JOIN assignment p ON p.article_id = a.id WHERE a.id IN ({ids})
"""


class ArticleText(NamedTuple):
    """The text of an article. ``vector`` is empty if none is stored; ``published`` is in seconds since 1970."""

    article: int
    page: int
    title: str
    excerpt: str
    url: str | None
    published: int | None
    vector: bytes


class SimilarReader:
    """Finds articles by address and by word, and returns their texts."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._db = connection

    @raises_store_error
    def article_at(self, url: str) -> int | None:
        """Return the id of the article at ``url`` or another spelling of it, preferring indexed articles.

        Return ``None`` if there is none, or if ``url`` is not safe to open.
        """
        return article_at(self._db, url)

    @raises_store_error
    def stop_words(self) -> frozenset[str]:
        """Return the words that the stored vectors leave out."""
        return stop_words(self._db)

    @raises_store_error
    def count(self) -> int:
        """Return the number of indexed articles."""
        (count,) = self._db.execute(
            "SELECT coalesce(sum(articles), 0) FROM topic_count WHERE topic_id = ?", (ALL_TOPICS,)
        ).fetchone()
        return int(count)

    @raises_store_error
    def containing(self, word: str, limit: int, *, prefix: bool) -> array[int]:
        """Return the ids of at most ``limit`` articles that contain ``word``, the greatest first.

        With ``prefix``, articles with words that begin with ``word``.
        """
        from tui_reader.storage.search import match_queries  # not before the first picture

        queries = match_queries(word, phrase=not prefix)
        if not queries:
            return array("I")
        found = self._db.execute(
            "SELECT rowid FROM search WHERE search MATCH ? ORDER BY rowid DESC LIMIT ?", (" AND ".join(queries), limit)
        )
        return array("I", [row[0] for row in found])

    @raises_store_error
    def texts(self, ids: Iterable[int]) -> dict[int, ArticleText]:
        """Return the texts of the articles with these ``ids``, except for those that no longer exist."""
        wanted = list(dict.fromkeys(ids))
        return {row[0]: ArticleText(*row) for row in select_by_id(self._db, _TEXTS, wanted)}
