"""Computes how many articles each source has, and how many it publishes a week."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import closing
from pathlib import Path

from tui_reader.named_tuple import NamedTuple
from tui_reader.storage.connection import open_index
from tui_reader.storage.errors import raises_store_error, store_errors

_WEEK = 7 * 86_400
_WEEKS = 12  # the weeks before now that the median is taken of


class Volume(NamedTuple):
    """How many articles of a source are stored, and the median of those published a week."""

    articles: int
    per_week: float


@raises_store_error
def source_volumes(connection: sqlite3.Connection, name: str, table: str, key: str, now: int) -> dict[str, Volume]:
    """Return the volume of each source that has articles, by its column ``name``.

    ``table`` has a row per article with ``source_id``, a ``key`` that is NULL
    if there is no article, and ``published``. ``now`` is in seconds since 1970.
    """
    # One row per source: to group by weeks, SQLite would have to sort all articles.
    rows = connection.execute(
        f"SELECT {name}, articles, oldest, weeks FROM source JOIN (SELECT source_id, count({key}) AS articles, "
        "min(published) AS oldest, group_concat((:now - published) / :week) FILTER (WHERE published <= :now "
        f"AND published > :now - :week * :weeks) AS weeks FROM {table} GROUP BY source_id) ON source_id = id",
        {"now": now, "week": _WEEK, "weeks": _WEEKS},
    )
    return dict(_volumes(rows, now))


def indexed_volumes(index: Path, now: int) -> dict[str, Volume]:
    """Return the volume of each source of an index, by location; empty if there is no index yet.

    Raises :class:`StoreError`.
    """
    if not index.exists():
        return {}
    with closing(open_index(index)) as connection:
        return source_volumes(connection, "location", "file", "article_id", now)


def indexed_problems(index: Path, most: int = 20) -> dict[str, tuple[str, ...]]:
    """Return what could not be read of each source of an index, by location, at most ``most`` problems of each.

    Raises :class:`StoreError`.
    """
    if not index.exists():
        return {}
    found: dict[str, tuple[str, ...]] = {}
    with closing(open_index(index)) as connection, store_errors(connection):
        for location, path, line, reason in connection.execute(
            "SELECT location, path, line, reason FROM (SELECT p.*, s.location, row_number() OVER "
            "(PARTITION BY p.source_id ORDER BY p.path, p.line, p.reason) AS number "
            "FROM told p JOIN source s ON s.id = p.source_id) WHERE number <= ? ORDER BY source_id, number",
            (most,),
        ):
            found[location] = (*found.get(location, ()), f"{path}{f':{line}' if line else ''}: {reason}")
    return found


def _volumes(rows: Iterable[tuple[str, int, int | None, str | None]], now: int) -> Iterator[tuple[str, Volume]]:
    import statistics  # its import takes longer than all the rest here

    for name, articles, oldest, weeks in rows:
        counts = Counter(map(int, weeks.split(","))) if weeks else Counter[int]()
        # The weeks before a source's oldest article do not count.
        span = max(1, min(_WEEKS, (now - (now if oldest is None else oldest)) // _WEEK + 1))
        yield name, Volume(articles, float(statistics.median(counts.get(week, 0) for week in range(span))))
