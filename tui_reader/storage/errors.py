"""Turns SQLite errors into :class:`StoreError`, with a message that says what to do."""

from __future__ import annotations

import functools
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import ParamSpec, TypeVar

from tui_reader.errors import StoreError

P = ParamSpec("P")
R = TypeVar("R")


def raises_store_error(method: Callable[P, R]) -> Callable[P, R]:
    """Decorate ``method`` so that it raises :class:`StoreError` in place of :class:`sqlite3.Error`."""

    @functools.wraps(method)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> R:
        with store_errors():
            return method(*args, **kwargs)

    return guarded


@contextmanager
def store_errors() -> Iterator[None]:
    """Raise :class:`StoreError` in place of any :class:`sqlite3.Error` raised in the block."""
    try:
        yield
    except sqlite3.Error as error:
        raise StoreError(_message(error)) from error


def _message(error: sqlite3.Error) -> str:
    text = str(error)
    if "full" in text:
        return "the disk is full: free some space and start again, nothing is lost"
    if "locked" in text or "busy" in text:
        return "another news-tui has been writing for too long: wait until it has finished, or stop it, and try again"
    if "readonly" in text or "unable to open" in text:
        return f"cannot write the index or the marks ({text}): check the permissions of the cache and data folders"
    return f"the index or the marks are damaged ({text}): run ‘news-tui index --rebuild’ to build a new index"
