"""Finds the stories that began before a moment and have an article from after it."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection

from tui_reader.named_tuple import NamedTuple
from tui_reader.storage.read_articles import id_array
from tui_reader.storage.story_leads import StoryLeads
from tui_reader.storage.versions import other_versions


class Grown(NamedTuple):
    """The ids of the leads of such stories; ``oldest`` is the date of the first, ``None`` if one has no date."""

    ids: frozenset[int] = frozenset()
    oldest: int | None = None


class GrownStories:
    """These stories, read again only when the index has changed.

    A window of time is about stories: with these, it has every story of which
    any article is in it, as a search by age has.
    """

    def __init__(self, connection: sqlite3.Connection, leads: StoryLeads) -> None:
        self._db = connection
        self._leads = leads
        self._known: tuple[object, Grown] = (None, Grown())

    def since(self, moment: int, muted: Collection[int]) -> Grown:
        """Return the stories from before ``moment``, in seconds since 1970, or without a date.

        Muted articles are as if they were not there.
        """
        state = (other_versions(self._db)[0], moment, muted)
        if self._known[0] != state:
            self._known = (state, self._read(moment, muted))
        return self._known[1]

    def _read(self, moment: int, muted: Collection[int]) -> Grown:
        folded = id_array(
            self._db,
            "SELECT group_concat(article_id) FROM listing INDEXED BY by_newest "
            "WHERE topic_id = 0 AND published >= ? AND shown = 0",
            moment,
        )
        if not folded:
            return Grown()
        leads = set(self._leads.of([article for article in folded if article not in muted]).values())
        rows = self._db.execute(
            "SELECT article_id, published FROM json_each(?) CROSS JOIN listing ON topic_id = 0 "
            "AND article_id = value WHERE shown = 1 AND (published < ? OR published IS NULL)",
            (json.dumps(list(leads)), moment),
        ).fetchall()
        dates = [published for _, published in rows]
        return Grown(frozenset(article for article, _ in rows), None if None in dates else min(dates, default=None))
