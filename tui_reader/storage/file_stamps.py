"""The stamps of the files that were read before, compact enough for a hundred thousand of them."""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Iterator

READ_AGAIN = -1
"""The stamp, which no real file has, of a file to read again because another file of its page has changed."""

UNREADABLE = -2
"""The stamp of a file that could not be read: it is tried again in every run."""


class FileStamps:
    """The known files of a source: which are unchanged, and which are missing now.

    Takes 17 bytes a file, a tenth of a dictionary: it is loaded at every start,
    in the same process as the open reader.
    """

    def __init__(self, keys: array[int], stamps: array[int]) -> None:
        """``keys`` are in ascending order; ``stamps`` has the stamp of each at the same position."""
        self._keys = keys
        self._stamps = stamps
        self._seen = bytearray(len(keys))

    def __len__(self) -> int:
        return len(self._keys)

    def __contains__(self, stamp: int) -> bool:
        return stamp in self._stamps

    def seen(self, key: int, stamp: int) -> bool:
        """Note that the file exists; return whether it was read before with the same stamp."""
        position = bisect_left(self._keys, key)
        if position == len(self._keys) or self._keys[position] != key:
            return False
        self._seen[position] = 1
        return self._stamps[position] == stamp

    def missing(self) -> Iterator[int]:
        """Return the keys of the files that :meth:`seen` was not called for."""
        return (key for key, seen in zip(self._keys, self._seen, strict=True) if not seen)
