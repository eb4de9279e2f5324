"""Brings an index up to date with its sources, as a generator of progress."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Container, Iterator, Mapping, Sequence
from contextlib import ExitStack, closing
from functools import cached_property
from itertools import islice
from pathlib import Path

from tui_reader.errors import ArticleError, SourceError
from tui_reader.model.fingerprint import fingerprint
from tui_reader.model.preferences import Preferences
from tui_reader.model.progress import Progress
from tui_reader.model.story import Problem
from tui_reader.model.topic import Topic
from tui_reader.pipeline.clusterer import Clusterer
from tui_reader.pipeline.labels import Labels
from tui_reader.pipeline.parse_pool import WORTH_A_PROCESS, Item, Job, parse_here, parse_side_by_side
from tui_reader.sources.feeds.file import FeedFile, is_feed_file
from tui_reader.sources.files.archive import ArchiveCollection
from tui_reader.sources.files.folder import FolderCollection, read_file
from tui_reader.sources.files.layout import (
    in_article_folder,
    is_ignored,
    is_markdown,
    is_site_internal,
    site_file_kind,
    topic_sort_key,
)
from tui_reader.sources.files.site import Site, parse_site, parse_topic
from tui_reader.sources.files.stamp import FileStamp
from tui_reader.sources.locations import Remote, is_remote, is_remote_archive
from tui_reader.sources.open import open_collection
from tui_reader.storage.connection import exclusive_lock, open_index
from tui_reader.storage.feed_store import FeedStore, FetchedSource
from tui_reader.storage.file_stamps import FileStamps
from tui_reader.storage.index_writer import READ_AGAIN, UNREADABLE, IndexWriter, ReadFile
from tui_reader.stories.heat import with_heat

_FIRST_JOB = 24  # files; small, so that the first headlines come at once
_JOB = 96
_COMMIT_EVERY = 0.25  # seconds between two commits while files come in
_PROCESSES = 2
_ALL_BITS = (1 << 64) - 1
# A file read again can bring others to be read again, once: a source that cannot
# be reached keeps asking for it.
_PASSES = 3


def _number(text: str) -> int:
    return fingerprint(text.encode(errors="surrogatepass"))


def _mark(stamp: FileStamp) -> int:
    """Sum up size and time of change in one number that SQLite can hold."""
    return (stamp.changed * 0x9E3779B1 + stamp.size) % (1 << 62)


class _Run:
    """One run over all sources of an index."""

    def __init__(self, writer: IndexWriter, remote: Remote | None, closing: ExitStack, labels: Labels) -> None:
        """What has to be closed afterwards is put on ``closing``."""
        self._labels = labels
        self._writer = writer
        self._remote = remote
        self._closing = closing
        self.progress = Progress()

    def _step(self, **changes: int) -> Progress:
        new = {name: getattr(self.progress, name) + value for name, value in changes.items()}
        self.progress = self.progress._replace(**new)
        return self.progress

    def fail(self, reason: str) -> None:
        self.progress = self.progress._replace(failures=(*self.progress.failures, reason))

    # -- folders -----------------------------------------------------------

    def folder(self, source_id: int, collection: FolderCollection) -> Iterator[Progress]:
        """Read what is new or changed in a folder and drop what has gone from it."""
        self._folder_site(source_id, collection)
        stamps = self._writer.file_stamps(source_id)
        changed: list[Item] = []
        seen = 0
        for stamp in collection.files():
            key, mark = _number(f"{source_id}:{stamp.path}"), _mark(stamp)
            seen += 1
            if not stamps.seen(key, mark):
                changed.append(Item(key, stamp, mark))
        yield self._step(done=seen - len(changed), total=seen)
        gone = list(stamps.missing())
        del stamps
        if gone:
            self._writer.remove_files(gone)
            yield self._step(removed=len(gone), commits=1)
        # What is new has most often the last name: it comes first.
        changed.sort(key=lambda item: item.stamp.path.split("/"), reverse=True)
        if changed:
            yield from self._store(source_id, self._parsed(str(collection.root), changed))

    def _parsed(self, root: str, items: Sequence[Item]) -> Iterator[list[ReadFile]]:
        if len(items) < WORTH_A_PROCESS or (os.cpu_count() or 1) < 2:
            return parse_here(_jobs(root, iter(items)), self._writer.known_entries())
        half = (len(items) + 1) // 2
        return parse_side_by_side([_jobs(root, iter(items[:half])), _jobs(root, iter(items[half:]))])

    def _folder_site(self, source_id: int, collection: FolderCollection) -> None:
        stamps = collection.data_files()
        mark = _number(repr(stamps)) >> 1
        if self._writer.source_stamp(source_id) == mark:
            return
        parts = _SiteParts()
        for stamp in stamps:
            try:
                parts.add(stamp.path, read_file(str(collection.root), stamp.path))
            except OSError as error:
                parts.problems.append(Problem("", stamp.path, 0, f"cannot be read: {error.strerror}"))
                mark = UNREADABLE
        self._set_site(source_id, parts)
        self._writer.set_source_stamp(source_id, mark)

    def _set_site(self, source_id: int, parts: _SiteParts) -> None:
        self._writer.set_site(source_id, parts.site.title, parts.site.root_topic, parts.in_order(), parts.problems)

    # -- archives ------------------------------------------------------------

    def archive(self, source_id: int, collection: ArchiveCollection) -> Iterator[Progress]:
        """Read an archive that changed; all of it counts, or nothing where it is refused midway."""
        mark = _mark(collection.stamp())
        stamps = self._writer.file_stamps(source_id)
        if self._writer.source_stamp(source_id) == mark and READ_AGAIN not in stamps:
            yield self._step(done=len(stamps), total=len(stamps))
            return
        before = self.progress
        try:
            with self._writer.transaction():
                yield from self._archive_members(source_id, collection, stamps)
                self._writer.set_source_stamp(source_id, mark)
        except SourceError:
            self.progress = before
            raise
        yield self._step(commits=1)

    def _archive_members(self, source_id: int, collection: ArchiveCollection, stamps: FileStamps) -> Iterator[Progress]:
        self._writer.prepare_bulk_write()
        parts = _SiteParts()
        strays: list[Item] = []  # articles, if no folder of articles turns up
        has_folder = False

        def wanted() -> Iterator[Item]:
            nonlocal has_folder
            for stamp, data in collection.members():
                if site_file_kind(stamp.path):
                    parts.add(stamp.path, data)
                elif is_markdown(stamp.path) and not is_ignored(stamp.path):
                    item = Item(_number(f"{source_id}:{stamp.path}"), stamp, _mark(stamp), data)
                    if in_article_folder(stamp.path):
                        has_folder = True
                        yield item
                    elif not is_site_internal(stamp.path) and not has_folder:
                        strays.append(item)
            if not has_folder:
                yield from strays

        def changed() -> Iterator[Item]:
            for item in wanted():
                if stamps.seen(item.key, item.mark):
                    self._step(done=1, total=1)
                else:
                    self._step(total=1)
                    yield item

        jobs = _jobs("", changed())
        lanes = [jobs] * _PROCESSES if (os.cpu_count() or 1) > 1 else []
        results = parse_side_by_side(lanes) if lanes else parse_here(jobs, self._writer.known_entries())
        for files in results:
            self._writer.store(source_id, self._rated(source_id, files))
            yield self._step(done=len(files), changed=len(files))
        gone = list(stamps.missing())
        self._writer.remove_files(gone)
        self._set_site(source_id, parts)
        yield self._step(removed=len(gone))

    # -- feeds in files --------------------------------------------------------

    def feed_file(self, source_id: int, file: FeedFile) -> Iterator[Progress]:
        """Read a feed in a file that changed: what it no longer lists goes."""
        mark = _mark(file.stamp())
        stamps = self._writer.file_stamps(source_id)
        if self._writer.source_stamp(source_id) == mark and READ_AGAIN not in stamps:
            yield self._step(done=len(stamps), total=len(stamps))
            return
        feed = file.read(int(time.time()))
        name = Path(file.location).name
        self._writer.set_site(source_id, feed.title, "", (), [Problem("", name, 0, note) for note in feed.notes])
        articles = {_number(f"{source_id}:{entry.key()}"): entry.article for entry in feed.entries}
        marks = {key: _number(repr(article)) >> 2 for key, article in articles.items()}

        def read(key: int) -> ReadFile:
            article = articles[key]
            problems = tuple((0, f"{article.title}: {note}") for note in article.notes)
            return ReadFile(key, marks[key], f"{name}#{key & _ALL_BITS:016x}", with_heat(article), {}, problems)

        yield from self._mirror(
            source_id,
            stamps,
            marks,
            lambda changed: (list(map(read, changed[at : at + _JOB])) for at in range(0, len(changed), _JOB)),
        )
        self._writer.set_source_stamp(source_id, mark)
        yield self._step(commits=1)

    # -- all -------------------------------------------------------------------

    def _rated(self, source_id: int, files: Sequence[ReadFile]) -> list[ReadFile]:
        """Give the articles that come without them topics and quality."""
        return [
            file if file.article is None else file._replace(article=self._labels.label(source_id, file.article))
            for file in files
        ]

    def _mirror(
        self,
        source_id: int,
        stamps: FileStamps,
        listed: Mapping[int, int],
        read: Callable[[Sequence[int]], Iterator[list[ReadFile]]],
    ) -> Iterator[Progress]:
        """Drop what is no longer ``listed``, by key with its stamp, and ``read`` and store what is new or changed."""
        changed = [key for key, stamp in listed.items() if not stamps.seen(key, stamp)]
        gone = list(stamps.missing())
        yield self._step(done=len(listed) - len(changed), total=len(listed))
        if gone:
            self._writer.remove_files(gone)
            yield self._step(removed=len(gone), commits=1)
        if changed:
            yield from self._store(source_id, read(changed))

    def gather(self, labels: Labels, preferences: Preferences) -> Iterator[Progress]:
        """Make stories of the articles that came without."""
        for _ in Clusterer(self._writer.clusters(), labels, preferences).run():
            yield self._step(commits=1)._replace(clustering=True)

    def _store(self, source_id: int, results: Iterator[list[ReadFile]]) -> Iterator[Progress]:
        batch: list[ReadFile] = []
        committed = 0.0
        self._writer.prepare_bulk_write()
        for files in results:
            batch += self._rated(source_id, files)
            if time.monotonic() - committed >= _COMMIT_EVERY:
                self._writer.store(source_id, batch)
                yield self._step(done=len(batch), changed=len(batch), commits=1)
                batch = []
                committed = time.monotonic()
        if batch:
            self._writer.store(source_id, batch)
            yield self._step(done=len(batch), changed=len(batch), commits=1)

    # -- the network -------------------------------------------------------

    @cached_property
    def _network(self) -> tuple[FeedStore, dict[str, FetchedSource]]:
        """What was fetched, and its sources: opened for all of them at once."""
        if self._remote is None:
            raise ValueError("there is nothing fetched for sources that are not kept")
        store = self._closing.enter_context(FeedStore.opened(self._remote.store))
        return store, store.sources()

    def fetched(self, source_id: int, location: str) -> Iterator[Progress]:
        """Take over what was fetched of a source and is new or changed, and drop what has gone."""
        store, sources = self._network
        source = sources.get(location, FetchedSource(location))
        mark = _number(repr(source[:5])) >> 1
        if self._writer.source_stamp(source_id) != mark:
            self._writer.set_site(source_id, source.title, source.root_topic, source.topics, ())
            self._writer.set_source_stamp(source_id, mark)
        keys = {_number(f"{source_id}:{key}"): (key, stamp) for key, stamp in store.stamps(location)}
        yield from self._mirror(
            source_id,
            self._writer.file_stamps(source_id),
            {number: stamp for number, (_, stamp) in keys.items()},
            lambda changed: _fetched_files(location, [(number, *keys[number]) for number in changed], store),
        )

    def feeds(self, sources: Mapping[int, str]) -> Iterator[Progress]:
        """Take over what was fetched of many sources; what is written in a short while is one transaction."""
        rest = iter(sources.items())
        following = next(rest, None)
        while following is not None:
            until = time.monotonic() + _COMMIT_EVERY
            stored = self.progress.commits
            with self._writer.transaction():
                while following is not None and time.monotonic() < until:
                    for step in self.fetched(*following):
                        yield step._replace(commits=stored)
                    following = next(rest, None)
            if self.progress.commits > stored:
                yield self.progress

    def is_fetched(self, location: str) -> bool:
        """Whether what is there of a source is articles that were fetched."""
        return self._remote is not None and is_remote(location) and not is_remote_archive(location)

    def source(self, source_id: int, location: str) -> Iterator[Progress]:
        """Bring one source up to date; where it cannot be read, what was indexed of it stays."""
        try:
            if self.is_fetched(location):
                yield from self.fetched(source_id, location)
                return
            if is_remote(location) and self._remote is not None:
                path = self._remote.archive(location)
                if not path.exists():
                    return  # not fetched yet
                collection = open_collection(str(path))
            else:
                collection = open_collection(location)
            if isinstance(collection, ArchiveCollection):
                yield from self.archive(source_id, collection)
            elif isinstance(collection, FeedFile):
                yield from self.feed_file(source_id, collection)
            else:
                yield from self.folder(source_id, collection)
        except SourceError as error:
            self.fail(str(error))

    def again(self, sources: dict[int, str]) -> Iterator[Progress]:
        """Read files again that changed only in what they share with others; they are not counted twice."""
        before = self.progress
        for source_id, location in sources.items():
            for progress in self.source(source_id, location):
                yield before._replace(commits=progress.commits)
        self.progress = before._replace(commits=self.progress.commits)


class _SiteParts:
    """Gathers what a site says of itself, in whatever order its files come."""

    def __init__(self) -> None:
        self.site = Site()
        self.problems: list[Problem] = []
        self._topics: list[tuple[str, Topic]] = []

    def add(self, path: str, data: bytes) -> None:
        try:
            if site_file_kind(path) == "config":
                self.site = parse_site(data)
            else:
                self._topics.append((path, parse_topic(data)))
        except ArticleError as error:
            self.problems.append(Problem("", path, error.line, error.reason))

    def in_order(self) -> list[Topic]:
        return [topic for _, topic in sorted(self._topics, key=lambda pair: topic_sort_key(pair[0]))]


def _jobs(root: str, items: Iterator[Item]) -> Iterator[Job]:
    size = _FIRST_JOB
    while part := list(islice(items, size)):
        yield Job(root, part)
        size = _JOB


def _fetched_files(
    location: str, changed: Sequence[tuple[int, int, int]], store: FeedStore
) -> Iterator[list[ReadFile]]:
    for start in range(0, len(changed), _JOB):
        part = changed[start : start + _JOB]
        articles = store.articles(location, (key for _, key, _ in part))
        yield [
            ReadFile(number, stamp, f"{key & _ALL_BITS:016x}", with_heat(articles[key]), {})
            for number, key, stamp in part
            if key in articles
        ]


def _labels(writer: IndexWriter, preferences: Preferences, ids: Mapping[str, int]) -> Labels:
    """How articles that say nothing of themselves are labelled."""
    writer.set_user_topics(preferences.topics)
    writer.set_half_life(preferences.half_life)
    by_source = preferences.topics_by_source.items()
    given = {ids[location]: names for location, names in by_source if location in ids and names}
    feeds = frozenset(number for location, number in ids.items() if is_remote(location) or is_feed_file(location))
    return Labels(writer.clusters().topics(), given, writer.root_topics(), feeds, preferences.weights)


def _left_over(remote: Remote | None) -> list[str]:
    """The sources that are no longer kept, but of which articles are saved."""
    if remote is None or not remote.store.exists():
        return []
    with FeedStore.opened(remote.store) as store:
        return [address for address, source in store.sources().items() if source.removed]


def update_index(
    path: Path,
    locations: Sequence[str],
    remote: Remote | None = None,
    only: Container[str] | None = None,
    preferences: Preferences | None = None,
) -> Iterator[Progress]:
    """Bring the index at ``path`` up to date with the sources at ``locations`` (real paths and addresses).

    Nothing is fetched: of a source on the network, what was fetched before
    and is kept at ``remote`` is taken. With ``only``, no other source is
    looked at, and stories are not made anew. ``preferences`` are the person's for
    the stories that are made here.

    Only new and changed files are parsed and files that are gone leave the
    index. Every yield is a point at which the caller may stop: what was
    committed stays, and the next run goes on from there. Waits while another
    process does the same. Raises :class:`StoreError` where the index cannot
    be written; a source that cannot be read is told in ``failures``, and what
    was indexed of it stays.
    """
    with exclusive_lock(path), closing(open_index(path)) as connection, ExitStack() as others:
        writer = IndexWriter(connection)
        locations = [*locations, *_left_over(remote)]
        ids = writer.set_sources(locations)
        preferences = preferences or Preferences()
        labels = _labels(writer, preferences, ids)
        labels.record_first(writer.clusters())
        run = _Run(writer, remote, others, labels)
        wanted = [location for location in locations if only is None or location in only]
        feeds = [location for location in wanted if run.is_fetched(location)]
        for location in wanted:
            if not run.is_fetched(location):
                yield from run.source(ids[location], location)
        yield from run.feeds({ids[location]: location for location in feeds})
        if only is None:
            yield from run.gather(_labels(writer, preferences, ids), preferences)
        for _ in range(_PASSES):
            sources = {source_id for source_id, _ in writer.finish()}
            if not sources:
                break
            yield from run.again({ids[location]: location for location in locations if ids[location] in sources})
        else:
            writer.finish()
        yield run.progress._replace(finished=True, commits=run.progress.commits + 1)
