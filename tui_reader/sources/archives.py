"""Collections inside archives, read member by member and never unpacked to disk."""

from __future__ import annotations

import os
import stat
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO

from tui_reader.errors import SourceError
from tui_reader.sources.collection import MAX_FILE_BYTES, FileStamp

MAX_ARCHIVE_BYTES = 2 * 1024**3
"""What an archive may hold in all, unpacked; beyond it is taken for a bomb."""

MAX_MEMBERS = 500_000
"""Members of an archive; the reader is built for a fifth of that."""

_TAR_ENDINGS = (".tar", ".tar.gz", ".tgz", ".tar.xz", ".txz", ".tar.bz2", ".tbz2")


def is_archive(name: str) -> bool:
    """Whether a file of this name is read as an archive."""
    return name.lower().endswith((".zip", *_TAR_ENDINGS))


@dataclass(frozen=True, slots=True)
class ArchiveCollection:
    """An archive of a site, of a bare folder or of one file."""

    location: str

    def stamp(self) -> FileStamp:
        """The archive file's own size and time of change: unchanged means nothing to do."""
        status = os.stat(self.location)
        return FileStamp("", status.st_size, status.st_mtime_ns)

    def members(self) -> Iterator[tuple[FileStamp, bytes]]:
        """Give the stamp and the bytes of every regular file that could belong to a collection.

        A member over the size of an article comes with one byte more than is
        allowed, so that the parser refuses it by name. Raises
        :class:`SourceError` where the archive is damaged, where a member's
        name climbs out of it, or where it inflates beyond all measure.
        """
        opener = _zip_members if self.location.lower().endswith(".zip") else _tar_members
        try:
            yield from opener(self.location)
        except SourceError:
            raise
        except _damage() as error:
            raise SourceError(f"{self.location} is damaged or no archive: {error}") from error


def _damage() -> tuple[type[Exception], ...]:
    """What the standard library raises for an archive that is damaged or none."""
    import tarfile
    import zipfile
    from lzma import LZMAError

    known = (tarfile.TarError, zipfile.BadZipFile, zlib.error, LZMAError)
    return (*known, EOFError, OSError, NotImplementedError, RuntimeError)


class _Gauge:
    """Counts what came out of an archive and refuses what is too much or climbs out."""

    def __init__(self, location: str) -> None:
        self._location = location
        self._bytes = 0
        self._members = 0

    def member(self, name: str, size: int, target: str | None = None) -> None:
        self._members += 1
        self._bytes += size
        if _climbs(name):
            raise SourceError(f"{self._location} is refused: its member {name!r} climbs out of the archive")
        if target is not None and _climbs(str(PurePosixPath(name).parent / target)):
            raise SourceError(f"{self._location} is refused: its link {name!r} leads out of the archive")
        if self._members > MAX_MEMBERS:
            raise SourceError(f"{self._location} is refused: more than {MAX_MEMBERS:,} members")
        if self._bytes > MAX_ARCHIVE_BYTES:
            raise SourceError(
                f"{self._location} is refused: at {name!r} it inflates beyond {MAX_ARCHIVE_BYTES // 1024**3} GB"
            )


def _climbs(name: str) -> bool:
    if name.startswith(("/", "\\")) or (len(name) > 1 and name[1] == ":"):
        return True
    level = 0
    for part in name.replace("\\", "/").split("/"):
        level += -1 if part == ".." else 0 if part in {"", "."} else 1
        if level < 0:
            return True
    return False


def _wanted(name: str) -> bool:
    return name.lower().endswith((".md", ".markdown", ".yml", ".yaml"))


def _member(name: str, data: bytes) -> tuple[FileStamp, bytes]:
    # Archives are often packed with one date for all, so a checksum of the
    # bytes stands where a file has its time of change.
    return FileStamp(str(PurePosixPath(name)), len(data), zlib.crc32(data)), data


def _read(file: IO[bytes]) -> bytes:
    return file.read(MAX_FILE_BYTES + 1)


def _zip_members(location: str) -> Iterator[tuple[FileStamp, bytes]]:
    import zipfile

    with zipfile.ZipFile(location) as archive:
        gauge = _Gauge(location)
        infos = archive.infolist()
        for info in infos:
            mode = info.external_attr >> 16
            target = None
            if stat.S_ISLNK(mode):
                with archive.open(info) as link:
                    target = link.read(4096).decode("utf-8", errors="replace")
            # ZipFile turns backslashes and a leading slash into something
            # harmless; what the archive really says is in orig_filename.
            gauge.member(info.orig_filename, info.file_size, target)
        for info in infos:
            if info.is_dir() or stat.S_ISLNK(info.external_attr >> 16) or not _wanted(info.filename):
                continue
            with archive.open(info) as file:
                yield _member(info.filename, _read(file))


def _tar_members(location: str) -> Iterator[tuple[FileStamp, bytes]]:
    import tarfile

    with tarfile.open(location, "r|*") as archive:
        gauge = _Gauge(location)
        for member in archive:
            is_link = member.issym() or member.islnk()
            target = member.linkname if member.issym() else None
            gauge.member(member.name, member.size, target)
            if member.islnk() and _climbs(member.linkname):
                raise SourceError(f"{location} is refused: its link {member.name!r} leads out of the archive")
            if is_link or not member.isfile() or not _wanted(member.name):
                continue
            file = archive.extractfile(member)
            if file is not None:
                yield _member(member.name, _read(file))


def open_archive(path: Path) -> ArchiveCollection:
    """Return the collection in the archive at ``path``, a real path."""
    return ArchiveCollection(str(path))
