"""From what a person typed to the collections it names, each once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TypeAlias

from tui_reader.errors import SourceError
from tui_reader.model.text import visible
from tui_reader.sources.archives import ArchiveCollection, is_archive, open_archive
from tui_reader.sources.collection import FolderCollection, open_folder
from tui_reader.sources.site import in_article_folder, is_hidden, is_part

Collection: TypeAlias = FolderCollection | ArchiveCollection


def real_locations(names: Iterable[str]) -> list[str]:
    """Return the real paths behind ``names``, each once, in the order given.

    Two names of one folder are one location, and a folder inside another
    that is also named, and read with it, adds nothing. Raises
    :class:`SourceError` for what is not there.
    """
    found: dict[str, None] = {}
    for name in names:
        found[_real(name)] = None
    return outermost(list(found))


def outermost(locations: Sequence[str]) -> list[str]:
    """Return ``locations`` (real paths) without those that are read with another of them anyway."""
    return [
        place for place in locations if not any(other != place and _is_covered(place, other) for other in locations)
    ]


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


def _is_covered(location: str, other: str) -> bool:
    """Whether all that is read at ``location`` is read at ``other`` as well, a folder around it."""
    if not Path(location).is_relative_to(other):
        return False
    try:
        inner, outer = open_collection(location), open_collection(other)
    except SourceError:
        return False  # whoever reads the source says what is wrong with it
    if not isinstance(inner, FolderCollection) or not isinstance(outer, FolderCollection):
        return False
    return all(any(_reaches(around, place) for around in outer.places) for place in inner.places)


def _reaches(folder: Path, place: Path) -> bool:
    if not place.is_relative_to(folder):
        return False
    way = str(place.relative_to(folder))
    return way == "." or not (is_hidden(way) or (not in_article_folder(f"{folder}/") and is_part(way)))


def open_collection(location: str) -> Collection:
    """Return the collection at a real path; raises :class:`SourceError`."""
    path = Path(location)
    if not path.exists():
        raise SourceError(f"{location} is gone: put it back, or ‘news-tui remove’ it")
    if path.is_file() and is_archive(path.name):
        return open_archive(path)
    return open_folder(path)
