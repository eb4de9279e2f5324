"""Names the outlets that tell the stories of a list, besides their leads."""

from __future__ import annotations

import sqlite3
from array import array
from collections.abc import Mapping

from tui_reader.model.story import StoryRow
from tui_reader.storage.statements import select_by_id

_NAMED = 3
_READ = 4  # related articles of which the providers are read; stories have up to some hundred

_RELATED = """
    SELECT a.id, a.related, CASE WHEN a.rated THEN h.outlets END
    FROM article a LEFT JOIN heat_part h ON h.article_id = a.id WHERE a.related IS NOT NULL AND a.id IN ({ids})
"""
_PROVIDERS = "SELECT id, provider, domain FROM article WHERE id IN ({ids})"


def with_tellers(connection: sqlite3.Connection, rows: Mapping[int, StoryRow]) -> dict[int, StoryRow]:
    """Return ``rows`` with the names of some other outlets that tell each story, and how many more do.

    The first related articles are read, the best ones. Of stories made here,
    the other outlets are counted, of others the related articles.
    """
    named = dict(rows)
    stories = [
        (number, array("I", packed), outlets)
        for number, packed, outlets in select_by_id(connection, _RELATED, [n for n, row in rows.items() if row.related])
    ]
    wanted = list({article for _, related, _ in stories for article in related[:_READ]})
    providers = {
        number: (name or domain, domain) for number, name, domain in select_by_id(connection, _PROVIDERS, wanted)
    }
    for number, related, outlets in stories:
        row = rows[number]
        known = {row.provider.name.casefold(), row.provider.domain} - {""}
        names: list[str] = []
        counted = 0  # articles of the outlets that are named, and of the lead's
        for article in related[:_READ]:
            name, domain = providers.get(article, ("", ""))
            keys = {name.casefold(), domain} - {""}
            if keys and not keys & known and len(names) < _NAMED:
                names.append(name)
                known |= keys
            counted += bool(keys & known)
        more = len(related) - counted if outlets is None else outlets - len(names)
        named[number] = row._replace(tellers=tuple(names), more_tellers=max(0, more))
    return named
