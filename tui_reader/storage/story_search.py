"""Searches stories: a story is found if any of its articles matches, folded or not."""

from __future__ import annotations

import re
import sqlite3
from array import array
from collections.abc import Callable, Iterable, Sequence
from itertools import compress
from typing import TYPE_CHECKING, TypeVar

from tui_reader.model.query import Filter, Query
from tui_reader.model.story import Match
from tui_reader.named_tuple import NamedTuple
from tui_reader.storage.article_sets import Picker
from tui_reader.storage.mutes import MutedArticles
from tui_reader.storage.read_articles import FoldedArticles, ReadArticles, largest_id
from tui_reader.storage.source_articles import SourceArticles
from tui_reader.storage.statements import select_by_id
from tui_reader.storage.story_leads import StoryLeads
from tui_reader.storage.versions import data_versions

if TYPE_CHECKING:
    from tui_reader.model.source_tree import ListedSource
    from tui_reader.storage.expression_search import ExpressionSearch


_Value = TypeVar("_Value")

_NAMES_SOURCES = re.compile("(?:source|folder):", re.IGNORECASE)


_State = tuple[object, ...]  # what was asked, and the versions of index and marks
_LISTS = 3  # lists that are kept: the one that is searched, and those that are only counted
_SEARCHES = 8


class _Found(NamedTuple):
    """Flags by article id: for each article that matches some words, and for each that is listed for them."""

    members: bytes
    flags: bytes


class StorySearch:
    """Finds stories by a query, as fast as somebody types; needs the marks attached.

    The connection must not write to the index.
    """

    def __init__(
        self,
        connection: sqlite3.Connection,
        muted: MutedArticles,
        read: ReadArticles,
        folded: FoldedArticles,
        sources: SourceArticles,
    ) -> None:
        self._db = connection
        self._muted = muted
        self.leads = StoryLeads(connection, folded)
        """The lead of each article's story."""
        self._shared = (read, sources, self.leads)
        self._expressions: ExpressionSearch | None = None
        self.places: Callable[[], Sequence[ListedSource]] = self._indexed_sources
        """Returns the sources with the titles and folders that they are named by in a query."""
        # The last lists that were searched, and what was found last.
        self._listed: dict[_State, Picker] = {}
        self._found: dict[_State, _Found] = {}

    def order(self, query: Query, listed: Callable[[Query], array[int]]) -> array[int]:
        """Return what ``query`` lists, in its order; ``listed`` returns what it lists without its words.

        The list without the words is cached, because the same one is searched
        at every key typed. The full-text index finds the matches among 100,000
        articles in 1 to 10 ms; a join would go through the list each time.
        """
        order = self._without_words(query, listed)
        return array("I", order.pick(self._search(query, order.largest).flags))

    def prepare(self, query: Query, listed: Callable[[Query], array[int]]) -> None:
        """Read what every search of this list needs."""
        self._without_words(query, listed)
        self._searched().prepare()
        if not _lists_articles(query):
            self.leads.by_article()

    def _without_words(self, query: Query, listed: Callable[[Query], array[int]]) -> Picker:
        """Return the list that is searched."""
        everything = query._replace(words="", within="")
        state = (everything, *data_versions(self._db))
        if state not in self._listed:
            _keep(self._listed, state, Picker(listed(everything)), _LISTS)
        return self._listed[state]

    def prepare_condition(self, field: str) -> None:
        """Read what a search with a condition on this field needs."""
        self._searched().prepare(field)

    def matches(self, query: Query, stories: Iterable[int]) -> dict[int, Match]:
        """Return the article that matches, for each of these stories whose lead does not."""
        if _lists_articles(query):
            return {}
        own = self._search(query, 0).members

        def has(article: int) -> bool:
            return article < len(own) and own[article] == 1

        others = [story for story in stories if not has(story)]
        # The publisher's order of the coverage begins with the best of it.
        related = dict(select_by_id(self._db, "SELECT id, related FROM article WHERE id IN ({ids})", others))
        found = {story: next(filter(has, array("I", packed or b"")), 0) for story, packed in related.items()}
        if not all(found.values()):
            # The story lists the article by another address of it.
            story_of = self.leads.by_article()
            for article in compress(range(len(own)), own):
                if found.get(story_of[article], 1) == 0:
                    found[story_of[article]] = article
        statement = "SELECT id, title, provider FROM article WHERE id IN ({ids})"
        named = {match[0]: Match(*match) for match in select_by_id(self._db, statement, list(set(found.values())))}
        return {story: named[article] for story, article in found.items() if article in named}

    def found(self, query: Query) -> bytes:
        """Return a flag for each article that is listed for the words of ``query``, by article id."""
        return self._search(query, largest_id(self._db)).flags

    def _named_sources(self) -> Sequence[ListedSource]:
        return self.places()

    def _indexed_sources(self) -> list[ListedSource]:
        from tui_reader.model.source_tree import ListedSource

        return [ListedSource(*row) for row in self._db.execute("SELECT location, title FROM source")]

    def _search(self, query: Query, largest: int) -> _Found:
        """Return what matches the words of ``query``; the flags reach up to the id ``largest`` at least."""
        words, within = query.words if query.words.strip() else "", query.within
        # What sources are called may change though the index does not.
        names = tuple(self.places()) if _NAMES_SOURCES.search(f"{within} {words}") else ()
        state = (words, within, names, _lists_articles(query), *data_versions(self._db))
        found = self._found.get(state)
        if found is None or len(found.flags) <= largest:
            members = self._members(words, within)
            # Mostly the same is found with a letter more.
            alike = (each for at, each in self._found.items() if at[3:] == state[3:] and each.members == members)
            if same := next(alike, None):
                listed = same.flags
            else:
                listed = members if _lists_articles(query) else bytes(self.leads.of_members(members))
            found = _Found(members, listed.ljust(largest + 1, b"\0"))
            _keep(self._found, state, found, _SEARCHES)
        return found

    def _members(self, words: str, within: str) -> bytes:
        """Return a flag for each article that is found and not muted, by article id."""
        members = self._searched().members(words, within)
        muted = self._muted.ids()
        if not muted:
            return members
        unmuted = bytearray(members)
        for article in muted:
            if article < len(unmuted):
                unmuted[article] = 0
        return bytes(unmuted)

    def articles(self, text: str, within: str = "") -> array[int]:
        """Return what a query finds among what ``within`` finds, by rising id, muted articles included.

        Raises :class:`QueryError`.
        """
        return self._searched().articles(text, within)

    def _searched(self) -> ExpressionSearch:
        if self._expressions is None:
            from tui_reader.storage.expression_search import ExpressionSearch, Shared  # the first list has no words

            self._expressions = ExpressionSearch(self._db, Shared(*self._shared), self._named_sources)
        return self._expressions


def _keep(known: dict[_State, _Value], state: _State, value: _Value, most: int) -> None:
    """Keep a value, and forget the oldest one if there are too many."""
    known.pop(state, None)
    while len(known) >= most:
        known.pop(next(iter(known)))
    known[state] = value


def _lists_articles(query: Query) -> bool:
    """Whether a list has folded articles by themselves: those are searched by themselves too."""
    return query.folded or query.filter is Filter.SAVED
