"""Publishes stories: chooses the lead, computes the heat, and folds the other articles under it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from tui_reader.model.dates import DAY
from tui_reader.model.weights import Weights
from tui_reader.storage.cluster_reader import Member
from tui_reader.storage.clusters import Alone, Clusters
from tui_reader.stories.heat import RATE_DAYS, articles_published, coverage_parts, crowding, rarity
from tui_reader.stories.leads import Candidate, rank_story
from tui_reader.stories.outlets import outlet
from tui_reader.stories.similarity import Packed

FOLDED = -1
"""The heat of an article folded under the lead of its story, as in the collections."""

_BATCH = 2000  # stories published in one transaction


class Publisher:
    """Writes the stories of an index into its lists, inside a transaction of the caller."""

    def __init__(self, store: Clusters, weights: Weights) -> None:
        self._store = store
        self._weights = weights

    def update_rarity(self) -> None:
        """Count how much each source publishes; if it is another rarity, its stories are to be published again."""
        for rate in self._store.source_rates(RATE_DAYS * DAY):
            points = rarity(articles_published(rate.articles, rate.span))
            if points != rate.rarity:
                self._store.set_rarity(rate.source, points)

    def waiting(self) -> Iterator[Sequence[int]]:
        """Return the stories to publish again, some at a time."""
        stories = self._store.to_republish()
        for start in range(0, len(stories), _BATCH):
            yield stories[start : start + _BATCH]

    def publish(self, stories: Iterable[int]) -> None:
        """Publish stories whose articles, lead or heat may have changed."""
        crowded: set[Alone] = set()
        for story in (published := list(stories)):
            crowded |= self._publish(story)
        for outlet_alone, day in sorted(crowded):
            self._crowd(outlet_alone, day)
        self._store.set_published(published)

    def _publish(self, story: int) -> set[Alone]:
        """Choose the lead of a story, or take that of its source, and fold the other articles under it.

        Return the outlets and days whose stories of one article have to be
        published, because they crowd each other otherwise than before.
        """
        ranked = self._ranked(story)
        source_lead = self._store.source_lead(story)
        if source_lead is not None:
            lead, folded = source_lead, ranked
            self._add_coverage(source_lead, folded)
        elif not ranked:
            return set()
        else:
            lead, folded = ranked[0].article, ranked[1:]
        crowded = {self._store.set_heat_parts(member.article, None) for member in folded}
        for member in folded:
            self._store.publish(member.article, shown=False, heat=FOLDED, related=(), under=lead)
        if source_lead is None:
            crowded |= self._lead(ranked[0], folded)
        return {alone for alone in crowded if alone is not None}

    def _ranked(self, story: int) -> list[Member]:
        """Return the articles of a story that are rated here, the one that leads it first."""
        members = {member.page: member for member in self._store.members(story) if member.rated}
        if len(members) < 2:
            return list(members.values())
        texts = self._store.texts(story)
        candidates = [
            Candidate(
                page, member.published, member.quality, texts[page].title, member.domain, Packed(texts[page].vector)
            )
            for page, member in members.items()
        ]
        ranked = rank_story(candidates)
        return [members[page] for page in (ranked.lead, *ranked.related)]

    def _lead(self, lead: Member, folded: Sequence[Member]) -> set[Alone | None]:
        """Publish a story made here; one without folded articles is published with those that it crowds."""
        parts = coverage_parts([_outlet(lead)], [_outlet(member) for member in folded], self._weights.related)
        parts = parts._replace(rarity=lead.rarity)
        if not folded:
            alone = _outlet(lead), lead.published // DAY
            return {alone, self._store.set_heat_parts(lead.article, parts, alone)}
        before = self._store.set_heat_parts(lead.article, parts)
        heat = lead.quality + parts.total
        shown = self._weights.shows(lead.quality, heat)
        related = [member.article for member in folded]
        self._store.publish(lead.article, shown=shown, heat=heat, related=related)
        return {before}

    def _crowd(self, outlet_alone: str, day: int) -> None:
        """Publish the stories that an outlet alone tells on a day: each costs those that are not as hot."""
        articles = self._store.alone(outlet_alone, day)
        articles.sort(key=lambda one: (-one.quality - one.rarity, one.published, one.page))
        for place, article in enumerate(articles):
            heat = article.quality + article.rarity
            points = crowding(place, heat)
            if points != article.crowding:
                self._store.set_crowding(article.article, points)
            shown = self._weights.shows(article.quality, heat - points)
            self._store.publish(article.article, shown=shown, heat=heat - points, related=())

    def _add_coverage(self, lead: int, added: Sequence[Member]) -> None:
        """Append articles to a story from a source; the outlets that the source lists count already."""
        listed = self._store.listed_by_source(lead) if added else []
        known = {member.article for member in listed}
        added = [member for member in added if member.article not in known]  # else each run would add their heat again
        parts = coverage_parts(map(_outlet, listed), [_outlet(member) for member in added], self._weights.related)
        self._store.set_heat_parts(lead, parts if added else None)
        self._store.add_coverage(lead, [member.article for member in added], parts.coverage)


def _outlet(member: Member) -> str:
    return outlet(member.domain, member.provider, member.source)
