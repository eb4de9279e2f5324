"""Read and saved: what only the person knows, kept by page in a file of its own."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

from tui_reader.index.connection import open_marks, storing, writing_marks
from tui_reader.model.urls import page_key

_AT_ONCE = 500


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

    @storing
    def version(self) -> tuple[int, int]:
        """Return two numbers: one changes when another process writes articles, the other when it writes marks."""
        index = self._db.execute("PRAGMA main.data_version").fetchone()[0]
        marks = self._db.execute("PRAGMA marks.data_version").fetchone()[0]
        return int(index), int(marks)


@storing
def saved_pages(path: Path) -> set[int]:
    """Return the pages that are saved in the marks at ``path``."""
    with closing(open_marks(path)) as marks:
        return {row[0] for row in marks.execute("SELECT page FROM mark WHERE saved IS NOT NULL")}
