"""A query for the list of stories: sort order, window, topic, filter and words."""

from __future__ import annotations

from enum import StrEnum

from tui_reader.model.dates import DAY
from tui_reader.named_tuple import NamedTuple


class Sort(StrEnum):
    """The order of the list; equal stories go newest first, then by address. Trending is heat that fades with age."""

    HEAT = "heat"
    NEWEST = "newest"
    QUALITY = "quality"
    PROVIDER = "provider"
    TRENDING = "hot"


class Window(StrEnum):
    """The span of time that the list covers, counted back from the newest article."""

    ALL = "all"
    MONTH = "month"
    WEEK = "week"
    DAY = "day"

    @property
    def seconds(self) -> int | None:
        """The length of the window in seconds; ``None`` for all time."""
        return {"month": 30 * DAY, "week": 7 * DAY, "day": DAY}.get(self.value)


class Filter(StrEnum):
    """Which stories to list by their marks; those that were read come in the order of reading."""

    ALL = "all"
    UNREAD = "unread"
    SAVED = "saved"
    READ = "read"


class Query(NamedTuple):
    """What the list shows.

    ``topic`` is a topic's name, or empty for all; ``folded`` lists folded
    articles too. ``sources`` are the locations of the sources to list, empty
    for all: their articles if folded ones are listed, else the stories that
    have an article of theirs. ``provider`` is the name of the only one to
    list, empty for all. ``words`` are what was typed into the search.
    ``within`` is the query of a smart view, among whose stories the words are
    searched.
    """

    sort: Sort = Sort.HEAT
    window: Window = Window.ALL
    folded: bool = False
    topic: str = ""
    filter: Filter = Filter.ALL
    words: str = ""
    sources: tuple[str, ...] = ()
    provider: str = ""
    within: str = ""

    @property
    def searches(self) -> bool:
        """Whether the list is searched: for words, or as a smart view."""
        return bool(self.words.strip() or self.within)


class HiddenFromSearch(NamedTuple):
    """How many more stories a search would find without a part of the view; 0 for a part that hides none.

    ``place`` is the topic, the folder or source, or the provider; ``folded``
    counts the articles that are listed by themselves then; ``all`` is without
    window, place and filter.
    """

    window: int = 0
    place: int = 0
    filter: int = 0
    folded: int = 0
    all: int = 0

    def most(self) -> str:
        """Return the name of the part without which the search finds the most; empty if none hides anything.

        Of several that find the same, it is the one that changes the least.
        """
        most = max(self)
        names = (name for name, hidden in zip(self._fields, self, strict=True) if hidden == most)
        return next(names) if most else ""
