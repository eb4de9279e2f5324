"""Refresh one source in a child process, and say how that went."""

from __future__ import annotations

import asyncio

from tui_reader.config import Folders
from tui_reader.model.progress import Progress
from tui_reader.queries.source_status import SourceStatus
from tui_reader.subscriptions.selection import select_sources
from tui_reader.ui.worker_process import last_of, start_indexer


async def refresh_source(folders: Folders, location: str, *, force: bool) -> Progress:
    """Refresh the source at ``location`` and return the last progress; ``force`` ignores its rate limit.

    Cancelling ends the child process. Raises :class:`NewsError` if the
    subscriptions cannot be read and :class:`OSError` if the child cannot be started.
    """
    selection = await asyncio.to_thread(select_sources, (), folders)
    options = ("--asked", "--force") if force else ("--asked",)
    return await last_of(start_indexer(selection, *options, location))


def outcome(progress: Progress, source: SourceStatus) -> tuple[str, bool]:
    """Return a message about a refresh that has ended, and whether it is an error.

    ``source`` is the state after the refresh.
    """
    if progress.failures:
        return (source.error if source.is_broken else progress.failures[-1]), True
    if not progress.finished:
        return "The refresh stopped early · r to try again", True
    if not progress.sources_total:
        return f"{source.title} asks to wait · r again to refresh anyway", False
    if not progress.new:
        return f"{source.title}: no new articles", False
    return f"{source.title}: {progress.new:,} new", False
