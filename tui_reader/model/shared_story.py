"""A story as it is passed on to other programs and people: all of it that a document shows."""

from __future__ import annotations

import re
from collections.abc import Mapping

from tui_reader.model.links import Enclosure, Links
from tui_reader.model.story import Story, StoryRow
from tui_reader.named_tuple import NamedTuple

_NON_WORD = re.compile(r"[\W_]+")
_COMPARED = 60  # letters and digits of an excerpt
_LOOKED_AT = 2000  # characters of a body


class SharedArticle(NamedTuple):
    """One article of the coverage; ``published`` is in seconds since 1970."""

    title: str
    url: str | None = None
    provider: str = ""
    published: int | None = None


class SharedStory(NamedTuple):
    """An article with its coverage.

    ``body`` is Markdown: the full text, or else what the source gives; empty
    if it is not to be passed on. ``lead`` leads the story of a folded article.
    ``tags`` and ``note`` are what the person added to it.
    """

    title: str
    url: str | None = None
    provider: str = ""
    published: int | None = None
    author: str = ""
    excerpt: str = ""
    body: str = ""
    topics: tuple[str, ...] = ()
    related: tuple[SharedArticle, ...] = ()
    lead: SharedArticle | None = None
    comments: str | None = None
    media: tuple[Enclosure, ...] = ()
    tags: tuple[str, ...] = ()
    note: str = ""

    @property
    def summary(self) -> str:
        """The excerpt, unless the body begins with it."""
        start = _letters(self.excerpt)[:_COMPARED]
        return "" if start and start in _letters(self.body[:_LOOKED_AT]) else self.excerpt

    @property
    def itself(self) -> SharedArticle:
        """The article without its coverage."""
        return SharedArticle(self.title, self.url, self.provider, self.published)


def shared_story(story: Story, links: Mapping[int, Links]) -> SharedStory:
    """Return ``story`` without its body; ``links`` has the addresses of its coverage, by article."""
    row = story.row
    return SharedStory(
        row.title,
        story.links.best(),
        row.provider.name,
        row.published,
        story.author,
        row.excerpt,
        topics=story.topics,
        related=tuple(_article(each, links) for each in story.related),
        comments=story.comments,
        media=story.media(),
    )


def _article(row: StoryRow, links: Mapping[int, Links]) -> SharedArticle:
    return SharedArticle(row.title, links.get(row.article, Links()).best(), row.provider.name, row.published)


def _letters(text: str) -> str:
    return _NON_WORD.sub("", text).casefold()
