"""Locations of sources: resolved paths on disk, and addresses on the network."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from zlib import crc32

from tui_reader.errors import SourceError
from tui_reader.model.text import visible
from tui_reader.named_tuple import NamedTuple
from tui_reader.sources.files.layout import ARCHIVE_ENDINGS


class RemotePaths(NamedTuple):
    """Where data from the network is stored: the feed store, and the folder of downloaded archives."""

    store: Path
    downloads: Path

    def archive(self, location: str) -> Path:
        """Return the file for the archive at ``location``."""
        import hashlib  # its import takes time, and few sources are archives

        return self.downloads / f"{hashlib.sha256(location.encode()).hexdigest()}{_ending(location)}"

    def old_archive(self, location: str) -> Path:
        """Return the file that version 0.1 had for the archive at ``location``, and perhaps for another one."""
        return self.downloads / f"{crc32(location.encode()):08x}{_ending(location)}"


def _ending(location: str) -> str:
    return next((ending for ending in ARCHIVE_ENDINGS if _path_of(location).endswith(ending)), ".tar.gz")


def is_remote(location: str) -> bool:
    """Return whether a source is on the network."""
    return location[:8].lower().startswith(("https://", "http://", "github:"))


def is_remote_archive(location: str) -> bool:
    """Return whether a source on the network is an archive of a collection."""
    return location.startswith("github:") or _path_of(location).endswith(ARCHIVE_ENDINGS)


def _path_of(location: str) -> str:
    return location.partition("#")[0].partition("?")[0].lower()


def named_path(name: str) -> Path:
    """Return the path that a person typed, with ``~`` expanded. Raises :class:`SourceError`."""
    try:
        return Path(name).expanduser()
    except RuntimeError as error:
        raise SourceError(f"{visible(name)}: there is no such user") from error


def is_there(name: str) -> bool:
    """Whether a text is the path of something that exists; one that is too long for a path is none."""
    try:
        return Path(name).exists()
    except OSError:
        return False


def resolve_locations(names: Iterable[str]) -> list[str]:
    """Return the resolved paths of ``names``, without duplicates, in their order.

    Two names of one folder count once, and so do the articles of a folder
    inside another one. Raises :class:`SourceError` for a path that does not
    exist.
    """
    found: dict[str, None] = {}
    for name in names:
        found[_resolve(name)] = None
    if len(found) < 2:
        return list(found)
    # Not needed for a single source, which should open fast.
    from tui_reader.sources.collection import drop_nested

    return drop_nested(list(found))


def _resolve(name: str) -> str:
    if not name:
        raise SourceError("a source without a name: give a folder, a file or an archive")
    try:
        location = str(Path(name).expanduser().resolve(strict=True))
        location.encode()
    except UnicodeEncodeError as error:
        raise SourceError(f"{visible(name)}: the name is not UTF-8: rename it") from error
    except (FileNotFoundError, NotADirectoryError, RuntimeError, ValueError) as error:
        raise SourceError(f"{visible(name)}: no such file or folder") from error
    except OSError as error:
        raise SourceError(f"{visible(name)} cannot be read: {error.strerror}") from error
    return location
