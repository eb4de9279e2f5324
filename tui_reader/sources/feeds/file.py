"""Feeds that lie on the disk as one file, saved by hand or written by another program."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from tui_reader.errors import SourceError
from tui_reader.model.text import visible
from tui_reader.sources.files.stamp import FileStamp, stamp_of

if TYPE_CHECKING:
    from tui_reader.sources.feeds.parser import Feed

MAX_FEED_BYTES = 32 * 1024**2
"""A larger file is refused, as is an answer of that size from the network."""


def is_feed_file(name: str) -> bool:
    """Whether a file of this name is read as a feed."""
    return name.lower().endswith((".xml", ".rss", ".atom", ".rdf", ".json"))


class FeedFile(NamedTuple):
    """A feed in a file; ``location`` is its real path."""

    location: str

    def stamp(self) -> FileStamp:
        """The file's size and time of change: unchanged means nothing to do."""
        return stamp_of(self.location)

    def read(self, now: int) -> Feed:
        """Return what the feed holds (see :func:`~tui_reader.sources.feeds.parser.parse_feed`).

        Raises :class:`SourceError` where the file is no feed, or is out of reach.
        """
        from tui_reader.sources.feeds.parser import parse_feed

        try:
            with open(self.location, "rb") as file:
                data = file.read(MAX_FEED_BYTES + 1)
        except OSError as error:
            raise SourceError(f"{visible(self.location)} cannot be read: {error.strerror}") from error
        if len(data) > MAX_FEED_BYTES:
            raise SourceError(f"{visible(self.location)} has more than {MAX_FEED_BYTES // 1024**2} MB: no feed has")
        try:
            return parse_feed(data, "", "", now=now)
        except SourceError as error:
            raise SourceError(f"{visible(self.location)}: {error}") from error


def open_feed_file(path: Path) -> FeedFile:
    """Return the feed in the file at ``path``, a real path."""
    return FeedFile(str(path))
