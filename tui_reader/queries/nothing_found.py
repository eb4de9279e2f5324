"""Says why a search finds nothing."""

from __future__ import annotations

from tui_reader.model.counted import counted
from tui_reader.model.expression import And, Expression, Not, all_of, to_text
from tui_reader.model.expression_parser import parse
from tui_reader.model.query import Query
from tui_reader.storage.index_reader import IndexReader

_MOST_PARTS = 6  # of a search, that are each left out once
_MOST_NAMED = 3


def why_nothing(reader: IndexReader, query: Query) -> list[str]:
    """Return sentences that say why a search finds nothing: names or words that nothing has, or one part too many.

    Raises :class:`QueryError`.
    """
    if unknown := reader.unknown_names(query):
        return unknown
    expression = parse(query.words)
    if not isinstance(expression, And):
        return []
    queries = [to_text(part) for part in expression.parts if not isinstance(part, Not)]
    if unmatched := [each for each in queries if not len(reader.matching(each))]:
        return [f"nothing has {' or '.join(f'‘{each}’' for each in unmatched[:_MOST_NAMED])}"]
    return _one_too_many(reader, query, expression.parts)


def _one_too_many(reader: IndexReader, query: Query, parts: tuple[Expression, ...]) -> list[str]:
    """Return a sentence with the part of a search that excludes the most; none if it takes several."""
    found = [
        (len(reader.order(query._replace(words=to_text(all_of([*parts[:place], *parts[place + 1 :]]))))), to_text(part))
        for place, part in enumerate(parts[:_MOST_PARTS])
    ]
    stories, part = max(found, key=lambda each: each[0])
    return (
        [f"without ‘{part}’, {counted(stories, 'story', 'stories')} {'is' if stories == 1 else 'are'} found"]
        if stories
        else []
    )
