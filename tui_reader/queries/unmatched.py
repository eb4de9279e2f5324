"""Tells which parts of a search find nothing at all, whatever the others find: a word may be misspelt."""

from __future__ import annotations

from tui_reader.model.expression import And, Not, to_text
from tui_reader.model.expression_parser import parse
from tui_reader.storage.index_reader import IndexReader


def unmatched(reader: IndexReader, words: str) -> list[str]:
    """Return these parts of a search for several things, as queries. Raises :class:`QueryError`."""
    expression = parse(words)
    parts = expression.parts if isinstance(expression, And) else ()
    queries = [to_text(part) for part in parts if not isinstance(part, Not)]
    return [query for query in queries if not len(reader.matching(query))]
