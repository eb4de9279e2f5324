"""Finds the articles that have words and phrases in their titles, excerpts, providers, bodies and full texts."""

from __future__ import annotations

import sqlite3
from array import array
from collections.abc import Sequence
from itertools import compress

from tui_reader.model.expression import Text
from tui_reader.named_tuple import NamedTuple
from tui_reader.storage.read_articles import flags, id_array, largest_id
from tui_reader.storage.search import match_queries
from tui_reader.storage.versions import other_versions

_MOST_KNOWN = 32  # sets that are kept; each takes a byte for each article
_LEAST_BEGINNING = 4  # letters; nearly every body has words with a shorter one
# Of each field: the columns of `search` that belong to it (all if there are none), and whether the text does.
_COLUMNS = {
    "": ("", True),
    "title": ("title : ", False),
    "provider": ("provider : ", False),
    "text": ("excerpt : ", True),
}


class _Word(NamedTuple):
    """A word or phrase of a term, as an FTS5 query."""

    query: str
    field: str


class TextSearch:
    """Searches the full-text indexes. The connection must not write to the index.

    What was found for a word is kept until the index changes, so that a query
    to which a word is added is answered from what is known. A set of articles
    is an integer with a byte for each id, 1 for those in it.
    """

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._db = connection
        self._version = -1
        self._size = 0
        self._known: dict[_Word, int] = {}

    def articles(self, terms: Sequence[Text]) -> array[int]:
        """Return the articles, by rising id, in which all ``terms`` occur."""
        found = self.members(terms)
        return array("I", compress(range(self._size), found.to_bytes(self._size, "little")))

    def members(self, terms: Sequence[Text]) -> int:
        """Return the set of the articles in which all ``terms`` occur."""
        version, _ = other_versions(self._db)
        size = largest_id(self._db) + 1
        if (version, size) != (self._version, self._size):
            self._known, self._version, self._size = {}, version, size
        words: dict[_Word, None] = {}
        for term in terms:
            queries = match_queries(term.text, phrase=term.phrase)
            if not queries and not term.field:
                continue  # nothing but punctuation, beside words
            if not queries:
                return 0
            words |= dict.fromkeys(_Word(query, term.field) for query in queries)
        found = -1 if words else 0
        for word in words:
            found &= self._with_word(word)
            if not found:
                break
        return found

    def _with_word(self, word: _Word) -> int:
        """Return the articles that have a word in one of the texts of its field."""
        if word not in self._known:
            columns, is_in_text = _COLUMNS[word.field]
            found = self._matching("search", f"{columns}{word.query}")
            if is_in_text:
                found |= self._matching("text_search", _query_of_texts(word.query))
            if len(self._known) >= _MOST_KNOWN:
                self._known.pop(next(iter(self._known)))
            self._known[word] = found
        return self._known[word]

    def _matching(self, table: str, query: str) -> int:
        ids = id_array(self._db, f"SELECT group_concat(rowid) FROM {table} WHERE {table} MATCH ?", query)
        return int.from_bytes(flags(ids, self._size - 1), "little")


def _query_of_texts(query: str) -> str:
    """Return what to look for in bodies and full texts: there, up to three letters are a whole word."""
    return query.removesuffix("*") if query.endswith('"*') and len(query) - 3 < _LEAST_BEGINNING else query
