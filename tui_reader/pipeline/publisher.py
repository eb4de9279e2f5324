"""Publishes stories: chooses the lead, computes the heat, and folds the other articles under it."""

from __future__ import annotations

from tui_reader.model.weights import Weights
from tui_reader.storage.clusters import Clusters
from tui_reader.stories.leads import Candidate, rank_story

FOLDED = -1
"""The heat of an article folded under the lead of its story, as in the collections."""


class Publisher:
    """Writes the stories of an index into its lists, inside a transaction of the caller."""

    def __init__(self, store: Clusters, weights: Weights) -> None:
        self._store = store
        self._weights = weights

    def publish(self, story: int) -> None:
        """Choose the lead of a story, or take that of its source, and fold the other articles under it."""
        weights = self._weights
        members = {member.page: member for member in self._store.members(story) if member.rated}
        candidates = [Candidate(member.page, member.published, member.quality) for member in members.values()]
        ranked = rank_story(candidates, weights.related) if candidates else None
        articles = [members[page].article for page in (ranked.lead, *ranked.related)] if ranked else []
        source_lead = self._store.source_lead(story)
        if source_lead is not None:
            folded = articles
            self._store.add_coverage(source_lead, folded, weights.related * len(folded))
        else:
            folded = articles[1:]
        lead = articles[0] if source_lead is None and articles else source_lead
        for article in folded:
            self._store.publish(article, shown=False, heat=FOLDED, related=(), under=lead)
        if ranked and source_lead is None:
            shown = weights.shows(members[ranked.lead].quality, ranked.heat)
            self._store.publish(articles[0], shown=shown, heat=ranked.heat, related=folded)
