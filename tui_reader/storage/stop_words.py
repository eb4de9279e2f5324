"""Reads the words that nearly all articles of an index have, and that comparisons leave out."""

from __future__ import annotations

import sqlite3


def stop_words(connection: sqlite3.Connection) -> frozenset[str]:
    """Return the words that the vectors of an index leave out."""
    return frozenset(row[0] for row in connection.execute("SELECT word FROM stop_word"))
