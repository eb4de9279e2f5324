"""Feeds in files on disk."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from tui_reader.errors import SourceError
from tui_reader.model.text import visible
from tui_reader.named_tuple import NamedTuple
from tui_reader.sources.files.stamp import FileStamp, stamp_of

if TYPE_CHECKING:
    from tui_reader.sources.feeds.parser import Feed

MAX_FEED_BYTES = 32 * 1024**2
"""Largest feed file, in bytes. The same limit applies by default to feeds on the network."""


def is_feed_file(name: str) -> bool:
    """Return whether a file with this name is read as a feed."""
    return name.lower().endswith((".xml", ".rss", ".atom", ".rdf", ".json"))


class FeedFile(NamedTuple):
    """A feed in a file. ``location`` is its resolved path."""

    location: str

    def stamp(self) -> FileStamp:
        """Return the stamp of the file. Raises :class:`SourceError`."""
        return stamp_of(self.location)

    def read(self, now: int) -> Feed:
        """Parse the feed; see :func:`~tui_reader.sources.feeds.parser.parse_feed`.

        Raises :class:`SourceError` where the file cannot be read or is not a feed.
        """
        from tui_reader.sources.feeds.parser import parse_feed

        try:
            with open(self.location, "rb") as file:
                data = file.read(MAX_FEED_BYTES + 1)
        except OSError as error:
            raise SourceError(f"{visible(self.location)} cannot be read: {error.strerror}") from error
        if len(data) > MAX_FEED_BYTES:
            raise SourceError(f"{visible(self.location)} is larger than {MAX_FEED_BYTES // 1024**2} MB: give a feed")
        try:
            return parse_feed(data, "", "", now=now)
        except SourceError as error:
            raise SourceError(f"{visible(self.location)}: {error}") from error


def open_feed_file(path: Path) -> FeedFile:
    """Return the feed in the file at ``path``, a resolved path."""
    return FeedFile(str(path))
