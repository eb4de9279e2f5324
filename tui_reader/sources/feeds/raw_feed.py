"""A feed in one shape for all formats: text not yet cleaned, addresses not yet resolved."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

MAX_ENTRIES = 20_000
"""Most entries read from a feed. Four times as many as are stored of a source, because some feeds are archives."""


class RawMedia(NamedTuple):
    """A media file of an entry. ``kind`` is ``image``, ``audio``, ``video`` or empty."""

    address: str
    kind: str


@dataclass(frozen=True, slots=True)
class RawEntry:
    """One entry. ``title``, ``summary`` and ``content`` are HTML (plain text is escaped).

    ``base`` is the base address that the entry declares, and ``dates`` are
    the texts of its date elements, best first.
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
    """A feed with at most :data:`MAX_ENTRIES` entries. ``omitted`` is the number of entries beyond them."""

    title: str = ""
    page: str = ""
    base: str = ""
    ttl_minutes: int | None = None
    entries: tuple[RawEntry, ...] = ()
    omitted: int = 0
    notes: tuple[str, ...] = ()


def media_kind(mime_type: str, medium: str = "", address: str = "") -> str:
    """Return the kind of a media file from its MIME type, its ``medium`` attribute or the ending of its address."""
    for word in (medium.strip().lower(), mime_type.partition("/")[0].strip().lower()):
        if word in {"image", "audio", "video"}:
            return word
    ending = address.partition("?")[0].lower()[-5:].rpartition(".")[2]
    return _KINDS_BY_ENDING.get(ending, "")


_KINDS_BY_ENDING = dict.fromkeys(("jpg", "jpeg", "png", "gif", "webp", "avif"), "image")
_KINDS_BY_ENDING |= dict.fromkeys(("mp3", "m4a", "ogg", "oga", "opus", "aac", "flac"), "audio")
_KINDS_BY_ENDING |= dict.fromkeys(("mp4", "m4v", "mov", "webm", "mkv"), "video")
