"""Heat: how much a story is being talked about."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tui_reader.model.article import Article  # the reader needs the ramp alone

HEAT_PER_RELATED = 20
"""What each related entry adds; holds for over 99 % of the stories of the collections this reader was made for."""


def with_heat(article: Article) -> Article:
    """Return ``article`` with its heat filled in where the source does not say it.

    Heat is the quality plus 20 for each related entry. An unknown quality is
    not zero: with coverage, the coverage alone is the heat; with none, the
    heat is unknown as well.
    """
    if article.heat is not None or (article.quality is None and not article.related):
        return article
    return article._replace(heat=(article.quality or 0) + HEAT_PER_RELATED * len(article.related))


HEAT_STEPS = (50, 80, 110, 150, 220)
"""Where the heat ramp changes colour: from cool to hot in six colours."""


def heat_step(heat: int | None) -> int:
    """Return the place of ``heat`` on the ramp: 0 (cool or unknown) to 5 (hot)."""
    return 0 if heat is None else sum(heat >= step for step in HEAT_STEPS)
