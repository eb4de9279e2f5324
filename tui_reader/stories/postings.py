"""An inverted index that finds the few articles worth comparing with a new one."""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Iterable

from tui_reader.stories.earlier import Earlier


class Postings:
    """The articles that have each stem. Articles are referred to by their position, which only grows."""

    def __init__(self, earlier: Earlier | None = None) -> None:
        """``earlier`` knows the first articles; :meth:`add` adds further ones."""
        self._positions: dict[str, list[int]] = {}
        self._earlier = earlier

    def add(self, position: int, stems: Iterable[str]) -> None:
        """Add the stems of the article at ``position``, which must be greater than all before."""
        for stem in stems:
            self._positions.setdefault(stem, []).append(position)

    def nearest(self, stems: Iterable[str], first: int, end: int, *, most: int, effort: int) -> list[int]:
        """Return at most ``most`` positions from ``first`` to ``end``, those that share most with ``stems``.

        Looks at the rarest stems first, and at the latest articles of each,
        until ``effort`` entries were seen. So the work does not grow with the
        number of articles.
        """
        counted = [(self._count(stem, first), stem) for stem in stems]
        shared: dict[int, float] = {}
        get = shared.get
        each = effort // 4
        for count, stem in sorted(counted):
            if not count:
                continue
            weight = math.log(1 + (end - first) / count)
            for position in self._latest(stem, first, min(each, count)):
                shared[position] = get(position, 0.0) + weight
            effort -= min(each, count)
            if effort <= 0:
                break
        return _highest(shared, most)

    def _count(self, stem: str, first: int) -> int:
        """Return how many articles from position ``first`` on have a stem."""
        count = self._earlier.count(stem, first) if self._earlier else 0
        positions = self._positions.get(stem)
        if positions is None:
            return count
        start = bisect_left(positions, first)
        if start > 64 and start * 2 > len(positions):
            # Later calls have a later ``first``: earlier positions are not needed again.
            del positions[:start]
            start = 0
        return count + len(positions) - start

    def _latest(self, stem: str, first: int, most: int) -> list[int]:
        """Return the last ``most`` positions of a stem; so many are there from ``first`` on."""
        positions = self._positions.get(stem, [])[-most:]
        if self._earlier and len(positions) < most:
            return self._earlier.latest(stem, first, most - len(positions)) + positions
        return positions


def _highest(shared: dict[int, float], most: int) -> list[int]:
    """Return the positions with the highest weights, at most ``most``, the latest first among equals."""
    if len(shared) > most:
        least = sorted(shared.values())[-most]
        ranked = sorted([position for position, weight in shared.items() if weight >= least], reverse=True)
    else:
        ranked = sorted(shared, reverse=True)
    ranked.sort(key=shared.__getitem__, reverse=True)
    return ranked[:most]
