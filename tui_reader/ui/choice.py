"""What a line of the sidebar stands for, and the query that lists it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui_reader.model.query import Filter, Query, Sort
from tui_reader.model.source_tree import Branch
from tui_reader.named_tuple import NamedTuple

if TYPE_CHECKING:
    from tui_reader.subscriptions.views import SmartView


class Choice(NamedTuple):
    """A topic, a filter, a folder or source, or a smart view; none of them for all stories."""

    topic: str = ""
    filter: Filter = Filter.ALL
    branch: Branch | None = None
    view: SmartView | None = None

    def same(self, other: Choice) -> bool:
        """Whether both stand for the same; a folder stays the same with other sources in it."""
        return self._identity() == other._identity()

    def _identity(self) -> tuple[object, ...]:
        if self.view is not None:
            return ("view", self.view.name)
        branch = self.branch
        if branch is None:
            return self.topic, self.filter
        return (branch.is_folder, branch.folder) if branch.is_folder else branch.sources

    @property
    def label(self) -> str:
        """The name of a folder, source or smart view; empty for anything else."""
        return self.branch.label if self.branch is not None else self.view.name if self.view is not None else ""

    def place(self, listed: Query) -> str:
        """Return the name of what is listed instead or in it: a provider, or else the line; empty for everything."""
        return listed.provider or self.label or listed.topic

    @property
    def is_apart(self) -> bool:
        """Whether the list has an order or a window of its own, which are not those of the front page."""
        if self.view is not None:
            return self.view.sort is not None or self.view.window is not None
        return self.branch is not None and not self.branch.is_folder

    def query(self, outside: Query) -> Query:
        """Return the query for the list; ``outside`` is that of the front page, with the words of a search.

        A source lists all its articles, the newest first, whatever the view is
        otherwise; a smart view may have an order and a window of its own.
        """
        sources = () if self.branch is None else self.branch.sources
        if self.branch is not None and not self.branch.is_folder:
            return Query(Sort.NEWEST, folded=True, words=outside.words, sources=sources)
        query = outside._replace(topic=self.topic, filter=self.filter, sources=sources, provider="", within="")
        return query if self.view is None else self.view.apply(query)
