"""Tells when the index or the marks have changed."""

from __future__ import annotations

import sqlite3

from tui_reader.storage.open_files import Connection


def other_versions(connection: sqlite3.Connection) -> tuple[int, int]:
    """Return two numbers that change when another connection writes to the index, or to the marks."""
    index, marks = (int(connection.execute(f"PRAGMA {name}.data_version").fetchone()[0]) for name in ("main", "marks"))
    # A file that was attached in place of another one may have the same number as that.
    attached = connection.attached if isinstance(connection, Connection) else 0
    return index, (attached << 32) + marks


def data_versions(connection: sqlite3.Connection) -> tuple[int, int, int]:
    """Return numbers one of which changes with every write to index or marks, by this connection or another."""
    return (*other_versions(connection), connection.total_changes)
