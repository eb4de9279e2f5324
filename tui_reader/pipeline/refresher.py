"""Asks the sources on the network for what is new, all side by side, and keeps what they say."""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import re
import time
from collections.abc import AsyncIterator, Callable, Container, Generator, Iterable, Iterator, Sequence
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import contextmanager
from typing import NamedTuple

from tui_reader.config import Folders, Settings
from tui_reader.model.dates import DAY
from tui_reader.model.progress import Progress
from tui_reader.pipeline.feed_fetcher import FeedFetcher, Outcome, state_of
from tui_reader.pipeline.indexer import update_index
from tui_reader.pipeline.parse_pool import start_worker
from tui_reader.sources.http.caching import FetchState, is_due
from tui_reader.sources.http.client import Fetcher, NetLimits
from tui_reader.sources.http.transport import Resolver
from tui_reader.sources.locations import RemotePaths, is_remote, is_remote_archive
from tui_reader.storage.connection import exclusive_lock
from tui_reader.storage.feed_store import FeedStore
from tui_reader.storage.marks import saved_pages
from tui_reader.subscriptions.selection import Selection, load_preferences
from tui_reader.subscriptions.subscription import Subscription, load_subscriptions

# While answers come in, the indexer runs after this many seconds, and then
# rests for as long as it took: meanwhile the parser gets work for its next run.
_INDEX_AFTER = 0.5
_WORTH_A_PROCESS = 8  # sources from which on a second process earns what its start costs

_MB = 1024 * 1024
_DOWNLOAD = re.compile(r"[0-9a-f]{8}\.")


class Refreshed(NamedTuple):
    """How far a refresh has come: sources answered of those asked, new articles, and what went wrong.

    ``touched`` are the sources of which something is new, changed or gone
    since the step before.
    """

    sources_done: int = 0
    sources_total: int = 0
    new: int = 0
    failures: tuple[str, ...] = ()
    touched: frozenset[str] = frozenset()


def refresh(
    selection: Selection,
    folders: Folders,
    settings: Settings,
    locations: Container[str] | None = None,
    *,
    automatic: bool = False,
    force: bool = False,
    offline: bool = False,
    refresher: Refresher | None = None,
) -> Iterator[Progress]:
    """Bring the index up to date with what is on the disk, then with what the sources on the network say.

    ``locations`` are those to ask, without it all that are kept. ``offline``
    asks none. For ``automatic`` and ``force`` see :meth:`Refresher.run`.
    ``refresher`` stands in for the usual one. Raises :class:`StoreError` and
    :class:`UsageError`.
    """
    place, remote = selection.database, selection.remote
    prune_removed(folders)
    whole = Progress()
    preferences = load_preferences(folders)
    for step in update_index(place, selection.locations, remote, preferences=preferences):
        yield (whole := step._replace(finished=False))
    if remote is None or offline:
        yield whole._replace(finished=True)
        return
    refresher = refresher or Refresher(folders, settings)
    unread = whole.failures
    touched: set[str] = set()
    stale = False  # whether stories are still to be made of what was indexed
    next_index = time.monotonic() + _INDEX_AFTER

    def index(only: Container[str] | None = None) -> Iterator[Progress]:
        nonlocal whole, unread, next_index
        start = time.monotonic()
        places = [refresher.moved.get(location, location) for location in selection.locations]
        before = whole
        for step in update_index(place, places, remote, only, preferences):
            yield (whole := _after(before, step))
        unread = tuple(dict.fromkeys((*unread, *step.failures)))
        end = time.monotonic()
        next_index = end + max(_INDEX_AFTER, end - start)

    for answer in refresher.run(locations, automatic=automatic, force=force):
        touched |= {refresher.moved.get(location, location) for location in answer.touched}
        failures = (*unread, *answer.failures)
        whole = whole._replace(
            sources_done=answer.sources_done, sources_total=answer.sources_total, new=answer.new, failures=failures
        )
        yield whole
        # To read an archive can take longer than the other sources' connections wait.
        quick = {name for name in touched if not is_remote_archive(name)}
        if quick and time.monotonic() > next_index:
            touched, stale = touched - quick, True
            yield from index(quick)
    if touched or stale:
        yield from index()
    yield whole._replace(finished=True)


def prune_removed(folders: Folders) -> None:
    """Drop what was fetched of sources that are no longer kept, but for what is saved of it.

    Raises :class:`StoreError` and :class:`UsageError`.
    """
    kept = {source.location for source in load_subscriptions(folders.sources)}
    if folders.fetched.exists():
        with FeedStore.opened(folders.fetched) as store:
            store.keep_only(kept, saved_pages(folders.marks))
    if folders.downloads.exists():
        archives = RemotePaths(folders.fetched, folders.downloads)
        wanted = {archives.archive(location) for location in kept if is_remote_archive(location)}
        # What has another name is on its way, or was when its process was ended.
        long_ago = time.time() - DAY
        for path in folders.downloads.iterdir():
            if path not in wanted and (_DOWNLOAD.match(path.name) or path.stat().st_mtime < long_ago):
                path.unlink(missing_ok=True)


def _after(before: Progress, step: Progress) -> Progress:
    """What a run of the indexer adds to all that was done before it."""
    return before._replace(
        done=step.done,
        total=step.total,
        clustering=step.clustering,
        changed=before.changed + step.changed,
        removed=before.removed + step.removed,
        commits=before.commits + step.commits,
        failures=tuple(dict.fromkeys((*before.failures, *step.failures))),
    )


class Refresher:
    """One refresh of some kept sources."""

    def __init__(
        self,
        folders: Folders,
        settings: Settings,
        *,
        limits: NetLimits | None = None,
        resolve: Resolver | None = None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        """``limits`` stand in for those of ``settings``; ``clock`` gives seconds since 1970."""
        self._folders = folders
        self._settings = settings
        self._limits = limits or NetLimits(feed_bytes=settings.feed_mb * _MB, archive_bytes=settings.archive_mb * _MB)
        self._resolve = resolve
        self._clock = clock
        self.moved: dict[str, str] = {}
        """The addresses that were rewritten so far, each with its new one."""

    def run(
        self, locations: Container[str] | None = None, *, automatic: bool = False, force: bool = False
    ) -> Generator[Refreshed, None, None]:
        """Ask those of ``locations`` that may be asked now; every yield is a source that has answered.

        Without ``locations``, all that are kept. ``automatic`` leaves alone
        what was asked less than ``refresh.every`` ago. ``force`` asks in spite
        of what a source said about waiting, but for status 429. Waits while
        another process does the same. Raises :class:`StoreError` and
        :class:`UsageError`.
        """
        with exclusive_lock(self._folders.fetched), FeedStore.opened(self._folders.fetched) as store:
            known = store.sources()
            now = int(self._clock())
            due = []
            for source in load_subscriptions(self._folders.sources):
                wanted = is_remote(source.location) and (locations is None or source.location in locations)
                state = state_of(known.get(source.location))
                if wanted and self._is_due(source, state, now, automatic=automatic, force=force):
                    due.append(source)
            if not due:
                return
            with _parser(len(due)) as parser:
                visits = FeedFetcher(store, known, self._folders, now, parser)
                self.moved = visits.moved
                last = Refreshed()
                for last in self._ask(due, visits):
                    yield last
            yield last._replace(touched=frozenset(self._let_go(store, due, now)))

    def _let_go(self, store: FeedStore, asked: Iterable[Subscription], now: int) -> Iterator[str]:
        """Drop articles that were kept for long enough; give the sources that had some."""
        saved = saved_pages(self._folders.marks)
        before = now - self._settings.keep_days * DAY
        for source in asked:
            location = self.moved.get(source.location, source.location)
            if store.prune(location, before=before, most=self._settings.keep_articles, saved=saved):
                yield location

    def _is_due(self, source: Subscription, state: FetchState, now: int, *, automatic: bool, force: bool) -> bool:
        if source.paused:
            return False
        every = self._every(source)
        if automatic and now - every < state.last_success <= now:
            return False
        return is_due(state, now, every=every, force=force)

    def _every(self, source: Subscription) -> int:
        return source.every or self._settings.refresh_every

    def _ask(self, due: Sequence[Subscription], visits: FeedFetcher) -> Generator[Refreshed, None, None]:
        """Run the fetches; they rest while whoever follows does something with a step."""
        with asyncio.Runner() as runner:
            outcomes = self._outcomes(due, visits)
            found = Refreshed(sources_total=len(due))
            yield found
            while (outcome := runner.run(_next(outcomes))) is not None:
                found = found._replace(
                    sources_done=found.sources_done + 1,
                    new=found.new + outcome.new,
                    failures=(*found.failures, outcome.failure) if outcome.failure else found.failures,
                    touched=frozenset({outcome.location} if outcome.touched else ()),
                )
                yield found
        yield found._replace(failures=(*found.failures, *visits.settle()), touched=frozenset())

    async def _outcomes(self, due: Sequence[Subscription], visits: FeedFetcher) -> AsyncIterator[Outcome]:
        async with Fetcher(self._limits, resolve=self._resolve) as fetcher:
            tasks = [asyncio.create_task(visits.visit(fetcher, source, self._every(source))) for source in due]
            try:
                for task in asyncio.as_completed(tasks):
                    yield await task
            finally:
                for task in tasks:
                    task.cancel()
                await asyncio.gather(*tasks, return_exceptions=True)


@contextmanager
def _parser(sources: int) -> Iterator[Executor | None]:
    """A process beside this one that parses, where there is so much that it pays."""
    if sources < _WORTH_A_PROCESS or (os.cpu_count() or 1) < 2:
        yield None
        return
    method = "fork" if "fork" in multiprocessing.get_all_start_methods() else "spawn"
    pool = ProcessPoolExecutor(1, mp_context=multiprocessing.get_context(method), initializer=start_worker)
    try:
        pool.submit(os.getpid).result()  # made here, before there are threads that a fork would not take along
        yield pool
    finally:
        pool.shutdown(wait=False, cancel_futures=True)


async def _next(outcomes: AsyncIterator[Outcome]) -> Outcome | None:
    return await anext(outcomes, None)
