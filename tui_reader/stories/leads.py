"""Chooses the lead of a story and computes its heat."""

from __future__ import annotations

import re
from collections.abc import Sequence

from tui_reader.named_tuple import NamedTuple
from tui_reader.stories.heat import HEAT_PER_RELATED
from tui_reader.stories.quality import known_tiers, parent_domains
from tui_reader.stories.similarity import Packed, Probe

_GOOD = 20  # points of quality that an article may lack to lead
_PER_POINT = 0.008  # what a point of quality is worth in similarity
_COMPARED = 24  # articles; of larger stories, those that are good and those they are compared with are chosen
_REPORT = 26  # a tier; shops and wires of press releases have less, all other outlets more
_CHANNELS = frozenset(
    (
        *("dailymotion.com", "odysee.com", "podbean.com", "reddit.com", "soundcloud.com", "spotify.com"),
        *("twitch.tv", "vimeo.com", "ycombinator.com", "youtu.be", "youtube.com"),
    )
)
_DEAL = re.compile(
    r"(?:\d ?%|[$£€] ?\d[\d.,]*) off\b|\btoday only\b|\bcoupons?\b|\bpromo codes?\b|\bdeals\b"
    r"|\bsave (?:up to )?[$£€]\d",
    re.IGNORECASE,
)
# Titles of videos, galleries, polls and live pages, and those that ask instead of reporting.
_NO_REPORT = re.compile(
    r"^(?:watch|video|photos?|pictures|poll|live) ?[:|–-]|^watch (?:live\b|['‘“\"])|^live updates?\b"
    r"|[\[(](?:watch|video|photos?|pictures|poll|live)\b|\blive ?blog\b|\?\W*$",
    re.IGNORECASE,
)


class Candidate(NamedTuple):
    """An article of a story; ``published`` is in seconds since 1970 (UTC), ``text`` its vector."""

    page: int
    published: int | None
    quality: int
    title: str = ""
    domain: str = ""
    text: Packed | None = None


class RankedStory(NamedTuple):
    """The pages of a story: the lead, and the related articles by quality, the best first."""

    lead: int
    related: tuple[int, ...]
    heat: int


def rank_story(members: Sequence[Candidate], per_related: int = HEAT_PER_RELATED) -> RankedStory:
    """Return the story of these articles. The good article that is most like all the others leads.

    Of two articles, or those that are equally alike, the better one leads, or
    the earlier. Heat is the lead's quality plus ``per_related`` for each related
    article. Raises :class:`ValueError` without articles.
    """
    if not members:
        raise ValueError("a story has at least one article")
    ranked = sorted(members, key=_rank)
    lead = _lead(ranked)
    related = tuple(one.page for one in ranked if one is not lead)
    return RankedStory(lead.page, related, lead.quality + per_related * len(related))


def _rank(one: Candidate) -> tuple[int, bool, int, int]:
    return -one.quality, one.published is None, one.published or 0, one.page


def _lead(ranked: Sequence[Candidate]) -> Candidate:
    reports = [one for one in ranked if is_report(one)] or ranked
    good = [one for one in reports if one.quality >= reports[0].quality - _GOOD]
    if len(ranked) < 3 or len(good) == 1:
        return good[0]
    good, others = _spread(good), _spread(ranked)
    certainty = 1 - 2 / len(ranked)  # the fewer articles, the less their likeness tells
    # Rounded, so that the order of adding does not decide.
    return max(good, key=lambda one: round(certainty * _centrality(one, others) + _PER_POINT * one.quality, 6))


def _spread(articles: Sequence[Candidate]) -> list[Candidate]:
    """Return at most ``_COMPARED`` articles, evenly spread over time: the first ones of a large story say least."""
    by_time = sorted(articles, key=lambda one: (one.published is None, one.published or 0, one.page))
    count = min(len(by_time), _COMPARED)
    return [by_time[at * len(by_time) // count] for at in range(count)]


def _centrality(one: Candidate, others: Sequence[Candidate]) -> float:
    """Return the average similarity of an article to the others."""
    texts = [other.text for other in others if other is not one and other.text is not None]
    if one.text is None or not texts:
        return 0.0
    probe = Probe(one.text.vector)
    return sum(probe.similarity(text.vector) for text in texts) / len(texts)


def is_report(one: Candidate) -> bool:
    """Whether an article is a report, as far as title and address tell.

    Videos, discussions, press releases, offers and questions are none.
    """
    hosts = list(parent_domains(one.domain))
    if not _CHANNELS.isdisjoint(hosts) or _DEAL.search(one.title) or _NO_REPORT.search(one.title):
        return False
    return next((tier for host in hosts if (tier := known_tiers().get(host)) is not None), _REPORT) >= _REPORT
