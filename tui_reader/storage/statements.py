"""Builds SQL statements from column names and lists of ids."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from typing import Any

MAX_PARAMETERS = 500
"""Values bound to one statement; the lowest limit of any SQLite version is 999."""


def placeholders(count: int) -> str:
    """Return ``count`` placeholders: ``?, ?, ?``."""
    return ", ".join("?" * count)


def insert_into(table: str, columns: Sequence[str], *, replace: bool = False) -> str:
    """Return the statement that inserts a row with these ``columns``.

    With the ``_fields`` of a named tuple as ``columns``, its instances are the rows.
    """
    verb = "INSERT OR REPLACE" if replace else "INSERT"
    return f"{verb} INTO {table} ({', '.join(columns)}) VALUES ({placeholders(len(columns))})"


def select_by_id(connection: sqlite3.Connection, query: str, ids: Sequence[int]) -> Iterator[Any]:
    """Run ``query``, in which ``{ids}`` stands for a list of placeholders, for all ``ids``, some hundred at a time."""
    for start in range(0, len(ids), MAX_PARAMETERS):
        some = ids[start : start + MAX_PARAMETERS]
        yield from connection.execute(query.format(ids=placeholders(len(some))), some)
