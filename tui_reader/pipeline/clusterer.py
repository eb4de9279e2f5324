"""Makes stories of the articles that come without: topics, quality, groups, leads and heat, step by step."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Sequence

from tui_reader.model.fingerprint import fingerprint
from tui_reader.model.preferences import Preferences
from tui_reader.pipeline.labels import Labels
from tui_reader.storage.clusters import ClusteredArticle, Clusters, RatedArticle, SourceArticle
from tui_reader.storage.schema import ALONE
from tui_reader.stories.facts import Facts
from tui_reader.stories.grouping import Corrections, Grouping, Known, Rules, same_event
from tui_reader.stories.leads import Candidate, rank_story
from tui_reader.stories.similarity import Packed, unpack, vector
from tui_reader.stories.wording import SAMPLE, frequent_words

FOLDED = -1
"""The heat of an article that another one of its story leads, as the collections have it."""

_FEW = 500  # articles whose texts are looked at beforehand
_STEP_SECONDS = 1.0  # between two points at which the caller may stop: stories that are told twice cost time


class Clusterer:
    """One run over the rated articles of an index."""

    def __init__(self, store: Clusters, labels: Labels, preferences: Preferences) -> None:
        self._store = store
        self._labels = labels
        self._preferences = preferences
        self._corrections = Corrections(preferences.apart, preferences.together)
        self._common: frozenset[str] = frozenset()

    def run(self) -> Iterator[int]:
        """Label and place what has to be; gives, from time to time, how many articles were."""
        yield from self._label()
        self._compare()
        yield from self._place()

    def _label(self) -> Iterator[int]:
        """Label all articles anew where topics have changed; new ones were labelled when they were stored."""
        if self._labels.are_current(self._store):
            return
        every = self._store.rated()
        with self._store.writing():
            for raw in every:
                topics = self._labels.topics_of(raw.source, raw.title, raw.source_topics)
                points = self._labels.quality_of(raw.source, _facts(raw), raw.provider, topics)
                self._store.label(raw.article, topics, points)
            self._store.recluster(raw.page for raw in every)  # another quality can make another lead
            self._labels.record(self._store)
        if every:
            yield len(every)

    def _compare(self) -> None:
        """Place everything anew where other words are left out of the comparison: those that tell no two apart."""
        self._common = self._labels.root_words() | frequent_words(self._store.sample_titles(SAMPLE))
        if self._store.stop_words() != self._common:
            with self._store.writing():
                self._store.set_stop_words(self._common)

    def _place(self) -> Iterator[int]:
        self._take_corrections()
        grouping = Grouping(corrections=self._corrections)
        given = self._take_given(grouping.lookback())
        since, affected = self._store.pending()
        if since is None:
            return
        # Whoever a story took in may have come before the article that it lost.
        since = min([since, *self._store.start_times(affected)])
        later = [one for one in given if one.published >= since]
        both: list[RatedArticle | SourceArticle] = sorted([*self._store.rated_since(since), *later], key=_order)
        texts = {raw.page: self._packed(raw) for raw in both} if len(both) <= _FEW else {}
        stems = frozenset(stem for text in texts.values() for stem in Packed(text).stems) if texts else None
        grouping.resume(_known(self._store.clustered(since - grouping.lookback(), since)), stems)
        grouping.reserve({one.page: one.wanted for one in given if one.wanted != ALONE})
        placed: list[tuple[RatedArticle | SourceArticle, int, bytes]] = []
        renamed: list[tuple[int, int]] = []
        begun = time.monotonic()
        for raw in both:
            # Between two moments, so that whoever goes on from there has the articles of one moment together.
            if raw.published != since and time.monotonic() - begun > _STEP_SECONDS:
                yield self._keep(placed, renamed, affected, raw.published)
                placed, renamed, affected = [], [], set()
                begun = time.monotonic()
            since = raw.published
            packed = texts.get(raw.page) or self._packed(raw)
            if isinstance(raw, SourceArticle) and raw.wanted == ALONE:
                story = ALONE
            elif isinstance(raw, SourceArticle):
                story = raw.wanted  # its source has said it
                taken = grouping.add_assigned(Known(raw.page, raw.published, raw.domain, unpack(packed), story))
                if taken is not None:
                    placed = [(one, story if into == taken else into, other) for one, into, other in placed]
                    renamed.append((taken, story))
                    affected |= {taken, story}
            else:
                story = grouping.add(_facts(raw), unpack(packed)).story
            if story != raw.story or not raw.vector:
                placed.append((raw, story, packed))
                affected |= {story, raw.story} - {0, ALONE}
        yield self._keep(placed, renamed, affected, None)

    def _take_given(self, memory: int) -> list[SourceArticle]:
        """The articles of sources that rate their own, as far as others may join their stories.

        Where no article is rated here, that is none. Has all placed anew from
        the first on whose story is not the one that it was placed in.
        """
        earliest = self._store.earliest_rated()
        given = [] if earliest is None else self._standing(self._store.from_source(earliest - memory))
        lost = self._store.obsolete({one.article for one in given})
        moved = [(one.published, one.story) for one in given if one.story != one.wanted]
        if not moved and not lost:
            return given
        with self._store.writing():
            self._store.unassign(article for article, _, _ in lost)
            for published, story in (*moved, *((published, story) for _, published, story in lost)):
                self._store.recluster_since(published, story)
        return given

    def _standing(self, given: Sequence[SourceArticle]) -> list[SourceArticle]:
        """Let articles that their source folds stand for their story only where they are like what leads it.

        The lists of some sources go from one thing to the next: what the last
        of them is like has nothing to do with the first.
        """
        leads = {one.page: one for one in given if one.wanted == one.page}
        return [one if self._stands(one, leads.get(one.wanted)) else one._replace(wanted=ALONE) for one in given]

    def _stands(self, one: SourceArticle, lead: SourceArticle | None) -> bool:
        if lead is None or one is lead:
            return lead is not None
        if lead.story and one.story in {one.wanted, ALONE}:
            return one.story != ALONE  # as was found before; whose text changes loses its place
        mine, leading = (
            Known(each.page, each.published, each.domain, unpack(self._packed(each)), each.wanted)
            for each in (one, lead)
        )
        return same_event(mine, leading, Rules())

    def _packed(self, one: RatedArticle | SourceArticle) -> bytes:
        """The vector of an article, as it is kept or is to be kept."""
        return one.vector or vector(one.title, one.excerpt, self._common).pack()

    def _keep(
        self,
        placed: Sequence[tuple[RatedArticle | SourceArticle, int, bytes]],
        renamed: Iterable[tuple[int, int]],
        affected: Iterable[int],
        until: int | None,
    ) -> int:
        """Store what has its place, all that came out before ``until``; a run that is stopped goes on from there."""
        with self._store.writing():
            for old, new in renamed:
                self._store.merge(old, new)
            self._store.assign(placed)
            for story in affected:
                self._tell(story)
            self._store.set_done(until)
        return len(placed)

    def _take_corrections(self) -> None:
        """Place anew what the person corrected, and what they corrected before and no longer do."""
        said = (sorted(self._preferences.apart), sorted(self._preferences.together))
        name, now = "corrections", fingerprint(repr(said).encode()) >> 1
        if self._store.state(name) == now:
            return
        since = "corrected since"
        moments = (self._store.earliest(self._corrections.pages()), self._store.state(since))
        with self._store.writing():
            for moment in moments:
                if moment is not None:
                    self._store.recluster_since(moment)
            if moments[0] is not None:
                self._store.set_state(since, moments[0])
            self._store.set_state(name, now)

    def _tell(self, story: int) -> None:
        """Choose the lead of a story, or take that of its source, and fold the others under it."""
        weights = self._preferences.weights
        members = {member.page: member for member in self._store.members(story) if member.rated}
        made = (
            rank_story([Candidate(one.page, one.published, one.quality) for one in members.values()], weights.related)
            if members
            else None
        )
        best = [members[page].article for page in (made.lead, *made.related)] if made else []
        given = self._store.source_lead(story)
        if given is not None:
            folded = best
            self._store.add_coverage(given, folded, weights.related * len(folded))
        else:
            folded = best[1:]
        for article in folded:
            self._store.publish(article, shown=False, heat=FOLDED, related=())
        if made and given is None:
            shown = weights.shows(members[made.lead].quality, made.heat)
            self._store.publish(best[0], shown=shown, heat=made.heat, related=folded)


def _order(one: RatedArticle | SourceArticle) -> tuple[int, int]:
    return one.published, one.page


def _facts(raw: RatedArticle) -> Facts:
    return Facts(raw.page, raw.published, raw.title, raw.excerpt, raw.domain, raw.image, raw.amp)


def _known(placed: Iterable[ClusteredArticle]) -> Iterator[Known]:
    for one in placed:
        yield Known(one.page, one.published, one.domain, Packed(one.vector), one.story)
