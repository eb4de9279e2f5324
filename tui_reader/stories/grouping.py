"""Which articles tell the same story.

Articles are taken in order of time. Each joins the story that is most like it,
or begins one. A story takes articles for :attr:`Rules.live_days` after its last.
The outcome depends on the articles alone, not on how or when they came in.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Iterable, Mapping
from contextlib import closing
from dataclasses import dataclass
from typing import NamedTuple

from tui_reader.stories.facts import Facts
from tui_reader.stories.postings import Postings
from tui_reader.stories.similarity import Packed, Probe, Vector, name_others, same_title, similarity

DAY = 86_400
"""Seconds."""

_CANDIDATES, _EFFORT = 24, 400  # more of either finds hardly more, and takes longer


@dataclass(frozen=True)
class Rules:
    """When an article joins a story. Similarity is from 0 to 1, gaps are in days.

    The defaults were chosen on 3,700 articles and 95 pairs judged by hand:
    they put 85 of 100 pairs of one story together and no two unrelated articles.
    """

    threshold: float = 0.2
    """A story is joined from here on: the mean of the best and the average similarity to its articles."""
    fades_days: float = 16
    """Similarity fades with the gap in time: to 37 % over so many days."""
    live_days: float = 8
    same_provider: float = 0.7
    """What similarity counts within one provider, which seldom tells a story twice but writes all in one manner."""
    other_names: float = 0.8
    """What similarity counts where the titles name different things.

    Within one provider, which calls a thing by one name, it counts nothing:
    what is alike then is the template of its announcements.
    """
    tellings: int = 3
    """So often a provider tells a story; what it has to say beyond is likely another thing, told in the same manner."""
    again: float = 0.55
    """Texts this much alike are one, whatever the gap, unless numbers in their titles contradict each other."""
    again_days: float = 180
    recurs: float = 0.9
    """Texts this much alike of one provider, :attr:`recurs_days` apart, are a column that recurs, and not one story.

    So are those with the same title.
    """
    recurs_days: float = 0.5
    newest_members: int = 20
    """A story is known by so many of its articles, the latest."""


class Known(NamedTuple):
    """An article with its story, as it was placed before. ``story`` is the page of the story's first article."""

    page: int
    published: int
    domain: str
    text: Vector | Packed
    story: int

    @property
    def vector(self) -> Vector:
        """What the article says."""
        return self.text if isinstance(self.text, Vector) else self.text.vector


class Assignment(NamedTuple):
    """Where an article went. ``nearest`` is the page in the story most like it, ``None`` where it began the story."""

    page: int
    story: int
    nearest: int | None = None
    similarity: float = 0.0


class Corrections:
    """What a person said of pairs of pages: that they belong apart, or together. Apart outweighs together."""

    def __init__(self, apart: Iterable[tuple[int, int]] = (), together: Iterable[tuple[int, int]] = ()) -> None:
        self._apart = _both_ways(apart)
        self._together = _both_ways(together)

    def apart_from(self, page: int) -> frozenset[int]:
        """The pages that ``page`` may not share a story with."""
        return self._apart.get(page, frozenset())

    def together_with(self, page: int) -> frozenset[int]:
        """The pages whose story ``page`` is to share."""
        return self._together.get(page, frozenset())

    def pages(self) -> frozenset[int]:
        """Every page that is spoken of; :meth:`Grouping.resume` wants to know them however old they are."""
        return frozenset(self._apart) | frozenset(self._together)


def _both_ways(pairs: Iterable[tuple[int, int]]) -> Mapping[int, frozenset[int]]:
    table: dict[int, set[int]] = {}
    for one, other in pairs:
        if one != other:
            table.setdefault(one, set()).add(other)
            table.setdefault(other, set()).add(one)
    return {page: frozenset(others) for page, others in table.items()}


class Grouping:
    """Places articles in stories, one after the other."""

    def __init__(self, rules: Rules | None = None, corrections: Corrections | None = None) -> None:
        self.rules = rules or Rules()
        self._corrections = corrections or Corrections()
        self._postings = Postings()
        self._known: list[Known] = []
        self._times: list[int] = []
        self._stories: dict[int, list[int]] = {}  # places of the members, by the story's page
        self._story_of: dict[int, int] = {}  # for the pages of the corrections
        self._kept: set[int] = set()
        self._asked_for: frozenset[int] | None = None

    def lookback(self) -> int:
        """Seconds that an article may look back: to resume, this much from before is needed."""
        return round(max(self.rules.again_days, self.rules.live_days) * DAY)

    def resume(self, earlier: Iterable[Known], stems: frozenset[int] | None = None) -> None:
        """Take in articles that keep their stories, in order of time and page.

        With ``stems``, those of all articles to come: that no other stem is
        asked for saves half the time where these are few among many.
        To place anew all from a time on, give those published up to
        :meth:`lookback` before it, and those of :meth:`Corrections.pages` that are older still.
        Raises :class:`ValueError` where the order is broken.
        """
        self._asked_for = stems
        for known in earlier:
            self._remember(known)

    def reserve(self, stories: Mapping[int, int]) -> None:
        """Know, by page, the stories that articles to come keep (see :meth:`add_assigned`)."""
        self._story_of.update(stories)
        self._kept.update(stories.values())

    def add_assigned(self, article: Known) -> int | None:
        """Take in the next article, which keeps its story.

        Returns the story, now one with that, of earlier articles that tell the
        same, unless its own articles keep theirs as well. Raises
        :class:`ValueError` where the order is broken.
        """
        found = self._place(article)
        taken = None
        if found.nearest is not None and found.story != article.story and found.story not in self._kept:
            taken = found.story
            places = self._stories.pop(taken)
            for place in places:
                self._known[place] = known = self._known[place]._replace(story=article.story)
                self._story_of[known.page] = article.story
            self._stories[article.story] = sorted([*self._stories.get(article.story, ()), *places])
        self._remember(article)
        return taken

    def add(self, article: Facts, vector: Vector) -> Assignment:
        """Place the next article, in order of time and page, and return where it went.

        Raises :class:`ValueError` where the order is broken, or the article has no date.
        """
        if article.published is None:
            raise ValueError(f"page {article.page} has no date: see group_undated")
        new = Known(article.page, article.published, article.domain, vector, article.page)
        placement = self._place(new)
        self._remember(new._replace(story=placement.story))
        return placement

    def _remember(self, known: Known) -> None:
        if self._known and (known.published, known.page) <= (self._known[-1].published, self._known[-1].page):
            raise ValueError(f"page {known.page} comes before or twice: articles go in by time, then by page")
        place = len(self._known)
        self._known.append(known)
        self._times.append(known.published)
        stems = known.text.stems
        self._postings.add(place, stems if self._asked_for is None else self._asked_for.intersection(stems))
        self._stories.setdefault(known.story, []).append(place)
        self._story_of[known.page] = known.story

    def _place(self, new: Known) -> Assignment:
        barred = {self._story_of.get(other) for other in self._corrections.apart_from(new.page)}
        for other in sorted(self._corrections.together_with(new.page)):
            story = self._story_of.get(other)
            if story is not None and story not in barred:
                return Assignment(new.page, story, other, 1.0)
        first = bisect_left(self._times, new.published - self.lookback())
        stems = new.vector.stems
        places = self._postings.nearest(stems, first, len(self._known), most=_CANDIDATES, effort=_EFFORT)
        with closing(Probe(new.vector)) as probe:
            alike = {place: probe.similarity(self._known[place].vector) for place in places}
            # A story that had this before is not told once more by it.
            barred |= {
                self._known[place].story
                for place, value in alike.items()
                if _recurs(new, self._known[place], value, self.rules)
            }
            alike = {place: value for place, value in alike.items() if self._known[place].story not in barred}
            return (
                self._again(new, alike, first)
                or self._joined(new, probe, alike, first)
                or Assignment(new.page, new.page)
            )

    def _again(self, new: Known, alike: Mapping[int, float], first: int) -> Assignment | None:
        """The story in which nearly the same text stands already."""
        best: tuple[float, int] | None = None
        for place, value in alike.items():
            known = self._known[place]
            near = new.published - known.published <= self.rules.again_days * DAY
            if value < self.rules.again or not near or _contradict(new.vector.numbers, known.vector.numbers):
                continue
            counted = value * _by_names(new, known, self.rules)
            counted *= self._untold(new, known.story, first) if _of_one_provider(new, known) else 1.0
            if counted >= self.rules.again:
                best = max(best or (0.0, 0), (value, -place))
        if best is None:
            return None
        nearest = self._known[-best[1]]
        return Assignment(new.page, nearest.story, nearest.page, best[0])

    def _joined(self, new: Known, probe: Probe, alike: dict[int, float], first: int) -> Assignment | None:
        """The live story that is most like the article."""

        def counted(place: int) -> float:
            known = self._known[place]
            if place not in alike:
                alike[place] = probe.similarity(known.vector)
            return _counted(new, known, alike[place], self.rules)

        # The best of a story counts as much as its average at least: where the
        # best does not reach the threshold, the story cannot.
        stories = {self._known[place].story for place in list(alike) if counted(place) >= self.rules.threshold}
        best: tuple[float, int, int] | None = None
        for story in stories:
            members = self._stories[story]
            if new.published - self._known[members[-1]].published > self.rules.live_days * DAY:
                continue
            latest = [place for place in members[-self.rules.newest_members :] if place >= first]
            values = [counted(place) for place in latest]
            most = max(values)
            score = (sum(values) / len(values) + most) / 2 * self._untold(new, story, first)
            if score >= self.rules.threshold:
                nearest = latest[values.index(most)]
                best = max(best or (0.0, 0, 0), (score, -latest[0], nearest))
        if best is None:
            return None
        nearest_known = self._known[best[2]]
        return Assignment(new.page, nearest_known.story, nearest_known.page, alike[best[2]])

    def _untold(self, new: Known, story: int, first: int) -> float:
        """Return a factor below 1 when a provider has already covered the story too often."""
        if not new.domain:
            return 1.0
        told = sum(self._known[place].domain == new.domain for place in self._stories[story] if place >= first)
        return 2 / (2 + max(0, told - self.rules.tellings))


def same_event(one: Known, other: Known, rules: Rules) -> bool:
    """Whether two articles by themselves would make a story."""
    return _counted(one, other, similarity(one.vector, other.vector), rules) >= rules.threshold


def _counted(one: Known, other: Known, value: float, rules: Rules) -> float:
    """What a similarity counts for, with the gap in time and the provider."""
    if _recurs(one, other, value, rules):
        return 0.0
    value *= rules.same_provider if _of_one_provider(one, other) else 1.0
    value *= _by_names(one, other, rules)
    return value * math.exp(-abs(one.published - other.published) / DAY / rules.fades_days)


def _of_one_provider(one: Known, other: Known) -> bool:
    return bool(one.domain) and one.domain == other.domain


def _by_names(one: Known, other: Known, rules: Rules) -> float:
    """What a similarity counts for, with the names in the titles."""
    if not name_others(one.vector, other.vector):
        return 1.0
    return 0.0 if _of_one_provider(one, other) else rules.other_names


def _recurs(one: Known, other: Known, value: float, rules: Rules) -> bool:
    """Whether the two are of a column that a provider has every day or week, and no two tellings of one thing."""
    gap = abs(one.published - other.published) / DAY
    if gap <= rules.recurs_days or not _of_one_provider(one, other):
        return False
    return value >= rules.recurs or same_title(one.vector, other.vector)


def _contradict(some: frozenset[int], others: frozenset[int]) -> bool:
    """Whether each has a number that the other lacks: one tells of Q2, the other of Q3."""
    return bool(some - others) and bool(others - some)


def group_undated(titles: Mapping[int, str]) -> dict[int, int]:
    """Return the stories of articles without a date, by page: those with the same title are one, each other its own."""
    first: dict[str, int] = {}
    return {page: first.setdefault(titles[page].casefold() or f"page {page}", page) for page in sorted(titles)}
