"""Finds the sources behind what a person typed: a feed, a website, a repository, a path."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterable
from pathlib import Path
from urllib.parse import unquote, urlsplit

from tui_reader.config import Folders, Settings
from tui_reader.errors import SourceError
from tui_reader.model.networks import is_private_host
from tui_reader.model.text import visible
from tui_reader.model.urls import domain_of, safe_url, without_feed_scheme
from tui_reader.named_tuple import NamedTuple
from tui_reader.sources.feeds.candidate import CandidateKind
from tui_reader.sources.feeds.discovery import find_feeds, guess_feeds
from tui_reader.sources.feeds.known_sites import github_archive_url, known_feed
from tui_reader.sources.feeds.site_api import api_addresses
from tui_reader.sources.http.client import Fetcher, NetLimits, Response
from tui_reader.sources.http.errors import RETRY_LATER, FetchError
from tui_reader.sources.locations import is_remote, is_remote_archive, named_path, resolve_locations
from tui_reader.subscriptions.subscription import split_credentials

_CONCURRENT = 8  # requests at a time, as all go to one host
_MB = 1024 * 1024


class FoundSource(NamedTuple):
    """A source that can be added: location, title and kind (feed, site API, archive, folder, file).

    ``auth`` holds the credentials that were typed, if they are for its host.
    ``named_by`` is the host that was typed, where a page or a redirect there
    named a source on another one.
    """

    location: str
    title: str
    kind: str
    auth: tuple[str, str] | None = None
    named_by: str = ""

    @property
    def is_private(self) -> bool:
        """Whether it is in a private network and was not named by the person."""
        return bool(self.named_by) and is_private_host(urlsplit(self.location).hostname or "")


def find_sources(name: str, folders: Folders, settings: Settings) -> tuple[FoundSource, ...]:
    """Return the sources that ``name`` may mean, the best first; a single one is certain.

    ``name`` is a path, ``github:OWNER/REPO[@REF]``, or the address of a feed,
    an archive, a site with an API or any page of a website. May take some
    seconds, as it sends requests. Raises :class:`SourceError` if there is no
    source.
    """
    name = name.strip()
    if name.startswith("github:"):
        github_archive_url(name)
        return (FoundSource(name, name.removeprefix("github:"), "archive"),)
    name = without_feed_scheme(name)
    if not is_remote(name):
        if named_path(name).exists() or not _is_like_address(name):
            return (_local(name),)
        account = known_feed(name)
        name = account.address if account is not None else f"https://{name}"
    name, auth = split_credentials(name)
    if is_remote_archive(name) and safe_url(name):
        path = urlsplit(name).path
        return (FoundSource(name, visible(path.rpartition("/")[2]), "archive", auth),)
    limits = NetLimits(feed_bytes=settings.feed_mb * _MB)
    try:
        return asyncio.run(_Search(name, auth, limits).run())
    except FetchError as error:
        # Subscriptions are fetched again later, but this is not one yet.
        reason = str(error).replace(RETRY_LATER, "try again later")
        raise FetchError(reason, error.kind, error.status, error.retry_after) from error


def _is_like_address(name: str) -> bool:
    """Return whether a name without a scheme may be a host, or an account on one."""
    host = name.lstrip("@").replace("@", ".").partition("/")[0]
    return "." in host.strip(".") and not name.startswith((".", "/", "~"))


def _local(name: str) -> FoundSource:
    """Return the source at a path or a ``file:`` address."""
    from tui_reader.sources.collection import open_collection
    from tui_reader.sources.feeds.file import FeedFile

    scheme, separator, rest = name.partition("://")
    if separator:
        if scheme != "file":
            raise SourceError(f"{visible(name)}: {visible(scheme)} is not supported; use an http or https address")
        name = unquote(rest)
    (location,) = resolve_locations([name])
    found = open_collection(location)
    if isinstance(found, FeedFile):
        return FoundSource(location, found.read(int(time.time())).title or Path(location).name, "feed")
    return FoundSource(location, Path(location).name, "folder" if Path(location).is_dir() else "file")


class _Search:
    """A search for sources that starts at one address."""

    def __init__(self, address: str, auth: tuple[str, str] | None, limits: NetLimits) -> None:
        self._address = address
        self._auth = auth
        self._limits = limits

    async def run(self) -> tuple[FoundSource, ...]:
        async with Fetcher(self._limits) as self._fetcher:
            known = known_feed(self._address)
            if known is not None and known.kind is not CandidateKind.PAGE:
                found = await self._try([known.address])
                if found:
                    return found
            response = await self._get(self._address)
            source = self._parse(response, self._address)
            if source is not None:
                return (source,)
            return await self._linked(response)

    async def _get(self, address: str) -> Response:
        return await self._fetcher.get(address, auth=self._auth_for(address), trusted=(self._address,))

    def _auth_for(self, address: str) -> tuple[str, str] | None:
        """Return the credentials for an address, only if it is on the host they were typed for."""
        try:
            mine, other = urlsplit(self._address), urlsplit(address)
        except ValueError:
            return None  # not an address; the request will fail
        return self._auth if (mine.scheme, mine.netloc) == (other.scheme, other.netloc) else None

    def _parse(self, response: Response, address: str) -> FoundSource | None:
        """Return the feed or API in a response, ``None`` for anything else.

        Its location is the address requested, or where that has moved permanently.
        """
        from tui_reader.sources.feeds.response import parse_response

        kind = response.headers.get("content-type", "")
        try:
            answer = parse_response(response.body, kind, response.url, int(time.time()))
        except SourceError:
            return None
        location = response.moved or address
        if answer.topics is not None:
            return self._found(location, domain_of(location), "site API")
        return self._found(location, answer.title or domain_of(location), "feed")

    def _found(self, location: str, title: str, kind: str) -> FoundSource:
        typed = domain_of(self._address)
        return FoundSource(
            location, title, kind, self._auth_for(location), typed if domain_of(location) != typed else ""
        )

    async def _linked(self, page: Response) -> tuple[FoundSource, ...]:
        """Return the sources of a web page: its site's API and the feeds it announces, links to or probably has."""
        api = (await self._try(api_addresses(page.url)))[:1]
        offered = find_feeds(page.body, page.url, page.headers.get("content-type", ""))
        feeds = tuple(
            self._found(feed.address, feed.title, "feed") for feed in offered if feed.kind is CandidateKind.ANNOUNCED
        )
        if not feeds:
            feeds = await self._try(feed.address for feed in offered)
        if not feeds and not api:
            feeds = await self._try(feed.address for feed in guess_feeds(page.url))
        found = tuple({source.location: source for source in (*api, *feeds)}.values())
        if not found:
            host = domain_of(self._address)
            raise SourceError(f"no feed found at {host}; enter the address of the feed itself")
        return found

    async def _try(self, addresses: Iterable[str]) -> tuple[FoundSource, ...]:
        """Return the sources among ``addresses``, each feed once."""
        gate = asyncio.Semaphore(_CONCURRENT)

        async def fetch(address: str) -> tuple[FoundSource, str] | None:
            async with gate:
                try:
                    response = await self._get(address)
                except FetchError:
                    return None  # expected: most guessed addresses do not exist
            source = self._parse(response, address)
            return None if source is None else (source, response.url)

        results = await asyncio.gather(*(fetch(address) for address in dict.fromkeys(addresses)))
        # Of several addresses that lead to one, the first.
        return tuple({url: source for source, url in filter(None, reversed(results))}.values())[::-1]
