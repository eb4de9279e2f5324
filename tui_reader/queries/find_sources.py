"""From what a person typed to the sources behind it: feeds, a site's API, an archive, or articles on the disk."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

from tui_reader.config import Folders, Settings
from tui_reader.errors import SourceError
from tui_reader.model.text import visible
from tui_reader.model.urls import domain_of, safe_url
from tui_reader.sources.feeds.discovery import CandidateKind, find_feeds, github_archive_url, guess_feeds, known_feed
from tui_reader.sources.feeds.site_api import api_addresses
from tui_reader.sources.http.client import Fetcher, NetLimits, Response
from tui_reader.sources.http.errors import RETRY_LATER, FetchError
from tui_reader.sources.locations import is_remote, is_remote_archive, resolve_locations
from tui_reader.subscriptions.subscription import split_credentials

_TRIED_AT_ONCE = 8  # addresses of one host: more would be rude
_MB = 1024 * 1024


class Candidate(NamedTuple):
    """A source that can be kept: where it is, what it calls itself, and what it is in a word.

    ``auth`` is the name and the password that it is to be asked with: those
    that were typed, where they are meant for its host.
    """

    location: str
    title: str
    kind: str
    auth: tuple[str, str] | None = None


def find(name: str, folders: Folders, settings: Settings) -> tuple[Candidate, ...]:
    """Return the sources that ``name`` may mean, the best first; one alone is what was meant.

    ``name`` is a path, or the address of a feed, of a page that has feeds, of
    a site with an API, of an archive, or ``github:OWNER/REPO[@REF]``. Asks
    the network and may take a while. Raises :class:`SourceError` where there
    is nothing.
    """
    name = name.strip()
    if name.startswith("github:"):
        github_archive_url(name)
        return (Candidate(name, name.removeprefix("github:"), "archive"),)
    if name.startswith("feed://"):
        name = f"http{name.removeprefix('feed')}"  # as browsers once wrote the addresses of feeds
    if not is_remote(name):
        if Path(name).expanduser().exists() or not _is_like_address(name):
            scheme, separated, path = name.partition("://")
            if scheme == "file":
                return (_on_disk(unquote(path)),)
            if separated:
                raise SourceError(f"{visible(name)}: nothing is read over {visible(scheme)}: name an http address")
            return (_on_disk(name),)
        account = known_feed(name)
        name = account.address if account is not None else f"https://{name}"
    name, auth = split_credentials(name)
    if is_remote_archive(name) and safe_url(name):
        path = urlsplit(name).path
        return (Candidate(name, visible(path.rpartition("/")[2]), "archive", auth),)
    limits = NetLimits(feed_bytes=settings.feed_mb * _MB)
    try:
        return asyncio.run(_Search(name, auth, limits).run())
    except FetchError as error:
        # Of what is not kept, nothing is tried again by itself.
        words = str(error).replace(RETRY_LATER, "try again later")
        raise FetchError(words, error.kind, error.status, error.retry_after) from error


def _is_like_address(name: str) -> bool:
    """Whether a name without a scheme can be that of a host, or of an account on one."""
    host = name.lstrip("@").replace("@", ".").partition("/")[0]
    return "." in host.strip(".") and not name.startswith((".", "/", "~"))


def _on_disk(name: str) -> Candidate:
    from tui_reader.sources.collection import open_collection
    from tui_reader.sources.feeds.file import FeedFile

    (location,) = resolve_locations([name])
    found = open_collection(location)
    if isinstance(found, FeedFile):
        return Candidate(location, found.read(int(time.time())).title or Path(location).name, "feed")
    return Candidate(location, Path(location).name, "folder" if Path(location).is_dir() else "file")


class _Search:
    """The way from one address to what can be kept."""

    def __init__(self, address: str, auth: tuple[str, str] | None, limits: NetLimits) -> None:
        self._address = address
        self._auth = auth
        self._limits = limits

    async def run(self) -> tuple[Candidate, ...]:
        async with Fetcher(self._limits) as self._fetcher:
            known = known_feed(self._address)
            if known is not None and known.kind is not CandidateKind.PAGE:
                found = await self._try([known.address])
                if found:
                    return found
            response = await self._get(self._address)
            itself = self._read(response, self._address)
            if itself is not None:
                return (itself,)
            return await self._behind(response)

    async def _get(self, address: str) -> Response:
        return await self._fetcher.get(address, auth=self._auth_for(address), trusted=(self._address,))

    def _auth_for(self, address: str) -> tuple[str, str] | None:
        """Name and password for an address on the host that they were typed for, and for no other."""
        try:
            mine, other = urlsplit(self._address), urlsplit(address)
        except ValueError:
            return None  # no address at all, as whoever asks there will say
        return self._auth if (mine.scheme, mine.netloc) == (other.scheme, other.netloc) else None

    def _read(self, response: Response, address: str) -> Candidate | None:
        """What an answer is, if it can be kept; the address is the one asked, but for permanent moves."""
        from tui_reader.sources.feeds.response import parse_response

        kind = response.headers.get("content-type", "")
        try:
            answer = parse_response(response.body, kind, response.url, int(time.time()))
        except SourceError:
            return None
        location = response.moved or address
        auth = self._auth_for(location)
        if answer.topics is not None:
            return Candidate(location, domain_of(location), "site API", auth)
        return Candidate(location, answer.title or domain_of(location), "feed", auth)

    async def _behind(self, page: Response) -> tuple[Candidate, ...]:
        """What a web page leads to: its site's API, the feeds that it names, or those where many sites have one."""
        api = (await self._try(api_addresses(page.url)))[:1]
        offered = find_feeds(page.body, page.url, page.headers.get("content-type", ""))
        named = tuple(
            Candidate(feed.address, feed.title, "feed", self._auth_for(feed.address))
            for feed in offered
            if feed.kind is CandidateKind.ANNOUNCED
        )
        if not named:
            named = await self._try(feed.address for feed in offered)
        if not named and not api:
            named = await self._try(feed.address for feed in guess_feeds(page.url))
        found = tuple({each.location: each for each in (*api, *named)}.values())
        if not found:
            host = domain_of(self._address)
            raise SourceError(f"{host} offers no feed that could be found: give the address of the feed itself")
        return found

    async def _try(self, addresses: Iterable[str]) -> tuple[Candidate, ...]:
        """Those of ``addresses`` that can be kept, each feed once."""
        gate = asyncio.Semaphore(_TRIED_AT_ONCE)

        async def look(address: str) -> tuple[Candidate, str] | None:
            async with gate:
                try:
                    response = await self._get(address)
                except FetchError:
                    return None  # a guess: most of them are wrong
            found = self._read(response, address)
            return None if found is None else (found, response.url)

        looked = await asyncio.gather(*(look(address) for address in dict.fromkeys(addresses)))
        return tuple({url: found for found, url in filter(None, reversed(looked))}.values())[::-1]
