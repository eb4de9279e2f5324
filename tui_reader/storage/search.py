"""Translates what is typed into the search to a full-text query of SQLite."""

from __future__ import annotations

import re
import sqlite3
import unicodedata

_WORD = re.compile(r"[^\W_]+", re.UNICODE)
_TERMS = re.compile(r'(-?)(?:"([^"]*)"?|(\S+))')
# SQLite ignores accents that do not combine with their letter into one character.
_ACCENTS = re.compile("[\u0300-\u036f]")
_MAX_WORDS = 40  # far more than anyone types, and below SQLite's limit for the depth of a query


def match_query(text: str) -> str | None:
    """Return the FTS5 query for ``text``, or ``None`` if it has no word.

    All words must occur, each as the beginning of a word; a word after ``-``
    must not occur. Words in quotes are whole words. The syntax of FTS5 itself
    has no effect.
    """
    required: list[str] = []
    excluded: list[str] = []
    for minus, quoted, plain in _TERMS.findall(_ACCENTS.sub("", unicodedata.normalize("NFC", text))):
        suffix = "" if quoted else "*"
        terms = " AND ".join(f'"{word}"{suffix}' for word in _WORD.findall(quoted or plain)[:_MAX_WORDS])
        if terms:
            (excluded if minus else required).append(f"({terms})")
    if not required:
        return None
    query = " AND ".join(required[:_MAX_WORDS])
    return f"({query}) NOT ({' OR '.join(excluded[:_MAX_WORDS])})" if excluded else query


def is_valid_query(connection: sqlite3.Connection, match: str) -> bool:
    """Whether SQLite accepts a query of :func:`match_query`.

    SQLite may know fewer letters than Python, which makes two words of one.
    """
    try:
        connection.execute("SELECT 1 FROM search WHERE search MATCH ? LIMIT 1", (match,)).fetchone()
    except sqlite3.OperationalError as error:
        if is_query_error(error):
            return False
        raise
    return True


def is_query_error(error: sqlite3.OperationalError) -> bool:
    """Whether SQLite did not accept a full-text query."""
    return str(error).startswith("fts5:")
