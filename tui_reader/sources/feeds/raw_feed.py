"""A feed in one shape for all formats: text not yet cleaned, addresses not yet resolved."""

from __future__ import annotations

import re
from dataclasses import dataclass

from tui_reader.named_tuple import NamedTuple

MAX_ENTRIES = 20_000
"""Most entries read from a feed. Four times as many as are stored of a source, because some feeds are archives."""

_BARE_AMPERSAND = re.compile(r"&(?!(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});)")


class RawMedia(NamedTuple):
    """A file that comes with an entry. ``kind`` is one of :func:`media_kind`, empty if unknown."""

    address: str
    kind: str


@dataclass(frozen=True, slots=True)
class RawEntry:
    """One entry. ``title``, ``summary`` and ``content`` are HTML (plain text is escaped).

    ``base`` is the base address that the entry declares, and ``dates`` are
    the texts of its date elements, best first. ``comments`` is the address of
    the page where it is discussed.
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
    authors: tuple[str, ...] = ()
    comments: str = ""


@dataclass(frozen=True, slots=True)
class RawFeed:
    """A feed with at most :data:`MAX_ENTRIES` entries. ``omitted`` is the number of entries beyond them.

    ``address`` is the address that the feed says it has itself.
    """

    title: str = ""
    page: str = ""
    base: str = ""
    address: str = ""
    ttl_minutes: int | None = None
    entries: tuple[RawEntry, ...] = ()
    omitted: int = 0
    notes: tuple[str, ...] = ()


def line_as_html(text: str) -> str:
    """Return a line of JSON as HTML. It should be plain text, without entities, but many have them."""
    return _BARE_AMPERSAND.sub("&amp;", text).replace("<", "&lt;").replace(">", "&gt;")


def media_kind(mime_type: str, medium: str = "", address: str = "") -> str:
    """Return the kind of a file from its ``medium`` attribute, its MIME type or the ending of its address.

    It is ``image``, ``audio``, ``video``, ``pdf``, ``book``, ``document``,
    ``archive``, ``torrent`` or ``page``, and empty if none of these is known.
    """
    medium, mime_type = medium.strip().lower(), mime_type.partition(";")[0].strip().lower()
    group, _, name = mime_type.partition("/")
    for word in (medium, group):
        if word in _GROUPS:
            return word
    name = name.removeprefix("x-")
    if kind := _KINDS.get(name or group):
        return kind
    path = address.partition("?")[0].partition("#")[0].rstrip("/").lower()
    ending = path[-8:].rpartition(".")[2]
    return _KINDS.get(ending, "document" if medium == "document" or group == "text" else "")


_GROUPS = frozenset({"image", "audio", "video"})
# By the ending of an address, and by the second half of a MIME type.
_KINDS = {
    word: kind
    for kind, words in {
        "image": "jpg jpeg png gif webp avif svg svg+xml bmp tif tiff heic jxl",
        "audio": "mp3 mpeg m4a m4b ogg oga opus aac flac wav weba aif aiff wma mid ra",
        "video": "mp4 m4v mov webm mkv avi mpg mpe ogv wmv flv 3gp m3u8 ts shockwave-flash swf mpegurl"
        " vnd.apple.mpegurl dash+xml quicktime",
        "pdf": "pdf",
        "book": "epub epub+zip mobi azw3 fb2 mobipocket-ebook",
        "document": "doc docx odt rtf txt ppt pptx odp xls xlsx ods csv ps postscript msword vnd.ms-excel"
        " vnd.ms-powerpoint",
        "archive": "zip gz tgz bz2 xz 7z rar tar gzip 7z-compressed rar-compressed",
        "torrent": "torrent bittorrent",
        "page": "html xhtml+xml htm",
    }.items()
    for word in words.split()
}
