"""Remembers for which stories the hooks of the user have run; needs the marks attached."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager

from tui_reader.model.dates import DAY
from tui_reader.model.progress import Untold
from tui_reader.storage.attached_marks import marks_transaction
from tui_reader.storage.errors import raises_store_error, store_errors
from tui_reader.storage.index_reader import IndexReader
from tui_reader.storage.statements import select_by_id

_REMEMBERED = 400 * DAY  # after its articles have left the index
_BEGUN = 0  # when a story was told that is being told


class HookMemory:
    """What each hook has run for, by page: a story is known by any of its articles, whichever leads it."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._db = connection

    @raises_store_error
    def begins(self, hook: str, query: str, there: Callable[[], Iterable[int]], now: int) -> bool:
        """Return whether a hook is to run for the first time, or with another query.

        Then it is noted, and that it does not run for the articles that ``there`` returns. ``now`` is in seconds
        since 1970.
        """
        with marks_transaction(self._db):
            row = self._db.execute("SELECT query FROM marks.hook WHERE name = ?", (hook,)).fetchone()
            if row is not None and row[0] == query:
                return False
            self._db.execute("INSERT OR REPLACE INTO marks.hook (name, query) VALUES (?, ?)", (hook, query))
            self._note(hook, there(), now)
        return True

    @raises_store_error
    def new(self, hook: str, leads: Sequence[int]) -> list[int]:
        """Return the stories, by their leads, that the hook has not run for, in their order."""
        known = {
            lead
            for (lead,) in self._db.execute(
                "WITH member (lead, id) AS (SELECT value, value FROM json_each(?1) "
                "UNION ALL SELECT lead_id, article_id FROM json_each(?1) l CROSS JOIN folded ON lead_id = l.value) "
                "SELECT DISTINCT lead FROM member CROSS JOIN article a ON a.id = member.id "
                "CROSS JOIN marks.hooked h ON h.hook = ?2 AND h.page = a.page",
                (json.dumps(list(leads)), hook),
            )
        }
        return [lead for lead in leads if lead not in known]

    @contextmanager
    def telling(self, hook: str, articles: Sequence[int], now: int) -> Iterator[bool]:
        """Yield whether the hook is to run for the story with these articles; note at the end of the block that it has.

        If the process is ended in the block, :meth:`interrupted` says so to
        the next one. ``now`` is in seconds since 1970. Raises :class:`StoreError`.
        """
        with store_errors(self._db), marks_transaction(self._db):
            is_new = self._note(hook, articles, _BEGUN)
        yield is_new
        with store_errors(self._db), marks_transaction(self._db):
            self._db.executemany(
                "UPDATE marks.hooked SET told = ? WHERE hook = ? AND page = ? AND told = ?",
                [(now, hook, page, _BEGUN) for page in self._pages(articles)],
            )

    def told_now(self, untold: Iterable[Untold], reader: IndexReader, now: int) -> Iterator[str]:
        """Yield each text that nobody else has told, to be shown at once: it is noted just before.

        ``now`` is as in :meth:`telling`. Raises :class:`StoreError`.
        """
        for each in untold:
            lead = reader.article_id(each.page)
            with store_errors(self._db), marks_transaction(self._db):
                is_new = lead is not None and self._note(each.hook, reader.stories([lead]), now)
            if is_new:
                yield each.text

    @raises_store_error
    def interrupted(self) -> None:
        """Forget which stories were being told when a process was ended: they are told again.

        No other process may run hooks at the same time.
        """
        with marks_transaction(self._db):
            self._db.execute("DELETE FROM marks.hooked WHERE told = ?", (_BEGUN,))

    def _note(self, hook: str, articles: Iterable[int], when: int) -> bool:
        """Note articles that are not noted yet; return whether there are any."""
        before = self._db.total_changes
        self._db.executemany(
            "INSERT OR IGNORE INTO marks.hooked (hook, page, told) VALUES (?, ?, ?)",
            [(hook, page, when) for page in self._pages(articles)],
        )
        return self._db.total_changes > before

    def _pages(self, articles: Iterable[int]) -> list[int]:
        found = select_by_id(self._db, "SELECT page FROM article WHERE id IN ({ids})", list(articles))
        return [page for (page,) in found]

    @raises_store_error
    def forget(self, hooks: Iterable[str], now: int) -> None:
        """Forget hooks that are no longer there, and stories that have been gone for long."""
        with marks_transaction(self._db):
            names = json.dumps(list(hooks))
            for table, column in (("hook", "name"), ("hooked", "hook")):
                self._db.execute(
                    f"DELETE FROM marks.{table} WHERE {column} NOT IN (SELECT value FROM json_each(?))", (names,)
                )
            self._db.execute(
                "DELETE FROM marks.hooked WHERE told < ? AND page NOT IN (SELECT page FROM article)",
                (now - _REMEMBERED,),
            )
