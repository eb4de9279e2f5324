"""The score of the order “hot”: heat that fades with age."""

from __future__ import annotations

from math import log2

HALF_LIFE = 2 * 86_400
"""The default number of seconds over which heat halves in the order “hot”."""


def trending_score(heat: int | None, published: int | None, half_life: int = HALF_LIFE) -> int | None:
    """Return a score that sorts stories by faded heat, the greatest first; ``None`` without heat or date.

    Heat halves with every ``half_life`` seconds of age, so a story with twice
    the heat ranks with one that is a half-life younger. The score is the date
    (seconds since 1970) at which a story with heat 1 would rank equally, so it
    does not depend on the present time.
    """
    if heat is None or heat <= 0 or published is None:
        return None
    return round(published + half_life * log2(heat))
