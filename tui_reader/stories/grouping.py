"""Groups articles into stories.

Articles are added in order of time. Each joins the most similar story, or
begins one. The result depends only on the articles, not on the batches or the
order in which they were read.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Mapping
from contextlib import closing
from typing import NamedTuple

from tui_reader.model.dates import DAY
from tui_reader.stories.corrections import Corrections
from tui_reader.stories.facts import Facts
from tui_reader.stories.postings import Postings
from tui_reader.stories.rules import (
    GroupedArticle,
    Rules,
    is_recurring,
    name_factor,
    numbers_contradict,
    same_provider,
    weighted_similarity,
)
from tui_reader.stories.similarity import Probe, Vector

_CANDIDATES, _EFFORT = 24, 400  # more of either finds hardly more and takes longer


class Assignment(NamedTuple):
    """The story of an article. ``nearest`` is the most similar page in it, ``None`` if the article begins the story."""

    page: int
    story: int
    nearest: int | None = None
    similarity: float = 0.0


class Grouping:
    """Assigns articles to stories, one after the other.

    Articles are referred to by their position in the order of adding.
    """

    def __init__(self, rules: Rules | None = None, corrections: Corrections | None = None) -> None:
        self.rules = rules or Rules()
        self._corrections = corrections or Corrections()
        self._postings = Postings()
        self._articles: list[GroupedArticle] = []
        self._times: list[int] = []
        self._stories: dict[int, list[int]] = {}  # positions of the members, by story
        self._story_of: dict[int, int] = {}  # by page, for the corrections
        self._reserved: set[int] = set()
        self._stems: frozenset[int] | None = None

    def lookback(self) -> int:
        """Return how many seconds before an article others matter to it."""
        return round(max(self.rules.duplicate_days, self.rules.live_days) * DAY)

    def resume(self, earlier: Iterable[GroupedArticle], stems: frozenset[int] | None = None) -> None:
        """Add articles that keep their stories, in order of time and page.

        To group again everything from a certain time on, pass those published
        within :meth:`lookback` before it, and older ones that are corrected.
        ``stems`` are those of all articles that will be added; to index no
        others saves half the time if few are added to many. Raises
        :class:`ValueError` if the order is broken.
        """
        self._stems = stems
        for article in earlier:
            self._append(article)

    def reserve(self, stories: Mapping[int, int]) -> None:
        """Register the stories, by page, of articles that :meth:`add_assigned` will add."""
        self._story_of.update(stories)
        self._reserved.update(stories.values())

    def add_assigned(self, article: GroupedArticle) -> int | None:
        """Add the next article, which keeps its story.

        If earlier articles about the same event are in another story that is
        not reserved, it is merged into this one; return the merged story, or
        ``None``. Raises :class:`ValueError` if the order is broken.
        """
        found = self._assign(article)
        merged = None
        if found.nearest is not None and found.story != article.story and found.story not in self._reserved:
            merged = found.story
            positions = self._stories.pop(merged)
            for position in positions:
                self._articles[position] = moved = self._articles[position]._replace(story=article.story)
                self._story_of[moved.page] = article.story
            self._stories[article.story] = sorted([*self._stories.get(article.story, ()), *positions])
        self._append(article)
        return merged

    def add(self, article: Facts, vector: Vector) -> Assignment:
        """Add the next article, in order of time and page, and return its story.

        Raises :class:`ValueError` if the order is broken or the article has no date.
        """
        if article.published is None:
            raise ValueError(f"page {article.page} has no date")
        new = GroupedArticle(article.page, article.published, article.domain, vector, article.page)
        assignment = self._assign(new)
        self._append(new._replace(story=assignment.story))
        return assignment

    def _append(self, article: GroupedArticle) -> None:
        if self._articles:
            last = self._articles[-1]
            if (article.published, article.page) <= (last.published, last.page):
                raise ValueError(f"page {article.page} is out of order: add articles by time, then by page")
        position = len(self._articles)
        self._articles.append(article)
        self._times.append(article.published)
        stems = article.text.stems
        self._postings.add(position, stems if self._stems is None else self._stems.intersection(stems))
        self._stories.setdefault(article.story, []).append(position)
        self._story_of[article.page] = article.story

    def _assign(self, new: GroupedArticle) -> Assignment:
        excluded = {self._story_of.get(other) for other in self._corrections.apart_from(new.page)}
        for other in sorted(self._corrections.together_with(new.page)):
            story = self._story_of.get(other)
            if story is not None and story not in excluded:
                return Assignment(new.page, story, other, 1.0)
        first = bisect_left(self._times, new.published - self.lookback())
        stems = new.vector.stems
        positions = self._postings.nearest(stems, first, len(self._articles), most=_CANDIDATES, effort=_EFFORT)
        with closing(Probe(new.vector)) as probe:
            similar = {position: probe.similarity(self._articles[position].vector) for position in positions}
            # No issue of a recurring column joins the story of an earlier one.
            excluded |= {
                self._articles[position].story
                for position, value in similar.items()
                if is_recurring(new, self._articles[position], value, self.rules)
            }
            similar = {
                position: value for position, value in similar.items() if self._articles[position].story not in excluded
            }
            return (
                self._duplicate(new, similar, first)
                or self._best_story(new, probe, similar, first)
                or Assignment(new.page, new.page)
            )

    def _duplicate(self, new: GroupedArticle, similar: Mapping[int, float], first: int) -> Assignment | None:
        """Return the story that has nearly the same text already."""
        best: tuple[float, int] | None = None
        for position, value in similar.items():
            known = self._articles[position]
            is_near = new.published - known.published <= self.rules.duplicate_days * DAY
            if value < self.rules.duplicate or not is_near or numbers_contradict(new, known):
                continue
            weighted = value * name_factor(new, known, self.rules)
            weighted *= self._provider_factor(new, known.story, first) if same_provider(new, known) else 1.0
            if weighted >= self.rules.duplicate:
                best = max(best or (0.0, 0), (value, -position))
        if best is None:
            return None
        nearest = self._articles[-best[1]]
        return Assignment(new.page, nearest.story, nearest.page, best[0])

    def _best_story(
        self, new: GroupedArticle, probe: Probe, similar: dict[int, float], first: int
    ) -> Assignment | None:
        """Return the live story that is most similar to the article."""

        def weighted(position: int) -> float:
            known = self._articles[position]
            if position not in similar:
                similar[position] = probe.similarity(known.vector)
            return weighted_similarity(new, known, similar[position], self.rules)

        # A story's score is at most the similarity of its best member, so only
        # stories with a member above the threshold can reach it.
        stories = {
            self._articles[position].story for position in list(similar) if weighted(position) >= self.rules.threshold
        }
        best: tuple[float, int, int] | None = None
        for story in stories:
            members = self._stories[story]
            if new.published - self._articles[members[-1]].published > self.rules.live_days * DAY:
                continue
            latest = [position for position in members[-self.rules.newest_members :] if position >= first]
            values = [weighted(position) for position in latest]
            most = max(values)
            score = (sum(values) / len(values) + most) / 2 * self._provider_factor(new, story, first)
            if score >= self.rules.threshold:
                nearest = latest[values.index(most)]
                best = max(best or (0.0, 0, 0), (score, -latest[0], nearest))
        if best is None:
            return None
        nearest_article = self._articles[best[2]]
        return Assignment(new.page, nearest_article.story, nearest_article.page, similar[best[2]])

    def _provider_factor(self, new: GroupedArticle, story: int, first: int) -> float:
        """Return a factor below 1 if the provider has many articles in the story; with two more, it is half."""
        if not new.domain:
            return 1.0
        count = sum(
            self._articles[position].domain == new.domain for position in self._stories[story] if position >= first
        )
        return 2 / (2 + max(0, count - self.rules.articles_per_provider))
