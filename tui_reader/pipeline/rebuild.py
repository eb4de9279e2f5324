"""Builds an index anew beside the old one, which it replaces once it is complete."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing
from functools import partial
from pathlib import Path

from tui_reader.errors import SourceError
from tui_reader.model.preferences import Preferences
from tui_reader.model.progress import Progress
from tui_reader.pipeline.indexer import update_index
from tui_reader.pipeline.lost_entries import why_entries_are_missing
from tui_reader.pipeline.plan import SourceState, plan_fetched
from tui_reader.sources.collection import open_collection
from tui_reader.sources.locations import RemotePaths, is_remote, is_remote_archive
from tui_reader.storage.connection import open_index, remove_database
from tui_reader.storage.feed_store import FeedStore
from tui_reader.storage.generations import replace_index
from tui_reader.storage.index_writer import IndexWriter
from tui_reader.storage.locks import exclusive_lock

_STAYS = "the index stays as it is"


def rebuild_index(
    path: Path,
    locations: Sequence[str],
    remote: RemotePaths | None,
    preferences: Preferences,
    texts: Path | None = None,
) -> Iterator[Progress]:
    """Build the index at ``path`` anew, as :func:`update_index` does, and put it in the place of the old one.

    Readers keep the old one until then. Raises :class:`SourceError`, and
    leaves the old index as it is, if it has articles that the new one would
    lack because a source cannot be read or the feed store lacks them.
    """
    beside = path.with_name(f"{path.name}.new")
    with exclusive_lock(path):
        _check_sources(path, locations, remote)
        _remove(beside)
        try:
            for step in update_index(beside, locations, remote, preferences=preferences, texts=texts):
                if step.failures:
                    raise SourceError(f"{_STAYS}: {step.failures[0]}")
                yield step._replace(finished=False)
            replace_index(path, beside)
        finally:
            _remove(beside)
    yield step


def _check_sources(path: Path, locations: Sequence[str], remote: RemotePaths | None) -> None:
    """Raise :class:`SourceError` if a new index would lack articles that the one at ``path`` has."""
    if not path.exists():
        return
    with closing(open_index(path)) as connection:
        writer = IndexWriter(connection)
        ids = writer.source_ids()
        for location in locations:
            files = writer.file_stamps(ids[location]) if location in ids else ()
            if not files:
                continue  # there is nothing to lose
            if remote is None or not is_remote(location):
                try:
                    open_collection(location)
                except SourceError as error:
                    raise SourceError(f"{_STAYS}: {error}") from error
            elif is_remote_archive(location) and not remote.archive(location).exists():
                raise SourceError(f"{location} must be downloaded again, so {_STAYS}: ‘news-tui refresh’ does that")
    if remote is not None and not _has_all_fetched(path, locations, remote):
        raise SourceError(f"{_STAYS}: {why_entries_are_missing(remote.store)}; then rebuild")


def _has_all_fetched(path: Path, locations: Sequence[str], remote: RemotePaths) -> bool:
    """Return whether the feed store has all articles of feeds that the index has, except those that it dropped."""
    with closing(open_index(path)) as connection, FeedStore.opened(remote.store) as store:
        writer, sources = IndexWriter(connection), store.sources()
        for location, number in writer.source_ids().items():
            if location in locations and is_remote(location) and not is_remote_archive(location):
                state = SourceState(number, None, writer.file_stamps(number))
                entries, dropped = store.stamps(location), partial(store.dropped, location)
                if plan_fetched(state, sources.get(location), entries, dropped).is_incomplete:
                    return False
    return True


def _remove(beside: Path) -> None:
    remove_database(beside)
    Path(f"{beside}.lock").unlink(missing_ok=True)
