"""Tells which articles and stories come from some sources, and how many of them are unread."""

from __future__ import annotations

import sqlite3
from array import array
from collections.abc import Iterable

from tui_reader.named_tuple import NamedTuple
from tui_reader.storage.errors import raises_store_error
from tui_reader.storage.mutes import MutedArticles
from tui_reader.storage.read_articles import FoldedArticles, ReadArticles, flags
from tui_reader.storage.transactions import one_snapshot
from tui_reader.storage.versions import data_versions, other_versions

Sources = tuple[str, ...]
"""The locations of sources."""


class SourceCount(NamedTuple):
    """How many articles some sources have, each counted once, and how many of them have no read mark."""

    articles: int
    unread: int


class SourceArticles:
    """The ids of the articles of sources, cached until the index changes; needs the marks attached.

    A step of SQLite for each article would take far longer than one that puts
    all ids of a source into a text. The connection must not write to the index.
    """

    def __init__(
        self, connection: sqlite3.Connection, muted: MutedArticles, read: ReadArticles, folded: FoldedArticles
    ) -> None:
        self._db = connection
        self._muted = muted
        self._read = read
        self._folded = folded
        self._version = -1
        self._articles: dict[Sources, array[int]] = {}
        self._stories: dict[Sources, array[int]] = {}
        self._leads: dict[int, int] | None = None  # the lead of each folded article
        self._is_seen: tuple[tuple[int, ...], bytearray] = ((), bytearray())

    def articles(self, sources: Sources) -> array[int]:
        """Return the ids of all articles of ``sources``, each once."""
        self._update()
        if sources not in self._articles:
            parts = [self._articles.get((source,), array("I")) for source in sources]
            every = array("I", set[int]().union(*parts)) if len(parts) != 1 else parts[0]
            self._articles[sources] = every
        return self._articles[sources]

    def stories(self, sources: Sources) -> array[int]:
        """Return the ids of the stories that have an article of ``sources``, as their lead or folded under it.

        Articles that their source itself folds are there too.
        """
        articles = self.articles(sources)
        if sources not in self._stories:
            if self._leads is None:
                self._leads = dict(self._folded.pairs())
            lead_of = self._leads.get
            self._stories[sources] = array("I", {lead_of(article, article) for article in articles})
        return self._stories[sources]

    @raises_store_error
    @one_snapshot
    def counts(self, groups: Iterable[Sources]) -> list[SourceCount]:
        """Return the counts of several groups of sources. Muted articles are no unread ones."""
        each = [self.articles(sources) for sources in groups]
        is_seen = self._seen(max((max(articles, default=0) for articles in each), default=0))
        return [
            SourceCount(len(articles), len(articles) - sum(map(is_seen.__getitem__, articles))) for articles in each
        ]

    def _seen(self, largest: int) -> bytearray:
        """Return a flag for each article id: 1 if it is read or muted."""
        versions = (*data_versions(self._db), largest)
        if self._is_seen[0] != versions:
            seen = (*self._read.ids(), *self._muted.ids())
            self._is_seen = (versions, flags(seen, max(largest, max(seen, default=0))))
        return self._is_seen[1]

    def _update(self) -> None:
        version, _ = other_versions(self._db)
        if version == self._version:
            return
        rows = self._db.execute(
            "SELECT s.location, group_concat(DISTINCT f.article_id) FROM source s "
            "JOIN file f INDEXED BY file_of_source ON f.source_id = s.id AND f.article_id IS NOT NULL GROUP BY s.id"
        )
        self._articles = {(location,): array("I", map(int, ids.split(","))) for location, ids in rows}
        self._stories, self._leads = {}, None
        self._version = version
