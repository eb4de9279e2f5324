"""Tells which articles of the stories are unread: a story is unread while one of its articles is."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterable, Mapping

from tui_reader.model.story import StoryRow
from tui_reader.storage.mutes import MutedArticles
from tui_reader.storage.schema import ALL_TOPICS
from tui_reader.storage.statements import select_by_id
from tui_reader.storage.topics import unpack_topics
from tui_reader.storage.versions import other_versions

_IS_READ = "EXISTS (SELECT 1 FROM marks.mark m WHERE m.page = {page} AND m.read IS NOT NULL)"
_FOLDED = "folded f CROSS JOIN listing fl ON fl.topic_id = 0 AND fl.article_id = f.article_id"


class UnreadArticles:
    """The articles of the listed stories that have no read mark; needs the marks attached.

    The articles of a story are its lead and those that clustering folded under
    it. Muted ones are left out. The connection must not write to the index.
    """

    def __init__(self, connection: sqlite3.Connection, muted: MutedArticles, *, new_coverage: bool = True) -> None:
        """Without ``new_coverage``, only the mark of its lead makes a story read or unread."""
        self._db = connection
        self._muted = muted
        self._whole = new_coverage
        self._articles: tuple[tuple[object, ...], Mapping[int, int]] = ((), {})
        connection.create_function("is_muted", 1, lambda article: article in self._muted.known)

    def condition(self, *, folded: bool) -> str:
        """Return the condition on ``listing`` for what is unread; if ``folded`` articles are listed, each by itself."""
        unread = f"NOT {_IS_READ.format(page='listing.page')}"
        if folded or not self._whole:
            return unread
        return f"({unread} OR {self._has_unread('listing.article_id')})"

    def read_stories(self, *, folded: bool) -> str:
        """Return a further condition on the leads ``l`` with a read mark: that all other articles are read too."""
        if folded or not self._whole:
            return ""
        return f" AND NOT {self._has_unread('l.article_id')}"

    def _has_unread(self, lead: str) -> str:
        return (
            f"EXISTS (SELECT 1 FROM {_FOLDED} WHERE f.lead_id = {lead} AND NOT {_IS_READ.format(page='fl.page')}"
            f"{self._but_muted('f.article_id')})"
        )

    def _but_muted(self, article: str) -> str:
        """Return the condition that an article is not muted; empty where nothing is, since it takes time."""
        return f" AND NOT is_muted({article})" if self._muted.ids() else ""

    def with_folded(self, rows: Mapping[int, StoryRow]) -> dict[int, StoryRow]:
        """Return ``rows`` with the numbers of articles that clustering folded under them."""
        found = dict(rows)
        if self._whole:
            counts = select_by_id(
                self._db,
                f"SELECT f.lead_id, count(*), sum(NOT {_IS_READ.format(page='fl.page')}) FROM {_FOLDED} "
                f"WHERE f.lead_id IN ({{ids}}){self._but_muted('f.article_id')} GROUP BY f.lead_id",
                list(rows),
            )
            for lead, folded, unread in counts:
                found[lead] = found[lead]._replace(folded=folded, folded_unread=unread)
        return found

    def new(self, story: StoryRow) -> frozenset[int]:
        """Return the pages of the articles that are new in a story that was read before."""
        if not story.new:
            return frozenset()
        rows = self._db.execute(
            f"SELECT fl.page FROM {_FOLDED} WHERE f.lead_id = ? AND NOT {_IS_READ.format(page='fl.page')}"
            f"{self._but_muted('f.article_id')}",
            (story.article,),
        )
        return frozenset(page for (page,) in rows) | (frozenset() if story.read else {story.page})

    def leads(self, ids: Iterable[int]) -> dict[int, int]:
        """Return the lead of each of these articles that clustering folded."""
        return dict(
            select_by_id(self._db, "SELECT article_id, lead_id FROM folded WHERE article_id IN ({ids})", list(ids))
        )

    def stories(self, ids: Iterable[int]) -> list[int]:
        """Return these articles and all that clustering folded under them."""
        leads = list(ids)
        folded = select_by_id(self._db, "SELECT article_id FROM folded WHERE lead_id IN ({ids})", leads)
        return [*leads, *(article for (article,) in folded)]

    def by_topic(self, stories: Mapping[int, int], since: int | None, *, folded: bool) -> dict[int, int]:
        """Return how many articles of each topic's stories are unread.

        ``stories`` is how many stories each topic lists, or articles if it
        lists ``folded`` ones; ``since`` is the begin of the window in seconds
        since 1970. Goes through the marks and the folded articles.
        """
        whole = self._whole and not folded
        unread = Counter(stories)
        if whole:
            unread.update(self._folded_by_topic(since))
        unread.subtract(self._read_by_topic(since, whole=whole, folded=folded))
        return {topic: max(0, unread[topic]) for topic in stories}

    def _folded_by_topic(self, since: int | None) -> Mapping[int, int]:
        """Return how many articles are folded under the stories of each topic."""
        state = (other_versions(self._db)[0], since, self._muted.ids())
        if self._articles[0] != state:
            counted = self._by_topic(
                "(SELECT lead_id AS id, count(*) AS articles FROM folded "
                f"WHERE 1{self._but_muted('article_id')} GROUP BY lead_id) AS story",
                "story.id",
                "sum(story.articles)",
                since,
            )
            self._articles = (state, counted)
        return self._articles[1]

    def _read_by_topic(self, since: int | None, *, whole: bool, folded: bool) -> Mapping[int, int]:
        """Return how many articles of each topic's stories are read."""
        source = "marks.mark m CROSS JOIN article a ON a.page = m.page AND m.read IS NOT NULL"
        source += self._but_muted("a.id")
        if not whole:
            return self._by_topic(source, "a.id", "count(*)", since, folded=folded)
        source += " LEFT JOIN folded f ON f.article_id = a.id"
        return self._by_topic(source, "coalesce(f.lead_id, a.id)", "count(*)", since)

    def _by_topic(
        self, source: str, lead: str, number: str, since: int | None, *, folded: bool = False
    ) -> dict[int, int]:
        """Add up ``number`` for each topic of the listed articles ``lead`` that ``source`` names."""
        shown = "" if folded else " AND l.shown = 1"
        rows = self._db.execute(
            f"SELECT l.topics, {number} FROM {source} CROSS JOIN article l ON l.id = {lead} "
            f"WHERE l.indexed = 1{shown} AND (:since IS NULL OR l.published >= :since){self._but_muted('l.id')} "
            "GROUP BY l.topics",
            {"since": since},
        )
        counts: Counter[int] = Counter()
        for topics, articles in rows:
            for topic in {ALL_TOPICS, *unpack_topics(topics)}:
                counts[topic] += articles
        return counts
