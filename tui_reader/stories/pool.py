"""Finds, among many articles, the few that are worth comparing with one."""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Iterable
from typing import NamedTuple

from tui_reader.stories.similarity import Probe, Vector


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
        ranked = sorted([(weight, place) for place, weight in shared.items()], reverse=True)
        return [place for _, place in ranked[:most]]


class Similar(NamedTuple):
    """An article that is like another; ``likeness`` from 0 to 1."""

    page: int
    likeness: float


class Pool:
    """Articles of any time, to look up what is like a given one."""

    def __init__(self) -> None:
        self._postings = Postings()
        self._pages: list[int] = []
        self._vectors: list[Vector] = []

    def __len__(self) -> int:
        return len(self._pages)

    def add(self, page: int, vector: Vector) -> None:
        """Take an article in; for one answer always, add articles in one order always."""
        self._postings.add(len(self._pages), vector.stems)
        self._pages.append(page)
        self._vectors.append(vector)

    def similar(
        self, vector: Vector, *, count: int = 8, least: float = 0.2, without: Iterable[int] = ()
    ) -> list[Similar]:
        """Return what is most like ``vector``, the most alike first, leaving out the pages in ``without``."""
        probe = Probe(vector)
        left_out = set(without)
        places = self._postings.nearest(vector.stems, 0, len(self._pages), most=64, effort=4000)
        found = [
            Similar(self._pages[place], likeness)
            for place in places
            if self._pages[place] not in left_out and (likeness := probe.likeness(self._vectors[place])) >= least
        ]
        return sorted(found, key=lambda one: (-one.likeness, one.page))[:count]
