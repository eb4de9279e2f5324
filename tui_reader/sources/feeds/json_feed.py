"""Parses JSON Feed (https://www.jsonfeed.org/version/1.1/)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from html import escape

from tui_reader.errors import SourceError
from tui_reader.sources.feeds.raw_feed import MAX_ENTRIES, RawEntry, RawFeed, RawMedia, line_as_html, media_kind


def read_json_feed(text: str) -> RawFeed:
    """Parse a JSON Feed. Raises :class:`SourceError` where ``text`` is not one."""
    try:
        found = json.loads(text, strict=False)  # some have line breaks in their texts
    except (ValueError, RecursionError) as error:
        raise SourceError("not a feed: its JSON is not valid; give the address of a feed") from error
    if not isinstance(found, Mapping) or not isinstance(found.get("items"), list):
        raise SourceError("not a feed: its JSON has no list of ‘items’; give the address of a feed")
    items = [item for item in found["items"] if isinstance(item, Mapping)]
    authors = _authors(found)
    return RawFeed(
        title=line_as_html(_text(found, "title")),
        page=_text(found, "home_page_url"),
        address=_text(found, "feed_url"),
        entries=tuple(_entry(item, authors) for item in items[:MAX_ENTRIES]),
        omitted=max(0, len(items) - MAX_ENTRIES),
    )


def _text(item: Mapping[str, object], name: str) -> str:
    value = item.get(name)
    # In version 1, identifiers can be numbers.
    return str(value) if isinstance(value, (str, int, float)) and not isinstance(value, bool) else ""


def _plain(text: str, *, entities: bool = False) -> str:
    """Return plain text as HTML with its paragraphs."""
    html = line_as_html(text) if entities else escape(text, quote=False)
    return "<p>" + html.replace("\n\n", "<p>").replace("\n", "<br>") if text else ""


def _list(item: Mapping[str, object], name: str) -> list[object]:
    value = item.get(name)
    return value if isinstance(value, list) else [] if value is None else [value]


def _authors(item: Mapping[str, object]) -> tuple[str, ...]:
    """Return the names of the authors of an item or a feed. Version 1 has one author, version 1.1 a list."""
    found = [*_list(item, "authors"), *_list(item, "author")]
    names = (_text(author, "name") if isinstance(author, Mapping) else author for author in found)
    return tuple(dict.fromkeys(line_as_html(name) for name in names if isinstance(name, str) and name.strip()))


def _entry(item: Mapping[str, object], feed_authors: tuple[str, ...]) -> RawEntry:
    media = [RawMedia(_text(item, name), "image") for name in ("image", "banner_image")]
    for attached in _list(item, "attachments"):
        if isinstance(attached, Mapping):
            address = _text(attached, "url")
            media.append(RawMedia(address, media_kind(_text(attached, "mime_type"), address=address) or "file"))
    return RawEntry(
        identifier=_text(item, "id"),
        title=line_as_html(_text(item, "title")),
        # The page that an item is about, if it is about another one.
        link=_text(item, "external_url") or _text(item, "url"),
        dates=(_text(item, "date_published"), _text(item, "date_modified")),
        summary=_plain(_text(item, "summary"), entities=True),
        content=_text(item, "content_html") or _plain(_text(item, "content_text")),
        categories=tuple(line_as_html(tag) for tag in _list(item, "tags") if isinstance(tag, str)),
        media=tuple(item for item in media if item.address),
        authors=_authors(item) or feed_authors,
    )
