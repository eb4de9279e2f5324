"""Finds the articles that have words and phrases in their texts."""

from __future__ import annotations

import re
import sqlite3
from array import array
from collections.abc import Sequence

from tui_reader.model.expression import WORD, Text
from tui_reader.storage.read_articles import id_array
from tui_reader.storage.search import is_valid_query, match_query
from tui_reader.storage.statements import select_by_id
from tui_reader.storage.versions import other_versions


class TextSearch:
    """Searches the full-text indexes. The connection must not write to the index."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._db = connection
        # The articles with a full text, and the version of the index.
        self._full: tuple[int, frozenset[int]] = (-1, frozenset())

    def articles(self, terms: Sequence[Text]) -> array[int]:
        """Return the articles, by rising id, in which all ``terms`` occur."""
        match = match_query(" ".join(f'"{term.text}"' if term.phrase else term.text for term in terms))
        if match is None or not is_valid_query(self._db, match):
            return array("I")
        # SQLite finds them by rising id, so that they need not be sorted.
        found = id_array(
            self._db,
            "SELECT group_concat(rowid) FROM (SELECT rowid FROM search WHERE search MATCH ? ORDER BY rowid LIMIT -1)",
            match,
        )
        version, _ = other_versions(self._db)
        if self._full[0] != version:
            numbers = id_array(self._db, "SELECT group_concat(article_id) FROM full_text")
            self._full = (version, frozenset(numbers))
        found = self._with_texts(found, match) if self._full[1] else found
        for term in terms:
            if term.field:
                found = self._in_field(found, term)
        return found

    def _with_texts(self, found: array[int], match: str) -> array[int]:
        """Return what matches if the articles with a full text are found by that too."""
        rows = self._db.execute("SELECT rowid FROM full_text_search WHERE full_text_search MATCH ?", (match,))
        others = (number for number in found if number not in self._full[1])
        return array("I", sorted({number for (number,) in rows}.union(others)))

    def _in_field(self, found: array[int], term: Text) -> array[int]:
        column = {"text": "excerpt"}.get(term.field, term.field)
        words = [re.compile(rf"(?<!\w){word}" + r"(?!\w)" * term.phrase) for word in WORD.findall(term.text.casefold())]
        rows = select_by_id(self._db, f"SELECT id, {column} FROM article WHERE id IN ({{ids}})", found)
        return array("I", sorted(number for number, text in rows if all(w.search(text.casefold()) for w in words)))
