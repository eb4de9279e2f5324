"""Brings the index up to date for a command, and opens it for reading."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from types import FrameType

from tui_reader.commands.progress import Bar
from tui_reader.config import Folders, folders
from tui_reader.model.text import visible
from tui_reader.pipeline.indexer import update_index
from tui_reader.storage.connection import attach_marks, open_index
from tui_reader.storage.export import ExportReader
from tui_reader.subscriptions.selection import Selection, load_preferences

_PATIENCE = 1.0  # seconds after which a person wants to see that something happens


@contextmanager
def ending_at_once(bar: Bar | None) -> Iterator[None]:
    """Let SIGINT and SIGTERM end the process inside at once and quietly.

    Nothing has to be put in order: what was committed stays, and what was not
    never happened.
    """

    def end(number: int, _: FrameType | None) -> None:
        if bar is not None:
            bar.erase()
        os._exit(128 + number)

    before = {number: signal.signal(number, end) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def refresh(selection: Selection) -> bool:
    """Bring the index up to date, with a bar only on a terminal and only if it takes a while.

    Tells of each source that cannot be read on stderr; returns whether all could.
    """
    bar = Bar.on_terminal(_PATIENCE)
    failures: tuple[str, ...] = ()
    preferences = load_preferences(folders())
    with ending_at_once(bar):
        for progress in update_index(
            selection.database, selection.locations, selection.remote, preferences=preferences
        ):
            failures = progress.failures
            if bar is not None:
                bar.show(progress)
    if bar is not None:
        bar.erase()
    return tell_failures(failures)


def tell_failures(failures: Iterable[str]) -> bool:
    """Say on stderr, a line each, which sources cannot be read; return whether there are none."""
    good = True
    for failure in failures:
        print(f"news-tui: {visible(failure)}", file=sys.stderr)
        good = False
    return good


def tell_sample(selection: Selection) -> None:
    """Say on stderr that this is the sample, if it is."""
    if selection.is_sample:
        print(
            "news-tui: nothing is kept yet, so this is the sample: ‘news-tui add SOURCE’ keeps a source",
            file=sys.stderr,
        )


@contextmanager
def front_page(selection: Selection, folders: Folders) -> Iterator[ExportReader]:
    """Open the index and the marks for reading. Raises :class:`StoreError`."""
    with closing(open_index(selection.database)) as connection:
        attach_marks(connection, folders.marks)
        yield ExportReader(connection)
