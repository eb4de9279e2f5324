"""Finds the file on the disk that an article was read from, to open it where there is no page."""

from __future__ import annotations

from pathlib import Path

from tui_reader.sources.files.folder import LEVELS_UP, leads_out
from tui_reader.sources.files.layout import is_article_file
from tui_reader.sources.locations import is_remote


def article_file(location: str, path: str) -> Path | None:
    """Return the file at ``path`` of the source at ``location``; ``None`` if it is in an archive or not there.

    Paths are relative to the site, which can begin above the folder that is the source.
    """
    place = Path(location)
    if is_remote(location):
        return None
    if place.is_file():
        return place if is_article_file(place.name) else None
    for folder in (place, *list(place.parents)[:LEVELS_UP]):
        file = folder / path
        if file.is_file():
            return None if leads_out(folder, file) else file
    return None
