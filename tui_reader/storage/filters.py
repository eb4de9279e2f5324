"""Stores the filters of the user, and which articles each has been applied to."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Container, Iterable
from contextlib import closing
from pathlib import Path

from tui_reader.errors import UsageError
from tui_reader.model.article_filter import MOST_FILTERS, MOST_POINTS, ON_ARRIVAL, ON_HEAT, Action, ArticleFilter
from tui_reader.storage.attached_marks import marks_transaction
from tui_reader.storage.connection import open_marks
from tui_reader.storage.errors import raises_store_error
from tui_reader.storage.generations import generation
from tui_reader.storage.undo import Steps

LEAST_SEEN = 50_000
"""Pages that a filter remembers in any case, though they have left the index."""

_DIGITS = len(str(MOST_POINTS))


class Filters:
    """Reads and writes filters through a connection to an index with the marks attached."""

    def __init__(self, connection: sqlite3.Connection, steps: Steps) -> None:
        """``steps`` are those that can be undone."""
        self._db = connection
        self._steps = steps

    @raises_store_error
    def all(self) -> list[ArticleFilter]:
        """Return all filters, in the order in which they were made."""
        return read_filters(self._db, "marks")

    @raises_store_error
    def add(self, new: ArticleFilter, there: Iterable[int] = ()) -> ArticleFilter:
        """Store a filter and return it with its number; it leaves the articles that are ``there`` as they are.

        Raises :class:`UsageError` if there are too many.
        """
        with marks_transaction(self._db):
            (count,) = self._db.execute("SELECT count(*) FROM marks.filter").fetchone()
            if count >= MOST_FILTERS:
                raise UsageError(f"there are {count:,} filters already, and more would make every list slow")
            self._forget_removed()
            # Numbers are not used again: what a filter was applied to is known by its number.
            (number,) = self._db.execute(
                "SELECT 1 + max((SELECT coalesce(max(id), 0) FROM marks.filter), "
                "(SELECT coalesce(max(filter), 0) FROM marks.filter_index))"
            ).fetchone()
            added = new._replace(number=number)
            self._put(added)
            self._steps.note("filter", number, None)
            self._db.execute("INSERT OR IGNORE INTO marks.filter_index (filter, generation) VALUES (?, 0)", (number,))
            self._leave(added, there)
        return added

    @raises_store_error
    def change(self, changed: ArticleFilter, there: Iterable[int] = ()) -> bool:
        """Store a filter in place of the one with its number; return whether that is there and was another.

        As when it is added, it leaves the articles that are ``there`` as they are.
        """
        with marks_transaction(self._db):
            before = self._find(changed.number)
            if before is None or before == changed:
                return False
            self._note(before)
            self._put(changed)
            self._leave(changed, there)
        return True

    @raises_store_error
    def remove(self, number: int) -> bool:
        """Remove a filter; return whether it was there."""
        with marks_transaction(self._db):
            before = self._find(number)
            if before is None:
                return False
            self._note(before)
            self._db.execute("DELETE FROM marks.filter WHERE id = ?", (number,))
        return True

    def came_back(self, numbers: Container[object], found: Callable[[ArticleFilter], Iterable[int]]) -> None:
        """Leave what is there as it is, once filters are again as they were; ``found`` returns what one finds."""
        for each in self.all():
            if each.number in numbers and not each.paused:
                self._leave(each, found(each) if each.action in ON_ARRIVAL else ())

    # -- what a filter has been applied to -----------------------------------------

    @raises_store_error
    def arrived(self, each: ArticleFilter, found: Iterable[int]) -> list[int]:
        """Return the articles among ``found`` that the filter is to be applied to, and note that it was.

        There are none in an index that it sees for the first time: all that is there was there before.
        """
        with marks_transaction(self._db):
            known = self._db.execute(
                "SELECT 1 FROM marks.filter_index WHERE filter = ? AND generation = ?",
                (each.number, generation(self._db)),
            ).fetchone()
            new = self._db.execute(
                "SELECT a.id FROM json_each(?) f CROSS JOIN article a ON a.id = f.value "
                "WHERE NOT EXISTS (SELECT 1 FROM marks.filtered d WHERE d.filter = ? AND d.page = a.page)",
                (json.dumps(list(found)), each.number),
            ).fetchall()
            ids = [number for (number,) in new]
            if ids or known is None:
                self._leave(each, ids)
                self._thin(each)
        return [] if known is None else ids

    def _leave(self, each: ArticleFilter, there: Iterable[int]) -> None:
        """Note that a filter has seen these articles, and the index that they are in."""
        if each.action not in ON_ARRIVAL:
            return
        self._db.execute(
            "INSERT OR IGNORE INTO marks.filtered (filter, page) "
            "SELECT ?, a.page FROM json_each(?) f CROSS JOIN article a ON a.id = f.value",
            (each.number, json.dumps(list(there))),
        )
        self._db.execute(
            "INSERT OR IGNORE INTO marks.filter_index (filter, generation) VALUES (?, ?)",
            (each.number, generation(self._db) or 0),
        )

    def _thin(self, each: ArticleFilter) -> None:
        """Forget pages that are long gone: of many more than the index has articles, those that it has not."""
        (seen,) = self._db.execute("SELECT count(*) FROM marks.filtered WHERE filter = ?", (each.number,)).fetchone()
        if seen <= LEAST_SEEN:
            return
        (articles,) = self._db.execute("SELECT count(*) FROM listing WHERE topic_id = 0").fetchone()
        if seen > 2 * articles:
            self._db.execute(
                "DELETE FROM marks.filtered WHERE filter = ? AND page NOT IN (SELECT page FROM article)",
                (each.number,),
            )

    def _forget_removed(self) -> None:
        """Forget what removed filters were applied to, unless one could come back by an undo."""
        self._db.execute(
            "DELETE FROM marks.filtered WHERE filter NOT IN (SELECT id FROM marks.filter) "
            "AND NOT EXISTS (SELECT 1 FROM marks.step WHERE instr(before, '\"filter\"'))"
        )

    # -- rows --------------------------------------------------------------------

    def _find(self, number: int) -> ArticleFilter | None:
        return next((each for each in read_filters(self._db, "marks") if each.number == number), None)

    def _note(self, before: ArticleFilter) -> None:
        *values, number = before
        self._steps.note("filter", number, json.dumps(values))

    def _put(self, each: ArticleFilter) -> None:
        self._db.execute(
            "INSERT OR REPLACE INTO marks.filter (query, action, argument, source, paused, id) "
            "VALUES (?, ?, ?, ?, ?, ?)",
            each,
        )


def read_filters(connection: sqlite3.Connection, schema: str) -> list[ArticleFilter]:
    """Return the filters in a schema of a connection; another program may have stored what is none."""
    rows = connection.execute(
        f"SELECT query, action, argument, source, paused, id FROM {schema}.filter "
        "WHERE typeof(query) = 'text' AND typeof(action) = 'text' AND typeof(argument) = 'text' "
        "AND typeof(source) = 'text' AND typeof(paused) = 'integer' ORDER BY id"
    )
    return [_filter(row) for row in rows if _is_filter(*row)]


def muting(connection: sqlite3.Connection) -> list[ArticleFilter]:
    """Return the filters that mute, with the marks attached."""
    return [each for each in read_filters(connection, "marks") if each.action is Action.MUTE and not each.paused]


def _is_filter(_query: str, action: str, argument: str, *_: object) -> bool:
    if action not in Action.__members__.values():
        return False
    is_number = argument.isascii() and argument.isdecimal() and len(argument) <= _DIGITS
    return is_number or Action(action) not in ON_HEAT


def _filter(row: tuple[str, str, str, str, int, int]) -> ArticleFilter:
    query, action, argument, source, paused, number = row
    return ArticleFilter(query, Action(action), argument, source, bool(paused), number)


@raises_store_error
def filters_in(path: Path) -> tuple[ArticleFilter, ...]:
    """Return the filters in the marks at ``path``."""
    with closing(open_marks(path)) as marks:
        return tuple(read_filters(marks, "main"))


@raises_store_error
def move_filters(path: Path, location: str, address: str) -> None:
    """Let the filters of a source that has moved be about its new address, in the marks at ``path``."""
    with closing(open_marks(path)) as marks:
        marks.execute("UPDATE filter SET source = ? WHERE source = ?", (address, location))
