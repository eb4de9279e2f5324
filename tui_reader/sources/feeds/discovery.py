"""Finds the feeds of a web page: announced, linked, or at common paths."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, cast
from urllib.parse import urlsplit

from tui_reader.model.text import clean_line
from tui_reader.model.urls import safe_url, without_feed_scheme
from tui_reader.sources.feeds.candidate import Candidate, CandidateKind
from tui_reader.sources.feeds.encoding import decode_feed
from tui_reader.sources.feeds.known_sites import youtube_channel_feed
from tui_reader.sources.html.nesting import MAX_DEPTH, VERSIONS, TooDeep, pieces
from tui_reader.sources.html.syntax import resolve_url

MAX_CANDIDATES = 30
"""Most feeds returned for one page. Nobody chooses from a longer list."""

_FEED_TYPES = {
    "application/rss+xml": "RSS",
    "application/atom+xml": "Atom",
    "application/rdf+xml": "RDF",
    "application/feed+json": "JSON Feed",
    "text/xml": "XML",
    "application/xml": "XML",
    "text/rss+xml": "RSS",
    "application/x.atom+xml": "Atom",
    "application/x-atom+xml": "Atom",
}
_COMMON_PATHS = (
    "feed", "feed/", "rss", "rss.xml", "feed.xml", "atom.xml", "index.xml", "feed.json", "rss/", "feeds/posts/default",
    "feed.rss", "index.rdf",
)  # fmt: skip
_LOOKS_LIKE_FEED = re.compile(
    r"(?:^|/)(?:feeds?|rss2?|atom)(?:\.xml|\.rss|\.json|\.php|/)?$|\.(?:rss|atom|rdf)$|/(?:index|rss|feed|atom)\.xml$"
    r"|[?&](?:feed=(?:rss2?|atom)|format=(?:rss|atom|feed))",
    re.IGNORECASE,
)
_FEED_HOSTS = frozenset({"feeds.feedburner.com", "rss.app", "feeds.bbci.co.uk", "feeds.simplecast.com"})
_COMMENTS = re.compile(r"comment|kommentar|replies", re.IGNORECASE)
_MAX_PAGE = 2_000_000  # characters of a page that are parsed


class _LinkCollector:
    """A parser target of lxml that collects the links of a page."""

    def __init__(self) -> None:
        self.base = ""
        self.links: list[Mapping[str, str]] = []
        self.anchors: list[list[str]] = []  # address, then pieces of text
        self._anchor: list[str] | None = None
        self._depth = 0

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise TooDeep
        if tag == "base" and not self.base:
            self.base = attributes.get("href", "")
        elif tag == "link":
            self.links.append(dict(attributes))
        elif tag == "a" and (address := attributes.get("href")):
            self._anchor = [address]
            self.anchors.append(self._anchor)

    def end(self, tag: str) -> None:
        self._depth -= 1
        if tag == "a":
            self._anchor = None

    def data(self, text: str) -> None:
        if self._anchor is not None:
            self._anchor.append(text)

    def close(self) -> _LinkCollector:
        return self


def find_feeds(page: bytes, address: str, content_type: str = "") -> tuple[Candidate, ...]:
    """Return the feeds of a web page, best first. Never raises.

    Feeds announced with ``<link rel="alternate">`` come first (those for
    comments last among them), then links that look like feeds.
    """
    text = decode_feed(page[: 4 * _MAX_PAGE], content_type)[:_MAX_PAGE]
    target = _collected(text)
    base = resolve_url(target.base, address) or address
    found: dict[str, Candidate] = {}
    for link in target.links:
        if candidate := _announced(link, base):
            found.setdefault(candidate.address, candidate)
    if channel := youtube_channel_feed(text, address):
        found.setdefault(channel.address, channel)
    for href, *words in target.anchors:
        url = resolve_url(without_feed_scheme(href.strip()), base)
        if url and url not in found and _looks_like_feed(url):
            found[url] = Candidate(url, clean_line(" ".join(words)[:300])[:100], CandidateKind.LINKED)
    order = sorted(found.values(), key=lambda item: (item.kind is CandidateKind.LINKED, _is_for_comments(item)))
    return tuple(order[:MAX_CANDIDATES])


def _collected(html: str) -> _LinkCollector:
    from lxml import etree

    for made in VERSIONS:
        target: Any = _LinkCollector()  # lxml's types ask for methods that it does not call
        parser = etree.HTMLParser(target=target, encoding="utf-8", no_network=True, huge_tree=True)
        try:
            for piece in pieces(made(html)):
                parser.feed(piece)
            parser.close()
        except TooDeep:
            continue
        break
    return cast(_LinkCollector, target)


def _announced(link: Mapping[str, str], base: str) -> Candidate | None:
    mime_type = link.get("type", "").partition(";")[0].strip().lower()
    relations = link.get("rel", "").lower().split()
    if mime_type not in _FEED_TYPES or not {"alternate", "feed"} & set(relations):
        return None
    url = resolve_url(without_feed_scheme(link.get("href", "").strip()), base)
    if url is None:
        return None
    title = clean_line(link.get("title", "")[:300])[:100] or _FEED_TYPES[mime_type]
    return Candidate(url, title, CandidateKind.ANNOUNCED)


def _looks_like_feed(url: str) -> bool:
    parts = urlsplit(url)
    return bool(_LOOKS_LIKE_FEED.search(parts.path + (f"?{parts.query}" if parts.query else ""))) or (
        parts.hostname in _FEED_HOSTS
    )


def _is_for_comments(candidate: Candidate) -> bool:
    return bool(_COMMENTS.search(candidate.title) or "/comments/" in candidate.address)


def guess_feeds(address: str) -> tuple[Candidate, ...]:
    """Return common feed addresses of a site: below ``address`` first, then below its root."""
    url = safe_url(address)
    if url is None:
        return ()
    parts = urlsplit(url)
    root = f"{parts.scheme}://{parts.netloc}/"
    folder = parts.path.rpartition("/")[0] if "." in parts.path.rpartition("/")[2] else parts.path.rstrip("/")
    folders = dict.fromkeys((root + folder.strip("/") + "/" if folder.strip("/") else root, root))
    urls = dict.fromkeys(folder + path for folder in folders for path in _COMMON_PATHS)
    return tuple(Candidate(url, "", CandidateKind.GUESSED) for url in urls)
