"""The parts of the heat of a story, besides the quality of its lead."""

from __future__ import annotations

from tui_reader.named_tuple import NamedTuple


class HeatParts(NamedTuple):
    """What the heat of a story consists of, besides the quality of its lead.

    ``outlets`` counts the other outlets that tell the story, ``further`` the
    articles of outlets that count already; ``outlet_heat`` and ``further_heat``
    are what they add. ``rarity`` is for a lead from a source that seldom
    publishes. ``crowding`` is subtracted if the outlet alone tells better
    stories on the same day.
    """

    outlets: int = 0
    further: int = 0
    outlet_heat: int = 0
    further_heat: int = 0
    rarity: int = 0
    crowding: int = 0

    @property
    def coverage(self) -> int:
        """The heat that the related articles add."""
        return self.outlet_heat + self.further_heat

    @property
    def total(self) -> int:
        """The heat without the quality of the lead."""
        return self.coverage + self.rarity - self.crowding
