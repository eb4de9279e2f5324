"""Finds the articles that a filter is about."""

from __future__ import annotations

from array import array
from collections.abc import Callable

from tui_reader.errors import UsageError
from tui_reader.model.article_filter import ArticleFilter


class FilteredArticles:
    """The ids of the articles that filters find, muted ones included."""

    def __init__(self, matching: Callable[[str], array[int]], of_source: Callable[[str], array[int]]) -> None:
        """``matching`` returns what a query finds, by rising id; ``of_source`` the articles of a source."""
        self._matching = matching
        self._of_source = of_source

    def of(self, each: ArticleFilter) -> array[int]:
        """Return what a filter finds, by rising id. Raises :class:`UsageError` for a query that is none."""
        if not each.query.strip():
            return array("I", sorted(self._of_source(each.source)))
        found = self._matching(each.query)
        if not each.source:
            return found
        wanted = set(self._of_source(each.source))
        return array("I", [number for number in found if number in wanted])

    def of_valid(self, each: ArticleFilter) -> array[int]:
        """Return what a filter finds; nothing for one whose query this version does not understand.

        The list of filters and the indexer say that it does not.
        """
        try:
            return self.of(each)
        except UsageError:
            return array("I")
