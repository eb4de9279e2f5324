"""Searches stories: a story is found if any of its articles matches, folded or not."""

from __future__ import annotations

import sqlite3
from array import array
from bisect import bisect_left
from collections.abc import Callable, Iterable
from itertools import compress

from tui_reader.model.query import Filter, Query
from tui_reader.model.story import Match
from tui_reader.named_tuple import NamedTuple
from tui_reader.storage.mutes import MutedArticles
from tui_reader.storage.read_articles import FoldedArticles, flags, id_array, largest_id
from tui_reader.storage.search import is_valid_query, match_query
from tui_reader.storage.statements import select_by_id
from tui_reader.storage.versions import data_versions, other_versions


class _Found(NamedTuple):
    """The articles that match some words, by rising id, and a flag for each that is listed for them, by article id."""

    state: tuple[object, ...]
    ids: array[int]
    flags: bytearray


class StorySearch:
    """Finds stories by words, as fast as somebody types; needs the marks attached.

    The connection must not write to the index.
    """

    def __init__(self, connection: sqlite3.Connection, muted: MutedArticles, folded: FoldedArticles) -> None:
        self._db = connection
        self._muted = muted
        self._folded = folded
        # The last list that was searched, with its query and versions.
        self._listed: tuple[tuple[object, ...], array[int]] = ((), array("I"))
        self._largest = 0  # the largest id in it
        self._found = _Found((), array("I"), bytearray())
        # The story of each article, and the version of the index.
        self._stories: tuple[int, array[int]] = (-1, array("I"))
        # The articles with a full text, and the version of the index.
        self._full: tuple[int, frozenset[int]] = (-1, frozenset())

    def order(self, query: Query, listed: Callable[[Query], array[int]]) -> array[int]:
        """Return what ``query`` lists, in its order; ``listed`` returns what it lists without its words.

        The list without the words is cached, because the same one is searched
        at every key typed. The full-text index finds the matches among 100,000
        articles in 1 to 10 ms; a join would go through the list each time.
        """
        order = self.prepare(query, listed)
        is_found = self._search(query, self._largest).flags
        return array("I", compress(order, map(is_found.__getitem__, order)))

    def prepare(self, query: Query, listed: Callable[[Query], array[int]]) -> array[int]:
        """Read what every search of this list needs, and return the list without its words."""
        everything = query._replace(words="")
        state = (everything, *data_versions(self._db))
        if self._listed[0] != state:
            self._listed = (state, listed(everything))
            self._largest = max(self._listed[1], default=0)
        if not _lists_articles(query):
            self._story_of()
        return self._listed[1]

    def matches(self, query: Query, stories: Iterable[int]) -> dict[int, Match]:
        """Return the article that matches, for each of these stories whose lead does not."""
        if _lists_articles(query):
            return {}
        own = self._search(query, 0).ids
        others = [story for story in stories if not _has(own, story)]
        # The publisher's order of the coverage begins with the best of it.
        related = dict(select_by_id(self._db, "SELECT id, related FROM article WHERE id IN ({ids})", others))
        found = {
            story: next((article for article in array("I", packed or b"") if _has(own, article)), 0)
            for story, packed in related.items()
        }
        if not all(found.values()):
            # The story lists the article by another address of it.
            story_of = self._story_of()
            for article in own:
                if found.get(story_of[article], 1) == 0:
                    found[story_of[article]] = article
        statement = "SELECT id, title, provider FROM article WHERE id IN ({ids})"
        named = {match[0]: Match(*match) for match in select_by_id(self._db, statement, list(set(found.values())))}
        return {story: named[article] for story, article in found.items() if article in named}

    def _search(self, query: Query, largest: int) -> _Found:
        """Return what matches the words of ``query``; the flags reach up to the id ``largest`` at least."""
        state = (query.words, _lists_articles(query), *data_versions(self._db))
        found = self._found
        if found.state != state or len(found.flags) <= largest:
            ids = self._matching(query.words)
            if muted := self._muted.ids():
                ids = array("I", [article for article in ids if article not in muted])
            highest = ids[-1] if ids else 0
            stories: Iterable[int] = ids
            if not _lists_articles(query):
                story_of = self._story_of(highest)
                highest = len(story_of) - 1
                stories = map(story_of.__getitem__, ids)
            self._found = found = _Found(state, ids, flags(stories, max(largest, highest)))
        return found

    def _matching(self, words: str) -> array[int]:
        match = match_query(words)
        if match is None or not is_valid_query(self._db, match):
            return array("I")
        # SQLite finds them by rising id, so that they need not be sorted.
        found = id_array(
            self._db,
            "SELECT group_concat(rowid) FROM (SELECT rowid FROM search WHERE search MATCH ? ORDER BY rowid LIMIT -1)",
            match,
        )
        version, _ = other_versions(self._db)
        if self._full[0] != version:
            numbers = id_array(self._db, "SELECT group_concat(article_id) FROM full_text")
            self._full = (version, frozenset(numbers))
        return self._with_texts(found, match) if self._full[1] else found

    def _with_texts(self, found: array[int], match: str) -> array[int]:
        """Return what matches if the articles with a full text are found by that too."""
        rows = self._db.execute("SELECT rowid FROM full_text_search WHERE full_text_search MATCH ?", (match,))
        others = (number for number in found if number not in self._full[1])
        return array("I", sorted({number for (number,) in rows}.union(others)))

    # -- the story of an article -------------------------------------------------

    def _story_of(self, largest: int = 0) -> array[int]:
        """Return the lead of the story of each article up to the id ``largest`` at least, by article id.

        That of an article that is in no other story is the article itself.
        """
        version, _ = other_versions(self._db)
        if self._stories[0] != version or len(self._stories[1]) <= largest:
            story_of = array("I", range(max(largest, largest_id(self._db)) + 1))
            for article, lead in self._folded.pairs():
                story_of[article] = lead
            if self._db.execute("SELECT EXISTS (SELECT 1 FROM file WHERE rated = 0)").fetchone()[0]:
                self._add_folded_by_sources(story_of)
            self._stories = (version, story_of)
        return self._stories[1]

    def _add_folded_by_sources(self, story_of: array[int]) -> None:
        """Set the story of the articles that their source folds: the hottest that mentions one of their addresses."""
        leads = id_array(
            self._db,
            "SELECT group_concat(article_id) FROM (SELECT article_id FROM listing INDEXED BY by_heat "
            "WHERE topic_id = 0 AND shown = 1 ORDER BY heat DESC, published DESC LIMIT -1)",
        )
        rank = array("I", [len(leads)]) * len(story_of)
        for place, lead in enumerate(leads):
            rank[lead] = place
        folded = (
            "CROSS JOIN listing l ON l.topic_id = 0 AND l.article_id = {article} AND l.shown = 0 "
            "AND NOT EXISTS (SELECT 1 FROM folded WHERE article_id = l.article_id)"
        )
        mentioned = f"SELECT l.article_id, m.articles FROM mention m {folded.format(article='m.target_id')}"
        # A page that is only mentioned may have an address of an article.
        by_another_address = (
            "SELECT l.article_id, m.articles FROM mention m CROSS JOIN article page ON page.id = m.target_id "
            "AND page.indexed = 0 CROSS JOIN address mine ON mine.article_id = page.id "
            f"CROSS JOIN address twin ON twin.page = mine.page {folded.format(article='twin.article_id')}"
        )
        for statement in (mentioned, by_another_address):
            for article, packed in self._db.execute(statement):
                lead = min(array("I", packed), key=rank.__getitem__)
                if rank[lead] < rank[story_of[article]]:
                    story_of[article] = lead


def _has(rising: array[int], number: int) -> bool:
    """Whether a number is among others that rise."""
    place = bisect_left(rising, number)
    return place < len(rising) and rising[place] == number


def _lists_articles(query: Query) -> bool:
    """Whether a list has folded articles by themselves: those are searched by themselves too."""
    return query.folded or query.filter is Filter.SAVED
