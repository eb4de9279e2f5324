"""The weights, in points, from which the indexer computes quality and heat."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import NamedTuple


class Weight(StrEnum):
    """How much the articles of a source count, as the user wants it."""

    LESS = "less"
    NORMAL = "normal"
    MORE = "more"


class Weights(NamedTuple):
    """Points for the properties of an article. The defaults are those of the collections this reader was made for.

    ``tiers`` are points by provider domain, which override the built-in ones;
    other providers get ``other_provider``. A title costs one point for every
    two characters beyond ``long_title``. ``related`` is added to the heat of a
    story for each related article.

    Stories whose lead has a quality below ``shown_quality``, or whose heat is
    below ``shown_heat``, are folded. The publisher of those collections uses 50
    and 70. By default all stories are shown: users have chosen their feeds, and
    most feeds give no picture, AMP form or topic, so even the best article of
    an independent writer would have a low quality.
    """

    image: int = 20
    amp: int = 20
    subtopic: int = 17
    root_in_title: int = 15
    other_provider: int = 2
    long_title: int = 70
    related: int = 20
    shown_quality: int = 0
    shown_heat: int = 0
    tiers: Mapping[str, int] = {}

    def shows(self, quality: int, heat: int) -> bool:
        """Whether a story with this heat, and a lead of this quality, is shown."""
        return quality >= self.shown_quality and heat >= self.shown_heat


DEFAULT_WEIGHTS = Weights()
"""The weights without settings."""
