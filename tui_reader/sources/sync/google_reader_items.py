"""Reads what a Google Reader API answers: ids of entries, pages of them, entries and subscriptions."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from tui_reader.model.dates import iso_date
from tui_reader.model.urls import safe_url
from tui_reader.named_tuple import NamedTuple
from tui_reader.sources.feeds.raw_feed import RawEntry, RawMedia, line_as_html, media_kind
from tui_reader.sources.sync.answers import folder_of, name, number, objects, text
from tui_reader.sources.sync.client import RemoteEntry, RemoteFeed
from tui_reader.sources.sync.errors import SyncError, SyncProblem

READ = "user/-/state/com.google/read"
STARRED = "user/-/state/com.google/starred"
READING_LIST = "user/-/state/com.google/reading-list"
LABEL = "user/-/label/"
FEED = "feed/"

_ITEM = "tag:google.com,2005:reader/item/"
_DECIMAL = re.compile(r"-?[0-9]{1,20}")
_HEXADECIMAL = re.compile(r"[0-9a-fA-F]{1,16}")
_OTHER_ID = re.compile(r"[0-9A-Za-z._-]{1,100}")
_STATE = re.compile(r"user/[^/]{1,200}/state/com\.google/(read|starred)")
_MAX_FEED_ID = 4096  # characters; some servers put the address into it
_MAX_CONTINUATION = 1000  # characters
# FreshRSS writes these characters in titles in their full width, because some clients show titles as HTML.
_FULL_WIDTH = str.maketrans("＆＜＞", "&<>")
_FULL_WIDTH_FEED = str.maketrans("＆＜＞？＼／，；", "&<>?\\/,;")


class IdPage(NamedTuple):
    """Ids of entries, in the order of the server, and what to ask for the next page with, empty for the last."""

    ids: tuple[str, ...]
    continuation: str


def entry_id(written: object) -> str:
    """Return the one spelling of an entry's id, empty if it is none.

    Numbers are sent in decimal, with a sign, and in hexadecimal after a prefix:
    they become 16 hexadecimal digits. Others, as The Old Reader has them, stay
    as they are.
    """
    found = str(written) if isinstance(written, int) and not isinstance(written, bool) else text(written)
    short = found.removeprefix(_ITEM)
    if found.startswith(_ITEM) and _HEXADECIMAL.fullmatch(short):
        return short.lower().zfill(16)
    if _DECIMAL.fullmatch(short):
        value = int(short)
        return f"{value % 2**64:016x}" if -(2**63) <= value < 2**64 else ""
    return short if _OTHER_ID.fullmatch(short) else ""


def long_id(spelling: str) -> str:
    """Return the form of an id that all servers understand."""
    return _ITEM + spelling


def id_page(answer: object) -> IdPage:
    """Read a page of ids. Raises :class:`SyncError` where it is none."""
    refs = _list_in(answer, "itemRefs")
    ids = dict.fromkeys(found for ref in objects(refs) if (found := entry_id(ref.get("id"))))
    return IdPage(tuple(ids), _continuation(answer))


def entries(answer: object, *, full_width: bool) -> dict[str, RemoteEntry]:
    """Read entries, by id. Those without an id or a feed are left out. Raises :class:`SyncError` where it has none.

    ``full_width`` is true for servers that write ``&``, ``<`` and ``>`` in titles in their full width.
    """
    found = (_entry(item, _FULL_WIDTH if full_width else {}) for item in objects(_list_in(answer, "items")))
    return {entry.id: entry for entry in found if entry is not None}


def subscriptions(answer: object, *, full_width: bool, no_folder: str) -> tuple[RemoteFeed, ...]:
    """Read the subscriptions; those without an address are left out. Raises :class:`SyncError` where it has none.

    ``no_folder`` is the folder of feeds that lie in none.
    """
    feeds: dict[str, RemoteFeed] = {}
    for item in objects(_list_in(answer, "subscriptions")):
        identifier = text(item.get("id"))
        address = safe_url(text(item.get("url"))) or safe_url(identifier.removeprefix(FEED))
        # Half a surrogate pair cannot be stored.
        if not identifier.isprintable() or not 0 < len(identifier) <= _MAX_FEED_ID or not address:
            continue
        title = text(item.get("title")).translate(_FULL_WIDTH_FEED if full_width else {})
        labels = [label for each in objects(item.get("categories")) if (label := _label(each))]
        folder = folder_of(labels[0]) if labels and labels[0] != no_folder else ()
        page = safe_url(text(item.get("htmlUrl"))) or ""
        feeds[identifier] = RemoteFeed(identifier, address, name(title), page, folder)
    return tuple(feeds.values())


def _label(category: Mapping[str, object]) -> str:
    identifier = text(category.get("id"))
    return name(category.get("label")) or name(identifier.partition("/label/")[2])


def _list_in(answer: object, key: str) -> list[Any]:
    found = answer.get(key) if isinstance(answer, dict) else None
    if not isinstance(found, list):
        raise SyncError(
            f"the server's answer has no list of ‘{key}’; check the kind of the account and the version of the server",
            SyncProblem.VERSION,
        )
    return found


def _continuation(answer: object) -> str:
    found = answer.get("continuation") if isinstance(answer, dict) else None
    if isinstance(found, int) and not isinstance(found, bool):
        return str(found)
    return found if isinstance(found, str) and len(found) <= _MAX_CONTINUATION else ""


def _entry(item: Mapping[str, object], full_width: Mapping[int, int]) -> RemoteEntry | None:
    identifier = entry_id(item.get("id"))
    origin = item.get("origin")
    feed = text(origin.get("streamId")) if isinstance(origin, dict) else ""
    if not identifier or not feed:
        return None
    categories = item.get("categories")
    labels = [label for label in categories if isinstance(label, str)] if isinstance(categories, list) else []
    states = {match[1] for label in labels if (match := _STATE.fullmatch(label))}
    summary, content = _content(item.get("summary")), _content(item.get("content"))
    raw = RawEntry(
        identifier=long_id(identifier),
        title=line_as_html(text(item.get("title")).translate(full_width)),
        link=_address(item.get("canonical")) or _address(item.get("alternate")),
        dates=_dates(item),
        # Most servers call it the summary although it is all they have, and Miniflux sends it twice.
        summary=summary if content not in {"", summary} else "",
        content=content or summary,
        categories=tuple(line_as_html(label) for label in labels if not label.startswith("user/")),
        media=_media(item.get("enclosure")),
        authors=tuple(line_as_html(author) for author in (text(item.get("author")),) if author.strip()),
    )
    return RemoteEntry(identifier, feed, raw, is_read="read" in states, is_starred="starred" in states)


def _content(found: object) -> str:
    return text(found.get("content")) if isinstance(found, dict) else ""


def _address(found: object) -> str:
    return next((address for each in objects(found) if (address := text(each.get("href")))), "")


def _dates(item: Mapping[str, object]) -> tuple[str, ...]:
    """Return when an entry was published, or else when the server found it."""
    found = (
        number(item.get("published")),
        number(item.get("crawlTimeMsec")) // 1000,
        number(item.get("timestampUsec")) // 1_000_000,
    )
    return tuple(filter(None, (iso_date(seconds or None) for seconds in found)))[:1]


def _media(found: object) -> tuple[RawMedia, ...]:
    files = ((text(each.get("href")) or text(each.get("url")), text(each.get("type"))) for each in objects(found))
    return tuple(RawMedia(address, media_kind(kind, address=address) or "file") for address, kind in files if address)
