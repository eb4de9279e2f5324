"""The ids of read articles, and of folded ones with their leads, read again only when they may have changed."""

from __future__ import annotations

import json
import sqlite3
from array import array
from collections.abc import Iterable, Iterator

from tui_reader.storage.versions import data_versions, other_versions


class ReadArticles:
    """Reads the ids of read articles in one step of SQLite; needs the marks attached."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._db = connection
        self._versions: tuple[int, ...] = ()
        self._ids = array("I")

    def ids(self) -> array[int]:
        """Return the ids of all read articles, in no order."""
        versions = data_versions(self._db)
        if versions != self._versions:
            self._ids = id_array(
                self._db,
                "SELECT group_concat(a.id) FROM marks.mark m CROSS JOIN article a ON a.page = m.page "
                "WHERE m.read IS NOT NULL",
            )
            self._versions = versions
        return self._ids


class FoldedArticles:
    """Reads all folded articles in one step of SQLite. The connection must not write to the index."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._db = connection
        self._version = -1
        self._ids = array("I")

    def pairs(self) -> Iterator[tuple[int, int]]:
        """Return the id of each folded article with that of its lead, in no order."""
        version, _ = other_versions(self._db)
        if version != self._version:
            self._ids = id_array(self._db, "SELECT group_concat(article_id || ',' || lead_id) FROM folded")
            self._version = version
        return zip(self._ids[::2], self._ids[1::2], strict=True)


def id_array(connection: sqlite3.Connection, statement: str, *values: object) -> array[int]:
    """Return the ids that a statement puts into one text: a step of SQLite for each would take far longer."""
    (ids,) = connection.execute(statement, values).fetchone()
    return array("I", json.loads(f"[{ids}]")) if ids else array("I")  # half the time of int() for each


def largest_id(connection: sqlite3.Connection) -> int:
    """Return the largest id of an article, 0 if there is none."""
    return int(connection.execute("SELECT coalesce(max(id), 0) FROM article").fetchone()[0])


def flags(ids: Iterable[int], largest: int) -> bytearray:
    """Return a byte for each number up to ``largest``, 1 for those in ``ids``, of which none is larger."""
    found = bytearray(largest + 1)
    for number in ids:
        found[number] = 1
    return found
