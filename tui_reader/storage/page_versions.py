"""Decides which of several files with the same page its article is made from, and how it is shown."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple


class PageVersion(NamedTuple):
    """One file's version of a page.

    The article is made from the version with the greatest ``rank``: whether
    its source rates it, its date, path and source. No two ranks are equal, so
    the order in which files are read does not matter.
    """

    rank: tuple[bool, int, str, str]
    shown: bool
    heat: int | None


def resolve(versions: Sequence[PageVersion]) -> tuple[bool, int | None]:
    """Return whether a page is shown, which any of its ``versions`` may ask for, and its heat."""
    winner = max(versions, key=lambda version: version.rank)
    # A feed that lists an article cannot unfold what a collection folds.
    versions = [version for version in versions if version.rank[0] == winner.rank[0]]
    if winner.shown or not any(version.shown for version in versions):
        return winner.shown, winner.heat
    heats = [version.heat for version in versions if version.shown and version.heat is not None]
    return True, max(heats, default=winner.heat)
