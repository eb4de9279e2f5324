"""Keeps three copies of each file that cannot be rebuilt: marks, fetched articles, sources, views, accounts."""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path

from tui_reader.config import Folders, read_text, read_toml
from tui_reader.errors import DamagedFile, NewsError, StoreError
from tui_reader.model.counted import counted
from tui_reader.model.dates import DAY
from tui_reader.named_tuple import NamedTuple
from tui_reader.private_files import status_of, sync_folder
from tui_reader.storage import traces
from tui_reader.storage.connection import JOURNALS, make_folder, open_for_checking
from tui_reader.storage.errors import DAMAGE, primary_code, store_error, store_errors
from tui_reader.storage.locks import exclusive_lock

COPIES = 3
"""How many copies of a file are kept."""

_FAR_SMALLER = 2  # a file with less than this part of what it had is no reason to drop the copy that has it all
_SPARE = 1 << 20  # bytes that must be left free on the disk, besides the size of the file


class Kept(NamedTuple):
    """A file of which copies are kept: how to look into it, and how to copy it."""

    name: str  # as `news-tui doctor --restore` has it
    path: Path
    folder: Path
    look_into: Callable[[Path, bool], Content]
    copy: Callable[[Path, Path], None]

    def content(self, path: Path, *, thorough: bool = True) -> Content:
        """Look into the file, or into a copy of it; ``thorough`` reads all of it.

        Raises :class:`StoreError` or :class:`UsageError` if it is damaged.
        """
        return self.look_into(path, thorough)

    def copies(self) -> list[Path]:
        """Return the copies that are there, the newest first."""
        paths = (self.copy_path(number) for number in range(1, COPIES + 1))
        return [path for path in paths if path.exists()]

    @property
    def is_database(self) -> bool:
        """Whether it is a file of SQLite; of these, a trace stays before there is a copy."""
        return self.path.suffix == ".db"

    def was_there(self) -> bool:
        """Whether there has been such a file, as its trace or a copy tells."""
        return bool(self.copies()) or (self.is_database and traces.was_there(self.path))

    def note_trace(self) -> None:
        """Leave a trace of the file, if it is one of which that is needed."""
        if self.is_database:
            traces.note(self.path)

    def copy_path(self, number: int) -> Path:
        """Return where a copy is; number 1 is the newest."""
        return self.folder / f"{self.path.name}.{number}"


class Content(NamedTuple):
    """What is in a file: its size in things that the user would miss, and the same in words."""

    size: int
    words: str


def kept_files(folders: Folders) -> list[Kept]:
    """Return the files of which copies are kept; the copies are in a folder beside the marks."""
    copies = folders.data / traces.COPIES
    return [
        Kept("marks", folders.marks, copies, _marks_content, _copy_database),
        Kept("fetched", folders.fetched, copies, _fetched_content, _copy_database),
        Kept("sources", folders.sources, copies, _sources_content, _copy_text),
        Kept("views", folders.views, copies, _views_content, _copy_text),
        Kept("accounts", folders.accounts, copies, _accounts_content, _copy_text),
    ]


# -- what is in a file ---------------------------------------------------------


def _marks_content(path: Path, thorough: bool) -> Content:
    read, saved, corrections, mutes, has_tags = _numbers(
        path,
        thorough,
        "SELECT count(read) FROM mark",
        "SELECT count(saved) FROM mark",
        "SELECT count(*) FROM correction",
        "SELECT count(*) FROM mute",
        "SELECT count(*) FROM sqlite_master WHERE name = 'tag'",  # not in a copy that an older version made
    )
    tables = ("SELECT count(DISTINCT page) FROM tag", "SELECT count(*) FROM note", "SELECT count(*) FROM filter")
    tagged, notes, filters = _numbers(path, False, *tables) if has_tags else (0, 0, 0)
    words = [f"{read:,} read", f"{saved:,} saved"]
    others = ((corrections, "corrected"), (mutes, "muted"), (tagged, "tagged"))
    words += [f"{number:,} {what}" for number, what in others if number]
    for number, what in ((notes, "note"), (filters, "filter")):
        words += [counted(number, what)] if number else []
    return Content(read + saved + corrections + mutes + tagged + notes + filters, ", ".join(words))


def _fetched_content(path: Path, thorough: bool) -> Content:
    entries, sources, has_texts = _numbers(
        path,
        thorough,
        "SELECT count(*) FROM entry",
        "SELECT count(*) FROM source",
        "SELECT count(*) FROM sqlite_master WHERE name = 'full_text'",  # not in a copy that an older version made
    )
    texts = _numbers(path, False, "SELECT count(*) FROM full_text WHERE stamp <> 0")[0] if has_texts else 0
    words = f"{entries:,} {'article' if entries == 1 else 'articles'} of {_sources(sources)}"
    words += f", {texts:,} full {'text' if texts == 1 else 'texts'}" if texts else ""
    return Content(entries + texts, words)


def check_fetched(path: Path) -> None:
    """Read all of the feed store. Raises :class:`DamagedFile` if it is damaged, else what else is wrong."""
    _fetched_content(path, True)


def _sources_content(path: Path, _: bool) -> Content:
    number = _tables(path, "source")
    return Content(number, _sources(number))


def _views_content(path: Path, _: bool) -> Content:
    number = _tables(path, "view")
    return Content(number, counted(number, "view"))


def _accounts_content(path: Path, _: bool) -> Content:
    number = _tables(path, "account")
    return Content(number, counted(number, "account"))


def _tables(path: Path, name: str) -> int:
    """Return how many ``[[name]]`` tables a file has. Raises :class:`UsageError` if it is not TOML."""
    found = read_toml(path).get(name, [])
    return len(found) if isinstance(found, list) else 0


def _sources(number: int) -> str:
    return f"{number:,} {'source' if number == 1 else 'sources'}"


def _numbers(path: Path, thorough: bool, *questions: str) -> list[int]:
    """Answer questions about a database, which is not changed."""
    with closing(open_for_checking(path)) as connection:
        try:
            (found,) = connection.execute("PRAGMA quick_check(1)").fetchone() if thorough else ("ok",)
            if found == "ok":
                return [int(connection.execute(question).fetchone()[0]) for question in questions]
        except sqlite3.Error as error:
            if primary_code(error) not in DAMAGE | {sqlite3.SQLITE_ERROR}:  # the latter: a table is missing
                raise store_error(error, path) from error
            found = str(error)
    reason = f"damaged ({found.splitlines()[-1]})" if path.stat().st_size else "empty"
    raise DamagedFile(f"{path} is {reason}", str(path))


# -- making copies ---------------------------------------------------------------


def make_copies(folders: Folders, now: float | None = None) -> list[str]:
    """Copy each file whose newest copy is a day old; return why one could not be copied, as a sentence.

    A file that is missing, damaged, or has far less than before never replaces
    a copy that has it all.
    """
    now = time.time() if now is None else now
    for kept in kept_files(folders):
        if kept.path.exists() and _is_due(kept, now):
            try:
                with exclusive_lock(kept.folder):
                    if _is_due(kept, now):  # else another process has made it meanwhile
                        _make_copy(kept, now)
            except DamagedFile:
                continue  # whoever needs the file says so
            except (NewsError, OSError) as error:
                reason = error.strerror if isinstance(error, OSError) else str(error)
                return [f"{kept.path} was not copied: {reason}"]  # neither will the others be
    return []


def _is_due(kept: Kept, now: float) -> bool:
    newest = status_of(kept.copy_path(1))
    # A clock that was set back must not stop the copies until it has caught up.
    return newest is None or abs(now - newest.st_mtime) >= DAY


def _make_copy(kept: Kept, now: float) -> None:
    content = kept.content(kept.path, thorough=False)
    kept.note_trace()
    copies = kept.copies()
    if not content.size:
        return  # there is nothing to copy, or something has emptied it
    make_folder(kept.folder)
    _check_room(kept)
    fresh = kept.folder / f"{kept.path.name}.new"
    remove_copy(fresh)
    try:
        kept.copy(kept.path, fresh)
        if kept.content(fresh).size < content.size:  # a copy is as damaged as its original
            raise StoreError("the copy is not complete")
        with fresh.open("rb") as file:
            os.fsync(file.fileno())
        import filecmp

        if copies and filecmp.cmp(fresh, copies[0], shallow=False):
            os.utime(copies[0], (now, now))  # older copies are worth more than one more of the same
            return
        os.utime(fresh, (now, now))
        _rotate(kept, content.size)
        fresh.replace(kept.copy_path(1))
        sync_folder(kept.folder)
    finally:
        remove_copy(fresh)


def _rotate(kept: Kept, size: int) -> None:
    """Make room for copy 1: the others move on by one, and the oldest goes unless it alone has most of the content."""
    oldest, last = kept.copy_path(COPIES), COPIES
    if oldest.exists():
        others = [_size(kept, copy) for copy in kept.copies()[:-1]]
        if _size(kept, oldest) > _FAR_SMALLER * max(size, *others, 0):
            last -= 1  # something has emptied the file since: the copy with all of it stays where it is
    for number in range(last, 1, -1):
        if kept.copy_path(number - 1).exists():
            kept.copy_path(number - 1).replace(kept.copy_path(number))


def _size(kept: Kept, copy: Path) -> int:
    try:
        return kept.content(copy, thorough=False).size
    except NewsError:
        return 0  # a damaged copy is worth nothing


def _check_room(kept: Kept) -> None:
    disk = os.statvfs(kept.folder)
    if disk.f_bavail * disk.f_frsize < 2 * kept.path.stat().st_size + _SPARE:
        raise StoreError("there is too little room on the disk")


def remove_copy(path: Path) -> None:
    """Delete a file that is no longer needed, with the journals that SQLite made for it."""
    for suffix in JOURNALS:
        with suppress(FileNotFoundError):
            Path(f"{path}{suffix}").unlink()


def _copy_database(path: Path, to: Path) -> None:
    """Copy a database as it is at one moment, whoever writes to it; raises :class:`StoreError`."""
    with (
        store_errors(path),
        closing(sqlite3.connect(path, timeout=10)) as source,
        store_errors(to),
        closing(sqlite3.connect(to)) as copy,
    ):
        source.backup(copy)
        # One file by itself: nobody else will look for its write-ahead log.
        copy.execute("PRAGMA journal_mode = DELETE").fetchone()


def _copy_text(path: Path, to: Path) -> None:
    to.write_text(read_text(path), encoding="utf-8")
    to.chmod(0o600)  # it may hold passwords, whatever its folder was opened for
