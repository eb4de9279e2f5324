"""The stamps of the files that were read before, small enough for a hundred thousand of them."""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Iterator


class FileStamps:
    """Tells which files of a source are as they were, and which were not met again.

    Seventeen bytes a file; a dictionary takes ten times as much, and it is
    looked at with every start beside the open reader.
    """

    def __init__(self, keys: array[int], stamps: array[int]) -> None:
        """``keys`` are in ascending order, with the stamp of each at the same place."""
        self._keys = keys
        self._stamps = stamps
        self._met = bytearray(len(keys))

    def __len__(self) -> int:
        return len(self._keys)

    def __contains__(self, stamp: int) -> bool:
        return stamp in self._stamps

    def seen(self, key: int, stamp: int) -> bool:
        """Take note that the file is there; return whether it was read before with the same stamp."""
        place = bisect_left(self._keys, key)
        if place == len(self._keys) or self._keys[place] != key:
            return False
        self._met[place] = 1
        return self._stamps[place] == stamp

    def missing(self) -> Iterator[int]:
        """Give the keys of the files that were not met."""
        return (key for key, met in zip(self._keys, self._met, strict=True) if not met)
