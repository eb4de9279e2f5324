"""``news-tui index``: update the index and print a summary of it."""

from __future__ import annotations

import os
import sys
import time
from argparse import Namespace
from collections.abc import Iterable, Iterator
from pathlib import Path

from tui_reader.commands.indexing import follow, open_for_reading, report_failures, report_sample, update_steps
from tui_reader.config import Folders, folders
from tui_reader.errors import SourceError
from tui_reader.model.counted import counted
from tui_reader.model.progress import Progress
from tui_reader.model.story import IndexSummary, Problem
from tui_reader.model.text import visible
from tui_reader.storage.copies import make_copies
from tui_reader.subscriptions.selection import Selection, select_sources


def index(arguments: Namespace) -> int:
    """Run ``news-tui index``; return 1 if a source could not be read."""
    start = time.monotonic()
    here = folders()
    selection = select_sources(arguments.sources, here)
    if not arguments.json:
        report_sample(selection)
    not_copied = make_copies(here)
    report_failures(not_copied)
    last = follow(update_steps(selection, rebuild=arguments.rebuild), as_json=arguments.json, notices=not_copied)
    good = report_failures(last.failures)
    if not arguments.json:
        _print_summary(selection, here, last, start, verbose=arguments.verbose)
    return 0 if good else 1


def _print_summary(selection: Selection, here: Folders, last: Progress, start: float, *, verbose: bool) -> None:
    with open_for_reading(selection, here) as reader:
        found = reader.summary()
        if verbose:
            for line in problem_lines(reader.problems(limit=-1)):
                print(line, file=sys.stderr)
    print(summary(found, last, time.monotonic() - start, verbose=verbose))


def summary(found: IndexSummary, last: Progress, seconds: float, *, verbose: bool) -> str:
    """Return one line about the contents of the index and what the update did."""
    problems = counted(found.problems, "problem") if found.problems else "no problems"
    if found.problems and not verbose:
        problems += f" (‘-v’ lists {'it' if found.problems == 1 else 'them'})"
    return " · ".join(
        (
            f"{counted(found.articles, 'article')}, {counted(found.stories, 'story', 'stories')}",
            f"{counted(last.changed, 'file')} read, {last.removed:,} gone",
            problems,
            f"{seconds:.1f} s",
        )
    )


def problem_lines(problems: Iterable[Problem]) -> Iterator[str]:
    """Yield each problem as ``FILE:LINE: reason``, without the line if it is unknown."""
    roots: dict[str, str] = {}
    for problem in problems:
        if problem.source not in roots:
            roots[problem.source] = _root(problem.source)
        line = f":{problem.line}" if problem.line else ""
        # A problem of a feed on the network has its address for a path.
        path = os.path.join(roots[problem.source], problem.path) if roots[problem.source] else problem.path
        yield visible(f"{path}{line}: {problem.reason}")


def _root(location: str) -> str:
    """Return the folder that the paths of a source's problems are relative to; empty for a feed on the network."""
    from tui_reader.sources.collection import open_collection
    from tui_reader.sources.feeds.file import FeedFile
    from tui_reader.sources.files.folder import FolderCollection
    from tui_reader.sources.locations import is_remote, is_remote_archive

    if is_remote(location) and not is_remote_archive(location):
        return ""
    try:
        collection = open_collection(location)
    except SourceError:
        return location
    if isinstance(collection, FeedFile):
        return str(Path(location).parent)
    return str(collection.root) if isinstance(collection, FolderCollection) else location
