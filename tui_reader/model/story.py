"""What the index gives back: rows for the list, and a story with all that hangs on it."""

from __future__ import annotations

from typing import NamedTuple

from tui_reader.model.links import Links, Provider
from tui_reader.model.topic import Topic


class StoryRow(NamedTuple):
    """One line of a list: enough to draw it and to tell it from others.

    ``article`` is the index's number of the article, good until the index is
    rebuilt; ``page`` is for ever. ``own`` is false for a page that is only
    known because other articles list it as related. ``rising`` tells that the
    story gained coverage since the person's last visit.
    """

    article: int
    page: int
    title: str
    provider: Provider
    published: int | None
    quality: int | None
    heat: int | None
    shown: bool
    indexed: bool
    related: int
    kind: str
    read: bool = False
    saved: bool = False
    excerpt: str = ""
    rising: bool = False


class Story(NamedTuple):
    """An article with its coverage, as the story pane shows it.

    ``related`` is the publisher's list in its order; ``mentions`` are the
    articles that list this one, the hottest first; ``folded_under`` is the
    story that a folded article belongs to. ``sources`` are the titles of all
    that carry the article, in the order in which they are kept. ``similar`` are articles like this
    one, whenever they came out, the most alike first.
    """

    row: StoryRow
    links: Links
    body: str
    topics: tuple[str, ...]
    images: tuple[str, ...]
    video: str | None
    sources: tuple[str, ...]
    related: tuple[StoryRow, ...]
    mentions: tuple[StoryRow, ...]
    folded_under: StoryRow | None
    similar: tuple[StoryRow, ...] = ()


class TopicCount(NamedTuple):
    """A topic at its place in the tree, with its numbers in the present view."""

    topic: Topic
    depth: int
    stories: int
    unread: int


class Problem(NamedTuple):
    """A file, or a part of it, that could not be read. ``line`` is 0 where unknown."""

    source: str
    path: str
    line: int
    reason: str


class IndexSummary(NamedTuple):
    """What the index as a whole holds: its name, its newest date, its sizes."""

    title: str
    newest: int | None
    articles: int
    stories: int
    problems: int
