"""How hot a story is now: its heat, cooled since it came out."""

from __future__ import annotations

from math import log2

HALF_LIFE = 2 * 86_400
"""Seconds over which heat halves in the order “hot”, unless the settings say something else."""


def trending_score(heat: int | None, published: int | None, half_life: int = HALF_LIFE) -> int | None:
    """Return a number by which stories stand in the order of their cooled heat, the hottest the greatest.

    Heat halves with every ``half_life`` seconds of age, so a story that is
    twice as hot stands beside one that is a half-life younger: the number is
    the moment at which a story of heat 1 would be as hot. It depends on no
    clock. ``None`` where heat or date are unknown.
    """
    if heat is None or heat <= 0 or published is None:
        return None
    return round(published + half_life * log2(heat))
