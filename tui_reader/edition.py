"""Which front page is opened: the sources named, those kept, or the sample."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from tui_reader.config import SAMPLE, Folders, kept_sources
from tui_reader.sources.locations import Remote, is_remote


class Opening(NamedTuple):
    """The sources of a front page and the index that serves it.

    ``is_sample`` tells that nothing was named and nothing is kept.
    """

    locations: tuple[str, ...]
    database: Path
    kept: bool
    is_sample: bool
    remote: Remote | None = None


def choose_edition(named: Sequence[str], folders: Folders) -> Opening:
    """Decide what to open. Raises :class:`SourceError` for a named source that is not there."""
    if named:
        from tui_reader.sources.locations import real_locations

        locations = real_locations(named)
        return Opening(tuple(locations), folders.database(locations, kept=False), kept=False, is_sample=False)
    kept = kept_sources(folders.sources)
    if kept:
        places = kept
        if len(kept) > 1:
            from tui_reader.sources.opening import outermost

            folders_only = outermost([place for place in kept if not is_remote(place)])
            places = [place for place in kept if is_remote(place) or place in folders_only]
        remote = Remote(folders.fetched, folders.downloads)
        return Opening(tuple(places), folders.database(kept, kept=True), kept=True, is_sample=False, remote=remote)
    sample = str(SAMPLE.resolve())
    return Opening((sample,), folders.database([sample], kept=False), kept=False, is_sample=True)
