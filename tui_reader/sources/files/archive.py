"""Collections inside archives, read member by member and never unpacked to disk."""

from __future__ import annotations

import stat
import struct
import zlib
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path, PurePosixPath
from typing import IO, TYPE_CHECKING, NamedTuple, cast

from tui_reader.errors import SourceError
from tui_reader.model.text import visible
from tui_reader.sources.files.layout import MAX_FILE_BYTES
from tui_reader.sources.files.stamp import FileStamp, stamp_of

if TYPE_CHECKING:
    import tarfile

MAX_ARCHIVE_BYTES = 2 * 1024**3
"""What an archive may hold in all, unpacked; beyond it is taken for a bomb."""

MAX_MEMBERS = 500_000
"""Members of an archive; the reader is built for a fifth of that."""

_DESCRIPTION_BYTES = 1024 * 1024  # of a member of a tar file, read into memory at once


class ArchiveCollection(NamedTuple):
    """An archive of a site, of a bare folder or of one file."""

    location: str

    def stamp(self) -> FileStamp:
        """The archive file's own size and time of change: unchanged means nothing to do."""
        return stamp_of(self.location)

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
            reason = visible(str(error)) or type(error).__name__
            raise SourceError(f"{visible(self.location)} is damaged or no archive: {reason}") from error


def _damage() -> tuple[type[Exception], ...]:
    """What the standard library raises for an archive that is damaged or none."""
    import tarfile
    import zipfile
    from lzma import LZMAError

    known = (tarfile.TarError, zipfile.BadZipFile, zlib.error, LZMAError)
    # A damaged header makes of any field anything, and the library takes it as it comes.
    nonsense = (ValueError, KeyError, IndexError, TypeError, AttributeError, OverflowError, MemoryError, struct.error)
    return (*known, *nonsense, EOFError, OSError, NotImplementedError, RuntimeError)


class _Gauge:
    """Counts what came out of an archive and refuses what is too much or climbs out."""

    def __init__(self, location: str) -> None:
        self.location = visible(location)
        self._bytes = 0
        self._members = 0

    def member(self, name: str, size: int, target: str | None = None) -> None:
        self._members += 1
        self._bytes += max(0, size)
        if _climbs(name):
            raise SourceError(f"{self.location} is refused: its member {name!r} climbs out of the archive")
        if target is not None and _climbs(str(PurePosixPath(name).parent / target)):
            raise SourceError(f"{self.location} is refused: its link {name!r} leads out of the archive")
        if self._members > MAX_MEMBERS:
            raise SourceError(f"{self.location} is refused: more than {MAX_MEMBERS:,} members")
        if self._bytes > MAX_ARCHIVE_BYTES:
            raise SourceError(
                f"{self.location} is refused: at {name!r} it inflates beyond {MAX_ARCHIVE_BYTES // 1024**3} GB"
            )

    def description(self, size: int) -> None:
        """Refuse what describes a member (its long name, its attributes) where it is no description."""
        if not 0 <= size <= _DESCRIPTION_BYTES:
            raise SourceError(f"{self.location} is refused: a member’s description of {size:,} bytes")


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


def _unpacked(file: IO[bytes]) -> IO[bytes]:
    """The stream inside ``file``; unlike tarfile's own it knows when it was cut short."""
    # Each is loaded where it is needed only.
    start = file.read(6)
    file.seek(0)
    if start.startswith(b"\x1f\x8b"):
        import gzip

        return cast("IO[bytes]", gzip.open(file))
    if start.startswith(b"BZh"):
        import bz2

        return bz2.open(file)
    if start.startswith(b"\xfd7zXZ\0"):
        import lzma

        return lzma.open(file)
    return file


class _Measured:
    """A stream that counts what is read from it and refuses more than an archive may hold."""

    def __init__(self, stream: IO[bytes], location: str) -> None:
        self._stream = stream
        self.location = visible(location)
        self.count = 0

    def read(self, size: int) -> bytes:
        data = self._stream.read(size)
        self.count += len(data)
        if self.count > MAX_ARCHIVE_BYTES:
            raise SourceError(f"{self.location} is refused: it inflates beyond {MAX_ARCHIVE_BYTES // 1024**3} GB")
        return data


def _header_class(gauge: _Gauge) -> type[tarfile.TarInfo]:
    """A header that is looked at before tarfile acts on it."""
    import tarfile

    descriptions = (*tarfile.GNU_TYPES, tarfile.XHDTYPE, tarfile.XGLTYPE, tarfile.SOLARIS_XHDTYPE)

    class Header(tarfile.TarInfo):
        @classmethod
        def frombuf(cls, buf: bytes | bytearray, encoding: str, errors: str) -> Header:
            header = super().frombuf(buf, encoding, errors)
            if header.type in descriptions and header.type != tarfile.GNUTYPE_SPARSE:
                gauge.description(header.size)
            if header.size < 0:
                raise SourceError(f"{gauge.location} is refused: a member of less than nothing")
            return header

    return Header


def _tar_members(location: str) -> Iterator[tuple[FileStamp, bytes]]:
    import tarfile

    gauge = _Gauge(location)
    with open(location, "rb") as file, closing(_unpacked(file)) as unpacked:
        stream = _Measured(unpacked, location)
        with tarfile.open(fileobj=stream, mode="r|", tarinfo=_header_class(gauge)) as archive:  # type: ignore[call-overload]
            for member in archive:
                archive.members = []  # tarfile would keep them all
                gauge.member(member.name, member.size, member.linkname if member.issym() else None)
                if member.islnk() and _climbs(member.linkname):
                    raise SourceError(f"{gauge.location} is refused: its link {member.name!r} leads out of the archive")
                if not member.isfile() or not _wanted(member.name):
                    continue
                content = archive.extractfile(member)
                if content is not None:
                    yield _member(member.name, _read(content))
        # tarfile takes a stream that breaks off between two members for its
        # end. Read to the real end, whose checksum tells.
        while stream.read(64 * 1024):
            pass
        if stream.count % tarfile.BLOCKSIZE:
            raise SourceError(f"{gauge.location} is damaged: it breaks off in the middle")


def open_archive(path: Path) -> ArchiveCollection:
    """Return the collection in the archive at ``path``, a real path."""
    return ArchiveCollection(str(path))
