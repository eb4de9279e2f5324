"""FeedFetcher one source on the network: asks it politely and keeps what it says."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from concurrent.futures import BrokenExecutor, Executor
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

from tui_reader.config import Folders
from tui_reader.errors import SourceError, UsageError
from tui_reader.model.text import visible
from tui_reader.model.topic import Topic
from tui_reader.sources.collection import open_collection
from tui_reader.sources.feeds.discovery import github_archive_url
from tui_reader.sources.feeds.response import ParsedResponse, parse_response
from tui_reader.sources.feeds.site_api import parse_api_topics
from tui_reader.sources.files.archive import ArchiveCollection
from tui_reader.sources.http.caching import (
    GONE,
    NOT_MODIFIED,
    FetchState,
    after_failure,
    after_success,
    conditional_headers,
    moved_address,
)
from tui_reader.sources.http.client import Fetcher, Response
from tui_reader.sources.http.errors import ErrorKind, FetchError
from tui_reader.sources.http.redaction import redact_url
from tui_reader.sources.locations import RemotePaths, is_remote_archive
from tui_reader.storage.feed_store import FeedStore, FetchedSource, StoreResult
from tui_reader.subscriptions.edit import change_subscription
from tui_reader.subscriptions.subscription import Subscription

OFFLINE = "there is no network: everything stored can be read"

_MAX_PAGES = 2_000  # of a site API, 25 articles each
_SILENCE = frozenset({ErrorKind.OFFLINE, ErrorKind.NAME, ErrorKind.REFUSED, ErrorKind.TIMEOUT})
_NOTHING_THERE = frozenset({404, GONE})


class Outcome(NamedTuple):
    """What came of a visit: articles that are new, whether anything changed, and what went wrong."""

    location: str
    new: int = 0
    touched: bool = False
    failure: str = ""


class _Found(NamedTuple):
    """Whether an answer changed more than the articles that it lists, and what is known of the source by now."""

    changed: bool
    source: FetchedSource
    ttl_minutes: int | None = None


class _Unreached(NamedTuple):
    """A visit that found no way to its host, or none of that name."""

    source: Subscription
    known: FetchedSource
    error: FetchError
    every: int


def state_of(source: FetchedSource | None) -> FetchState:
    """Return what has to be known to ask a source politely again."""
    return FetchState.from_json(json.loads(source.state)) if source else FetchState()


class FeedFetcher:
    """The visits of one refresh, all at the same moment ``now`` (seconds since 1970)."""

    def __init__(
        self,
        store: FeedStore,
        known: dict[str, FetchedSource],
        folders: Folders,
        now: int,
        parser: Executor | None = None,
    ) -> None:
        """Answers are parsed in ``parser``, or else in this process."""
        self._store = store
        self._parser = parser
        self._known = known
        self._folders = folders
        self._now = now
        self._answered = False
        self._listed: dict[str, StoreResult] = {}
        self._unreached: list[_Unreached] = []
        self.moved: dict[str, str] = {}
        """The addresses that were rewritten, each with its new one."""

    async def visit(self, fetcher: Fetcher, source: Subscription, every: int) -> Outcome:
        """Ask one source; whatever comes of it, what is stored of it stays. ``every`` is in seconds."""
        location = source.location
        known = self._known.get(location, FetchedSource(location))
        state = state_of(known)
        try:
            if is_remote_archive(location):
                response = await self._download(fetcher, source, state)
                found = _Found(response.status != NOT_MODIFIED, known)
            else:
                response = await self._get(fetcher, source, location, conditional_headers(state))
                found = await self._read(fetcher, source, known, response)
        except FetchError as error:
            if error.kind in {ErrorKind.OFFLINE, ErrorKind.NAME}:
                self._unreached.append(_Unreached(source, known, error, every))
                return Outcome(location)
            return self._failed(source, known, error, every)
        except SourceError as error:
            return self._failed(source, known, error, every)
        self._answered = True
        state = after_success(
            state,
            status=response.status,
            headers=response.headers,
            now=self._now,
            ttl=found.ttl_minutes,
            every=0,  # the person's own interval is looked at when it is asked again: it may change
            moved=response.moved,
        )
        address, failure = self._moved(source, state)
        self._store.put_source(found.source._replace(address=address, state=_text(state), removed=False))
        return self._outcome(location, failure, touched=found.changed or address != location)

    def _outcome(self, location: str, failure: str, *, touched: bool = False) -> Outcome:
        listed = self._listed.get(location, StoreResult())
        return Outcome(location, listed.new, touched or bool(listed.new or listed.changed), failure)

    def settle(self) -> Iterator[str]:
        """Say, after all visits, what became of the hosts that were not found: they are missing, or the network is.

        Without a network nothing is held against them.
        """
        hosts = {urlsplit(each.source.location).hostname for each in self._unreached}
        certain = any(each.error.kind is ErrorKind.OFFLINE for each in self._unreached)
        # Some systems say of every name that there is none when they are offline.
        if self._unreached and not self._answered and (certain or len(hosts) > 1):
            yield OFFLINE
            return
        for source, known, error, every in self._unreached:
            yield self._failed(source, known, error, every).failure

    def _failed(self, source: Subscription, known: FetchedSource, error: SourceError, every: int) -> Outcome:
        status, wait = (error.status, error.retry_after) if isinstance(error, FetchError) else (None, None)
        self._answered = self._answered or not (isinstance(error, FetchError) and error.kind in _SILENCE)
        words = str(error)
        state = after_failure(state_of(known), words, now=self._now, status=status, retry_after=wait, every=every)
        self._store.put_source(known._replace(state=_text(state)))
        # An API may have broken off only after some pages.
        return self._outcome(source.location, _named(source, words))

    async def _get(
        self, fetcher: Fetcher, source: Subscription, address: str, headers: dict[str, str] | None = None
    ) -> Response:
        return await fetcher.get(address, headers=headers, auth=source.auth, trusted=(source.location,))

    async def _download(self, fetcher: Fetcher, source: Subscription, state: FetchState) -> Response:
        """Fetch an archive that changed since it was fetched last."""
        location = source.location
        path = self._archive(location)
        path.parent.mkdir(parents=True, exist_ok=True)
        address = github_archive_url(location) if location.startswith("github:") else location
        headers = conditional_headers(state) if path.exists() else {}
        # Beside the one that is there, which stays if this is none: a login page, say.
        new = path.with_name(f"new-{path.name}")
        try:
            response = await fetcher.download(address, new, headers=headers, auth=source.auth, trusted=(address,))
            if response.status != NOT_MODIFIED:
                _check_archive(new)
                new.replace(path)
        finally:
            new.unlink(missing_ok=True)
        return response

    def _archive(self, location: str) -> Path:
        return RemotePaths(self._folders.fetched, self._folders.downloads).archive(location)

    async def _read(self, fetcher: Fetcher, source: Subscription, known: FetchedSource, response: Response) -> _Found:
        """Store what an answer lists."""
        if response.status == NOT_MODIFIED:
            self._store.mark_listed(known.address, self._now)
            return _Found(False, known)
        answer = await self._answer(response)
        title = source.title or answer.title or known.title
        source_now = known._replace(title=title, page=answer.page)
        # Whoever breaks off on a further page has not been here: the state stays.
        self._store.put_source(source_now)
        since = int(state_of(known).last_success)
        all_known = self._list(known.address, answer, since)
        if answer.topics is not None:
            topics = await self._topics(fetcher, source, answer.topics)
            source_now = source_now._replace(topics=topics or known.topics)
            await self._rest(fetcher, source, answer, since, all_known=all_known)
        return _Found(source_now[:5] != known[:5], source_now, answer.ttl_minutes)

    def _list(self, location: str, answer: ParsedResponse, since: int) -> bool:
        """Store a listing; return whether all of it was known at the visit before."""
        listed, before = (
            self._store.store_entries(location, answer.entries, self._now, since),
            self._listed.get(location),
        )
        if before is not None:
            listed = listed._replace(new=before.new + listed.new, changed=before.changed + listed.changed)
        self._listed[location] = listed
        return listed.all_known

    async def _answer(self, response: Response) -> ParsedResponse:
        arguments = response.body, response.headers.get("content-type", ""), response.url, self._now
        if self._parser is None:
            return parse_response(*arguments)
        try:
            return await asyncio.get_running_loop().run_in_executor(self._parser, parse_response, *arguments)
        except BrokenExecutor as error:
            raise SourceError("the process that read its answer was ended; it will be tried again later") from error

    async def _topics(self, fetcher: Fetcher, source: Subscription, address: str) -> tuple[Topic, ...]:
        """Read what topics an API lists; none where it lists none."""
        try:
            return parse_api_topics((await self._get(fetcher, source, address)).body)
        except SourceError:
            return ()  # not every site has them: its articles are sound all the same

    async def _rest(
        self, fetcher: Fetcher, source: Subscription, page: ParsedResponse, since: int, *, all_known: bool
    ) -> None:
        """Read the further pages of an API, until there is one on which all was known at the visit before."""
        for _ in range(_MAX_PAGES):
            if page.next_page is None:
                return
            if all_known:
                break
            try:
                response = await self._get(fetcher, source, page.next_page)
            except FetchError as error:
                if error.status not in _NOTHING_THERE:
                    raise
                return  # some sites name one page more than there is
            page = await self._answer(response)
            all_known = self._list(source.location, page, since)
        # What is older than the last page that was read is still on those behind it.
        dates = [entry.article.published for entry in page.entries if entry.article.published is not None]
        if dates:
            self._store.mark_listed(source.location, self._now, min(dates))

    def _moved(self, source: Subscription, state: FetchState) -> tuple[str, str]:
        """Keep the new address of a source that has moved for certain; return the one to know it by, and a failure."""
        location = source.location
        address = moved_address(location, state)
        if address is None:
            return location, ""
        try:
            change_subscription(self._folders.sources, location, location=address)
        except UsageError:
            return location, ""  # the new address is kept by itself: there is nothing to move to
        except OSError as error:
            where = visible(redact_url(address))
            words = f"it has moved to {where}, but {self._folders.sources} cannot be written: {error.strerror}"
            return location, _named(source, words)
        self._store.move(location, address)
        if self._archive(location).exists():
            self._archive(location).replace(self._archive(address))
        self.moved[location] = address
        return address, ""


def _check_archive(path: Path) -> None:
    """Raise :class:`SourceError` unless the beginning of a file is that of an archive of its kind."""
    collection = open_collection(str(path))
    try:
        if isinstance(collection, ArchiveCollection):
            next(collection.members(), None)
    except SourceError as error:
        raise SourceError("what it answers with is no archive; check the address in a browser") from error


def _named(source: Subscription, words: str) -> str:
    name = visible(source.title or redact_url(source.location))
    return words if words.startswith(name) else f"{name}: {words}"


def _text(state: FetchState) -> str:
    return json.dumps(state.as_json())
