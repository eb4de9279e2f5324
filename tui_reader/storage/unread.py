"""Tells which articles of the stories are unread: a story is unread while one of its articles is."""

from __future__ import annotations

import json
import sqlite3
from array import array
from collections.abc import Iterable, Mapping
from itertools import compress
from typing import TYPE_CHECKING

from tui_reader.model.story import StoryRow
from tui_reader.named_tuple import NamedTuple
from tui_reader.storage.mutes import MutedArticles
from tui_reader.storage.read_articles import FoldedArticles, ReadArticles, largest_id
from tui_reader.storage.statements import select_by_id
from tui_reader.storage.versions import data_versions, other_versions

if TYPE_CHECKING:
    from tui_reader.storage.grown_stories import Grown

_IS_READ = "EXISTS (SELECT 1 FROM marks.mark m WHERE m.page = fl.page AND m.read IS NOT NULL)"
_READ_AS_STORY = (
    "EXISTS (SELECT 1 FROM marks.mark m WHERE m.page = {page} AND m.read IS NOT NULL "
    "AND NOT EXISTS (SELECT 1 FROM marks.read_alone r WHERE r.page = m.page))"
)
_FOLDED = "folded f CROSS JOIN listing fl ON fl.topic_id = 0 AND fl.article_id = f.article_id"


class _Stories(NamedTuple):
    """The story of each article and the number of its articles, by article id; a folded one counts in its lead."""

    state: tuple[object, ...]
    story_of: array[int]
    articles: array[int]


class UnreadArticles:
    """The articles of the listed stories that have no read mark; needs the marks attached.

    The articles of a story are its lead and those that clustering folded under
    it. Muted ones are left out. What depends on the index is read again when
    that changes; after a mark only the ids of the read articles are. The
    connection must not write to the index.
    """

    def __init__(
        self,
        connection: sqlite3.Connection,
        muted: MutedArticles,
        read: ReadArticles,
        folded: FoldedArticles,
        *,
        new_coverage: bool = True,
    ) -> None:
        """Without ``new_coverage``, only the mark of its lead makes a story read or unread."""
        self._db = connection
        self._muted = muted
        self._read = read
        self._folded = folded
        self._whole = new_coverage
        self._stories = _Stories((), array("I"), array("I"))
        # Numbers by article id and lists by topic, each with what they were made from.
        self._unread: dict[bool, tuple[tuple[object, ...], array[int]]] = {}
        self._listed: dict[bool, tuple[tuple[object, ...], dict[int, array[int]]]] = {}
        connection.create_function("is_muted", 1, lambda article: article in self._muted.known)

    # -- numbers of unread articles ----------------------------------------------

    def among(self, order: array[int], *, folded: bool) -> array[int]:
        """Return those of ``order`` that are unread: stories, or if ``folded`` articles are listed, each by itself."""
        unread = self._numbers(folded, max(order, default=0))
        return array("I", compress(order, map(unread.__getitem__, order)))

    def count(self, topic: int, since: int | None, grown: Grown | None, *, folded: bool) -> int:
        """Return how many stories of a topic are unread; see :meth:`by_topic`."""
        ids = self._lists(since, grown, folded=folded).get(topic, array("I"))
        return sum(map(bool, map(self._numbers(folded, max(ids, default=0)).__getitem__, ids)))

    def before(self, ids: Iterable[int], moment: int) -> list[int]:
        """Return those of these articles that are unread and dated before ``moment``, in seconds since 1970."""
        rows = self._db.execute(
            "SELECT a.id FROM json_each(?) i CROSS JOIN article a ON a.id = i.value "
            "WHERE a.published < ? AND NOT EXISTS "
            "(SELECT 1 FROM marks.mark m WHERE m.page = a.page AND m.read IS NOT NULL)",
            (json.dumps(list(ids)), moment),
        )
        return [number for (number,) in rows]

    def by_topic(self, since: int | None, grown: Grown | None, *, folded: bool) -> dict[int, int]:
        """Return how many articles of each topic's stories are unread, muted ones left out.

        ``since`` is the begin of the window in seconds since 1970; ``grown``
        are the stories from before it that are listed too.
        """
        listed = self._lists(since, grown, folded=folded)
        unread = self._numbers(folded, max((max(ids, default=0) for ids in listed.values()), default=0))
        return {topic: sum(map(unread.__getitem__, ids)) for topic, ids in listed.items()}

    def _numbers(self, folded: bool, largest: int) -> array[int]:
        """Return the number of unread articles of each story up to the id ``largest`` at least, by the id of its lead.

        If ``folded`` articles are listed, each is a story by itself.
        """
        state = (data_versions(self._db), self._muted.ids())
        known = self._unread.get(folded)
        if known is None or known[0] != state or len(known[1]) <= largest:
            read = self._read.ids()
            stories = self._articles(folded, max(largest, max(read, default=0)))
            unread, muted, story_of = stories.articles[:], self._muted.ids(), stories.story_of
            for article in read if not muted else [article for article in read if article not in muted]:
                unread[story_of[article]] -= 1
            self._unread[folded] = known = (state, unread)
        return known[1]

    def _articles(self, folded: bool, largest: int) -> _Stories:
        """Return the stories of articles up to the id ``largest`` at least."""
        muted = self._muted.ids()
        state = (other_versions(self._db)[0], folded, muted)
        if self._stories.state != state or len(self._stories.story_of) <= largest:
            story_of = array("I", range(max(largest, largest_id(self._db)) + 1))
            articles = array("I", [1]) * len(story_of)
            for article in muted:
                articles[article] = 0
            if self._whole and not folded:
                for article, lead in self._folded.pairs():
                    story_of[article] = lead
                    articles[lead] += articles[article]
                    articles[article] = 0
            self._stories = _Stories(state, story_of, articles)
        return self._stories

    def _lists(self, since: int | None, grown: Grown | None, *, folded: bool) -> dict[int, array[int]]:
        """Return what each topic lists since a time, muted articles left out."""
        muted = self._muted.ids()
        state = (other_versions(self._db)[0], since, grown, muted)
        known = self._listed.get(folded)
        if known is None or known[0] != state:
            in_window = "published >= :since"
            if grown:
                in_window = f"({in_window} OR article_id IN (SELECT value FROM json_each(:grown)))"
                in_window += "" if grown.oldest is None else " AND published >= :oldest"
            condition = ("" if folded else " AND shown = 1") + ("" if since is None else f" AND {in_window}")
            others = json.dumps(list(grown.ids if grown else ()))
            rows = self._db.execute(
                "SELECT topic_id, group_concat(article_id) FROM listing INDEXED BY by_newest "
                f"WHERE topic_id IN (SELECT 0 UNION ALL SELECT id FROM topic){condition} GROUP BY topic_id",
                {"since": since, "grown": others, "oldest": grown and grown.oldest},
            )
            lists = {topic: array("I", map(int, ids.split(","))) for topic, ids in rows}
            if muted:
                lists = {topic: array("I", [n for n in ids if n not in muted]) for topic, ids in lists.items()}
            self._listed[folded] = known = (state, lists)
        return known[1]

    # -- rows ----------------------------------------------------------------------

    def with_folded(self, rows: Mapping[int, StoryRow]) -> dict[int, StoryRow]:
        """Return ``rows`` with the numbers of articles that clustering folded under them."""
        found = dict(rows)
        if self._whole:
            counts = select_by_id(
                self._db,
                f"SELECT f.lead_id, count(*), sum(NOT {_IS_READ}), max({_READ_AS_STORY.format(page='fl.page')}), "
                f"(SELECT {_READ_AS_STORY.format(page='a.page')} FROM article a WHERE a.id = f.lead_id) "
                f"FROM {_FOLDED} WHERE f.lead_id IN ({{ids}}){self._but_muted()} GROUP BY f.lead_id",
                list(rows),
            )
            for lead, folded, unread, *was_read in counts:
                found[lead] = found[lead]._replace(folded=folded, folded_unread=unread, was_read=any(was_read))
        return found

    def new(self, story: StoryRow) -> frozenset[int]:
        """Return the pages of the articles that are new in a story that was read before."""
        if not story.new:
            return frozenset()
        rows = self._db.execute(
            f"SELECT fl.page FROM {_FOLDED} WHERE f.lead_id = ? AND NOT {_IS_READ}{self._but_muted()}",
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

    def _but_muted(self) -> str:
        """Return the condition that a folded article is not muted; empty where nothing is, since it takes time."""
        return " AND NOT is_muted(f.article_id)" if self._muted.ids() else ""
