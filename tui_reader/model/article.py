"""An article as it comes out of a source: cleaned, typed, not yet stored."""

from __future__ import annotations

from typing import NamedTuple

from tui_reader.model.fingerprint import page_id
from tui_reader.model.links import Links, Provider
from tui_reader.model.urls import page_key


class Article(NamedTuple):
    """One page by one provider, or an entry that another article lists as related.

    ``published`` is in seconds since 1970 (UTC). ``quality`` and ``heat`` are
    ``None`` where the source does not say. ``related`` holds the fingerprints
    of the related entries in the publisher's order; the entries travel beside
    the article, each distinct text once. ``notes`` says what was left out and
    why. ``numbers`` are the page numbers, where they were worked out already.
    ``rated`` tells that topics, quality and heat were worked out here, because
    the source does not say; ``source_topics`` are then the source's own words.
    ``part`` tells articles apart that stand on one page, as in a list of
    changes: the name that the source has for each.
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
    numbers: tuple[int, ...] = ()
    rated: bool = False
    source_topics: tuple[str, ...] = ()
    part: str = ""

    def is_unrated(self) -> bool:
        """Whether the source says nothing of how good the article is and who else wrote about it."""
        return self.quality is None and self.heat is None and not self.related

    def page(self) -> str:
        """The key of the article's page: two articles with one key are one article.

        An article without an address is known by its title and date, so
        that its marks survive when the collection moves.
        """
        identity = self.links.identity()
        if identity:
            return f"{page_key(identity)}#{self.part}" if self.part else page_key(identity)
        return f"text:{self.published}:{self.title}"

    def pages(self) -> tuple[str, ...]:
        """The keys of every address of the article, the page's own first."""
        keys = dict.fromkeys([self.page()])
        keys |= dict.fromkeys(page_key(url) for url in self.links.all())
        return tuple(keys)

    def page_ids(self) -> tuple[int, ...]:
        """The numbers of the keys of every address of the article, the page's own first."""
        return self.numbers or tuple(page_id(key) for key in self.pages())

    def with_page_ids(self) -> Article:
        """The same article with its page numbers worked out, which is not to be done twice."""
        return self._replace(numbers=self.page_ids())
