"""Publishes stories: chooses the lead, computes the heat, and folds the other articles under it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence

from tui_reader.model.dates import DAY
from tui_reader.model.weights import Weights
from tui_reader.storage.clusters import Clusters
from tui_reader.storage.publications import Alone, Member, MemberText, Parts, Publication
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
        self._publications = store.publications
        self._weights = weights

    def update_rarity(self) -> None:
        """Count how much each source publishes; if it is another rarity, its stories are to be published again."""
        for rate in self._store.source_rates(RATE_DAYS * DAY):
            points = rarity(articles_published(rate.articles, rate.span))
            if points != rate.rarity:
                self._store.set_rarity(rate.source, points)

    def waiting(self) -> Iterator[Sequence[int]]:
        """Return the stories to publish, some at a time."""
        stories = self._store.to_republish()
        for start in range(0, len(stories), _BATCH):
            yield stories[start : start + _BATCH]

    def publish(self, stories: Collection[int]) -> None:
        """Publish stories whose articles, lead or heat may have changed: all of them are read and written at once."""
        store = self._publications
        members = {story: [member for member in each if member.rated] for story, each in store.members(stories).items()}
        texts = store.texts([member.article for each in members.values() if len(each) > 1 for member in each])
        source_leads = store.source_leads(stories)
        parts: dict[int, Parts] = {}
        publications: list[Publication] = []
        for story in stories:
            ranked = _ranked(members.get(story, ()), texts)
            if story in source_leads:
                lead, folded = source_leads[story], ranked
                parts[lead] = self._add_coverage(lead, folded)
            elif ranked:
                lead, folded = ranked[0].article, ranked[1:]
                parts[lead], publication = self._lead(ranked[0], folded)
                publications += publication
            else:
                continue
            parts |= {member.article: Parts(None) for member in folded}
            publications += (Publication(member.article, False, FOLDED, under=lead) for member in folded)
        publications += self._crowds(store.put_parts(parts))
        store.publish(publications)
        self._store.set_published(stories)

    def _lead(self, lead: Member, folded: Sequence[Member]) -> tuple[Parts, list[Publication]]:
        """Return how a story made here is published; one without folded articles is, with those that it crowds."""
        parts = coverage_parts([_outlet(lead)], [_outlet(member) for member in folded], self._weights.related)
        parts = parts._replace(rarity=lead.rarity)
        if not folded:
            return Parts(parts, (_outlet(lead), lead.published // DAY)), []
        heat = lead.quality + parts.total
        shown = self._weights.shows(lead.quality, heat)
        related = tuple(member.article for member in folded)
        return Parts(parts), [Publication(lead.article, shown, heat, related)]

    def _crowds(self, crowds: Collection[Alone]) -> Iterator[Publication]:
        """Publish the stories that an outlet alone tells on a day: each costs those that are not as hot."""
        costs: list[tuple[int, int]] = []
        for articles in self._publications.alone(crowds).values():
            articles.sort(key=lambda one: (-one.quality - one.rarity, one.published, one.page))
            for place, article in enumerate(articles):
                heat = article.quality + article.rarity
                points = crowding(place, heat)
                if points != article.crowding:
                    costs.append((article.article, points))
                shown = self._weights.shows(article.quality, heat - points)
                yield Publication(article.article, shown, heat - points)
        self._publications.set_crowding(costs)

    def _add_coverage(self, lead: int, added: Sequence[Member]) -> Parts:
        """Append articles to a story from a source; the outlets that the source lists count already."""
        listed = self._publications.listed_by_source(lead) if added else []
        known = {member.article for member in listed}
        added = [member for member in added if member.article not in known]  # else each run would add their heat again
        parts = coverage_parts(map(_outlet, listed), [_outlet(member) for member in added], self._weights.related)
        self._publications.add_coverage(lead, [member.article for member in added], parts.coverage)
        return Parts(parts if added else None)


def _ranked(members: Sequence[Member], texts: Mapping[int, MemberText]) -> Sequence[Member]:
    """Return the articles of a story that are rated here, the one that leads it first."""
    if len(members) < 2:
        return members
    by_page = {member.page: member for member in members}
    candidates = [
        Candidate(page, member.published, member.quality, texts[page].title, member.domain, Packed(texts[page].vector))
        for page, member in by_page.items()
    ]
    ranked = rank_story(candidates)
    return [by_page[page] for page in (ranked.lead, *ranked.related)]


def _outlet(member: Member) -> str:
    return outlet(member.domain, member.provider, member.source)
