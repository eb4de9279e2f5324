"""What is read from the index: rows of lists, stories with their coverage, counts and problems."""

from __future__ import annotations

from tui_reader.model.links import Enclosure, Links, Provider
from tui_reader.model.topic import Topic
from tui_reader.named_tuple import NamedTuple


class Match(NamedTuple):
    """The article of a story that a search found, if it is not the lead: its id, its title and its provider's name."""

    article: int
    title: str
    provider: str


class StoryRow(NamedTuple):
    """An article as a list shows it.

    ``article`` is its id in the index, valid until the index is rebuilt;
    ``page`` is its page id, which never changes. ``indexed`` is false for a
    page that is only known from the related entries of other articles.
    ``related`` is the number of related articles. ``rising`` is true if the
    story gained coverage since the last visit. ``read`` is the mark of the
    article itself; ``folded`` is the number of articles that clustering folded
    under it, ``folded_unread`` of those without a read mark. ``was_read`` is
    true if the whole story was read at some time. All three are 0 or false in
    a list that shows each article by itself; there, ``lead`` is the title of
    the story that a folded article is in. ``match`` is the article that the
    search found, if it is not the lead. ``tellers`` are the names of some other outlets
    that tell the story, ``more_tellers`` is the number of the others.
    ``annotated`` is true if the article has a tag or a note.
    ``read_at`` is when the story was last read, in seconds since 1970, in the
    list of what was read.
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
    folded: int = 0
    folded_unread: int = 0
    was_read: bool = False
    match: Match | None = None
    lead: str = ""
    tellers: tuple[str, ...] = ()
    more_tellers: int = 0
    annotated: bool = False
    read_at: int | None = None

    @property
    def unread(self) -> int:
        """The number of unread articles of the story; 0 if it is read."""
        return self.folded_unread + (not self.read)

    @property
    def new(self) -> int:
        """The number of unread articles of a story that was read before they came; 0 if it was not."""
        return self.unread if self.was_read else 0


class Story(NamedTuple):
    """An article with its coverage, as the story pane shows it.

    ``related`` is the publisher's list in its order. ``mentions`` are the
    articles that list this one, the hottest first. ``folded_under`` is the
    story that a folded article belongs to. ``sources`` are the titles of all
    sources that have the article, in the order of the subscriptions.
    ``similar`` are similar articles of any date, the most similar first.
    ``new`` are the pages of the articles that are new in a story that was read
    before. ``is_full`` says that the body is the full text, read from the page
    of the article. ``tags`` and ``note`` are what the user has added.
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
    new: frozenset[int] = frozenset()
    author: str = ""
    comments: str | None = None
    enclosures: tuple[Enclosure, ...] = ()
    is_full: bool = False
    tags: tuple[str, ...] = ()
    note: str = ""

    def media(self) -> tuple[Enclosure, ...]:
        """Return all files of the article, with their kinds: video, enclosures and images."""
        return all_media(self.video, self.enclosures, self.images)


def all_media(video: str | None, enclosures: tuple[Enclosure, ...], images: tuple[str, ...]) -> tuple[Enclosure, ...]:
    """Return all files of an article, with their kinds: the video, the enclosures, then the images."""
    first = (Enclosure("video", video),) if video else ()
    return (*first, *enclosures, *(Enclosure("image", address) for address in images))


class TopicCount(NamedTuple):
    """A topic in the topic tree, ``depth`` levels deep, with its counts of stories and of unread articles in them."""

    topic: Topic
    depth: int
    stories: int
    unread: int


class ViewCount(NamedTuple):
    """How many stories a smart view lists, and how many of them have something unread."""

    stories: int
    unread: int


class Problem(NamedTuple):
    """A file, or a part of it, that could not be read. ``line`` is 0 if unknown."""

    source: str
    path: str
    line: int
    reason: str


class IndexSummary(NamedTuple):
    """The title of an index, the date of its newest article (seconds since 1970), and its sizes."""

    title: str
    newest: int | None
    articles: int
    stories: int
    problems: int
