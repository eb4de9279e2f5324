"""Opens the SQLite files with their settings, and creates or migrates their tables."""

from __future__ import annotations

import os
import re
import sqlite3
import time
from collections.abc import Iterator, Mapping
from contextlib import closing, suppress
from pathlib import Path
from urllib.parse import quote_from_bytes

from tui_reader.errors import DamagedFile, StoreError
from tui_reader.named_tuple import NamedTuple
from tui_reader.storage.errors import DAMAGE, damage_found, primary_code, raises_store_error, store_error, store_errors
from tui_reader.storage.open_files import Connection, OpenFile, stamp_of
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
_WRITER_CACHE_KIB = 32_768
_WRITER_CHECKPOINT_PAGES = 8_000  # pages of 4 KB in the write-ahead log before it is written back
_RETRY_SECONDS = 0.005


class Permanent(NamedTuple):
    """A file that cannot be rebuilt from anything else; ``content`` names what is in it in messages.

    ``first`` are columns of its main tables in every version: they tell it from the file of another program.
    """

    content: str
    schema: str
    version: int
    migrations: str  # the name of its steps in tui_reader.storage.migrations, which is seldom needed
    advice: str
    first: Mapping[str, frozenset[str]]

    def tables(self) -> set[str]:
        """Return the names of its tables."""
        return set(re.findall(r"CREATE TABLE IF NOT EXISTS (\w+)", self.schema))


_ADVICE = "‘news-tui doctor’ lists the copies of it that can be restored"
MARKS = Permanent(
    "your marks",
    MARKS_SCHEMA,
    MARKS_VERSION,
    "MARKS_MIGRATIONS",
    _ADVICE,
    {"mark": frozenset({"page", "address", "read", "saved"})},
)
FETCHED = Permanent(
    "the fetched articles",
    FETCHED_SCHEMA,
    FETCHED_VERSION,
    "FETCHED_MIGRATIONS",
    _ADVICE,
    {"source": frozenset({"id", "address", "state"}), "entry": frozenset({"source_id", "key", "page", "article"})},
)

_INDEX = ("the index", "‘news-tui index --rebuild’ builds it anew from your sources")
_INDEX_TABLES = frozenset(re.findall(r"CREATE (?:VIRTUAL )?TABLE (\w+)", SCHEMA))
_CANNOT_WRITE = frozenset(
    {sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_PERM}
)


def make_folder(folder: Path) -> None:
    """Create ``folder`` and its parents if needed. Raises :class:`StoreError`."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StoreError(f"cannot write to {folder}: {error.strerror}") from error


def remove_database(path: Path) -> None:
    """Delete an SQLite file and its journals, if they exist."""
    for suffix in JOURNALS:
        Path(f"{path}{suffix}").unlink(missing_ok=True)


JOURNALS = ("", "-wal", "-shm", "-journal")
"""What the names of a database and its journals end with."""


@raises_store_error
def open_index(path: Path) -> Connection:
    """Open the index at ``path``; create it if it is missing, of another version, damaged, or a folder.

    Where it cannot be written it is opened for reading. Raises
    :class:`StoreError` if it can be neither read nor created.
    """
    try:
        connection = _open_checked(path)
        if not _INDEX_TABLES - _tables(connection):
            return connection
        connection.close()
    except StoreError:
        if not path.is_dir():
            raise
    except sqlite3.DatabaseError as error:
        if primary_code(error) not in DAMAGE:
            raise
    # The index is rebuilt from the sources; what it had stays beside it, should they be lost too.
    try:
        set_aside(path, f"{path.name}.{'folder' if path.is_dir() else 'damaged'}")
    except OSError as error:
        raise StoreError(f"{path} is damaged and cannot be replaced: {error.strerror}") from error
    return _open_checked(path)


def set_aside(path: Path, name: str) -> None:
    """Rename an SQLite file and its journals to ``name`` in the same folder. Raises :class:`OSError`."""
    for suffix in JOURNALS:
        with suppress(FileNotFoundError):
            Path(f"{path}{suffix}").replace(f"{path.with_name(name)}{suffix}")


def prepare_bulk_write(connection: sqlite3.Connection) -> None:
    """Give a connection a larger cache and fewer checkpoints, for filling an index.

    Inserts touch every page of the lists' indexes; with a reader's cache, those
    of 100,000 articles would be read back from the disk again and again. Twice
    as much made 20,000 articles no faster, and took 37 MB more.
    """
    connection.execute(f"PRAGMA cache_size = -{_WRITER_CACHE_KIB}")
    connection.execute(f"PRAGMA wal_autocheckpoint = {_WRITER_CHECKPOINT_PAGES}")


@raises_store_error
def open_fetched(path: Path) -> Connection:
    """Open the feed store at ``path``; create it if there never was one.

    Raises :class:`StoreError`; :class:`DamagedFile` if it is damaged, or gone. Such a file is never changed.
    """
    return _open_permanent(path, FETCHED)


@raises_store_error
def open_marks(path: Path) -> Connection:
    """Open the marks at ``path`` without an index; create the file if there never was one.

    Raises :class:`StoreError`; :class:`DamagedFile` if it is damaged, or gone. Such a file is never changed.
    """
    return _open_permanent(path, MARKS)


@raises_store_error
def attach_marks(connection: sqlite3.Connection, path: Path) -> None:
    """Attach the marks at ``path`` as ``marks``. Raises :class:`StoreError` like :func:`open_marks`."""
    with closing(open_marks(path)) as marks:
        file = marks.files["main"]
    connection.execute("ATTACH ? AS marks", (file.address,))
    if isinstance(connection, Connection):
        with store_errors(path):
            # Opens the file and its log, and finds damage before a write; a constant would be read from an index.
            for table in (*sorted(MARKS.tables()), "sqlite_sequence"):  # SQLite's own: the numbers of deeds
                connection.execute(f"SELECT * FROM marks.{table} LIMIT 1").fetchone()
        connection.files["marks"] = file
        connection.look_at_marks()
        connection.attached += 1
        connection.no_marks = ""


def attach_marks_if_sound(connection: Connection, path: Path, *, thorough: bool = False) -> None:
    """Attach the marks; if they are damaged or gone, attach none, and note why in ``connection.no_marks``.

    ``thorough`` reads all of them first, which finds damage in their midst.
    """
    try:
        attach_marks(connection, path)
        if thorough:
            with store_errors(connection):
                connection.execute("SELECT sum(length(address)), count(saved) FROM marks.mark").fetchone()
                for table in sorted(MARKS.tables() - {"mark"}):
                    connection.execute(f"SELECT count(*) FROM marks.{table}").fetchone()
    except StoreError as error:
        attach_no_marks(connection, path, str(error))


def attach_no_marks(connection: Connection, path: Path, reason: str) -> None:
    """Attach marks of which there are none, and which none can be added to, in place of those at ``path``."""
    if any(name == "marks" for _, name, _ in connection.execute("PRAGMA database_list").fetchall()):
        connection.execute("DETACH marks")
    connection.execute("ATTACH ':memory:' AS marks")
    for statement in _statements(MARKS_SCHEMA.replace("IF NOT EXISTS ", "IF NOT EXISTS marks.")):
        connection.execute(statement)
    connection.files["marks"] = OpenFile(path, MARKS.content, MARKS.advice, "", stamp=stamp_of(path))
    connection.attached += 1
    connection.no_marks = reason


def _connect(path: Path, content: str, advice: str, kind: Permanent | None = None) -> Connection:
    make_folder(path.parent)
    address = f"file:{quote_from_bytes(os.fsencode(path))}"
    file = OpenFile(path, content, advice, address)
    try:
        return _connect_for_writing(file, kind)
    except sqlite3.OperationalError as error:
        if primary_code(error) not in _CANNOT_WRITE or not path.is_file():
            raise store_error(error, path) from error
        reason = store_error(error, path)
        connection = _connect_for_reading(file._replace(unwritable=str(reason)))
        if connection is None:
            raise reason from error
        return connection


def _connect_for_writing(file: OpenFile, kind: Permanent | None) -> Connection:
    connection = _connection(file)
    try:
        if kind is not None:
            _check_that_it_is_ours(connection, file.path, kind)  # the next statement changes a file
        # With a write-ahead log, readers and one writer work at the same time.
        _execute_with_retries(connection, "PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = NORMAL")
        _prepare(connection)
    except BaseException:
        connection.close()
        raise
    return connection


def _connect_for_reading(file: OpenFile) -> Connection | None:
    """Open a file in a place that cannot be written; ``None`` if it cannot be read either.

    Readers share an index of the write-ahead log. Where they cannot make one,
    the file is read by itself: nobody else can write to it either.
    """
    for how in ("mode=ro", "immutable=1"):
        try:
            connection = _connection(file._replace(address=f"{file.address}?{how}"))
            try:
                connection.execute("SELECT 1 FROM sqlite_master").fetchone()
                _prepare(connection)
            except BaseException:
                connection.close()
                raise
        except sqlite3.OperationalError:
            continue
        return connection
    return None


def open_for_checking(path: Path) -> Connection:
    """Open any of the files to look into it as it is: nothing is created, migrated or repaired. Raises StoreError."""
    if path.is_dir():
        raise DamagedFile(f"{path} is a folder", str(path))
    address = f"file:{quote_from_bytes(os.fsencode(path))}"
    with damage_found(path):
        return _connect_for_reading(OpenFile(path, "the database", "", address)) or _connection(
            OpenFile(path, "the database", "", f"{address}?mode=ro")
        )


def _connection(file: OpenFile) -> Connection:
    connection = sqlite3.connect(
        file.address,
        timeout=BUSY_SECONDS,
        isolation_level=None,
        check_same_thread=False,
        factory=Connection,
        uri=True,
    )
    connection.files["main"] = file.looked_at()
    return connection


def _prepare(connection: Connection) -> None:
    connection.execute("PRAGMA temp_store = MEMORY")
    connection.execute(f"PRAGMA cache_size = -{_READER_CACHE_KIB}")
    main = connection.files["main"]
    connection.files["main"] = main.looked_at()  # the file may have been made just now


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


def _open_checked(path: Path) -> Connection:
    """Open the index and read from its main tables, so that damage shows at once."""
    connection = _connect(path, *_INDEX)
    try:
        if _version(connection) != VERSION:
            _replace_tables(connection)
        for table in _tables(connection) & {"source", "file", "article", "listing", "search"}:
            connection.execute(f"SELECT 1 FROM {table} LIMIT 1").fetchone()
    except sqlite3.Error as error:
        connection.close()
        if primary_code(error) in DAMAGE:
            raise
        raise store_error(error, path) from error
    except BaseException:
        connection.close()
        raise
    return connection


def _open_permanent(path: Path, kind: Permanent) -> Connection:
    """Open a file of this kind, and migrate it if an older version wrote it."""
    _check_that_it_is_there(path, kind)
    connection: Connection | None = None
    try:
        connection = _connect(path, kind.content, kind.advice, kind)
        found = _version(connection)
        is_new = found == 0 and not _tables(connection)
        if is_new:
            _check_that_it_is_new(connection, path, kind)
        if found < kind.version:
            _migrate(connection, kind)
        missing = kind.tables() - _tables(connection) if found <= kind.version else set()
    except sqlite3.Error as error:
        if connection is not None:
            connection.close()
        if primary_code(error) in DAMAGE:
            raise _damaged(path, kind, str(error)) from error
        raise store_error(error, path) from error
    except BaseException:
        if connection is not None:
            connection.close()
        raise
    if missing:
        connection.close()
        raise _damaged(path, kind, f"the table ‘{min(missing)}’ is missing")
    if found > kind.version:
        connection.close()
        raise StoreError(f"{path} was written by a newer news-tui: update news-tui to read {kind.content}")
    if is_new:
        from tui_reader.storage import traces

        traces.note(path)
    return connection


def _damaged(path: Path, kind: Permanent, reason: str) -> DamagedFile:
    return DamagedFile(f"cannot read {kind.content} in {path} ({reason}): {kind.advice}", str(path))


def _check_that_it_is_there(path: Path, kind: Permanent) -> None:
    """Raise :class:`DamagedFile` if a file of which there are traces is missing or empty."""
    stamp = stamp_of(path)
    if stamp is not None and stamp.size:
        return
    from tui_reader.storage import traces

    if not traces.was_there(path):
        return
    now = stamp_of(path)
    if now is None:
        raise DamagedFile(f"{path} with {kind.content} is gone: {kind.advice}", str(path))
    if not now.size:  # else another process has just made it
        raise _damaged(path, kind, "the file is empty")


def _check_that_it_is_new(connection: Connection, path: Path, kind: Permanent) -> None:
    """Raise :class:`DamagedFile` if a file without tables had some before."""
    from tui_reader.storage import traces

    if traces.was_there(path) and not _tables(connection):  # else another process has just made them
        raise _damaged(path, kind, "it has no content")


def _check_that_it_is_ours(connection: Connection, path: Path, kind: Permanent) -> None:
    """Raise :class:`DamagedFile` if a file has tables, but none of this kind, or others of the same names."""
    tables, version = _tables(connection), _version(connection)
    if not tables or version > kind.version:
        return  # new, or of a version whose tables nobody can know
    ours = bool(tables & (kind.tables() | kind.first.keys()))
    if ours and version < kind.version:  # it is about to be migrated
        ours = all(columns <= _columns(connection, name) for name, columns in kind.first.items() if name in tables)
    if not ours:
        raise _damaged(path, kind, "it is the database of another program")


def _tables(connection: sqlite3.Connection) -> set[str]:
    return {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}


def _columns(connection: sqlite3.Connection, table: str) -> set[str]:
    return {row[1] for row in connection.execute(f"PRAGMA table_info({table})")}


def _migrate(connection: sqlite3.Connection, kind: Permanent) -> None:
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
    """Replace all tables and views of an index in one transaction, unless another process just did.

    The file itself stays, since another process may be reading it.
    """
    with transaction(connection):
        if _version(connection) != VERSION:
            _drop_all(connection)
            for statement in _statements(SCHEMA):
                connection.execute(statement)
            connection.execute(f"PRAGMA user_version = {VERSION}")


def _drop_all(connection: sqlite3.Connection) -> None:
    # Views first, which read the tables; then virtual tables: dropping one drops the tables that it consists of.
    for kind, which in (("view", ""), ("table", "AND sql LIKE 'CREATE VIRTUAL%'"), ("table", "")):
        found = f"SELECT name FROM sqlite_master WHERE type = '{kind}' AND name NOT LIKE 'sqlite_%' {which}"
        for (name,) in connection.execute(found).fetchall():
            connection.execute(f'DROP {kind} "{name}"')


def _statements(schema: str) -> Iterator[str]:
    statement = ""
    for line in schema.splitlines():
        statement += line + "\n"
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""
