"""What makes the quality and the heat of articles that are rated here, in points."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple


class Weights(NamedTuple):
    """Points for what an article has. The defaults are those of the collections this reader was made for.

    ``tiers`` are points by a provider's domain; they count before those that
    come with the reader. ``other_provider`` is for whom neither names.
    ``long_title`` is in characters: each two beyond cost a point. ``related``
    is what each related article adds to the heat of a story.

    Stories whose lead has less than ``shown_quality``, or that have less heat
    than ``shown_heat``, are folded. The publisher of those collections shows
    from 50 and 70 on. The defaults show every story: who subscribes to a feed
    has chosen it already, and most feeds name no picture, no AMP form and no
    topic, so that nothing would be known of an independent writer's best
    article that makes quality. What is too much sinks in the order by heat.
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
        """Whether a story with a lead of this quality is shown."""
        return quality >= self.shown_quality and heat >= self.shown_heat


DEFAULT_WEIGHTS = Weights()
"""What counts unless the settings say something else."""
