"""Reads an index: lists, stories, topics with their counts, and problems."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable

from tui_reader.model.query import Filter, Query
from tui_reader.model.story import IndexSummary, Problem, Story, StoryRow, TopicCount
from tui_reader.model.topic import Topic, topic_tree
from tui_reader.named_tuple import NamedTuple
from tui_reader.storage.errors import raises_store_error
from tui_reader.storage.generations import generation
from tui_reader.storage.list_reader import ListReader
from tui_reader.storage.read_articles import largest_id
from tui_reader.storage.schema import ALL_TOPICS
from tui_reader.storage.story_reader import StoryReader
from tui_reader.storage.tellers import with_tellers
from tui_reader.storage.topics import defined_topics
from tui_reader.storage.transactions import one_snapshot


class IndexPlace(NamedTuple):
    """How far an index has grown: its generation, which another index has not, and its largest id."""

    generation: int | None
    largest: int


class IndexReader(ListReader, StoryReader):
    """Answers what the screen and the commands ask; needs the marks attached."""

    def __init__(self, connection: sqlite3.Connection, *, new_coverage: bool = True) -> None:
        """With ``new_coverage``, a story is unread while any of its articles is; without, while its lead is."""
        ListReader.__init__(self, connection, new_coverage=new_coverage)
        StoryReader.__init__(self, connection)

    @raises_store_error
    @one_snapshot
    def listed(self, query: Query, ids: Iterable[int]) -> dict[int, StoryRow]:
        """Return rows as the list of ``query`` shows them: as stories, or each article by itself if it is folded."""
        rows = with_tellers(self._db, self.rows(ids))
        if query.folded:
            return self.with_leads(rows)
        if query.searches:
            for number, match in self._story_search.matches(query, rows).items():
                rows[number] = rows[number]._replace(match=match)
        if query.filter is Filter.READ:
            rows = self._history().with_times(rows)
        return self._unread.with_folded(rows)

    @raises_store_error
    @one_snapshot
    def story(self, number: int) -> Story | None:
        """Return an article with its coverage and what is new in it, or ``None`` if it no longer exists."""
        story = super().story(number)
        if story is None:
            return None
        row = self._unread.with_folded({number: story.row})[number]
        return story._replace(row=row, new=self._unread.new(row))

    @raises_store_error
    @one_snapshot
    def leads(self, ids: Iterable[int]) -> dict[int, int]:
        """Return the lead of each of these articles that clustering folded."""
        return self._unread.leads(ids)

    @raises_store_error
    @one_snapshot
    def stories(self, ids: Iterable[int]) -> list[int]:
        """Return these articles and all that clustering folded under them."""
        return self._unread.stories(ids)

    @raises_store_error
    @one_snapshot
    def arrivals(self, since: int, after: int) -> dict[int, list[int]]:
        """Return the articles published since a time, and those with a greater id than ``after``, by their leads.

        The time is in seconds since 1970. Ids grow with each article that is
        indexed, so the latter arrived later, whatever their dates. Muted
        articles are left out.
        """
        found = self._db.execute(
            "SELECT article_id, shown FROM listing INDEXED BY by_newest WHERE topic_id = 0 AND published >= ? "
            "UNION SELECT article_id, shown FROM listing WHERE topic_id = 0 AND article_id > ?",
            (since, after),
        )
        muted = self._muted.ids()
        shown = {article: shown for article, shown in found if article not in muted}
        leads = self.leads_of(article for article, is_shown in shown.items() if not is_shown)
        arrived: dict[int, list[int]] = {}
        for article in shown:
            arrived.setdefault(leads.get(article, article), []).append(article)
        return arrived

    @raises_store_error
    def place(self) -> IndexPlace:
        """Return how far the index has grown."""
        return IndexPlace(generation(self._db), largest_id(self._db))

    @raises_store_error
    @one_snapshot
    def summary(self) -> IndexSummary:
        """Return the title of the index and its sizes."""
        titles = [row[0] for row in self._db.execute("SELECT title FROM source ORDER BY position")]
        named = list(dict.fromkeys(title for title in titles if title))
        counts = dict(self._db.execute("SELECT shown, articles FROM topic_count WHERE topic_id = 0"))
        (problems,) = self._db.execute("SELECT count(*) FROM told").fetchone()
        several = len(named) > 2
        return IndexSummary(
            title=f"{named[0]} and {len(titles) - 1} more" if several else " + ".join(named) or "Front page",
            newest=self.newest(),
            articles=sum(counts.values()),
            stories=counts.get(1, 0),
            problems=problems,
        )

    @raises_store_error
    @one_snapshot
    def topics(self, query: Query) -> list[TopicCount]:
        """Return the topic tree with the counts for the window of ``query``.

        The first is the list of all articles, with an empty name. Topics that
        only articles name come last, by name. Stories are counted, and the
        unread articles in them.
        """
        stories = self._stories_by_topic(query)
        grown = self._grown_in(query._replace(filter=Filter.ALL))
        unread = self._unread.by_topic(self.since(query.window), grown, folded=query.folded)
        topics = defined_topics(self._db)
        defined = {topic.name.casefold() for topic in topics}
        rows = self._db.execute("SELECT id, key, name FROM topic ORDER BY key")
        ids = {key: (number, name) for number, key, name in rows}
        topics += [Topic(name) for key, (number, name) in ids.items() if key not in defined and stories.get(number)]
        total = stories.get(ALL_TOPICS, 0)
        counts = [TopicCount(Topic(""), 0, total, unread.get(ALL_TOPICS, 0))]
        for node in topic_tree(topics):
            key = node.topic.name.casefold()
            number = ids.get(key, (-1, ""))[0]
            count = stories.get(number, 0)
            if count or key in defined:
                counts.append(TopicCount(node.topic, node.depth, count, unread.get(number, 0)))
        return counts

    @raises_store_error
    def is_blog(self) -> bool | None:
        """Return whether each source is one site that does not rate its articles; ``None`` without any article."""
        news = "SELECT 1 FROM article WHERE indexed = 1 AND shown = 1"
        is_news, is_empty = self._db.execute(
            f"SELECT EXISTS ({news} AND rated = 0) "
            f"OR EXISTS ({news} GROUP BY source_id HAVING min(domain) <> max(domain)), "
            "NOT EXISTS (SELECT 1 FROM article WHERE indexed = 1)"
        ).fetchone()
        return None if is_empty else not is_news

    @raises_store_error
    def source_titles(self) -> dict[str, str]:
        """Return the title that each source gives itself, by location; empty for one without."""
        return dict(self._db.execute("SELECT location, title FROM source ORDER BY position").fetchall())

    @raises_store_error
    def problems(self, limit: int = 10_000) -> list[Problem]:
        """Return the files that could not be read, by source and path."""
        rows = self._db.execute(
            "SELECT s.location, p.path, p.line, p.reason FROM told p JOIN source s ON s.id = p.source_id "
            "ORDER BY s.position, p.path, p.line, p.reason LIMIT ?",
            (limit,),
        )
        return [Problem(*values) for values in rows]

    def _stories_by_topic(self, query: Query) -> dict[int, int]:
        """Return how many stories each topic lists in the window of ``query``, by topic id."""
        shown = "" if query.folded else " AND shown = 1"
        if muted := self._muted.ids():
            plain = query._replace(topic="", filter=Filter.ALL, words="", provider="")
            return {number: self._count_unmuted(plain, number, muted) for number in self._topic_ids()}
        if query.window.seconds is None:
            return dict(
                self._db.execute(f"SELECT topic_id, sum(articles) FROM topic_count WHERE 1{shown} GROUP BY topic_id")
            )
        since, grown = self.since(query.window), self._grown_in(query._replace(filter=Filter.ALL))
        others = json.dumps(list(grown.ids if grown else ()))
        return {
            number: self._db.execute(
                "SELECT (SELECT count(*) FROM listing INDEXED BY by_newest "
                f"WHERE topic_id = ?1 AND published >= ?2{shown}) + (SELECT count(*) "
                "FROM json_each(?3) CROSS JOIN listing ON topic_id = ?1 AND article_id = value)",
                (number, since, others),
            ).fetchone()[0]
            for number in self._topic_ids()
        }

    def _topic_ids(self) -> list[int]:
        return [ALL_TOPICS, *(row[0] for row in self._db.execute("SELECT id FROM topic"))]

    def _count_unmuted(self, query: Query, topic: int, muted: frozenset[int]) -> int:
        condition, (_, *values) = self._condition(query)
        rows = self._db.execute(
            f"SELECT article_id FROM listing INDEXED BY by_newest WHERE {condition}", (topic, *values)
        )
        return sum(row[0] not in muted for row in rows)
