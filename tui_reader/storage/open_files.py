"""The files that a connection has open: what each is for, and whether it is still the one at its path."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from tui_reader.named_tuple import NamedTuple
from tui_reader.private_files import status_of


class FileStamp(NamedTuple):
    """What tells a file from another one at the same path, and from itself after somebody else wrote to it."""

    device: int
    inode: int
    size: int
    changed: int  # nanoseconds since 1970

    def is_same_file(self, other: FileStamp | None) -> bool:
        """Whether both are one file, which nobody has cut."""
        return other is not None and self[:2] == other[:2] and other.size >= self.size


def stamp_of(path: str | Path) -> FileStamp | None:
    """Return the stamp of the file at ``path``, or ``None`` where there is none."""
    status = status_of(Path(path))
    if status is None:
        return None
    return FileStamp(status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns)


class OpenFile(NamedTuple):
    """A file of a connection.

    ``content`` names in messages what is in it, ``advice`` what helps if it is
    damaged. ``address`` is the URI that SQLite opened it by. ``unwritable``
    says, as a sentence, why it was opened for reading only. ``stamp`` and
    ``log`` are those of the file and of its write-ahead log when it was last
    looked at.
    """

    path: Path
    content: str
    advice: str
    address: str
    unwritable: str = ""
    stamp: FileStamp | None = None
    log: FileStamp | None = None

    def looked_at(self) -> OpenFile:
        """Return the file with the stamps that it has now."""
        return self._replace(stamp=stamp_of(self.path), log=stamp_of(f"{self.path}-wal"))


class Connection(sqlite3.Connection):
    """A connection that knows its files, by the names that SQL has for them (``main``, ``marks``)."""

    def __init__(self, *args: object, **options: object) -> None:
        super().__init__(*args, **options)  # type: ignore[arg-type]  # passed on as they are
        self.files: dict[str, OpenFile] = {}
        self.writes_marks = False
        """Whether the present transaction is one on the marks."""
        self.attached = 0
        """How often marks were attached; another file counts its versions anew."""
        self.marks_version = 0
        """SQLite's count of the changes of the marks by others when their file was last looked at."""
        self.no_marks = ""
        """Why there are no marks and none can be stored; empty if there are."""

    def look_at_marks(self) -> None:
        """Remember what the file of the marks is like now."""
        self.files["marks"] = self.files["marks"].looked_at()
        (self.marks_version,) = self.execute("PRAGMA marks.data_version").fetchone()

    def was_replaced(self, name: str) -> bool:
        """Whether the file at the path of ``main`` or ``marks`` is another one than is open, gone, or was cut."""
        file = self.files.get(name)
        return file is not None and file.stamp is not None and not file.stamp.is_same_file(stamp_of(file.path))
