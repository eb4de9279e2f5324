"""What a person wants of stories: topics of their own, and which articles belong together."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from tui_reader.model.topic import Topic
from tui_reader.model.trending import HALF_LIFE
from tui_reader.model.weights import DEFAULT_WEIGHTS, Weights


class Preferences(NamedTuple):
    """Topics that the person defines, topics that all articles of a source have (by location), and corrections.

    ``apart`` and ``together`` are pairs of pages that do not, or do, tell one
    story. Heat halves over ``half_life`` seconds in the order “hot”. ``weights``
    are for quality and heat.
    """

    topics: tuple[Topic, ...] = ()
    topics_by_source: Mapping[str, tuple[str, ...]] = {}
    apart: tuple[tuple[int, int], ...] = ()
    together: tuple[tuple[int, int], ...] = ()
    half_life: int = HALF_LIFE
    weights: Weights = DEFAULT_WEIGHTS
