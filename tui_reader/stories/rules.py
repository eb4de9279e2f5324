"""The rules by which two articles belong to one story."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

from tui_reader.model.dates import DAY
from tui_reader.model.domains import OWN
from tui_reader.named_tuple import NamedTuple
from tui_reader.stories.similarity import (
    Packed,
    Vector,
    names_differ,
    names_swapped,
    same_title,
    similarity,
    titles_alike,
)


@dataclass(frozen=True)
class Rules:
    """The parameters of clustering. Similarities and factors are from 0 to 1.

    The defaults were chosen with 3,700 articles about one company, 95 of their
    pairs judged by hand, and 2,600 headlines of general news.
    """

    threshold: float = 0.2
    """An article joins a story from this score on: the mean of its best and its average similarity to the story."""
    title_threshold: float = 0.25
    """The same for an article without an excerpt: a title alone is like others by chance more often."""
    average: float = 0.08
    """An article does not join a story whose articles are less similar to it on average."""
    merge: float = 0.18
    """Two stories are merged if their articles are this similar on average. Those of one provider count as 0."""
    title_merge: float = 0.14
    """The same for articles without excerpts: on average, titles of different stories have little in common."""
    fades_days: float = 16
    """Similarity fades with the time between two articles: to 37 % over this many days."""
    live_days: float = 8
    """A story takes articles for this many days after its last one."""
    same_provider: float = 0.7
    """The factor for articles of one provider, which seldom reports an event twice but writes in one style."""
    swapped_names: float = 0.3
    """The factor for articles of one provider whose titles each have a name that the other lacks.

    They are parts of a series, such as reviews of several phones, rather than one story.
    """
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
    title_days: float = 3
    """Articles of several providers with the same title are one story if they are at most this many days apart."""
    recurring: float = 0.9
    """Texts of one provider with this similarity, or the same title, are a recurring column and not one story."""
    recurring_days: float = 0.5
    """Texts are a recurring column only if they are at least this many days apart."""
    series_days: float = 3
    """Texts of one provider are issues of a series if their titles differ in a number and they are so far apart."""
    sample: int = 32
    """An article is compared with this many articles of a story, from its first to its latest."""
    merge_sample: int = 8
    """The number of articles of each story by which two stories are compared."""
    nearness: float = 0.8
    """Stories whose scores reach this share of the threshold are compared with each other."""

    def lookback(self) -> int:
        """Return how many seconds before an article others matter to it."""
        return round(max(self.duplicate_days, self.live_days) * DAY)

    def join(self, *, is_title_only: bool) -> float:
        """Return the score from which on an article joins a story."""
        return self.title_threshold if is_title_only else self.threshold

    def near(self, *, is_title_only: bool) -> float:
        """Return the similarity from which on an earlier article may bring a story in question."""
        return self.nearness * self.join(is_title_only=is_title_only)

    def least(self, ages: Iterable[int], *, is_title_only: bool) -> list[float]:
        """Return the similarity below which an article by another provider, so many seconds earlier, is no matter.

        It neither brings its story in question nor is a duplicate.
        """
        near, exp = self.near(is_title_only=is_title_only), math.exp
        near *= 1 - 1e-9  # less than rounding could take away
        seconds = DAY * self.fades_days
        return [min(near * exp(age / seconds), self.duplicate) for age in ages]


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
    """Return the similarity ``value`` of two articles, weighted by their dates, providers and names.

    It is never greater than ``value``.
    """
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
    differ = names_differ(one.vector, other.vector)
    if not same_provider(one, other):
        return rules.other_names if differ else 1.0
    if differ:
        return 0.0
    return rules.swapped_names if names_swapped(one.vector, other.vector) else 1.0


def is_recurring(one: GroupedArticle, other: GroupedArticle, value: float, rules: Rules) -> bool:
    """Whether two articles with the similarity ``value`` are issues of a daily or weekly column.

    All that a collection has of its own is: whoever writes it tells no story twice.
    """
    if one.domain != other.domain or not one.domain:
        return False
    if one.domain.startswith(OWN):
        return True
    days = abs(one.published - other.published) / DAY
    if days <= rules.recurring_days:
        return False
    mine, theirs = one.vector, other.vector
    if value >= rules.recurring or same_title(mine, theirs):
        return True
    is_other_issue = numbers_contradict(one, other)
    if mine.column and mine.column == theirs.column:
        return is_other_issue or not mine.numbers or not theirs.numbers
    return is_other_issue and days >= rules.series_days and titles_alike(mine, theirs)


def numbers_contradict(one: GroupedArticle, other: GroupedArticle) -> bool:
    """Whether each title has a number that the other lacks, such as Q2 and Q3."""
    mine, theirs = one.vector.numbers, other.vector.numbers
    return bool(mine - theirs) and bool(theirs - mine)
