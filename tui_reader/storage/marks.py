"""Stores what only the user knows: read and saved pages, corrections, mutes, tags and notes, in a file of its own."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, suppress
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from tui_reader.model.fingerprint import page_id
from tui_reader.named_tuple import NamedTuple
from tui_reader.storage.attached_marks import marks_transaction
from tui_reader.storage.connection import open_marks
from tui_reader.storage.errors import raises_store_error, store_errors
from tui_reader.storage.mark_addresses import ADDRESS_COLUMNS, mark_address
from tui_reader.storage.mutes import MUTES
from tui_reader.storage.schema import ALL_TOPICS
from tui_reader.storage.statements import select_by_id
from tui_reader.storage.undo import Step, Steps
from tui_reader.storage.versions import other_versions

if TYPE_CHECKING:
    from tui_reader.model.article_filter import ArticleFilter
    from tui_reader.storage.filters import Filters
    from tui_reader.storage.tags import Tags

T = TypeVar("T")

_UNDATED = "text:None:"  # how the page keys of articles without address and date begin
_GROWTH_SECONDS = 60 * 86_400  # before the newest article; older stories gain no coverage


class Mark(NamedTuple):
    """The marks of one page; ``read`` and ``saved`` are seconds since 1970, or ``None`` if it is not."""

    page: int
    address: str
    read: int | None = None
    saved: int | None = None


class _TakenBack(Exception):
    """Ends a transaction that was only a trial."""


class Marks:
    """Reads and writes marks through a connection to an index with the marks attached."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._db = connection
        self._steps = Steps(connection)

    @cached_property
    def tags(self) -> Tags:
        """The tags and notes."""
        from tui_reader.storage.tags import Tags  # seldom needed

        return Tags(self._db, self._steps)

    @cached_property
    def filters(self) -> Filters:
        """The filters."""
        from tui_reader.storage.filters import Filters  # seldom needed

        return Filters(self._db, self._steps)

    # -- steps that can be undone ----------------------------------------------

    @contextmanager
    def step(self, words: str, title: str = "") -> Iterator[None]:
        """Make everything that the block changes one step that can be undone, called ``words``.

        ``title`` is that of the story, if it is about one. Either all of it is stored, with the step, or none.
        """
        with store_errors(self._db), marks_transaction(self._db), self._steps.recording(words, title):
            yield

    @contextmanager
    def taken_back(self) -> Iterator[None]:
        """Make all changes of the block, steps too, and take them back at its end."""
        with suppress(_TakenBack), store_errors(self._db), marks_transaction(self._db):
            yield
            raise _TakenBack

    def as_step(self, words: str, title: str, action: Callable[[], T]) -> T:
        """Return what ``action`` returns, and make what it changes one step that can be undone."""
        with self.step(words, title):
            return action()

    @raises_store_error
    def last_step(self) -> Step | None:
        """Return the last step of any reader, or ``None`` if there is nothing to undo."""
        return self._steps.last()

    @raises_store_error
    def undo(self, step: Step, found: Callable[[ArticleFilter], Iterable[int]] = lambda _: ()) -> bool:
        """Undo a step; return ``False``, and change nothing, if it is no longer the last one.

        ``found`` returns what a filter finds: one that comes back leaves what came meanwhile as it is.
        """
        with marks_transaction(self._db):
            if not self._steps.undo(step):
                return False
            if step.changes("filter"):
                self.filters.came_back({change[0] for change in step.before["filter"]}, found)
        return True

    # -- read and saved ------------------------------------------------------

    @raises_store_error
    def set_read(self, ids: Iterable[int], when: int | None) -> list[Mark]:
        """Mark articles as read at ``when``, or as unread for ``None``; return the previous marks of those changed."""
        wanted = list(ids)
        with marks_transaction(self._db):
            before = self._change(wanted, "read", when)
            if when is not None:
                self._note_read_alone(wanted)
        return before

    def _note_read_alone(self, ids: Sequence[int]) -> None:
        """Note which of these articles were read while others of their story are unread."""
        rows = self._db.execute(
            "WITH story AS (SELECT DISTINCT coalesce(f.lead_id, i.value) AS lead "
            "FROM json_each(?) i LEFT JOIN folded f ON f.article_id = i.value), "
            "member AS (SELECT lead, lead AS id FROM story UNION ALL "
            "SELECT lead, article_id FROM story CROSS JOIN folded ON lead_id = lead) "
            "SELECT member.lead, member.id, a.page, m.read IS NULL FROM member "
            "CROSS JOIN article a ON a.id = member.id LEFT JOIN marks.mark m ON m.page = a.page",
            (json.dumps(ids),),
        ).fetchall()
        unread = {lead for lead, _, _, is_unread in rows if is_unread}
        read = set(ids)
        alone = [(page,) for lead, number, page, _ in rows if lead in unread and number in read]
        whole = [(page,) for lead, _, page, _ in rows if lead not in unread]
        if self._db.execute("SELECT EXISTS (SELECT 1 FROM marks.read_alone)").fetchone()[0]:
            self._db.executemany("DELETE FROM marks.read_alone WHERE page = ?", whole)
        self._db.executemany("INSERT OR IGNORE INTO marks.read_alone (page) VALUES (?)", alone)

    @raises_store_error
    def set_saved(self, ids: Iterable[int], when: int | None) -> list[Mark]:
        """Save articles at ``when``, or unsave them for ``None``; return the previous marks of those changed."""
        return self._change(ids, "saved", when)

    def _change(self, ids: Iterable[int], column: str, when: int | None) -> list[Mark]:
        before: list[Mark] = []
        with marks_transaction(self._db):
            articles = select_by_id(
                self._db,
                f"SELECT {ADDRESS_COLUMNS}, m.read, m.saved FROM article a "
                "LEFT JOIN marks.mark m ON m.page = a.page WHERE a.id IN ({ids})",
                list(dict.fromkeys(ids)),
            )
            for page, url, published, title, *times in articles:
                read, saved = map(_time, times)
                value = read if column == "read" else saved
                if (value is None) != (when is None):
                    self._steps.note(column, page, value)
                    before.append(Mark(page, mark_address(url, published, title), read, saved))
            # In the order of the table: 90,000 marks in any other take three times as long.
            self._set(column, sorted((mark.page, mark.address, when) for mark in before))
        return before

    def _set(self, column: str, values: Iterable[tuple[int, str, int | None]]) -> None:
        self._db.executemany(
            f"INSERT INTO marks.mark (page, address, {column}) VALUES (?, ?, ?) "
            f"ON CONFLICT (page) DO UPDATE SET {column} = excluded.{column}",
            values,
        )

    @raises_store_error
    def complete_stories(self) -> int:
        """Mark what an older version left unread: articles of stories it had marked as read; return how many.

        It marked only leads. Articles that are newer than its last mark stay
        unread. This is done once, with the first complete index.
        """
        row = self._db.execute("SELECT until FROM marks.leads_only WHERE typeof(until) = 'integer'").fetchone()
        if row is None or not row[0]:
            return 0
        (until,) = row
        articles = self._db.execute(
            "WITH story AS (SELECT DISTINCT coalesce(f.lead_id, a.id) AS lead FROM marks.mark m "
            "JOIN article a ON a.page = m.page LEFT JOIN folded f ON f.article_id = a.id WHERE m.read < :until) "
            "SELECT id FROM article WHERE published < :until AND id IN (SELECT lead FROM story "
            "UNION ALL SELECT article_id FROM folded WHERE lead_id IN (SELECT lead FROM story))",
            {"until": until},
        ).fetchall()
        changed = self._change((article for (article,) in articles), "read", until)
        self._db.execute("UPDATE marks.leads_only SET until = 0")
        return len(changed)

    @raises_store_error
    def carry_over(self) -> int:
        """Move marks of articles without address and date to where their pages are now; return how many.

        An older version knew such articles by their titles alone, and showed
        the last of several files with one title.
        """
        old = {
            address.removeprefix(_UNDATED): page
            for page, address in self._db.execute(
                "SELECT page, address FROM marks.mark WHERE substr(address, 1, ?) = ?", (len(_UNDATED), _UNDATED)
            )
            if page == page_id(address)
        }
        if not old:
            return 0
        rows = self._db.execute(
            "SELECT a.title, a.page FROM article a JOIN file f ON f.article_id = a.id WHERE a.indexed = 1 "
            "AND a.published IS NULL AND coalesce(a.web_url, a.original_url, a.amp_url, a.cdn_amp_url) IS NULL "
            "ORDER BY f.path"
        )
        moved = [(page, old[title]) for title, page in dict(rows.fetchall()).items() if title in old]
        with marks_transaction(self._db):
            self._db.executemany("UPDATE OR IGNORE marks.mark SET page = ? WHERE page = ?", moved)
        return len(moved)

    # -- filters ---------------------------------------------------------------

    @raises_store_error
    def apply_to_arrived(self, each: ArticleFilter, found: Iterable[int], when: int) -> int:
        """Apply a filter to those articles that it finds and has not seen before.

        Return how many of them it has left out, because they cannot have one more tag.
        """
        with marks_transaction(self._db):
            new = self.filters.arrived(each, found)
            able = self.tags.with_room(new, each.argument) if each.action == "tag" else new
            self.apply(each, able, when)
        return len(new) - len(able)

    @raises_store_error
    def apply(self, each: ArticleFilter, ids: Sequence[int], when: int) -> None:
        """Do with articles what a filter does once to each, at ``when``."""
        if not ids:
            return
        if each.action == "read":
            self.set_read(ids, when)
        elif each.action == "save":
            self.set_saved(ids, when)
        elif each.action == "tag":
            self.tags.add(ids, [each.argument])

    # -- corrections and mutes -------------------------------------------------

    @raises_store_error
    def correct(self, corrections: Mapping[tuple[int, int], bool | None]) -> bool:
        """Merge pairs of pages into one story (``True``), split them (``False``) or say nothing of them (``None``).

        Return whether anything changed.
        """
        wanted = {(min(pair), max(pair)): together for pair, together in corrections.items()}
        changed = False
        with marks_transaction(self._db):
            for pair, together in wanted.items():
                row = self._db.execute(
                    "SELECT together FROM marks.correction WHERE one = ? AND other = ?", pair
                ).fetchone()
                before = None if row is None else bool(row[0])
                if before == together:
                    continue
                changed = True
                self._steps.note("correction", *pair, before)
                if together is None:
                    self._db.execute("DELETE FROM marks.correction WHERE one = ? AND other = ?", pair)
                else:
                    self._db.execute(
                        "INSERT OR REPLACE INTO marks.correction (one, other, together) VALUES (?, ?, ?)",
                        (*pair, together),
                    )
        return changed

    @raises_store_error
    def mute(self, kind: str, word: str) -> bool:
        """Stop listing stories of a ``kind`` (keyword, provider, topic) and ``word``; return whether they were."""
        with marks_transaction(self._db):
            cursor = self._db.execute(
                "INSERT OR IGNORE INTO marks.mute (kind, word) VALUES (?, ?)", (kind, word.casefold())
            )
            if cursor.rowcount > 0:
                self._steps.note("mute", kind, word.casefold(), False)
            return cursor.rowcount > 0

    @raises_store_error
    def unmute(self, kind: str, word: str) -> bool:
        """List such stories again; return whether they were muted."""
        with marks_transaction(self._db):
            cursor = self._db.execute("DELETE FROM marks.mute WHERE kind = ? AND word = ?", (kind, word.casefold()))
            if cursor.rowcount > 0:
                self._steps.note("mute", kind, word.casefold(), True)
            return cursor.rowcount > 0

    @raises_store_error
    def mutes(self) -> list[tuple[str, str]]:
        """Return all mutes as kind and word."""
        return self._db.execute(MUTES).fetchall()

    @raises_store_error
    def note_weight(self, location: str, before: str) -> None:
        """Make it part of the step that the weight of a source, which is not in the marks, was ``before``."""
        with marks_transaction(self._db):
            self._steps.note("weight", location, before)

    # -- visits --------------------------------------------------------------

    @raises_store_error
    def record_coverage(self, now: int) -> None:
        """Store how many articles the recent stories have, so that the next visit can show which ones grew.

        ``now`` is in seconds since 1970. Stories more than two months older
        than the newest article are left out, because they no longer grow.
        """
        with marks_transaction(self._db):
            self._db.execute(
                "INSERT OR REPLACE INTO marks.coverage (page, articles, seen) "
                "SELECT a.page, coalesce(length(a.related), 0) / 4, :now "
                "FROM listing l JOIN article a ON a.id = l.article_id WHERE l.topic_id = :topic AND l.shown = 1 "
                "AND l.published >= (SELECT max(published) FROM listing WHERE topic_id = :topic) - :growth",
                {"now": now, "topic": ALL_TOPICS, "growth": _GROWTH_SECONDS},
            )
            self._db.execute("DELETE FROM marks.coverage WHERE seen < ?", (now - 3 * _GROWTH_SECONDS,))

    @raises_store_error
    def version(self) -> tuple[int, int]:
        """Return two numbers that change when another connection writes to the index, or to the marks."""
        return other_versions(self._db)


def _time(value: object) -> int | None:
    """Return a stored time; of anything else that another program may have stored, only that there is something."""
    return value if value is None or isinstance(value, int) else 0


@raises_store_error
def corrections(path: Path) -> tuple[tuple[tuple[int, int], ...], tuple[tuple[int, int], ...]]:
    """Return the pairs of pages that the user split, and those merged, from the marks at ``path``."""
    with closing(open_marks(path)) as marks:
        rows = marks.execute(
            "SELECT one, other, together FROM correction "
            "WHERE typeof(one) = 'integer' AND typeof(other) = 'integer' ORDER BY one, other"
        ).fetchall()
    apart = tuple((one, other) for one, other, together in rows if not together)
    return apart, tuple((one, other) for one, other, together in rows if together)


@raises_store_error
def kept_pages(path: Path) -> set[int]:
    """Return the ids of the pages in the marks at ``path`` that stay: they are saved, or have a tag or a note."""
    with closing(open_marks(path)) as marks:
        rows = marks.execute(
            "SELECT page FROM mark WHERE saved IS NOT NULL "
            "UNION SELECT page FROM tag WHERE typeof(page) = 'integer' UNION SELECT page FROM note"
        )
        return {page for (page,) in rows}
