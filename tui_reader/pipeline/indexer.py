"""Updates an index from its sources, as a generator of progress."""

from __future__ import annotations

import time
from array import array
from collections import deque
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, closing
from functools import cached_property, partial
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from tui_reader.error_log import log_fault
from tui_reader.errors import DamagedFile, SourceError, StoreError
from tui_reader.model.article_filter import ArticleFilter, points_of
from tui_reader.model.fingerprint import fingerprint
from tui_reader.model.preferences import Preferences
from tui_reader.model.progress import Progress
from tui_reader.model.text import visible
from tui_reader.pipeline.body_search import search_bodies
from tui_reader.pipeline.file_dates import FileDates
from tui_reader.pipeline.folder_plan import plan_folder
from tui_reader.pipeline.labels import Labels
from tui_reader.pipeline.parse_pool import (
    WORTH_A_PROCESS,
    Item,
    Job,
    has_processors,
    parse_here,
    parse_in_processes,
)
from tui_reader.pipeline.plan import (
    ArchiveScan,
    FetchedEntry,
    Plan,
    SiteUpdate,
    SourceState,
    described_stamp,
    entries_stamp,
    plan_feed_file,
    plan_fetched,
)
from tui_reader.sources.collection import open_collection
from tui_reader.sources.feeds.file import FeedFile, is_feed_file
from tui_reader.sources.files.archive import ArchiveCollection
from tui_reader.sources.files.folder import FolderCollection
from tui_reader.sources.locations import RemotePaths, is_remote, is_remote_archive
from tui_reader.storage.connection import open_index
from tui_reader.storage.file_stamps import FileStamps
from tui_reader.storage.file_writer import ReadFile
from tui_reader.storage.full_texts import FullTexts
from tui_reader.storage.index_writer import IndexWriter
from tui_reader.storage.locks import exclusive_lock
from tui_reader.storage.traces import was_there
from tui_reader.stories.heat import with_heat

if TYPE_CHECKING:
    from tui_reader.sources.files.addresses.address import Addresses
    from tui_reader.storage.feed_store import FeedStore, FetchedSource

_FIRST_JOB = 24  # files; few, so that the first headlines appear soon
_JOB = 96
_JOB_BYTES = 2 * 1024 * 1024  # of files in an archive: several jobs are in memory at a time
_COMMIT_EVERY = 0.25  # seconds between two commits while files come in
_PROCESSES = 2
_ALL_BITS = (1 << 64) - 1
# Rereading a file can require others to be reread, but not for ever: a source
# that cannot be read would be asked again and again.
_REREADS = 3

T = TypeVar("T")


def update_index(
    path: Path,
    locations: Sequence[str],
    remote: RemotePaths | None = None,
    only: Container[str] | None = None,
    preferences: Preferences | None = None,
    *,
    texts: Path | None = None,
    bodies: bool = True,
) -> Iterator[Progress]:
    """Update the index at ``path`` from the sources at ``locations`` (real paths and addresses).

    Nothing is fetched: articles of sources on the network are read from the
    feed store and the downloads in ``remote``. With ``only``, other sources are left as
    they are and stories are not updated. ``preferences`` are the person's, for
    the stories that are made here. ``texts`` is the feed store that full texts are
    taken from, that of ``remote`` if there is one. Without ``bodies``, new articles
    are not found by their bodies until :func:`search_bodies_of` was called.

    Only new and changed files are parsed, and files that are gone leave the
    index. The caller may stop at every yield: committed data stays, and
    the next run continues from there. Waits while another process updates the
    same index. A source that cannot be read is reported in
    :attr:`Progress.failures` and keeps its articles. Raises
    :class:`StoreError` if the index cannot be written.
    """
    with exclusive_lock(path), closing(open_index(path)) as connection, ExitStack() as resources:
        preferences = preferences or Preferences()
        indexer = Indexer(IndexWriter(connection), locations, remote, preferences, resources, texts=texts)
        yield from indexer.run(only, bodies=bodies)


class Indexer:
    """One run over the sources of an index: plan each source, then carry out the plan."""

    def __init__(
        self,
        writer: IndexWriter,
        locations: Sequence[str],
        remote: RemotePaths | None,
        preferences: Preferences,
        resources: ExitStack,
        *,
        texts: Path | None = None,
    ) -> None:
        """Make ``locations`` the sources of the index. What must be closed later is pushed on ``resources``."""
        self._writer = writer
        self._listed = frozenset(locations)
        self._store_failure = ""
        try:
            unlisted = _unlisted_but_kept(remote, locations, preferences.kept)
        except DamagedFile as error:
            # Without the feed store, everything from the network stays in the index as it is.
            self._store_failure = str(error)
            unlisted = [each for each in writer.source_ids() if is_remote(each) and each not in self._listed]
        self._locations = [*locations, *unlisted]
        self._remote = remote
        self._preferences = preferences
        self._resources = resources
        self._texts = texts if remote is None else remote.store
        self._ids = writer.set_sources(self._locations)
        self._labels = self._current_labels()
        self._labels.record_first(writer.clusters())
        self.progress = Progress()
        self._is_incomplete = False

    def run(self, only: Container[str] | None = None, *, bodies: bool = True) -> Iterator[Progress]:
        """Update all sources, or ``only`` some; then, if all were, the stories.

        Stories are made late, when every file that others require to be reread was read;
        last, articles are made to be found by their ``bodies``. If filters change the
        heat, that comes before the stories: it takes as long as all before it.
        """
        wanted = [location for location in self._locations if only is None or location in only]
        for location in wanted:
            if not self._is_fetched(location):
                yield from self._source(location)
        yield from self._fetched_sources([location for location in wanted if self._is_fetched(location)])
        yield from self._settle()
        yield from self._take_texts()
        yield from self._correct()
        if only is None:
            yield from self._cluster()
            if bodies:
                yield from self._search_bodies()
        if self._is_incomplete and self._remote is not None:
            from tui_reader.pipeline.lost_entries import why_entries_are_missing

            self._store_failure = why_entries_are_missing(self._remote.store)
        if self._store_failure:
            self.progress = self.progress._replace(failures=(*self.progress.failures, self._store_failure))
        self._writer.finish(is_last=only is None)
        yield self.progress._replace(finished=True, commits=self.progress.commits + 1)

    def _take_texts(self) -> Iterator[Progress]:
        """Give the articles the full texts that were read from their pages, unless the feed store is damaged."""
        if self._texts is None or self._store_failure:
            return
        try:
            if "_feed_store" in vars(self):
                changed = self._writer.update_texts(self._feed_store[0].full_texts())
            else:
                with FullTexts.to_read(self._texts) as store:
                    changed = self._writer.update_texts(store)
        except DamagedFile as error:
            if error.path != str(self._texts):
                raise
            if self._remote is not None:  # else nothing of what is read depends on it
                self._store_failure = str(error)
            return
        if changed:
            yield self._step(commits=1)

    def _correct(self) -> Iterator[Progress]:
        """List the stories of collections as the user corrected them, also those that were read again just now."""
        apart, together = self._preferences.apart, self._preferences.together
        store = self._writer.source_stories()
        if not apart and not together and not store.any_corrected():
            return
        from tui_reader.pipeline.source_corrections import correct_source_stories

        self._writer.set_stories(None)
        if correct_source_stories(store, apart, together):
            self._writer.settle()
            yield self._step(commits=1)

    def _cluster(self) -> Iterator[Progress]:
        """Make stories of the articles whose sources do not."""
        clusters, labels = self._writer.clusters(), self._current_labels()
        made_by = _rules_stamp(labels, self._preferences)
        if not clusters.has_work() or self._writer.has_stories(made_by):
            return
        self._writer.set_stories(None)
        # Here, because a short command with collections alone does not need it.
        from tui_reader.pipeline.clusterer import Clusterer

        filters = points_of(self._preferences.filters)
        if filters:
            yield from self._search_bodies()  # they look for words there too
        clusterer = Clusterer(clusters, labels, self._preferences, self._points(filters))
        try:
            for _ in clusterer.run():
                yield self._step(commits=1)._replace(clustering=True)
            self._writer.set_stories(made_by)
        except StoreError:
            raise
        except Exception as error:  # noqa: BLE001 - logged and shown; the articles can be read, the next run tries again
            self._writer.discard()
            failure = f"Articles were not grouped into stories, the next update tries again: {log_fault(error)}"
            self.progress = self.progress._replace(failures=(*self.progress.failures, failure))

    def _search_bodies(self) -> Iterator[Progress]:
        """Let articles be found by their bodies."""
        for _ in search_bodies(self._writer):
            yield self.progress._replace(searching=True)

    def _points(self, filters: Sequence[ArticleFilter]) -> Mapping[int, int]:
        """Return what filters add to the quality of articles, by id."""
        if not filters:
            return {}
        from tui_reader.pipeline.filters import filter_points

        points, failures = filter_points(self._writer.path(), filters, self._preferences.places)
        self.progress = self.progress._replace(failures=(*self.progress.failures, *failures))
        return points

    def _settle(self) -> Iterator[Progress]:
        """Delete what nothing leads to any more, and reread the files that this requires."""
        for _ in range(_REREADS):
            stale = {source_id for source_id, _ in self._writer.settle()}
            if not stale:
                return
            yield from self._reread([location for location in self._locations if self._ids[location] in stale])
        self._writer.settle()

    def _reread(self, locations: Iterable[str]) -> Iterator[Progress]:
        """Reread files whose articles changed only by what they share with others; they are not counted again."""
        before = self.progress
        for location in locations:
            for progress in self._source(location):
                yield before._replace(commits=progress.commits)
        self.progress = before._replace(
            commits=self.progress.commits, failures=tuple(dict.fromkeys(self.progress.failures))
        )

    def _current_labels(self) -> Labels:
        """Return the labels by the preferences and the topics that the index defines by now."""
        writer, preferences, ids = self._writer, self._preferences, self._ids
        writer.set_user_topics(preferences.topics)
        writer.set_half_life(preferences.half_life)
        by_source = preferences.topics_by_source.items()
        from_source = {ids[location]: names for location, names in by_source if location in ids and names}
        feeds = frozenset(number for location, number in ids.items() if is_remote(location) or is_feed_file(location))
        topics = writer.clusters().topics()
        weights = {
            ids[location]: weight for location, weight in preferences.weight_by_source.items() if location in ids
        }
        return Labels(
            topics,
            from_source,
            writer.root_topics(),
            feeds=feeds,
            weights=preferences.weights,
            weight_by_source=weights,
        )

    def _step(self, **changes: int) -> Progress:
        new = {name: getattr(self.progress, name) + value for name, value in changes.items()}
        self.progress = self.progress._replace(**new)
        return self.progress

    # -- kinds of sources ----------------------------------------------------

    def _source(self, location: str) -> Iterator[Progress]:
        """Update one source; if it cannot be read, its articles stay."""
        try:
            if self._is_fetched(location):
                yield from self._fetched(location)
                return
            path = self._path(location)
            if path is None:
                return
            collection = open_collection(path)
            if isinstance(collection, ArchiveCollection):
                yield from self._archive(location, collection)
            elif isinstance(collection, FeedFile):
                yield from self._feed_file(location, collection)
            else:
                yield from self._folder(location, collection)
        except StoreError:
            raise
        except Exception as error:  # noqa: BLE001 - logged and shown; the other sources go on
            self._failed(location, error)

    def _failed(self, location: str, error: Exception) -> None:
        """Note that a source could not be read; an error that is no :class:`SourceError` is a bug, and is logged."""
        if not isinstance(error, SourceError):
            from tui_reader.sources.http.redaction import redact_url

            error = SourceError(f"{visible(redact_url(location))}: {log_fault(error)}")
        self.progress = self.progress._replace(failures=(*self.progress.failures, str(error)))

    def _is_fetched(self, location: str) -> bool:
        """Return whether the articles of a source are in the feed store."""
        return self._remote is not None and is_remote(location) and not is_remote_archive(location)

    def _path(self, location: str) -> str | None:
        """Return where on the disk a source is; ``None`` for an archive that was not downloaded yet."""
        if not is_remote(location) or self._remote is None:
            return location
        archive = self._remote.archive(location)
        return str(archive) if archive.exists() else None

    def _state(self, location: str) -> SourceState:
        source_id = self._ids[location]
        return SourceState(source_id, self._writer.source_stamp(source_id), self._writer.file_stamps(source_id))

    def _folder(self, location: str, folder: FolderCollection) -> Iterator[Progress]:
        source_id = self._ids[location]
        known = self._writer.known_files(source_id)
        plan, current, addresses = plan_folder(
            source_id, self._writer.source_stamp(source_id), folder, known, self._preferences.language
        )
        known.set_parts(current)
        dates = FileDates(str(folder.root))
        results = self._parse(str(folder.root), plan.changed, addresses)
        yield from self._apply(location, plan, ([dates.dated(file) for file in files] for files in results))

    def _parse(self, root: str, items: Sequence[Item], addresses: Addresses | None) -> Iterator[list[ReadFile]]:
        if len(items) < WORTH_A_PROCESS or not has_processors():
            yield from parse_here(_jobs(root, iter(items), lambda: addresses), self._writer.known_entries())
            return
        half = (len(items) + 1) // 2
        parts = (items[:half], items[half:])
        yield from parse_in_processes([_jobs(root, iter(part), lambda: addresses) for part in parts])

    def _feed_file(self, location: str, file: FeedFile) -> Iterator[Progress]:
        plan = plan_feed_file(self._state(location), file, int(time.time()))
        yield from self._apply(location, plan, _batches(plan.changed))

    def _archive(self, location: str, archive: ArchiveCollection) -> Iterator[Progress]:
        """Read an archive that changed, in one transaction: if it is refused midway, nothing of it counts."""
        state = self._state(location)
        scan = ArchiveScan(state, archive, self._preferences.language)
        if not scan.is_needed():
            yield self._step(done=len(state.files), total=len(state.files))
            return
        before = self.progress
        try:
            with self._writer.transaction():
                yield from self._apply_scan(state.source_id, scan)
        except Exception:
            self.progress = before
            raise
        yield self._step(commits=1)

    def _apply_scan(self, source_id: int, scan: ArchiveScan) -> Iterator[Progress]:
        before = self.progress
        stored = 0
        self._writer.prepare_bulk_write()
        jobs = _jobs("", scan.changed(), scan.addresses)
        if has_processors():
            results = parse_in_processes([jobs] * _PROCESSES)
        else:
            results = parse_here(jobs, self._writer.known_entries())
        for files in results:
            self._writer.store(source_id, self._labelled(source_id, files))
            stored += len(files)
            del files  # before the next ones arrive: a file can have 8 MB
            yield self._scanned(before, scan, stored)
        gone = scan.gone()
        self._writer.remove_files(gone)
        self._set_site(source_id, scan.site())
        self._writer.set_source_stamp(source_id, scan.stamp)
        self._scanned(before, scan, stored)
        yield self._step(removed=len(gone))

    def _scanned(self, before: Progress, scan: ArchiveScan, stored: int) -> Progress:
        self.progress = before._replace(
            done=before.done + scan.unchanged + stored,
            total=before.total + scan.total,
            changed=before.changed + stored,
        )
        return self.progress

    def _feeds(self, locations: Iterable[str]) -> Iterator[Progress]:
        """Update many sources from the feed store, several in one transaction where they take little time."""
        rest = deque(locations)
        while rest:
            group: list[str] = []
            before = self.progress
            try:
                yield from self._group(rest, group)
            except StoreError:
                raise
            except Exception:  # noqa: BLE001 - raised again below, by the source whose fault it is
                self.progress = before
                for location in group:
                    yield from self._alone(location)

    def _group(self, rest: deque[str], group: list[str]) -> Iterator[Progress]:
        """Update the next sources in one transaction, and move them from ``rest`` to ``group``."""
        until = time.monotonic() + _COMMIT_EVERY
        commits = self.progress.commits
        with self._writer.transaction():
            while rest and time.monotonic() < until:
                group.append(rest.popleft())
                for step in self._fetched(group[-1]):
                    yield step._replace(commits=commits)
        if self.progress.commits > commits:
            yield self.progress

    def _alone(self, location: str) -> Iterator[Progress]:
        """Update one source in a transaction of its own; if it cannot be read, its articles stay."""
        before = self.progress
        try:
            yield from self._group(deque([location]), [])
        except StoreError:
            raise
        except Exception as error:  # noqa: BLE001 - logged and shown; the other sources go on
            self.progress = before
            self._failed(location, error)

    def _fetched_sources(self, locations: Sequence[str]) -> Iterator[Progress]:
        """Update sources from the feed store; if that is damaged or gone, their articles stay."""
        try:
            unchanged = self._unchanged(locations)
            if unchanged:
                entries = sum(unchanged.values())
                yield self._step(done=entries, total=entries)
            yield from self._feeds(location for location in locations if location not in unchanged)
        except DamagedFile as error:
            if self._remote is None or error.path != str(self._remote.store):
                raise
            self._store_failure = str(error)

    def _unchanged(self, locations: Sequence[str]) -> dict[str, int]:
        """Return the sources of which the index has everything, each with how many entries that are.

        They are looked at together: most sources have nothing new at most times.
        """
        if self._store_failure or not locations:
            return {}
        read = self._writer.sources_read()
        wanted = [location for location in locations if location in self._listed and self._ids[location] in read]
        if not wanted:
            return {}
        store, sources = self._feed_store
        unchanged = {}
        for location, (count, listed) in store.listings(wanted).items():
            source = sources.get(location)
            if source and read[self._ids[location]] == (described_stamp(source), entries_stamp(listed)):
                unchanged[location] = count
        return unchanged

    def _fetched(self, location: str) -> Iterator[Progress]:
        if self._store_failure:
            return
        store, sources = self._feed_store
        if location in self._listed:
            source, entries = sources.get(location), store.stamps(location)
            plan = self._plan_fetched(location, source, entries, partial(store.dropped, location))
        else:
            self._writer.set_entries_stamp(self._ids[location], None)
            entries = store.stamps_of_pages(location, self._preferences.kept)
            plan = plan_fetched(self._state(location), sources[location], entries)
        self._is_incomplete |= plan.is_incomplete
        yield from self._apply(location, plan, _read_entries(store, location, plan.changed))

    def _plan_fetched(
        self,
        location: str,
        source: FetchedSource | None,
        entries: Sequence[tuple[int, int]],
        dropped: Callable[[], Iterable[int]],
    ) -> Plan[FetchedEntry]:
        """Plan a source by its ``entries``, which are compared one by one only if any changed since that was done."""
        source_id = self._ids[location]
        from tui_reader.storage.feed_store import listing

        stamp = entries_stamp(listing(entries))
        if source is not None and self._writer.has_entries(source_id, stamp):
            state = SourceState(source_id, self._writer.source_stamp(source_id), FileStamps(array("q"), array("q")))
            plan = plan_fetched(state, source, ())
            plan.total = len(entries)
            return plan
        plan = plan_fetched(self._state(location), source, entries, dropped)
        if source is not None and not plan.changed and not plan.gone and not plan.is_incomplete:
            self._writer.set_entries_stamp(source_id, stamp)
        return plan

    @cached_property
    def _feed_store(self) -> tuple[FeedStore, Mapping[str, FetchedSource]]:
        """The feed store and its sources, opened once for the whole run."""
        if self._remote is None:
            raise ValueError("only subscriptions have a feed store")
        from tui_reader.storage.feed_store import FeedStore

        store = self._resources.enter_context(FeedStore.opened(self._remote.store))
        return store, store.sources()

    # -- writing -------------------------------------------------------------

    def _apply(self, location: str, plan: Plan[T], results: Iterator[list[ReadFile]]) -> Iterator[Progress]:
        """Carry out ``plan``; ``results`` yields the files of :attr:`Plan.changed`, read on demand."""
        source_id = self._ids[location]
        if plan.site is not None:
            self._set_site(source_id, plan.site)
        yield self._step(done=plan.total - len(plan.changed), total=plan.total)
        if plan.gone:
            self._writer.remove_files(plan.gone)
            yield self._step(removed=len(plan.gone), commits=1)
        if plan.changed:
            yield from self._store(source_id, results)
        if plan.stamp is not None:
            self._writer.set_source_stamp(source_id, plan.stamp)
            yield self._step(commits=1)

    def _set_site(self, source_id: int, site: SiteUpdate) -> None:
        self._writer.set_site(source_id, site.title, site.root_topic, site.topics, site.problems, page=site.page)
        if site.stamp is not None:
            self._writer.set_source_stamp(source_id, site.stamp)

    def _store(self, source_id: int, results: Iterator[list[ReadFile]]) -> Iterator[Progress]:
        batch: list[ReadFile] = []
        committed = 0.0
        self._writer.prepare_bulk_write()
        for files in results:
            batch += self._labelled(source_id, files)
            if time.monotonic() - committed >= _COMMIT_EVERY:
                self._writer.store(source_id, batch)
                yield self._step(done=len(batch), changed=len(batch), commits=1)
                batch = []
                committed = time.monotonic()
        if batch:
            self._writer.store(source_id, batch)
            yield self._step(done=len(batch), changed=len(batch), commits=1)

    def _labelled(self, source_id: int, files: Iterable[ReadFile]) -> list[ReadFile]:
        """Label the articles that their source does not rate."""
        return [
            file if file.article is None else file._replace(article=self._labels.label(source_id, file.article))
            for file in files
        ]


def _jobs(root: str, items: Iterator[Item], addresses: Callable[[], Addresses | None]) -> Iterator[Job]:
    """Yield ``items`` in jobs; ``addresses`` of an archive are known once its first item is."""
    size = _FIRST_JOB
    while part := list(_first(items, size)):
        yield Job(root, part, addresses())
        size = _JOB


def _first(items: Iterator[Item], most: int) -> Iterator[Item]:
    """Yield up to ``most`` items, fewer where they bring many bytes with them."""
    size = 0
    for item in islice(items, most):
        yield item
        size += len(item.data or b"")
        if size >= _JOB_BYTES:
            return


def _batches(files: Sequence[ReadFile]) -> Iterator[list[ReadFile]]:
    for start in range(0, len(files), _JOB):
        yield list(files[start : start + _JOB])


def _read_entries(store: FeedStore, location: str, changed: Sequence[FetchedEntry]) -> Iterator[list[ReadFile]]:
    """Read entries from the feed store; those that are gone meanwhile are left out."""
    for start in range(0, len(changed), _JOB):
        part = changed[start : start + _JOB]
        keys = [entry.key for entry in part]
        articles, since = store.articles(location, keys), store.first_seen(location, keys)
        yield [
            ReadFile(index_key, stamp, f"{key & _ALL_BITS:016x}", with_heat(articles[key]), {}, since=since[key])
            for index_key, key, stamp in part
            if key in articles and key in since
        ]


def _rules_stamp(labels: Labels, preferences: Preferences) -> int:
    """Return a number that changes with all that decides about stories beside the articles."""
    filters = points_of(preferences.filters)
    decisive = (
        labels.fingerprint(),
        sorted(labels.weight_by_source.items()),
        sorted(preferences.sources_apart),
        sorted(preferences.apart),
        sorted(preferences.together),
        filters,
        preferences.places if filters else (),  # by which a filter may name its sources
    )
    return fingerprint(repr(decisive).encode()) >> 1


def _unlisted_but_kept(remote: RemotePaths | None, locations: Sequence[str], kept: Container[int]) -> list[str]:
    """Return the sources in the feed store that are not among ``locations`` but have ``kept`` articles."""
    if remote is None or not (remote.store.exists() or was_there(remote.store)):
        return []
    from tui_reader.storage.feed_store import FeedStore

    with FeedStore.opened(remote.store) as store:
        unlisted = store.addresses() - set(locations)
        return sorted(location for location in unlisted if store.stamps_of_pages(location, kept))
