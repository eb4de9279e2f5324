"""What the index has of a fetched article is the whole article."""

from __future__ import annotations

from pathlib import Path

import pytest

from tui_reader.model.article import Article
from tui_reader.model.feed_entry import Entry
from tui_reader.model.links import Enclosure, Links, Provider
from tui_reader.pipeline.indexer import update_index
from tui_reader.sources.locations import RemotePaths
from tui_reader.storage.feed_store import FeedStore, FetchedSource
from tui_reader.storage.put_back import missing_articles, put_back
from tui_reader.storage.traces import forget

NOW = 1_790_000_000
FEED = "https://paper.example/feed"
ARTICLE = Article(
    "Storm over the coast",
    excerpt="Boats were lost.",
    body="Boats were lost.\n\nMore by the evening.",
    published=NOW - 60,
    links=Links("https://wire.example/1", "https://paper.example/1", "https://paper.example/1/amp"),
    kind="audio",
    provider=Provider("The Paper", "paper.example"),
    topics=("Weather", "Sea"),
    images=("https://paper.example/1.png",),
    video="https://paper.example/1.mp4",
    author="Ann Bee, Cy Dee",
    comments="https://paper.example/1#talk",
    enclosures=(Enclosure("audio", "https://paper.example/1.mp3"),),
)
# What a feed does not give: it comes from collections, or the indexer makes it.
NOT_OF_FEEDS = {
    "related",
    "notes",
    "cached_page_ids",
    "rated",
    "source_topics",
    "key",
    "quality",
    "heat",
    "shown",
    "aliases",
}


@pytest.mark.parametrize(
    "article",
    [
        ARTICLE,
        ARTICLE._replace(quality=30, heat=50, shown=False),
        ARTICLE.at_page("paper.example/changes#v2"),
        Article("Only a title", published=NOW),
    ],
)
def test_an_article_that_only_the_index_has_is_stored_as_it_was(tmp_path: Path, article: Article) -> None:
    fetched, index = tmp_path / "fetched.db", tmp_path / "index.db"
    remote = RemotePaths(fetched, tmp_path)
    with FeedStore.opened(fetched) as store:
        store.put_source(FetchedSource(FEED, "The Paper"))
        store.store_entries(FEED, [Entry("one", article)], NOW)
        before = store.articles(FEED, [key for key, _ in store.stamps(FEED)])
    for _ in update_index(index, [FEED], remote):
        pass
    fetched.unlink()
    forget(fetched)
    with FeedStore.opened(fetched) as store:
        assert put_back(index, store, NOW) == 1
        assert store.sources()[FEED].title == "The Paper"
        assert store.articles(FEED, [key for key, _ in store.stamps(FEED)]) == before
        assert put_back(index, store, NOW) == 0
        # The feed knows it by its own name, and it is the same article.
        assert store.store_entries(FEED, [Entry("one", article)], NOW + 1).new == 0
    assert missing_articles(index, fetched) == {}


def test_this_test_knows_every_field_of_an_article() -> None:
    unset = {name for name, default in Article._field_defaults.items() if getattr(ARTICLE, name) == default}
    assert unset == NOT_OF_FEEDS
