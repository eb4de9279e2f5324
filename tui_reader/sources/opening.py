"""From what a person typed to the collections it names, each once."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TypeAlias

from tui_reader.errors import SourceError
from tui_reader.sources.archives import ArchiveCollection, is_archive, open_archive
from tui_reader.sources.collection import FolderCollection, open_folder

Collection: TypeAlias = FolderCollection | ArchiveCollection


def real_locations(names: Iterable[str]) -> list[str]:
    """Return the real paths behind ``names``, each once, in the order given.

    Two names of one folder are one location, and a folder inside another
    that is also named adds nothing. Raises :class:`SourceError` for what is
    not there.
    """
    found: dict[str, None] = {}
    for name in names:
        path = Path(name).expanduser()
        try:
            found[str(path.resolve(strict=True))] = None
        except (OSError, RuntimeError) as error:
            raise SourceError(f"{name}: no such file or folder") from error
    return [place for place in found if not any(other != place and Path(place).is_relative_to(other) for other in found)]


def open_collection(location: str) -> Collection:
    """Return the collection at a real path; raises :class:`SourceError`."""
    path = Path(location)
    if not path.exists():
        raise SourceError(f"{location} is gone: put it back, or ‘news-tui remove’ it")
    if path.is_file() and is_archive(path.name):
        return open_archive(path)
    return open_folder(path)
