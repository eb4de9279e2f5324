"""The limits of archives, counted while one is read, and the members that make it unsafe."""

from __future__ import annotations

from pathlib import PurePosixPath

from tui_reader.errors import SourceError
from tui_reader.model.text import visible
from tui_reader.named_tuple import NamedTuple

MAX_ARCHIVE_BYTES = 2 * 1024**3
"""Largest total size of an archive's members, in bytes. A larger one is taken for a decompression bomb."""

MAX_MEMBERS = 500_000
"""Most members of an archive: five times as many as the index is designed for."""

_MAX_HEADER_BYTES = 1024 * 1024  # of one tar member's attributes; macOS adds resource forks to them
_MAX_NAME_BYTES = 64 * 1024  # of one long name in a tar; no file system has longer ones
_MAX_HEADERS_BYTES = 128 * 1024**2  # of all long names and attributes; usual are 100 bytes for each member
# The attributes that a tar gives to all members. Git writes one header of 52
# bytes, and each of several archives in one file may bring its own.
_MAX_GLOBAL_HEADERS = 16
_MAX_GLOBAL_BYTES = 16 * 1024


class Skipped(NamedTuple):
    """A member of an archive that was not read, and why."""

    path: str
    reason: str


class ArchiveRefused(SourceError):
    """An archive is unsafe; ``reason`` says why, without the archive's name."""

    def __init__(self, location: str, reason: str) -> None:
        super().__init__(f"{location} is refused: {reason}")
        self.reason = reason


class ArchiveDamaged(SourceError):
    """A file that begins like an archive cannot be read; ``reason`` says why, without its name."""

    def __init__(self, location: str, reason: str) -> None:
        super().__init__(f"{location} is damaged: {reason}")
        self.reason = reason


class ArchiveLimits:
    """Counts the members and bytes of an archive, and refuses unsafe members.

    ``is_archive`` tells damage from another kind of file, once the file has begun like an archive.
    """

    def __init__(self, location: str) -> None:
        self.location = visible(location)
        self.is_archive = False
        self._bytes = 0
        self._members = 0
        self._headers_bytes = 0
        self._global_headers = 0

    def refusal(self, reason: str) -> SourceError:
        """Return the error for an archive that is unsafe."""
        return ArchiveRefused(self.location, reason)

    def damage(self, reason: str) -> SourceError:
        """Return the error for an archive that cannot be read."""
        if self.is_archive:
            return ArchiveDamaged(self.location, reason)
        return SourceError(f"{self.location} is damaged or not an archive: {reason}")

    def check_member(self, name: str, size: int, target: str | None = None, *, hard: bool = False) -> None:
        """Count a member; ``target`` is where a link leads, from the root if it is ``hard``.

        Raises :class:`SourceError`.
        """
        self.check_count(self._members + 1)
        self._members += 1
        if size < 0:
            raise self.refusal(f"its member {name!r} has a negative size")
        self._bytes += size
        if "\0" in name or "\0" in (target or ""):
            raise self.refusal(f"the name of its member {name!r} contains a NUL character")
        if _escapes(name):
            raise self.refusal(f"its member {name!r} lies outside of the archive")
        if target is not None and _escapes(target if hard else str(PurePosixPath(name).parent / target)):
            raise self.refusal(f"its link {name!r} leads out of the archive")
        if self._bytes > MAX_ARCHIVE_BYTES:
            raise self.refusal(f"it unpacks to more than {MAX_ARCHIVE_BYTES // 1024**3} GB (at {name!r})")

    def check_count(self, members: int) -> None:
        """Refuse an archive of too many members. Raises :class:`SourceError`."""
        if members > MAX_MEMBERS:
            raise self.refusal(f"more than {MAX_MEMBERS:,} members")

    def check_stream(self, count: int) -> None:
        """Refuse a stream of which ``count`` bytes were unpacked, if that is too much. Raises :class:`SourceError`."""
        if count > MAX_ARCHIVE_BYTES:
            raise self.refusal(f"it unpacks to more than {MAX_ARCHIVE_BYTES // 1024**3} GB")

    def check_header(self, size: int, *, name: bool = False, shared: bool = False) -> None:
        """Refuse a long ``name`` or attributes of unreasonable size; ``shared`` ones belong to all members.

        Raises :class:`SourceError`.
        """
        if size < 0:
            raise self.refusal("a member has a negative size")
        if size > (_MAX_NAME_BYTES if name else _MAX_GLOBAL_BYTES if shared else _MAX_HEADER_BYTES):
            raise self.refusal(f"a member has a header of {size:,} bytes")
        self._headers_bytes += size
        self._global_headers += shared
        if self._headers_bytes > _MAX_HEADERS_BYTES:
            raise self.refusal(f"its headers have more than {_MAX_HEADERS_BYTES // 1024**2} MB")
        if self._global_headers > _MAX_GLOBAL_HEADERS:
            raise self.refusal(f"more than {_MAX_GLOBAL_HEADERS} global headers")


def _escapes(name: str) -> bool:
    """Return whether a path leads out of the folder that it is relative to."""
    if name.startswith(("/", "\\")) or (len(name) > 1 and name[1] == ":"):
        return True
    level = 0
    for part in name.replace("\\", "/").split("/"):
        level += -1 if part == ".." else 0 if part in {"", "."} else 1
        if level < 0:
            return True
    return False
