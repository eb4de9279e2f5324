"""Transactions on the attached marks, which notice first that the file of the marks was replaced or deleted."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext, suppress
from pathlib import Path

from tui_reader.errors import StoreError
from tui_reader.storage.connection import BUSY_SECONDS, attach_marks, attach_no_marks
from tui_reader.storage.errors import store_error, store_errors
from tui_reader.storage.open_files import Connection, OpenFile, stamp_of
from tui_reader.storage.traces import was_there
from tui_reader.storage.transactions import transaction


@contextmanager
def marks_transaction(connection: sqlite3.Connection) -> Iterator[None]:
    """Run the block in one transaction that locks only the attached marks.

    ``BEGIN IMMEDIATE`` would lock the index as well, which an indexer may hold
    for as long as it reads an archive. Joins a transaction that is already
    open. Raises :class:`StoreError`, which says that nothing was saved, if the
    marks cannot be written.
    """
    if connection.in_transaction:
        yield
        return
    checked = _writing(connection) if isinstance(connection, Connection) else nullcontext()
    with checked, transaction(connection, "BEGIN"):
        # Take the write lock of the marks before reading anything, so that no
        # other process can change what this transaction has read.
        connection.execute("DELETE FROM marks.mark WHERE 0")
        yield


@contextmanager
def _writing(connection: Connection) -> Iterator[None]:
    """Check the file of the marks before and after the block; errors of SQLite in it are about that file."""
    follow_marks(connection)
    if connection.no_marks:
        raise StoreError(f"not saved: {connection.no_marks}")
    connection.writes_marks = True
    try:
        yield
    except sqlite3.Error as error:
        known = store_error(error, connection)
        known.args = (f"not saved: {known}",)
        raise known from error
    finally:
        connection.writes_marks = False
    if connection.was_replaced("marks"):
        raise StoreError(f"not saved: {connection.files['marks'].path} was replaced at this moment; do it again")
    connection.look_at_marks()


def follow_marks(connection: Connection, *, anew: bool = False) -> bool:
    """Attach the marks anew if another file is at their path now, or in any case; return whether they were.

    A file that was deleted is written back from what is still open, unless it
    was set aside to begin an empty one. One that is damaged leaves the
    connection without marks (:attr:`Connection.no_marks`).
    """
    file = connection.files.get("marks")
    if file is None or connection.in_transaction or not (anew or _has_changed(connection, file)):
        return False
    if not connection.no_marks:
        if not file.path.exists() and was_there(file.path):  # else somebody wants to begin anew
            _write_back(connection, file)
        connection.execute("DETACH marks")
        _remove_log(file)
        connection.files.pop("marks")
    else:
        connection.execute("DETACH marks")
    try:
        attach_marks(connection, file.path)
    except StoreError as error:
        attach_no_marks(connection, file.path, str(error))
    return True


def _has_changed(connection: Connection, file: OpenFile) -> bool:
    if connection.no_marks:
        return stamp_of(file.path) != file.stamp
    return connection.was_replaced("marks") or _was_overwritten(connection, file)


def _was_overwritten(connection: Connection, file: OpenFile) -> bool:
    """Whether another program has written into the file itself, as ``cp`` does.

    The file also changes when a log is written back into it. Then there is
    something in the log, or SQLite counts the version on.
    """
    now = file.looked_at()
    if file.stamp is None or now.stamp is None or now.stamp.changed == file.stamp.changed:
        return False
    before = connection.marks_version
    connection.look_at_marks()
    logs = (file.log, now.log)
    return connection.marks_version == before and not any(log is not None and log.size for log in logs)


def _write_back(connection: Connection, file: OpenFile) -> None:
    """Put the marks back that are still open though their file was deleted, unless another reader just did."""
    rescued = Path(f"{file.path}.{os.getpid()}.rescued")
    try:
        with store_errors(rescued):
            connection.execute("VACUUM marks INTO ?", (os.fspath(rescued),))
        _remove_log(file)
        with suppress(FileExistsError):
            os.link(rescued, file.path)
    except (StoreError, OSError):
        return  # the folder is gone as well, or the disk is full: what is said next is that the file is gone
    finally:
        with suppress(OSError):
            rescued.unlink()


def _remove_log(file: OpenFile) -> None:
    """Remove the write-ahead log of a file that is no longer there: SQLite would take it for that of the new one."""
    log = Path(f"{file.path}-wal")
    if file.log is not None and file.log.size and stamp_of(log) == file.log:
        with suppress(OSError):
            log.unlink()
            Path(f"{file.path}-shm").unlink()


def settle_marks(connection: Connection) -> None:
    """Write the log of the marks back into their file, so that the file is complete whoever copies it.

    Does nothing while another connection uses the log. Raises :class:`StoreError`.
    """
    file = connection.files.get("marks")
    if file is None or connection.no_marks or connection.in_transaction:
        return
    log = stamp_of(f"{file.path}-wal")
    if log is None or not log.size or connection.was_replaced("marks"):
        return
    with store_errors(file.path):
        connection.execute("PRAGMA busy_timeout = 0")
        try:
            connection.execute("PRAGMA marks.wal_checkpoint(TRUNCATE)").fetchone()
        finally:
            connection.execute(f"PRAGMA busy_timeout = {int(BUSY_SECONDS * 1000)}")
    connection.look_at_marks()
