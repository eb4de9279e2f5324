"""Reads the stems of all articles in stories, which are kept together for each day, so that few rows are read."""

from __future__ import annotations

import sqlite3
from array import array
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import groupby
from typing import TypeAlias

from tui_reader.named_tuple import NamedTuple
from tui_reader.storage.schema import ALONE, CLUSTERED_DAY_OFFSET, CLUSTERED_DAY_SECONDS

MAY_BE_JOINED = f"published >= ? AND published < ? AND story <> {ALONE} AND apart = 0"
"""The condition for articles, published from one time to before another, that others may share a story with."""

HeadOf: TypeAlias = Callable[[bytes], tuple[int, bytes]]
"""Returns the number of trigrams in the title, and the stems, from the start of a vector."""


class ClusteredStems(NamedTuple):
    """Articles that keep their story, by date and page: ids, dates, the trigrams in each title, and all stems."""

    articles: array[int]
    published: array[int]
    title_lengths: bytes
    stems: bytes  # of each article the same number of bytes


_Row: TypeAlias = tuple[int, int, int, bytes]  # day, article, date, start of the vector


class ClusteredDays:
    """The table ``clustered_day``, a cache: days that are missing are made from the articles."""

    def __init__(self, connection: sqlite3.Connection, head_of: HeadOf, *, head: int, stems: int) -> None:
        """``head`` are the bytes of a vector that ``head_of`` needs, ``stems`` those for the stems of one."""
        self._db = connection
        self._head_of = head_of
        self._head, self._stems = head, stems

    def read(self, since: int, until: int) -> ClusteredStems:
        """Return the articles from ``since`` to before ``until``; the caller opens a transaction.

        Complete days are stored if they were missing, but not the last: it is about to change.
        """
        first, last = _day(since), _day(until)
        rows = self._db.execute(
            "SELECT day, articles, published, title_lengths, stems FROM clustered_day WHERE day BETWEEN ? AND ?",
            (first, last),
        )
        days = {day: _unpacked(*packed) for day, *packed in rows}
        missing = [day for day in range(first, last + 1) if day not in days]
        days |= self._made(missing)
        self._store((day, days[day]) for day in missing if day != last)
        return _joined([days[day] for day in sorted(days)], since, until)

    def _made(self, missing: Sequence[int]) -> Iterator[tuple[int, ClusteredStems]]:
        """Yield days that are missing."""
        for start, end in _runs(missing):
            rows: Iterator[_Row] = self._db.execute(
                f"SELECT (published + {CLUSTERED_DAY_OFFSET}) / {CLUSTERED_DAY_SECONDS}, article_id, published, "
                f"substr(vector, 1, ?) FROM assignment WHERE {MAY_BE_JOINED} ORDER BY published, page",
                (self._head, _start(start), _start(end)),
            )
            made = {day: self._packed(list(group)) for day, group in groupby(rows, key=lambda row: row[0])}
            for day in range(start, end):
                yield day, made.get(day) or self._packed([])

    def _packed(self, rows: Sequence[_Row]) -> ClusteredStems:
        heads = [self._head_of(start) for _, _, _, start in rows]
        return ClusteredStems(
            array("I", [article for _, article, _, _ in rows]),
            array("q", [published for _, _, published, _ in rows]),
            bytes(title_length for title_length, _ in heads),
            b"".join(stems.ljust(self._stems, b"\0") for _, stems in heads),
        )

    def _store(self, days: Iterable[tuple[int, ClusteredStems]]) -> None:
        self._db.executemany(
            "INSERT INTO clustered_day (day, articles, published, title_lengths, stems) VALUES (?, ?, ?, ?, ?)",
            (
                (day, made.articles.tobytes(), made.published.tobytes(), made.title_lengths, made.stems)
                for day, made in days
            ),
        )


def _unpacked(articles: bytes, published: bytes, title_lengths: bytes, stems: bytes) -> ClusteredStems:
    return ClusteredStems(array("I", articles), array("q", published), title_lengths, stems)


def _joined(days: Sequence[ClusteredStems], since: int, until: int) -> ClusteredStems:
    articles, published = array("I"), array("q")
    for day in days:
        articles += day.articles
        published += day.published
    stems = b"".join([day.stems for day in days])
    lengths = b"".join([day.title_lengths for day in days])
    first, end = bisect_left(published, since), bisect_left(published, until)
    size = len(stems) // max(1, len(articles))
    return ClusteredStems(
        articles[first:end], published[first:end], lengths[first:end], stems[first * size : end * size]
    )


def _day(published: int) -> int:
    return (published + CLUSTERED_DAY_OFFSET) // CLUSTERED_DAY_SECONDS


def _start(day: int) -> int:
    return day * CLUSTERED_DAY_SECONDS - CLUSTERED_DAY_OFFSET


def _runs(days: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Yield the first day of each run of successive days, and the day after the last."""
    for _, run in groupby(enumerate(days), key=lambda entry: entry[1] - entry[0]):
        found = [day for _, day in run]
        yield found[0], found[-1] + 1
