"""Read and saved: what only the person knows, kept by page in a file of its own."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

from tui_reader.model.urls import page_key
from tui_reader.storage.connection import open_marks, storing, writing_marks
from tui_reader.storage.schema import ALL_TOPICS

_AT_ONCE = 500
_GAINS = 60 * 86_400  # seconds before the newest article in which stories gain coverage


class Mark(NamedTuple):
    """What is known of one page; ``read`` and ``saved`` are seconds since 1970 or ``None``."""

    page: int
    address: str
    read: int | None = None
    saved: int | None = None


class Marks:
    """Sets and gives back marks, through a connection with the index and the marks."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._db = connection

    @storing
    def set_read(self, numbers: Iterable[int], when: int | None) -> list[Mark]:
        """Mark articles as read at ``when``, or unread for ``None``; return what changed, as it was."""
        return self._change(numbers, "read", when)

    @storing
    def set_saved(self, numbers: Iterable[int], when: int | None) -> list[Mark]:
        """Save articles at ``when``, or no longer for ``None``; return what changed, as it was."""
        return self._change(numbers, "saved", when)

    def _change(self, numbers: Iterable[int], column: str, when: int | None) -> list[Mark]:
        before: list[Mark] = []
        with writing_marks(self._db):
            wanted = list(dict.fromkeys(numbers))
            for start in range(0, len(wanted), _AT_ONCE):
                before += self._change_some(wanted[start : start + _AT_ONCE], column, when)
        return before

    def _change_some(self, numbers: Sequence[int], column: str, when: int | None) -> list[Mark]:
        found = self._db.execute(
            "SELECT a.page, a.web_url, a.original_url, a.amp_url, a.cdn_amp_url, a.published, a.title, m.read, m.saved "
            f"FROM article a LEFT JOIN marks.mark m ON m.page = a.page WHERE a.id IN ({','.join('?' * len(numbers))})",
            numbers,
        ).fetchall()
        before: list[Mark] = []
        for page, web, original, amp, cdn_amp, published, title, read, saved in found:
            if ((read if column == "read" else saved) is None) == (when is None):
                continue
            url = web or original or amp or cdn_amp
            before.append(Mark(page, page_key(url) if url else f"text:{published}:{title}", read, saved))
        self._set(column, ((mark.page, mark.address, when) for mark in before))
        return before

    @storing
    def restore_read(self, marks: Iterable[Mark]) -> None:
        """Put back when these pages were read; what else is known of them stays."""
        self._restore("read", ((mark.page, mark.address, mark.read) for mark in marks))

    @storing
    def restore_saved(self, marks: Iterable[Mark]) -> None:
        """Put back when these pages were saved; what else is known of them stays."""
        self._restore("saved", ((mark.page, mark.address, mark.saved) for mark in marks))

    def _restore(self, column: str, values: Iterable[tuple[int, str, int | None]]) -> None:
        with writing_marks(self._db):
            self._set(column, values)

    def _set(self, column: str, values: Iterable[tuple[int, str, int | None]]) -> None:
        self._db.executemany(
            f"INSERT INTO marks.mark (page, address, {column}) VALUES (?, ?, ?) "
            f"ON CONFLICT (page) DO UPDATE SET {column} = excluded.{column}",
            values,
        )

    # -- stories -------------------------------------------------------------

    @storing
    def correct(self, one: int, other: int, *, together: bool) -> None:
        """Note that two pages tell one story, or that they do not."""
        with writing_marks(self._db):
            self._db.execute(
                "INSERT OR REPLACE INTO marks.correction VALUES (?, ?, ?)", (min(one, other), max(one, other), together)
            )

    @storing
    def uncorrect(self, one: int, other: int) -> None:
        """Forget what was said of two pages."""
        with writing_marks(self._db):
            self._db.execute(
                "DELETE FROM marks.correction WHERE one = ? AND other = ?", (min(one, other), max(one, other))
            )

    @storing
    def mute(self, kind: str, word: str) -> None:
        """List no more stories of a ``kind`` (keyword, provider, topic) and ``word``."""
        with writing_marks(self._db):
            self._db.execute("INSERT OR IGNORE INTO marks.mute VALUES (?, ?)", (kind, word.casefold()))

    @storing
    def unmute(self, kind: str, word: str) -> bool:
        """List them again; whether they were muted."""
        with writing_marks(self._db):
            cursor = self._db.execute("DELETE FROM marks.mute WHERE kind = ? AND word = ?", (kind, word.casefold()))
            return cursor.rowcount > 0

    @storing
    def mutes(self) -> list[tuple[str, str]]:
        """Return what is muted, as kind and word."""
        return self._db.execute("SELECT kind, word FROM marks.mute ORDER BY kind, word").fetchall()

    @storing
    def record_coverage(self, now: int) -> None:
        """Note how many articles the newer stories have, to tell at the next visit which gained some.

        ``now`` is in seconds since 1970. What is older than two months gains
        none, whatever its index; what was noted of it long ago goes.
        """
        with writing_marks(self._db):
            self._db.execute(
                "INSERT OR REPLACE INTO marks.coverage SELECT a.page, coalesce(length(a.related), 0) / 4, :now "
                "FROM listing l JOIN article a ON a.id = l.article_id WHERE l.topic_id = :topic AND l.shown = 1 "
                "AND l.published >= (SELECT max(published) FROM listing WHERE topic_id = :topic) - :gains",
                {"now": now, "topic": ALL_TOPICS, "gains": _GAINS},
            )
            self._db.execute("DELETE FROM marks.coverage WHERE seen < ?", (now - 3 * _GAINS,))

    @storing
    def version(self) -> tuple[int, int]:
        """Return two numbers: one changes when another process writes articles, the other when it writes marks."""
        index = self._db.execute("PRAGMA main.data_version").fetchone()[0]
        marks = self._db.execute("PRAGMA marks.data_version").fetchone()[0]
        return int(index), int(marks)


@storing
def corrections(path: Path) -> tuple[tuple[tuple[int, int], ...], tuple[tuple[int, int], ...]]:
    """Return the pairs of pages that the person wants apart, and those together, from the marks at ``path``."""
    with closing(open_marks(path)) as marks:
        rows = marks.execute("SELECT one, other, together FROM correction ORDER BY one, other").fetchall()
    apart = tuple((one, other) for one, other, together in rows if not together)
    return apart, tuple((one, other) for one, other, together in rows if together)


@storing
def saved_pages(path: Path) -> set[int]:
    """Return the pages that are saved in the marks at ``path``."""
    with closing(open_marks(path)) as marks:
        return {row[0] for row in marks.execute("SELECT page FROM mark WHERE saved IS NOT NULL")}
