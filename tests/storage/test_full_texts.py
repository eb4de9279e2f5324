"""Full texts are kept with what was fetched: each index has them, however it was made, until their article goes."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from tests.support.index import opened
from tui_reader.config import Folders
from tui_reader.model.article import Article
from tui_reader.model.feed_entry import Entry
from tui_reader.model.full_text import FullText
from tui_reader.model.links import Links
from tui_reader.model.query import Query
from tui_reader.pipeline.indexer import update_index
from tui_reader.sources.locations import RemotePaths
from tui_reader.storage.copies import kept_files
from tui_reader.storage.feed_store import FeedStore, FetchedSource
from tui_reader.storage.full_texts import FullTexts
from tui_reader.storage.put_back import put_back
from tui_reader.storage.traces import forget

NOW = 1_790_000_000
FEED, OTHER = "https://paper.example/feed", "https://paper.example/other"
TITLES = ("Storm over the coast", "Ferry strike ends")
TEXT = "Captain Quill said that *nobody* had won."


def article(number: int, **changes: object) -> Article:
    link = f"https://paper.example/{number}"
    return Article(TITLES[number], "Short.", "Body.", NOW - number, Links(original=link, web=link))._replace(**changes)  # type: ignore[arg-type]


def page(number: int) -> int:
    return article(number).page_ids()[0]


class World:
    """A feed store and an index beside it."""

    def __init__(self, folder: Path) -> None:
        self.fetched, self.index = folder / "fetched.db", folder / "index.db"
        self.remote = RemotePaths(self.fetched, folder)

    def fetch(self, address: str, *articles: Article, now: int = NOW) -> None:
        with FeedStore.opened(self.fetched) as store:
            store.put_source(FetchedSource(address, "The Paper"))
            entries = [Entry(each.links.web or "", each) for each in articles]
            store.store_entries(address, entries, now)

    def put(self, *texts: FullText) -> None:
        with FullTexts.opened(self.fetched) as store:
            store.put(texts)

    def update(self, *sources: str, index: Path | None = None) -> None:
        *_, last = update_index(index or self.index, sources or (FEED,), self.remote)
        assert last.finished
        assert not last.failures

    def found(self, words: str, index: Path | None = None) -> list[str]:
        with opened(index or self.index) as (reader, _):
            numbers = reader.order(Query(words=words))
            return [row.title for row in reader.rows(numbers).values()]

    def body(self, number: int) -> str:
        with opened(self.index) as (reader, _):
            (found,) = [
                row for row in reader.rows(reader.order(Query(folded=True))).values() if row.page == page(number)
            ]
            story = reader.story(found.article)
            assert story is not None
            assert story.is_full == (story.body != "Body.")
            return story.body


def test_a_text_is_shown_and_found_and_another_takes_its_place(tmp_path: Path) -> None:
    world = World(tmp_path)
    world.fetch(FEED, article(0), article(1))
    world.update()
    assert world.found("quill") == []
    world.put(FullText(page(1), "https://paper.example/1", TEXT))
    world.update()
    assert world.body(0) == "Body."
    assert world.body(1) == TEXT
    assert world.found("quill ferry") == world.found("nobod") == [TITLES[1]]
    assert world.found("ferry -captain") == []
    world.put(FullText(page(1), "https://paper.example/1", "The mate said nothing."))
    world.update()
    assert world.found("quill") == []
    assert world.found("mate") == [TITLES[1]]
    world.put(FullText(page(1), "https://paper.example/1", problem="the site refuses access"))
    world.update()
    assert world.found("mate") == [TITLES[1]]


def test_an_article_that_changes_keeps_its_text(tmp_path: Path) -> None:
    world = World(tmp_path)
    world.fetch(FEED, article(0), article(1))
    world.put(FullText(page(1), "https://paper.example/1", TEXT))
    world.update()
    world.fetch(FEED, article(1, title="Ferry strike is over"), now=NOW + 9)
    world.update()
    assert world.body(1) == TEXT
    assert world.found("quill over") == ["Ferry strike is over"]
    assert world.found("ends") == []


def test_an_index_built_anew_has_the_same_texts(tmp_path: Path) -> None:
    world = World(tmp_path)
    world.fetch(FEED, article(0))
    world.update()
    world.put(FullText(page(1), "https://paper.example/1", TEXT), FullText(page(0), "https://paper.example/0", "Rain."))
    world.fetch(FEED, article(0), article(1), now=NOW + 9)
    world.update()
    world.update(index=tmp_path / "anew.db")
    for words in ("quill", "rain", "storm rain", "short"):
        assert world.found(words) == world.found(words, tmp_path / "anew.db") != []
    with closing(sqlite3.connect(world.index)) as one, closing(sqlite3.connect(tmp_path / "anew.db")) as other:
        question = "SELECT a.page, f.stamp, f.text FROM full_text f JOIN article a ON a.id = f.article_id ORDER BY 1"
        assert one.execute(question).fetchall() == other.execute(question).fetchall()


def test_a_text_goes_with_the_last_entry_of_its_page_and_not_before(tmp_path: Path) -> None:
    world = World(tmp_path)
    world.fetch(FEED, article(0), article(1))
    world.fetch(OTHER, article(1))
    world.put(FullText(page(0), "", "Rain."), FullText(page(1), "", TEXT))
    for address, left in ((FEED, {page(1)}), (OTHER, set())):
        with FeedStore.opened(world.fetched) as store:
            store.store_entries(address, [], NOW + 9)
            store.set_removed([address], 1)
            store.drop_removed(NOW, kept=())
        with FullTexts.opened(world.fetched) as texts:
            assert texts.stamps().keys() == left
    world.update(FEED, OTHER)
    assert world.found("quill") == []


def test_the_text_of_an_article_on_the_disk_stays(tmp_path: Path) -> None:
    world = World(tmp_path)
    world.fetch(FEED, article(0))
    world.put(FullText(page(0), "", "Rain.", on_disk=True))
    with FeedStore.opened(world.fetched) as store:
        store.set_removed([FEED], 1)
        store.drop_removed(NOW, kept=())
    with FullTexts.opened(world.fetched) as texts:
        assert texts.stamps().keys() == {page(0)}


def test_what_is_put_back_from_the_index_is_the_article_of_the_feed(tmp_path: Path) -> None:
    world = World(tmp_path)
    world.fetch(FEED, article(0))
    world.put(FullText(page(0), "", "Rain."))
    world.update()
    world.fetched.unlink()
    forget(world.fetched)
    with FeedStore.opened(world.fetched) as store:
        assert put_back(world.index, store, NOW) == 1
        ((key, _),) = store.stamps(FEED)
        assert store.articles(FEED, [key])[key].body == "Body."


def test_copies_say_how_many_texts_they_have_and_older_ones_can_be_read(tmp_path: Path) -> None:
    here = Folders(*(tmp_path / name for name in ("config", "data", "cache", "state")))
    world = World(here.data)
    world.fetch(FEED, article(0))
    (kept,) = [each for each in kept_files(here) if each.name == "fetched"]
    assert kept.content(kept.path).words == "1 article of 1 source"
    world.put(FullText(page(0), "", "Rain."), FullText(page(1), "", problem="no"))
    assert kept.content(kept.path).words == "1 article of 1 source, 1 full text"
    with closing(sqlite3.connect(kept.path)) as connection:
        connection.executescript("DROP TABLE full_text; PRAGMA user_version = 3")
    assert kept.content(kept.path).words == "1 article of 1 source"
    world.put(FullText(page(0), "", "Rain."))  # the file of version 3 is brought up to date
    assert kept.content(kept.path).words == "1 article of 1 source, 1 full text"
