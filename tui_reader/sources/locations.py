"""From what a person typed to real paths, each once; and which locations are on the network."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple
from zlib import crc32

from tui_reader.errors import SourceError
from tui_reader.model.text import visible
from tui_reader.sources.files.layout import ARCHIVE_ENDINGS


class RemotePaths(NamedTuple):
    """Where what came over the network is kept: the articles of feeds and APIs, and whole archives."""

    store: Path
    downloads: Path

    def archive(self, location: str) -> Path:
        """The file that a remote archive is kept in."""
        ending = next((ending for ending in ARCHIVE_ENDINGS if _path_of(location).endswith(ending)), ".tar.gz")
        return self.downloads / f"{crc32(location.encode()):08x}{ending}"


def is_remote(location: str) -> bool:
    """Whether a source is on the network."""
    return location[:8].lower().startswith(("https://", "http://", "github:"))


def is_remote_archive(location: str) -> bool:
    """Whether a source on the network is one file that holds a collection."""
    return location.startswith("github:") or _path_of(location).endswith(ARCHIVE_ENDINGS)


def _path_of(location: str) -> str:
    return location.partition("#")[0].partition("?")[0].lower()


def resolve_locations(names: Iterable[str]) -> list[str]:
    """Return the real paths behind ``names``, each once, in the order given.

    Two names of one folder are one location, and a folder inside another
    that is also named, and read with it, adds nothing. Raises
    :class:`SourceError` for what is not there.
    """
    found: dict[str, None] = {}
    for name in names:
        found[_real(name)] = None
    if len(found) < 2:
        return list(found)
    # Imported for several sources only: one is opened at once.
    from tui_reader.sources.collection import drop_nested

    return drop_nested(list(found))


def _real(name: str) -> str:
    if not name:
        raise SourceError("a source without a name: give a folder, a file or an archive")
    try:
        location = str(Path(name).expanduser().resolve(strict=True))
        location.encode()
    except UnicodeEncodeError as error:
        raise SourceError(f"{visible(name)}: its name is no UTF-8, so it cannot be kept: rename it") from error
    except (FileNotFoundError, NotADirectoryError, RuntimeError, ValueError) as error:
        raise SourceError(f"{visible(name)}: no such file or folder") from error
    except OSError as error:
        raise SourceError(f"{visible(name)} cannot be read: {error.strerror}") from error
    return location
