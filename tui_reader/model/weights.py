"""The weights, in points, from which the indexer computes quality and heat."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from tui_reader.named_tuple import NamedTuple


class Weight(StrEnum):
    """How much the articles of a source count, as the user wants it."""

    LESS = "less"
    NORMAL = "normal"
    MORE = "more"


WEIGHT_POINTS = {Weight.LESS: -20, Weight.NORMAL: 0, Weight.MORE: 20}
"""What the weight of a source adds to the quality of its articles: as much as one more outlet to the heat."""


class Weights(NamedTuple):
    """Points for the properties of an article that its source does not rate.

    ``tiers`` are points by provider domain, which override the built-in ones;
    other providers get ``other_provider``. Images and AMP pages get none by
    default: whether there are any depends on how a feed is written. A title
    costs one point for every ten characters beyond ``long_title``. ``related``
    is added to the heat of a story for each other outlet that tells it.

    Stories whose lead has a quality below ``shown_quality``, or whose heat is
    below ``shown_heat``, are folded. By default all stories are shown: users
    have chosen their feeds.
    """

    image: int = 0
    amp: int = 0
    subtopic: int = 5
    root_in_title: int = 5
    other_provider: int = 36
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
