"""Fetches whole stories many at a time, for programs that want all of them."""

from __future__ import annotations

import json
from array import array
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple

from tui_reader.storage.connection import storing
from tui_reader.storage.index_reader import IndexReader

_AT_ONCE = 500  # values bound to one statement; SQLite's oldest limit is 999


class Coverage(NamedTuple):
    """One related entry of a story; ``published`` is in seconds since 1970 or ``None``."""

    title: str
    web_url: str | None
    provider: str
    domain: str
    published: int | None
    quality: int | None


class ExportedStory(NamedTuple):
    """An article with all that a program is told of it; ``sources`` are the locations that carry it."""

    title: str
    excerpt: str
    published: int | None
    web_url: str | None
    original_url: str | None
    amp_url: str | None
    kind: str
    quality: int | None
    heat: int | None
    shown: bool
    provider: str
    domain: str
    topics: tuple[str, ...]
    related: tuple[Coverage, ...]
    read: bool
    saved: bool
    source: str | None
    sources: tuple[str, ...]


_WHOLE = """
    SELECT a.id, a.topics, a.related, a.title, a.excerpt, a.published, a.web_url, a.original_url, a.amp_url, a.kind,
           a.quality, a.heat, a.shown, a.provider, a.domain, m.read IS NOT NULL, m.saved IS NOT NULL, s.location,
           (SELECT json_group_array(location) FROM (SELECT o.location FROM source o WHERE o.id IN
               (SELECT f.source_id FROM file f WHERE f.article_id = a.id) ORDER BY o.position))
    FROM article a LEFT JOIN marks.mark m ON m.page = a.page LEFT JOIN source s ON s.id = a.source_id
"""
# Pages known by mention only, each with the article of the index that shares an address with it.
_TWINS = """
    SELECT mine.article_id, a.id, min(a.page) FROM address mine JOIN address other ON other.page = mine.page
    JOIN article a ON a.id = other.article_id AND a.own = 1
"""


class ExportReader(IndexReader):
    """A reader that also gives stories with their addresses and coverage, some hundred in a few queries."""

    @storing
    def export(self, numbers: Iterable[int]) -> list[ExportedStory]:
        """Return the stories with these ``numbers`` in their order; those that are gone are left out."""
        wanted = list(numbers)
        found = {values[0]: values for values in self._in_parts(f"{_WHOLE} WHERE a.id IN (%s)", wanted)}
        names = dict(self._db.execute("SELECT id, name FROM topic"))
        related = {number: array("I", found[number][2] or b"") for number in found}
        coverage = self._coverage(list({target for targets in related.values() for target in targets}))
        return [
            _whole_story(
                found[number][3:],
                tuple(names[int(topic)] for topic in found[number][1].split(",") if topic and int(topic) in names),
                tuple(coverage[target] for target in related[number] if target in coverage),
            )
            for number in wanted
            if number in found
        ]

    def _coverage(self, numbers: Sequence[int]) -> dict[int, Coverage]:
        """Return related entries by number, each as the article itself where the index has it."""
        query = "SELECT id, own, title, web_url, provider, domain, published, quality FROM article WHERE id IN (%s)"
        rows = {values[0]: values for values in self._in_parts(query, numbers)}
        strangers = [number for number, values in rows.items() if not values[1]]
        found = self._in_parts(f"{_TWINS} WHERE mine.article_id IN (%s) GROUP BY mine.article_id", strangers)
        twins = {stranger: twin for stranger, twin, _ in found}
        own = {values[0]: values for values in self._in_parts(query, list(set(twins.values())))}
        return {number: Coverage(*own.get(twins.get(number), values)[2:]) for number, values in rows.items()}

    def _in_parts(self, query: str, numbers: Sequence[int]) -> Iterator[Any]:
        for start in range(0, len(numbers), _AT_ONCE):
            part = numbers[start : start + _AT_ONCE]
            yield from self._db.execute(query % ",".join("?" * len(part)), part)


def _whole_story(values: Sequence[Any], topics: tuple[str, ...], related: tuple[Coverage, ...]) -> ExportedStory:
    (
        title,
        excerpt,
        published,
        web,
        original,
        amp,
        kind,
        quality,
        heat,
        shown,
        provider,
        domain,
        read,
        saved,
        source,
        sources,
    ) = values
    return ExportedStory(
        title, excerpt, published, web, original, amp, kind, quality, heat, bool(shown), provider, domain,
        topics, related, bool(read), bool(saved), source, tuple(json.loads(sources)),
    )  # fmt: skip
