"""``news-tui download``: fetch the full texts of stories, to read them offline."""

from __future__ import annotations

import sys
import time
from argparse import Namespace
from collections.abc import Iterator
from contextlib import closing

from tui_reader.commands.indexing import exit_on_signals, open_for_reading, update_selection
from tui_reader.commands.output.json_lines import print_json_lines
from tui_reader.commands.output.progress_bar import ProgressBar
from tui_reader.commands.stories import chosen_query
from tui_reader.config import Folders, folders
from tui_reader.errors import NewsError
from tui_reader.model.counted import counted
from tui_reader.model.progress import Progress
from tui_reader.model.query import Filter, Query
from tui_reader.model.text import visible
from tui_reader.pipeline.text_run import TextResult, TextRun, index_texts
from tui_reader.storage.connection import open_index
from tui_reader.storage.text_wishes import TextWish, WishReader
from tui_reader.subscriptions.selection import Selection, select_sources

_STRETCH = 200  # stories looked at together in search of those without a text


def download(arguments: Namespace) -> int:
    """Run ``news-tui download``; return 1 if a page gave no text."""
    start = time.monotonic()
    here = folders()
    selection = select_sources(arguments.sources, here)
    good = bool(arguments.page) or update_selection(selection)
    run = TextRun(here)
    wishes = _wish_of(selection, arguments.page) if arguments.page else _wishes(selection, here, arguments, run)
    found = 0
    try:
        for result in _followed(run, wishes, as_json=arguments.json):
            found += result.has_text
            if arguments.json:
                print_json_lines([_fields(result)])
                sys.stdout.flush()
            elif result.reason:
                print(f"news-tui: {visible(_line(result))}", file=sys.stderr)
    except NewsError as error:
        if arguments.json:
            print_json_lines([{"problem": str(error)}])
        raise
    if found:
        index_texts(selection.database, here.fetched)
    if not arguments.json:
        print(_summary(found, len(wishes), time.monotonic() - start))
    return 0 if good and found == len(wishes) else 1


def _wish_of(selection: Selection, page: int) -> list[TextWish]:
    """Return the article at a page, whether it has a text or not."""
    with closing(open_index(selection.database)) as connection:
        return WishReader(connection).at_page(page)


def _wishes(selection: Selection, here: Folders, arguments: Namespace, run: TextRun) -> list[TextWish]:
    """Return the stories that were asked for and have no text yet, the hottest first."""
    with open_for_reading(selection, here) as reader:
        query = chosen_query(reader, selection, here, arguments, Query(filter=Filter.UNREAD))
        if arguments.saved:
            query = query._replace(filter=Filter.SAVED, folded=True)
        numbers = reader.order(query)
    found: list[TextWish] = []
    with closing(open_index(selection.database)) as connection:
        wishes = WishReader(connection)
        for start in range(0, len(numbers), _STRETCH):
            found += run.open_wishes(wishes.wishes(numbers[start : start + _STRETCH]))
            if len(found) >= arguments.limit:
                break
    return found[: arguments.limit]


def _followed(run: TextRun, wishes: list[TextWish], *, as_json: bool) -> Iterator[TextResult]:
    """Fetch the pages, draw how far that is, and yield each result while nothing is drawn."""
    if not wishes:
        return
    bar = None if as_json else ProgressBar.on_terminal()
    done = found = 0
    with exit_on_signals(bar):
        for result in run.run(wishes):
            if result is not None:
                done, found = done + 1, found + result.has_text
                if bar is not None and result.reason:
                    bar.erase()
                yield result
            if bar is not None:
                bar.show(Progress(texts_done=done, texts_total=len(wishes), texts_found=found))
    if bar is not None:
        bar.erase()


def _line(result: TextResult) -> str:
    return f"{result.wish.title}: {result.reason}"


def _fields(result: TextResult) -> dict[str, object]:
    text = result.text
    return {
        "title": result.wish.title,
        "url": text.address if text is not None and text.address else result.wish.links.best(),
        "text": (text.text if text is not None else "") or None,
        "problem": result.reason or None,
    }


def _summary(found: int, wanted: int, seconds: float) -> str:
    if not wanted:
        return "no story without its full text"
    return f"{found:,} of {counted(wanted, 'full text')} · {seconds:.1f} s"
