"""The history of a walk from a story through its coverage."""

from __future__ import annotations

from dataclasses import dataclass, field

from tui_reader.named_tuple import NamedTuple


class Place(NamedTuple):
    """An article that was left: ``selected`` in its coverage, ``scroll`` in lines.

    ``article`` is its number in the index, ``page`` the number of its web
    page, which stays the same when another index is opened.
    """

    article: int
    page: int
    title: str
    selected: int | None
    scroll: int


@dataclass(slots=True)
class History:
    """The articles that led to the one that is open, the first one first."""

    places: list[Place] = field(default_factory=list)

    def push(self, place: Place) -> None:
        """Add the article that is being left."""
        self.places.append(place)

    def back(self) -> Place | None:
        """Take the last article off the history and return it; ``None`` if there is none."""
        return self.places.pop() if self.places else None

    def clear(self) -> None:
        """Forget all articles."""
        self.places.clear()
