"""Parses the response of a source on the network: a feed or a page of a site's API."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from tui_reader.errors import SourceError
from tui_reader.model.feed_entry import MAX_NOTES, Entry
from tui_reader.named_tuple import NamedTuple
from tui_reader.sources.feeds.parser import parse_feed
from tui_reader.sources.feeds.site_api import ApiPage, parse_api_page, topics_address


class ParsedResponse(NamedTuple):
    """The articles in a response, and facts about their source.

    - ``page``: the web page of the source.
    - ``ttl_minutes``: how long a feed asks to wait before the next request.
    - ``next_page``: the address of the next page of an API.
    - ``topics``: the address of the topics of an API.
    - ``notes``: what could not be read, at most ``MAX_NOTES`` of them.
    """

    entries: tuple[Entry, ...]
    title: str = ""
    page: str = ""
    ttl_minutes: int | None = None
    next_page: str | None = None
    topics: str | None = None
    notes: tuple[str, ...] = ()


def parse_response(data: bytes, content_type: str, address: str, now: int) -> ParsedResponse:
    """Parse ``data``, fetched from ``address`` at ``now`` (seconds since 1970).

    Raises :class:`SourceError` where it is neither a feed nor a page of an API.
    """
    page = _api_page(data, address)
    if page is not None:
        # An API identifies its articles by their addresses.
        entries = tuple(Entry(article.links.identity() or "", article) for article in page.articles)
        notes = _notes(page.notes, entries)
        return ParsedResponse(entries, next_page=page.next_address, topics=topics_address(address), notes=notes)
    feed = parse_feed(data, content_type, address, now=now)
    notes = _notes(feed.notes, feed.entries)
    return ParsedResponse(feed.entries, feed.title, feed.page or "", feed.ttl_minutes, notes=notes)


def _notes(notes: Sequence[str], entries: Iterable[Entry]) -> tuple[str, ...]:
    """Return the notes on a response, then those on its entries, each with the title of its entry."""
    found = [*notes, *(f"{entry.article.title}: {note}" for entry in entries for note in entry.article.notes)]
    more = len(found) - MAX_NOTES
    return tuple(found) if more <= 0 else (*found[: MAX_NOTES - 1], f"and {more + 1:,} more notes of this kind")


def _api_page(data: bytes, address: str) -> ApiPage | None:
    """Return the page of a site's API in ``data``, or ``None`` where it is something else, such as a JSON Feed."""
    if not data[:64].lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{"):
        return None
    try:
        return parse_api_page(data, address)
    except SourceError:
        return None
