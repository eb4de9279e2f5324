"""Write stories as a document: those that a query finds, or those that the reader names by their pages."""

from __future__ import annotations

import json
import os
import sys
from argparse import Namespace
from array import array
from collections.abc import Iterator, Sequence

from tui_reader.commands.indexing import open_for_reading, report_sample, update_selection
from tui_reader.commands.output.documents import exported_stories, may_replace, print_document, write_file
from tui_reader.commands.searching import report_unknown
from tui_reader.commands.stories import chosen_query, ordered
from tui_reader.config import Folders, folders, load_settings
from tui_reader.errors import NewsError, SourceError
from tui_reader.formats.documents import BINARY, Contents, write_document
from tui_reader.model.counted import counted
from tui_reader.model.query import Query
from tui_reader.model.text import visible
from tui_reader.sources.locations import named_path
from tui_reader.storage.export import ExportedStory, ExportReader
from tui_reader.subscriptions.selection import Selection, select_sources
from tui_reader.subscriptions.subscription import Subscription

_STANDARD_OUTPUT = "-"
_STEP = 100  # stories between two lines of progress for the reader


def export_stories(arguments: Namespace, form: str, words: str) -> int:
    """Export stories in the format ``form``; ``words`` are the query."""
    here = folders()
    selection = select_sources(arguments.sources, here)
    if arguments.pages:
        return _export_for_reader(arguments, form, selection, here)
    target = arguments.output or _STANDARD_OUTPUT
    if target == _STANDARD_OUTPUT and form in BINARY and sys.stdout.isatty():
        raise SourceError(f"{form} is no text for a terminal: add ‘--output FILE’")
    if target != _STANDARD_OUTPUT and not may_replace(named_path(target), force=arguments.force):
        return 1
    report_sample(selection)
    good = update_selection(selection)
    with open_for_reading(selection, here) as reader:
        query, numbers = _found(reader, selection, here, arguments, words)
        if not numbers:
            report_unknown(reader, query)
            raise SourceError("nothing was found, so nothing was written")
        title = words or arguments.view or selection.title(load_settings(here.settings).title, reader.summary().title)
        stories = exported_stories(reader, numbers, query)
        contents = Contents(title, stories, reader.cooling(), single=len(numbers) == 1, images=arguments.images)
        if target == _STANDARD_OUTPUT:
            print_document(form, contents)
        else:
            write_file(named_path(target), lambda file: write_document(file, form, contents))
            print(f"wrote {counted(len(numbers), 'story', 'stories')} to {visible(target)}")
    return 0 if good else 1


def feeds_of(arguments: Namespace, words: str, feeds: Sequence[Subscription]) -> list[Subscription]:
    """Return those of ``feeds`` that have an article of what was asked for."""
    here = folders()
    selection = select_sources(arguments.sources, here)
    update_selection(selection)
    with open_for_reading(selection, here) as reader:
        query, _ = _found(reader, selection, here, arguments, words)
        found = set(reader.order(query._replace(folded=True), arguments.limit))
        chosen = [feed for feed in feeds if not found.isdisjoint(reader.sources.articles((feed.location,)))]
    if not chosen:
        raise SourceError("none of your feeds has an article of these, so nothing was written")
    return chosen


def _found(
    reader: ExportReader, selection: Selection, here: Folders, arguments: Namespace, words: str
) -> tuple[Query, array[int]]:
    """Return what was asked for: the query, and the stories that it finds."""
    query = ordered(chosen_query(reader, selection, here, arguments, Query(words=words)), arguments)
    return query, reader.order(query, arguments.limit)


def _export_for_reader(arguments: Namespace, form: str, selection: Selection, here: Folders) -> int:
    """Write the articles whose pages are on standard input; print how far that is, and how it ended, as JSON lines.

    The index is not updated before: what is written is what the reader shows.
    """
    try:
        pages = array("q", sys.stdin.buffer.read())
        with open_for_reading(selection, here) as reader:
            numbers = _articles_at(reader, pages)
            stories = _followed(exported_stories(reader, numbers, Query()), len(numbers))
            title = arguments.title or selection.title(load_settings(here.settings).title, reader.summary().title)
            contents = Contents(title, stories, reader.cooling(), single=len(pages) == 1)
            path = named_path(arguments.output)
            write_file(path, lambda file: write_document(file, form, contents))
        _tell({"written": str(path.resolve()), "stories": len(numbers)})
    except NewsError as error:
        _tell({"problem": str(error)})
    except OSError as error:
        _tell({"problem": f"{error.filename or arguments.output}: {error.strerror or error}"})
    return 0


def _articles_at(reader: ExportReader, pages: Sequence[int]) -> list[int]:
    articles = reader.articles_of_pages(list(pages))
    return [articles[page] for page in pages if page in articles]


def _followed(stories: Iterator[ExportedStory], total: int) -> Iterator[ExportedStory]:
    for number, story in enumerate(stories):
        if number and number % _STEP == 0:
            _tell({"done": number, "total": total})
        yield story


def _tell(fields: dict[str, object]) -> None:
    """Print one line for the reader; one that was quit meanwhile keeps nothing from being written."""
    try:
        print(json.dumps(fields), flush=True)
    except BrokenPipeError:
        sys.stdout = open(os.devnull, "w")  # noqa: SIM115 - open until the process ends
