"""Reads lists of articles in their order, and counts them."""

from __future__ import annotations

import json
import sqlite3
from array import array
from collections.abc import Callable, Collection, Iterable, Sequence
from functools import cache, cached_property
from itertools import compress
from typing import TYPE_CHECKING, Any

from tui_reader.errors import UnknownName, UsageError
from tui_reader.model.query import Filter, HiddenFromSearch, Query, Sort, Window
from tui_reader.model.story import ViewCount
from tui_reader.model.trending import HALF_LIFE, Cooling
from tui_reader.storage.errors import raises_store_error
from tui_reader.storage.mutes import Mute, MutedArticles
from tui_reader.storage.read_articles import FoldedArticles, ReadArticles, flags, id_array, largest_id
from tui_reader.storage.source_articles import SourceArticles
from tui_reader.storage.story_search import StorySearch
from tui_reader.storage.topics import topic_id
from tui_reader.storage.transactions import one_snapshot
from tui_reader.storage.unread import UnreadArticles
from tui_reader.storage.versions import data_versions

if TYPE_CHECKING:
    from tui_reader.model.article_filter import ArticleFilter
    from tui_reader.model.source_tree import ListedSource
    from tui_reader.storage.filtered_articles import FilteredArticles
    from tui_reader.storage.grown_stories import Grown, GrownStories
    from tui_reader.storage.reading_history import ReadingHistory

_ORDERS = {
    Sort.HEAT: ("by_heat", "heat DESC, published DESC, tiebreak"),
    Sort.TRENDING: ("by_trending", "trending DESC, published DESC, tiebreak"),
    Sort.NEWEST: ("by_newest", "published DESC, tiebreak"),
    Sort.QUALITY: ("by_quality", "quality DESC, published DESC, tiebreak"),
    Sort.PROVIDER: ("by_provider", "provider, published DESC, tiebreak"),
}

# The columns of the numbers that lists are sorted by; other lists show the heat.
_NUMBERS = {Sort.TRENDING: "trending", Sort.QUALITY: "quality"}

_SAMPLE = 200  # articles

_FEW = 4000  # articles that are faster to look up and sort than to find in a list of 100,000


class ListReader:
    """Answers which articles a query lists; needs the marks attached."""

    def __init__(self, connection: sqlite3.Connection, *, new_coverage: bool = True) -> None:
        """With ``new_coverage``, a story is unread while any of its articles is; without, while its lead is."""
        self._db = connection
        self._muted = MutedArticles(connection, lambda each: self.filtered.of_valid(each))  # noqa: PLW0108 - made when it is needed
        read, folded = ReadArticles(connection), FoldedArticles(connection)
        self._folded = folded
        self._read_stories: ReadingHistory | None = None
        self._view_counts: tuple[tuple[int, ...], dict[Query, ViewCount]] = ((), {})
        self._unread = UnreadArticles(connection, self._muted, read, folded, new_coverage=new_coverage)
        self.sources = SourceArticles(connection, self._muted, read, folded)
        """The articles of each source, and their counts."""
        # The last list of some sources, with its query and versions.
        self._of_sources: tuple[tuple[Any, ...], array[int]] = ((), array("I"))
        self._story_search = StorySearch(connection, self._muted, read, folded, self.sources)
        self._grown: GrownStories | None = None

    @cached_property
    def filtered(self) -> FilteredArticles:
        """The articles that filters find."""
        from tui_reader.storage.filtered_articles import FilteredArticles  # many have no filters

        return FilteredArticles(self.matching, lambda source: self.sources.articles((source,)))

    @raises_store_error
    @one_snapshot
    def order(self, query: Query, limit: int = -1) -> array[int]:
        """Return the ids of the articles that ``query`` lists, in its order; with ``limit``, only the first.

        An id takes four bytes, so the order of 100,000 stories takes 400 KB.
        """
        if query.searches:
            return self._search(query)[: None if limit < 0 else limit]
        if query.filter is Filter.UNREAD:
            return self._unread_among(query, limit)
        if query.filter is Filter.READ:
            return self._history().stories(self._muted.ids())[: None if limit < 0 else limit]
        if query.sources:
            return self._from_sources(query, limit)
        if muted := self._muted.ids():
            every = self._listed(query)
            return array("I", [number for number in every if number not in muted][: None if limit < 0 else limit])
        return self._listed(query, limit)

    @raises_store_error
    @one_snapshot
    def count(self, query: Query) -> int:
        """Return how many articles ``query`` lists."""
        if query.sources or query.provider or query.filter is Filter.READ or self._muted.ids():
            return self._count_filtered(query)
        if query.filter is Filter.ALL and not query.searches and query.window.seconds is None:
            (number,) = self._db.execute(
                "SELECT coalesce(sum(articles), 0) FROM topic_count WHERE topic_id = ? AND shown >= ?",
                (topic_id(self._db, query.topic), 0 if query.folded else 1),
            ).fetchone()
            return int(number)
        if query.searches:
            return len(self._search(query))
        if query.filter is Filter.UNREAD:
            topic, since = topic_id(self._db, query.topic), self.since(query.window)
            return self._unread.count(topic, since, self._grown_in(query), folded=query.folded)
        if query.filter is Filter.SAVED:
            return self._count_saved(query)
        condition, values = self._condition(query)
        (number,) = self._db.execute(
            f"SELECT count(*) FROM listing INDEXED BY by_newest WHERE {condition}", values
        ).fetchone()
        return int(number)

    @raises_store_error
    @one_snapshot
    def matching(self, text: str) -> array[int]:
        """Return the articles that a query finds, by rising id, whatever is listed: muted ones too.

        Raises :class:`QueryError`.
        """
        return self._story_search.articles(text)

    @raises_store_error
    @one_snapshot
    def hidden_from_search(self, query: Query) -> HiddenFromSearch:
        """Return how many stories the words of ``query`` would find with parts of the view lifted."""
        present = len(self.order(query))

        def more(other: Query) -> int:
            return 0 if other == query else max(0, self._count_found(other) - present)

        everywhere = query._replace(topic="", sources=(), provider="", within="")
        return HiddenFromSearch(
            window=more(query._replace(window=Window.ALL)),
            place=more(everywhere),
            filter=more(query._replace(filter=Filter.ALL)),
            folded=more(query._replace(folded=True)),
            all=more(everywhere._replace(window=Window.ALL, filter=Filter.ALL)),
        )

    @raises_store_error
    @one_snapshot
    def unknown_names(self, query: Query) -> list[str]:
        """Return a sentence for each provider and tag in a search that nothing has; asked if it finds nothing."""
        from tui_reader.storage.search_names import SearchNames  # seldom needed
        from tui_reader.storage.unknown_names import unknown_names

        names = cache(lambda: SearchNames(self._db).names(self.places()))
        return [said for text in (query.within, query.words) for said in unknown_names(text, self.matching, names)]

    def _count_found(self, query: Query) -> int:
        """Return how many a search lists, without keeping the list that it goes through."""
        is_found = self._story_search.found(query)
        if 1 not in is_found:
            return 0  # most words that find nothing find nothing anywhere
        order = self.order(query._replace(words="", within=""))
        return sum(map(is_found.__getitem__, order))

    @property
    def places(self) -> Callable[[], Sequence[ListedSource]]:
        """Returns the sources with the titles and folders that ``source:`` and ``folder:`` name in a query."""
        return self._story_search.places

    @places.setter
    def places(self, places: Callable[[], Sequence[ListedSource]]) -> None:
        self._story_search.places = places

    @raises_store_error
    @one_snapshot
    def view_count(self, query: Query) -> ViewCount:
        """Return how many stories ``query`` lists, and how many of them are unread; counted again after a change."""
        state = data_versions(self._db)
        if self._view_counts[0] != state:
            self._view_counts = (state, {})
        counts = self._view_counts[1]
        if query not in counts:
            order = self.order(query)
            counts[query] = ViewCount(len(order), len(self._unread.among(order, folded=query.folded)))
        return counts[query]

    @raises_store_error
    @one_snapshot
    def muted(self) -> dict[Mute, int]:
        """Return all mutes, as kind and word, and how many stories each hides."""
        by_mute = self._muted.by_mute()
        shown = set(self._listed(Query()))
        return {mute: len(ids & shown) for mute, ids in by_mute.items()}

    @raises_store_error
    @one_snapshot
    def hidden_by(self, mutes: Iterable[Mute]) -> dict[Mute, int]:
        """Return how many of the stories that are listed now each mute would hide."""
        listed = set(self._listed(Query())) - self._muted.ids()
        return {mute: len(self._muted.matching(*mute) & listed) for mute in mutes}

    @raises_store_error
    @one_snapshot
    def found_by(self, filters: Iterable[ArticleFilter]) -> list[int | None]:
        """Return of how many stories each filter finds an article, muted or not; ``None`` for a query that is none."""
        shown = set(self._listed(Query()))
        return [self._found_by(each, shown) for each in filters]

    @raises_store_error
    @one_snapshot
    def listed_among(self, articles: Iterable[int]) -> int:
        """Return how many of the stories that are listed now are led by one of these articles."""
        return len((set(self._listed(Query())) - self._muted.ids()).intersection(articles))

    def _found_by(self, each: ArticleFilter, shown: set[int]) -> int | None:
        try:
            found = self.filtered.of(each)
        except UnknownName:
            return 0
        except UsageError:
            return None
        return len(shown.intersection(found))

    @raises_store_error
    @one_snapshot
    def newest_among(self, articles: Collection[int], most: int) -> list[int]:
        """Return the newest of these articles, ``most`` at most."""
        wanted = frozenset(articles)
        every = Query(Sort.NEWEST, folded=True)
        found, _ = _filtered(
            lambda head: self._listed(every, head),
            lambda listed: array("I", [number for number in listed if number in wanted]),
            most,
        )
        return list(found[:most])

    @raises_store_error
    @one_snapshot
    def found_by_mute(self, kind: str, word: str) -> frozenset[int]:
        """Return the articles that a mute hides, whether it is one or not."""
        return self._muted.matching(kind, word.casefold())

    @raises_store_error
    def count_rated(self, articles: Collection[int]) -> int:
        """Return how many of these articles are rated here and not by their source."""
        (number,) = self._db.execute(
            "SELECT count(*) FROM json_each(?) f CROSS JOIN article a ON a.id = f.value WHERE a.rated = 1",
            (json.dumps(list(articles)),),
        ).fetchone()
        return int(number)

    @raises_store_error
    def newest(self) -> int | None:
        """Return the date of the newest article, in seconds since 1970."""
        row = self._db.execute(
            "SELECT published FROM listing INDEXED BY by_newest WHERE topic_id = 0 ORDER BY published DESC LIMIT 1"
        ).fetchone()
        return None if row is None else row[0]

    @raises_store_error
    def since(self, window: Window) -> int | None:
        """Return when a window begins, in seconds since 1970; ``None`` for all time.

        It is counted back from the newest article, or from the last run if that is dated later.
        """
        if window.seconds is None:
            return None
        (clock,) = self._db.execute("SELECT min(value) FROM state WHERE name = 'clock'").fetchone()
        newest = self.newest() or 0
        return min(newest, newest if clock is None else clock) - window.seconds

    def _grown_in(self, query: Query) -> Grown | None:
        """Return the stories that the window of ``query`` has though they began before it: articles came meanwhile."""
        since = self.since(query.window)
        if since is None or query.folded or query.filter is Filter.SAVED:
            return None  # each article is listed by itself
        from tui_reader.storage.grown_stories import GrownStories  # most lists are of all time

        self._grown = self._grown or GrownStories(self._db, self._story_search.leads)
        found = self._grown.since(since, self._muted.ids())
        return found if found.ids else None

    @raises_store_error
    @one_snapshot
    def unread_before(self, ids: Iterable[int], window: Window) -> list[int]:
        """Return those of these articles that are unread and dated before a window begins."""
        return self._unread.before(ids, self.since(window) or 0)

    @raises_store_error
    @one_snapshot
    def cooling(self) -> Cooling:
        """Return how heat fades in the order “hot”, as the list was sorted."""
        state = dict(self._db.execute("SELECT name, value FROM state WHERE name IN ('half-life', 'clock')"))
        newest = self.newest() or 0
        return Cooling(min(newest, state.get("clock", newest)), state.get("half-life", HALF_LIFE))

    @raises_store_error
    @one_snapshot
    def sample_numbers(self, query: Query) -> list[int]:
        """Return the numbers that lists in the order of ``query`` show, of some articles of its topic and window.

        The articles are spread over the topic or over the window, and always
        the same ones: 200 are found in 1 ms, while it takes 10 ms to go through
        half of a list of 100,000. Marks, words and sources do not matter.
        """
        condition, values = self._condition(Query(query.sort, query.window, query.folded, query.topic))
        if query.window.seconds is None:
            place, index, (least, most) = "article_id", "", (1, largest_id(self._db))
        else:
            newest = self.newest() or 0
            place, index, (least, most) = "published", "INDEXED BY by_newest", (newest - query.window.seconds, newest)
        step = max(1, (most - least) // _SAMPLE)
        found = self._db.execute(
            f"SELECT (SELECT article_id FROM listing {index} WHERE {condition} AND {place} >= value "
            f"ORDER BY {place} LIMIT 1) FROM json_each(?)",
            (*values, json.dumps(list(range(least, most + 1, step)))),
        )
        articles = {row[0] for row in found if row[0] is not None}
        column = _NUMBERS.get(query.sort, "heat")
        rows = self._db.execute(
            f"SELECT {column} FROM listing WHERE topic_id = ? AND article_id IN (SELECT value FROM json_each(?))",
            (values[0], json.dumps(list(articles))),
        ).fetchall()
        if query.sort is Sort.TRENDING:
            cooling = self.cooling()
            return [cooling.heat_of(score) for (score,) in rows]
        return [number or 0 for (number,) in rows]

    @raises_store_error
    def plan(self, query: Query) -> list[str]:
        """Return SQLite's query plan for :meth:`order`, one line per step."""
        condition, values = self._condition(query)
        index, order = _order(query)
        rows = self._db.execute(
            f"EXPLAIN QUERY PLAN SELECT article_id FROM listing INDEXED BY {index} WHERE {condition} "
            f"ORDER BY {order} LIMIT -1",
            values,
        )
        return [str(row[3]) for row in rows]

    def _listed(self, query: Query, limit: int = -1) -> array[int]:
        """Return what a query without words lists, including muted articles.

        SQLite puts the ids into one text, in a single step during which other
        threads run: with a step per row, the screen would wait for its turn
        between any two rows. The subquery has a ``LIMIT``, so SQLite does not
        flatten it (rule 4 of its query flattener) and the text is in its order.
        """
        condition, values = self._condition(query)
        index, order = _order(query)
        return self._ids(
            f"SELECT group_concat(article_id) FROM (SELECT article_id FROM listing INDEXED BY {index} "
            f"WHERE {condition} ORDER BY {order} LIMIT ?)",
            *values,
            limit,
        )

    def _history(self) -> ReadingHistory:
        from tui_reader.storage.reading_history import ReadingHistory  # only once somebody asks for it

        self._read_stories = self._read_stories or ReadingHistory(self._db, self._folded)
        return self._read_stories

    def _ids(self, statement: str, *values: str | int) -> array[int]:
        return id_array(self._db, statement, *values)

    def _unread_among(self, query: Query, limit: int) -> array[int]:
        """Return what ``query`` lists of the unread ones: of what it would list else, as much as is needed."""
        everything = query._replace(filter=Filter.ALL)
        unread, _ = _filtered(
            lambda head: self.order(everything, head),
            lambda listed: self._unread.among(listed, folded=query.folded),
            limit,
        )
        return unread[: None if limit < 0 else limit]

    @raises_store_error
    @one_snapshot
    def prepare_search(self, query: Query) -> None:
        """Read what every search of this list needs, so that the first one is as fast as the others."""
        self._story_search.prepare(query, self.order)

    @raises_store_error
    @one_snapshot
    def prepare_condition(self, field: str) -> None:
        """Read what a search with a condition on this field needs."""
        self._story_search.prepare_condition(field)

    def _search(self, query: Query) -> array[int]:
        return self._story_search.order(query, self.order)

    def _count_filtered(self, query: Query) -> int:
        if query.sources and query._replace(sort=Sort.HEAT, sources=()) == Query(folded=True):
            # Every article of a source is listed: the list itself need not be read.
            return len(set(self.sources.articles(query.sources)) - self._muted.ids())
        return len(self.order(query))

    def _from_sources(self, query: Query, limit: int) -> array[int]:
        """Return what ``query`` lists of its sources; the last complete list is cached.

        The articles of a few sources are looked up and sorted. Of many
        articles, the list without the sources is filtered: for its first
        articles, only as much of it as they need.
        """
        state = (query, *data_versions(self._db))
        if self._of_sources[0] == state:
            return self._of_sources[1][: None if limit < 0 else limit]
        wanted = self.sources.articles(query.sources) if query.folded else self.sources.stories(query.sources)
        muted = self._muted.ids()
        if len(wanted) <= _FEW:
            order = self._listed_among(query, [number for number in wanted if number not in muted])
        else:
            is_wanted = flags([number for number in wanted if number not in muted], largest_id(self._db))
            order, is_complete = _filtered(
                lambda head: self._listed(query, head),
                lambda listed: array("I", compress(listed, map(is_wanted.__getitem__, listed))),
                limit,
            )
            if not is_complete:
                return order[:limit]
        self._of_sources = (state, order)
        return order[: None if limit < 0 else limit]

    def _listed_among(self, query: Query, wanted: Sequence[int]) -> array[int]:
        """Return the articles in ``wanted`` that a query without words lists, in its order.

        ``CROSS JOIN`` looks each of them up; SQLite would rather go through
        the whole list in its order.
        """
        condition, values = self._condition(query)
        _, order = _ORDERS[query.sort]
        return self._ids(
            "SELECT group_concat(article_id) FROM (SELECT article_id FROM json_each(?) wanted CROSS JOIN listing "
            f"ON article_id = wanted.value WHERE {condition} ORDER BY {order} LIMIT -1)",
            json.dumps(list(wanted)),
            *values,
        )

    def _condition(self, query: Query) -> tuple[str, list[Any]]:
        """Return the condition on ``listing`` and the values to bind, that of the topic first."""
        parts = ["topic_id = ?"]
        values: list[Any] = [topic_id(self._db, query.topic)]
        if query.provider:
            parts.append("provider = ?")
            values.append(query.provider.casefold())
        # What was saved stays in sight, also when another article leads its story by now.
        if not query.folded and query.filter is not Filter.SAVED:
            parts.append("shown = 1")
        since = self.since(query.window)
        if grown := self._grown_in(query):
            if grown.oldest is not None:  # so the order by date is not read to its end
                parts.append("published >= ?")
                values.append(grown.oldest)
            parts.append("(published >= ? OR article_id IN (SELECT value FROM json_each(?)))")
            values += [since, json.dumps(list(grown.ids))]
        elif since is not None:
            parts.append("published >= ?")
            values.append(since)
        if query.filter is Filter.SAVED:
            parts.append("EXISTS (SELECT 1 FROM marks.mark m WHERE m.page = listing.page AND m.saved IS NOT NULL)")
        return " AND ".join(parts), values

    def _count_saved(self, query: Query) -> int:
        """Return how many saved articles a query without words lists; goes through the marks, not the articles."""
        condition, values = self._condition(query)
        (number,) = self._db.execute(
            "SELECT count(*) FROM marks.mark m CROSS JOIN article a ON a.page = m.page CROSS JOIN "
            f"(SELECT article_id FROM listing WHERE {condition}) l ON l.article_id = a.id WHERE m.saved IS NOT NULL",
            values,
        ).fetchone()
        return int(number)


def _order(query: Query) -> tuple[str, str]:
    """Return the index that a list is read from, and its order; the articles of one provider are few enough to sort."""
    index, order = _ORDERS[query.sort]
    return ("by_provider" if query.provider else index), order


def _filtered(
    listed: Callable[[int], array[int]], keep: Callable[[array[int]], array[int]], limit: int
) -> tuple[array[int], bool]:
    """Return what ``keep`` keeps of a list, and whether that is all; with ``limit``, at least so many if there are.

    ``listed`` returns the head of the list, of a length, or for a negative one
    all of it. For the first articles, only as much of it is read as they need.
    """
    head = limit
    while True:
        found = listed(head)
        kept = keep(found)
        if head < 0 or len(found) < head:
            return kept, True
        if len(kept) >= limit:
            return kept, False
        head *= 4
