"""Finds the feeds of a web page, and knows those of some big sites without asking."""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import StrEnum
from typing import Any, NamedTuple
from urllib.parse import quote, urlsplit

from tui_reader.errors import SourceError
from tui_reader.model.text import clean_line, visible
from tui_reader.model.urls import domain_of, safe_url
from tui_reader.sources.feeds.encoding import decode_feed
from tui_reader.sources.html.syntax import resolve_url

MAX_CANDIDATES = 30
"""Feeds that one page can offer; nobody picks from a longer list."""


class CandidateKind(StrEnum):
    """How sure it is that a candidate is a feed, and what is to be done with it."""

    ANNOUNCED = "announced"
    """The page, or the site's own rules, say that it is one."""
    LINKED = "linked"
    """The page has a link that looks like one."""
    GUESSED = "guessed"
    """Many sites have one there: try it."""
    PAGE = "page"
    """No feed but the page that announces it: fetch it and look with :func:`find_feeds`."""


class Candidate(NamedTuple):
    """An address that may be a feed."""

    address: str
    title: str
    kind: CandidateKind


_TYPES = {
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
_PATHS = (
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
_MAX_PAGE = 2_000_000  # characters of a page that are looked at
_CHANNEL = re.compile(r"""["'](?:channelId|externalId|browseId)["']\s*:\s*["'](UC[\w-]{22})["']""")
_PLAYLIST = re.compile(r"(?:^|&)list=([\w-]{1,100})(?:&|$)")
_YOUTUBE_FEED = "https://www.youtube.com/feeds/videos.xml?"
_NAME = r"[A-Za-z0-9_.-]{1,100}"
_OWNER = r"[A-Za-z0-9][A-Za-z0-9-]{0,99}"
_GITHUB = re.compile(rf"github:(?P<owner>{_OWNER})/(?P<repo>{_NAME})(?:@(?P<ref>[^\s@]{{1,200}}))?")
_HANDLE = re.compile(rf"@(?P<user>{_NAME})@(?P<host>(?:[a-z0-9-]+\.)+[a-z]{{2,}})", re.IGNORECASE)
_NOT_OWNERS = frozenset({"topics", "orgs", "features", "settings", "search", "sponsors", "marketplace", "explore"})
# Sites with “@name” pages that are not Mastodon's.
_NOT_MASTODON = frozenset({"tiktok.com", "threads.net", "threads.com", "instagram.com", "x.com", "substack.com"})


class _Links:
    """Takes the events of a parser and keeps the links of a page."""

    def __init__(self) -> None:
        self.base = ""
        self.links: list[Mapping[str, str]] = []
        self.anchors: list[list[str]] = []  # address and words
        self._words: list[str] | None = None

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        """Take the beginning of an element."""
        if tag == "base" and not self.base:
            self.base = attributes.get("href", "")
        elif tag == "link":
            self.links.append(dict(attributes))
        elif tag == "a" and (address := attributes.get("href")):
            self._words = [address]
            self.anchors.append(self._words)

    def end(self, tag: str) -> None:
        """Take the end of an element."""
        if tag == "a":
            self._words = None

    def data(self, text: str) -> None:
        """Take text."""
        if self._words is not None:
            self._words.append(text)

    def close(self) -> _Links:
        """Return what was kept."""
        return self


def find_feeds(page: bytes, address: str, content_type: str = "") -> tuple[Candidate, ...]:
    """Return the feeds that a web page offers, the best first; never raises.

    First what it announces with ``<link rel="alternate">`` (feeds of comments
    behind the others), then the links in it that look like feeds.
    """
    from lxml import etree

    text = decode_feed(page[: 4 * _MAX_PAGE], content_type)[:_MAX_PAGE]
    target: Any = _Links()
    parser = etree.HTMLParser(target=target, encoding="utf-8", no_network=True, huge_tree=True)
    if text.strip():
        parser.feed(text.encode(errors="replace"))
        parser.close()
    base = resolve_url(target.base, address) or address
    found: dict[str, Candidate] = {}
    for link in target.links:
        if candidate := _announced(link, base):
            found.setdefault(candidate.address, candidate)
    if domain_of(address).endswith("youtube.com") and (channel := _CHANNEL.search(text)):
        known = Candidate(f"{_YOUTUBE_FEED}channel_id={channel[1]}", "YouTube channel", CandidateKind.ANNOUNCED)
        found.setdefault(known.address, known)
    for href, *words in target.anchors:
        url = resolve_url(href, base)
        if url and url not in found and _is_like_feed(url):
            found[url] = Candidate(url, clean_line(" ".join(words)[:300])[:100], CandidateKind.LINKED)
    order = sorted(found.values(), key=lambda item: (item.kind is CandidateKind.LINKED, _is_comments(item)))
    return tuple(order[:MAX_CANDIDATES])


def _announced(link: Mapping[str, str], base: str) -> Candidate | None:
    kind = link.get("type", "").partition(";")[0].strip().lower()
    words = link.get("rel", "").lower().split()
    if kind not in _TYPES or not {"alternate", "feed"} & set(words):
        return None
    url = resolve_url(link.get("href"), base)
    return (
        Candidate(url, clean_line(link.get("title", "")[:300])[:100] or _TYPES[kind], CandidateKind.ANNOUNCED)
        if url
        else None
    )


def _is_like_feed(url: str) -> bool:
    parts = urlsplit(url)
    return bool(_LOOKS_LIKE_FEED.search(parts.path + (f"?{parts.query}" if parts.query else ""))) or (
        parts.hostname in _FEED_HOSTS
    )


def _is_comments(candidate: Candidate) -> bool:
    return bool(_COMMENTS.search(candidate.title) or "/comments/" in candidate.address)


def guess_feeds(address: str) -> tuple[Candidate, ...]:
    """Return where many sites have their feed: below ``address`` first, then below the root."""
    url = safe_url(address)
    if url is None:
        return ()
    parts = urlsplit(url)
    site = f"{parts.scheme}://{parts.netloc}/"
    folder = parts.path.rpartition("/")[0] if "." in parts.path.rpartition("/")[2] else parts.path.rstrip("/")
    places = dict.fromkeys((site + folder.strip("/") + "/" if folder.strip("/") else site, site))
    found = dict.fromkeys(place + path for place in places for path in _PATHS)
    return tuple(Candidate(url, "", CandidateKind.GUESSED) for url in found)


def known_feed(text: str) -> Candidate | None:
    """Return the feed of what a person typed, where the site's rules tell it; else ``None``.

    Known are YouTube channels, users and playlists, repositories of GitHub,
    subreddits and users of Reddit, and Mastodon accounts (also as
    ``@name@host``). A page of YouTube that does not name its channel comes
    back as :attr:`Kind.PAGE`.
    """
    if handle := _HANDLE.fullmatch(text.strip()):
        return Candidate(
            f"https://{handle['host'].lower()}/@{handle['user']}.rss", text.strip(), CandidateKind.ANNOUNCED
        )
    url = safe_url(text)
    if url is None:
        return None
    parts = urlsplit(url)
    path = [part for part in parts.path.split("/") if part]
    host = domain_of(url)
    if host in {"youtube.com", "m.youtube.com"}:
        return _youtube(url, path, parts.query)
    if host == "github.com":
        return _github(path)
    if host in {"reddit.com", "old.reddit.com", "new.reddit.com"}:
        return _reddit(path)
    return _account(parts.netloc, host, path)


def _youtube(url: str, path: list[str], query: str) -> Candidate | None:
    if path and path[0] == "feeds":
        return None  # it is one
    if path == ["playlist"] and (playlist := _PLAYLIST.search(query)):
        return Candidate(f"{_YOUTUBE_FEED}playlist_id={playlist[1]}", "YouTube playlist", CandidateKind.ANNOUNCED)
    if len(path) >= 2 and path[0] == "channel":
        return Candidate(
            f"{_YOUTUBE_FEED}channel_id={quote(path[1], safe='%')}", "YouTube channel", CandidateKind.ANNOUNCED
        )
    if len(path) >= 2 and path[0] == "user":
        return Candidate(f"{_YOUTUBE_FEED}user={quote(path[1], safe='%')}", visible(path[1]), CandidateKind.ANNOUNCED)
    if path and (path[0].startswith("@") or path[0] == "c"):
        return Candidate(url, path[-1] if path[0] == "c" else path[0], CandidateKind.PAGE)
    return None


def _github(path: list[str]) -> Candidate | None:
    if len(path) < 2 or path[0] in _NOT_OWNERS or path[-1].endswith(".atom"):
        return None
    owner, repo = path[0], path[1].removesuffix(".git")
    what = "releases"
    if len(path) == 3 and path[2] in {"tags", "commits"}:
        what = path[2]
    elif len(path) > 3 and path[2] == "commits":
        what = "/".join(path[2:])
    return Candidate(
        f"https://github.com/{owner}/{repo}/{what}.atom", f"{owner}/{repo} {what}", CandidateKind.ANNOUNCED
    )


def _reddit(path: list[str]) -> Candidate | None:
    if len(path) < 2 or path[0] not in {"r", "u", "user"} or path[-1] == ".rss":
        return None
    sort = f"/{path[2]}" if len(path) == 3 and path[2] in {"new", "top", "hot", "rising"} else ""
    name = f"{'user' if path[0] == 'u' else path[0]}/{path[1]}"
    return Candidate(f"https://www.reddit.com/{name}{sort}/.rss", name, CandidateKind.ANNOUNCED)


def _account(place: str, host: str, path: list[str]) -> Candidate | None:
    if len(path) != 1 or not path[0].startswith("@") or len(path[0]) < 2 or path[0].endswith((".rss", ".json")):
        return None
    if host in _NOT_MASTODON:
        return None
    if host == "medium.com":
        return Candidate(f"https://medium.com/feed/{path[0]}", path[0], CandidateKind.ANNOUNCED)
    # Any host can be Mastodon's, and not every one with such pages is.
    return Candidate(f"https://{place}/{path[0]}.rss", path[0], CandidateKind.GUESSED)


def github_archive_url(location: str) -> str:
    """Return the address of the archive that ``github:OWNER/REPO[@REF]`` names; without REF the newest.

    Raises :class:`SourceError` where it names none.
    """
    found = _GITHUB.fullmatch(location.strip())
    if found is None or found["repo"] in {".", ".."} or ".." in (found["ref"] or ""):
        raise SourceError(f"{visible(location)}: write github:OWNER/REPO or github:OWNER/REPO@BRANCH")
    reference = quote(found["ref"] or "HEAD", safe="/")
    return f"https://codeload.github.com/{found['owner']}/{found['repo'].removesuffix('.git')}/tar.gz/{reference}"
