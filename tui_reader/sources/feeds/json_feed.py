"""Parses JSON Feed (https://www.jsonfeed.org/version/1.1/)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from html import escape

from tui_reader.errors import SourceError
from tui_reader.sources.feeds.raw_feed import MAX_ENTRIES, RawEntry, RawFeed, RawMedia, media_kind


def read_json_feed(text: str) -> RawFeed:
    """Parse a JSON Feed. Raises :class:`SourceError` where ``text`` is not one."""
    try:
        found = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise SourceError("not a feed: its JSON is not valid; give the address of a feed") from error
    if not isinstance(found, Mapping) or not isinstance(found.get("items"), list):
        raise SourceError("not a feed: its JSON has no list of ‘items’; give the address of a feed")
    items = [item for item in found["items"] if isinstance(item, Mapping)]
    return RawFeed(
        title=escape(_text(found, "title"), quote=False),
        page=_text(found, "home_page_url"),
        entries=tuple(_entry(item) for item in items[:MAX_ENTRIES]),
        omitted=max(0, len(items) - MAX_ENTRIES),
    )


def _text(item: Mapping[str, object], name: str) -> str:
    value = item.get(name)
    # In version 1, identifiers can be numbers.
    return str(value) if isinstance(value, (str, int)) and not isinstance(value, bool) else ""


def _plain(text: str) -> str:
    """Return plain text as HTML with its paragraphs."""
    return "<p>" + escape(text, quote=False).replace("\n\n", "<p>").replace("\n", "<br>") if text else ""


def _entry(item: Mapping[str, object]) -> RawEntry:
    media = [RawMedia(_text(item, name), "image") for name in ("image", "banner_image")]
    attachments = item.get("attachments")
    for attached in attachments if isinstance(attachments, list) else ():
        if isinstance(attached, Mapping):
            address = _text(attached, "url")
            media.append(RawMedia(address, media_kind(_text(attached, "mime_type"), address=address)))
    tags = item.get("tags")
    return RawEntry(
        identifier=_text(item, "id"),
        title=escape(_text(item, "title"), quote=False),
        # The page that an item is about, if it is about another one.
        link=_text(item, "external_url") or _text(item, "url"),
        dates=(_text(item, "date_published"), _text(item, "date_modified")),
        summary=_plain(_text(item, "summary")),
        content=_text(item, "content_html") or _plain(_text(item, "content_text")),
        categories=tuple(tag for tag in tags if isinstance(tag, str)) if isinstance(tags, list) else (),
        media=tuple(item for item in media if item.address),
    )
