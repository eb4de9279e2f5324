"""From the words a person types to SQLite's full-text query."""

from __future__ import annotations

import re
import unicodedata

_WORD = re.compile(r"[^\W_]+", re.UNICODE)
_PARTS = re.compile(r'(-?)(?:"([^"]*)"?|(\S+))')
# Accents that make no letter with what they stand on: SQLite sets them aside.
_ACCENTS = re.compile("[\u0300-\u036f]")
_WORDS = 40  # SQLite's limit for the depth of a query is above that, a person's far below


def match_words(text: str) -> str | None:
    """Return the FTS5 query for what was typed so far, or ``None`` where it holds no word.

    All words must occur, each as the beginning of a word; a word with ``-``
    in front must not. What stands in quotes is taken as whole words. Nothing
    of FTS5's own syntax gets through.
    """
    wanted: list[str] = []
    unwanted: list[str] = []
    for minus, quoted, plain in _PARTS.findall(_ACCENTS.sub("", unicodedata.normalize("NFC", text))):
        end = "" if quoted else "*"
        terms = " AND ".join(f'"{word}"{end}' for word in _WORD.findall(quoted or plain)[:_WORDS])
        if terms:
            (unwanted if minus else wanted).append(f"({terms})")
    if not wanted:
        return None
    query = " AND ".join(wanted[:_WORDS])
    return f"({query}) NOT ({' OR '.join(unwanted[:_WORDS])})" if unwanted else query
