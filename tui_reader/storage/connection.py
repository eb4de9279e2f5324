"""Opens the SQLite files: settings, versions, locks, and one error type for all."""

from __future__ import annotations

import functools
import os
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import ParamSpec, TypeVar

from tui_reader.errors import StoreError
from tui_reader.storage.schema import (
    FETCHED_SCHEMA,
    FETCHED_VERSION,
    MARKS_SCHEMA,
    MARKS_VERSION,
    SCHEMA,
    VERSION,
)

P = ParamSpec("P")
R = TypeVar("R")

BUSY_SECONDS = 10.0
"""How long a statement waits for another process's write before it gives up."""

_LOCK_LOOK = 0.25  # seconds of waiting for another indexer before a signal is looked for
_WRITER_CACHE_KIB = 65_536
_WRITER_CHECKPOINT = 8_000  # pages of 4 KB in the log before it is written back
_CACHE_KIB = 2048  # page cache of one connection


def storing(method: Callable[P, R]) -> Callable[P, R]:
    """Turn every :class:`sqlite3.Error` that leaves ``method`` into a :class:`StoreError`."""

    @functools.wraps(method)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> R:
        with store_errors():
            return method(*args, **kwargs)

    return guarded


@contextmanager
def store_errors() -> Iterator[None]:
    """Turn every :class:`sqlite3.Error` that comes up inside into a :class:`StoreError`."""
    try:
        yield
    except sqlite3.Error as error:
        raise StoreError(_in_words(error)) from error


def _in_words(error: sqlite3.Error) -> str:
    text = str(error)
    if "full" in text:
        return "the disk is full: free some space and start again, nothing is lost"
    if "locked" in text or "busy" in text:
        return "another news-tui is writing for a long time: wait for it, or end it, and try again"
    if "readonly" in text or "unable to open" in text:
        return f"the index or the marks cannot be written ({text}): check the rights of the cache and data folders"
    return f"the index or the marks are damaged ({text}): ‘news-tui index --rebuild’ makes a new index"


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StoreError(f"{folder} cannot be written: {error.strerror}") from error


def _connect(path: Path) -> sqlite3.Connection:
    _make_folder(path.parent)
    connection = sqlite3.connect(path, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False)
    try:
        # The reader and one indexer work on the file at the same time.
        _patiently(connection, "PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = NORMAL")
        connection.execute("PRAGMA temp_store = MEMORY")
        connection.execute(f"PRAGMA cache_size = -{_CACHE_KIB}")
    except BaseException:
        connection.close()
        raise
    return connection


def _patiently(connection: sqlite3.Connection, statement: str) -> None:
    """Run a statement for which SQLite itself does not wait: two that want a new file's lock would wait for ever."""
    give_up = time.monotonic() + BUSY_SECONDS
    while True:
        try:
            connection.execute(statement)
            return
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() > give_up:
                raise
        time.sleep(0.005)


def _version(connection: sqlite3.Connection) -> int:
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


def _create(connection: sqlite3.Connection, schema: str, version: int, *, anew: bool = False) -> None:
    """Make the tables in one transaction, unless another process was faster.

    With ``anew``, the tables of another version go first. They are dropped,
    not deleted with their file: another process may be reading it.
    """
    with writing(connection):
        if _version(connection) != version:
            if anew:
                _drop_all(connection)
            for statement in _statements(schema):
                connection.execute(statement)
            connection.execute(f"PRAGMA user_version = {version}")


def _drop_all(connection: sqlite3.Connection) -> None:
    tables = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
    # Virtual tables take the tables that they are made of with them.
    for kind in (" AND sql LIKE 'CREATE VIRTUAL%'", ""):
        for (name,) in connection.execute(tables + kind).fetchall():
            connection.execute(f'DROP TABLE "{name}"')


def _statements(schema: str) -> Iterator[str]:
    statement = ""
    for line in schema.splitlines():
        statement += line + "\n"
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""


def remove_database(path: Path) -> None:
    """Delete an SQLite file and what belongs to it; it is no error if it is not there."""
    for suffix in ("", "-wal", "-shm", "-journal"):
        Path(f"{path}{suffix}").unlink(missing_ok=True)


@storing
def open_index(path: Path) -> sqlite3.Connection:
    """Open the index at ``path``, making it anew where it is missing, older or damaged.

    Raises :class:`StoreError` where the file cannot be made.
    """
    try:
        return _open_whole(path)
    except sqlite3.DatabaseError as error:
        if not _is_damage(error):
            raise
    # The sources hold everything.
    try:
        remove_database(path)
    except OSError as error:
        raise StoreError(f"{path} is damaged and cannot be removed: {error.strerror}") from error
    return _open_whole(path)


def _open_whole(path: Path) -> sqlite3.Connection:
    connection = _connect(path)
    try:
        if _version(connection) != VERSION:
            _create(connection, SCHEMA, VERSION, anew=True)
        for table in ("source", "file", "article", "listing", "search"):
            connection.execute(f"SELECT 1 FROM {table} LIMIT 1").fetchone()
    except BaseException:
        connection.close()
        raise
    return connection


def _is_damage(error: sqlite3.DatabaseError) -> bool:
    """Whether the file is no sound index, as against one that cannot be reached or written just now."""
    code = getattr(error, "sqlite_errorcode", None)
    return code is not None and code & 0xFF in {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_ERROR}


def prepare_bulk_write(connection: sqlite3.Connection) -> None:
    """Give a connection that fills an index room for all that it writes to at once.

    The lists' indexes are written to everywhere; with the cache of a reader,
    100,000 articles would be read back from the disk again and again.
    """
    connection.execute(f"PRAGMA cache_size = -{_WRITER_CACHE_KIB}")
    connection.execute(f"PRAGMA wal_autocheckpoint = {_WRITER_CHECKPOINT}")


@storing
def open_fetched(path: Path) -> sqlite3.Connection:
    """Open what came over the network at ``path``, making the file where it is missing.

    Raises :class:`StoreError`; a damaged or newer file is never touched.
    """
    return _open_lasting(path, FETCHED_SCHEMA, FETCHED_VERSION, "what was fetched")


@storing
def open_marks(path: Path) -> sqlite3.Connection:
    """Open the marks at ``path`` by themselves, making the file where it is missing.

    Raises :class:`StoreError`; a damaged or newer file is never touched.
    """
    return _open_lasting(path, MARKS_SCHEMA, MARKS_VERSION, "your marks")


def _open_lasting(path: Path, schema: str, version: int, what: str) -> sqlite3.Connection:
    """Open a file that cannot be made anew from anything."""
    try:
        connection = _connect(path)
        try:
            found = _version(connection)
            if found < version:
                _create(connection, schema, version)
        except BaseException:
            connection.close()
            raise
    except sqlite3.DatabaseError as error:
        if isinstance(error, sqlite3.OperationalError):
            raise
        raise StoreError(f"{what} in {path} cannot be read ({error}): move the file away to start anew") from error
    if found > version:
        connection.close()
        raise StoreError(f"{path} was written by a newer news-tui: update news-tui to read {what}")
    return connection


@storing
def attach_marks(connection: sqlite3.Connection, path: Path) -> None:
    """Attach the marks at ``path`` as ``marks``; raises :class:`StoreError` as :func:`open_marks` does."""
    open_marks(path).close()
    connection.execute("ATTACH ? AS marks", (os.fspath(path),))


@contextmanager
def writing(connection: sqlite3.Connection) -> Iterator[None]:
    """Do what is inside in one transaction, or not at all; inside another it is part of that."""
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
def writing_marks(connection: sqlite3.Connection) -> Iterator[None]:
    """Like :func:`writing`, for the attached marks alone.

    ``BEGIN IMMEDIATE`` would take the index as well, which an indexer may
    hold for as long as it reads an archive.
    """
    connection.execute("BEGIN")
    try:
        # A write that changes nothing: it waits for the marks' lock before
        # anything is read, so that what is read is what the write goes on.
        connection.execute("DELETE FROM marks.mark WHERE 0")
        yield
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


def _locked(lock: sqlite3.Connection) -> bool:
    try:
        lock.execute("BEGIN EXCLUSIVE")
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode == sqlite3.SQLITE_BUSY:
            return False
        raise
    return True


@contextmanager
def exclusive_lock(path: Path) -> Iterator[None]:
    """Wait until no other process brings the index at ``path`` up to date, and keep others out.

    An SQLite transaction serves as the lock: it works on every system and
    ends with its process, however that ends.
    """
    _make_folder(path.parent)
    with store_errors(), closing(sqlite3.connect(f"{path}.lock", timeout=_LOCK_LOOK, isolation_level=None)) as lock:
        while not _locked(lock):
            pass  # SQLite waited; between two tries a signal gets through
        yield
