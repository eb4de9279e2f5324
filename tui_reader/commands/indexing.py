"""Update the index for a command, show its progress, and open the index for reading."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager, nullcontext
from types import FrameType
from typing import TYPE_CHECKING

from tui_reader.commands.output.json_lines import ProgressLines
from tui_reader.commands.output.progress_bar import ProgressBar
from tui_reader.config import Folders, folders, load_settings
from tui_reader.errors import StoreError
from tui_reader.model.progress import Progress
from tui_reader.model.source_tree import ListedSource
from tui_reader.model.text import visible
from tui_reader.pipeline import running_commands
from tui_reader.pipeline.indexer import update_index
from tui_reader.queries.lost_sources import NO_SOURCES, lost_sources
from tui_reader.storage.connection import attach_marks, attach_marks_if_sound, open_index
from tui_reader.storage.export import ExportReader
from tui_reader.storage.index_reader import IndexReader
from tui_reader.subscriptions.preferences import load_preferences
from tui_reader.subscriptions.selection import Selection

if TYPE_CHECKING:
    from tui_reader.storage.marks import Marks

_DELAY = 1.0  # seconds before the progress bar appears


def update_selection(selection: Selection) -> bool:
    """Update the index of a selection; return whether every source could be read.

    Sources that cannot be read are reported on stderr, and so is an index that
    cannot be written: what it has can still be read. On a terminal, a progress
    bar appears if the update takes longer than a second.
    """
    try:
        failures = follow(update_steps(selection), delay=_DELAY).failures
    except StoreError as error:
        if not selection.database.exists():
            raise
        failures = (str(error),)
    return report_failures(failures)


def update_steps(selection: Selection, *, rebuild: bool = False) -> Iterator[Progress]:
    """Update the index of a selection, or build it anew; yield the progress."""
    here = folders()
    preferences, texts = load_preferences(here), here.fetched
    if rebuild:
        from tui_reader.pipeline.rebuild import rebuild_index

        steps = rebuild_index(selection.database, selection.locations, selection.remote, preferences, texts)
    else:
        steps = update_index(
            selection.database, selection.locations, selection.remote, preferences=preferences, texts=texts
        )
    missing = (preferences.missing,) if preferences.missing else ()
    for step in steps:
        failures = (*missing, *step.failures)
        if step.finished and preferences.filters:
            from tui_reader.pipeline.filters import apply_on_arrival

            done = apply_on_arrival(selection.database, here.marks, preferences.filters, preferences.places)
            failures += tuple(done)
        yield step._replace(failures=failures)


def follow(
    steps: Iterable[Progress], *, as_json: bool = False, delay: float = 0.0, notices: Sequence[str] = ()
) -> Progress:
    """Run the steps of an update, show the progress of each and return the last.

    Progress is printed as JSON lines, or else drawn as a bar on a terminal,
    which appears after ``delay`` seconds. ``notices`` stand in the last JSON line.
    """
    lines = ProgressLines() if as_json else None
    bar = None if as_json else ProgressBar.on_terminal(delay)
    last = Progress()
    with exit_on_signals(bar), lines.with_failure() if lines is not None else nullcontext():
        for last in steps:
            if lines is not None:
                lines.print(last._replace(notices=(*notices, *last.notices)) if last.finished else last)
            elif bar is not None:
                bar.show(last)
    if bar is not None:
        bar.erase()
    return last


@contextmanager
def exit_on_signals(bar: ProgressBar | None) -> Iterator[None]:
    """End the process at once and quietly on SIGINT, SIGTERM and SIGHUP, and the command of a hook with it.

    This needs no other clean-up: what is committed stays, the rest is rolled back.
    """

    def end(number: int, _: FrameType | None) -> None:
        if bar is not None:
            bar.erase()
        running_commands.end_all(lambda: os._exit(128 + number))

    ending = [signal.SIGINT, signal.SIGTERM]
    if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:  # as under nohup
        ending.append(signal.SIGHUP)
    before = {number: signal.signal(number, end) for number in ending}
    try:
        yield
    finally:
        for number, previous in before.items():
            signal.signal(number, previous)


def report_failures(failures: Iterable[str]) -> bool:
    """Print on stderr, one per line, which sources cannot be read; return whether there are none."""
    good = True
    for failure in failures:
        print(f"news-tui: {visible(failure)}", file=sys.stderr)
        good = False
    return good


def report_sample(selection: Selection) -> None:
    """Print on stderr that these are the stories of the sample, if they are."""
    if selection.is_sample:
        lost = lost_sources(folders())
        why = f"this is the sample: {lost}" if lost else f"{NO_SOURCES[0]}, so this is the sample: {NO_SOURCES[1]}"
        print(f"news-tui: {visible(why)}", file=sys.stderr)


def report_no_sources() -> None:
    """Print on stderr that there are no sources, and what to do."""
    print(f"news-tui: {visible(lost_sources(folders()) or ': '.join(NO_SOURCES))}", file=sys.stderr)


@contextmanager
def open_for_reading(selection: Selection, folders: Folders) -> Iterator[ExportReader]:
    """Open the index of a selection together with the marks.

    Marks that are damaged or gone are left out; the update of the index has
    told of them, unless the damage is in their midst. Raises
    :class:`StoreError` and :class:`UsageError`.
    """
    new_coverage = load_settings(folders.settings).new_coverage
    with closing(open_index(selection.database)) as connection:
        attach_marks_if_sound(connection, folders.marks, thorough=True)
        if connection.no_marks and connection.attached > 1:
            print(f"news-tui: {visible(connection.no_marks)}", file=sys.stderr)
        reader = ExportReader(connection, new_coverage=new_coverage)
        reader.places = lambda: _places(reader, selection, folders)
        yield reader


@contextmanager
def open_for_marking(selection: Selection, folders: Folders) -> Iterator[tuple[IndexReader, Marks]]:
    """Open the index of a selection together with the marks, which are to be changed.

    Raises :class:`StoreError` and :class:`UsageError`.
    """
    from tui_reader.storage.marks import Marks

    new_coverage = load_settings(folders.settings).new_coverage
    with closing(open_index(selection.database)) as connection:
        attach_marks(connection, folders.marks)
        reader = IndexReader(connection, new_coverage=new_coverage)
        reader.places = lambda: _places(reader, selection, folders)
        yield reader, Marks(connection)


def _places(reader: IndexReader, selection: Selection, folders: Folders) -> list[ListedSource]:
    """Return the sources with the titles and folders that name them in a search."""
    from tui_reader.queries.listed_sources import listed_sources

    return listed_sources(selection, folders, reader.source_titles())
