"""What all articles are compared by, as arrays, to compare a hundred thousand of them in some milliseconds."""

from __future__ import annotations

import sqlite3
from array import array

from tui_reader.storage.article_sets import listed_in
from tui_reader.storage.read_articles import flags, id_array, largest_id
from tui_reader.storage.schema import ALL_TOPICS
from tui_reader.storage.story_leads import StoryLeads
from tui_reader.storage.versions import other_versions

_INDEXES = {"date": ("published", "by_newest"), "heat": ("heat", "by_heat"), "quality": ("quality", "by_quality")}
"""The columns of ``listing`` that are compared, each with its index, which has its numbers in falling order."""

_MEDIA = {
    "image": "images IS NOT NULL",
    "audio": "kind = 'audio' OR instr(enclosures, '[\"audio\"')",
    "video": "video IS NOT NULL OR kind = 'video' OR instr(enclosures, '[\"video\"')",
}


class ArticleColumns:
    """What articles are compared by, each read when it is first needed, and again when the index has changed.

    The connection must not write to the index.
    """

    def __init__(self, connection: sqlite3.Connection, leads: StoryLeads) -> None:
        self._db = connection
        self._leads = leads
        self._version = -1
        self._orders: dict[str, array[int]] = {}
        self._related = array("I")
        self._flags: dict[str, bytes] = {}
        self._size = 0

    def size(self) -> int:
        """Return the number of flags that there are: the largest id of an article, and one."""
        version, _ = other_versions(self._db)
        if version != self._version:
            self._orders, self._related, self._flags = {}, array("I"), {}
            self._size = largest_id(self._db) + 1
            self._version = version
        return self._size

    def flags(self, name: str) -> bytes:
        """Return a byte for each id: 1 for ``listed`` articles, for ``lead``, or for those with a medium or a text."""
        size = self.size()
        if name not in self._flags:
            if name in {"listed", "lead"}:
                found = listed_in(self._db, ALL_TOPICS, size, shown=name == "lead")
                self._flags[name] = found.to_bytes(size, "little")
                return self._flags[name]
            if name == "text":
                statement = "SELECT group_concat(article_id) FROM full_text"
            else:
                statement = f"SELECT group_concat(id) FROM article WHERE indexed = 1 AND ({_MEDIA[name]})"
            self._flags[name] = bytes(flags(id_array(self._db, statement), size - 1))
        return self._flags[name]

    def between(self, name: str, least: int | None, below: int | None) -> bytes:
        """Return a byte for each id: 1 if its number is at least ``least`` and less than ``below``.

        It is its own date or quality, or the heat or ``related`` of its story. A limit can be ``None``.
        An article without a number has none between any limits.
        """
        size = self.size()
        if name == "related":
            return self._by_related(0 if least is None else least, below)
        order = self._order(name)
        first = 0 if below is None else self._count(name, below)
        last = len(order) if least is None else self._count(name, least)
        found = flags(order[first:last], size - 1)
        return self._by_stories(found) if name == "heat" else bytes(found)

    def prepare(self, name: str) -> None:
        """Read what :meth:`between` needs for a name, so that its first answer is as fast as the others."""
        size = self.size()
        if name == "related":
            self._related_articles()
        else:
            self._order(name)
        if name in {"heat", "related"}:
            self._leads.by_article(size - 1)

    def _order(self, name: str) -> array[int]:
        """Return the articles with a number, the greatest first."""
        if name not in self._orders:
            column, index = _INDEXES[name]
            rows = (
                f"SELECT article_id FROM listing INDEXED BY {index} WHERE topic_id = {ALL_TOPICS} "
                f"AND {column} IS NOT NULL ORDER BY {column} DESC LIMIT -1"
            )
            self._orders[name] = id_array(self._db, f"SELECT group_concat(article_id) FROM ({rows})")
        return self._orders[name]

    def _count(self, name: str, least: int) -> int:
        """Return how many articles have a number of at least ``least``."""
        column, index = _INDEXES[name]
        (number,) = self._db.execute(
            f"SELECT count(*) FROM listing INDEXED BY {index} WHERE topic_id = {ALL_TOPICS} AND {column} >= ?", (least,)
        ).fetchone()
        return int(number)

    def _by_related(self, least: int, below: int | None) -> bytes:
        related = self._related_articles()
        found = bytes(map(least.__le__, related))
        if below is not None:
            found = bytes(map(int.__and__, found, map(below.__gt__, related)))
        return self._by_stories(found)

    def _related_articles(self) -> array[int]:
        """Return how many related articles each article has, by its id."""
        if not self._related:
            rows = "FROM article WHERE indexed = 1 AND related IS NOT NULL"
            pairs = id_array(self._db, f"SELECT group_concat(id || ',' || (length(related) / 4)) {rows}")
            self._related = array("I", [0]) * self.size()
            for article, number in zip(pairs[::2], pairs[1::2], strict=True):
                self._related[article] = number
        return self._related

    def _by_stories(self, leads: bytes | bytearray) -> bytes:
        """Return the flags of all articles: those that their leads have."""
        size = self.size()
        return bytes(map(leads.__getitem__, self._leads.by_article(size - 1)[:size]))
