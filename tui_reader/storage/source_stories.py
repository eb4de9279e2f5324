"""Reads the stories of sources that define their own, as the source gives them, and stores their corrections."""

from __future__ import annotations

import json
import sqlite3
from array import array
from collections.abc import Collection, Iterable, Mapping
from contextlib import AbstractContextManager

from tui_reader.model.source_story import CorrectedStory, Entry, SourceStory
from tui_reader.named_tuple import NamedTuple
from tui_reader.storage.clusters import Clusters
from tui_reader.storage.errors import raises_store_error
from tui_reader.storage.publications import Publication
from tui_reader.storage.schema import CORRECTED_WITH
from tui_reader.storage.statements import select_by_id


class _Corrected(NamedTuple):
    """What the source says of an article that is listed otherwise."""

    shown: bool
    heat: int | None
    related: bytes | None


# Pages that are only mentioned, each with the indexed article that has an address in common with it.
_TWINS = """
    SELECT mine.article_id, a.id, a.page, min(a.page) FROM address mine JOIN address other ON other.page = mine.page
    JOIN article a ON a.id = other.article_id AND a.indexed = 1
    WHERE mine.article_id IN ({ids}) GROUP BY mine.article_id
"""
_STORIES = """
    SELECT a.id, a.page, a.shown, a.heat, a.quality, a.published, a.related, coalesce(c.articles, 0),
           coalesce(c.heat, 0)
    FROM article a LEFT JOIN added_coverage c ON c.article_id = a.id
    WHERE a.indexed = 1 AND a.rated = 0 AND a.id IN ({ids})
"""


class SourceStories:
    """The stories of an index that come from its sources, and how the user corrected them."""

    def __init__(self, connection: sqlite3.Connection, clusters: Clusters) -> None:
        self._db = connection
        self._clusters = clusters

    def writing(self) -> AbstractContextManager[None]:
        """Run the block in one transaction that is rolled back if it raises."""
        return self._clusters.writing()

    @raises_store_error
    def any_corrected(self) -> bool:
        """Return whether any article is listed otherwise than its source says."""
        return bool(self._db.execute("SELECT EXISTS (SELECT 1 FROM corrected)").fetchone()[0])

    def is_current(self, corrections: int) -> bool:
        """Return whether all is listed by corrections with this fingerprint, and nothing was read since."""
        return self._clusters.state(CORRECTED_WITH) == corrections

    def set_current(self, corrections: int) -> None:
        """Store the fingerprint of the corrections that all is listed by."""
        self._clusters.set_state(CORRECTED_WITH, corrections)

    @raises_store_error
    def concerned(self, pages: Collection[int]) -> dict[int, SourceStory]:
        """Return the articles with these pages, those that list one, and those corrected before, by id.

        All are as their sources give them.
        """
        corrected = self._corrected()
        ids = {
            row[0]
            for row in self._db.execute(
                "SELECT article_id FROM address WHERE page IN (SELECT value FROM json_each(?))",
                (json.dumps(list(pages)),),
            )
        }
        listing = select_by_id(
            self._db, "SELECT target_id, articles FROM mention WHERE target_id IN ({ids})", list(ids)
        )
        ids |= {article for _, packed in listing for article in array("I", packed)} | corrected.keys()
        found = {}
        for number, page, shown, heat, quality, published, related, added, added_heat in select_by_id(
            self._db, _STORIES, list(ids)
        ):
            listed = array("I", related or b"")
            own = _Corrected(
                bool(shown),
                None if heat is None else heat - added_heat,
                listed[: len(listed) - added].tobytes(),
            )
            own = corrected.get(number, own)
            found[number] = SourceStory(
                number, page, own.shown, own.heat, quality, published, tuple(array("I", own.related or b""))
            )
        return found

    @raises_store_error
    def entries(self, ids: Iterable[int]) -> dict[int, Entry]:
        """Return the entries of related lists, by their id."""
        wanted = list(set(ids))
        rows = list(select_by_id(self._db, "SELECT id, page, indexed FROM article WHERE id IN ({ids})", wanted))
        twins = {
            number: (twin, page)
            for number, twin, page, _ in select_by_id(self._db, _TWINS, [row[0] for row in rows if not row[2]])
        }
        found = {}
        for number, page, _ in rows:
            twin, twin_page = twins.get(number, (number, page))
            found[number] = Entry(twin, frozenset({page, twin_page}))
        return found

    @raises_store_error
    def correct(self, stories: Mapping[int, SourceStory], corrected: Mapping[int, CorrectedStory]) -> int:
        """List the articles of ``stories`` as ``corrected``, or as their source gives them; return how many changed."""
        before = self._corrected()
        changed = 0
        for number, story in stories.items():
            after = corrected.get(number)
            source = CorrectedStory(story.shown, story.heat, story.related)
            if after is None and number not in before:
                continue
            changed += self._list(story, after or source)
            if after is None:
                self._db.execute("DELETE FROM corrected WHERE article_id = ?", (number,))
            else:
                self._db.execute(
                    "INSERT OR REPLACE INTO corrected (article_id, shown, heat, related) VALUES (?, ?, ?, ?)",
                    (number, story.shown, story.heat, array("I", story.related).tobytes() or None),
                )
        return changed

    def _list(self, story: SourceStory, wanted: CorrectedStory) -> bool:
        """List an article as ``wanted``, unless it is."""
        (now,) = select_by_id(self._db, _STORIES, [story.article])
        _, _, shown, heat, _, _, related, added, added_heat = now
        listed = array("I", related or b"")
        own = (bool(shown), heat if heat is None else heat - added_heat, tuple(listed[: len(listed) - added]))
        under = self._db.execute("SELECT lead_id FROM folded WHERE article_id = ?", (story.article,)).fetchone()
        if own == (wanted.shown, wanted.heat, wanted.related) and (under and under[0]) == wanted.under:
            return False
        if added:
            # The story is published again with what clustering adds to it now.
            self._clusters.publications.add_coverage(story.article, (), 0)
            if story.published is not None:
                self._clusters.recluster_since(story.published, story.page)
        publication = Publication(story.article, wanted.shown, wanted.heat, wanted.related, wanted.under)
        self._clusters.publications.publish([publication])
        # A page that is known from this list alone may now be led to by nothing.
        self._db.executemany(
            "INSERT OR IGNORE INTO orphan (article_id, changed) VALUES (?, 0)",
            ((number,) for number in set(listed) - set(wanted.related)),
        )
        return True

    def _corrected(self) -> dict[int, _Corrected]:
        rows = self._db.execute("SELECT article_id, shown, heat, related FROM corrected")
        return {number: _Corrected(bool(shown), heat, related) for number, shown, heat, related in rows}
