"""Stores the steps that can be undone: each with what it changed in the marks, as it was before."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TypeAlias

from tui_reader.named_tuple import NamedTuple

STEPS = 200
"""How many steps can be undone."""

Before: TypeAlias = dict[str, list[list[int | str | bool | None]]]
"""What a step changed, by kind: the key of each thing, and last its value before, ``None`` if it was not there.

``read`` and ``saved`` have a page and a time; ``correction`` two pages and
whether they were merged; ``mute`` the kind and the word; ``weight`` the
location of a source and its weight, which is not in the marks; ``tag`` page,
address, key and the tag; ``note`` page, address, time and the note; ``filter``
the number of one and all its values, as JSON.
"""


class Step(NamedTuple):
    """Something that was done, with the title of the story if it was one, and what it changed."""

    number: int
    words: str
    title: str
    before: Before

    def changes(self, kind: str) -> bool:
        """Whether the step changed anything of this kind."""
        return bool(self.before.get(kind))


class Steps:
    """The steps in the attached marks.

    All readers share them. A step is written in the transaction of the change
    itself, so there is never one without the other.
    """

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._db = connection
        self._before: Before | None = None

    @contextmanager
    def recording(self, words: str, title: str) -> Iterator[None]:
        """Store what is noted in the block as one step, unless nothing is; the caller opens the transaction."""
        self._before = {}
        try:
            yield
            if self._before:
                self._db.execute(
                    "INSERT INTO marks.step (words, title, before) VALUES (?, ?, ?)",
                    (words, title, json.dumps(self._before, separators=(",", ":"))),
                )
                self._db.execute(
                    "DELETE FROM marks.step WHERE id <= (SELECT max(id) FROM marks.step) - ?",
                    (STEPS,),
                )
        finally:
            self._before = None

    def note(self, kind: str, *change: int | str | bool | None) -> None:
        """Note the key of something that changes and its value before; without a step, that is forgotten."""
        if self._before is not None:
            self._before.setdefault(kind, []).append(list(change))

    def last(self) -> Step | None:
        """Return the last step, or ``None`` if there is nothing to undo."""
        rows = self._db.execute("SELECT id, words, title, before FROM marks.step ORDER BY id DESC")
        for number, words, title, before in rows:
            if (changes := _changes(before)) is not None:
                return Step(number, str(words), str(title), changes)
        return None

    def undo(self, step: Step) -> bool:
        """Restore what a step changed and remove it; return ``False`` if it is no longer the last.

        The caller opens the transaction.
        """
        # Numbers of removed steps are used again: the whole step is compared.
        if self.last() != step:
            return False
        for kind, statement in _RESTORE.items():
            self._db.executemany(statement, step.before.get(kind, ()))
        for *pair, together in step.before.get("correction", ()):
            if together is None:
                self._db.execute("DELETE FROM marks.correction WHERE one = ? AND other = ?", pair)
            else:
                self._db.execute("INSERT OR REPLACE INTO marks.correction VALUES (?, ?, ?)", (*pair, together))
        for *mute, was_muted in step.before.get("mute", ()):
            if was_muted:
                self._db.execute("INSERT OR IGNORE INTO marks.mute (kind, word) VALUES (?, ?)", mute)
            else:
                self._db.execute("DELETE FROM marks.mute WHERE kind = ? AND word = ?", mute)
        self._undo_tags(step)
        self._undo_filters(step)
        self._db.execute("DELETE FROM marks.step WHERE id = ?", (step.number,))
        return True

    def _undo_filters(self, step: Step) -> None:
        """Restore filters."""
        for number, values in step.before.get("filter", ()):
            self._db.execute("DELETE FROM marks.filter WHERE id = ?", (number,))
            if (row := _filter_values(values)) is not None:
                self._db.execute(_PUT_FILTER, (number, *row))

    def _undo_tags(self, step: Step) -> None:
        """Restore tags and notes."""
        for page, address, key, tag in step.before.get("tag", ()):
            self._db.execute(_REMOVE_TAG, (page, key))
            if tag is not None:
                self._db.execute(_PUT_TAG, (page, address, key, tag))
        for page, address, changed, text in step.before.get("note", ()):
            self._db.execute(_REMOVE_NOTE, (page,))
            if text is not None:
                self._db.execute(_PUT_NOTE, (page, address, changed, text))


def _changes(text: object) -> Before | None:
    """Read what a step changed; ``None`` if this is not what a step has, whoever wrote it."""
    try:
        found = json.loads(str(text))
    except (ValueError, RecursionError):
        return None
    if not isinstance(found, dict):
        return None
    for kind, changes in found.items():
        shape = _SHAPES.get(kind)
        if shape is None or not isinstance(changes, list):
            return None
        if not all(isinstance(change, list) and _fits(change, shape) for change in changes):
            return None
    return found


def _fits(change: list[object], shape: tuple[type, ...]) -> bool:
    """Whether the values are of these types, the last of them perhaps ``None``, and numbers that SQLite can store."""
    if len(change) != len(shape):
        return False
    types = all(isinstance(value, wanted) for value, wanted in zip(change[:-1], shape[:-1], strict=True))
    numbers = all(-_LARGEST <= value < _LARGEST for value in change if isinstance(value, int))
    return types and numbers and (change[-1] is None or isinstance(change[-1], shape[-1]))


def _filter_values(text: object) -> list[object] | None:
    """Return query, action, argument, source and whether it is paused, of a filter that was there; else ``None``."""
    try:
        values = json.loads(str(text))
    except (ValueError, RecursionError):
        return None
    types = (str, str, str, str, bool)
    if not isinstance(values, list) or len(values) != len(types) or not all(map(isinstance, values, types)):
        return None
    return values


_LARGEST = 1 << 63
_SHAPES: dict[str, tuple[type, ...]] = {
    "read": (int, int),
    "saved": (int, int),
    "correction": (int, int, bool),
    "mute": (str, str, bool),
    "weight": (str, str),
    "tag": (int, str, str, str),
    "note": (int, str, int, str),
    "filter": (int, str),
}

_RESTORE = {
    column: f"UPDATE marks.mark SET {column} = ?2 WHERE page = ?1"  # the step that set it has made the row
    for column in ("read", "saved")
}

_PUT_FILTER = "INSERT INTO marks.filter (id, query, action, argument, source, paused) VALUES (?, ?, ?, ?, ?, ?)"
_REMOVE_TAG = "DELETE FROM marks.tag WHERE page = ? AND key = ?"
_PUT_TAG = "INSERT INTO marks.tag (page, address, key, tag) VALUES (?, ?, ?, ?)"
_REMOVE_NOTE = "DELETE FROM marks.note WHERE page = ?"
_PUT_NOTE = "INSERT INTO marks.note (page, address, changed, text) VALUES (?, ?, ?, ?)"
