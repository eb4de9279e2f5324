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
    """

    image: int = 20
    amp: int = 20
    subtopic: int = 17
    root_in_title: int = 15
    other_provider: int = 2
    long_title: int = 70
    related: int = 20
    tiers: Mapping[str, int] = {}


USUAL = Weights()
"""What counts unless the settings say something else."""
