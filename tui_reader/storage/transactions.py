"""Transactions on the file that a connection was opened with."""

from __future__ import annotations

import functools
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Concatenate, ParamSpec, Protocol, TypeVar

P = ParamSpec("P")
R = TypeVar("R")


class Reader(Protocol):
    """Reads through one connection."""

    _db: sqlite3.Connection


S = TypeVar("S", bound=Reader)


@contextmanager
def transaction(connection: sqlite3.Connection, begin: str = "BEGIN IMMEDIATE") -> Iterator[None]:
    """Run the block in one transaction that is rolled back if it raises; join a transaction that is already open."""
    if connection.in_transaction:
        yield
        return
    connection.execute(begin)
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


def one_snapshot(method: Callable[Concatenate[S, P], R]) -> Callable[Concatenate[S, P], R]:
    """Decorate a method that reads, so that all its statements see the same commits.

    An index is updated while it is read: without this, the second statement
    may know articles that the first did not.
    """

    @functools.wraps(method)
    def reading(self: S, /, *args: P.args, **kwargs: P.kwargs) -> R:
        with transaction(self._db, "BEGIN"):
            return method(self, *args, **kwargs)

    return reading
