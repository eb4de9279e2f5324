"""Opens the SQLite files with their settings, and creates or migrates their tables."""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from tui_reader.errors import StoreError
from tui_reader.storage.errors import raises_store_error
from tui_reader.storage.schema import (
    FETCHED_SCHEMA,
    FETCHED_VERSION,
    MARKS_SCHEMA,
    MARKS_VERSION,
    SCHEMA,
    VERSION,
)
from tui_reader.storage.transactions import transaction

BUSY_SECONDS = 10.0
"""How long a statement waits for another process's write before it fails."""

_READER_CACHE_KIB = 2048
_WRITER_CACHE_KIB = 65_536
_WRITER_CHECKPOINT_PAGES = 8_000  # pages of 4 KB in the write-ahead log before it is written back
_RETRY_SECONDS = 0.005


class _Permanent(NamedTuple):
    """A file that cannot be rebuilt from anything else; ``content`` names what is in it in messages."""

    content: str
    schema: str
    version: int
    migrations: str  # the name of its steps in tui_reader.storage.migrations, which is seldom needed


_MARKS = _Permanent("your marks", MARKS_SCHEMA, MARKS_VERSION, "MARKS_MIGRATIONS")
_FETCHED = _Permanent("the fetched articles", FETCHED_SCHEMA, FETCHED_VERSION, "FETCHED_MIGRATIONS")


def make_folder(folder: Path) -> None:
    """Create ``folder`` and its parents if needed. Raises :class:`StoreError`."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StoreError(f"cannot write to {folder}: {error.strerror}") from error


def remove_database(path: Path) -> None:
    """Delete an SQLite file and its journals, if they exist."""
    for suffix in ("", "-wal", "-shm", "-journal"):
        Path(f"{path}{suffix}").unlink(missing_ok=True)


@raises_store_error
def open_index(path: Path) -> sqlite3.Connection:
    """Open the index at ``path``; create it if it is missing, of another version or damaged.

    Raises :class:`StoreError` if the file cannot be created.
    """
    try:
        return _open_checked(path)
    except sqlite3.DatabaseError as error:
        if not _is_damage(error):
            raise
    # Nothing is lost: the index is rebuilt from the sources.
    try:
        remove_database(path)
    except OSError as error:
        raise StoreError(f"{path} is damaged and cannot be removed: {error.strerror}") from error
    return _open_checked(path)


def prepare_bulk_write(connection: sqlite3.Connection) -> None:
    """Give a connection a larger cache and fewer checkpoints, for filling an index.

    Inserts touch every page of the lists' indexes; with a reader's cache, those
    of 100,000 articles would be read back from the disk again and again.
    """
    connection.execute(f"PRAGMA cache_size = -{_WRITER_CACHE_KIB}")
    connection.execute(f"PRAGMA wal_autocheckpoint = {_WRITER_CHECKPOINT_PAGES}")


@raises_store_error
def open_fetched(path: Path) -> sqlite3.Connection:
    """Open the feed store at ``path``; create it if it is missing.

    Raises :class:`StoreError`. A damaged or newer file is never changed.
    """
    return _open_permanent(path, _FETCHED)


@raises_store_error
def open_marks(path: Path) -> sqlite3.Connection:
    """Open the marks at ``path`` without an index; create the file if it is missing.

    Raises :class:`StoreError`. A damaged or newer file is never changed.
    """
    return _open_permanent(path, _MARKS)


@raises_store_error
def attach_marks(connection: sqlite3.Connection, path: Path) -> None:
    """Attach the marks at ``path`` as ``marks``. Raises :class:`StoreError` like :func:`open_marks`."""
    open_marks(path).close()
    connection.execute("ATTACH ? AS marks", (os.fspath(path),))


def _connect(path: Path) -> sqlite3.Connection:
    make_folder(path.parent)
    connection = sqlite3.connect(path, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False)
    try:
        # With a write-ahead log, readers and one writer work at the same time.
        _execute_with_retries(connection, "PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = NORMAL")
        connection.execute("PRAGMA temp_store = MEMORY")
        connection.execute(f"PRAGMA cache_size = -{_READER_CACHE_KIB}")
    except BaseException:
        connection.close()
        raise
    return connection


def _execute_with_retries(connection: sqlite3.Connection, statement: str) -> None:
    """Retry a statement to which SQLite's own timeout does not apply, since two waiting processes would deadlock."""
    deadline = time.monotonic() + BUSY_SECONDS
    while True:
        try:
            connection.execute(statement)
            return
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() > deadline:
                raise
        time.sleep(_RETRY_SECONDS)


def _open_checked(path: Path) -> sqlite3.Connection:
    """Open the index and read from its main tables, so that damage shows at once."""
    connection = _connect(path)
    try:
        if _version(connection) != VERSION:
            _replace_tables(connection)
        for table in ("source", "file", "article", "listing", "search"):
            connection.execute(f"SELECT 1 FROM {table} LIMIT 1").fetchone()
    except BaseException:
        connection.close()
        raise
    return connection


def _is_damage(error: sqlite3.DatabaseError) -> bool:
    """Whether the file is damaged, rather than out of reach or locked."""
    code = getattr(error, "sqlite_errorcode", None)
    return code is not None and code & 0xFF in {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_ERROR}


def _open_permanent(path: Path, kind: _Permanent) -> sqlite3.Connection:
    """Open a file of this kind, and migrate it if an older version wrote it."""
    content = kind.content
    try:
        connection = _connect(path)
        try:
            found = _version(connection)
            if found < kind.version:
                _migrate(connection, kind)
        except BaseException:
            connection.close()
            raise
    except sqlite3.DatabaseError as error:
        if isinstance(error, sqlite3.OperationalError):
            raise
        raise StoreError(f"cannot read {content} in {path} ({error}): move the file away to start afresh") from error
    if found > kind.version:
        connection.close()
        raise StoreError(f"{path} was written by a newer news-tui: update news-tui to read {content}")
    return connection


def _migrate(connection: sqlite3.Connection, kind: _Permanent) -> None:
    """Bring a file to the current version in one transaction, unless another process just did."""
    from tui_reader.storage import migrations

    steps: migrations.Migrations = getattr(migrations, kind.migrations)
    with transaction(connection):
        found = _version(connection)
        if found >= kind.version:
            return
        for version in sorted(steps) if found else ():  # a new file needs the tables only
            if version > found:
                steps[version](connection)
        for statement in _statements(kind.schema):
            connection.execute(statement)
        connection.execute(f"PRAGMA user_version = {kind.version}")


def _version(connection: sqlite3.Connection) -> int:
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


def _replace_tables(connection: sqlite3.Connection) -> None:
    """Replace all tables of an index in one transaction, unless another process just did.

    The file itself stays, since another process may be reading it.
    """
    with transaction(connection):
        if _version(connection) != VERSION:
            _drop_tables(connection)
            for statement in _statements(SCHEMA):
                connection.execute(statement)
            connection.execute(f"PRAGMA user_version = {VERSION}")


def _drop_tables(connection: sqlite3.Connection) -> None:
    tables = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
    # Virtual tables first: dropping one drops the tables that it consists of.
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
