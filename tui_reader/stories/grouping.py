"""Groups articles into stories.

Articles are added in order of time. Each joins the most similar story, or
begins one; if it is like two stories that are alike on average, they become
one. The result depends only on the articles, not on the batches or the order
in which they were read.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence

from tui_reader.model.dates import DAY
from tui_reader.model.domains import OWN
from tui_reader.named_tuple import NamedTuple
from tui_reader.stories.corrections import Corrections
from tui_reader.stories.earlier import Earlier
from tui_reader.stories.facts import Facts
from tui_reader.stories.neighbours import Comparer, Neighbours
from tui_reader.stories.rules import (
    GroupedArticle,
    Rules,
    is_recurring,
    name_factor,
    numbers_contradict,
    same_provider,
    weighted_similarity,
)
from tui_reader.stories.similarity import Packed, Probe, Vector

_REMEMBERED = 2000  # articles whose similarities to others are kept in memory
_MERGES = 2  # other stories that the one of a new article is compared with


class Merge(NamedTuple):
    """A story whose articles now belong to another."""

    old: int
    new: int


class Assignment(NamedTuple):
    """The story of an article. ``nearest`` is the most similar page in it, ``None`` if the article begins the story.

    The article was put in ``joined`` first; ``merges`` are the stories that it
    has made one, in order, and ``story`` is what that became.
    """

    page: int
    story: int
    joined: int
    nearest: int | None = None
    similarity: float = 0.0
    merges: tuple[Merge, ...] = ()


class _Choice(NamedTuple):
    """A story that an article may join: how well it fits, and the nearest article in it."""

    score: float
    earliest: int  # position
    story: int
    nearest: int  # position


class Grouping:
    """Assigns articles to stories, one after the other.

    Articles are referred to by their position in the order of adding.
    """

    def __init__(self, rules: Rules | None = None, corrections: Corrections | None = None) -> None:
        self.rules = rules or Rules()
        self._corrections = corrections or Corrections()
        self._articles: dict[int, GroupedArticle] = {}  # by position; of the earlier ones, those that were needed
        self._times: list[int] = []
        self._last: tuple[int, int] | None = None  # time and page of the last article
        self._stories: dict[int, list[int]] = {}  # positions of the members, by story
        self._story_of: dict[int, int] = {}  # by page, for the corrections
        self._reserved: set[int] = set()
        self._similar: dict[int, dict[int, float]] = {}  # similarities of the latest articles to earlier ones
        self._comparer = Comparer(self.rules, self._articles, self._times)

    def lookback(self) -> int:
        """Return how many seconds before an article others matter to it."""
        return self.rules.lookback()

    def resume(self, earlier: Iterable[GroupedArticle]) -> None:
        """Add articles that keep their stories, in order of time and page.

        To group again everything from a certain time on, pass those published
        within :meth:`lookback` before it, in the stories that they were in at
        that time. Raises :class:`ValueError` if the order is broken.
        """
        for article in earlier:
            self._append(article)

    def resume_with(self, earlier: Earlier, corrected: Mapping[int, int]) -> None:
        """Do the same as :meth:`resume`, but read only what the articles to come have in common with earlier ones.

        ``corrected`` are the stories of the earlier articles that the person corrected, by page.
        """
        self._times = list(earlier.times)
        self._comparer = Comparer(self.rules, self._articles, self._times, earlier)
        self._story_of.update(corrected)

    def reserve(self, stories: Mapping[int, int]) -> None:
        """Register the stories, by page, of articles that :meth:`add_assigned` will add.

        They keep their name, and are never merged with each other.
        """
        self._story_of.update(stories)
        self._reserved.update(stories.values())

    def add_assigned(self, article: GroupedArticle, neighbours: Neighbours | None = None) -> tuple[Merge, ...]:
        """Add the next article, which keeps its story; ``neighbours`` are those of :meth:`place`.

        If earlier articles about the same event are in another story that is
        not reserved, it is merged into this one; return the merges. Raises
        :class:`ValueError` if the order is broken.
        """
        found, _ = self._assign(article, neighbours)
        self._append(article)
        if found.nearest is None or found.story == article.story or found.story in self._reserved:
            return ()
        return (self._merge(found.story, article.story),)

    def add(self, article: Facts, text: Vector | Packed) -> Assignment:
        """Add the next article, in order of time and page, and return its story.

        Raises :class:`ValueError` if the order is broken or the article has no date.
        """
        if article.published is None:
            raise ValueError(f"page {article.page} has no date")
        return self.place(GroupedArticle(article.page, article.published, article.domain, text, article.page))

    def place(self, new: GroupedArticle, neighbours: Neighbours | None = None) -> Assignment:
        """Do the same as :meth:`add` for an article that is named as a story of its own.

        ``neighbours`` are those among all articles added before, if they were found already.
        """
        assignment, others = self._assign(new, neighbours)
        self._append(new._replace(story=assignment.story))
        merges = tuple(self._merge_alike(assignment.story, others))
        return assignment._replace(story=merges[-1].new, merges=merges) if merges else assignment

    def _append(self, article: GroupedArticle) -> None:
        key = article.published, article.page
        if (self._last and key <= self._last) or (self._times and article.published < self._times[-1]):
            raise ValueError(f"page {article.page} is out of order: add articles by time, then by page")
        position, self._last = len(self._times), key
        self._articles[position] = article
        self._times.append(article.published)
        self._positions(article.story).append(position)
        self._story_of[article.page] = article.story

    def _positions(self, story: int) -> list[int]:
        """Return the positions of all articles of a story; earlier ones are read when it is first asked for."""
        positions = self._stories.get(story)
        if positions is None:
            members = self._comparer.members(story)
            for position, article in members.items():
                self._articles.setdefault(position, article)
            positions = self._stories[story] = list(members)
        return positions

    # -- choosing a story ------------------------------------------------------

    def _assign(self, new: GroupedArticle, neighbours: Neighbours | None) -> tuple[Assignment, list[int]]:
        """Return the story of an article that is not added yet, and the other stories that it is like."""
        excluded = {self._story_of.get(other) for other in self._corrections.apart_from(new.page)}
        for other in sorted(self._corrections.together_with(new.page)):
            story = self._story_of.get(other)
            if story is not None and story not in excluded:
                return Assignment(new.page, story, story, other, 1.0), []
        similar, titled = neighbours or self._comparer.neighbours(new)
        if not similar:
            return Assignment(new.page, new.page, new.page), []
        first = bisect_left(self._times, new.published - self.lookback())
        for position, value in similar.items():
            known = self._articles[position]
            # No issue of a recurring column joins the story of an earlier one.
            if known.domain == new.domain and is_recurring(new, known, value, self.rules):
                excluded.add(known.story)
        if new.domain.startswith(OWN):
            # Nor does what a collection has of its own join another article of it that something else led to.
            stories = {self._articles[position].story for position in similar} - excluded
            excluded |= {story for story in stories if new.domain in self._own_domains(story, first)}
        if excluded:
            similar = {
                position: value for position, value in similar.items() if self._articles[position].story not in excluded
            }
        copy = self._duplicate(new, similar, [position for position in titled if position in similar], first)
        choices = self._choices(new, similar, first)
        self._remember(similar)
        least = self.rules.join(is_title_only=new.text.is_title_only)
        best = copy or next((choice for choice in choices if choice.score >= least), None)
        if best is None:
            return Assignment(new.page, new.page, new.page), [choice.story for choice in choices]
        nearest = self._articles[best.nearest]
        others = [choice.story for choice in choices if choice.story != best.story]
        return Assignment(new.page, best.story, best.story, nearest.page, similar[best.nearest]), others

    def _duplicate(
        self, new: GroupedArticle, similar: Mapping[int, float], titled: Sequence[int], first: int
    ) -> _Choice | None:
        """Return the story that has the same title, or nearly the same text, already."""
        if titled:
            latest = titled[-1]
            return _Choice(1.0, latest, self._articles[latest].story, latest)
        best: tuple[float, int] | None = None
        for position, value in similar.items():
            if value < self.rules.duplicate:
                continue
            known = self._articles[position]
            is_near = new.published - known.published <= self.rules.duplicate_days * DAY
            if not is_near or numbers_contradict(new, known):
                continue
            weighted = value * name_factor(new, known, self.rules)
            weighted *= self._provider_factor(new, known.story, first) if same_provider(new, known) else 1.0
            if weighted >= self.rules.duplicate:
                best = max(best or (0.0, 0), (value, -position))
        if best is None:
            return None
        nearest = -best[1]
        return _Choice(best[0], nearest, self._articles[nearest].story, nearest)

    def _choices(self, new: GroupedArticle, similar: dict[int, float], first: int) -> list[_Choice]:
        """Return the live stories that the article is like, the best first."""

        # A story's score is at most the similarity of its best member, so only
        # stories with a member near the threshold can reach it.
        near = self.rules.near(is_title_only=new.text.is_title_only)
        stories = set()
        for position, value in similar.items():
            # No weight is greater than 1: most need not be computed.
            if value >= near:
                known = self._articles[position]
                if known.story not in stories and weighted_similarity(new, known, value, self.rules) >= near:
                    stories.add(known.story)
        choices: list[_Choice] = []
        probe: Probe | None = None
        for story in stories:
            members = self._members(story, first)
            if new.published - self._articles[members[-1]].published > self.rules.live_days * DAY:
                continue
            chosen = _spread(members, self.rules.sample)
            missing = [position for position in chosen if position not in similar]
            if missing:
                probe = probe or Probe(new.vector)
                similar.update(zip(missing, probe.similarities(self._vectors(missing)), strict=True))
            values = [
                weighted_similarity(new, self._articles[position], similar[position], self.rules) for position in chosen
            ]
            average, most = sum(values) / len(values), max(values)
            if average >= self.rules.average:
                score = (average + most) / 2 * self._provider_factor(new, story, first)
                choices.append(_Choice(score, chosen[0], story, chosen[values.index(most)]))
        return sorted(choices, key=lambda choice: (-choice.score, choice.earliest))

    def _vectors(self, positions: Iterable[int]) -> list[Vector]:
        return [self._articles[position].vector for position in positions]

    def _members(self, story: int, first: int) -> list[int]:
        """Return the positions of a story's articles from ``first`` on."""
        members = self._positions(story)
        return members[bisect_left(members, first) :]

    def _provider_factor(self, new: GroupedArticle, story: int, first: int) -> float:
        """Return a factor below 1 if the provider has many articles in the story; with two more, it is half."""
        if not new.domain:
            return 1.0
        count = sum(self._articles[position].domain == new.domain for position in self._members(story, first))
        return 2 / (2 + max(0, count - self.rules.articles_per_provider))

    # -- merging stories -------------------------------------------------------

    def _merge_alike(self, story: int, others: Sequence[int]) -> Iterator[Merge]:
        """Merge the story of the latest article with those of ``others`` that are alike on average."""
        first = bisect_left(self._times, self._times[-1] - self.lookback())
        for other in others[:_MERGES]:
            if {story, other} <= self._reserved or self._are_apart(story, other, first):
                continue
            one, two = (self._sample(each, first) for each in (story, other))
            title_only = (self._articles[position].text.is_title_only for position in (*one, *two))
            titles = sum(title_only) / (len(one) + len(two))
            least = self.rules.merge + (self.rules.title_merge - self.rules.merge) * titles
            if self._linkage(one, two) >= least:
                new, old = sorted((story, other), key=self._seniority)
                story = new
                yield self._merge(old, new)

    def _sample(self, story: int, first: int) -> Sequence[int]:
        return _spread(self._members(story, first), self.rules.merge_sample)

    def _linkage(self, some: Sequence[int], others: Sequence[int]) -> float:
        """Return the average similarity of two stories; 0 if they have issues of the same column.

        Articles of one provider do not count: it writes in one style about many things.
        """
        total = 0.0
        if len(some) > len(others):
            some, others = others, some  # to prepare an article takes longer than to compare it
        for position in some:
            one = self._articles[position]
            values = self._similarities(position, others)
            for other, value in zip(map(self._articles.__getitem__, others), values, strict=True):
                if not same_provider(one, other):
                    total += weighted_similarity(one, other, value, self.rules)
                elif is_recurring(one, other, value, self.rules):
                    return 0.0
        return total / (len(some) * len(others))

    def _similarities(self, position: int, others: Sequence[int]) -> list[float]:
        """Return the similarities of one article to others; many were computed when the later one was added."""
        known = {other: self._similar.get(max(position, other), {}).get(min(position, other)) for other in others}
        missing = [other for other, value in known.items() if value is None]
        if missing:
            made = Probe(self._articles[position].vector).similarities(self._vectors(missing))
            for other, value in zip(missing, made, strict=True):
                known[other] = self._similar.setdefault(max(position, other), {})[min(position, other)] = value
        return [value for value in known.values() if value is not None]

    def _remember(self, similar: dict[int, float]) -> None:
        """Remember the similarities of the next article to earlier ones."""
        if len(self._similar) >= _REMEMBERED:
            self._similar.clear()
        self._similar[len(self._times)] = similar

    def _own_domains(self, story: int, first: int) -> set[str]:
        """Return the collections that have articles of their own in a story, from position ``first`` on."""
        domains = {self._articles[position].domain for position in self._members(story, first)}
        return {domain for domain in domains if domain.startswith(OWN)}

    def _are_apart(self, story: int, other: int, first: int) -> bool:
        """Whether an article of one story must not be in the other; of a collection's own, those from ``first`` on."""
        if not self._own_domains(story, first).isdisjoint(self._own_domains(other, first)):
            return True
        if not self._corrections.pages():
            return False
        apart = self._corrections.apart_from
        pages = {self._articles[position].page for position in self._positions(story)}
        return any(not pages.isdisjoint(apart(self._articles[position].page)) for position in self._positions(other))

    def _seniority(self, story: int) -> tuple[bool, int]:
        """Return the key by which the first of two merged stories keeps its name: those of sources, then the older."""
        return story not in self._reserved, self._positions(story)[0]

    def _merge(self, old: int, new: int) -> Merge:
        positions = self._positions(old)
        del self._stories[old]
        for position in positions:
            self._articles[position] = moved = self._articles[position]._replace(story=new)
            self._story_of[moved.page] = new
        self._stories[new] = sorted([*self._positions(new), *positions])
        return Merge(old, new)


def _spread(positions: Sequence[int], most: int) -> Sequence[int]:
    """Return at most ``most`` positions, evenly spread from the first on."""
    count = len(positions)
    return positions if count <= most else [positions[at * count // most] for at in range(most)]
