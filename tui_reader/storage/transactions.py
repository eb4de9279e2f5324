"""Transactions on the index and on the attached marks."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[None]:
    """Run the block in one transaction that is rolled back if it raises; join a transaction that is already open."""
    if connection.in_transaction:
        yield
        return
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


@contextmanager
def marks_transaction(connection: sqlite3.Connection) -> Iterator[None]:
    """Run the block in one transaction that locks only the attached marks.

    ``BEGIN IMMEDIATE`` would lock the index as well, which an indexer may hold
    for as long as it reads an archive. Joins a transaction that is already open.
    """
    if connection.in_transaction:
        yield
        return
    connection.execute("BEGIN")
    try:
        # Take the write lock of the marks before reading anything, so that no
        # other process can change what this transaction has read.
        connection.execute("DELETE FROM marks.mark WHERE 0")
        yield
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise
