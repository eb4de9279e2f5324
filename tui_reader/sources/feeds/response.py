"""What a source on the network answered: a feed or a page of a site's API, read into the same shape."""

from __future__ import annotations

from typing import NamedTuple

from tui_reader.errors import SourceError
from tui_reader.model.feed_entry import Entry
from tui_reader.sources.feeds.parser import parse_feed
from tui_reader.sources.feeds.site_api import ApiPage, parse_api_page, topics_address


class ParsedResponse(NamedTuple):
    """The articles that an answer lists, and what it says of its source.

    ``page`` is the web page that the source belongs to. ``next_page`` is
    where the API goes on and ``topics`` where it lists its topics; a feed has
    neither. ``ttl_minutes`` is how long a feed wants to be left alone.
    """

    entries: tuple[Entry, ...]
    title: str = ""
    page: str = ""
    ttl_minutes: int | None = None
    next_page: str | None = None
    topics: str | None = None


def parse_response(data: bytes, content_type: str, address: str, now: int) -> ParsedResponse:
    """Return what ``data``, fetched from ``address`` at ``now``, lists.

    Raises :class:`SourceError` where it is neither a feed nor a page of an API.
    """
    page = _api_page(data, address)
    if page is not None:
        entries = tuple(Entry("", article) for article in page.articles)
        return ParsedResponse(entries, next_page=page.next_address, topics=topics_address(address))
    feed = parse_feed(data, content_type, address, now=now)
    return ParsedResponse(
        feed.entries,
        feed.title,
        feed.page or "",
        feed.ttl_minutes,
    )


def _api_page(data: bytes, address: str) -> ApiPage | None:
    """The page of a site's API that an answer is, if it is one; a JSON Feed is none."""
    if not data[:64].lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{"):
        return None
    try:
        return parse_api_page(data, address)
    except SourceError:
        return None
