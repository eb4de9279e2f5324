"""Finds the articles that the user has muted, by a mute or by a filter."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable, Collection, Iterable, Mapping
from typing import TYPE_CHECKING, TypeAlias

from tui_reader.storage.topics import topic_id
from tui_reader.storage.versions import data_versions, other_versions

if TYPE_CHECKING:
    from tui_reader.model.article_filter import ArticleFilter

Mute = tuple[str, str]
"""The kind of a mute (keyword, provider or topic) and its word."""


MUTES = "SELECT kind, word FROM marks.mute WHERE typeof(kind) = 'text' AND typeof(word) = 'text' ORDER BY kind, word"
"""Reads the mutes; another program may have stored what is none."""


_DEPENDS_ON_MARKS = ("is:", "has:", "tag:", "note:")  # in the query of a filter

Found: TypeAlias = "Callable[[ArticleFilter], Iterable[int]]"
"""Returns the articles that a filter finds."""


class MutedArticles:
    """The ids of the muted articles, cached until the index or the marks change; needs the marks attached."""

    def __init__(self, connection: sqlite3.Connection, found: Found) -> None:
        self._db = connection
        self._found = found
        self._versions: tuple[int, ...] = ()
        self._state: tuple[object, ...] = ()  # all that decides about what is muted
        self._by_mute: dict[Mute, frozenset[int]] = {}
        self.known: frozenset[int] = frozenset()
        """What :meth:`ids` returned last."""

    def ids(self) -> frozenset[int]:
        """Return the ids of all muted articles."""
        self._update()
        return self.known

    def by_mute(self) -> Mapping[Mute, frozenset[int]]:
        """Return the ids of the articles that each mute matches."""
        self._update()
        return self._by_mute

    def _update(self) -> None:
        versions = data_versions(self._db)
        if versions == self._versions:
            return
        self._versions = versions  # first: what finds the articles of a filter may ask what is muted
        try:
            mutes = self._db.execute(MUTES).fetchall()
            filters = self._filters()
            by_marks = any(name in each.query.casefold() for each in filters for name in _DEPENDS_ON_MARKS)
            state = (mutes, filters, versions if by_marks else other_versions(self._db)[0])
            if state != self._state:  # not after a mark that mutes nothing
                self._by_mute = {(kind, word): self.matching(kind, word) for kind, word in mutes}
                found: list[Collection[int]] = [frozenset(self._found(each)) for each in filters]
                self.known = frozenset().union(*self._by_mute.values(), *found)
                self._state = state
        except BaseException:
            self._versions = ()
            raise

    def _filters(self) -> list[ArticleFilter]:
        """Return the filters that mute."""
        has_some = "SELECT EXISTS (SELECT 1 FROM marks.filter WHERE action = 'mute')"
        if not self._db.execute(has_some).fetchone()[0]:
            return []
        from tui_reader.storage.filters import muting  # many have none

        return muting(self._db)

    def matching(self, kind: str, word: str) -> frozenset[int]:
        """Return the ids of the articles that a mute matches, whether it is one or not."""
        if kind == "topic":
            return self._with_topic(word)
        return self._by_provider(word) if kind == "provider" else self._with_keyword(word)

    def _with_topic(self, name: str) -> frozenset[int]:
        rows = self._db.execute("SELECT article_id FROM listing WHERE topic_id = ?", (topic_id(self._db, name),))
        return frozenset(row[0] for row in rows)

    def _by_provider(self, name: str) -> frozenset[int]:
        """Return the articles of a provider, by its name or, if it has a dot, its domain."""
        rows = self._db.execute(
            "SELECT article_id FROM listing INDEXED BY by_provider WHERE topic_id = 0 AND provider = :name "
            "UNION SELECT id FROM article WHERE instr(:name, '.') AND indexed = 1 AND domain = :name",
            {"name": name},
        )
        return frozenset(row[0] for row in rows)

    def _with_keyword(self, keyword: str) -> frozenset[int]:
        from tui_reader.storage.search import match_queries  # only if a word is muted

        queries = match_queries(keyword, phrase=True)
        if not queries:
            return frozenset()
        found = self._db.execute(
            "SELECT id, title FROM article WHERE id IN (SELECT rowid FROM search WHERE search MATCH ?)",
            (f"title : {queries[0]}",),
        )
        whole_words = re.compile(rf"(?<!\w){re.escape(keyword)}(?!\w)")
        return frozenset(number for number, title in found if whole_words.search(title.casefold()))
