"""Chooses the lead of a story and computes its heat."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from tui_reader.stories.heat import HEAT_PER_RELATED


class Candidate(NamedTuple):
    """An article of a story; ``published`` is in seconds since 1970 (UTC)."""

    page: int
    published: int | None
    quality: int


class RankedStory(NamedTuple):
    """The pages of a story: the lead, and the related articles by quality, the best first."""

    lead: int
    related: tuple[int, ...]
    heat: int


def rank_story(members: Sequence[Candidate], per_related: int = HEAT_PER_RELATED) -> RankedStory:
    """Return the story of these articles: the best leads, or the earliest of those that are equally good.

    Heat is the lead's quality plus ``per_related`` for each related article.
    Raises :class:`ValueError` without articles.
    """
    if not members:
        raise ValueError("a story has at least one article")
    lead, *related = sorted(members, key=_rank)
    return RankedStory(lead.page, tuple(one.page for one in related), lead.quality + per_related * len(related))


def _rank(one: Candidate) -> tuple[int, bool, int, int]:
    return -one.quality, one.published is None, one.published or 0, one.page
