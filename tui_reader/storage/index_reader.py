"""Reads the front page out of the index: lists, stories, topics, numbers."""

from __future__ import annotations

import json
import re
import sqlite3
from array import array
from collections.abc import Iterable, Sequence
from itertools import compress
from typing import Any

from tui_reader.model.links import Links, Provider
from tui_reader.model.query import Filter, Query, Sort
from tui_reader.model.story import IndexSummary, Problem, Story, StoryRow, TopicCount
from tui_reader.model.text import visible
from tui_reader.model.topic import Topic, topic_tree
from tui_reader.storage.connection import storing
from tui_reader.storage.schema import ADDRESS, ALL_TOPICS
from tui_reader.storage.search import match_words

_ORDERS = {
    Sort.HEAT: "heat DESC, published DESC, tie",
    Sort.TRENDING: "hot DESC, published DESC, tie",
    Sort.NEWEST: "published DESC, tie",
    Sort.QUALITY: "quality DESC, published DESC, tie",
    Sort.PROVIDER: "provider, published DESC, tie",
}
_MARKED = {Filter.SAVED: "saved IS NOT NULL", Filter.UNREAD: "read IS NOT NULL"}

_ROW = """
    SELECT a.id, a.page, a.title, a.provider, a.domain, a.published, a.quality, a.heat, a.shown, a.own,
           coalesce(length(a.related), 0) / 4, a.kind, m.read IS NOT NULL, m.saved IS NOT NULL, a.excerpt,
           a.shown AND coalesce(length(a.related), 0) / 4 > c.articles
    FROM article a LEFT JOIN marks.mark m ON m.page = a.page LEFT JOIN marks.coverage c ON c.page = a.page
"""
_AT_ONCE = 500  # values bound to one statement; SQLite's oldest limit is 999


def _row(values: Sequence[Any]) -> StoryRow:
    number, page, title, provider, domain, published, quality, heat, *rest = values
    shown, own, related, kind, read, saved, text, rising = rest
    return StoryRow(
        number, page, title, Provider(provider, domain), published, quality, heat,
        bool(shown), bool(own), related, kind, bool(read), bool(saved), text, bool(rising),
    )  # fmt: skip


class IndexReader:
    """Answers what the screen and the command line ask; needs the marks attached."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._db = connection
        self._muted: tuple[tuple[int, ...], dict[tuple[str, str], frozenset[int]], frozenset[int]] | None = None
        self._searched: tuple[tuple[Any, ...], array[int], int] = ((), array("I"), 0)

    # -- the list ----------------------------------------------------------

    @storing
    def order(self, query: Query, limit: int = -1) -> array[int]:
        """Return the numbers of the articles that ``query`` lists, in its order.

        With ``limit``, only the first so many. Four bytes an article, so the
        order of 100,000 stories is 400 KB and any place in it is at hand.

        The numbers come as one text: SQLite makes it in one step, in which
        Python's other threads go on, where a row a step would make the
        screen wait for its turn between any two of them. A subquery with a
        ``LIMIT`` is run by itself (rule 4 of SQLite's query flattener), so
        the text has its order.
        """
        if query.words.strip():
            return self._found(query)[: None if limit < 0 else limit]
        if muted := self._muted_numbers():
            every = self._listed(query)
            return array("I", [number for number in every if number not in muted][: None if limit < 0 else limit])
        return self._listed(query, limit)

    def _listed(self, query: Query, limit: int = -1) -> array[int]:
        """What a query without words lists, muted or not."""
        condition, values = self._condition(query)
        return self._numbers(
            f"SELECT group_concat(article_id) FROM (SELECT article_id FROM listing INDEXED BY by_{query.sort} "
            f"WHERE {condition} ORDER BY {_ORDERS[query.sort]} LIMIT ?)",
            *values,
            limit,
        )

    def _muted_numbers(self) -> frozenset[int]:
        """The articles that are not to be listed."""
        state = self._versions()
        if self._muted is None or self._muted[0] != state:
            each = {mute: self._hidden_by(*mute) for mute in self._mutes()}
            self._muted = (state, each, frozenset().union(*each.values()))
        return self._muted[2]

    def _mutes(self) -> list[tuple[str, str]]:
        return self._db.execute("SELECT kind, word FROM marks.mute ORDER BY kind, word").fetchall()

    def _hidden_by(self, kind: str, word: str) -> frozenset[int]:
        """The articles that a mute hides."""
        if kind == "topic":
            rows = self._db.execute("SELECT article_id FROM listing WHERE topic_id = ?", (self._topic_id(word),))
        elif kind == "provider":
            rows = self._db.execute(
                "SELECT article_id FROM listing INDEXED BY by_provider WHERE topic_id = 0 AND provider = :word "
                "UNION SELECT id FROM article WHERE instr(:word, '.') AND own = 1 AND domain = :word",
                {"word": word},
            )
        else:
            match = match_words(f'"{word}"')
            if match is None or not self._can_be_searched(match):
                return frozenset()
            found = self._db.execute(
                "SELECT id, title FROM article WHERE id IN (SELECT rowid FROM search WHERE search MATCH ?)", (match,)
            )
            spelled = re.compile(rf"(?<!\w){re.escape(word)}(?!\w)")
            return frozenset(number for number, title in found if spelled.search(title.casefold()))
        return frozenset(row[0] for row in rows)

    @storing
    def muted(self) -> dict[tuple[str, str], int]:
        """Return what is muted, as kind and word, and how many stories each hides."""
        self._muted_numbers()
        shown = set(self._listed(Query()))
        return {mute: len(numbers & shown) for mute, numbers in (self._muted[1] if self._muted else {}).items()}

    def _numbers(self, statement: str, *values: str | int) -> array[int]:
        (numbers,) = self._db.execute(statement, values).fetchone()
        return array("I", map(int, numbers.split(","))) if numbers else array("I")

    def _found(self, query: Query) -> array[int]:
        """What of a list has the words of ``query``, in its order.

        The list without the words is remembered, as one types letter after
        letter into the same one: the text index gives its numbers in 1 to 10
        ms of 100,000 articles, while a join would go through the list's index
        for every letter anew.
        """
        match = match_words(query.words)
        if match is None or not self._can_be_searched(match):
            return array("I")
        everything = query._replace(words="")
        state = (everything, *self._versions())
        if self._searched[0] != state:
            order = self.order(everything)
            self._searched = (state, order, max(order, default=0))
        _, order, largest = self._searched
        numbers = self._numbers("SELECT group_concat(rowid) FROM search WHERE search MATCH ?", match)
        fits = bytearray(max(largest, max(numbers, default=0)) + 1)
        for number in numbers:
            fits[number] = 1
        return array("I", compress(order, map(fits.__getitem__, order)))

    def _versions(self) -> tuple[int, ...]:
        """Numbers of which one changes with every change of index or marks, by whomever."""
        index, marks = (self._db.execute(f"PRAGMA {name}.data_version").fetchone()[0] for name in ("main", "marks"))
        return index, marks, self._db.total_changes

    @storing
    def count(self, query: Query) -> int:
        """Return how many articles ``query`` lists."""
        if self._muted_numbers():
            return len(self.order(query))
        if query.filter is Filter.ALL and not query.words.strip() and query.window.seconds is None:
            (number,) = self._db.execute(
                "SELECT coalesce(sum(articles), 0) FROM topic_count WHERE topic_id = ? AND shown >= ?",
                (self._topic_id(query.topic), 0 if query.folded else 1),
            ).fetchone()
            return int(number)
        if query.words.strip():
            return len(self._found(query))
        if query.filter is not Filter.ALL:
            marked = self._marked(query).get(self._topic_id(query.topic), 0)
            return marked if query.filter is Filter.SAVED else self.count(query._replace(filter=Filter.ALL)) - marked
        condition, values = self._condition(query)
        (number,) = self._db.execute(
            f"SELECT count(*) FROM listing INDEXED BY by_newest WHERE {condition}", values
        ).fetchone()
        return int(number)

    @storing
    def plan(self, query: Query) -> list[str]:
        """Return SQLite's plan for :meth:`order`, a line a step."""
        condition, values = self._condition(query)
        rows = self._db.execute(
            f"EXPLAIN QUERY PLAN SELECT article_id FROM listing INDEXED BY by_{query.sort} WHERE {condition} "
            f"ORDER BY {_ORDERS[query.sort]} LIMIT -1",
            values,
        )
        return [str(row[3]) for row in rows]

    def _condition(self, query: Query) -> tuple[str, list[Any]]:
        parts = ["topic_id = ?"]
        values: list[Any] = [self._topic_id(query.topic)]
        if not query.folded:
            parts.append("shown = 1")
        if query.window.seconds is not None:
            parts.append("published >= ?")
            values.append((self.newest() or 0) - query.window.seconds)
        if query.filter is not Filter.ALL:
            negation = "NOT " if query.filter is Filter.UNREAD else ""
            parts.append(
                f"{negation}EXISTS (SELECT 1 FROM marks.mark m WHERE m.page = listing.page AND {_MARKED[query.filter]})"
            )
        return " AND ".join(parts), values

    def _can_be_searched(self, match: str) -> bool:
        """Whether SQLite takes the query: it may know fewer letters than Python and cut a word in two."""
        try:
            self._db.execute("SELECT 1 FROM search WHERE search MATCH ? LIMIT 1", (match,)).fetchone()
        except sqlite3.OperationalError as error:
            if str(error).startswith("fts5:"):
                return False
            raise
        return True

    def _topic_id(self, name: str) -> int:
        if not name:
            return ALL_TOPICS
        row = self._db.execute("SELECT id FROM topic WHERE key = ?", (name.casefold(),)).fetchone()
        return -1 if row is None else int(row[0])

    @storing
    def rows(self, numbers: Iterable[int]) -> dict[int, StoryRow]:
        """Return the rows of the articles with these ``numbers``; those that are gone are left out."""
        wanted = list(dict.fromkeys(numbers))
        found: dict[int, StoryRow] = {}
        for start in range(0, len(wanted), _AT_ONCE):
            part = wanted[start : start + _AT_ONCE]
            marks = ",".join("?" * len(part))
            for values in self._db.execute(f"{_ROW} WHERE a.id IN ({marks})", part):
                found[values[0]] = _row(values)
        return found

    # -- one story ---------------------------------------------------------

    @storing
    def story(self, number: int) -> Story | None:
        """Return an article with its coverage, or ``None`` where it is gone."""
        values = self._db.execute(f"{_ROW} WHERE a.id = ?", (number,)).fetchone()
        if values is None:
            return None
        row = _row(values)
        original, web, amp, cdn_amp, topics, images, video, related, text = self._db.execute(
            "SELECT original_url, web_url, amp_url, cdn_amp_url, topics, images, video, related, "
            "coalesce(b.text, '') FROM article a LEFT JOIN body b ON b.article_id = a.id WHERE a.id = ?",
            (number,),
        ).fetchone()
        mentions = self._mentions(number)
        under = None
        if row.indexed and not row.shown:
            under = next((mention for mention in mentions if mention.shown), None)
        return Story(
            row=row,
            links=Links(original, web, amp, cdn_amp),
            body=text,
            topics=self.topic_names(topics),
            images=tuple(json.loads(images)) if images else (),
            video=video,
            sources=self._sources(number),
            related=self.related(related),
            mentions=mentions,
            folded_under=under,
        )

    def _sources(self, number: int) -> tuple[str, ...]:
        rows = self._db.execute(
            "SELECT coalesce(nullif(title, ''), location) FROM source "
            "WHERE id IN (SELECT source_id FROM file WHERE article_id = ?) ORDER BY position",
            (number,),
        )
        return tuple(visible(row[0]) for row in rows)

    @storing
    def related(self, packed: bytes | None) -> tuple[StoryRow, ...]:
        """Return the rows of a ``related`` column, each the article itself where the index has it."""
        numbers = array("I", packed or b"")
        rows = self.rows(numbers)
        for number, row in rows.items():
            if not row.indexed:
                twin = self._own_twin(number)
                if twin is not None:
                    rows[number] = twin
        return tuple(rows[number] for number in numbers if number in rows)

    def _own_twin(self, number: int) -> StoryRow | None:
        """The article of the index that shares an address with a page known by mention only."""
        values = self._db.execute(
            f"{_ROW} WHERE a.own = 1 AND a.id IN (SELECT other.article_id FROM address mine "
            "JOIN address other ON other.page = mine.page WHERE mine.article_id = ?) ORDER BY a.page LIMIT 1",
            (number,),
        ).fetchone()
        return None if values is None else _row(values)

    def _mentions(self, number: int) -> tuple[StoryRow, ...]:
        lists = self._db.execute(
            "SELECT articles FROM mention WHERE target_id IN (SELECT :article UNION SELECT twin.article_id "
            "FROM address mine JOIN address twin ON twin.page = mine.page WHERE mine.article_id = :article)",
            {"article": number},
        )
        mentioners = {article for (packed,) in lists for article in array("I", packed)} - {number}
        rows = self._db.execute(
            f"{_ROW} WHERE a.own = 1 AND a.id IN (SELECT value FROM json_each(?)) "
            f"ORDER BY a.shown DESC, a.heat DESC, a.published DESC, {ADDRESS}, a.page",
            (json.dumps(list(mentioners)),),
        )
        return tuple(_row(values) for values in rows)

    @storing
    def topic_names(self, topics: str) -> tuple[str, ...]:
        """Return the names behind a ``topics`` column."""
        if not topics:
            return ()
        numbers = [int(number) for number in topics.split(",")]
        marks = ",".join("?" * len(numbers))
        names = dict(self._db.execute(f"SELECT id, name FROM topic WHERE id IN ({marks})", numbers))
        return tuple(names[number] for number in numbers if number in names)

    @storing
    def article_id(self, page: int) -> int | None:
        """Return the present number of the article with this page number."""
        row = self._db.execute("SELECT id FROM article WHERE page = ?", (page,)).fetchone()
        return None if row is None else int(row[0])

    # -- all of it ---------------------------------------------------------

    @storing
    def newest(self) -> int | None:
        """Return the date of the newest article, in seconds since 1970."""
        row = self._db.execute(
            "SELECT published FROM listing INDEXED BY by_newest WHERE topic_id = 0 ORDER BY published DESC LIMIT 1"
        ).fetchone()
        return None if row is None else row[0]

    @storing
    def summary(self) -> IndexSummary:
        """Return the name of the front page and its sizes."""
        titles = [row[0] for row in self._db.execute("SELECT title FROM source ORDER BY position")]
        named = list(dict.fromkeys(title for title in titles if title))
        counts = dict(self._db.execute("SELECT shown, articles FROM topic_count WHERE topic_id = 0"))
        (problems,) = self._db.execute("SELECT count(*) FROM problem").fetchone()
        several = len(named) > 2
        title = f"{named[0]} and {len(titles) - 1} more" if several else " + ".join(named) or "Front page"
        return IndexSummary(title, self.newest(), sum(counts.values()), counts.get(1, 0), problems)

    @storing
    def topics(self, query: Query) -> list[TopicCount]:
        """Return the tree of topics with the numbers of ``query``'s window.

        The first is the list of everything, with an empty name. Topics that
        articles name but no source defines come last, by name.
        """
        stories = self._stories_by_topic(query)
        read = self._marked(query._replace(filter=Filter.UNREAD))
        topics = self._defined_topics()
        rows = self._db.execute("SELECT id, key, name FROM topic ORDER BY key")
        ids = {key: (number, name) for number, key, name in rows}
        defined = {topic.name.casefold() for topic in topics}
        # One that has no story is not shown, so no other can stand below it.
        topics += [Topic(name) for key, (number, name) in ids.items() if key not in defined and stories.get(number)]
        total = stories.get(ALL_TOPICS, 0)
        found = [TopicCount(Topic(""), 0, total, total - read.get(ALL_TOPICS, 0))]
        for node in topic_tree(topics):
            number = ids.get(node.topic.name.casefold(), (-1, ""))[0]
            count = stories.get(number, 0)
            if count or node.topic.name.casefold() in defined:
                found.append(TopicCount(node.topic, node.depth, count, count - read.get(number, 0)))
        return found

    def _defined_topics(self) -> list[Topic]:
        rows = self._db.execute(
            "SELECT name, parent, shortname, identifier, description, keywords, excluded FROM definition d "
            "LEFT JOIN source s ON s.id = d.source_id ORDER BY s.position, d.position"
        )
        return [
            Topic._make((*texts, tuple(json.loads(keywords)), tuple(json.loads(excluded))))
            for *texts, keywords, excluded in rows
        ]

    def _stories_by_topic(self, query: Query) -> dict[int, int]:
        shown = "" if query.folded else " AND shown = 1"
        muted = self._muted_numbers()
        if muted:
            every = [ALL_TOPICS, *(row[0] for row in self._db.execute("SELECT id FROM topic"))]
            plain = query._replace(topic="", filter=Filter.ALL, words="")
            return {number: self._unmuted(plain, number, muted) for number in every}
        if query.window.seconds is None:
            return dict(
                self._db.execute(f"SELECT topic_id, sum(articles) FROM topic_count WHERE 1{shown} GROUP BY topic_id")
            )
        since = (self.newest() or 0) - query.window.seconds
        ids = [ALL_TOPICS, *(row[0] for row in self._db.execute("SELECT id FROM topic"))]
        return {
            number: self._db.execute(
                f"SELECT count(*) FROM listing INDEXED BY by_newest WHERE topic_id = ? AND published >= ?{shown}",
                (number, since),
            ).fetchone()[0]
            for number in ids
        }

    def _unmuted(self, query: Query, topic: int, muted: frozenset[int]) -> int:
        """How many stories of a topic are left where some are muted."""
        condition, values = self._condition(query)
        rows = self._db.execute(
            f"SELECT article_id FROM listing INDEXED BY by_newest WHERE {condition}", (topic, *values[1:])
        )
        return sum(row[0] not in muted for row in rows)

    def _marked(self, query: Query) -> dict[int, int]:
        """How many of each topic's stories are saved, or read; goes through the marks, not the articles."""
        values: list[int] = []
        condition = "" if query.folded else " AND l.shown = 1"
        if query.window.seconds is not None:
            condition += " AND l.published >= ?"
            values.append((self.newest() or 0) - query.window.seconds)
        rows = self._db.execute(
            "SELECT l.topic_id, count(*) FROM marks.mark m CROSS JOIN article a ON a.page = m.page "
            "CROSS JOIN listing l ON l.article_id = a.id AND l.topic_id IN (SELECT 0 UNION ALL SELECT id FROM topic) "
            f"WHERE m.{_MARKED[query.filter]}{condition} GROUP BY l.topic_id",
            values,
        )
        return dict(rows)

    @storing
    def problems(self, limit: int = 10_000) -> list[Problem]:
        """Return what could not be read, by source and path."""
        rows = self._db.execute(
            "SELECT s.location, p.path, p.line, p.reason FROM problem p JOIN source s ON s.id = p.source_id "
            "ORDER BY s.position, p.path, p.line, p.reason LIMIT ?",
            (limit,),
        )
        return [Problem(*values) for values in rows]
