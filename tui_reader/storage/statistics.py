"""How much a source has and publishes."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

from tui_reader.storage.connection import open_index, storing

_WEEK = 7 * 86_400
_WEEKS = 12  # looked back at for how much a source publishes


class Volume(NamedTuple):
    """How much a source has: articles kept, and the median of those published a week."""

    articles: int
    a_week: float


@storing
def volumes_of(connection: sqlite3.Connection, names: str, table: str, key: str, now: int) -> dict[str, Volume]:
    """Return how much each source has, by what the column ``names`` calls it; those without articles are left out.

    ``table`` has a row an article, with its ``source_id``, ``key`` and when it was ``published``; ``now`` is in
    seconds since 1970.
    """
    # One row a source: to group by the weeks themselves would make SQLite sort all articles.
    rows = connection.execute(
        f"SELECT {names}, articles, oldest, weeks FROM source JOIN (SELECT source_id, count({key}) AS articles, "
        "min(published) AS oldest, group_concat((:now - published) / :week) FILTER (WHERE published <= :now "
        f"AND published > :now - :week * :weeks) AS weeks FROM {table} GROUP BY source_id) ON source_id = id",
        {"now": now, "week": _WEEK, "weeks": _WEEKS},
    )
    return dict(_summed(rows, now))


def _summed(rows: Iterable[tuple[str, int, int | None, str | None]], now: int) -> Iterator[tuple[str, Volume]]:
    """A young source is judged by the weeks that it has."""
    import statistics  # which takes longer than all the rest of this file

    for name, articles, oldest, weeks in rows:
        counts = Counter(map(int, weeks.split(","))) if weeks else Counter[int]()
        span = max(1, min(_WEEKS, (now - (now if oldest is None else oldest)) // _WEEK + 1))
        yield name, Volume(articles, float(statistics.median(counts.get(week, 0) for week in range(span))))


def indexed_volumes(index: Path, now: int) -> dict[str, Volume]:
    """Return how much each source of an index has, by location; nothing where there is no index yet.

    Raises :class:`StoreError`.
    """
    if not index.exists():
        return {}
    with closing(open_index(index)) as connection:
        return volumes_of(connection, "location", "file", "article_id", now)
