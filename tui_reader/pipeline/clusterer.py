"""Groups articles into stories: labels, similarity and groups, in steps."""

from __future__ import annotations

import time
from collections.abc import Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from functools import partial
from types import MappingProxyType
from typing import TypeAlias

from tui_reader.model.fingerprint import fingerprint
from tui_reader.model.preferences import Preferences
from tui_reader.pipeline.labels import Labels
from tui_reader.pipeline.neighbour_process import Arrival, Compared, compared
from tui_reader.pipeline.publisher import Publisher
from tui_reader.storage.cluster_reader import ClusteredArticle, RatedArticle, SourceArticle
from tui_reader.storage.clusters import Assigned, Clusters
from tui_reader.storage.schema import ALONE
from tui_reader.stories.corrections import Corrections
from tui_reader.stories.earlier import Earlier, EarlierStems
from tui_reader.stories.grouping import Grouping, Merge
from tui_reader.stories.rules import GroupedArticle, Rules, same_event
from tui_reader.stories.similarity import HEAD, STEM_BYTES, Packed, head_of, packed_vector, unpack
from tui_reader.stories.wording import SAMPLE, frequent_words

_FEW = 500  # articles; for so few, only those older ones are read that have something in common with them
_STEP_SECONDS = 1.0  # between two steps, each of which is stored

Clusterable: TypeAlias = RatedArticle | SourceArticle


class _Batch:
    """Assignments to stories that are not stored yet."""

    def __init__(self, stories: Iterable[int] = ()) -> None:
        """``stories`` are to be published again, whatever is assigned to them."""
        self.stories = set(stories)
        self.assigned: list[Assigned] = []
        self.merged: list[tuple[Merge, int]] = []

    def assign(self, article: Clusterable, story: int, packed: bytes) -> None:
        """Assign an article with its vector to a story, unless it is stored so."""
        if isinstance(article, SourceArticle):
            is_stored = (story, article.lead) == (article.story, article.lead_before)
        else:
            is_stored = story == article.story == article.joined
        if not is_stored or not article.vector:
            self.assigned.append(Assigned(article, story, story, packed))
            self.stories |= {story, article.story} - {0, ALONE}

    def merge(self, merges: Iterable[Merge], published: int) -> None:
        """Move all articles of stories to others, because of an article ``published`` at that time."""
        for merge in merges:
            self.assigned = [one._replace(story=merge.new) if one.story == merge.old else one for one in self.assigned]
            self.merged.append((merge, published))
            self.stories |= set(merge)


class Clusterer:
    """One run over the articles of an index that their sources do not rate.

    Only what changed is done again: everything from the first article on whose
    story may be another. The stories are the same as in an index built anew.
    """

    def __init__(
        self,
        store: Clusters,
        labels: Labels,
        preferences: Preferences,
        points: Mapping[int, int] = MappingProxyType({}),
    ) -> None:
        """``points`` are what filters add to the quality of articles, by id."""
        self._store = store
        self._labels = labels
        self._points = points
        self._preferences = preferences
        self._publisher = Publisher(store, preferences.weights)
        self._corrections = Corrections(preferences.apart, preferences.together)
        self._stop_words: frozenset[str] = frozenset()
        self._apart: frozenset[int] = frozenset()  # articles of the sources that are kept apart

    def run(self) -> Iterator[int]:
        """Label and cluster; yield the number of articles stored, about once a second.

        The caller may stop at every yield; the next run continues from there.
        """
        yield from self._label()
        self._update_stop_words()
        self._keep_sources_apart()
        self._apply_corrections()
        with self._store.writing():
            self._publisher.update_rarity()
        yield from self._cluster()
        yield from self._publish()

    def _label(self) -> Iterator[int]:
        """Label articles again if the labels changed."""
        with self._store.writing():
            labelled = self._labels.update(self._store, self._points)
        if labelled:
            yield labelled

    def _publish(self) -> Iterator[int]:
        """Publish the stories whose articles, lead or heat may have changed."""
        for stories in self._publisher.waiting():
            with self._store.writing():
                self._publisher.publish(stories)
            yield len(stories)

    def _update_stop_words(self) -> None:
        """Cluster everything again if the words changed that are too frequent here to tell stories apart."""
        self._stop_words = self._labels.root_words() | frequent_words(self._store.sample_titles(SAMPLE))
        if self._store.stop_words() != self._stop_words:
            with self._store.writing():
                self._store.set_stop_words(self._stop_words)

    def _keep_sources_apart(self) -> None:
        """Cluster again what the user keeps apart since the last run, or no longer does."""
        sources = self._preferences.sources_apart
        self._apart = self._store.articles_of(sources) if sources else frozenset()
        before = self._store.kept_apart()
        if self._apart != before:
            with self._store.writing():
                self._store.keep_apart(self._apart - before, apart=True)
                self._store.keep_apart(before - self._apart, apart=False)

    def _apply_corrections(self) -> None:
        """Cluster again what the person has corrected since the last run, or no longer corrects."""
        corrections = (sorted(self._preferences.apart), sorted(self._preferences.together))
        name, now = "corrections", fingerprint(repr(corrections).encode()) >> 1
        if self._store.state(name) == now:
            return
        since = "corrected since"
        earliest, earliest_before = self._store.earliest(self._corrections.pages()), self._store.state(since)
        with self._store.writing():
            for published in (earliest, earliest_before):
                if published is not None:
                    self._store.recluster_since(published)
            if earliest is not None:
                self._store.set_state(since, earliest)
            self._store.set_state(name, now)

    def _cluster(self) -> Iterator[int]:
        grouping = Grouping(corrections=self._corrections)
        from_source = self._from_source(grouping.lookback())
        since, _ = self._store.pending()
        if since is None:
            return
        with self._store.writing():
            self._store.undo_merges(since)
        _, stories = self._store.pending()
        later = [article for article in from_source if article.published >= since]
        articles: list[Clusterable] = sorted([*self._store.rated_since(since), *later], key=_by_time)
        every = self._resume(grouping, since, articles)
        grouping.reserve({article.page: article.wanted for article in from_source if article.wanted != ALONE})
        batch = _Batch(stories)
        started = time.monotonic()
        with closing(every):
            for article, one in zip(articles, every, strict=True):
                # Never between articles of the same second: the next run starts at one.
                if article.published != since and time.monotonic() - started > _STEP_SECONDS:
                    yield self._store_batch(batch, article.published)
                    batch = _Batch()
                    started = time.monotonic()
                since = article.published
                story, merges = self._place(grouping, article, one)
                batch.assign(article, story, one.packed)
                batch.merge(merges, article.published)
        yield self._store_batch(batch, None)

    def _place(self, grouping: Grouping, article: Clusterable, one: Compared) -> tuple[int, Sequence[Merge]]:
        """Add the next article to ``grouping``; return its story, and the stories that it has made one."""
        wanted = article.wanted if isinstance(article, SourceArticle) else 0
        if not self._is_compared(article):
            # In no group, so no other article is compared with it.
            return (ALONE if wanted else article.page), ()
        new = GroupedArticle(
            article.page, article.published, article.domain, Packed(one.packed), wanted or article.page
        )
        if wanted:
            return wanted, grouping.add_assigned(new, one.neighbours)
        assigned = grouping.place(new, one.neighbours)
        return assigned.joined, assigned.merges

    def _is_compared(self, article: Clusterable) -> bool:
        """Return whether other articles may be in the story of this one."""
        is_alone = isinstance(article, SourceArticle) and article.wanted == ALONE
        return not is_alone and article.article not in self._apart

    def _resume(self, grouping: Grouping, since: int, articles: Sequence[Clusterable]) -> Generator[Compared]:
        """Give ``grouping`` the articles before ``since``; return ``articles`` with vectors, and perhaps neighbours."""
        first = since - grouping.lookback()
        arrivals = [
            Arrival(article.published, article.domain, article.vector, self._is_compared(article))
            for article in articles
        ]
        texts = partial(self._store.texts, [article.article for article in articles if not article.vector])
        if len(articles) > _FEW:
            known = self._store.clustered(first, since)
            grouping.resume(map(_known, known))
            earlier = [Arrival(one.published, one.domain, one.vector, compared=True) for one in known]
            return compared(arrivals, texts, self._stop_words, earlier)
        every = list(compared(arrivals, texts, self._stop_words))
        stored = EarlierStems(*self._store.stems(first, since, head_of, head=HEAD, size=STEM_BYTES))
        stems = {stem for one in every for stem in Packed(one.packed).stems}
        pages = self._corrections.pages()
        corrected = self._store.stories_of(pages, first, since) if pages else {}
        grouping.resume_with(Earlier(stored, stems, _Stored(self._store, first, since)), corrected)
        return (one for one in every)

    def _from_source(self, lookback: int) -> list[SourceArticle]:
        """Return the articles whose sources put them in stories that others may join.

        There are none without articles that are rated here. Everything is
        clustered again from the first one whose story differs from the stored.
        """
        earliest = self._store.earliest_rated()
        articles = [] if earliest is None else self._similar_to_lead(self._store.from_source(earliest - lookback))
        obsolete = self._store.obsolete({article.article for article in articles})
        moved = [(article.published, article.story) for article in articles if article.story != article.wanted]
        if not moved and not obsolete:
            return articles
        with self._store.writing():
            self._store.unassign(article for article, _, _ in obsolete)
            for published, story in (*moved, *((published, story) for _, published, story in obsolete)):
                self._store.recluster_since(published, story)
        return articles

    def _similar_to_lead(self, articles: Sequence[SourceArticle]) -> list[SourceArticle]:
        """Keep folded articles in their source's story only if they are like its lead; others join no story.

        Some sources list one thing after another under a lead: articles like
        the last of them have nothing to do with the story. No article joins
        one of a source that is kept apart.
        """
        leads = {
            article.page: article
            for article in articles
            if article.wanted == article.page and article.article not in self._apart
        }
        return [
            article
            if article.article not in self._apart and self._is_like(article, leads.get(article.wanted))
            else article._replace(wanted=ALONE)
            for article in articles
        ]

    def _is_like(self, article: SourceArticle, lead: SourceArticle | None) -> bool:
        if lead is None or article is lead:
            return lead is not None
        if lead.page in self._corrections.together_with(article.page):
            return True
        if lead.story and article.story and article.lead_before == article.lead:
            return article.story != ALONE  # as stored; an article whose text changes loses its story
        one, other = (
            GroupedArticle(each.page, each.published, each.domain, unpack(self._packed(each)), each.wanted)
            for each in (article, lead)
        )
        return same_event(one, other, Rules())

    def _packed(self, article: SourceArticle) -> bytes:
        """Return the packed vector of an article: the stored one, or a new one."""
        return article.vector or packed_vector(article.title, article.excerpt, self._stop_words)

    def _store_batch(self, batch: _Batch, until: int | None) -> int:
        """Store a batch; then everything published before ``until`` is clustered, ``None`` for all."""
        with self._store.writing():
            for merge, published in batch.merged:
                self._store.merge(merge.old, merge.new, published)
            self._store.assign(batch.assigned, self._apart)
            self._store.republish(batch.stories)
            self._store.set_done(until)
        return len(batch.assigned)


def _by_time(article: Clusterable) -> tuple[int, int]:
    return article.published, article.page


def _known(article: ClusteredArticle) -> GroupedArticle:
    return GroupedArticle(article.page, article.published, article.domain, Packed(article.vector), article.story)


class _Stored:
    """Reads the articles that were published from one time to before another and have a story."""

    def __init__(self, store: Clusters, since: int, until: int) -> None:
        self._store = store
        self._since, self._until = since, until

    def articles(self, numbers: Sequence[int]) -> Mapping[int, GroupedArticle]:
        return _all_known(self._store.clustered_by_id(numbers))

    def members(self, story: int) -> Mapping[int, GroupedArticle]:
        return _all_known(self._store.clustered_in(story, self._since, self._until))


def _all_known(found: Mapping[int, ClusteredArticle]) -> dict[int, GroupedArticle]:
    return {number: _known(article) for number, article in found.items()}
