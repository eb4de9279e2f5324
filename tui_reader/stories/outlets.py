"""Outlets: providers by registrable domain, so that a publisher's editions and blogs count once."""

from __future__ import annotations

from functools import cache, lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from publicsuffixlist import PublicSuffixList

# Sites on which many people publish, and which the Public Suffix List does not
# list: each subdomain is an outlet of its own, and so is each name that
# publishes under the domain itself.
_SHARED = frozenset(
    (
        *("beehiiv.com", "ghost.io", "github.com", "gitlab.com", "hatenablog.com", "livejournal.com", "medium.com"),
        *("naver.com", "note.com", "odysee.com", "podbean.com", "reddit.com", "soundcloud.com", "substack.com"),
        *("tumblr.com", "twitch.tv", "twitter.com", "typepad.com", "vimeo.com", "wordpress.com", "x.com"),
        *("ycombinator.com", "youtube.com"),
    )
)


def outlet(domain: str, provider: str, source: str) -> str:
    """Return the key of the outlet that published an article.

    ``domain`` and ``provider`` are the provider's domain and name. Without a
    domain, articles count as published by their ``source``.
    """
    if not domain:
        return f"source {source}"
    registrable = _registrable(domain.casefold().removeprefix("www."))
    if registrable in _SHARED:
        host = domain.casefold().removeprefix("www.")
        return host if host != registrable else f"{registrable} {provider.casefold()}"
    return registrable


@lru_cache(maxsize=4096)
def _registrable(host: str) -> str:
    """Return the part of a host name that somebody registered, or the host itself if there is none."""
    if host.count(".") < 2 or host.rpartition(".")[2].isdecimal():
        return host  # most hosts, without reading the list; an IP address has no parts
    return _suffixes().privatesuffix(host) or host


@cache
def _suffixes() -> PublicSuffixList:
    """Return the Public Suffix List, which takes 0.1 s to read."""
    from publicsuffixlist import PublicSuffixList

    return PublicSuffixList()
