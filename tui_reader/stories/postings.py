"""An inverted index that finds the few articles worth comparing with a new one."""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Iterable


class Postings:
    """The articles that have each stem. Articles are referred to by their position, which only grows."""

    def __init__(self) -> None:
        self._positions: dict[str, list[int]] = {}

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
        rarest = []
        for stem in stems:
            positions = self._positions.get(stem)
            if positions is None:
                continue
            start = bisect_left(positions, first)
            if start > 64 and start * 2 > len(positions):
                # Later calls have a later ``first``: earlier positions are not needed again.
                del positions[:start]
                start = 0
            if start < len(positions):
                rarest.append((len(positions) - start, stem, positions, start))
        rarest.sort(key=lambda entry: entry[:2])
        shared: dict[int, float] = {}
        get = shared.get
        each = effort // 4
        for count, _, positions, start in rarest:
            weight = math.log(1 + (end - first) / count)
            for position in positions[max(start, len(positions) - each) :]:
                shared[position] = get(position, 0.0) + weight
            effort -= min(each, count)
            if effort <= 0:
                break
        ranked = sorted(shared, reverse=True)  # the latest first among equals
        ranked.sort(key=shared.__getitem__, reverse=True)
        return ranked[:most]
