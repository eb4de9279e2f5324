"""Decides which of several files with the same page its article is made from, and how it is shown."""

from __future__ import annotations

from collections.abc import Sequence

from tui_reader.model.domains import same_site
from tui_reader.model.urls import domain_of, safe_url
from tui_reader.named_tuple import NamedTuple


class Rank(NamedTuple):
    """What decides between the versions of a page: the greatest rank wins.

    A collection on the disk comes first, then a source of the page's own site
    (2 if it is fetched from there, 1 if it says that it belongs there), then
    one that rates its articles, then the one that had the page first. A source
    cannot come before others by what it lists. Between the files of one source
    the newest wins. No two ranks are equal, so the order in which files are
    read does not matter.
    """

    is_collection: bool
    owner: int
    from_source: bool
    earliness: int
    location: str
    published: int
    path: str


class PageVersion(NamedTuple):
    """One file's version of a page."""

    rank: Rank
    shown: bool
    heat: int | None


def owner_rank(page: str | None, location: str, website: str) -> int:
    """Return how much the address of a page is a source's own, by the source's ``location`` and ``website``."""
    host = _host(page)
    if not host:
        return 0
    if same_site(host, _host(location)):
        return 2
    return 1 if same_site(host, _host(website)) else 0


def _host(url: str | None) -> str:
    return domain_of(safe) if (safe := safe_url(url)) else ""


def resolve(versions: Sequence[PageVersion]) -> tuple[bool, int | None]:
    """Return whether a page is shown, which any of its ``versions`` may ask for, and its heat."""
    winner = max(versions, key=lambda version: version.rank)
    # A feed that lists an article cannot unfold what a collection folds.
    kind = winner.rank.is_collection, winner.rank.from_source
    versions = [version for version in versions if (version.rank.is_collection, version.rank.from_source) == kind]
    if winner.shown or not any(version.shown for version in versions):
        return winner.shown, winner.heat
    heats = [version.heat for version in versions if version.shown and version.heat is not None]
    return True, max(heats, default=winner.heat)
