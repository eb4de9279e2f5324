"""The lead of a story, and its heat."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from tui_reader.stories.heat import HEAT_PER_RELATED


class Candidate(NamedTuple):
    """An article of a story with its quality; ``published`` is in seconds since 1970 (UTC)."""

    page: int
    published: int | None
    quality: int


class Story(NamedTuple):
    """Pages of a story: the lead, and the related by quality, the best first."""

    lead: int
    related: tuple[int, ...]
    heat: int


def rank_story(members: Sequence[Candidate], per_related: int = HEAT_PER_RELATED) -> Story:
    """Make a story of its articles: the best leads, the earliest of the equally good.

    Heat is the lead's quality and ``per_related`` for each related article.
    Raises :class:`ValueError` without articles.
    """
    if not members:
        raise ValueError("a story has at least one article")
    lead, *related = sorted(members, key=_rank)
    return Story(lead.page, tuple(one.page for one in related), lead.quality + per_related * len(related))


def _rank(one: Candidate) -> tuple[int, bool, int, int]:
    return -one.quality, one.published is None, one.published or 0, one.page
