"""A source cannot take over the headline of a page that is another's: the page's own site wins, then the earlier."""

from __future__ import annotations

from itertools import permutations
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.support.index import dump, opened
from tui_reader.model.article import Article
from tui_reader.model.feed_entry import Entry
from tui_reader.model.links import Links
from tui_reader.model.query import Query
from tui_reader.pipeline.indexer import update_index
from tui_reader.sources.locations import RemotePaths
from tui_reader.storage.feed_store import FeedStore, FetchedSource

NOW = 1_790_000_000
PAGE = "https://www.paper.example/1"


class Feed(NamedTuple):
    """A feed with one entry. ``hours`` is how long before now that was published."""

    address: str
    title: str
    website: str = ""
    hours: int = 10
    heat: int | None = None

    def entry(self) -> Entry:
        links = Links(original="https://thief.example/1" if self.heat else None, web=PAGE)
        return Entry("1", Article(self.title, published=NOW - self.hours * 3600, links=links, heat=self.heat))


OWN = Feed("https://feeds.paper.example/rss", "As it was written", "https://paper.example/")
ELSEWHERE = Feed("https://host.example/paper", "As it was written", "https://paper.example/news")
THIEF = Feed("https://thief.example/rss", "SHOCKING", "https://thief.example/", hours=1)
LIAR = Feed("https://liar.example/rss", "LIES", "https://www.paper.example/", hours=0)
RATED = Feed("https://thief.example/api/news/index.json", "HOT", hours=0, heat=900)
FIRST = Feed("https://first.example/rss", "Who had it first", hours=20)
LATER = Feed("https://a-later.example/rss", "Who had it later", hours=0)


class Desk:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.remote = RemotePaths(folder / "fetched.db", folder / "downloads")
        self.index = folder / "index.db"
        self.now = NOW

    def fetch(self, *feeds: Feed) -> None:
        self.now += 1800
        with FeedStore.opened(self.remote.store) as store:
            for feed in feeds:
                store.put_source(FetchedSource(feed.address, page=feed.website))
                store.store_entries(feed.address, [feed.entry()], self.now)
            self.locations = list(store.sources())
        self.update(self.index)

    def update(self, index: Path) -> None:
        *_, last = update_index(index, sorted(self.locations), self.remote)
        assert last.finished and not last.failures

    def shown(self) -> tuple[str, str | None]:
        """Return title and address of the only article; the index is as one built anew."""
        anew = self.folder / f"anew-{self.now}.db"
        self.update(anew)
        assert dump(anew) == dump(self.index)
        with opened(self.index) as (reader, _):
            (number,) = reader.order(Query(folded=True))
            story = reader.story(number)
            assert story is not None
            return story.row.title, story.links.best()


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


@pytest.mark.parametrize(
    "order", list(permutations([OWN, THIEF, RATED, LIAR]))[::4], ids=lambda order: " ".join(f.title for f in order)
)
def test_the_own_site_of_a_page_has_its_headline(desk: Desk, order: tuple[Feed, ...]) -> None:
    for feed in order:
        desk.fetch(feed)
    assert desk.shown() == (OWN.title, PAGE)


def test_a_feed_that_belongs_to_the_site_has_its_headline(desk: Desk) -> None:
    for feed in (THIEF, RATED, ELSEWHERE, LIAR):
        desk.fetch(feed)
    assert desk.shown() == (ELSEWHERE.title, PAGE)


def test_of_others_the_first_has_the_headline(desk: Desk) -> None:
    desk.fetch(FIRST)
    desk.fetch(LATER)
    assert desk.shown()[0] == FIRST.title
    desk.fetch(LATER._replace(title="Newer still", hours=-1), FIRST._replace(title="Corrected"))
    assert desk.shown()[0] == "Corrected"


def test_what_a_feed_says_of_its_website_counts_from_then_on(desk: Desk) -> None:
    plain = ELSEWHERE._replace(website="https://host.example/")
    desk.fetch(FIRST)
    desk.fetch(plain)
    assert desk.shown()[0] == FIRST.title
    desk.fetch(ELSEWHERE)
    assert desk.shown()[0] == ELSEWHERE.title
    desk.fetch(plain)
    assert desk.shown()[0] == FIRST.title


def test_marks_stay_with_the_page(desk: Desk) -> None:
    desk.fetch(OWN)
    with opened(desk.index) as (reader, marks):
        marks.set_read(reader.order(Query(folded=True)), NOW)
    desk.fetch(THIEF, RATED, LIAR)
    with opened(desk.index) as (reader, _):
        (row,) = reader.rows(reader.order(Query(folded=True))).values()
    assert (row.title, row.read) == (OWN.title, True)
