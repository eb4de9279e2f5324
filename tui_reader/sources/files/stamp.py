"""File stamps, which show whether a file changed without reading it."""

from __future__ import annotations

from pathlib import Path

from tui_reader.errors import SourceError
from tui_reader.model.text import visible
from tui_reader.named_tuple import NamedTuple


class FileStamp(NamedTuple):
    """A file of a collection: path relative to the collection, size in bytes, modification time in nanoseconds."""

    path: str
    size: int
    changed: int


def stamp_of(location: str) -> FileStamp:
    """Return the stamp of a file that is a source by itself.

    Raises :class:`SourceError` where the file cannot be accessed.
    """
    try:
        status = Path(location).stat()
    except OSError as error:
        raise SourceError(f"{visible(location)} cannot be read: {error.strerror}") from error
    return FileStamp("", status.st_size, status.st_mtime_ns)
