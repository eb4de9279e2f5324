"""Collections in archives (zip, tar), read member by member without unpacking to disk."""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path, PurePosixPath

from tui_reader.errors import SourceError
from tui_reader.model.text import visible
from tui_reader.named_tuple import NamedTuple
from tui_reader.sources.files.archive_limits import ArchiveLimits, ArchiveRefused, Skipped
from tui_reader.sources.files.layout import ARTICLE_ENDINGS, MAX_FILE_BYTES, is_article_file, is_ignored
from tui_reader.sources.files.stamp import FileStamp, stamp_of

_LINK = "is a link, and links in archives are not followed"
_UNUSUAL = re.compile(r"(?:^|/)\.?(?:/|$)")  # parts that a path does not need; looking for them is faster
_READABLE = (*ARTICLE_ENDINGS, ".yml", ".yaml")
_MAX_SKIPPED = 100  # members that are told one by one
_MAX_NAMED = 32 * 1024 * 1024  # bytes of configurations: those of a site have some hundred KB


class ArchiveCollection(NamedTuple):
    """An archive of a site, a folder or a single file."""

    location: str

    def stamp(self) -> FileStamp:
        """Return the stamp of the archive file. Raises :class:`SourceError`."""
        return stamp_of(self.location)

    def members(
        self, skipped: list[Skipped] | None = None, look: Callable[[str], object] | None = None
    ) -> Iterator[tuple[FileStamp, bytes]]:
        """Yield the stamp and the contents of each file that can be part of a collection.

        ``look`` is called with the path of every file.

        Contents are cut one byte after :data:`MAX_FILE_BYTES`, so that the
        parser refuses that file only. Articles that are links are added to
        ``skipped``. Raises :class:`SourceError` where the archive is damaged,
        too large, or has members outside of its root.
        """
        read = _zip_members if self.location.lower().endswith(".zip") else _tar_members
        skip = _Skip([] if skipped is None else skipped)
        try:
            yield from read(self.location, skip, _looking(look) if look else _is_readable)
        except _damage_errors() as error:
            raise _damaged(self.location, error) from error

    def named(self, wanted: Callable[[str], bool], last: Callable[[str], bool]) -> dict[str, bytes]:
        """Return the files whose paths are ``wanted``, by path; do not go on after the ``last`` one.

        They are cut one byte after what a configuration can have, and no more
        are kept than a site has. Of an archive that is damaged, there are those
        before the damage.
        """
        from tui_reader.sources.files.addresses.config_data import MAX_BYTES

        found: dict[str, bytes] = {}
        size = 0
        for path, data in self.beginnings(wanted, MAX_BYTES + 1):
            size += len(data)
            if size <= _MAX_NAMED:
                found.setdefault(path, data)
            if last(path):
                break
        return found

    def beginnings(self, wanted: Callable[[str], bool], size: int) -> Iterator[tuple[str, bytes]]:
        """Yield the paths of the files that are ``wanted``, each with its first ``size`` bytes.

        Of an archive that is damaged, those before the damage.
        """
        read = _zip_members if self.location.lower().endswith(".zip") else _tar_members
        try:
            for stamp, data in read(self.location, _Skip([]), wanted, size):
                yield stamp.path, data
        except SourceError:
            return  # to read the articles reports it
        except _damage_errors():
            return

    def check_start(self) -> None:
        """Raise :class:`SourceError` unless the file begins like an archive, or ends like one if it is a zip."""
        limits = ArchiveLimits(self.location)
        try:
            with open(self.location, "rb") as file:
                if self.location.lower().endswith(".zip"):
                    from tui_reader.sources.files.zip import ZipReader

                    ZipReader(file, limits)
                else:
                    from tui_reader.sources.files.decompression import UnpackedStream
                    from tui_reader.sources.files.tar import tar_members

                    next(tar_members(UnpackedStream(file, limits), limits), None)
        except _damage_errors() as error:
            raise _damaged(self.location, error) from error


def _damage_errors() -> tuple[type[Exception], ...]:
    """Return the errors for damaged data, and for a file that cannot be read."""
    from lzma import LZMAError

    return (zlib.error, LZMAError, EOFError, OSError, ValueError)


def _damaged(location: str, error: Exception) -> SourceError:
    reason = visible(str(error)) or type(error).__name__
    if "Memory usage limit" in reason:  # the words of lzma, which has no error of its own for it
        return ArchiveRefused(visible(location), "it takes too much memory to unpack; pack it with xz -9 or less")
    return SourceError(f"{visible(location)} is damaged or not an archive: {reason}")


class _Skip:
    """Notes the articles of an archive that are not read."""

    def __init__(self, skipped: list[Skipped]) -> None:
        self._skipped = skipped

    def __call__(self, name: str, reason: str) -> None:
        path = str(PurePosixPath(name))
        if is_article_file(path) and not is_ignored(path) and len(self._skipped) < _MAX_SKIPPED:
            self._skipped.append(Skipped(path, reason))


def _is_readable(name: str) -> bool:
    return name.lower().endswith(_READABLE)


def _looking(look: Callable[[str], object]) -> Callable[[str], bool]:
    def is_wanted(name: str) -> bool:
        look(name)
        return _is_readable(name)

    return is_wanted


def _path(name: str) -> str:
    return str(PurePosixPath(name)) if _UNUSUAL.search(name) else name


def contents_stamp(path: str, data: bytes) -> FileStamp:
    """Return the stamp of a member of an archive with these contents."""
    # Many archives give all members one date, so a checksum replaces the modification time.
    return FileStamp(path, len(data), zlib.crc32(data))


def _zip_members(
    location: str,
    skip: Callable[[str, str], None],
    wanted: Callable[[str], bool] = _is_readable,
    most: int = MAX_FILE_BYTES + 1,
) -> Iterator[tuple[FileStamp, bytes]]:
    from tui_reader.sources.files.zip import ZipReader

    with open(location, "rb") as file:
        archive = ZipReader(file, ArchiveLimits(location))
        archive.check()
        for member in archive.members():
            if member.is_link:
                skip(member.name, _LINK)
            elif member.is_file and wanted(path := _path(member.name)):
                data = archive.read(member, most)
                yield contents_stamp(path, data), data


def _tar_members(
    location: str,
    skip: Callable[[str, str], None],
    wanted: Callable[[str], bool] = _is_readable,
    most: int = MAX_FILE_BYTES + 1,
) -> Iterator[tuple[FileStamp, bytes]]:
    from tui_reader.sources.files.decompression import UnpackedStream
    from tui_reader.sources.files.tar import BLOCK, tar_members

    limits = ArchiveLimits(location)
    with open(location, "rb") as file:
        stream = UnpackedStream(file, limits)
        for member in tar_members(stream, limits):
            if member.target is not None:
                skip(member.name, _LINK)
            elif member.is_file and wanted(path := _path(member.name)):
                size = min(member.size, most)
                data = stream.read(size)
                if len(data) < size:
                    raise limits.damage("it is cut off")
                yield contents_stamp(path, data), data
        # Read on to the end, where the compression's checksum is verified.
        while stream.read(64 * 1024):
            pass
        if stream.count % BLOCK:
            raise limits.damage("it is cut off")


def open_archive(path: Path) -> ArchiveCollection:
    """Return the collection in the archive at ``path``, a resolved path."""
    return ArchiveCollection(str(path))
