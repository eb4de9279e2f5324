"""The lead of a story, its heat, and which stories the front page shows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from tui_reader.stories.heat import HEAT_PER_RELATED

HALF_LIFE = 2 * 86_400
"""Seconds over which heat halves in the order “hot”: a story two days old has to be twice as hot."""


class Rated(NamedTuple):
    """An article of a story with its quality; ``published`` is in seconds since 1970 (UTC)."""

    page: int
    published: int | None
    quality: int


class Story(NamedTuple):
    """Pages of a story: the lead, and the related by quality, the best first."""

    lead: int
    related: tuple[int, ...]
    heat: int


def story_of(members: Sequence[Rated], per_related: int = HEAT_PER_RELATED) -> Story:
    """Make a story of its articles: the best leads, the earliest of the equally good.

    Heat is the lead's quality and ``per_related`` for each related article.
    Raises :class:`ValueError` without articles.
    """
    if not members:
        raise ValueError("a story has at least one article")
    lead, *related = sorted(members, key=_rank)
    return Story(lead.page, tuple(one.page for one in related), lead.quality + per_related * len(related))


def _rank(one: Rated) -> tuple[int, bool, int, int]:
    return -one.quality, one.published is None, one.published or 0, one.page


class Floors(NamedTuple):
    """What a lead must reach to be shown; the rest is folded, and listed with “folded too”.

    The defaults show every story. Who subscribes to a feed has chosen it
    already, and most feeds name no picture, no AMP form and no topic: of an
    independent writer's best article nothing would be known that makes
    quality. What is too much sinks in the order by heat instead.
    """

    quality: int = 0
    heat: int = 0

    def shows(self, quality: int, heat: int) -> bool:
        """Whether the front page shows a story with such a lead."""
        return quality >= self.quality and heat >= self.heat


COLLECTION_FLOORS = Floors(50, 70)
"""What the publisher of the collections this reader was made for shows."""


def hot(heat: int, published: int | None, newest: int, half_life: float = HALF_LIFE) -> float:
    """Return heat as it has cooled since ``published``: half after each ``half_life`` seconds.

    Counted back from the ``newest`` article of all, never from the clock, so
    that an archive has a front page as well. What has no date is as cold as it gets.
    """
    if published is None or heat <= 0:
        return 0.0
    return float(heat * 0.5 ** (max(0, newest - published) / half_life))
