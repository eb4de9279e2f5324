"""The feed store keeps articles and sources unchanged, and removes articles when their time has come."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from tui_reader.errors import StoreError
from tui_reader.model.article import Article
from tui_reader.model.feed_entry import Entry
from tui_reader.model.links import Links, Provider
from tui_reader.model.topic import Topic
from tui_reader.storage.feed_store import FeedStore, FetchedSource, StoreResult
from tui_reader.storage.statistics import Volume

DAY = 86_400
NOW = 1_790_000_000
FEED, OTHER = "https://paper.example/feed", "https://paper.example/other"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[FeedStore]:
    with FeedStore.opened(tmp_path / "fetched.db") as store:
        store.put_source(FetchedSource(FEED))
        yield store


def entry(number: int, title: str = "", published: int | None = NOW) -> Entry:
    links = Links(web=f"https://paper.example/{number}")
    return Entry(f"n{number}", Article(title or f"Article {number}", published=published, links=links))


def titles(store: FeedStore, address: str = FEED) -> list[str]:
    keys = [key for key, _ in store.stamps(address)]
    found = store.articles(address, keys)
    return [found[key].title for key in keys]


def test_an_article_is_stored_completely(store: FeedStore) -> None:
    article = Article(
        "A title — ünïcode", "Excerpt", "# Body\n", NOW, Links("https://a.example/", "https://b.example/"), "video",
        7, 27, False, Provider("The Paper", "paper.example"), ("One", "Two"), ("https://a.example/i.png",),
        "https://a.example/v.mp4", (1, 2), ("a note",), (5,),
    )  # fmt: skip
    store.store_entries(FEED, [Entry("", article)], NOW)
    ((key, _),) = store.stamps(FEED)
    assert store.articles(FEED, [key, key + 1]) == {key: article._replace(notes=(), cached_page_ids=())}


def test_a_source_is_stored_completely(store: FeedStore, tmp_path: Path) -> None:
    topics = (Topic("Rain", "Weather", "R", "rain", "Wet", ("rain", "drizzle")),)
    source = FetchedSource(OTHER, "Other", "https://paper.example/", "Weather", topics, '{"etag": "x"}')
    store.put_source(source)
    store.put_source(source)
    with FeedStore.opened(tmp_path / "fetched.db") as again:
        assert again.sources() == {FEED: FetchedSource(FEED), OTHER: source}


def test_results_count_new_changed_and_known_articles(store: FeedStore) -> None:
    assert store.store_entries(FEED, [entry(1), entry(2)], NOW) == StoreResult(2, 0, all_known=False)
    assert store.store_entries(FEED, [entry(1), entry(2)], NOW + 1, since=NOW) == StoreResult(0, 0, all_known=True)
    # Articles of a request that failed later do not count as known.
    assert store.store_entries(FEED, [entry(1)], NOW + 1, since=NOW - 1) == StoreResult(0, 0, all_known=False)
    assert store.store_entries(FEED, [entry(1, "Other words"), entry(3)], NOW + 2) == StoreResult(1, 1, all_known=False)
    assert sorted(titles(store)) == ["Article 2", "Article 3", "Other words"]
    assert store.store_entries(FEED, [], NOW) == StoreResult(0, 0, all_known=True)


@pytest.mark.parametrize("seed", range(12))
def test_entries_are_recognised_among_many_as_among_few(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    """Names, links, titles and dates are shared, changed and missing in all ways; SQLite preselects, or does not."""
    rng = random.Random(seed)

    def some(count: int, names: int = 60) -> list[Entry]:
        return [
            Entry(
                rng.choice(["", "name", f"name {names} {rng.randrange(names)}", f"tag:{rng.randrange(60)}"]),
                Article(
                    f"Title {rng.randrange(60)}",
                    published=rng.choice([None, NOW - DAY * rng.randrange(9) - rng.randrange(3)]),
                    links=Links(web=rng.choice([None, f"https://a.example/{rng.randrange(60)}", "https://a.example/"])),
                ),
            )
            for _ in range(count)
        ]

    answers = [some(90, names=9), *(some(10) for _ in range(4))]
    found = []
    for name, many in (("whole", 10_000), ("selected", 10)):
        monkeypatch.setattr("tui_reader.storage.feed_store._MANY", many)
        with FeedStore.opened(tmp_path / f"{name}.db") as store:
            store.put_source(FetchedSource(FEED))
            results = [store.store_entries(FEED, entries, NOW + at, NOW + at - 1) for at, entries in enumerate(answers)]
            stamps = store.stamps(FEED)
            found.append((results, stamps, store.first_seen(FEED, [key for key, _ in stamps])))
    assert found[0] == found[1]


def test_articles_are_sorted_by_date(store: FeedStore) -> None:
    store.store_entries(FEED, [entry(1, published=NOW - 5), entry(2), entry(3, published=NOW - 9)], NOW)
    assert titles(store) == ["Article 2", "Article 1", "Article 3"]


def test_each_source_has_its_own_articles(store: FeedStore) -> None:
    store.put_source(FetchedSource(OTHER))
    store.store_entries(FEED, [entry(1)], NOW)
    assert store.store_entries(OTHER, [entry(1), entry(2)], NOW).new == 2
    assert (len(titles(store)), len(titles(store, OTHER)), titles(store, "https://no.example/")) == (1, 2, [])


def test_a_moved_source_is_merged_with_the_one_at_its_new_address(store: FeedStore) -> None:
    store.put_source(FetchedSource(OTHER, removed=NOW))
    store.store_entries(FEED, [entry(1), entry(2)], NOW)
    store.store_entries(OTHER, [entry(2, "As it was"), entry(3)], NOW)
    store.move(FEED, OTHER)
    assert store.sources().keys() == {OTHER}
    assert sorted(titles(store, OTHER)) == ["Article 1", "Article 3", "As it was"]


def test_pruning_keeps_listed_and_saved_articles(store: FeedStore) -> None:
    store.store_entries(FEED, [entry(number, published=NOW - number) for number in range(6)], NOW)
    store.store_entries(FEED, [entry(0), entry(5, published=NOW - 5)], NOW + 10 * DAY)
    saved = {entry(4).article.page_ids()[0]}
    assert store.prune(FEED, age=NOW, keep=1, most=3, kept=saved) == 1  # 3 is the fourth, 4 is saved, 5 is listed
    assert titles(store) == [f"Article {number}" for number in (0, 1, 2, 4, 5)]
    assert store.prune(FEED, age=NOW + 1, keep=0, most=10, kept=saved) == 2
    assert titles(store) == ["Article 0", "Article 4", "Article 5"]
    store.mark_listed(FEED, NOW + 100 * DAY)
    assert store.prune(FEED, age=NOW + 99 * DAY, keep=0, most=1, kept=()) == 1
    assert titles(store) == ["Article 0", "Article 5"]


def test_articles_beyond_the_last_page_that_was_read_count_as_listed(store: FeedStore) -> None:
    store.store_entries(FEED, [entry(number, published=NOW - number) for number in range(4)], NOW)
    store.store_entries(FEED, [entry(0)], NOW + DAY)
    store.mark_listed(FEED, NOW + DAY, NOW - 2)
    store.prune(FEED, age=NOW + 1, keep=0, most=9, kept=())
    assert titles(store) == ["Article 0", "Article 2", "Article 3"]


def test_a_removed_source_is_dropped_later_except_for_its_saved_articles(store: FeedStore) -> None:
    store.put_source(FetchedSource(OTHER))
    store.store_entries(FEED, [entry(1), entry(2)], NOW)
    store.store_entries(OTHER, [entry(3)], NOW)
    store.set_removed([FEED], NOW)
    saved = {entry(1).article.page_ids()[0]}
    assert store.drop_removed(NOW - 1, saved) == []
    assert len(titles(store)) == 2
    assert store.drop_removed(NOW, saved) == []
    assert (titles(store), len(store.dropped(FEED))) == (["Article 1"], 1)
    store.set_removed([FEED], 0)
    assert store.drop_removed(NOW + 99 * DAY, ()) == []
    store.set_removed([FEED], NOW)
    assert store.drop_removed(NOW, ()) == [FEED]
    assert store.sources() == {OTHER: FetchedSource(OTHER)}


def test_the_age_follows_the_clock_but_does_not_jump(store: FeedStore) -> None:
    assert store.age(NOW) == NOW
    assert store.age(NOW + DAY) == NOW + DAY
    assert store.age(NOW + 400 * DAY) == NOW + 8 * DAY
    assert store.age(NOW + 2 * DAY) == NOW + 8 * DAY
    assert store.age(NOW + 3 * DAY) == NOW + 9 * DAY


def test_the_age_begins_with_the_last_fetch(store: FeedStore) -> None:
    store.store_entries(FEED, [entry(1)], NOW)
    assert store.age(NOW + 400 * DAY) == NOW + 7 * DAY


def test_what_was_dropped_is_remembered_for_a_while(store: FeedStore) -> None:
    store.store_entries(FEED, [entry(1), entry(2)], NOW)
    store.store_entries(FEED, [entry(2)], NOW + DAY)
    assert store.prune(FEED, age=NOW + 2 * DAY, keep=DAY, most=9, kept=()) == 1
    assert store.dropped(FEED) == [entry(1).article.page_ids()[0]]
    store.forget_dropped(NOW + 2 * DAY)
    assert store.dropped(FEED) == [entry(1).article.page_ids()[0]]
    store.forget_dropped(NOW + 2 * DAY + 1)
    assert store.dropped(FEED) == []


def test_the_volume_of_a_source(store: FeedStore) -> None:
    ages = [0, 1, 8, 9, 15]
    store.store_entries(FEED, [entry(age, published=NOW - age * DAY) for age in ages], NOW)
    assert store.volumes(NOW) == {FEED: Volume(5, 2.0)}


def test_a_damaged_article_raises_an_error(store: FeedStore) -> None:
    store.store_entries(FEED, [entry(1)], NOW)
    ((key, _),) = store.stamps(FEED)
    store._db.execute("UPDATE entry SET article = '[1'")
    with pytest.raises(StoreError, match="can no longer be read"):
        store.articles(FEED, [key])


def test_a_file_that_is_no_database_is_not_changed(tmp_path: Path) -> None:
    path = tmp_path / "fetched.db"
    path.write_text("no database, but words " * 100)
    with pytest.raises(StoreError, match="the fetched articles"), FeedStore.opened(path):
        pass
    assert path.read_text().startswith("no database")
