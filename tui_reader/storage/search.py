"""Translates words and phrases to full-text queries of SQLite."""

from __future__ import annotations

import re
import unicodedata
from functools import cache

from tui_reader.model.words import SCRIPTS_WITHOUT_SPACES, WORD

# SQLite ignores accents that do not combine with their letter into one character.
_ACCENTS = re.compile("[\u0300-\u036f]")
_MAX_WORDS = 40  # far more than anyone types, and below SQLite's limit for the depth of a query


@cache
def _unspaced() -> re.Pattern[str]:
    return re.compile(f"([{SCRIPTS_WITHOUT_SPACES}])")  # takes 4 ms, so it waits for the first text that needs it


def searchable(text: str) -> str:
    """Return a text as the search index takes it: each character of a script without spaces is a word.

    So what is found in them is a part of the text, wherever it begins and ends.
    """
    if text.isascii():
        return text
    return _unspaced().sub(r" \1 ", text)


def match_queries(text: str, *, phrase: bool) -> list[str]:
    """Return the FTS5 queries for ``text``, all of which must match; none if it has no word.

    Each word is the beginning of a word, or as a ``phrase`` they are whole words, one after the
    other. The syntax of FTS5 itself has no effect.
    """
    plain = _ACCENTS.sub("", unicodedata.normalize("NFC", text))
    spaced = searchable(plain)
    words = WORD.findall(spaced)[:_MAX_WORDS]
    if not words:
        return []
    if phrase:
        return [f'"{" ".join(words)}"']
    if spaced != plain:
        return [f'"{" ".join(words)}"{"" if _unspaced().fullmatch(words[-1]) else "*"}']
    return [f'"{word}"*' for word in words]
