"""What the list is asked to show: order, window, topic, words."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple

from tui_reader.model.dates import DAY


class Sort(StrEnum):
    """The order of the list. Ties go newest first, then by address. Hot is heat, cooled with age."""

    HEAT = "heat"
    NEWEST = "newest"
    QUALITY = "quality"
    PROVIDER = "provider"
    TRENDING = "hot"


class Window(StrEnum):
    """The span of time that the list covers, back from the newest article."""

    ALL = "all"
    MONTH = "month"
    WEEK = "week"
    DAY = "day"

    @property
    def seconds(self) -> int | None:
        """The length of the window in seconds; ``None`` for all time."""
        return {"month": 30 * DAY, "week": 7 * DAY, "day": DAY}.get(self.value)


class Filter(StrEnum):
    """Which stories of a topic: all of them, or those with a mark."""

    ALL = "all"
    UNREAD = "unread"
    SAVED = "saved"


class Query(NamedTuple):
    """One view of the front page. ``topic`` is a topic's name or empty for all."""

    sort: Sort = Sort.HEAT
    window: Window = Window.ALL
    folded: bool = False
    topic: str = ""
    filter: Filter = Filter.ALL
    words: str = ""
