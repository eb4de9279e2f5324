"""The ids of the articles that have a read mark, read again only when the marks or the index change."""

from __future__ import annotations

import sqlite3
from array import array

from tui_reader.storage.versions import data_versions


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


def id_array(connection: sqlite3.Connection, statement: str, *values: object) -> array[int]:
    """Return the ids that a statement puts into one text: a step of SQLite for each would take far longer."""
    (ids,) = connection.execute(statement, values).fetchone()
    return array("I", map(int, ids.split(","))) if ids else array("I")
