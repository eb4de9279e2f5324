"""Tells when the index or the marks have changed."""

from __future__ import annotations

import sqlite3


def other_versions(connection: sqlite3.Connection) -> tuple[int, int]:
    """Return two numbers that change when another connection writes to the index, or to the marks."""
    index, marks = (int(connection.execute(f"PRAGMA {name}.data_version").fetchone()[0]) for name in ("main", "marks"))
    return index, marks


def data_versions(connection: sqlite3.Connection) -> tuple[int, int, int]:
    """Return numbers one of which changes with every write to index or marks, by this connection or another."""
    return (*other_versions(connection), connection.total_changes)
