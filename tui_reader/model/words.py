"""The words of a text in any script, to count and compare them."""

from __future__ import annotations

import re
from functools import cache

SCRIPTS_WITHOUT_SPACES = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\uff66-\uff9f\U00020000-\U0003ffff"
)
"""The characters of scripts without spaces, for a class of a regular expression."""

WORD = re.compile(r"[^\W_]+")
"""A word of a text, as far as a search tells words apart."""

# Scripts without spaces: a Chinese or Japanese character counts as a word, four of Thai, Lao, Burmese and Khmer do.
_WORD = (
    "[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]|[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff]{1,4}"
    r"|[^\W\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff]+"
)


@cache
def _word() -> re.Pattern[str]:
    return re.compile(_WORD)  # takes 4 ms, so it waits for the first text


def words_of(text: str) -> list[str]:
    """Return the words of a text, without what is between them."""
    return _word().findall(text)


def count_words(text: str) -> int:
    """Return the number of words of a text, which may be Markdown."""
    return len(words_of(text))
