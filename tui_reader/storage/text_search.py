"""Finds the articles that have words and phrases in their titles, excerpts, providers, bodies and full texts."""

from __future__ import annotations

import sqlite3
from array import array
from collections.abc import Mapping, Sequence
from itertools import compress

from tui_reader.model.expression import Text
from tui_reader.named_tuple import NamedTuple
from tui_reader.storage.article_sets import found_by_text
from tui_reader.storage.read_articles import largest_id
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

    def shorter(self) -> _Word | None:
        """Return the beginning of a word without its last letter, if all is found for it that is found for the word."""
        if not self.query.endswith('"*'):
            return None
        shorter = self._replace(query=f'{self.query[:-3]}"*')
        # In texts, three letters are a whole word.
        pairs = zip(self.queries().values(), shorter.queries().values(), strict=True)
        return shorter if all(one.endswith("*") == other.endswith("*") for one, other in pairs) else None

    def queries(self) -> dict[str, str]:
        """Return what each of the indexes is asked for the word, by its table."""
        columns, is_in_text = _COLUMNS[self.field]
        in_text = {"text_search": _query_of_texts(self.query)} if is_in_text else {}
        return {"search": f"{columns}{self.query}", **in_text}


class _Found(NamedTuple):
    """The set of the articles that have a word, and how many each index has.

    ``is_steady`` says that as many had it before its last letter was typed.
    """

    articles: int
    counts: tuple[int, ...]
    is_steady: bool


class TextSearch:
    """Searches the full-text indexes. The connection must not write to the index.

    What was found for a word is kept until the index changes, so that a query
    to which a word is added is answered from what is known. So is one with a
    letter more, if as many articles have it: that is looked at once a letter
    made no difference. A set of articles is an integer with a byte for each
    id, 1 for those in it.
    """

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._db = connection
        self._version = -1
        self._size = 0
        self._known: dict[_Word, _Found] = {}

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
            found = self._find(word)
            if len(self._known) >= _MOST_KNOWN:
                self._known.pop(next(iter(self._known)))
            self._known[word] = found
        return self._known[word].articles

    def _find(self, word: _Word) -> _Found:
        shorter = word.shorter()
        before = None if shorter is None else self._known.get(shorter)
        queries = word.queries()
        if before is not None and before.is_steady and self._has_counts(queries, before.counts):
            return before
        found, counts = 0, []
        for table, query in queries.items():
            articles = found_by_text(self._db, table, query, self._size)
            found |= articles
            counts.append(articles.bit_count())
        is_steady = before is not None and before.counts == tuple(counts)
        return _Found(found, tuple(counts), is_steady)

    def _has_counts(self, queries: Mapping[str, str], counts: Sequence[int]) -> bool:
        """Return whether each index has so many articles, in half of the time that it takes to read which."""
        return all(
            self._db.execute(f"SELECT count(*) FROM {table} WHERE {table} MATCH ?", (query,)).fetchone() == (count,)
            for (table, query), count in zip(queries.items(), counts, strict=True)
        )


def _query_of_texts(query: str) -> str:
    """Return what to look for in bodies and full texts: there, up to three letters are a whole word."""
    return query.removesuffix("*") if query.endswith('"*') and len(query) - 3 < _LEAST_BEGINNING else query
