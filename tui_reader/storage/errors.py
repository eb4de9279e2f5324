"""Turns SQLite errors into :class:`StoreError`, with a message that names the file and says what to do."""

from __future__ import annotations

import errno
import functools
import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import ParamSpec, TypeVar

from tui_reader.errors import DamagedFile, StoreError
from tui_reader.storage.open_files import Connection

P = ParamSpec("P")
R = TypeVar("R")

DAMAGE = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB})
"""The primary codes of errors that mean: this file is damaged."""

_READING = frozenset(
    {sqlite3.SQLITE_IOERR_READ, sqlite3.SQLITE_IOERR_SHORT_READ, sqlite3.SQLITE_IOERR_FSTAT}
)  # what else goes wrong with a disk is about writing: even a reader writes the file that it shares with others
_ALMOST_FULL = 1 << 20  # bytes


def raises_store_error(method: Callable[P, R]) -> Callable[P, R]:
    """Decorate ``method`` so that it raises :class:`StoreError` in place of :class:`sqlite3.Error`.

    The message names the file if the first argument is a path or has a connection as ``_db``.
    """

    @functools.wraps(method)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return method(*args, **kwargs)
        except sqlite3.Error as error:
            raise store_error(error, getattr(args[0], "_db", args[0]) if args else None) from error

    return guarded


@contextmanager
def store_errors(place: object = None) -> Iterator[None]:
    """Raise :class:`StoreError` in place of any :class:`sqlite3.Error` raised in the block.

    ``place`` is the connection, or the path of the file.
    """
    try:
        yield
    except sqlite3.Error as error:
        raise store_error(error, place) from error


@contextmanager
def damage_found(path: Path) -> Iterator[None]:
    """Raise errors of the file at ``path`` as :func:`store_errors` does, but give no advice on damage: checks do."""
    try:
        yield
    except sqlite3.Error as error:
        if primary_code(error) in DAMAGE:
            raise DamagedFile(f"{path} is damaged ({error})", str(path)) from error
        raise store_error(error, path) from error


def primary_code(error: sqlite3.Error) -> int:
    """Return the code of an error without its details; -1 if SQLite had no part in it."""
    return getattr(error, "sqlite_errorcode", -1) & 0xFF


def store_error(error: sqlite3.Error, place: object = None) -> StoreError:
    """Return the error to raise in place of one of SQLite; ``place`` is the connection or the path."""
    files = place.files if isinstance(place, Connection) else {}
    path = str(place) if isinstance(place, Path) else ""
    if primary_code(error) in DAMAGE:
        return _damage(error, place, path)
    used = "marks" if isinstance(place, Connection) and place.writes_marks else "main"
    file = files.get(used)
    path = path or (str(file.path) if file is not None else "the file")
    if file is not None and file.unwritable and primary_code(error) == sqlite3.SQLITE_READONLY:
        return StoreError(file.unwritable)
    return StoreError(_message(error, path))


def _message(error: sqlite3.Error, path: str) -> str:
    code = primary_code(error)
    sentence = _SENTENCES.get(code, _UNEXPECTED)
    if code in {sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CANTOPEN} and _is_full(path):
        sentence = _FULL
    elif code in {sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN} and _is_read_only(path):
        sentence = "{path} cannot be written: its disk is read-only"
    elif code == sqlite3.SQLITE_IOERR and error.sqlite_errorcode in _READING:
        sentence = "{path} cannot be read ({error}): check the disk"
    return sentence.format(path=path, error=error, reason=_reason(path))


_FULL = "the disk is full: {path} cannot be written. Free some space and try again; nothing is lost"
_PERMISSIONS = "check the file, its permissions and those of its folder"
_UNEXPECTED = "{path} is not as this news-tui needs it ({error}): start news-tui again, and report this if it stays"
_BUSY = (
    "another news-tui has been writing to {path} for too long: wait until it has finished, or stop it, and try again"
)
_SENTENCES = {
    sqlite3.SQLITE_FULL: _FULL,
    sqlite3.SQLITE_IOERR: "{path} cannot be written ({error}): the disk or your quota is full, or the disk fails. "
    "Free some space and try again; nothing is lost",
    sqlite3.SQLITE_BUSY: _BUSY,
    sqlite3.SQLITE_LOCKED: _BUSY,
    sqlite3.SQLITE_READONLY: f"{{path}} cannot be written ({{error}}): {_PERMISSIONS}",
    sqlite3.SQLITE_PERM: f"{{path}} cannot be written ({{error}}): {_PERMISSIONS}",
    sqlite3.SQLITE_CANTOPEN: f"{{path}} cannot be opened{{reason}}: {_PERMISSIONS}",
}


def _is_full(path: str) -> bool:
    """Whether there is hardly any room left where ``path`` is."""
    try:
        disk = os.statvfs(Path(path).parent)
    except OSError:
        return False
    return disk.f_bavail * disk.f_frsize < _ALMOST_FULL or (disk.f_files > 0 and disk.f_favail == 0)


def _is_read_only(path: str) -> bool:
    """Whether the file system of an existing file is mounted for reading only."""
    try:
        return Path(path).is_file() and bool(os.statvfs(path).f_flag & os.ST_RDONLY)
    except OSError:
        return False


def _reason(path: str) -> str:
    """Say why a file cannot be opened, which SQLite does not.

    The file is not opened to find out: closing it would drop the locks that
    SQLite has on it, and another process would remove the log that is in use.
    """
    try:
        if Path(path).is_dir():
            return f" ({os.strerror(errno.EISDIR)})"
        if Path(path).exists():
            return "" if os.access(path, os.R_OK) else f" ({os.strerror(errno.EACCES)})"
        Path(path).parent.stat()
    except OSError as error:
        return f" ({error.strerror})"
    return ""


def _damage(error: sqlite3.Error, place: object, path: str) -> StoreError:
    """Return the error for a damaged file: of several files of a connection, the one that is."""
    if not isinstance(place, Connection) or not place.files:
        return DamagedFile(f"{path or 'a file'} is damaged ({error}): ‘news-tui doctor’ says what helps", path)
    file = place.files[_damaged(place)]
    return DamagedFile(f"cannot read {file.content} in {file.path} ({error}): {file.advice}", str(file.path))


def _damaged(connection: Connection) -> str:
    """Return the name of the file of a connection that is damaged; the marks first, which are small."""
    names = list(reversed(connection.files))
    for name in names[:-1]:
        try:
            (found,) = connection.execute(f"PRAGMA {name}.quick_check(1)").fetchone()
        except sqlite3.Error:
            return name
        if found != "ok":
            return name
    return names[-1]
