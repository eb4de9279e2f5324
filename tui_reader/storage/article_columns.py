"""Columns of all articles as arrays by article id, to compare a hundred thousand of them in some milliseconds."""

from __future__ import annotations

import json
import sqlite3
from array import array

from tui_reader.storage.read_articles import flags, id_array, largest_id
from tui_reader.storage.schema import ALL_TOPICS
from tui_reader.storage.story_leads import StoryLeads
from tui_reader.storage.versions import other_versions

NONE = -(2**62)
"""Stands for a number or date that an article has not; smaller than any."""

_LISTED = f"FROM listing WHERE topic_id = {ALL_TOPICS}"
_MEDIA = {
    "image": "images IS NOT NULL",
    "audio": "kind = 'audio' OR instr(enclosures, '[\"audio\"')",
    "video": "video IS NOT NULL OR kind = 'video' OR instr(enclosures, '[\"video\"')",
}


class ArticleColumns:
    """What articles are compared by, each column read when it is first needed, and again when the index has changed.

    The connection must not write to the index.
    """

    def __init__(self, connection: sqlite3.Connection, leads: StoryLeads) -> None:
        self._db = connection
        self._leads = leads
        self._version = -1
        self._numbers: dict[str, array[int]] = {}
        self._flags: dict[str, bytes] = {}
        self._size = 0

    def size(self) -> int:
        """Return the length of all columns: the largest id of an article, and one."""
        version, _ = other_versions(self._db)
        if version != self._version:
            self._numbers, self._flags = {}, {}
            self._size = largest_id(self._db) + 1
            self._version = version
        return self._size

    def numbers(self, name: str) -> array[int]:
        """Return the heat or ``related`` of each article's story, or its own quality or date; else :data:`NONE`."""
        size = self.size()
        if name not in self._numbers:
            if name == "related":
                found = self._read("id, (length(related) / 4)", "FROM article WHERE indexed = 1", 0)
            else:
                found = self._read(f"article_id, {'published' if name == 'date' else name}", _LISTED, NONE)
            if name in {"heat", "related"}:
                lead_of = self._leads.by_article(size - 1)
                found = array("q", map(found.__getitem__, lead_of[:size]))
            self._numbers[name] = found
        return self._numbers[name]

    def flags(self, name: str) -> bytes:
        """Return a byte for each id: 1 for ``listed`` articles, for ``lead``, or for those with a medium or a text."""
        size = self.size()
        if name not in self._flags:
            if name == "listed":
                statement = f"SELECT group_concat(article_id) {_LISTED}"
            elif name == "lead":
                statement = f"SELECT group_concat(article_id) {_LISTED} AND shown = 1"
            elif name == "text":
                statement = "SELECT group_concat(article_id) FROM full_text"
            else:
                statement = f"SELECT group_concat(id) FROM article WHERE indexed = 1 AND ({_MEDIA[name]})"
            self._flags[name] = bytes(flags(id_array(self._db, statement), size - 1))
        return self._flags[name]

    def between(self, name: str, least: int | None, below: int | None) -> list[bytes]:
        """Return bytes for each id that are all 1 if its number is at least ``least`` and less than ``below``.

        A limit can be ``None``. An article without a number has none between any limits.
        """
        numbers = self.numbers(name)
        found = [bytes(map((NONE + 1 if least is None else least).__le__, numbers))]
        if below is not None:
            found.append(bytes(map(below.__gt__, numbers)))
        return found

    def _read(self, columns: str, rows: str, missing: int) -> array[int]:
        """Return the numbers in the second of two columns, by the ids in the first.

        SQLite puts them into one text, without those that are NULL: a step for each would take far longer.
        """
        pair = columns.replace(", ", " || ',' || ", 1)
        (text,) = self._db.execute(f"SELECT group_concat({pair}) {rows}").fetchone()
        column = array("q", [missing]) * self._size
        pairs = json.loads(f"[{text}]") if text else []
        for article, found in zip(pairs[::2], pairs[1::2], strict=True):
            column[article] = found
        return column
