"""Heat: how much a story is being talked about, and the parts that it is the sum of."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from tui_reader.model.dates import DAY
from tui_reader.model.heat_parts import HeatParts

if TYPE_CHECKING:
    from tui_reader.model.article import Article

HEAT_PER_RELATED = 20
"""The heat that each related article adds: true of over 99 % of the stories of the collections we know."""


def with_heat(article: Article) -> Article:
    """Return ``article`` with its heat computed if the source does not give it.

    Heat is the quality plus 20 for each related article. Without a quality,
    heat is that of the coverage alone; without coverage as well, it is unknown.
    """
    if article.heat is not None or (article.quality is None and not article.related):
        return article
    return article._replace(heat=(article.quality or 0) + HEAT_PER_RELATED * len(article.related))


# -- stories made here -----------------------------------------------------------

_PER_FURTHER = 2  # for each further article of an outlet that counts already
_MOST_FURTHER = 10
_PER_PLACE = 4  # for each better story that the outlet alone tells on the same day
_MOST_CROWDING = 24

RATE_DAYS = 28
"""Days before the newest article of a source over which its articles are counted."""

# The articles in RATE_DAYS up to which a source gets the points, and how often that is.
_RARITY = (
    (4, 20, "about once a week or less"),
    (12, 16, "up to three times a week"),
    (28, 12, "up to once a day"),
    (84, 8, "up to three times a day"),
    (280, 4, "up to ten times a day"),
)


def coverage_parts(counted: Iterable[str], others: Sequence[str], per_outlet: int = HEAT_PER_RELATED) -> HeatParts:
    """Return what ``others``, the outlets of related articles, add to a story that the outlets ``counted`` tell."""
    outlets = len({*others} - {*counted})
    further = len(others) - outlets
    return HeatParts(outlets, further, per_outlet * outlets, min(_MOST_FURTHER, _PER_FURTHER * further))


def rarity(articles: int) -> int:
    """Return the points of a source for the number of articles that it publishes in :data:`RATE_DAYS`."""
    return next((points for most, points, _ in _RARITY if articles <= most), 0)


def rarity_words(points: int) -> str:
    """Say how often a source publishes that gets these ``points``."""
    return next((words for _, known, words in _RARITY if known == points), "")


def articles_published(known: int, span: int) -> int:
    """Return how many articles a source publishes in :data:`RATE_DAYS`.

    ``known`` articles are known of that time. If the first that is known of the
    source at all is only ``span`` seconds older than its newest, the rest is
    estimated: a feed that lists its last 20 articles may reach back an hour.
    """
    whole = RATE_DAYS * DAY
    return known if span >= whole else (known - 1) * whole // max(span, DAY)


def crowding(place: int, heat: int) -> int:
    """Return the points that a story of ``heat`` loses if its outlet has ``place`` better ones on that day."""
    return min(_PER_PLACE * place, _MOST_CROWDING, max(0, heat))


# -- colours -----------------------------------------------------------------------

_SHARES = (0.5, 0.3, 0.15, 0.06, 0.02)  # of a list: at most so many stories reach each further colour


def heat_limits(heats: Iterable[int]) -> list[int]:
    """Return the heats, in ascending order, that limit the colours of the ramp in a list of stories with these heats.

    They are quantiles; a list of one story has none.
    """
    hottest = sorted(heats, reverse=True)
    total = len(hottest)
    return [hottest[place] for share in _SHARES if (place := max(1, round(share * total))) < total]


def heat_step(heat: int | None, limits: Sequence[int]) -> int:
    """Return the step of ``heat`` on the ramp, from 0 (cool or unknown) to 5 (hot).

    It is one step for each of ``limits``, in ascending order, that is below
    the heat: equal stories have one colour, and a list of equals is cool.
    """
    return 0 if heat is None else bisect_left(limits, heat)
