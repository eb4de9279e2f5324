"""Keeps the full texts of the index, and what their articles are found by, in step with the feed store."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence

from tui_reader.named_tuple import NamedTuple
from tui_reader.storage.full_texts import FullTexts
from tui_reader.storage.statements import insert_into

_AT_ONCE = 100  # texts in memory


class _SearchRow(NamedTuple):
    rowid: int
    title: str
    excerpt: str
    provider: str
    text: str


_INSERT_SEARCH = insert_into("full_text_search", _SearchRow._fields)
_FORGET_SEARCH = (
    "INSERT INTO full_text_search (full_text_search, rowid, title, excerpt, provider, text) "
    "VALUES ('delete', ?, ?, ?, ?, ?)"
)


def update_texts(connection: sqlite3.Connection, store: FullTexts | None) -> int:
    """Give the articles of an index the full texts in ``store``; return how many changed.

    The caller opens the transaction, and has written all articles.
    """
    wanted = {} if store is None else store.stamps()
    present = {
        page: (number, stamp)
        for page, number, stamp in connection.execute(
            "SELECT a.page, f.article_id, f.stamp FROM full_text f CROSS JOIN article a ON a.id = f.article_id"
        )
    }
    outdated = [number for page, (number, stamp) in present.items() if wanted.get(page) != stamp]
    for number in outdated:
        remove_text(connection, number)
    missing = [page for page, stamp in wanted.items() if page not in present or present[page][1] != stamp]
    added = 0
    if store is not None:
        for rows in _new_rows(connection, store, missing):
            added += len(rows)
            connection.executemany("INSERT INTO full_text (article_id, stamp, text) VALUES (?, ?, ?)", rows)
            connection.executemany(_INSERT_SEARCH, _search_rows(connection, [number for number, _, _ in rows]))
    return len(outdated) + added


def _new_rows(
    connection: sqlite3.Connection, store: FullTexts, pages: Sequence[int]
) -> Iterator[list[tuple[int, int, str]]]:
    """Yield id, stamp and text of the articles at these pages, some at a time."""
    found = connection.execute(
        "SELECT page, id FROM article WHERE page IN (SELECT value FROM json_each(?)) AND indexed = 1",
        (json.dumps(list(pages)),),
    ).fetchall()
    for start in range(0, len(found), _AT_ONCE):
        numbers = dict(found[start : start + _AT_ONCE])
        yield [(numbers[page], stamp, text) for page, (stamp, text) in store.texts(numbers).items()]


def remove_text(connection: sqlite3.Connection, number: int) -> None:
    """Remove the full text of an article, before its row is changed; does nothing if it has none."""
    rows = _search_rows(connection, [number])
    if rows:
        connection.executemany(_FORGET_SEARCH, rows)
        connection.execute("DELETE FROM full_text WHERE article_id = ?", (number,))


def _search_rows(connection: sqlite3.Connection, numbers: Iterable[int]) -> list[_SearchRow]:
    """Return what articles with a full text are found by."""
    rows = connection.execute(
        "SELECT f.article_id, a.title, a.excerpt, a.provider, f.text FROM json_each(?) n "
        "CROSS JOIN full_text f ON f.article_id = n.value CROSS JOIN article a ON a.id = f.article_id",
        (json.dumps(list(numbers)),),
    )
    return [_SearchRow._make(row) for row in rows]
