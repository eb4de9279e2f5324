"""The rules by which two articles belong to one story."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import NamedTuple

from tui_reader.model.dates import DAY
from tui_reader.stories.similarity import Packed, Vector, names_differ, same_title, similarity


@dataclass(frozen=True)
class Rules:
    """The parameters of clustering. Similarities and factors are from 0 to 1.

    The defaults were chosen with 3,700 articles and 95 pairs judged by hand:
    they put 85 of 100 pairs of one story together, and no two unrelated articles.
    """

    threshold: float = 0.2
    """An article joins a story from this score on: the mean of its best and its average similarity to the story."""
    fades_days: float = 16
    """Similarity fades with the time between two articles: to 37 % over this many days."""
    live_days: float = 8
    """A story takes articles for this many days after its last one."""
    same_provider: float = 0.7
    """The factor for articles of one provider, which seldom reports an event twice but writes in one style."""
    other_names: float = 0.8
    """The factor for articles whose titles have different names.

    Within one provider the factor is 0: a provider uses one name for one thing,
    so the articles share only a template for announcements.
    """
    articles_per_provider: int = 3
    """With more articles of one provider in a story, another of its articles is likely about something else."""
    duplicate: float = 0.55
    """Texts with this similarity are duplicates, unless their titles have contradicting numbers."""
    duplicate_days: float = 180
    """Duplicates join a story for this many days."""
    recurring: float = 0.9
    """Texts of one provider with this similarity, or the same title, are a recurring column and not one story."""
    recurring_days: float = 0.5
    """Texts are a recurring column only if they are at least this many days apart."""
    newest_members: int = 20
    """A story is compared by this many of its articles, the latest."""


class GroupedArticle(NamedTuple):
    """An article with its story, which is named by the page of its first article."""

    page: int
    published: int
    domain: str
    text: Vector | Packed
    story: int

    @property
    def vector(self) -> Vector:
        """The vector of the article's text."""
        return self.text if isinstance(self.text, Vector) else self.text.vector


def same_event(one: GroupedArticle, other: GroupedArticle, rules: Rules) -> bool:
    """Whether two articles alone would make a story."""
    return weighted_similarity(one, other, similarity(one.vector, other.vector), rules) >= rules.threshold


def weighted_similarity(one: GroupedArticle, other: GroupedArticle, value: float, rules: Rules) -> float:
    """Return the similarity ``value`` of two articles, weighted by their dates, providers and names."""
    if is_recurring(one, other, value, rules):
        return 0.0
    value *= rules.same_provider if same_provider(one, other) else 1.0
    value *= name_factor(one, other, rules)
    return value * math.exp(-abs(one.published - other.published) / DAY / rules.fades_days)


def same_provider(one: GroupedArticle, other: GroupedArticle) -> bool:
    """Whether two articles have the same known provider."""
    return bool(one.domain) and one.domain == other.domain


def name_factor(one: GroupedArticle, other: GroupedArticle, rules: Rules) -> float:
    """Return the factor for the names in the titles of two articles."""
    if not names_differ(one.vector, other.vector):
        return 1.0
    return 0.0 if same_provider(one, other) else rules.other_names


def is_recurring(one: GroupedArticle, other: GroupedArticle, value: float, rules: Rules) -> bool:
    """Whether two articles with the similarity ``value`` are issues of a daily or weekly column."""
    days = abs(one.published - other.published) / DAY
    if days <= rules.recurring_days or not same_provider(one, other):
        return False
    return value >= rules.recurring or same_title(one.vector, other.vector)


def numbers_contradict(one: GroupedArticle, other: GroupedArticle) -> bool:
    """Whether each title has a number that the other lacks, such as Q2 and Q3."""
    mine, theirs = one.vector.numbers, other.vector.numbers
    return bool(mine - theirs) and bool(theirs - mine)
