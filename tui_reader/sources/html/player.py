"""Finds the address of a video or a sound in HTML."""

from __future__ import annotations

from collections.abc import Mapping

from tui_reader.sources.html.pictures import picture_address
from tui_reader.sources.html.syntax import resolve_url

_LATE = ("src", "data-src", "data-lazy-src", "data-litespeed-src", "data-cmp-src")
_VIDEO_HOSTS = ("youtube.com/embed", "youtube-nocookie.com/", "player.vimeo.com/", "dailymotion.com/embed",
                "player.twitch.tv/", "/videos/embed/")  # fmt: skip


def embedded_address(attributes: Mapping[str, str], base: str, *names: str) -> str | None:
    """Return the first address among the attributes ``names``, or those in which pages keep that of a frame."""
    return next((url for name in names or _LATE if (url := resolve_url(attributes.get(name), base))), None)


def is_video(address: str) -> bool:
    """Return whether ``address`` is the player of a well-known video host."""
    return any(host in address for host in _VIDEO_HOSTS)


class Player:
    """A ``<video>`` or ``<audio>`` element: its address, and what it shows where it cannot be played."""

    def __init__(self, tag: str, attributes: Mapping[str, str], base: str) -> None:
        self.tag, self.title = tag, attributes.get("title") or attributes.get("aria-label") or ""
        self.address = embedded_address(attributes, base)
        self.poster = picture_address({"src": attributes.get("poster", "")}, base)
        self.instead: list[str] = []
        self._link: str | None = None
        self._base = base

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        """Handle a start tag inside of the element."""
        if tag == "source":
            self.address = self.address or embedded_address(attributes, self._base)
        elif tag in {"a", "iframe", "embed"}:
            name = "href" if tag == "a" else "src"
            self._link = self._link or embedded_address(attributes, self._base, name)

    def data(self, text: str) -> None:
        """Handle text: it is meant for browsers that cannot play anything."""
        self.instead.append(text)

    def end(self, tag: str) -> None:
        """Handle an end tag."""

    def best(self) -> str | None:
        """Return the address to play, or else the one of a link inside."""
        return self.address or self._link
