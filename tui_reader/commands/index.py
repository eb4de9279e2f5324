"""``news-tui index``: brings the index up to date and says what it holds."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from tui_reader.commands.options import Options
from tui_reader.commands.progress import Bar
from tui_reader.commands.refresh import failing_in_json, print_json
from tui_reader.commands.update import ending_at_once, front_page, tell_failures, tell_sample
from tui_reader.config import Folders, folders
from tui_reader.errors import SourceError
from tui_reader.model.progress import Progress
from tui_reader.model.story import IndexSummary, Problem
from tui_reader.model.text import visible
from tui_reader.pipeline.indexer import update_index
from tui_reader.storage.connection import exclusive_lock, remove_database
from tui_reader.subscriptions.selection import Selection, load_preferences, select_sources

_ABOUT = """\
Bring the index up to date with its sources: only new and changed files are
read. It may be interrupted at any time and goes on where it was.

Exit status: 0, or 1 where a source cannot be read at all."""


def _options() -> Options:
    options = Options("index", "[SOURCE…] [-v] [--rebuild] [--json]", _ABOUT)
    options.sources()
    options.add_argument("-v", "--verbose", action="store_true", help="list every problem as FILE:LINE: reason")
    options.add_argument("--rebuild", action="store_true", help="throw the index away first; what you marked stays")
    options.json("print the progress, one JSON object a line, and nothing else")
    return options


def index(arguments: Sequence[str]) -> int:
    """Run ``news-tui index``; return 1 where a source could not be read."""
    start = time.monotonic()
    chosen = _options().read(arguments)
    here = folders()
    selection = select_sources(chosen.sources, here)
    if not chosen.json:
        tell_sample(selection)
    last = _bring(selection, rebuild=chosen.rebuild, as_json=chosen.json)
    good = tell_failures(last.failures)
    if not chosen.json:
        _tell_end(selection, here, last, start, verbose=chosen.verbose)
    return 0 if good else 1


def _bring(selection: Selection, *, rebuild: bool, as_json: bool) -> Progress:
    bar = None if as_json else Bar.on_terminal()
    last = Progress()
    with ending_at_once(bar), failing_in_json(as_json):
        if rebuild:
            with exclusive_lock(selection.database):
                remove_database(selection.database)
        for last in update_index(
            selection.database, selection.locations, selection.remote, preferences=load_preferences(folders())
        ):
            if as_json:
                print_json(last)
            elif bar is not None:
                bar.show(last)
    if bar is not None:
        bar.erase()
    return last


def _tell_end(selection: Selection, here: Folders, last: Progress, start: float, *, verbose: bool) -> None:
    with front_page(selection, here) as reader:
        edition = reader.summary()
        if verbose:
            for line in problem_lines(reader.problems(limit=-1)):
                print(line, file=sys.stderr)
    print(summary(edition, last, time.monotonic() - start, verbose=verbose))


def _count(number: int, one: str, many: str) -> str:
    return f"{number:,} {one if number == 1 else many}"


def summary(edition: IndexSummary, last: Progress, seconds: float, *, verbose: bool) -> str:
    """Return in one line what the index holds and what was done for it."""
    problems = _count(edition.problems, "problem", "problems") if edition.problems else "no problems"
    if edition.problems and not verbose:
        problems += f" (‘-v’ lists {'it' if edition.problems == 1 else 'them'})"
    return " · ".join(
        (
            f"{_count(edition.articles, 'article', 'articles')}, {_count(edition.stories, 'story', 'stories')}",
            f"{_count(last.changed, 'file', 'files')} read, {last.removed:,} gone",
            problems,
            f"{seconds:.1f} s",
        )
    )


def problem_lines(problems: Iterable[Problem]) -> Iterator[str]:
    """Give each problem as ``FILE:LINE: reason``; without the line where it is unknown."""
    roots: dict[str, str] = {}
    for problem in problems:
        if problem.source not in roots:
            roots[problem.source] = _root(problem.source)
        line = f":{problem.line}" if problem.line else ""
        yield visible(f"{os.path.join(roots[problem.source], problem.path)}{line}: {problem.reason}")


def _root(location: str) -> str:
    """Return where the paths of a source's problems start."""
    from tui_reader.sources.collection import open_collection
    from tui_reader.sources.feeds.file import FeedFile
    from tui_reader.sources.files.folder import FolderCollection

    try:
        collection = open_collection(location)
    except SourceError:
        return location
    if isinstance(collection, FeedFile):
        return str(Path(location).parent)
    return str(collection.root) if isinstance(collection, FolderCollection) else location
