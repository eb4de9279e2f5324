"""Reads newsboat's file ``urls``: feeds with their tags, and query feeds."""

from __future__ import annotations

from collections.abc import Iterable

from tui_reader.model.text import clean_text, visible
from tui_reader.model.urls import safe_url
from tui_reader.named_tuple import NamedTuple
from tui_reader.subscriptions.newsboat.filter_language import FeedTags
from tui_reader.subscriptions.newsboat.lines import Line
from tui_reader.subscriptions.subscription import Subscription, source_key, split_credentials

_COMMANDS = ("exec:", "filter:")
_QUERY = "query:"
_FILE = "file://"
_LONGEST = 200  # characters of a title or tag
MAX_FEEDS = 20_000
"""Most lines that are read."""


class Note(NamedTuple):
    """What became of a line, or why nothing did."""

    line: Line
    words: str


class QueryFeed(NamedTuple):
    """A query feed: its name, what it lists, in newsboat's filter language, and its tags."""

    line: Line
    name: str
    expression: str
    tags: tuple[str, ...] = ()


class Urls(NamedTuple):
    """What is in the file. ``notes`` are about feeds that came along changed, ``refused`` about what did not."""

    feeds: tuple[Subscription, ...]
    queries: tuple[QueryFeed, ...]
    tags: FeedTags
    notes: tuple[Note, ...]
    refused: tuple[Note, ...]
    repeated: int


def read_urls(lines: Iterable[Line]) -> Urls:
    """Return the feeds and query feeds in ``lines``. The first tag of a feed is its folder, the others are topics."""
    feeds: dict[str, Subscription] = {}
    queries: list[QueryFeed] = []
    notes: list[Note] = []
    refused: list[Note] = []
    folders: set[str] = set()
    topics: set[str] = set()
    repeated = 0
    for line in lines:
        address, *tags = line.words
        if why := _why_not(line, address, len(feeds)):
            refused.append(Note(line, why))
        elif address.startswith(_QUERY):
            name, _, expression = address.removeprefix(_QUERY).partition(":")
            queries.append(QueryFeed(line, clean_text(name)[:_LONGEST] or "Query", expression, tuple(tags)))
        else:
            feed = _feed(address, tags)
            key = source_key(feed.location)
            repeated += key in feeds
            feeds.setdefault(key, feed)
            folders.update(feed.folder)
            topics.update(feed.topics)
            if any(tag.startswith("!") for tag in tags):
                notes.append(Note(line, "is hidden in newsboat, and listed here; its articles are in all lists"))
    found = FeedTags(frozenset(folders), frozenset(topics))
    return Urls(tuple(feeds.values()), tuple(queries), found, tuple(notes), tuple(refused), repeated)


def _why_not(line: Line, address: str, feeds: int) -> str:
    """Return why nothing comes of a line; empty if something does."""
    if line.runs_command or address.startswith(_COMMANDS):
        return "is a command, and commands are never run: let a cron job write its output to a file, and add that file"
    if address.startswith(_QUERY):
        return "" if address.count(":") > 1 else "is a query feed without a query"
    if address.startswith(_FILE):
        return f"is a file: ‘news-tui add {visible(address.removeprefix(_FILE))}’ adds it"
    if safe_url(address) is None:
        return "is no address with http or https"
    return f"comes after {MAX_FEEDS:,} feeds, which is the limit" if feeds >= MAX_FEEDS else ""


def _feed(address: str, tags: Iterable[str]) -> Subscription:
    location, auth = split_credentials(address)
    title = next((tag[1:] for tag in tags if tag.startswith("~")), "")
    names = [clean_text(tag)[:_LONGEST] for tag in tags if not tag.startswith(("~", "!"))]
    named = list(dict.fromkeys(name for name in names if name))
    return Subscription(
        location,
        title=clean_text(title)[:_LONGEST],
        folder=tuple(named[:1]),
        topics=tuple(named[1:]),
        auth=auth,
    )
