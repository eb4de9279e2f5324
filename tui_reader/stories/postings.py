"""An inverted index that finds the few articles worth comparing with a new one."""

from __future__ import annotations

import math
from array import array
from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence

from tui_reader.stories.earlier import Earlier


class Postings:
    """The articles that have each stem. Articles are referred to by their position, which only grows."""

    def __init__(self, earlier: Earlier | None = None) -> None:
        """``earlier`` knows the first articles; :meth:`add` adds further ones."""
        self._positions: dict[str, array[int]] = {}  # arrays: what is read one after the other is near in memory
        self._earlier = earlier

    def add(self, position: int, stems: Iterable[str]) -> None:
        """Add the stems of the article at ``position``, which must be greater than all before."""
        known = self._positions
        for stem in stems:
            if stem in known:
                known[stem].append(position)
            else:
                known[stem] = array("I", (position,))

    def nearest(self, stems: Iterable[str], first: int, end: int, *, most: int, effort: int) -> list[int]:
        """Return at most ``most`` positions from ``first`` to ``end``, those that share most with ``stems``.

        Looks at the rarest stems first, and at the latest articles of each,
        until ``effort`` entries were seen. So the work does not grow with the
        number of articles.
        """
        counted = sorted([(count, stem) for stem in stems if (count := self._count(stem, first))])
        each = effort // 4
        shared: dict[int, float] = {}
        several: list[int] = []  # positions that are in ``shared`` already when they are found
        highest: list[int] | None = None  # besides ``several``, what is found later cannot be among the highest
        lightest = math.inf
        for count, stem in counted:
            weight = math.log(1 + (end - first) / count)
            if highest is None and len(shared) >= most and weight < lightest:
                highest = list(shared)
            lightest = weight
            for position in self._latest(stem, first, min(each, count)):
                if position in shared:
                    shared[position] += weight
                    several.append(position)
                else:
                    shared[position] = weight
            effort -= min(each, count)
            if effort <= 0:
                break
        return _highest(shared, shared if highest is None else {*highest, *several}, most)

    def _count(self, stem: str, first: int) -> int:
        """Return how many articles from position ``first`` on have a stem."""
        count = self._earlier.count(stem, first) if self._earlier else 0
        positions = self._positions.get(stem)
        if not positions:
            return count
        if positions[0] >= first:
            return count + len(positions)
        start = bisect_left(positions, first)
        if start > 64 and start * 2 > len(positions):
            # Later calls have a later ``first``: earlier positions are not needed again.
            del positions[:start]
            start = 0
        return count + len(positions) - start

    def _latest(self, stem: str, first: int, most: int) -> Sequence[int]:
        """Return the last ``most`` positions of a stem; so many are there from ``first`` on."""
        known = self._positions.get(stem)
        positions = known[-most:] if known else ()
        if self._earlier and len(positions) < most:
            return [*self._earlier.latest(stem, first, most - len(positions)), *positions]
        return positions


def _highest(shared: Mapping[int, float], chosen: Iterable[int], most: int) -> list[int]:
    """Return at most ``most`` of the ``chosen`` positions, the highest weights first, the latest among equals."""
    ranked = sorted(chosen, reverse=True)
    ranked.sort(key=shared.__getitem__, reverse=True)
    return ranked[:most]
