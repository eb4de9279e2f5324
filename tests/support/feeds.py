"""Builds the responses of sources on the network: feeds, pages of a site's API, archives."""

from __future__ import annotations

import io
import json
import tarfile
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import format_datetime
from html import escape
from typing import Any, NamedTuple

from tests.support.collections import front_matter

START = 1_790_000_000
"""Date of the first item of a feed, in seconds since 1970."""


class Item(NamedTuple):
    """An entry of a feed. ``date`` is in seconds since 1970."""

    title: str
    link: str = ""
    guid: str = ""
    date: int | None = START
    category: str = ""


def item(number: int, **changes: Any) -> Item:
    """Return the entry with this number, which has its own page. ``changes`` are fields of :class:`Item`."""
    default = Item(f"Headline {number} of the day", f"https://paper.example/{number}", f"n{number}", START + number)
    return default._replace(**changes)


def rss(*items: Item, title: str = "The Paper", extra: str = "") -> bytes:
    """Return a feed with ``items`` and ``extra`` elements in its channel."""
    return (
        f'<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel><title>{escape(title)}</title>'
        f"<link>https://paper.example/</link>{extra}{''.join(map(_item, items))}</channel></rss>"
    ).encode()


def _item(item: Item) -> str:
    date = item.date and format_datetime(datetime.fromtimestamp(item.date, UTC), usegmt=True)
    parts = {"title": item.title, "link": item.link, "guid": item.guid, "pubDate": date, "category": item.category}
    return f"<item>{''.join(f'<{name}>{escape(text)}</{name}>' for name, text in parts.items() if text)}</item>"


def api_page(*fields: Mapping[str, Any], following: int | None = None) -> bytes:
    """Return a page of a site's API, with the number of the next page."""
    return json.dumps({"value": list(fields), **({"nextPage": following} if following else {})}).encode()


def api_topics(*names: str) -> bytes:
    """Return the topics of an API. The first is the parent of the others."""
    return json.dumps(
        {
            "value": [
                {"name": name, "_id": name.lower(), "parent": names[0] if at else ""} for at, name in enumerate(names)
            ]
        }
    ).encode()


def archive(articles: Mapping[str, Mapping[str, Any]], *, title: str = "Packed Every Day") -> bytes:
    """Return a ``.tar.gz`` like those of GitHub, of a site with these articles by file name."""
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz") as tar:
        files = {"_config.yml": f"title: {title}\n"}
        files |= {f"_news/{name}": front_matter(fields) for name, fields in articles.items()}
        for name, text in files.items():
            data = text.encode()
            entry = tarfile.TarInfo(f"site-main/{name}")
            entry.size = len(data)
            tar.addfile(entry, io.BytesIO(data))
    return packed.getvalue()
