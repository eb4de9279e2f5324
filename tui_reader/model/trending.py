"""The order “hot”: heat that fades with age, and the number that a story is shown with in each order."""

from __future__ import annotations

from math import log2

from tui_reader.model.query import Sort
from tui_reader.named_tuple import NamedTuple

HALF_LIFE = 86_400
"""The default number of seconds over which heat halves in the order “hot”."""


def trending_score(heat: int | None, published: int | None, half_life: int = HALF_LIFE) -> int | None:
    """Return a score that sorts stories by faded heat, the greatest first; ``None`` without heat or date.

    Heat halves with every ``half_life`` seconds of age, so a story with twice
    the heat ranks with one that is a half-life younger. The score is the date
    (seconds since 1970) at which a story with heat 1 would rank equally, so it
    does not depend on the present time.
    """
    if heat is None or heat <= 0 or published is None:
        return None
    return round(published + half_life * log2(heat))


class Cooling(NamedTuple):
    """How heat fades: ages are counted back from ``newest`` (seconds since 1970), so that archives work as well.

    An article that is dated later, in the future, counts as published then.
    """

    newest: int
    half_life: int = HALF_LIFE

    def age(self, published: int) -> int:
        """Return the age of an article in seconds."""
        return max(0, self.newest - published)

    def factor(self, published: int) -> float:
        """Return what heat is multiplied with, from 0 to 1."""
        return float(2.0 ** (-self.age(published) / self.half_life))

    def cooled(self, heat: int | None, published: int | None) -> int | None:
        """Return the faded heat; ``None`` without heat or date.

        It is computed from the score that the list is sorted by: the numbers
        of a sorted list never rise, however they are rounded.
        """
        if heat is None or heat < 0 or published is None:
            return None
        return self.heat_of(trending_score(heat, min(published, self.newest), self.half_life))

    def heat_of(self, score: int | None) -> int:
        """Return the faded heat of an article with this score."""
        return 0 if score is None else round(2.0 ** ((score - self.newest) / self.half_life))


def number_shown(
    sort: Sort, heat: int | None, quality: int | None, published: int | None, cooling: Cooling
) -> int | None:
    """Return the number to show for an article: what ``sort`` sorts by, or its heat; ``None`` if it is unknown."""
    if sort is Sort.TRENDING:
        return cooling.cooled(heat, published)
    number = quality if sort is Sort.QUALITY else heat
    return None if number is None or number < 0 else number
