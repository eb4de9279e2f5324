"""Tells the indexes that were built one after the other at the same path apart, and replaces one by the next."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from pathlib import Path

from tui_reader.storage.connection import open_index
from tui_reader.storage.errors import raises_store_error

_GENERATION = "generation"  # in the table state


@raises_store_error
def generation(connection: sqlite3.Connection) -> int | None:
    """Return a number that no other index has, or ``None`` before the first run of the indexer.

    An article has another id in an index of another generation.
    """
    row = connection.execute("SELECT value FROM state WHERE name = ?", (_GENERATION,)).fetchone()
    return None if row is None else int(row[0])


@raises_store_error
def begin_generation(connection: sqlite3.Connection) -> None:
    """Give an index its number, unless it has one; the caller opens the transaction."""
    connection.execute(
        "INSERT OR IGNORE INTO state (name, value) VALUES (?, ?)", (_GENERATION, int.from_bytes(os.urandom(7)))
    )


@raises_store_error
def replace_index(path: Path, beside: Path) -> None:
    """Replace the contents of the index at ``path`` by those of the one ``beside``, in one transaction.

    The file stays, since other processes may be reading it. Raises :class:`StoreError`.
    """
    with closing(open_index(beside)) as new, closing(open_index(path)) as old:
        new.backup(old)
        old.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
