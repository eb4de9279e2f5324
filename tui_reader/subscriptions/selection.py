"""Which front page is opened: the sources named, those kept, or the sample."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from tui_reader.config import SAMPLE, Folders, View, load_settings
from tui_reader.model.preferences import Preferences
from tui_reader.model.query import Sort
from tui_reader.sources.locations import RemotePaths, is_remote, is_remote_archive
from tui_reader.subscriptions.subscription import load_subscriptions


class Selection(NamedTuple):
    """The sources of a front page and the index that serves it.

    ``is_sample`` tells that nothing was named and nothing is kept.
    """

    locations: tuple[str, ...]
    database: Path
    kept: bool
    is_sample: bool
    remote: RemotePaths | None = None


def select_sources(named: Sequence[str], folders: Folders) -> Selection:
    """Decide what to open. Raises :class:`SourceError` for a named source that is not there."""
    if named:
        from tui_reader.sources.locations import resolve_locations

        locations = resolve_locations(named)
        return Selection(tuple(locations), folders.database(locations, kept=False), kept=False, is_sample=False)
    kept = [source.location for source in load_subscriptions(folders.sources)]
    if kept:
        places = kept
        if len(kept) > 1:
            from tui_reader.sources.collection import drop_nested

            folders_only = drop_nested([place for place in kept if not is_remote(place)])
            places = [place for place in kept if is_remote(place) or place in folders_only]
        remote = RemotePaths(folders.fetched, folders.downloads)
        return Selection(tuple(places), folders.database(kept, kept=True), kept=True, is_sample=False, remote=remote)
    sample = str(SAMPLE.resolve())
    return Selection((sample,), folders.database([sample], kept=False), kept=False, is_sample=True)


def default_view(selection: Selection) -> View:
    """Return the view of who has not chosen one: of what comes in live, what is hot now is what people come for."""
    live = any(is_remote(place) and not is_remote_archive(place) for place in selection.locations)
    return View(sort=Sort.TRENDING if live else Sort.HEAT)


def load_preferences(folders: Folders) -> Preferences:
    """Return what the person wants of stories: topics, which articles belong together, how fast heat cools.

    Raises :class:`UsageError` where a file that the person writes is unfit,
    and :class:`StoreError` where the marks cannot be read.
    """
    from tui_reader.storage.marks import corrections
    from tui_reader.subscriptions.topics import load_topics

    apart, together = corrections(folders.marks)
    given = {source.location: source.topics for source in load_subscriptions(folders.sources) if source.topics}
    settings = load_settings(folders.settings)
    return Preferences(load_topics(folders.topics), given, apart, together, settings.half_life, settings.weights)
