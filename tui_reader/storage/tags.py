"""Stores the tags and notes that the user gives to articles, through a connection with the marks attached."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Sequence

from tui_reader.errors import UsageError
from tui_reader.model.tags import MOST_TAGS, clean_note, clean_tag, distinct, tag_key
from tui_reader.model.text import visible, visible_lines
from tui_reader.named_tuple import NamedTuple
from tui_reader.storage.attached_marks import marks_transaction
from tui_reader.storage.errors import raises_store_error
from tui_reader.storage.mark_addresses import ADDRESS_COLUMNS, mark_address
from tui_reader.storage.statements import select_by_id
from tui_reader.storage.undo import Steps


class TagCount(NamedTuple):
    """A tag, and how many articles have it."""

    tag: str
    articles: int


class _Page(NamedTuple):
    """A page that gets a tag or a note: its id, and its key."""

    page: int
    address: str


class Tags:
    """Reads and writes tags and notes; ``steps`` are those that can be undone."""

    def __init__(self, connection: sqlite3.Connection, steps: Steps) -> None:
        self._db = connection
        self._steps = steps

    # -- reading ---------------------------------------------------------------

    @raises_store_error
    def of(self, page: int) -> tuple[str, ...]:
        """Return the tags of the article with this page id, in alphabetical order."""
        return read_tags(self._db, page)

    @raises_store_error
    def note(self, page: int) -> str:
        """Return the note on the article with this page id; empty if there is none."""
        return read_note(self._db, page)

    @raises_store_error
    def all(self) -> list[TagCount]:
        """Return all tags with the numbers of their articles, in alphabetical order."""
        rows = self._db.execute(
            "SELECT min(tag), count(*) FROM marks.tag WHERE typeof(tag) = 'text' GROUP BY key ORDER BY key"
        )
        return [TagCount(visible(tag), articles) for tag, articles in rows]

    @raises_store_error
    def with_room(self, ids: Iterable[int], tag: str) -> list[int]:
        """Return those of these articles that can have this tag beside their others."""
        rows = self._db.execute(
            "SELECT a.id FROM json_each(?) i CROSS JOIN article a ON a.id = i.value "
            "WHERE (SELECT count(*) FROM marks.tag t WHERE t.page = a.page AND t.key <> ?) < ?",
            (json.dumps(list(ids)), tag_key(tag), MOST_TAGS),
        )
        return [number for (number,) in rows]

    # -- changing --------------------------------------------------------------

    @raises_store_error
    def add(self, ids: Iterable[int], tags: Iterable[str]) -> int:
        """Give these tags to articles; return how many articles got one. Raises :class:`UsageError`.

        A tag that is there already in other letters keeps its spelling.
        """
        wanted = distinct(map(clean_tag, tags))
        changed = set[int]()
        with marks_transaction(self._db):
            pages = self._pages(ids)
            for tag in wanted:
                has_it = self._with(tag)
                new = [each for each in pages if each.page not in has_it]
                changed.update(each.page for each in new)
                self._put(new, self._spelling(tag))
            self._check_numbers(changed)
        return len(changed)

    @raises_store_error
    def remove(self, ids: Iterable[int], tags: Iterable[str]) -> int:
        """Take these tags from articles; return how many articles had one."""
        changed = set[int]()
        with marks_transaction(self._db):
            pages = self._pages(ids)
            for key in map(tag_key, tags):
                removed = self._rows(pages, key)
                changed.update(page for page, *_ in removed)
                for page, address, tag in removed:
                    self._steps.note("tag", page, address, key, tag)
                self._db.executemany(
                    "DELETE FROM marks.tag WHERE page = ? AND key = ?", [(page, key) for page, *_ in removed]
                )
        return len(changed)

    @raises_store_error
    def set_tags(self, article: int, tags: Iterable[str]) -> bool:
        """Give an article these tags and no others; return whether anything changed. Raises :class:`UsageError`."""
        wanted = distinct(map(clean_tag, tags))
        with marks_transaction(self._db):
            keys = {tag_key(tag) for tag in wanted}
            others = [tag for each in self._pages([article]) for tag in self._all_of(each.page) if tag not in keys]
            removed = self.remove([article], others)
            return bool(self.add([article], wanted) + removed)

    @raises_store_error
    def set_note(self, ids: Iterable[int], text: str, when: int) -> int:
        """Write a note on articles, or remove it for an empty text; return how many changed.

        ``when`` is in seconds since 1970. Raises :class:`UsageError`.
        """
        text = clean_note(text)
        changed = 0
        with marks_transaction(self._db):
            for each in self._pages(ids):
                row = self._db.execute("SELECT text, changed FROM marks.note WHERE page = ?", (each.page,)).fetchone()
                if (row[0] if row else "") == text:
                    continue
                changed += 1
                before = str(row[0]) if row else None
                self._steps.note("note", each.page, each.address, _time(row[1]) if row else 0, before)
                if text:
                    self._db.execute(
                        "INSERT OR REPLACE INTO marks.note (page, address, text, changed) VALUES (?, ?, ?, ?)",
                        (*each, text, when),
                    )
                else:
                    self._db.execute("DELETE FROM marks.note WHERE page = ?", (each.page,))
        return changed

    # -- rows --------------------------------------------------------------------

    def _pages(self, ids: Iterable[int]) -> list[_Page]:
        rows = select_by_id(
            self._db, f"SELECT {ADDRESS_COLUMNS} FROM article a WHERE a.id IN ({{ids}})", list(dict.fromkeys(ids))
        )
        return [_Page(page, mark_address(*rest)) for page, *rest in rows]

    def _with(self, tag: str) -> set[int]:
        """Return the pages that have a tag."""
        return {page for (page,) in self._db.execute("SELECT page FROM marks.tag WHERE key = ?", (tag_key(tag),))}

    def _all_of(self, page: int) -> list[str]:
        """Return the keys of the tags of a page."""
        return [str(key) for (key,) in self._db.execute("SELECT key FROM marks.tag WHERE page = ?", (page,))]

    def _rows(self, pages: Sequence[_Page], key: str) -> list[tuple[int, str, str]]:
        """Return page, address and tag of those of the pages that have the tag with this key."""
        rows = self._db.execute("SELECT page, address, tag FROM marks.tag WHERE key = ?", (key,)).fetchall()
        wanted = {each.page for each in pages}
        return [(page, str(address), str(tag)) for page, address, tag in rows if page in wanted]

    def _spelling(self, tag: str) -> str:
        """Return a tag as it is written where it is there already."""
        row = self._db.execute(
            "SELECT tag FROM marks.tag WHERE key = ? AND typeof(tag) = 'text' LIMIT 1", (tag_key(tag),)
        ).fetchone()
        return tag if row is None else str(row[0])

    def _put(self, pages: Iterable[_Page], tag: str) -> None:
        key = tag_key(tag)
        rows = [(each.page, key, each.address, tag) for each in pages]
        for page, _, address, _ in rows:
            self._steps.note("tag", page, address, key, None)
        self._db.executemany("INSERT INTO marks.tag (page, key, address, tag) VALUES (?, ?, ?, ?)", rows)

    def _check_numbers(self, pages: Iterable[int]) -> None:
        """Raise :class:`UsageError` if one of these pages has too many tags now."""
        too_many = self._db.execute(
            "SELECT 1 FROM json_each(?) p CROSS JOIN marks.tag t ON t.page = p.value "
            "GROUP BY p.value HAVING count(*) > ? LIMIT 1",
            (json.dumps(list(pages)), MOST_TAGS),
        ).fetchone()
        if too_many:
            raise UsageError(f"an article can have {MOST_TAGS} tags: nothing was changed")


def read_tags(connection: sqlite3.Connection, page: int) -> tuple[str, ...]:
    """Return the tags of a page, in alphabetical order."""
    # Another program may have stored what is none.
    rows = connection.execute("SELECT tag FROM marks.tag WHERE page = ? AND typeof(tag) = 'text' ORDER BY key", (page,))
    return tuple(visible(tag) for (tag,) in rows)


def read_note(connection: sqlite3.Connection, page: int) -> str:
    """Return the note on a page; empty if there is none."""
    row = connection.execute("SELECT text FROM marks.note WHERE page = ? AND typeof(text) = 'text'", (page,)).fetchone()
    return "" if row is None else visible_lines(row[0])


def _time(value: object) -> int:
    return value if isinstance(value, int) else 0
