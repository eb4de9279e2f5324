"""Finds, among many articles, the few that are worth comparing with one."""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Iterable


class Postings:
    """Which articles have which stem. Articles are known by their place, a number that only grows."""

    def __init__(self) -> None:
        self._places: dict[int, list[int]] = {}

    def add(self, place: int, stems: Iterable[int]) -> None:
        """Note the stems of the article at ``place``, which comes after all before."""
        for stem in stems:
            self._places.setdefault(stem, []).append(place)

    def nearest(self, stems: Iterable[int], first: int, end: int, *, most: int, effort: int) -> list[int]:
        """Return the places from ``first`` to ``end`` that share most with ``stems``, at most ``most`` of them.

        The rarest stems are followed first, the latest articles of each, until
        ``effort`` entries were seen: so the work is bounded however many articles there are.
        """
        rarest = []
        for stem in stems:
            places = self._places.get(stem)
            if places is None:
                continue
            start = bisect_left(places, first)
            if start > 64 and start * 2 > len(places):
                # What lies before is not asked for again: time goes one way.
                del places[:start]
                start = 0
            if start < len(places):
                rarest.append((len(places) - start, stem, places, start))
        rarest.sort(key=lambda entry: entry[:2])
        shared: dict[int, float] = {}
        get = shared.get
        each = effort // 4
        for count, _, places, start in rarest:
            weight = math.log(1 + (end - first) / count)
            for place in places[max(start, len(places) - each) :]:
                shared[place] = get(place, 0.0) + weight
            effort -= min(each, count)
            if effort <= 0:
                break
        ranked = sorted(shared, reverse=True)  # of those that share as much, the latest
        ranked.sort(key=shared.__getitem__, reverse=True)
        return ranked[:most]
