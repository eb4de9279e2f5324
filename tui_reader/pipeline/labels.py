"""Labels articles whose source does not rate them: topics, quality and a first heat."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence, Set
from types import MappingProxyType

from tui_reader.model.article import Article
from tui_reader.model.fingerprint import fingerprint
from tui_reader.model.topic import Topic
from tui_reader.model.weights import DEFAULT_WEIGHTS, Weight, Weights
from tui_reader.storage.cluster_reader import LabelledArticle
from tui_reader.storage.clusters import Clusters
from tui_reader.stories.facts import Facts
from tui_reader.stories.quality import quality
from tui_reader.stories.topics import Matcher, compile_topics

_STORED_AS = "labels"  # the name of the fingerprint in the index


class Labels:
    """The topics and quality of articles, by the topic definitions and weights in force."""

    def __init__(
        self,
        topics: Sequence[Topic],
        from_source: Mapping[int, tuple[str, ...]],
        root_topics: Mapping[int, str],
        *,
        feeds: Set[int] = frozenset(),
        weights: Weights = DEFAULT_WEIGHTS,
        weight_by_source: Mapping[int, Weight] = MappingProxyType({}),
    ) -> None:
        """Create the labels for ``topics``.

        ``from_source`` maps a source id to topics that all its articles get,
        ``root_topics`` a source id to the root topic of its site. Categories
        of the sources in ``feeds`` count only if they name a defined topic:
        feeds use them for keywords as often as for subjects. ``weight_by_source``
        maps a source id to the weight of its articles, if it is not normal.
        """
        self._topics = topics
        self._from_source = from_source
        self._root_topics = root_topics
        self._feeds = feeds
        self._weights = weights
        self.weight_by_source = weight_by_source
        self._names = {topic.name.casefold(): topic.name for topic in topics}
        self._matchers: dict[str, Matcher] = {}

    def fingerprint(self) -> int:
        """Return a number that changes with anything that decides about labels, except the weights of sources."""
        return fingerprint(
            repr(
                (
                    self._topics,
                    sorted(self._from_source.items()),
                    sorted(self._root_topics.items()),
                    sorted(self._feeds),
                    self._weights._replace(tiers={}),
                    sorted(self._weights.tiers.items()),
                )
            ).encode()
        )

    def _matcher(self, source: int) -> Matcher:
        root = self._root_topics.get(source, "")
        if root not in self._matchers:
            without = {topic.name: topic.excluded for topic in self._topics if topic.excluded}
            self._matchers[root] = compile_topics(self._topics, root=root, without=without)
        return self._matchers[root]

    def root_words(self) -> frozenset[str]:
        """Return the words of all root topics, which most articles of their sites contain."""
        return frozenset[str]().union(*(self._matcher(source).root_words() for source in self._root_topics))

    def topics_of(self, source: int, title: str, categories: Iterable[str]) -> tuple[str, ...]:
        """Return an article's topics: those its title matches, those of its source, then its own ``categories``."""
        matched = self._matcher(source).match(title)
        is_feed = source in self._feeds
        named = (self._names.get(name.casefold(), "" if is_feed else name) for name in categories)
        every = (*matched, *self._from_source.get(source, ()), *(name for name in named if name))
        return tuple(dict.fromkeys(every))

    def quality_of(self, source: int, facts: Facts, provider: str, topics: Sequence[str], points: int = 0) -> int:
        """Return the quality of an article with these topics; ``points`` are from filters."""
        matcher = self._matcher(source)
        root = self._root_topics.get(source, "") if matcher.names_root(facts.title) else ""
        weight = self._weight(source)
        return quality(
            facts,
            provider,
            matcher.subtopics(topics),
            root_in_title=root,
            weights=self._weights,
            weight=weight,
            filtered=points,
        ).total

    def _weight(self, source: int) -> Weight:
        return self.weight_by_source.get(source, Weight.NORMAL)

    def label(self, source: int, article: Article) -> Article:
        """Return ``article`` with topics, quality and heat; unchanged if its source rates it.

        The heat is that of a story of one article. Clustering changes it
        where others tell the same story; drafts, which are not shown, have
        no part in that.
        """
        if not article.is_unrated():
            return article
        topics = self.topics_of(source, article.title, article.topics)
        facts = Facts(
            0,
            article.published,
            article.title,
            article.excerpt,
            article.provider.domain,
            bool(article.images),
            article.links.amp is not None,
        )
        points = self.quality_of(source, facts, article.provider.name, topics)
        return article._replace(
            topics=topics, source_topics=article.topics, quality=points, heat=points, rated=article.shown
        )

    def update(self, store: Clusters, points: Mapping[int, int] = MappingProxyType({})) -> int:
        """Label the articles again that were labelled otherwise, inside a transaction; return their number.

        New articles were labelled when they were stored, but without the
        ``points`` that filters add, by article id. Stories that this changes
        are to be published again.
        """
        weights = {
            source: weight for source, weight in store.source_weights().items() if weight != self._weight(source)
        }
        if store.state(_STORED_AS) != self._stamp():
            articles = store.rated()
            store.republish_all()
        else:
            before = store.points()
            changed = {each for each in before.keys() | points.keys() if before.get(each, 0) != points.get(each, 0)}
            articles = store.rated(weights) if weights else []
            articles += store.rated_among(changed - {each.article for each in articles}) if changed else []
        if not articles and not weights:
            return 0
        for article in articles:
            topics = self.topics_of(article.source, article.title, article.source_topics)
            added = points.get(article.article, 0)
            number = self.quality_of(article.source, facts_of(article), article.provider, topics, added)
            store.label(article.article, topics, number, added)
        self._record(store)
        return len(articles)

    def _record(self, store: Clusters) -> None:
        """Record in the index that its articles are labelled with these labels."""
        store.set_state(_STORED_AS, self._stamp())
        for source in store.source_weights():
            store.set_source_weight(source, self._weight(source))

    def record_first(self, store: Clusters) -> None:
        """Record these labels unless the index has some already.

        To be called before a new index gets its first articles, because the
        topics that their sources define change the labels afterwards.
        """
        if store.state(_STORED_AS) is None:
            self._record(store)

    def _stamp(self) -> int:
        return self.fingerprint() >> 1  # SQLite's integers are signed


def facts_of(article: LabelledArticle) -> Facts:
    """Return what the rules look at of a stored article."""
    return Facts(
        article.page,
        article.published,
        article.title,
        article.excerpt,
        article.domain,
        article.image,
        article.amp,
    )
