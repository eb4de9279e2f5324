"""From the words a person types to SQLite's full-text query."""

from __future__ import annotations

import re

_WORD = re.compile(r"[^\W_]+", re.UNICODE)
_PARTS = re.compile(r'(-?)(?:"([^"]*)"?|(\S+))')


def match_words(text: str) -> str | None:
    """Return the FTS5 query for what was typed so far, or ``None`` where it holds no word.

    All words must occur, each as the beginning of a word; a word with ``-``
    in front must not. What stands in quotes is taken as whole words. Nothing
    of FTS5's own syntax gets through.
    """
    wanted: list[str] = []
    unwanted: list[str] = []
    for minus, quoted, plain in _PARTS.findall(text):
        words = _WORD.findall(quoted or plain)
        if not words:
            continue
        if quoted:
            terms = [f'"{word}"' for word in words]
        else:
            terms = [f'"{word}"*' for word in words]
        (unwanted if minus else wanted).append(" AND ".join(terms))
    if not wanted:
        return None
    query = " AND ".join(f"({terms})" for terms in wanted)
    for terms in unwanted:
        query = f"({query}) NOT ({terms})"
    return query
