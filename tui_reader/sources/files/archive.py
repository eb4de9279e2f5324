"""Collections in archives (zip, tar), read member by member without unpacking to disk."""

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
"""Largest total size of an archive's members, in bytes. A larger one is taken for a decompression bomb."""

MAX_MEMBERS = 500_000
"""Most members of an archive: five times as many as the index is designed for."""

_MAX_HEADER_BYTES = 1024 * 1024  # of a tar member's long name or attributes, which tarfile reads into memory


class ArchiveCollection(NamedTuple):
    """An archive of a site, a folder or a single file."""

    location: str

    def stamp(self) -> FileStamp:
        """Return the stamp of the archive file. Raises :class:`SourceError`."""
        return stamp_of(self.location)

    def members(self) -> Iterator[tuple[FileStamp, bytes]]:
        """Yield the stamp and the contents of each file that can be part of a collection.

        Contents are cut one byte after :data:`MAX_FILE_BYTES`, so that the
        parser refuses that file only. Raises :class:`SourceError` where the
        archive is damaged, too large, or has members outside of its root.
        """
        read = _zip_members if self.location.lower().endswith(".zip") else _tar_members
        try:
            yield from read(self.location)
        except SourceError:
            raise
        except _damage_errors() as error:
            reason = visible(str(error)) or type(error).__name__
            raise SourceError(f"{visible(self.location)} is damaged or not an archive: {reason}") from error


def _damage_errors() -> tuple[type[Exception], ...]:
    """Return the errors that the standard library raises for a damaged archive."""
    import tarfile
    import zipfile
    from lzma import LZMAError

    known = (tarfile.TarError, zipfile.BadZipFile, zlib.error, LZMAError)
    # The library uses the fields of a damaged header unchecked, so almost anything can follow.
    unchecked = (ValueError, KeyError, IndexError, TypeError, AttributeError, OverflowError, MemoryError, struct.error)
    return (*known, *unchecked, EOFError, OSError, NotImplementedError, RuntimeError)


class _Limits:
    """Counts the members and bytes of an archive, and refuses unsafe members."""

    def __init__(self, location: str) -> None:
        self.location = visible(location)
        self._bytes = 0
        self._members = 0

    def check_member(self, name: str, size: int, target: str | None = None) -> None:
        """Count a member; ``target`` is where a link leads. Raises :class:`SourceError`."""
        self._members += 1
        self._bytes += max(0, size)
        if _escapes(name):
            raise SourceError(f"{self.location} is refused: its member {name!r} lies outside of the archive")
        if target is not None and _escapes(str(PurePosixPath(name).parent / target)):
            raise SourceError(f"{self.location} is refused: its link {name!r} leads out of the archive")
        if self._members > MAX_MEMBERS:
            raise SourceError(f"{self.location} is refused: more than {MAX_MEMBERS:,} members")
        if self._bytes > MAX_ARCHIVE_BYTES:
            raise SourceError(
                f"{self.location} is refused: it unpacks to more than {MAX_ARCHIVE_BYTES // 1024**3} GB (at {name!r})"
            )

    def check_header(self, size: int) -> None:
        """Refuse a long name or attributes of unreasonable size."""
        if not 0 <= size <= _MAX_HEADER_BYTES:
            raise SourceError(f"{self.location} is refused: a member has a header of {size:,} bytes")


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


def _is_readable(name: str) -> bool:
    return name.lower().endswith((".md", ".markdown", ".yml", ".yaml"))


def _member(name: str, data: bytes) -> tuple[FileStamp, bytes]:
    # Many archives give all members one date, so a checksum replaces the modification time.
    return FileStamp(str(PurePosixPath(name)), len(data), zlib.crc32(data)), data


def _read(file: IO[bytes]) -> bytes:
    return file.read(MAX_FILE_BYTES + 1)


def _zip_members(location: str) -> Iterator[tuple[FileStamp, bytes]]:
    import zipfile

    with zipfile.ZipFile(location) as archive:
        limits = _Limits(location)
        infos = archive.infolist()
        for info in infos:
            mode = info.external_attr >> 16
            target = None
            if stat.S_ISLNK(mode):
                with archive.open(info) as link:
                    target = link.read(4096).decode("utf-8", errors="replace")
            # ZipFile removes backslashes and a leading slash from filename, not from orig_filename.
            limits.check_member(info.orig_filename, info.file_size, target)
        for info in infos:
            if info.is_dir() or stat.S_ISLNK(info.external_attr >> 16) or not _is_readable(info.filename):
                continue
            with archive.open(info) as file:
                yield _member(info.filename, _read(file))


def _decompressed(file: IO[bytes]) -> IO[bytes]:
    """Return the stream inside ``file``. Unlike tarfile's own, it notices truncation."""
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


class _LimitedStream:
    """A stream that counts the bytes read and refuses more than an archive may have."""

    def __init__(self, stream: IO[bytes], location: str) -> None:
        self._stream = stream
        self.location = visible(location)
        self.count = 0

    def read(self, size: int) -> bytes:
        data = self._stream.read(size)
        self.count += len(data)
        if self.count > MAX_ARCHIVE_BYTES:
            raise SourceError(f"{self.location} is refused: it unpacks to more than {MAX_ARCHIVE_BYTES // 1024**3} GB")
        return data


def _checked_header(limits: _Limits) -> type[tarfile.TarInfo]:
    """Return a TarInfo class that checks sizes before tarfile uses them."""
    import tarfile

    extensions = (*tarfile.GNU_TYPES, tarfile.XHDTYPE, tarfile.XGLTYPE, tarfile.SOLARIS_XHDTYPE)

    class Header(tarfile.TarInfo):
        @classmethod
        def frombuf(cls, buf: bytes | bytearray, encoding: str, errors: str) -> Header:
            header = super().frombuf(buf, encoding, errors)
            if header.type in extensions and header.type != tarfile.GNUTYPE_SPARSE:
                limits.check_header(header.size)
            if header.size < 0:
                raise SourceError(f"{limits.location} is refused: a member has a negative size")
            return header

    return Header


def _tar_members(location: str) -> Iterator[tuple[FileStamp, bytes]]:
    import tarfile

    limits = _Limits(location)
    with open(location, "rb") as file, closing(_decompressed(file)) as decompressed:
        stream = _LimitedStream(decompressed, location)
        with tarfile.open(fileobj=stream, mode="r|", tarinfo=_checked_header(limits)) as archive:  # type: ignore[call-overload]
            for member in archive:
                archive.members = []  # tarfile would keep all members in memory
                limits.check_member(member.name, member.size, member.linkname if member.issym() else None)
                if member.islnk() and _escapes(member.linkname):
                    raise SourceError(
                        f"{limits.location} is refused: its link {member.name!r} leads out of the archive"
                    )
                if not member.isfile() or not _is_readable(member.name):
                    continue
                content = archive.extractfile(member)
                if content is not None:
                    yield _member(member.name, _read(content))
        # To tarfile, a stream that ends between two members is complete. Read
        # on to the end, where the compression's checksum is verified.
        while stream.read(64 * 1024):
            pass
        if stream.count % tarfile.BLOCKSIZE:
            raise SourceError(f"{limits.location} is damaged: it is cut off")


def open_archive(path: Path) -> ArchiveCollection:
    """Return the collection in the archive at ``path``, a resolved path."""
    return ArchiveCollection(str(path))
