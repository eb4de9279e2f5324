"""Plans the update of a source: compares it with the index and lists what is new, changed or gone.

There is a function for each kind of source, and a class for archives. None of
them reads or writes the index: they get a :class:`SourceState` and return a
:class:`Plan` for :class:`~tui_reader.pipeline.indexer.Indexer` to carry out.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Generic, TypeVar

from tui_reader.errors import ArticleError
from tui_reader.model.fingerprint import fingerprint
from tui_reader.model.story import Problem
from tui_reader.model.topic import Topic
from tui_reader.named_tuple import NamedTuple
from tui_reader.pipeline.parse_pool import Item
from tui_reader.sources.files.layout import (
    in_article_folder,
    is_article_file,
    is_draft_path,
    is_ignored,
    is_site_internal,
    site_file_kind,
    topic_sort_key,
)
from tui_reader.sources.files.site import Site, parse_site, parse_topic
from tui_reader.sources.files.stamp import FileStamp
from tui_reader.storage.file_stamps import READ_AGAIN, FileStamps
from tui_reader.storage.file_writer import ReadFile
from tui_reader.stories.heat import with_heat

if TYPE_CHECKING:
    from tui_reader.sources.feeds.file import FeedFile
    from tui_reader.sources.files.addresses.address import Addresses
    from tui_reader.sources.files.addresses.site import SiteAddresses
    from tui_reader.sources.files.archive import ArchiveCollection
    from tui_reader.sources.files.archive_layout import ArchiveLayout
    from tui_reader.sources.files.archive_limits import Skipped
    from tui_reader.storage.feed_store import FetchedSource

T = TypeVar("T")

_ALL_BITS = (1 << 64) - 1
_MAX_WAITING = 8 * 1024 * 1024  # bytes of articles that wait to learn whether an archive has article folders
_ITEM_BYTES = 400  # of memory for each of these articles, beside its text
_MAX_SITE_FILES = 10_000  # data files of the site in an archive: configuration and topics
_MAX_NOTES = 1_000  # problems with members of one archive
_OWN_ADDRESS = re.compile(rb"\n(?:webUrl|originalUrl):")
_MAX_METADATA = 64 * 1024 * 1024  # bytes of files with the metadata of articles beside them, in one archive
_EMPTY = "is empty"  # told, and neither parsed nor stored: an archive of a few MB can have 500,000 such files


class SourceState(NamedTuple):
    """The state of a source in the index: its id and stamp, and the stamps of its files.

    ``stamp`` is ``None`` for a source that was never read to its end.
    """

    source_id: int
    stamp: int | None
    files: FileStamps

    def is_current(self, stamp: int) -> bool:
        """Return whether a source that is one file was read with this ``stamp``, and nothing of it is to be reread."""
        return self.stamp == stamp and READ_AGAIN not in self.files

    def key(self, name: str) -> int:
        """Return the key in the index of the file or entry called ``name``."""
        return index_key(self.source_id, name)


class SiteUpdate(NamedTuple):
    """Title, root topic, topics and problems of a source, to be stored because they may have changed.

    ``stamp`` becomes the source's stamp along with it; ``None`` for a source
    whose stamp covers its articles as well.
    """

    title: str
    root_topic: str = ""
    topics: Sequence[Topic] = ()
    problems: Sequence[Problem] = ()
    stamp: int | None = None
    page: str = ""


class Plan(Generic[T]):
    """The changes that bring the index up to date with a source.

    ``total`` counts the source's files or entries. ``changed`` are those that
    are new or changed, in the order in which to read them, ``gone`` the keys
    of those to remove. ``stamp`` is stored once everything else is.
    ``is_incomplete`` says that the source lacks entries that it never dropped.
    """

    def __init__(
        self,
        total: int,
        changed: Sequence[T] = (),
        gone: Sequence[int] = (),
        site: SiteUpdate | None = None,
        stamp: int | None = None,
        *,
        is_incomplete: bool = False,
    ) -> None:
        self.total = total
        self.changed = changed
        self.gone = gone
        self.site = site
        self.stamp = stamp
        self.is_incomplete = is_incomplete


class FetchedEntry(NamedTuple):
    """An entry in the feed store: its key in the index, its key in the store, its stamp."""

    index_key: int
    key: int
    stamp: int


def plan_feed_file(state: SourceState, file: FeedFile, now: int) -> Plan[ReadFile]:
    """Plan a feed in a file: read it if the file changed; entries it no longer lists are gone.

    ``now`` is in seconds since 1970. Raises :class:`SourceError` if the file
    cannot be read or is no feed.
    """
    stamp = file_stamp(file.stamp())
    if state.is_current(stamp):
        return Plan(len(state.files))
    from tui_reader.model.entry_identity import recognise

    feed = file.read(now)
    found = recognise(feed.entries, (), now)
    name = Path(file.location).name
    site = SiteUpdate(
        feed.title, problems=[Problem("", name, 0, note) for note in (*feed.notes, *found.notes)], page=feed.page or ""
    )
    articles = {state.key(each.key): each.entry.article.at_page(each.key) for each in found.entries}
    changed = []
    for key, article in articles.items():
        entry_stamp = number_of(repr(article)) >> 2
        if not state.files.seen(key, entry_stamp):
            notes = tuple((0, f"{article.title}: {note}") for note in article.notes)
            path = f"{name}#{key & _ALL_BITS:016x}"
            changed.append(ReadFile(key, entry_stamp, path, with_heat(article), {}, notes))
    return Plan(len(articles), changed, list(state.files.missing()), site, stamp)


def plan_fetched(
    state: SourceState,
    source: FetchedSource | None,
    entries: Iterable[tuple[int, int]],
    dropped: Callable[[], Iterable[int]] | None = None,
) -> Plan[FetchedEntry]:
    """Plan a source in the feed store by the keys and stamps of its ``entries``.

    ``source`` is ``None`` if the store does not have it. Of the articles that
    are in the index and not in the store, those that it ``dropped`` are gone,
    or all if that is ``None``. It is asked only if there are such articles.
    The store may lack others because it was lost or restored from a copy:
    they stay.
    """
    if source is None:
        return Plan(len(state.files), is_incomplete=len(state.files) > 0)
    stamp = described_stamp(source)
    site = None
    if state.stamp != stamp:
        from tui_reader.sources.http.redaction import redact_url

        problems = [Problem("", redact_url(source.address), 0, note) for note in source.notes]
        site = SiteUpdate(source.title, source.root_topic, source.topics, problems, stamp, source.page)
    changed = []
    total = 0
    for key, entry_stamp in entries:
        total += 1
        index_key = state.key(str(key))
        if not state.files.seen(index_key, entry_stamp):
            changed.append(FetchedEntry(index_key, key, entry_stamp))
    missing = list(state.files.missing())
    if dropped is None or not missing:
        return Plan(total, changed, missing, site)
    wanted = {state.key(str(key)) for key in dropped()}
    gone = [key for key in missing if key in wanted]
    return Plan(total + len(missing) - len(gone), changed, gone, site, is_incomplete=len(gone) < len(missing))


def described_stamp(source: FetchedSource) -> int:
    """Return a number that changes with what a source says of itself."""
    return number_of(repr(source._replace(state="", removed=0))) >> 1


def entries_stamp(listed: str) -> int:
    """Return a number that changes with the :func:`~tui_reader.storage.feed_store.listing` of a source."""
    return number_of(listed) >> 1


class ArchiveScan:
    """One pass over an archive that changed, from its first member to its last.

    An archive can only be read once and in order. So the plan is made while
    it is read: :meth:`changed` yields each article to parse, and :meth:`gone`
    and :meth:`site` are complete after the last one.
    """

    def __init__(self, state: SourceState, archive: ArchiveCollection, language: str = "") -> None:
        """``language`` is the one to read where a site has several."""
        self._language = language
        self._state = state
        self._archive = archive
        self._site = SiteFiles()
        self._addresses: SiteAddresses | None = None
        self._stamp_of_addresses = 0
        self._collections: tuple[str, ...] = ()  # folders of Jekyll's, beside those of its posts
        self._metadata: dict[str, bytes] = {}  # of articles, in files beside them
        self._site_files = 0
        self.stamp = file_stamp(archive.stamp())
        self.total = 0
        self.unchanged = 0

    def is_needed(self) -> bool:
        """Return whether the archive changed since it was indexed."""
        return not self._state.is_current(self.stamp)

    def changed(self) -> Iterator[Item]:
        """Yield every article file that is new or changed. Raises :class:`SourceError`."""
        seen: set[int] = set()
        for item in self._articles(self._layout()):
            if item.key in seen:
                self._note(item.path, "stands more than once in the archive: only the first is read")
                continue
            seen.add(item.key)
            if not item.data:
                self._note(item.path, _EMPTY)
                continue
            self.total += 1
            if self._state.files.seen(item.key, item.stamp):
                self.unchanged += 1
            else:
                yield item

    def _layout(self) -> ArchiveLayout:
        """Read names, and the configuration of the site, first: it can stand behind the articles.

        An article in an article folder that says where its page is, is enough, so that a large site is unpacked once.
        """
        from tui_reader.sources.files.archive_layout import ArchiveLayout

        layout = ArchiveLayout(self._language)
        found = self._archive.named(layout.look, lambda _: layout.has_folder)
        if layout.has_folder:
            if any(map(_OWN_ADDRESS.search, found.values())):
                return layout
            found = self._configs()
        layout.decide(found)
        self._set_addresses(found)
        if layout.is_stated:
            from tui_reader.sources.files.languages import HEAD_BYTES

            layout.choose(self._archive.beginnings(layout.has, HEAD_BYTES))
        if layout.metadata:
            self._read_metadata(layout.metadata)
        return layout

    def _read_metadata(self, paths: Container[str]) -> None:
        """Read the files at ``paths``, with the metadata of articles beside them."""
        from tui_reader.sources.files.metadata_file import METADATA_BYTES

        size = 0
        for path, data in self._archive.beginnings(paths.__contains__, METADATA_BYTES):
            size += len(data)
            if size > _MAX_METADATA:
                self._note(path, f"is not read, nor is other metadata: together more than {_MAX_METADATA >> 20} MB")
                return
            self._metadata.setdefault(path, data)

    def addresses(self) -> Addresses | None:
        """Return what makes the addresses of the articles that were yielded, if any needs it."""
        return self._addresses.addresses if self._addresses else None

    def _address_stamp(self) -> int:
        """Return the stamp of the addresses; it is looked for their configuration when an article needs it."""
        if self._addresses is None:
            self._set_addresses(self._configs())
        return self._stamp_of_addresses

    def _configs(self) -> dict[str, bytes]:
        """Return the files with the configuration of the site; of Jekyll's, the first says all."""
        from tui_reader.sources.files.addresses.config_files import is_config, is_whole_config

        return self._archive.named(is_config, is_whole_config)

    def _set_addresses(self, configs: Mapping[str, bytes]) -> None:
        from tui_reader.sources.files.addresses.site import archived_site

        self._addresses = archived_site(configs)
        self._stamp_of_addresses = self._addresses.stamp()
        self._site.set_addresses(self._addresses)

    def _articles(self, layout: ArchiveLayout) -> Iterator[Item]:
        """Yield the article files: of a site those that are its pages, else those in article folders.

        Without such a folder, all are.
        """
        skipped: list[Skipped] = []
        outside, others = _Outside(), _Outside()
        has_folder = layout.has_folder
        for file, data in self._archive.members(skipped, layout.look if layout.has_folder else None):
            if site_file_kind(file.path):
                self._add_to_site(file.path, data)
            elif layout.is_site or layout.is_stated:
                if layout.has(file.path):
                    yield self._item(file, data)
            elif is_article_file(file.path) and not is_ignored(file.path):
                if in_article_folder(file.path):
                    outside, has_folder = outside if has_folder else _Outside(), True
                    yield self._item(file, data)
                elif not is_site_internal(file.path):
                    if "/_" in f"/{file.path}":  # drafts and other collections, of which the configuration tells
                        others.add(self._item(file, data))
                    if not has_folder:
                        outside.add(self._item(file, data))
        for path, reason in (*skipped, *((path, _EMPTY) for path in outside.empty), *layout.passed.told()):
            self._note(path, reason)
        if has_folder:
            yield from filter(self._is_beside, others.items) if others.is_complete else self._outside_again()
        elif not layout.is_site:
            yield from outside.items if outside.is_complete else self._outside_again(is_all=True)

    def _is_beside(self, item: Item) -> bool:
        """Return whether a file outside of article folders is an article of a site that has such folders."""
        return is_draft_path(item.path) or item.path.startswith(self._collections)

    def _outside_again(self, *, is_all: bool = False) -> Iterator[Item]:
        """Yield the articles outside of article folders, which are too large to wait in memory."""
        for file, data in self._archive.members():
            path = file.path
            is_outside = not (in_article_folder(path) or is_site_internal(path) or is_ignored(path))
            if data and is_outside and is_article_file(path):
                item = self._item(file, data)
                if is_all or self._is_beside(item):
                    yield item

    def _item(self, file: FileStamp, data: bytes) -> Item:
        if self._metadata:
            from tui_reader.sources.files.archive import contents_stamp
            from tui_reader.sources.files.metadata_file import joined, metadata_path

            data = joined(data, self._metadata.get(metadata_path(file.path), b""))
            file = contents_stamp(file.path, data)
        # An article that says where its page is needs no further look into the archive.
        addresses = 0 if _OWN_ADDRESS.search(data) else self._address_stamp()
        return Item(self._state.key(file.path), file.path, file_stamp(file) ^ addresses, data)

    def _add_to_site(self, path: str, data: bytes) -> None:
        """Read a data file of the site; of too many, only the first."""
        self._site_files += 1
        if self._site_files <= _MAX_SITE_FILES:
            self._site.add(path, data)
            if site_file_kind(path) == "config":
                from tui_reader.sources.files.addresses.jekyll import with_collections

                self._collections = with_collections(self._collections, path.removesuffix("_config.yml"), data)
        elif self._site_files == _MAX_SITE_FILES + 1:
            self._note(path, f"is one data file of the site too many: only the first {_MAX_SITE_FILES:,} are read")

    def _note(self, path: str, reason: str) -> None:
        problems = self._site.problems
        if len(problems) < _MAX_NOTES:
            problems.append(Problem("", path, 0, reason))
        elif len(problems) == _MAX_NOTES:
            problems.append(Problem("", path, 0, f"{reason}, and so may be files after it"))

    def gone(self) -> list[int]:
        """Return the keys of the files that the archive no longer has."""
        return list(self._state.files.missing())

    def site(self) -> SiteUpdate:
        """Return the title, topics and problems of the site in the archive."""
        return self._site.update()


class _Outside:
    """The articles outside of article folders, which wait until it is known that there is no such folder."""

    def __init__(self) -> None:
        self.items: list[Item] = []
        self.empty: list[str] = []  # paths, as many as are told
        self.is_complete = True
        self._bytes = 0

    def add(self, item: Item) -> None:
        """Add a file, unless all are too large to wait in memory."""
        if not item.data:
            if len(self.empty) <= _MAX_NOTES:
                self.empty.append(item.path)
            return
        self._bytes += len(item.data) + _ITEM_BYTES
        if self._bytes > _MAX_WAITING:
            self.items, self.is_complete = [], False
        elif self.is_complete:
            self.items.append(item)


class SiteFiles:
    """Collects title, root topic and topics of a site from its files, in any order."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []
        self._told: set[str] = set()  # paths of files with a problem
        self._addresses: SiteAddresses | None = None
        self._site = Site()
        self._topics: list[tuple[str, Topic]] = []

    def add(self, path: str, data: bytes) -> None:
        """Add one file; if it is no valid YAML, note a problem."""
        try:
            if site_file_kind(path) == "config":
                self._site = parse_site(data)
            else:
                self._topics.append((path, parse_topic(data)))
        except ArticleError as error:
            self._note(Problem("", path, error.line, error.reason))

    def set_addresses(self, site: SiteAddresses) -> None:
        """Set what the configuration of the generator says."""
        self._addresses = site
        for path, line, reason in site.troubles:
            self._note(Problem("", path, line, reason))

    def _note(self, problem: Problem) -> None:
        """Note what is wrong with a file, unless that is noted."""
        if problem.path not in self._told:
            self._told.add(problem.path)
            self.problems.append(problem)

    def update(self, stamp: int | None = None) -> SiteUpdate:
        """Return the data collected so far, with the topics in the site's order."""
        topics = [topic for _, topic in sorted(self._topics, key=lambda pair: topic_sort_key(pair[0]))]
        addresses = self._addresses.addresses if self._addresses else None
        return SiteUpdate(
            self._site.title or (self._addresses.title if self._addresses else ""),
            self._site.root_topic,
            topics,
            self.problems,
            stamp,
            page=addresses.base if addresses else "",
        )


def index_key(source_id: int, name: str) -> int:
    """Return the key in the index of the file or entry of a source called ``name``."""
    return number_of(f"{source_id}:{name}")


def number_of(text: str) -> int:
    """Return a number for a text, such as a path that may have bytes that are no text."""
    return fingerprint(text.encode(errors="surrogatepass"))


def file_stamp(file: FileStamp) -> int:
    """Combine size and time of change in one number that SQLite can store."""
    return (file.changed * 0x9E3779B1 + file.size) % (1 << 62)
