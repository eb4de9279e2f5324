"""Feeds of well-known sites, derived from the address of a page without a request."""

from __future__ import annotations

import re
from urllib.parse import quote, urlsplit

from tui_reader.errors import SourceError
from tui_reader.model.text import visible
from tui_reader.model.urls import domain_of, safe_url
from tui_reader.sources.feeds.candidate import Candidate, CandidateKind

_PLAYLIST = re.compile(r"(?:^|&)list=([\w-]{1,100})(?:&|$)")
_YOUTUBE_FEED = "https://www.youtube.com/feeds/videos.xml?"
_YOUTUBE_CHANNEL = re.compile(r"""["'](?:channelId|externalId|browseId)["']\s*:\s*["'](UC[\w-]{22})["']""")
_NAME = r"[A-Za-z0-9_.-]{1,100}"
_OWNER = r"[A-Za-z0-9][A-Za-z0-9-]{0,99}"
_GITHUB = re.compile(rf"github:(?P<owner>{_OWNER})/(?P<repo>{_NAME})(?:@(?P<ref>[^\s@]{{1,200}}))?")
_HANDLE = re.compile(rf"@(?P<user>{_NAME})@(?P<host>(?:[a-z0-9-]+\.)+[a-z]{{2,}})", re.IGNORECASE)
# First path segments of github.com that are not owners of repositories.
_GITHUB_PAGES = frozenset({"topics", "orgs", "features", "settings", "search", "sponsors", "marketplace", "explore"})
# Sites with "@name" pages that do not run Mastodon.
_NOT_MASTODON = frozenset({"tiktok.com", "threads.net", "threads.com", "instagram.com", "x.com", "substack.com"})


def known_feed(text: str) -> Candidate | None:
    """Return the feed for what the user typed, if a site's rules define it.

    Supported are YouTube channels, users and playlists, GitHub repositories,
    subreddits and users of Reddit, and Mastodon accounts (also written as
    ``@name@host``). A YouTube page whose address does not contain the channel
    is returned as :attr:`CandidateKind.PAGE`.
    """
    if handle := _HANDLE.fullmatch(text.strip()):
        address = f"https://{handle['host'].lower()}/@{handle['user']}.rss"
        return Candidate(address, text.strip(), CandidateKind.ANNOUNCED)
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


def youtube_channel_feed(page: str, address: str) -> Candidate | None:
    """Return the feed of the channel that a YouTube ``page`` shows, or ``None``."""
    if domain_of(address).endswith("youtube.com") and (channel := _YOUTUBE_CHANNEL.search(page)):
        return Candidate(f"{_YOUTUBE_FEED}channel_id={channel[1]}", "YouTube channel", CandidateKind.ANNOUNCED)
    return None


def github_archive_url(location: str) -> str:
    """Return the address of the archive for ``github:OWNER/REPO[@REF]``, by default of the default branch.

    Raises :class:`SourceError` where ``location`` has another form.
    """
    found = _GITHUB.fullmatch(location.strip())
    if found is None or found["repo"] in {".", ".."} or ".." in (found["ref"] or ""):
        raise SourceError(f"{visible(location)}: write github:OWNER/REPO or github:OWNER/REPO@BRANCH")
    reference = quote(found["ref"] or "HEAD", safe="/")
    return f"https://codeload.github.com/{found['owner']}/{found['repo'].removesuffix('.git')}/tar.gz/{reference}"


def _youtube(url: str, path: list[str], query: str) -> Candidate | None:
    if path and path[0] == "feeds":
        return None  # already a feed
    if path == ["playlist"] and (playlist := _PLAYLIST.search(query)):
        return Candidate(f"{_YOUTUBE_FEED}playlist_id={playlist[1]}", "YouTube playlist", CandidateKind.ANNOUNCED)
    if len(path) >= 2 and path[0] == "channel":
        address = f"{_YOUTUBE_FEED}channel_id={quote(path[1], safe='%')}"
        return Candidate(address, "YouTube channel", CandidateKind.ANNOUNCED)
    if len(path) >= 2 and path[0] == "user":
        address = f"{_YOUTUBE_FEED}user={quote(path[1], safe='%')}"
        return Candidate(address, visible(path[1]), CandidateKind.ANNOUNCED)
    if path and (path[0].startswith("@") or path[0] == "c"):
        return Candidate(url, path[-1] if path[0] == "c" else path[0], CandidateKind.PAGE)
    return None


def _github(path: list[str]) -> Candidate | None:
    if len(path) < 2 or path[0] in _GITHUB_PAGES or path[-1].endswith(".atom"):
        return None
    owner, repo = path[0], path[1].removesuffix(".git")
    what = "releases"
    if len(path) == 3 and path[2] in {"tags", "commits"}:
        what = path[2]
    elif len(path) > 3 and path[2] == "commits":
        what = "/".join(path[2:])
    address = f"https://github.com/{owner}/{repo}/{what}.atom"
    return Candidate(address, f"{owner}/{repo} {what}", CandidateKind.ANNOUNCED)


def _reddit(path: list[str]) -> Candidate | None:
    if len(path) < 2 or path[0] not in {"r", "u", "user"} or path[-1] == ".rss":
        return None
    sort = f"/{path[2]}" if len(path) == 3 and path[2] in {"new", "top", "hot", "rising"} else ""
    name = f"{'user' if path[0] == 'u' else path[0]}/{path[1]}"
    return Candidate(f"https://www.reddit.com/{name}{sort}/.rss", name, CandidateKind.ANNOUNCED)


def _account(netloc: str, host: str, path: list[str]) -> Candidate | None:
    if len(path) != 1 or not path[0].startswith("@") or len(path[0]) < 2 or path[0].endswith((".rss", ".json")):
        return None
    if host in _NOT_MASTODON:
        return None
    if host == "medium.com":
        return Candidate(f"https://medium.com/feed/{path[0]}", path[0], CandidateKind.ANNOUNCED)
    # Any host can run Mastodon, and other sites have such pages too.
    return Candidate(f"https://{netloc}/{path[0]}.rss", path[0], CandidateKind.GUESSED)
