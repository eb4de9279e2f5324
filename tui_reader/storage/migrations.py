"""The steps that bring the marks and the feed store of older versions up to date, one function a version."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, TypeAlias

from tui_reader.model.entry_identity import entry_traits
from tui_reader.model.fingerprint import fingerprint, page_id
from tui_reader.model.urls import page_key

Migrations: TypeAlias = Mapping[int, Callable[[sqlite3.Connection], None]]
"""What brings a file to each version from the one before it.

The steps run in order, in one transaction with the new version number, and
before the statements of the schema: a step that needs a new table creates it.
A step is never changed once it was released.
"""


def _marks_9(connection: sqlite3.Connection) -> None:
    """Let accounts remember who they are on which server, and which password was refused."""
    if connection.execute("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'account'").fetchone():
        for column in ("identity", "refused"):
            connection.execute(f"ALTER TABLE account ADD COLUMN {column} TEXT NOT NULL DEFAULT ''")


MARKS_MIGRATIONS: Migrations = {9: _marks_9}


# The fields of an article in version 1, which kept them as a list; each with the value that is not stored any more.
_ARTICLE_1: Mapping[str, object] = {
    **{"title": None, "excerpt": "", "body": "", "published": None, "links": {}, "kind": "article", "quality": None},
    **{"heat": None, "shown": True, "provider": {}, "topics": [], "images": [], "video": None, "related": []},
    **{"notes": [], "cached_page_ids": [], "rated": False, "source_topics": [], "part": ""},
}
_LINKS_1 = ("original", "web", "amp", "cdn_amp")
_PROVIDER_1 = ("name", "domain")
_ROWS = 500


def _fetched_2(connection: sqlite3.Connection) -> None:
    """Store articles by the names of their fields, and what they are recognised by."""
    connection.execute("ALTER TABLE source ADD COLUMN notes TEXT NOT NULL DEFAULT '[]'")
    for column in ("page_key TEXT", "name INTEGER", "link INTEGER NOT NULL DEFAULT 0"):
        connection.execute(f"ALTER TABLE entry ADD COLUMN {column}")
    for column in ("title INTEGER NOT NULL DEFAULT 0", "dated INTEGER"):
        connection.execute(f"ALTER TABLE entry ADD COLUMN {column}")
    pages: set[tuple[int, int]] = set()
    last = (-1, 0)
    while rows := connection.execute(
        "SELECT source_id, key, page, published, first_seen, article FROM entry "
        f"WHERE (source_id, key) > (?, ?) ORDER BY source_id, key LIMIT {_ROWS}",
        last,
    ).fetchall():
        last = rows[-1][:2]
        connection.executemany(
            "UPDATE entry SET page = ?, page_key = ?, name = ?, link = ?, title = ?, dated = ?, stamp = ?, article = ? "
            "WHERE source_id = ? AND key = ?",
            _entries_2(rows, pages),
        )


def _entries_2(rows: Iterable[tuple[Any, ...]], pages: set[tuple[int, int]]) -> Iterator[tuple[object, ...]]:
    """Yield what becomes of rows of version 1; ``pages`` are those of the rows before, by source."""
    for source_id, key, page, published, first_seen, text in rows:
        try:
            fields = _article_2(text)
        except (ValueError, TypeError, KeyError):
            continue  # damaged: it stays as it is, and reading it reports that
        part, links, title = str(fields.pop("part", "")), fields.get("links", {}), str(fields["title"])
        link = next((links[name] for name in ("web", "original", "amp", "cdn_amp") if name in links), None)
        # Undated articles were given the time when they were first seen.
        dated = None if published == first_seen else published
        name, link_number, title_number, _ = entry_traits(part or None, link, title, dated)
        number, page_name = page, f"{page_key(link)}#{part}" if link and part else None
        if link is None:
            # The key is the fingerprint of the name. Several of such articles could have one page.
            name, page_name = key, f"text:{fields.get('published')}:{title}"
            if (source_id, page) in pages:
                page_name += f"#{key}"
                number = page_id(page_name)
        pages.add((source_id, number))
        article = json.dumps(fields, ensure_ascii=False, separators=(",", ":"))
        stamp = fingerprint(article.encode()) % (1 << 62)
        yield number, page_name, name, link_number, title_number, dated, stamp, article, source_id, key


def _article_2(text: str) -> dict[str, Any]:
    """Return an article of version 1 by the names of its fields."""
    fields = dict(zip(_ARTICLE_1, json.loads(text), strict=False))
    fields["links"] = {name: url for name, url in zip(_LINKS_1, fields["links"], strict=True) if url}
    fields["provider"] = {name: text for name, text in zip(_PROVIDER_1, fields["provider"], strict=True) if text}
    for name in ("notes", "cached_page_ids"):
        fields.pop(name, None)
    return {name: value for name, value in fields.items() if value != _ARTICLE_1[name]}


FETCHED_MIGRATIONS: Migrations = {2: _fetched_2}
