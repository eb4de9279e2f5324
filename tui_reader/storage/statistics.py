"""Computes how many articles each source has, and how many it publishes a week."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

from tui_reader.storage.connection import open_index
from tui_reader.storage.errors import raises_store_error

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


def _volumes(rows: Iterable[tuple[str, int, int | None, str | None]], now: int) -> Iterator[tuple[str, Volume]]:
    import statistics  # its import takes longer than all the rest here

    for name, articles, oldest, weeks in rows:
        counts = Counter(map(int, weeks.split(","))) if weeks else Counter[int]()
        # The weeks before a source's oldest article do not count.
        span = max(1, min(_WEEKS, (now - (now if oldest is None else oldest)) // _WEEK + 1))
        yield name, Volume(articles, float(statistics.median(counts.get(week, 0) for week in range(span))))
