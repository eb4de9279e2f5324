"""Outlets: providers by registrable domain, so that a publisher's editions and blogs count once."""

from __future__ import annotations

from tui_reader.model.domains import registrable

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
    owner = registrable(domain.casefold().removeprefix("www."))
    if owner in _SHARED:
        host = domain.casefold().removeprefix("www.")
        return host if host != owner else f"{owner} {provider.casefold()}"
    return owner
