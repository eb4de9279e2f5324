"""Opens collections on disk, and finds those inside of others."""

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
    """Return ``locations`` (resolved paths) without those whose articles are all in another one."""
    return [
        location
        for location in locations
        if not any(other != location and _is_inside(location, other) for other in locations)
    ]


def _is_inside(location: str, other: str) -> bool:
    """Return whether all articles at ``location`` are also read at ``other``, a folder around it."""
    if not Path(location).is_relative_to(other):
        return False
    try:
        inner, outer = open_collection(location), open_collection(other)
    except SourceError:
        return False  # reading the source reports the error
    if not isinstance(inner, FolderCollection) or not isinstance(outer, FolderCollection):
        return False
    return all(any(_reads(folder, place) for folder in outer.places) for place in inner.places)


def _reads(folder: Path, place: Path) -> bool:
    """Return whether a walk through ``folder`` reaches ``place``."""
    if not place.is_relative_to(folder):
        return False
    path = str(place.relative_to(folder))
    return path == "." or not (is_ignored(path) or (not in_article_folder(f"{folder}/") and is_site_internal(path)))


def open_collection(location: str) -> Collection:
    """Return the collection at a resolved path. Raises :class:`SourceError`."""
    path = Path(location)
    if not path.exists():
        raise SourceError(f"{visible(location)} is gone: put it back, or remove the source with ‘news-tui remove’")
    if path.is_file() and is_archive(path.name):
        return open_archive(path)
    if path.is_file() and is_feed_file(path.name):
        return open_feed_file(path)
    return open_folder(path)
