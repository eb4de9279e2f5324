"""Locks that keep two processes from updating one file at the same time."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from tui_reader.storage.connection import make_folder
from tui_reader.storage.errors import DAMAGE, primary_code, store_errors

_RETRY_SECONDS = 0.25  # how long SQLite waits at a time; signals are handled between two attempts


@contextmanager
def exclusive_lock(path: Path) -> Iterator[None]:
    """Wait until no other process holds the lock of ``path``, and hold it during the block.

    The lock is an SQLite transaction on a file beside ``path``: it works on
    every system and is released when its process ends, even if it is killed.
    Raises :class:`StoreError` if the lock file cannot be written.
    """
    make_folder(path.parent)
    lock_file = Path(f"{path}.lock")
    with closing(_take(lock_file)):
        yield


def _take(lock_file: Path) -> sqlite3.Connection:
    """Wait for the lock and return the connection that holds it."""
    with store_errors(lock_file):
        lock = sqlite3.connect(lock_file, timeout=_RETRY_SECONDS, isolation_level=None)
        try:
            while not _locked(lock):
                pass
        except sqlite3.DatabaseError as error:
            lock.close()
            if primary_code(error) not in DAMAGE:
                raise
            # There is nothing in a lock, and nobody holds this one.
            lock_file.unlink(missing_ok=True)
            return _take(lock_file)
        except BaseException:
            lock.close()
            raise
        return lock


def _locked(lock: sqlite3.Connection) -> bool:
    try:
        lock.execute("BEGIN EXCLUSIVE")
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode == sqlite3.SQLITE_BUSY:
            return False
        raise
    return True
