"""Finds out what a feed identifies each of its entries by, and whether that is of any use."""

from __future__ import annotations

import re
from collections.abc import Container
from html import escape

from tui_reader.model.article import Article
from tui_reader.model.feed_entry import Entry
from tui_reader.model.fingerprint import fingerprint
from tui_reader.model.text import clean_line
from tui_reader.model.urls import page_key, safe_url

_NAME_LENGTH = 500  # characters; a longer identifier is replaced by its fingerprint
# What generators write where they have no identifier.
_NO_NAMES = frozenset(
    (
        *("-", "--", "#", "?", "0", "-1", "n/a", "na", "n.a.", "none", "null", "nil", "nan", "undefined", "unknown"),
        *("empty", "false", "true", "guid", "id", "default", "permalink", "link", "tbd", "[object object]"),
        *("00000000-0000-0000-0000-000000000000", "urn:uuid:00000000-0000-0000-0000-000000000000"),
    )
)
_NUMBER = re.compile(r"[0-9]{1,15}")
_ISSUE = re.compile(
    r"[?&](?:v|ver|version|rev|revision|edition|issue|updated|modified)=([0-9]{1,15})(?=&|\Z)", re.IGNORECASE
)


def feed_pages(address: str, page: str | None) -> frozenset[str]:
    """Return the keys of the pages that are the feed's own: links to them are no links of one entry."""
    return frozenset(page_key(url) for url in (address, page or "") if safe_url(url))


def identified(identifier: str, article: Article, own: Container[str], *, remembered: bool) -> Entry:
    """Return an entry with its name, if ``identifier`` is usable as one.

    ``own`` are the keys of the feed's own pages. Unless its entries are
    ``remembered`` from one answer to the next, links to the front page of a
    site count among them.
    """
    link = article.links.identity()
    page = page_key(link) if link else ""
    shared = page in own or bool(page and not remembered and not _has_path(page))
    name = clean_line(escape(identifier, quote=False))
    if name.casefold() in _NO_NAMES:
        name = ""
    if len(name) > _NAME_LENGTH:
        name = f"#{fingerprint(name.encode(errors='replace')):x}"
    url = safe_url(name)
    if url is None:
        return Entry(name, article, shared=shared)
    address, _, fragment = url.partition("#")
    if not fragment and ((key := page_key(address)) in own or not _has_path(key)):
        return Entry("", article, shared=shared)  # the site's address
    if link and not shared and "#" not in link and (issue := _issue(address, fragment, page)) is not None:
        return Entry(link, article, issue)
    return Entry(name, article, shared=shared)


def _issue(address: str, fragment: str, page: str) -> int | None:
    """Return the number of the issue if an identifier is the address of an entry's ``page`` with such a number.

    The link may have a query that the identifier has not.
    """
    key = page_key(address)
    if not _has_path(page) or (key == page and not fragment):
        return None
    if fragment:
        is_page = _NUMBER.fullmatch(fragment) and key in {page, page.partition("?")[0]}
        return int(fragment) if is_page else None
    match = _ISSUE.search(address)
    if match is None:
        return None
    rest = address[match.end() :]
    without = address[: match.start()] + (match[0][0] + rest[1:] if rest else "")
    return int(match[1]) if page_key(without) == page else None


def _has_path(key: str) -> bool:
    """Whether the key of a page is more than a host."""
    return "/" in key or "?" in key
