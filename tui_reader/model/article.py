"""An article as a source delivers it: cleaned and typed, but not stored yet."""

from __future__ import annotations

from tui_reader.model.fingerprint import page_id
from tui_reader.model.links import Enclosure, Links, Provider
from tui_reader.model.urls import page_key
from tui_reader.named_tuple import NamedTuple


class Article(NamedTuple):
    """One page by one provider, or an entry that another article lists as related.

    ``published`` is in seconds since 1970 (UTC). ``quality`` and ``heat`` are
    ``None`` if the source does not give them. ``shown`` is false for an article
    that its source folds under a story.

    ``related`` has the fingerprints of the related entries in the publisher's
    order; the entries themselves are passed along separately, each distinct
    text once. ``notes`` are messages about what was left out and why.

    If ``rated`` is true, topics, quality and heat were computed by the indexer
    because the source does not give them, and ``source_topics`` are the topics
    or categories of the source.

    ``key`` is the key of the article's page where that does not follow from
    its address: for the entries of a changelog, which have one address, and for
    an article whose address has changed. ``cached_page_ids`` is the result of
    :meth:`page_ids`, if it was computed before.

    ``author`` has the names of all authors. ``comments`` is the address of the
    page where the article is discussed. ``enclosures`` are the files that come
    with it, except for its images and the first video. ``aliases`` are other
    addresses that lead to its page.
    """

    title: str
    excerpt: str = ""
    body: str = ""
    published: int | None = None
    links: Links = Links()
    kind: str = "article"
    quality: int | None = None
    heat: int | None = None
    shown: bool = True
    provider: Provider = Provider()
    topics: tuple[str, ...] = ()
    images: tuple[str, ...] = ()
    video: str | None = None
    related: tuple[int, ...] = ()
    notes: tuple[str, ...] = ()
    cached_page_ids: tuple[int, ...] = ()
    rated: bool = False
    source_topics: tuple[str, ...] = ()
    key: str = ""
    author: str = ""
    comments: str | None = None
    enclosures: tuple[Enclosure, ...] = ()
    aliases: tuple[str, ...] = ()

    def is_unrated(self) -> bool:
        """Whether the source gives neither quality nor heat nor related articles, so that the indexer rates it."""
        return self.quality is None and self.heat is None and not self.related

    def page(self) -> str:
        """Return the key of the article's page: articles with the same key are the same article.

        Without an address, title and date are the key, so that marks survive
        when a collection is moved.
        """
        if self.key:
            return self.key
        identity = self.links.identity()
        return page_key(identity) if identity else f"text:{self.published}:{self.title}"

    def pages(self) -> tuple[str, ...]:
        """Return the keys of all addresses of the article, that of :meth:`page` first."""
        keys = dict.fromkeys([self.page()])
        keys |= dict.fromkeys(page_key(url) for url in (*self.links.all(), *self.aliases))
        return tuple(keys)

    def page_ids(self) -> tuple[int, ...]:
        """Return the ids of all pages of the article, that of :meth:`page` first."""
        return self.cached_page_ids or tuple(page_id(key) for key in self.pages())

    def at_page(self, key: str) -> Article:
        """Return the article with another key of its page."""
        return self._replace(key=key, cached_page_ids=())

    def with_page_ids(self) -> Article:
        """Return the article with its page ids computed, so that it need not be done twice."""
        return self._replace(cached_page_ids=self.page_ids())
