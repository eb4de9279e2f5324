"""Reads complete stories, several hundred at a time, for programs that want all of them."""

from __future__ import annotations

import json
from array import array
from collections.abc import Iterable, Sequence
from typing import Any

from tui_reader.model.links import Enclosure, Links
from tui_reader.model.query import Query
from tui_reader.model.story import all_media
from tui_reader.named_tuple import NamedTuple
from tui_reader.storage.errors import raises_store_error
from tui_reader.storage.index_reader import IndexReader
from tui_reader.storage.statements import select_by_id
from tui_reader.storage.story_reader import enclosures_of
from tui_reader.storage.topics import unpack_topics


class Coverage(NamedTuple):
    """A related article of a story; ``published`` is in seconds since 1970."""

    title: str
    web_url: str | None
    provider: str
    domain: str
    published: int | None
    quality: int | None
    original_url: str | None = None
    amp_url: str | None = None

    @property
    def url(self) -> str | None:
        """The address to open."""
        return Links(self.original_url, self.web_url, self.amp_url).best()


class ExportedStory(NamedTuple):
    """An article with everything that is exported of it.

    ``published`` is in seconds since 1970; ``sources`` are the locations of all
    sources that have the article, ``source`` the one that it was read from.
    ``unread`` and ``new`` are numbers of articles of the story, as in
    :class:`StoryRow`. ``lead`` leads the story of a folded article,
    ``match`` is the article of a story that a search found. ``body`` is
    Markdown, the full text if there is one, and empty unless it was asked for.
    ``tags`` and ``note`` are what the user has added.
    """

    page: int
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
    author: str
    comments_url: str | None
    media: tuple[Enclosure, ...]
    unread: int = 0
    new: int = 0
    lead: Coverage | None = None
    match: Coverage | None = None
    body: str = ""
    tags: tuple[str, ...] = ()
    note: str = ""

    @property
    def url(self) -> str | None:
        """The address to open."""
        return Links(self.original_url, self.web_url, self.amp_url).best()


# Expressions for the fields of ExportedStory; the class has their names.
_FIELDS = {
    **{
        column: f"a.{column}"
        for column in (
            *("page", "title", "excerpt", "published", "web_url", "original_url", "amp_url", "kind", "quality", "heat"),
            *("shown", "provider", "domain", "topics", "related", "author", "comments_url"),
        )
    },
    "media": "json_array(a.video, a.enclosures, a.images)",
    "read": "m.read IS NOT NULL",
    "saved": "m.saved IS NOT NULL",
    "source": "s.location",
    "sources": "(SELECT json_group_array(location) FROM (SELECT o.location FROM source o WHERE o.id IN "
    "(SELECT f.source_id FROM file f WHERE f.article_id = a.id) ORDER BY o.position))",
}
_STORIES = f"""
    SELECT a.id, {", ".join(_FIELDS.values())}
    FROM article a LEFT JOIN marks.mark m ON m.page = a.page LEFT JOIN source s ON s.id = a.source_id
    WHERE a.id IN ({{ids}})
"""
_COVERAGE = f"SELECT id, indexed, {', '.join(Coverage._fields)} FROM article WHERE id IN ({{ids}})"
_BODIES = """
    SELECT a.id, coalesce(f.text, b.text, '') FROM article a LEFT JOIN body b ON b.article_id = a.id
    LEFT JOIN full_text f ON f.article_id = a.id WHERE a.id IN ({ids})
"""
# Pages that are only mentioned, each with the indexed article that has an address in common with it.
_TWINS = """
    SELECT mine.article_id, a.id, min(a.page) FROM address mine JOIN address other ON other.page = mine.page
    JOIN article a ON a.id = other.article_id AND a.indexed = 1
    WHERE mine.article_id IN ({ids}) GROUP BY mine.article_id
"""


class ExportReader(IndexReader):
    """A reader that also returns complete stories, with a few queries for several hundred of them."""

    @raises_store_error
    def export(self, ids: Iterable[int], query: Query | None = None, *, bodies: bool = False) -> list[ExportedStory]:
        """Return the stories with these ``ids`` in their order, except for those that no longer exist.

        They are as ``query`` lists them, with their ``bodies`` if these are wanted.
        """
        wanted = list(ids)
        rows = self.listed(query or Query(), wanted)
        found: dict[int, dict[str, Any]] = {
            number: dict(zip(_FIELDS, values, strict=True))
            for number, *values in select_by_id(self._db, _STORIES, wanted)
        }
        if bodies:
            for number, body in select_by_id(self._db, _BODIES, wanted):
                found[number]["body"] = body
        leads = self.leads_of(number for number, row in rows.items() if not row.shown)
        names = dict(self._db.execute("SELECT id, name FROM topic"))
        related = {number: array("I", fields["related"] or b"") for number, fields in found.items()}
        matches = {number: row.match.article for number, row in rows.items() if row.match is not None}
        every = {target for targets in related.values() for target in targets}
        every.update(leads.values(), matches.values())
        coverage = self._coverage(list(every))
        for number, fields in found.items():
            fields["topics"] = tuple(names[topic] for topic in unpack_topics(fields["topics"]) if topic in names)
            fields["related"] = tuple(coverage[target] for target in related[number] if target in coverage)
            video, enclosures, images = json.loads(fields["media"])
            fields["media"] = all_media(video, enclosures_of(enclosures), tuple(json.loads(images or "[]")))
            fields["sources"] = tuple(json.loads(fields["sources"]))
            fields["lead"] = coverage.get(leads.get(number, 0))
            fields["match"] = coverage.get(matches.get(number, 0))
            fields["unread"], fields["new"] = rows[number].unread, rows[number].new
            fields["read"] = not fields["unread"]
            if rows[number].annotated:
                fields["tags"], fields["note"] = self._annotations(fields["page"])
            for flag in ("shown", "saved"):
                fields[flag] = bool(fields[flag])
        return [ExportedStory(**found[number]) for number in wanted if number in found]

    def _coverage(self, ids: Sequence[int]) -> dict[int, Coverage]:
        """Return related articles by id, preferring indexed articles with the same address."""
        rows = {number: (indexed, Coverage(*values)) for number, indexed, *values in self._coverage_rows(ids)}
        mentioned = [number for number, (indexed, _) in rows.items() if not indexed]
        twins = {number: twin for number, twin, _ in select_by_id(self._db, _TWINS, mentioned)}
        indexed = {number: Coverage(*values) for number, _, *values in self._coverage_rows(list(set(twins.values())))}
        return {number: indexed.get(twins.get(number, 0), coverage) for number, (_, coverage) in rows.items()}

    def _coverage_rows(self, ids: Sequence[int]) -> Iterable[Any]:
        return select_by_id(self._db, _COVERAGE, ids)
