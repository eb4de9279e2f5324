"""Opens what lies at real paths, and tells which of several hold one another."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TypeAlias

from tui_reader.errors import SourceError
from tui_reader.model.text import visible
from tui_reader.sources.feeds.file import FeedFile, is_feed_file, open_feed_file
from tui_reader.sources.files.archive import ArchiveCollection, open_archive
from tui_reader.sources.files.folder import FolderCollection, open_folder
from tui_reader.sources.files.layout import in_article_folder, is_archive, is_ignored, is_site_internal

Collection: TypeAlias = FolderCollection | ArchiveCollection | FeedFile


def drop_nested(locations: Sequence[str]) -> list[str]:
    """Return ``locations`` (real paths) without those that are read with another of them anyway."""
    return [
        place for place in locations if not any(other != place and _is_covered(place, other) for other in locations)
    ]


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
    return way == "." or not (is_ignored(way) or (not in_article_folder(f"{folder}/") and is_site_internal(way)))


def open_collection(location: str) -> Collection:
    """Return the collection at a real path; raises :class:`SourceError`."""
    path = Path(location)
    if not path.exists():
        raise SourceError(f"{visible(location)} is gone: put it back, or ‘news-tui remove’ it")
    if path.is_file() and is_archive(path.name):
        return open_archive(path)
    if path.is_file() and is_feed_file(path.name):
        return open_feed_file(path)
    return open_folder(path)
