"""Fetches one source on the network and stores what it lists."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit

from tui_reader.config import Folders
from tui_reader.error_log import log_fault
from tui_reader.errors import SourceError, StoreError
from tui_reader.model.feed_entry import MAX_NOTES
from tui_reader.model.topic import Topic
from tui_reader.named_tuple import NamedTuple
from tui_reader.pipeline.backlog import Backlog
from tui_reader.pipeline.feed_answer import Answer, StoredAnswer, state_after, state_of, store_answer
from tui_reader.pipeline.feed_process import FeedProcess
from tui_reader.pipeline.fetch_result import OFFLINE, FetchResult, with_name
from tui_reader.pipeline.writes import Writes
from tui_reader.sources.collection import open_collection
from tui_reader.sources.feeds.known_sites import github_archive_url
from tui_reader.sources.files.archive import ArchiveCollection
from tui_reader.sources.files.archive_limits import ArchiveDamaged, ArchiveRefused
from tui_reader.sources.http.caching import (
    GONE,
    NOT_MODIFIED,
    FetchState,
    after_failure,
    conditional_headers,
    moved_address,
)
from tui_reader.sources.http.client import Fetcher, Response
from tui_reader.sources.http.errors import ErrorKind, FetchError
from tui_reader.sources.locations import RemotePaths, is_remote_archive
from tui_reader.storage.feed_store import FeedStore, FetchedSource, StoreResult
from tui_reader.subscriptions.subscription import Subscription

_MAX_PAGES = 2_000  # of a site API, 25 articles each
_UNREACHABLE = frozenset({ErrorKind.OFFLINE, ErrorKind.NAME})
_NO_RESPONSE = _UNREACHABLE | {ErrorKind.REFUSED, ErrorKind.TIMEOUT}
_NO_SUCH_PAGE = frozenset({404, GONE})


class _Unreached(NamedTuple):
    """A fetch that failed because there is no network, or no host of that name."""

    subscription: Subscription
    known: FetchedSource
    error: FetchError
    every: int


class FeedFetcher:
    """Fetches the sources of one refresh, all at the same moment ``now`` (seconds since 1970)."""

    def __init__(
        self,
        store: FeedStore,
        known: dict[str, FetchedSource],
        folders: Folders,
        *,
        now: int,
        age: int,
        backlog: Backlog,
        parser: FeedProcess[Answer, StoredAnswer] | None = None,
    ) -> None:
        """``known`` are the sources in ``store``, which has this ``age``. Without a ``parser``, this process parses.

        What waits to be parsed is counted in ``backlog``.
        """
        self._store = store
        self._known = known
        self._folders = folders
        self._now = now
        self._age = age
        self._backlog = backlog
        self._parser = parser
        self._under_way = 0  # sources that are fetched, each of which changes one thing at a time
        self._writes = Writes(store, lambda: self._under_way)
        self._network_works = False
        self._results: dict[str, StoreResult] = {}
        self._unreached: list[_Unreached] = []

    async def fetch(self, client: Fetcher, subscription: Subscription, every: int) -> FetchResult:
        """Fetch one source and store what it lists; if that fails, stored articles are kept.

        ``every`` is the source's refresh interval in seconds. Whatever goes
        wrong, even in this program, is the failure of this source alone; only
        :class:`StoreError` is raised.
        """
        self._under_way += 1
        try:
            return await self._visit(client, subscription, every)
        except StoreError:
            raise
        except Exception as error:  # noqa: BLE001 - logged and shown
            known = self._known.get(subscription.location, FetchedSource(subscription.location))
            fault = SourceError(log_fault(error, self._folders.log))
            return await self._failed(subscription, known, fault, every)
        finally:
            self._under_way -= 1

    async def _visit(self, client: Fetcher, subscription: Subscription, every: int) -> FetchResult:
        location = subscription.location
        known = self._known.get(location, FetchedSource(location))
        try:
            if is_remote_archive(location):
                response = await self._download(client, subscription, state_of(known))
                source = await self._settled(known, self._answer(subscription, known, response))
                changed = response.status != NOT_MODIFIED
            else:
                source = await self._feed(client, subscription, known)
                changed = source._replace(state=known.state, removed=known.removed) != known
        except FetchError as error:
            if error.kind in _UNREACHABLE:
                self._unreached.append(_Unreached(subscription, known, error, every))
                return FetchResult(location)
            return await self._failed(subscription, known, error, every)
        except SourceError as error:
            return await self._failed(subscription, known, error, every)
        self._network_works = True
        moved = moved_address(location, state_of(source)) or ""
        return self._result(location, changed=changed)._replace(moved=moved)

    def settle(self) -> Iterator[FetchResult]:
        """Yield the failures of the hosts that were not found, once all sources were fetched.

        If no source could be reached, the network is missing: that is one
        failure, and no source is marked as failing.
        """
        hosts = {urlsplit(each.subscription.location).hostname for each in self._unreached}
        offline = any(each.error.kind is ErrorKind.OFFLINE for each in self._unreached)
        # Some systems, when offline, report every host name as unknown.
        if self._unreached and not self._network_works and (offline or len(hosts) > 1):
            yield FetchResult("", failure=OFFLINE)
            return
        for each in self._unreached:
            source, failure = self._failing(*each)
            self._store.put_source(source)
            yield FetchResult("", failure=failure)

    def _result(self, location: str, failure: str = "", *, changed: bool = False) -> FetchResult:
        stored = self._results.get(location, StoreResult())
        return FetchResult(location, stored.new, changed or bool(stored.new or stored.changed), failure)

    async def _failed(
        self, subscription: Subscription, known: FetchedSource, error: SourceError, every: int
    ) -> FetchResult:
        source, failure = self._failing(subscription, known, error, every)
        await self._writes.add(partial(self._store.put_source, source))
        # The first pages of an API may have been stored.
        return self._result(subscription.location, failure)

    def _failing(
        self, subscription: Subscription, known: FetchedSource, error: SourceError, every: int
    ) -> tuple[FetchedSource, str]:
        """Return a source as it is to be stored after a failure, and the failure as a sentence."""
        status, wait = (error.status, error.retry_after) if isinstance(error, FetchError) else (None, None)
        if not (isinstance(error, FetchError) and error.kind in _NO_RESPONSE):
            self._network_works = True
        reason = str(error)
        state = after_failure(state_of(known), reason, now=self._now, status=status, retry_after=wait, every=every)
        if isinstance(error, FetchError) and error.kind is ErrorKind.PRIVATE:
            state = replace(state, next_due=0)  # nobody was asked; by the next refresh the person may have named it
        return known._replace(state=state.as_text()), with_name(subscription, reason)

    async def _get(
        self, client: Fetcher, subscription: Subscription, address: str, headers: dict[str, str] | None = None
    ) -> Response:
        return await client.get(address, headers=headers, auth=subscription.auth, trusted=_trusted(subscription))

    # -- archives --------------------------------------------------------------

    async def _download(self, client: Fetcher, subscription: Subscription, state: FetchState) -> Response:
        """Download an archive unless it is the one downloaded before."""
        location = subscription.location
        path = self._archive_path(location)
        path.parent.mkdir(parents=True, exist_ok=True)
        address = github_archive_url(location) if location.startswith("github:") else location
        headers = conditional_headers(state) if path.exists() else {}
        # The old file stays until the new one is known to be an archive and not, say, a login page.
        new = path.with_name(f"new-{path.name}")
        try:
            response = await client.download(
                address, new, headers=headers, auth=subscription.auth, trusted=_trusted(subscription)
            )
            if response.status != NOT_MODIFIED:
                # In a thread: an archive may take long to unpack, and the other sources go on meanwhile.
                await asyncio.to_thread(_check_archive, new)
                new.replace(path)
        finally:
            new.unlink(missing_ok=True)
        return response

    def _archive_path(self, location: str) -> Path:
        return RemotePaths(self._folders.fetched, self._folders.downloads).archive(location)

    # -- feeds and APIs --------------------------------------------------------

    async def _feed(self, client: Fetcher, subscription: Subscription, known: FetchedSource) -> FetchedSource:
        """Store what a feed or an API lists, with all its pages that may have something new; return the source."""
        response = await self._get(client, subscription, known.address, conditional_headers(state_of(known)))
        answer = self._answer(subscription, known, response)
        if response.status == NOT_MODIFIED:
            return await self._settled(known, answer)
        page = await self._store_entries(answer)
        if page.topics is None:
            return page.source
        topics = await self._api_topics(client, subscription, page.topics)
        await self._store_further_pages(client, subscription, page)
        notes = self._results[known.address].notes
        return await self._settled(page.source._replace(topics=topics or known.topics, notes=notes), answer)

    def _answer(self, subscription: Subscription, source: FetchedSource, response: Response) -> Answer:
        return Answer(
            source,
            subscription.title,
            response.body,
            response.url,
            response.status,
            response.headers,
            response.moved,
            self._now,
            self._age,
        )

    async def _settled(self, source: FetchedSource, answer: Answer) -> FetchedSource:
        """Store that a source has answered, as soon as others can be stored with it; return it with its new state."""
        source = source._replace(state=state_after(state_of(source), answer), removed=0)

        def store() -> None:
            if answer.status == NOT_MODIFIED:
                self._store.mark_listed(source.address, self._age)
            self._store.put_source(source)

        await self._writes.add(store)
        return source

    async def _store_entries(self, answer: Answer) -> StoredAnswer:
        """Store the entries of one page, and count them."""
        with self._backlog.holding(len(answer.body)):
            found = store_answer(self._store, answer) if self._parser is None else await self._parser.store(answer)
        location, stored = answer.source.address, found.stored
        before = self._results.get(location, StoreResult())
        self._results[location] = stored._replace(
            new=before.new + stored.new,
            changed=before.changed + stored.changed,
            notes=tuple(dict.fromkeys((*before.notes, *stored.notes)))[:MAX_NOTES],
        )
        return found

    async def _api_topics(self, client: Fetcher, subscription: Subscription, address: str) -> tuple[Topic, ...]:
        """Return the topics that an API lists; none if it has no such list, which is optional."""
        from tui_reader.sources.feeds.site_api import parse_api_topics

        try:
            return parse_api_topics((await self._get(client, subscription, address)).body)
        except SourceError:
            return ()

    async def _store_further_pages(self, client: Fetcher, subscription: Subscription, page: StoredAnswer) -> None:
        """Store the pages of an API after ``page``, up to the first with nothing new since the fetch before."""
        for _ in range(_MAX_PAGES):
            if page.next_page is None:
                return
            if page.stored.all_known:
                break
            try:
                response = await self._get(client, subscription, page.next_page)
            except FetchError as error:
                if error.status not in _NO_SUCH_PAGE:
                    raise
                return  # some sites link to one page more than they have
            page = await self._store_entries(
                self._answer(subscription, page.source, response)._replace(is_further=True)
            )
        # The pages not fetched still list everything older than the last one fetched.
        if page.oldest is not None:
            await self._writes.add(partial(self._store.mark_listed, subscription.location, self._age, page.oldest))


def _check_archive(path: Path) -> None:
    """Raise :class:`SourceError` unless a file begins like an archive of its kind."""
    collection = open_collection(str(path))
    try:
        if isinstance(collection, ArchiveCollection):
            collection.check_start()
    except ArchiveRefused as error:
        raise SourceError(f"the archive is refused: {error.reason}") from error
    except ArchiveDamaged as error:
        raise SourceError(f"the archive is damaged: {error.reason}") from error
    except SourceError as error:
        raise SourceError("the response is not an archive; check the address in a browser") from error


def _trusted(subscription: Subscription) -> tuple[str, ...]:
    """Return the addresses that may be in a private network: that of a source which the person named."""
    return () if subscription.only_public else (subscription.location,)
