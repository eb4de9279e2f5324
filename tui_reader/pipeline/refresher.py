"""Refreshes a selection: updates the index from disk, fetches sources, and updates the index again."""

from __future__ import annotations

import math
import time
from collections.abc import Container, Iterator

from tui_reader.config import Folders, Settings
from tui_reader.errors import DamagedFile
from tui_reader.model.preferences import Preferences
from tui_reader.model.progress import Progress
from tui_reader.pipeline.body_search import search_bodies_of
from tui_reader.pipeline.fetch_run import FetchRun
from tui_reader.pipeline.indexer import update_index
from tui_reader.pipeline.retention import drop_removed, rename_old_downloads
from tui_reader.sources.locations import is_remote_archive
from tui_reader.subscriptions.preferences import load_preferences
from tui_reader.subscriptions.selection import Selection, select_sources
from tui_reader.subscriptions.subscription import load_subscriptions

# While sources are fetched, the indexer runs so many seconds after the first answer,
# then again after as many, or after as long as it took: each run has its own costs.
# It does not wait where enough sources have their first answer: most of a first refresh
# is its work, and it would be idle for a third of the time. The server of an account
# brings something of all sources again and again, and each run compares all that they have.
_INDEX_AFTER = 0.1
_PAUSE = 1.0
_ENOUGH = 12
# Seconds between two steps that tell of nothing new to read: hundreds of sources without news would be as many lines.
_TELL = 0.05


class Refresher:
    """One refresh of a selection."""

    def __init__(
        self, selection: Selection, folders: Folders, settings: Settings, *, fetch_run: FetchRun | None = None
    ) -> None:
        """``fetch_run`` replaces the usual one."""
        self._selection = selection
        self._folders = folders
        self._fetch_run = fetch_run or FetchRun(folders, settings)
        self._preferences = Preferences()
        self._progress = Progress()
        self._index_failures: tuple[str, ...] = ()
        self._next_index = 0.0

    def run(
        self,
        locations: Container[str] | None = None,
        *,
        automatic: bool = False,
        force: bool = False,
        offline: bool = False,
    ) -> Iterator[Progress]:
        """Update the index from the disk, then fetch sources and index what they list.

        Only sources among ``locations`` are fetched, without it all that are
        due; with ``offline`` none. ``automatic`` and ``force`` are those of
        :meth:`FetchRun.run`. Raises :class:`StoreError` and :class:`UsageError`.
        """
        rename_old_downloads(self._folders)
        try:
            drop_removed(self._folders, self._fetch_run.clock())
        except DamagedFile as error:
            offline = True  # nothing could be stored
            self._tell(str(error))
        self._preferences = load_preferences(self._folders)
        if self._preferences.missing:
            self._tell(self._preferences.missing)
        yield from self._index()
        self._apply_filters()  # in an index that is new to them, what was there before is left as it is
        applied = self._progress.commits
        if (self._selection.remote is not None or self._fetch_run.accounts) and not offline:
            yield from self._fetch(locations, automatic=automatic, force=force)
            yield from self._full_texts(locations)
        # Last, because it takes as long as all before it; filters look for words in bodies too.
        for _ in search_bodies_of(self._selection.database):
            self._progress = self._progress._replace(commits=self._progress.commits + 1)
            yield self._progress._replace(searching=True)
        if self._progress.commits != applied:
            self._apply_filters()
        yield self._progress._replace(finished=True)

    def _apply_filters(self) -> None:
        """Do with the articles that arrived what the person wants done with them."""
        if self._preferences.filters:
            from tui_reader.pipeline.filters import apply_on_arrival

            failures = apply_on_arrival(
                self._selection.database,
                self._folders.marks,
                self._preferences.filters,
                self._preferences.places,
            )
            self._tell(*failures)

    def _tell(self, *failures: str) -> None:
        """Add failures that are of no source, each once."""
        self._index_failures = tuple(dict.fromkeys((*self._index_failures, *failures)))
        self._progress = self._progress._replace(failures=tuple(dict.fromkeys((*self._progress.failures, *failures))))

    def _fetch(self, locations: Container[str] | None, *, automatic: bool, force: bool) -> Iterator[Progress]:
        changed: set[str] = set()  # sources that are not indexed yet
        known: set[str] = set()  # those that were, since this began
        stories_outdated = False
        self._next_index = math.inf
        for fetched in self._fetch_run.run(locations, automatic=automatic, force=force):
            if fetched.changed and self._next_index == math.inf:
                self._next_index = time.monotonic() + _INDEX_AFTER
            if fetched.subscribed and (self._selection.kept or self._selection.is_sample):
                self._selection = select_sources((), self._folders)
                stories_outdated = True
            changed |= {self._address(location) for location in fetched.changed}
            progress = self._progress._replace(
                sources_done=fetched.sources_done,
                sources_total=fetched.sources_total,
                new=fetched.new,
                failures=(*self._index_failures, *fetched.failures),
            )
            if progress != self._progress:
                self._progress = progress
                yield progress
            # Indexing an archive can take long, and there is no hurry before all of it is here.
            quick = {location for location in changed if not is_remote_archive(location)}
            if len(quick - known) >= _ENOUGH or (quick and time.monotonic() >= self._next_index):
                changed, known, stories_outdated = changed - quick, known | quick, True
                yield from self._index(quick)
        if changed or stories_outdated:
            yield from self._index()

    def _full_texts(self, locations: Container[str] | None) -> Iterator[Progress]:
        """Fetch the full texts of new articles, of the sources that are set so."""
        sources = [
            self._address(each.location)
            for each in load_subscriptions(self._folders.sources)
            if each.full_text and not each.paused and (locations is None or each.location in locations)
        ]
        if not sources:
            return
        from tui_reader.pipeline.source_texts import source_texts

        before = self._progress
        for step in source_texts(self._selection.database, sources, self._folders):
            self._progress = before._replace(
                texts_done=step.texts_done,
                texts_total=step.texts_total,
                texts_found=step.texts_found,
                commits=before.commits + step.commits,
            )
            yield self._progress

    def _index(self, only: Container[str] | None = None) -> Iterator[Progress]:
        """Update the index and add that to the progress; with ``only``, of some sources and without the stories."""
        start = next_told = time.monotonic()
        told = 0
        selection, before = self._selection, self._progress
        locations = [self._address(location) for location in selection.locations]
        texts = self._folders.fetched
        steps = update_index(
            selection.database, locations, selection.remote, only, self._preferences, texts=texts, bodies=False
        )
        for step in steps:
            now = time.monotonic()
            if step.finished or step.commits > told or now >= next_told:
                told, next_told = step.commits, now + _TELL
                self._progress = _add_index_run(before, step)
                yield self._progress
        self._index_failures = tuple(dict.fromkeys((*self._index_failures, *step.failures)))
        end = time.monotonic()
        self._next_index = end + max(_INDEX_AFTER, _PAUSE * (end - start))

    def _address(self, location: str) -> str:
        """Return where a source is now; the fetch run may have replaced its address."""
        return self._fetch_run.moved.get(location, location)


def _add_index_run(before: Progress, step: Progress) -> Progress:
    """Return the progress ``before`` an index run with what ``step`` of that run adds."""
    return before._replace(
        done=step.done,
        total=step.total,
        clustering=step.clustering,
        searching=step.searching,
        changed=before.changed + step.changed,
        removed=before.removed + step.removed,
        commits=before.commits + step.commits,
        failures=tuple(dict.fromkeys((*before.failures, *step.failures))),
    )
