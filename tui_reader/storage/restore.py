"""Puts a copy in the place of a file; the file itself is set aside, never deleted."""

from __future__ import annotations

import fcntl
import os
import shutil
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

from tui_reader.errors import NewsError, StoreError, UsageError
from tui_reader.private_files import sync_folder
from tui_reader.storage import traces
from tui_reader.storage.connection import JOURNALS, make_folder, set_aside
from tui_reader.storage.copies import Kept, remove_copy
from tui_reader.storage.errors import primary_code, store_error
from tui_reader.storage.locks import exclusive_lock


def restore(kept: Kept, number: int | None = None) -> tuple[Path, Path | None]:
    """Put copy ``number``, or the newest that is sound, in place; return it, and where the file is that was there.

    Waits until no other process fetches or edits. Other readers take up the
    new file by themselves. Raises :class:`NewsError` and :class:`OSError`;
    the file is then as it was.
    """
    make_folder(kept.path.parent)
    with exclusive_lock(kept.folder), _lock(kept):
        copy = _chosen(kept, number)
        fresh = kept.path.with_name(f".{kept.path.name}.restored")
        remove_copy(fresh)
        try:
            _copy(kept, copy, fresh)
            aside = _put_aside(kept.path)
            fresh.replace(kept.path)
            sync_folder(kept.path.parent)
        finally:
            remove_copy(fresh)
        kept.note_trace()
    return copy, aside


def begin_anew(kept: Kept) -> Path | None:
    """Set a file aside, so that the next run begins an empty one; return where it is. Raises as :func:`restore`.

    Its copies stay, under other names.
    """
    make_folder(kept.folder)
    with exclusive_lock(kept.folder), _lock(kept):
        aside = _put_aside(kept.path)
        for copy in kept.copies():
            _rename(copy, f"{copy.name}.{_moment()}")
        traces.forget(kept.path)
    return aside


def _chosen(kept: Kept, number: int | None) -> Path:
    """Return the copy to restore; raises :class:`UsageError` if there is none."""
    copies = kept.copies()
    if number is not None:
        copy = kept.copy_path(number)
        if copy not in copies:
            raise UsageError(f"there is no copy {number} of {kept.path}: ‘news-tui doctor’ lists the copies")
        kept.content(copy)
        return copy
    for copy in copies:
        with suppress(NewsError):
            kept.content(copy)
            return copy
    raise UsageError(f"there is no sound copy of {kept.path}, so it stays as it is")


def _copy(kept: Kept, copy: Path, fresh: Path) -> None:
    """Copy a copy beside the file, and check that all of it is there."""
    try:
        shutil.copyfile(copy, fresh)
        fresh.chmod(0o600)
        with fresh.open("rb") as file:
            os.fsync(file.fileno())
        kept.content(fresh)
    except (NewsError, OSError) as error:  # the disk is full, or fails
        reason = error.strerror if isinstance(error, OSError) else str(error)
        raise StoreError(f"{kept.path} stays as it is: {copy} could not be copied to its folder: {reason}") from error


@contextmanager
def _lock(kept: Kept) -> Iterator[None]:
    """Hold what those hold who change the file."""
    if kept.is_database:
        with exclusive_lock(kept.path), _nobody_writes(kept.path):
            yield
        return
    folder = os.open(kept.path.parent, os.O_RDONLY)  # as edit_tables does
    try:
        fcntl.flock(folder, fcntl.LOCK_EX)
        yield
    finally:
        os.close(folder)


@contextmanager
def _nobody_writes(path: Path) -> Iterator[None]:
    """Hold the write lock of a database, if it is sound enough to be locked."""
    if not path.is_file():
        yield
        return
    with closing(sqlite3.connect(path, timeout=10, isolation_level=None)) as connection:
        try:
            connection.execute("BEGIN IMMEDIATE")
        except sqlite3.DatabaseError as error:
            if primary_code(error) == sqlite3.SQLITE_BUSY:
                raise store_error(error, path) from error
        yield


def _put_aside(path: Path) -> Path | None:
    """Rename the file with its journals; return its new path, or ``None`` if there was none."""
    there = [suffix for suffix in JOURNALS if Path(f"{path}{suffix}").exists()]
    if not there:
        return None
    name = f"{path.name}.set-aside-{_moment()}"
    try:
        set_aside(path, name)
    except OSError as error:
        raise StoreError(f"{path} cannot be set aside: {error.strerror}") from error
    return path.with_name(name)


def _rename(path: Path, name: str) -> None:
    try:
        path.rename(path.with_name(name))
    except OSError as error:
        raise StoreError(f"{path} cannot be set aside: {error.strerror}") from error


def _moment() -> str:
    return time.strftime("%Y-%m-%d-%H%M%S")
