"""Remembers for which stories the hooks of the user have run; needs the marks attached."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterable, Sequence

from tui_reader.model.dates import DAY
from tui_reader.storage.attached_marks import marks_transaction
from tui_reader.storage.errors import raises_store_error
from tui_reader.storage.statements import select_by_id

_REMEMBERED = 400 * DAY  # after its articles have left the index


class HookMemory:
    """What each hook has run for, by page: a story is known by any of its articles, whichever leads it."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._db = connection

    @raises_store_error
    def begins(self, hook: str, query: str, there: Callable[[], Iterable[int]], now: int) -> bool:
        """Return whether a hook is to run for the first time, or with another query.

        Then it is noted, and that it does not run for the articles that ``there`` returns. ``now`` is as in
        :meth:`claim`.
        """
        with marks_transaction(self._db):
            row = self._db.execute("SELECT query FROM marks.hook WHERE name = ?", (hook,)).fetchone()
            if row is not None and row[0] == query:
                return False
            self._db.execute("INSERT OR REPLACE INTO marks.hook (name, query) VALUES (?, ?)", (hook, query))
            self.claim(hook, there(), now)
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

    @raises_store_error
    def claim(self, hook: str, articles: Iterable[int], now: int) -> bool:
        """Note that the hook runs for the story with these articles; return whether no other process has.

        ``now`` is in seconds since 1970.
        """
        with marks_transaction(self._db):
            pages = select_by_id(self._db, "SELECT page FROM article WHERE id IN ({ids})", list(articles))
            before = self._db.total_changes
            self._db.executemany(
                "INSERT OR IGNORE INTO marks.hooked (hook, page, told) VALUES (?, ?, ?)",
                [(hook, page, now) for (page,) in pages],
            )
            return self._db.total_changes > before

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
