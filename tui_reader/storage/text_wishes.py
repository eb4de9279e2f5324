"""Reads what fetching the full texts of articles needs: their addresses, their sources, and what there is of them."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable

from tui_reader.model.links import Links
from tui_reader.named_tuple import NamedTuple
from tui_reader.storage.errors import raises_store_error
from tui_reader.storage.statements import select_by_id


class TextWish(NamedTuple):
    """An article whose full text is wanted.

    ``sources`` are the locations of all sources that have it, ``body`` is the
    text that they give. ``has_text`` says that the index has its full text.
    """

    page: int
    title: str
    links: Links
    body: str
    sources: tuple[str, ...]
    has_text: bool


_WISH = """
    SELECT a.id, a.page, a.title, a.original_url, a.web_url, a.amp_url, a.cdn_amp_url, coalesce(b.text, ''),
           (SELECT json_group_array(s.location) FROM source s
            WHERE s.id IN (SELECT f.source_id FROM file f WHERE f.article_id = a.id)),
           EXISTS (SELECT 1 FROM full_text t WHERE t.article_id = a.id)
    FROM article a LEFT JOIN body b ON b.article_id = a.id WHERE a.id IN ({ids})
"""
_NEWEST = """
    SELECT l.article_id FROM source s CROSS JOIN article a ON a.source_id = s.id
    CROSS JOIN listing l ON l.topic_id = 0 AND l.article_id = a.id
    WHERE s.location = ? ORDER BY a.published DESC LIMIT ?
"""


class WishReader:
    """Reads wishes from an index."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._db = connection

    @raises_store_error
    def wishes(self, ids: Iterable[int]) -> list[TextWish]:
        """Return the articles with these ``ids`` in their order, except for those that no longer exist."""
        wanted = list(ids)
        found = {
            number: TextWish(page, title, Links(*links), body, tuple(json.loads(sources)), bool(has_text))
            for number, page, title, *links, body, sources, has_text in select_by_id(self._db, _WISH, wanted)
        }
        return [found[number] for number in wanted if number in found]

    @raises_store_error
    def at_page(self, page: int) -> list[TextWish]:
        """Return the article at a page; none if the index has no such article."""
        row = self._db.execute("SELECT id FROM article WHERE page = ?", (page,)).fetchone()
        return [] if row is None else self.wishes(row)

    @raises_store_error
    def newest(self, location: str, most: int) -> list[TextWish]:
        """Return the newest articles of a source, ``most`` of them."""
        return self.wishes(number for (number,) in self._db.execute(_NEWEST, (location, most)))
