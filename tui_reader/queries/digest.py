"""Finds what is new since some time: the top stories that began, and what came to known ones."""

from __future__ import annotations

from collections.abc import Collection

from tui_reader.model.query import Query
from tui_reader.model.shared_story import SharedArticle, SharedStory, shared_story
from tui_reader.model.story import Story
from tui_reader.named_tuple import NamedTuple
from tui_reader.storage.index_reader import IndexReader


class Since(NamedTuple):
    """From when on something is new.

    ``moment`` is in seconds since 1970. Where it is known how far the index
    had grown by then, whatever was indexed later is new too, be its date older:
    ``generation`` is that of the index, ``largest`` its largest id.
    """

    moment: int
    generation: int | None = None
    largest: int = 0


class DigestStory(NamedTuple):
    """A story with what is new in it.

    ``article`` is the id of its lead, ``page`` that of its page. ``told_by`` are the names of outlets that
    tell it, and ``more`` the number of the others. ``arrived`` are its new
    articles, the newest first.
    """

    article: int
    page: int
    story: SharedStory
    told_by: tuple[str, ...]
    more: int
    arrived: tuple[SharedArticle, ...]


class Digest(NamedTuple):
    """The stories that are new, and those that were known and have new articles; ``left_out`` are beyond the limit."""

    since: int
    new: tuple[DigestStory, ...]
    known: tuple[DigestStory, ...]
    left_out: int = 0

    @property
    def stories(self) -> tuple[DigestStory, ...]:
        """All stories of the digest."""
        return (*self.new, *self.known)


def make_digest(reader: IndexReader, query: Query, since: Since, limit: int) -> Digest:
    """Return what is new of what ``query`` lists: in its order, and at most ``limit`` stories if that is not negative.

    Raises :class:`StoreError`.
    """
    place = reader.place()
    after = since.largest if since.generation is not None and since.generation == place.generation else place.largest
    arrivals = reader.arrivals(since.moment, after)
    order = [number for number in reader.order(query) if number in arrivals]
    chosen = order if limit < 0 else order[:limit]
    new: list[DigestStory] = []
    known: list[DigestStory] = []
    for number in chosen:
        story = reader.story(number)
        if story is not None:
            found = _digest_story(reader, query, story, arrivals[number])
            (new if _is_new(story, set(arrivals[number])) else known).append(found)
    return Digest(since.moment, tuple(new), tuple(known), len(order) - len(chosen))


def _is_new(story: Story, arrived: Collection[int]) -> bool:
    """Return whether nothing of a story was there before: neither its lead nor an article folded under it."""
    folded = (row.article for row in story.related if row.indexed and not row.shown)
    return story.row.article in arrived and all(article in arrived for article in folded)


def _digest_story(reader: IndexReader, query: Query, story: Story, arrived: list[int]) -> DigestStory:
    number = story.row.article
    links = reader.links({*arrived, *(row.article for row in story.related)})
    row = reader.listed(query, [number]).get(number, story.row)
    new = sorted(reader.rows(arrived).values(), key=lambda each: (-(each.published or 0), each.page))
    lead = row.provider.name or row.provider.domain
    return DigestStory(
        number,
        story.row.page,
        shared_story(story, links),
        tuple(filter(None, [lead, *row.tellers])),
        row.more_tellers,
        tuple(
            SharedArticle(each.title, links[each.article].best(), each.provider.name, each.published)
            for each in new
            if each.article in links
        ),
    )
