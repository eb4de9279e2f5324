"""Reads what is needed to find the articles that are like one: who has a word, and the texts to compare."""

from __future__ import annotations

import sqlite3
from array import array
from collections.abc import Iterable
from typing import NamedTuple

from tui_reader.model.fingerprint import page_id
from tui_reader.model.urls import page_key, safe_url
from tui_reader.storage.connection import storing
from tui_reader.storage.schema import ALL_TOPICS
from tui_reader.storage.search import match_words
from tui_reader.storage.stop_words import stop_words

_AT_ONCE = 500  # values bound to one statement; SQLite's oldest limit is 999


class ArticleText(NamedTuple):
    """What an article says. ``vector`` is empty where none is kept; ``published`` is in seconds since 1970."""

    article: int
    page: int
    title: str
    excerpt: str
    url: str | None
    published: int | None
    vector: bytes


class SimilarReader:
    """Finds articles by address and by words, and gives what they say."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._db = connection

    @storing
    def number_at(self, url: str) -> int | None:
        """Return the number of the article at ``url`` in any of its spellings, one of the sources before others.

        What is no address that may be opened is nobody's.
        """
        safe = safe_url(url)
        if safe is None:
            return None
        row = self._db.execute(
            "SELECT a.id FROM address d JOIN article a ON a.id = d.article_id WHERE d.page = ? "
            "ORDER BY a.own DESC, a.page LIMIT 1",
            (page_id(page_key(safe)),),
        ).fetchone()
        return None if row is None else int(row[0])

    @storing
    def stop_words(self) -> frozenset[str]:
        """Return the words that the vectors leave out."""
        return stop_words(self._db)

    @storing
    def count(self) -> int:
        """Return how many articles there are to compare with."""
        (count,) = self._db.execute(
            "SELECT coalesce(sum(articles), 0) FROM topic_count WHERE topic_id = ?", (ALL_TOPICS,)
        ).fetchone()
        return int(count)

    @storing
    def containing(self, word: str, most: int, *, beginning: bool) -> array[int]:
        """Return the numbers of the articles that have a word, the last of them first, ``most`` at most.

        With ``beginning``, the words that begin so. Letters that SQLite does not know are in no article.
        """
        match = match_words(word if beginning else f'"{word}"')
        if match is None:
            return array("I")
        try:
            found = self._db.execute(
                "SELECT rowid FROM search WHERE search MATCH ? ORDER BY rowid DESC LIMIT ?", (match, most)
            )
            return array("I", [row[0] for row in found])
        except sqlite3.OperationalError as error:
            if str(error).startswith("fts5:"):
                return array("I")
            raise

    @storing
    def texts(self, numbers: Iterable[int]) -> dict[int, ArticleText]:
        """Return what the articles with these ``numbers`` say; those that are gone are left out."""
        wanted = list(dict.fromkeys(numbers))
        found: dict[int, ArticleText] = {}
        for start in range(0, len(wanted), _AT_ONCE):
            part = wanted[start : start + _AT_ONCE]
            rows = self._db.execute(
                "SELECT a.id, a.page, a.title, a.excerpt, coalesce(web_url, original_url, amp_url, cdn_amp_url), "
                "a.published, coalesce(p.vector, x'') FROM article a LEFT JOIN place p ON p.article_id = a.id "
                f"WHERE a.id IN ({','.join('?' * len(part))})",
                part,
            )
            found.update((row[0], ArticleText(*row)) for row in rows)
        return found
