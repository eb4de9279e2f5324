"""A feed as it was written, whatever its format: text not yet cleaned, addresses not yet resolved."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

MAX_ENTRIES = 20_000
"""Entries read of one feed: four times what is kept of a source, so that whole archives come as feeds as well."""


class RawMedia(NamedTuple):
    """A picture, a recording or a film of an entry; ``kind`` is ``image``, ``audio``, ``video`` or empty."""

    address: str
    kind: str


@dataclass(frozen=True, slots=True)
class RawEntry:
    """One entry. ``title``, ``summary`` and ``content`` are HTML: plain text has its signs escaped.

    ``base`` is what the entry says that its addresses are relative to, and
    ``dates`` are the texts that may name its date, the best first.
    """

    identifier: str = ""
    title: str = ""
    link: str = ""
    base: str = ""
    dates: tuple[str, ...] = ()
    summary: str = ""
    content: str = ""
    source_name: str = ""
    source_page: str = ""
    publisher: str = ""
    categories: tuple[str, ...] = ()
    media: tuple[RawMedia, ...] = ()


@dataclass(frozen=True, slots=True)
class RawFeed:
    """One feed with at most :data:`MAX_ENTRIES` entries, and how many it had beyond them."""

    title: str = ""
    page: str = ""
    base: str = ""
    ttl_minutes: int | None = None
    entries: tuple[RawEntry, ...] = ()
    beyond: int = 0
    notes: tuple[str, ...] = ()


def media_kind(mime_type: str, medium: str = "", address: str = "") -> str:
    """Say what a file is by its type, by what the feed calls it, else by the ending of its address."""
    for word in (medium.strip().lower(), mime_type.partition("/")[0].strip().lower()):
        if word in {"image", "audio", "video"}:
            return word
    ending = address.partition("?")[0].lower()[-5:].rpartition(".")[2]
    return _ENDINGS.get(ending, "")


_ENDINGS = dict.fromkeys(("jpg", "jpeg", "png", "gif", "webp", "avif"), "image")
_ENDINGS |= dict.fromkeys(("mp3", "m4a", "ogg", "oga", "opus", "aac", "flac"), "audio")
_ENDINGS |= dict.fromkeys(("mp4", "m4v", "mov", "webm", "mkv"), "video")
