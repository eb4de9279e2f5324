"""Tells which stories were read, and when last."""

from __future__ import annotations

import json
import sqlite3
from array import array
from collections.abc import Collection, Mapping

from tui_reader.model.story import StoryRow
from tui_reader.storage.read_articles import FoldedArticles, id_array
from tui_reader.storage.versions import data_versions

_WHEN = "CASE WHEN typeof(m.read) = 'integer' THEN m.read ELSE 0 END"  # another program may have stored anything


class ReadingHistory:
    """The stories with a read article, by the time of the last one; needs the marks attached."""

    def __init__(self, connection: sqlite3.Connection, folded: FoldedArticles) -> None:
        self._db = connection
        self._folded = folded
        self._read: tuple[tuple[int, ...], array[int]] = ((), array("I"))

    def stories(self, muted: Collection[int]) -> array[int]:
        """Return the leads of the stories that were read, the last read first; of one moment, the hottest first.

        Muted articles are left out.
        """
        versions = data_versions(self._db)
        if self._read[0] != versions:
            # SQLite puts the ids into one text, in a single step: see ListReader.
            articles = id_array(
                self._db,
                "SELECT group_concat(id) FROM (SELECT a.id FROM marks.mark m CROSS JOIN article a ON a.page = m.page "
                f"WHERE m.read IS NOT NULL AND a.indexed = 1 ORDER BY {_WHEN} DESC, a.heat DESC, a.id LIMIT -1)",
            )
            lead_of = dict(self._folded.pairs()).get
            self._read = (versions, array("I", dict.fromkeys(lead_of(number, number) for number in articles)))
        return array("I", [number for number in self._read[1] if number not in muted]) if muted else self._read[1]

    def with_times(self, rows: Mapping[int, StoryRow]) -> dict[int, StoryRow]:
        """Return ``rows`` with the time at which an article of each story was last read."""
        found = dict(rows)
        times = self._db.execute(
            "WITH wanted AS (SELECT value AS lead FROM json_each(?)), "
            "member AS (SELECT lead, page FROM wanted CROSS JOIN article ON id = lead UNION ALL "
            "SELECT lead, a.page FROM wanted CROSS JOIN folded f ON f.lead_id = lead "
            "CROSS JOIN article a ON a.id = f.article_id) "
            f"SELECT lead, max({_WHEN}) FROM member CROSS JOIN marks.mark m ON m.page = member.page "
            "WHERE m.read IS NOT NULL GROUP BY lead",
            (json.dumps(list(rows)),),
        )
        for lead, when in times:
            found[lead] = found[lead]._replace(read_at=when)
        return found
