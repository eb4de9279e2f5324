"""The user's corrections of stories: pages to split or to merge."""

from __future__ import annotations

from collections.abc import Iterable, Mapping


class Corrections:
    """Pairs of pages that do not belong to one story (``apart``), or do (``together``). Apart takes precedence."""

    def __init__(self, apart: Iterable[tuple[int, int]] = (), together: Iterable[tuple[int, int]] = ()) -> None:
        self._apart = _both_ways(apart)
        self._together = _both_ways(together)

    def apart_from(self, page: int) -> frozenset[int]:
        """Return the pages that ``page`` must not share a story with."""
        return self._apart.get(page, frozenset())

    def together_with(self, page: int) -> frozenset[int]:
        """Return the pages that ``page`` must share a story with."""
        return self._together.get(page, frozenset())

    def pages(self) -> frozenset[int]:
        """Return all corrected pages."""
        return frozenset(self._apart) | frozenset(self._together)


def _both_ways(pairs: Iterable[tuple[int, int]]) -> Mapping[int, frozenset[int]]:
    table: dict[int, set[int]] = {}
    for one, other in pairs:
        if one != other:
            table.setdefault(one, set()).add(other)
            table.setdefault(other, set()).add(one)
    return {page: frozenset(others) for page, others in table.items()}
