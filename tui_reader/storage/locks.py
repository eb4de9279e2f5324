"""Locks that keep two processes from updating one file at the same time."""

from __future__ import annotations

import sqlite3
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, closing, contextmanager
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
    with closing(next(filter(None, _attempts(path, _RETRY_SECONDS)))):
        yield


@asynccontextmanager
async def awaited_lock(path: Path) -> AsyncIterator[None]:
    """Hold the lock of ``path`` as :func:`exclusive_lock` does; while this waits, other tasks go on."""
    import asyncio  # commands that wait for no lock start without it

    for lock in _attempts(path, 0.0):
        if lock is not None:
            with closing(lock):
                yield
            return
        await asyncio.sleep(_RETRY_SECONDS)


def _attempts(path: Path, seconds: float) -> Iterator[sqlite3.Connection | None]:
    """Try to take a lock, for so many seconds each time; yield ``None`` for each time in vain, then what holds it."""
    make_folder(path.parent)
    lock_file = Path(f"{path}.lock")
    with store_errors(lock_file):
        lock = sqlite3.connect(lock_file, timeout=seconds, isolation_level=None)
        try:
            while not _locked(lock):
                yield None
        except sqlite3.DatabaseError as error:
            lock.close()
            if primary_code(error) not in DAMAGE:
                raise
            # There is nothing in a lock, and nobody holds this one.
            lock_file.unlink(missing_ok=True)
            yield from _attempts(path, seconds)
            return
        except BaseException:
            lock.close()
            raise
    yield lock


def _locked(lock: sqlite3.Connection) -> bool:
    try:
        lock.execute("BEGIN EXCLUSIVE")
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode == sqlite3.SQLITE_BUSY:
            return False
        raise
    return True
