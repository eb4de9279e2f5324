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
from tui_reader.edition import Opening, wishes_of
from tui_reader.index.connection import attach_marks, open_index
from tui_reader.index.whole import WholeReader
from tui_reader.indexer import bring_up_to_date
from tui_reader.model.text import visible

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


def refresh(opening: Opening) -> bool:
    """Bring the index up to date, with a bar only on a terminal and only if it takes a while.

    Tells of each source that cannot be read on stderr; returns whether all could.
    """
    bar = Bar.on_terminal(_PATIENCE)
    failures: tuple[str, ...] = ()
    wishes = wishes_of(folders())
    with ending_at_once(bar):
        for progress in bring_up_to_date(opening.database, opening.locations, opening.remote, wishes=wishes):
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


def tell_sample(opening: Opening) -> None:
    """Say on stderr that this is the sample, if it is."""
    if opening.is_sample:
        print(
            "news-tui: nothing is kept yet, so this is the sample: ‘news-tui add SOURCE’ keeps a source",
            file=sys.stderr,
        )


@contextmanager
def front_page(opening: Opening, folders: Folders) -> Iterator[WholeReader]:
    """Open the index and the marks for reading. Raises :class:`StoreError`."""
    with closing(open_index(opening.database)) as connection:
        attach_marks(connection, folders.marks)
        yield WholeReader(connection)
