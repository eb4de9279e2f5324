"""Fetches all sources that are due, concurrently and in a thread, as a generator of progress."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator, Callable, Container, Generator, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING

from tui_reader.config import Folders, Settings
from tui_reader.errors import StoreError
from tui_reader.model.dates import DAY
from tui_reader.named_tuple import NamedTuple
from tui_reader.pipeline.backlog import Backlog
from tui_reader.pipeline.feed_answer import Answer, StoredAnswer, state_of, store_answer
from tui_reader.pipeline.feed_process import FeedProcess, feed_process
from tui_reader.pipeline.fetch_result import FetchResult, with_name
from tui_reader.pipeline.fetch_thread import FetchThread
from tui_reader.pipeline.merged import merged
from tui_reader.pipeline.moved_source import move_source
from tui_reader.pipeline.parse_pool import can_fork, has_processors
from tui_reader.sources.http.caching import FetchState, is_due
from tui_reader.sources.locations import is_remote
from tui_reader.storage.feed_store import FeedStore, FetchedSource
from tui_reader.storage.locks import awaited_lock, exclusive_lock
from tui_reader.storage.marks import kept_pages
from tui_reader.subscriptions.subscription import Subscription, load_subscriptions

if TYPE_CHECKING:
    from tui_reader.pipeline.account_sync import SyncAccount
    from tui_reader.pipeline.remote_batch import RemoteBatch, StoredBatch
    from tui_reader.sources.http.client import NetLimits
    from tui_reader.sources.http.transport import Resolver

TICK = 0.1
"""Seconds after which a run without results tells that it goes on."""

_WORTH_A_PROCESS = 8  # sources from which on a process that parses gains more than its start costs without a fork
_MB = 1024 * 1024


class FetchProgress(NamedTuple):
    """The progress of a fetch run: sources done, new articles, failures as sentences.

    ``changed`` are the locations of the sources with something new, changed or
    gone since the progress before. ``subscribed`` says whether sources were
    added, removed or renamed since then.
    """

    sources_done: int = 0
    sources_total: int = 0
    new: int = 0
    failures: tuple[str, ...] = ()
    changed: frozenset[str] = frozenset()
    subscribed: bool = False


class FetchRun:
    """Fetches subscriptions into the feed store, synchronises accounts, and prunes the store."""

    def __init__(
        self,
        folders: Folders,
        settings: Settings,
        *,
        limits: NetLimits | None = None,
        resolve: Resolver | None = None,
        clock: Callable[[], float] = time.time,
        accounts: Sequence[SyncAccount] = (),
        only_accounts: bool = False,
        asked: bool = False,
    ) -> None:
        """``limits`` replace those of ``settings``; ``clock`` returns seconds since 1970.

        With ``only_accounts``, no feed is fetched that is of no account.
        ``asked`` is that of :class:`AccountSync`.
        """
        self.accounts = accounts
        self._only_accounts = only_accounts
        self._asked = asked
        self._folders = folders
        self._settings = settings
        self._limits = limits
        self._resolve = resolve
        self.clock = clock
        self.moved: dict[str, str] = {}
        """The addresses replaced in the subscriptions so far, each with its new one."""

    def run(
        self, locations: Container[str] | None = None, *, automatic: bool = False, force: bool = False
    ) -> Generator[FetchProgress, None, None]:
        """Fetch the subscriptions among ``locations`` that are due, or all that are; yield after some each time.

        ``automatic`` skips sources fetched less than ``refresh.every`` ago.
        ``force`` fetches sources that asked to wait, except after status 429.
        Fetching goes on while the caller handles a step; while there is
        nothing to tell, the same progress comes again every :data:`TICK`
        seconds. Waits while another process fetches. Raises
        :class:`StoreError` and :class:`UsageError`.
        """
        with exclusive_lock(self._folders.fetched):
            now = int(self.clock())
            with FeedStore.opened(self._folders.fetched) as store:
                known = store.sources()
                age = store.age(now)
            due = [] if self._only_accounts else self._due(known, locations, now, automatic=automatic, force=force)
            accounts = self._due_accounts(locations, now, automatic=automatic)
            if not due and not accounts:
                return
            # Before any thread, and while no database is open: the processes are forked if possible.
            expects = any(not state_of(known.get(each.location)).last_success for each in due)
            with (
                _parser(self._folders.fetched, len(due), at_once=expects) as parser,
                _account_parser(self._folders.fetched) if accounts else nullcontext() as account_parser,
                FeedStore.opened(self._folders.fetched) as store,
            ):

                def results() -> AsyncGenerator[FetchResult, None]:
                    runs = [self._results(due, known, now=now, age=age, parser=parser)] if due else []
                    if accounts:
                        runs.append(self._account_results(accounts, now=now, age=age, parser=account_parser))
                    return merged(runs)

                progress = FetchProgress(sources_total=len(due) + len(accounts))
                yield progress
                with FetchThread.running(results) as thread:
                    for found in thread.results(TICK):
                        progress = progress._replace(changed=frozenset(), subscribed=False)
                        for result in found:
                            progress = self._after(progress, result, store, due)
                        yield progress
                fetched = [self.moved.get(each.location, each.location) for each in due]
                fetched += [each.location for each in _of_accounts(self._folders, accounts)]
                yield progress._replace(changed=frozenset(self._prune(store, fetched, age)), subscribed=False)

    def _due(
        self,
        known: dict[str, FetchedSource],
        locations: Container[str] | None,
        now: int,
        *,
        automatic: bool,
        force: bool,
    ) -> list[Subscription]:
        due = []
        for subscription in load_subscriptions(self._folders.sources):
            location = subscription.location
            if subscription.paused or subscription.account or not is_remote(location):
                continue  # what an account has comes from its server
            if locations is not None and location not in locations:
                continue
            state, every = state_of(known.get(location)), self._every(subscription)
            if not (automatic and _is_recent(state, now, every)) and is_due(state, now, every=every, force=force):
                due.append(subscription)
        return due

    def _due_accounts(self, locations: Container[str] | None, now: int, *, automatic: bool) -> list[SyncAccount]:
        if not self.accounts:
            return []
        from tui_reader.pipeline.account_sync import is_account_due
        from tui_reader.storage.accounts import Accounts

        every = self._settings.refresh_every
        wanted = self.accounts
        if locations is not None:
            sources = load_subscriptions(self._folders.sources)
            named = {source.account for source in sources if source.location in locations}
            wanted = [account for account in wanted if account.name in named]
        try:
            with Accounts.opened(self._folders.marks) as accounts:
                return [
                    account
                    for account in wanted
                    if is_account_due(accounts.state(account.name), now, every=every, automatic=automatic)
                ]
        except StoreError:
            return []  # without the marks there is nothing to compare; the run says what is wrong with them

    def _every(self, subscription: Subscription) -> int:
        return subscription.every or self._settings.refresh_every

    def _after(
        self, progress: FetchProgress, result: FetchResult, store: FeedStore, due: Sequence[Subscription]
    ) -> FetchProgress:
        """Return the progress after a result; replace the address of a source that moved."""
        failure = result.failure
        if result.moved:
            (subscription,) = (each for each in due if each.location == result.location)
            is_replaced, reason = move_source(self._folders, store, subscription, result.moved)
            failure = with_name(subscription, reason) if reason else failure
            if is_replaced:
                self.moved[result.location] = result.moved
                result = result._replace(changed=True)
        return progress._replace(
            sources_done=progress.sources_done + bool(result.location),
            new=progress.new + result.new,
            failures=(*progress.failures, failure) if failure else progress.failures,
            changed=progress.changed | result.others | ({result.location} if result.changed else set()),
            subscribed=progress.subscribed or result.subscribed,
        )

    async def _account_results(
        self,
        accounts: Sequence[SyncAccount],
        *,
        now: int,
        age: int,
        parser: FeedProcess[RemoteBatch, StoredBatch] | None,
    ) -> AsyncGenerator[FetchResult, None]:
        """Synchronise all accounts side by side; runs in the thread of :meth:`_results`."""
        from tui_reader.pipeline.account_sync import SYNC_LOCK, AccountSync

        syncs = [
            AccountSync(account, self._folders, now=now, age=age, asked=self._asked, parser=parser)
            for account in accounts
        ]
        try:
            # Held while a reader sends marks, which a server that does not answer can make long.
            async with awaited_lock(self._folders.data / SYNC_LOCK):
                async for result in merged([sync.run() for sync in syncs]):
                    yield result
        finally:
            if parser is not None:
                await parser.disconnect()

    async def _results(
        self,
        due: Sequence[Subscription],
        known: dict[str, FetchedSource],
        *,
        now: int,
        age: int,
        parser: FeedProcess[Answer, StoredAnswer] | None,
    ) -> AsyncGenerator[FetchResult, None]:
        """Fetch and store all that is due; runs in a thread of its own, with its own connection to the store."""
        # Here, in the thread and only if something is due: half of a refresh without news is the import of httpx.
        from tui_reader.pipeline.feed_fetcher import FeedFetcher
        from tui_reader.sources.http.client import Fetcher, NetLimits

        settings = self._settings
        limits = self._limits or NetLimits(feed_bytes=settings.feed_mb * _MB, archive_bytes=settings.archive_mb * _MB)
        with FeedStore.opened(self._folders.fetched) as store:
            backlog = Backlog()
            fetcher = FeedFetcher(store, known, self._folders, now=now, age=age, backlog=backlog, parser=parser)
            async with Fetcher(limits, resolve=self._resolve, ready=backlog.room) as client:
                tasks = [asyncio.create_task(fetcher.fetch(client, each, self._every(each))) for each in due]
                try:
                    for task in asyncio.as_completed(tasks):
                        yield await task
                finally:
                    for task in tasks:
                        task.cancel()
                    await asyncio.gather(*tasks, return_exceptions=True)
                    if parser is not None:
                        await parser.disconnect()
            for result in fetcher.settle():
                yield result

    def _prune(self, store: FeedStore, locations: Iterable[str], age: int) -> Iterator[str]:
        """Remove articles past ``keep.days`` or ``keep.articles``; yield the sources that had some."""
        keep, most = self._settings.keep_days * DAY, self._settings.keep_articles
        overdue = store.overdue(locations, age=age, keep=keep, most=most)
        if not overdue:
            return
        try:
            kept = kept_pages(self._folders.marks)
        except StoreError:
            return  # without the marks nobody knows what is to stay; the run has said so
        for location in overdue:
            if store.prune(location, age=age, keep=keep, most=most, kept=kept):
                yield location


def _is_recent(state: FetchState, now: int, every: int) -> bool:
    return now - every < state.last_success <= now


def _parser(
    path: Path, sources: int, *, at_once: bool
) -> AbstractContextManager[FeedProcess[Answer, StoredAnswer] | None]:
    """Start a process that parses and stores answers beside this one; ``None`` where that takes longer than it saves.

    ``at_once``, it loads the parser while the first answers are on their way; else with the first that has news.
    By fork it takes a few milliseconds, and keeps an answer that ends a parser or never ends apart from this process.
    """
    if not sources:
        return nullcontext()
    if can_fork() or (sources >= _WORTH_A_PROCESS and has_processors()):
        return feed_process(path, store_answer, at_once=at_once)
    return nullcontext()


def _account_parser(path: Path) -> AbstractContextManager[FeedProcess[RemoteBatch, StoredBatch] | None]:
    """Start a process that stores what accounts have, as :func:`_parser` does for feeds."""
    if not (can_fork() or has_processors()):
        return nullcontext()
    from tui_reader.pipeline.remote_batch import store_batch

    return feed_process(path, store_batch, at_once=True)


def _of_accounts(folders: Folders, accounts: Iterable[SyncAccount]) -> list[Subscription]:
    """Return the sources of these accounts."""
    names = {account.name for account in accounts}
    return [each for each in load_subscriptions(folders.sources) if each.account in names] if names else []
