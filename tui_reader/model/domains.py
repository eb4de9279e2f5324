"""Registrable domains: the part of a host name that somebody registered."""

from __future__ import annotations

from functools import cache, lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from publicsuffixlist import PublicSuffixList

OWN = "@"
"""What the domain of articles begins with that a collection has of its own."""


@lru_cache(maxsize=4096)
def registrable(host: str) -> str:
    """Return the part of a host name that somebody registered, or the host itself if there is none."""
    if host.count(".") < 2 or host.rpartition(".")[2].isdecimal():
        return host  # most hosts, without reading the list; an IP address has no parts
    return _suffixes().privatesuffix(host) or host


def same_site(one: str, other: str) -> bool:
    """Whether two host names belong to one site: they have the same registrable domain."""
    one, other = (host.casefold().removeprefix("www.") for host in (one, other))
    if one == other:
        return bool(one)
    # Most pairs differ in the last two labels, which spares reading the list.
    if one.split(".")[-2:] != other.split(".")[-2:]:
        return False
    return registrable(one) == registrable(other)


@cache
def _suffixes() -> PublicSuffixList:
    """Return the Public Suffix List, which takes 0.1 s to read."""
    from publicsuffixlist import PublicSuffixList

    return PublicSuffixList()
