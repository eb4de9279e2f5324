"""The way that a person walked from a story through its coverage."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple


class Place(NamedTuple):
    """A story that was left: where its page stood and what was selected in it."""

    article: int
    title: str
    selected: int | None
    scroll: int


@dataclass(slots=True)
class History:
    """The places behind the story that is open, the first one first."""

    places: list[Place] = field(default_factory=list)

    def go(self, place: Place) -> None:
        """Leave ``place`` for an article that it leads to."""
        self.places.append(place)

    def back(self) -> Place | None:
        """Return to the last place, or ``None`` where the way began."""
        return self.places.pop() if self.places else None

    def clear(self) -> None:
        """Begin a new way."""
        self.places.clear()
