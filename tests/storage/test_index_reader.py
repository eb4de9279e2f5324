"""Lists are read in order from one SQLite index, and all counts agree with them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import product
from pathlib import Path
from typing import Any

import pytest

from tests.support.collections import make_collection, write_article, write_topics
from tests.support.index import Store, indexed, opened, queries
from tui_reader.model.dates import DAY, iso_date
from tui_reader.model.query import Filter, Query, Sort, Window
from tui_reader.model.story import Story

ALL = Query(folded=True)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """Return the index of a generated collection of 40 articles, some of them marked."""
    folder = tmp_path_factory.mktemp("read")
    indexed(folder / "index.db", make_collection(folder / "site", 40))
    with opened(folder / "index.db") as store:
        numbers = list(store.reader.order(ALL))
        store.marks.set_read(numbers[::3], 1)
        store.marks.set_saved(numbers[::5], 1)
        yield store


def test_every_list_is_read_in_order_from_one_index(made: Store) -> None:
    for words in ("", "rain"):
        for sort, window, folded, filter in product(Sort, Window, (True, False), Filter):
            plan = made.reader.plan(Query(sort, window, folded, "Weather", filter, words))
            assert not any("TEMP B-TREE" in step or step == "SCAN listing" for step in plan)
            assert any(f"USING COVERING INDEX by_{sort.name.lower()} (topic_id=?" in step for step in plan)


def test_every_count_is_the_length_of_its_list(made: Store) -> None:
    for query in queries(made.reader):
        listed = made.reader.order(query)
        assert made.reader.count(query) == len(listed) == len(set(listed))
        assert list(made.reader.order(query, limit=3)) == list(listed[:3])


def test_topics_count_stories_and_unread_stories(made: Store) -> None:
    for window, folded in product(Window, (True, False)):
        query = Query(window=window, folded=folded)
        for count in made.reader.topics(query):
            assert count.stories == made.reader.count(Query(window=window, folded=folded, topic=count.topic.name))
            unread = Query(window=window, folded=folded, topic=count.topic.name, filter=Filter.UNREAD)
            assert count.unread == made.reader.count(unread)


def test_filters_divide_the_list(made: Store) -> None:
    everything = set(made.reader.order(ALL))
    unread = set(made.reader.order(Query(folded=True, filter=Filter.UNREAD)))
    assert {number for number, row in made.reader.rows(everything).items() if row.read} == everything - unread


def test_unknown_articles_and_topics(made: Store) -> None:
    reader = made.reader
    assert reader.story(9999) is None
    assert reader.rows([9999]) == {}
    assert reader.article_id(1) is None
    assert list(reader.order(Query(topic="No such topic"))) == []
    assert reader.count(Query(topic="No such topic")) == 0


def write(folder: Path, *articles: Mapping[str, Any]) -> Path:
    for number, fields in enumerate(articles):
        write_article(folder / "news" / f"{number}.md", {"webUrl": f"https://a.example/{number}", **fields})
    indexed(folder / "index.db", folder / "news")
    return folder / "index.db"


def titles(index: Path, query: Query) -> list[str]:
    with opened(index) as (reader, _):
        numbers = reader.order(query)
        rows = reader.rows(numbers)
        return [rows[number].title for number in numbers]


def test_sort_orders_and_tiebreaks(tmp_path: Path) -> None:
    def fields(title: str, day: str | None, provider: str, quality: int | None, **more: Any) -> dict[str, Any]:
        facts = {"title": title, "publishedDateTime": day, "provider": provider, "quality": quality, **more}
        return {name: value for name, value in facts.items() if value is not None}

    index = write(
        tmp_path,
        fields("b", "2020-01-01", "beta", 5, webUrl="https://z.example/"),
        fields("a", "2020-01-01", "Alpha", 5, webUrl="https://y.example/"),
        fields("new", "2020-02-01", "gamma", 5),
        fields("zero", "2020-01-01", "alpha", 0),
        fields("unknown", "2020-03-01", "", None, heat=2, webUrl=""),
        fields("no date", None, "alpha", 5),
        fields("hot", "2019-01-01", "delta", 1, heat=99),
    )
    assert titles(index, Query(Sort.HEAT)) == ["hot", "new", "a", "b", "no date", "unknown", "zero"]
    assert titles(index, Query(Sort.NEWEST)) == ["unknown", "new", "zero", "a", "b", "hot", "no date"]
    assert titles(index, Query(Sort.QUALITY)) == ["new", "a", "b", "no date", "hot", "zero", "unknown"]
    assert titles(index, Query(Sort.PROVIDER)) == ["zero", "a", "no date", "b", "hot", "new", "unknown"]


def test_windows_end_at_the_newest_article(tmp_path: Path) -> None:
    newest = 1_600_000_000
    ages = [0, DAY, DAY + 1, 7 * DAY, 30 * DAY, 30 * DAY + 1]
    articles = [{"title": str(age), "date": iso_date(newest - age), "quality": 1} for age in ages]
    index = write(tmp_path, *articles, {"title": "no date", "quality": 1})
    assert [len(titles(index, Query(window=window))) for window in Window] == [7, 5, 4, 2]


def test_an_empty_index(tmp_path: Path) -> None:
    (tmp_path / "news").mkdir()
    index = write(tmp_path)
    with opened(index) as (reader, _):
        assert reader.newest() is None
        assert reader.summary().title == "Front page"
        assert [(count.topic.name, count.stories) for count in reader.topics(Query())] == [("", 0)]
        assert list(reader.order(Query(window=Window.DAY))) == []


def test_topics_keep_the_order_and_spelling_of_the_publisher(tmp_path: Path) -> None:
    write_topics(tmp_path / "news", ["Weather", "Snow", "Empty", "Rain"])
    index = write(tmp_path, {"title": "a", "topics": ["rain", "Zebra", "aardvark", "WEATHER"]})
    with opened(index) as (reader, _):
        tree = [(count.topic.name, count.depth, count.stories) for count in reader.topics(Query())]
        assert tree[:5] == [("", 0, 1), ("Weather", 0, 1), ("Snow", 1, 0), ("Empty", 1, 0), ("Rain", 1, 1)]
        assert tree[5:] == [("aardvark", 0, 1), ("Zebra", 0, 1)]
        story = reader.story(reader.order(ALL)[0])
        assert story is not None
        assert story.topics == ("Rain", "Zebra", "aardvark", "Weather")


FORMS = {
    "web": {"webUrl": "http://www.b.example/1/#top"},
    "tracked": {"webUrl": "https://b.example/1?utm_source=x"},
    "original": {"originalUrl": "https://b.example/original"},
    "amp": {"ampWebUrl": "https://m.b.example/1"},
    "amp cache": {"cdnAmpWebUrl": "https://b-example.cdn.ampproject.org/c/s/m.b.example/1"},
    "amp form": {"webUrl": "https://b.example/1/amp/?outputType=amp"},
}


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("first", [True, False])
def test_a_related_entry_is_matched_by_any_address_of_its_article(tmp_path: Path, form: str, first: bool) -> None:
    lead: dict[str, Any] = {
        "title": "Lead",
        "related": [{"title": "Entry", **FORMS[form]}, {"title": "Stranger", "excerpt": "E"}],
    }
    addresses = {"webUrl": "https://b.example/1", "originalUrl": "https://b.example/original"}
    page: dict[str, Any] = {
        "title": "Whole",
        "published": False,
        "heat": -1,
        "ampWebUrl": "https://m.b.example/1",
        **addresses,
    }
    index = write(tmp_path, *([lead, page] if first else [page, lead]))
    with opened(index) as (reader, _):
        stories: dict[str, Story] = {}
        for number in reader.order(ALL):
            story = reader.story(number)
            assert story is not None
            stories[story.row.title] = story
        assert [(row.title, row.indexed) for row in stories["Lead"].related] == [("Whole", True), ("Stranger", False)]
        assert stories["Lead"].row.related == 2
        assert [row.title for row in stories["Whole"].mentions] == ["Lead"]
        assert stories["Whole"].folded_under == stories["Lead"].row
        assert stories["Lead"].folded_under is None
        stranger = reader.story(stories["Lead"].related[1].article)
        assert stranger is not None
        assert (stranger.row.excerpt, [row.title for row in stranger.mentions]) == ("E", ["Lead"])
        (whole,) = reader.export([stories["Lead"].row.article])
        assert [entry.title for entry in whole.related] == ["Whole", "Stranger"]


def test_a_story_that_lists_itself_is_not_among_its_mentions(tmp_path: Path) -> None:
    index = write(tmp_path, {"title": "A", "related": [{"title": "A", "webUrl": "https://www.a.example/0"}]})
    with opened(index) as (reader, _):
        story = reader.story(reader.order(ALL)[0])
        assert story is not None
        assert story.mentions == ()
        assert [row.indexed for row in story.related] == [True]


def test_the_hottest_stories_are_named_first_among_those_that_mention_an_article(tmp_path: Path) -> None:
    entry = [{"title": "Told", "webUrl": "https://a.example/0"}]
    index = write(
        tmp_path,
        {"title": "Told", "published": False, "heat": -1},
        {"title": "Cool", "heat": 3, "related": entry},
        {"title": "Folded", "published": False, "heat": 90, "related": entry},
        {"title": "Hot", "heat": 50, "related": entry},
        {"title": "Warm", "heat": 20, "related": entry},
    )
    with opened(index) as (reader, _):
        rows = reader.rows(reader.order(ALL))
        story = reader.story(next(number for number, row in rows.items() if row.title == "Told"))
        assert story is not None
        assert [row.title for row in story.mentions] == ["Hot", "Warm", "Cool", "Folded"]
        assert story.folded_under is not None
        assert story.folded_under.title == "Hot"


def test_a_list_and_a_search_have_what_another_program_wrote_meanwhile(tmp_path: Path) -> None:
    index = write(tmp_path, {"title": "Rain at noon"}, {"title": "Snow at noon"})
    source = str(tmp_path / "news")
    with opened(index) as (reader, _):
        search, of_source = Query(words="rain"), Query(folded=True, sources=(source,))
        assert (len(reader.order(search)), len(reader.order(of_source))) == (1, 2)
        write_article(tmp_path / "news" / "2.md", {"title": "Rain at night", "webUrl": "https://a.example/2"})
        indexed(index, tmp_path / "news")
        assert (len(reader.order(search)), len(reader.order(of_source))) == (2, 3)
        assert (reader.count(search), reader.count(of_source)) == (2, 3)
        write_article(tmp_path / "news" / "1.md", {"title": "Rain, not snow", "webUrl": "https://a.example/1"})
        indexed(index, tmp_path / "news")
        assert len(reader.order(search)) == 3


def test_every_problem_is_listed(tmp_path: Path) -> None:
    index = write(tmp_path, *({"title": str(number), "quality": "much"} for number in range(12)))
    with opened(index) as (reader, _):
        assert len(reader.problems()) == reader.summary().problems == 12
        assert len(reader.problems(limit=3)) == 3
