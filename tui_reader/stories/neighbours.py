"""Finds the earlier articles that matter to a new one, and how similar they are: whatever the stories they are in."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice, takewhile

from tui_reader.model.dates import DAY
from tui_reader.named_tuple import NamedTuple
from tui_reader.stories.earlier import Earlier
from tui_reader.stories.postings import Postings
from tui_reader.stories.rules import GroupedArticle, Rules, same_provider
from tui_reader.stories.similarity import Probe, Vector, same_title

_CANDIDATES, _EFFORT = 24, 400  # more of either finds hardly more and takes longer
_READ_TOGETHER = 64  # articles with a title as long


class Neighbours(NamedTuple):
    """The earlier articles that matter to a new one, by position.

    ``similar`` has the similarity of all that may decide about its story;
    ``titled`` are those of them that are by other providers and have its title,
    the latest last.
    """

    similar: dict[int, float]
    titled: Sequence[int]


class Comparer:
    """Compares each new article with earlier ones.

    Articles are referred to by their position in the order of adding.
    """

    def __init__(
        self,
        rules: Rules,
        articles: dict[int, GroupedArticle],
        times: Sequence[int],
        earlier: Earlier | None = None,
    ) -> None:
        """``articles`` and ``times`` are those added so far, and grow; ``earlier`` knows the first of them."""
        self._rules = rules
        self._articles = articles
        self._times = times
        self._earlier = earlier
        self._postings = Postings(earlier)
        self._posted = len(earlier or ())  # all positions before this one are in the postings
        self._titles: dict[float, list[int]] = {}  # positions, by the norm of the title
        self._titled: int | None = None  # all positions from the first that matters to this one are in it

    def neighbours(self, new: GroupedArticle) -> Neighbours:
        """Return the neighbours of the article that is added next."""
        times = self._times
        for position in range(self._posted, len(times)):
            self._postings.add(position, self._articles[position].text.stems)
        self._posted = len(times)
        vector = new.vector
        first = bisect_left(times, new.published - self._rules.lookback())
        positions = self._postings.nearest(vector.stems, first, len(times), most=_CANDIDATES, effort=_EFFORT)
        titled = self._same_title(new)
        self.read(positions)
        positions = list(dict.fromkeys([*positions, *titled]))
        candidates = [self._articles[position] for position in positions]
        published = new.published
        least = self._rules.least([published - known.published for known in candidates], is_title_only=not vector.rest)
        has_title = set(titled)
        for place, (position, known) in enumerate(zip(positions, candidates, strict=True)):
            # Any issue of a recurring column matters, however little of its text is the same.
            if position in has_title or (known.domain == new.domain and known.domain):
                least[place] = 0.0
        values = Probe(vector).similarities([known.vector for known in candidates], least)
        every = zip(positions, values, least, strict=True)
        similar = {position: value for position, value, enough in every if value >= enough}
        return Neighbours(similar, titled)

    def read(self, positions: Iterable[int]) -> None:
        """Read those of the articles at these positions that are not in memory."""
        missing = [position for position in positions if position not in self._articles]
        if missing and self._earlier:
            self._articles.update(self._earlier.articles(missing))

    def members(self, story: int) -> Mapping[int, GroupedArticle]:
        """Read the articles of a story that were added before the first one that is in memory."""
        return self._earlier.members(story) if self._earlier else {}

    def _same_title(self, new: GroupedArticle) -> list[int]:
        """Return the positions of the latest articles of other providers with the same title, of the last days."""
        since = new.published - round(self._rules.title_days * DAY)
        others = (
            position
            for position in self._latest_titled(new.vector, since)
            if same_title(new.vector, self._articles[position].vector)
            and not same_provider(new, self._articles[position])
        )
        return list(islice(others, _CANDIDATES))[::-1]

    def _latest_titled(self, new: Vector, since: int) -> Iterator[int]:
        """Yield positions of articles that may have the title of ``new``, the latest first."""
        if self._titled is None:
            self._titled = max(bisect_left(self._times, since), len(self._earlier or ()))
        for position in range(self._titled, len(self._times)):
            self._titles.setdefault(self._articles[position].vector.title_norm, []).append(position)
        self._titled = len(self._times)
        if not new.title:
            return
        titled = reversed(self._titles.get(new.title_norm, []))
        yield from takewhile(lambda position: self._times[position] >= since, titled)
        if self._earlier:
            earlier = self._earlier.with_title_length(len(new.title), bisect_left(self._times, since))
            while some := list(islice(earlier, _READ_TOGETHER)):
                self.read(some)
                yield from some
