"""Keeps the texts of the index, and what their articles are found by, in step with the articles and the feed store."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Sequence

from tui_reader.storage.full_texts import FullTexts
from tui_reader.storage.search import searchable

_AT_ONCE = 100  # texts in memory
_MOST_CHARACTERS = 4_000_000  # of bodies that are put into the search index in one transaction: a second or two
_MOST_BODIES = 2_000

_INSERT_SEARCH = "INSERT INTO text_search (rowid, text) VALUES (?, ?)"
_FORGET_SEARCH = "INSERT INTO text_search (text_search, rowid, text) VALUES ('delete', ?, ?)"


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
            for number, _, _ in rows:
                _forget_text(connection, number)  # the body
            connection.executemany("INSERT INTO full_text (article_id, stamp, text) VALUES (?, ?, ?)", rows)
            connection.executemany(_INSERT_SEARCH, ((number, searchable(text)) for number, _, text in rows))
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
    """Remove the full text of an article, which is found by its body again; does nothing if it has none."""
    if not connection.execute("SELECT 1 FROM full_text WHERE article_id = ?", (number,)).fetchone():
        return
    _forget_text(connection, number)
    connection.execute("DELETE FROM full_text WHERE article_id = ?", (number,))
    connection.execute(
        "INSERT INTO unsearched (article_id) SELECT article_id FROM body WHERE article_id = ?", (number,)
    )


def add_bodies(connection: sqlite3.Connection, bodies: Sequence[tuple[int, str]]) -> None:
    """Store the bodies of articles, as pairs of id and text; :func:`search_bodies` lets them be found by those."""
    connection.executemany("INSERT INTO body (article_id, text) VALUES (?, ?)", bodies)
    connection.executemany("INSERT INTO unsearched (article_id) VALUES (?)", ((number,) for number, _ in bodies))


def remove_texts(connection: sqlite3.Connection, number: int) -> None:
    """Remove the body and the full text of an article; the end of the run gives it the full text again."""
    _forget_text(connection, number)
    for table in ("full_text", "body"):
        connection.execute(f"DELETE FROM {table} WHERE article_id = ?", (number,))


def count_unsearched(connection: sqlite3.Connection) -> int:
    """Return how many bodies their articles are not found by yet."""
    return int(connection.execute("SELECT count(*) FROM unsearched").fetchone()[0])


def search_bodies(connection: sqlite3.Connection) -> int:
    """Let some articles be found by their bodies; return how many, 0 if all are.

    The caller opens the transaction.
    """
    rows: list[tuple[int, str]] = []
    characters = 0
    for number, text in connection.execute(
        "SELECT u.article_id, b.text FROM unsearched u CROSS JOIN body b ON b.article_id = u.article_id "
        "ORDER BY u.article_id LIMIT ?",
        (_MOST_BODIES,),
    ):
        rows.append((number, searchable(text)))
        characters += len(text)
        if characters >= _MOST_CHARACTERS:
            break
    if rows:
        connection.executemany(_INSERT_SEARCH, rows)
        connection.execute("DELETE FROM unsearched WHERE article_id <= ?", (rows[-1][0],))
    return len(rows)


def _forget_text(connection: sqlite3.Connection, number: int) -> None:
    """Let an article no longer be found by its text, before that changes."""
    if connection.execute("DELETE FROM unsearched WHERE article_id = ?", (number,)).rowcount:
        return
    rows = connection.execute(
        "SELECT coalesce(f.text, b.text) AS found FROM (SELECT ? AS id) a LEFT JOIN full_text f ON f.article_id = a.id "
        "LEFT JOIN body b ON b.article_id = a.id WHERE found NOTNULL",
        (number,),
    ).fetchall()
    connection.executemany(_FORGET_SEARCH, ((number, searchable(text)) for (text,) in rows))
