"""Heat: how much a story is being talked about."""

from __future__ import annotations

from typing import TYPE_CHECKING

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


HEAT_STEPS = (50, 80, 110, 150, 220)
"""The heat values at which the heat ramp changes between its six colours."""


def heat_step(heat: int | None) -> int:
    """Return the step of ``heat`` on the ramp, from 0 (cool or unknown) to 5 (hot)."""
    return 0 if heat is None else sum(heat >= step for step in HEAT_STEPS)
