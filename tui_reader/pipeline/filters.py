"""Applies the filters of the user to what arrived, and finds what those that raise or lower add to the quality."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterable, Sequence
from contextlib import closing
from pathlib import Path

from tui_reader.errors import StoreError, UnknownName, UsageError
from tui_reader.model.article_filter import ON_ARRIVAL, Action, ArticleFilter
from tui_reader.model.counted import counted
from tui_reader.model.expression_parser import parse
from tui_reader.model.source_tree import ListedSource
from tui_reader.model.tags import MOST_TAGS
from tui_reader.storage.connection import attach_marks, attach_no_marks, open_index
from tui_reader.storage.index_reader import IndexReader
from tui_reader.storage.marks import Marks
from tui_reader.storage.open_files import Connection

_NO_MARKS = "the query of a filter about heat depends on no marks"


def filter_points(
    index: Path, filters: Iterable[ArticleFilter], places: Sequence[ListedSource] = ()
) -> tuple[dict[int, int], list[str]]:
    """Return the points that filters add to the quality of articles, by id, and what is wrong with any of them.

    ``places`` are the titles and folders that the user gives to sources.
    """
    points: Counter[int] = Counter()
    failures: list[str] = []
    with closing(open_index(index)) as connection:
        attach_no_marks(connection, index, _NO_MARKS)
        filtered = _reader(connection, places).filtered
        for each in filters:
            try:
                found = filtered.of(each)
            except UnknownName:
                continue  # perhaps not yet
            except UsageError as error:
                failures.append(_failure(each, error))
                continue
            for number in found:
                points[number] += each.points
    return {number: added for number, added in points.items() if added}, failures


def apply_on_arrival(
    index: Path, marks: Path, filters: Iterable[ArticleFilter], places: Sequence[ListedSource] = ()
) -> list[str]:
    """Do with the articles that arrived what filters do once to each; return what goes wrong with any, as sentences.

    ``filters`` are those that were there when the update began: without one
    that acts on arrival, nothing is opened. An article that a filter was applied
    to, or that was there before the filter, is left as it is.
    """
    failures = _mutes_that_hide_nothing(filters)
    if not any(_acts_on_arrival(each) for each in filters):
        return failures
    try:
        with closing(open_index(index)) as connection:
            attach_marks(connection, marks)
            filtered, stored = _reader(connection, places).filtered, Marks(connection)
            for each in filter(_acts_on_arrival, stored.filters.all()):
                try:
                    left_out = stored.apply_to_arrived(each, filtered.of(each), int(time.time()))
                except UnknownName:
                    continue
                except UsageError as error:
                    failures.append(_failure(each, error))
                else:
                    failures += [_full(each, left_out)] if left_out else []
    except StoreError as error:
        failures.append(f"filters were not applied, the next update tries again: {error}")
    return failures


def _mutes_that_hide_nothing(filters: Iterable[ArticleFilter]) -> list[str]:
    failures = []
    for each in filters:
        if each.action is Action.MUTE and not each.paused:
            try:
                parse(each.query)
            except UsageError as error:
                failures.append(_failure(each, error))
    return failures


def _reader(connection: Connection, places: Sequence[ListedSource]) -> IndexReader:
    """Return a reader that knows the sources by the titles and folders that the user gives them."""
    reader = IndexReader(connection)
    known = {each.location: each for each in places}

    def named() -> list[ListedSource]:
        return [_named(known.get(location), location, title) for location, title in reader.source_titles().items()]

    reader.places = named
    return reader


def _named(known: ListedSource | None, location: str, title: str) -> ListedSource:
    return ListedSource(location, title) if known is None else known._replace(title=known.title or title)


def _acts_on_arrival(each: ArticleFilter) -> bool:
    return each.action in ON_ARRIVAL and not each.paused


def _full(each: ArticleFilter, left_out: int) -> str:
    return f"the filter ‘{each.query}’ left out {counted(left_out, 'article')}: an article can have {MOST_TAGS} tags"


def _failure(each: ArticleFilter, error: UsageError) -> str:
    return f"the filter ‘{each.query}’ does nothing: {error}"
