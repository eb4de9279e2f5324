"""The list of a source has its articles, or the stories with an article of it; counts agree with the lists."""

from __future__ import annotations

from array import array
from collections.abc import Iterator
from itertools import product
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.support.collections import make_collection, moment, write_article
from tests.support.index import Store, indexed, opened
from tui_reader.model.query import Filter, Query, Sort, Window
from tui_reader.storage import list_reader

STORM = ("A storm closes the port of Rotterdam", "Storm: the port of Rotterdam stays closed by a storm")


class Made(NamedTuple):
    """An index of a wire and a blog, which tell one story together, and of a collection."""

    store: Store
    wire: str
    blog: str
    site: str

    def titles(self, query: Query) -> list[str]:
        """Return the titles that ``query`` lists."""
        order = self.store.reader.order(query)
        rows = self.store.reader.rows(order)
        return [rows[number].title for number in order]


def write(folder: Path, title: str, hours: int) -> None:
    slug = title.replace(" ", "-").replace(":", "")
    fields = {"title": title, "excerpt": f"{title}, says the page."}
    write_article(
        folder / f"{slug}.md",
        {**fields, "publishedDateTime": moment(hours), "webUrl": f"https://{folder.name}.example/{slug}"},
    )


@pytest.fixture
def made(tmp_path: Path) -> Iterator[Made]:
    """Return an index of three sources; the newest article is 30 hours after the first."""
    wire, blog, site = tmp_path / "wire", tmp_path / "blog", tmp_path / "site"
    write(wire, STORM[0], 200)
    write(blog, STORM[1], 203)
    write(blog, "My bicycle has a new saddle", 190)
    write(wire, "Parliament votes on the budget", 210)
    write(blog, "Parliament votes on the budget", 210)
    write_article(
        blog / "same.md",
        {"title": "Shared page", "webUrl": "https://wire.example/shared", "publishedDateTime": moment(205)},
    )
    write_article(
        wire / "same.md",
        {"title": "Shared page", "webUrl": "https://wire.example/shared", "publishedDateTime": moment(205)},
    )
    make_collection(site, 12)
    index = tmp_path / "index.db"
    indexed(index, wire, blog, site)
    with opened(index) as store:
        yield Made(store, str(wire), str(blog), str(site))


def test_a_source_lists_its_articles_folded_or_not(made: Made) -> None:
    blog = Query(Sort.NEWEST, folded=True, sources=(made.blog,))
    assert made.titles(blog) == [
        "Parliament votes on the budget",
        "Shared page",
        STORM[1],
        "My bicycle has a new saddle",
    ]
    assert made.titles(blog._replace(words="bicycle")) == ["My bicycle has a new saddle"]
    assert made.titles(blog._replace(window=Window.DAY))[-1] == "My bicycle has a new saddle"
    assert made.titles(blog._replace(topic="Weather")) == []


def test_a_story_is_listed_for_each_source_that_tells_it(made: Made) -> None:
    stories = Query(Sort.NEWEST)
    told = made.titles(stories._replace(sources=(made.blog,)))
    assert len(told) == 4
    lead = next(title for title in STORM if title in told)
    folded = next(title for title in STORM if title != lead)
    assert folded not in told
    assert lead in made.titles(stories._replace(sources=(made.wire,)))
    both = made.titles(stories._replace(sources=(made.wire, made.blog)))
    assert sorted(both) == sorted({*told, *made.titles(stories._replace(sources=(made.wire,)))})


def test_lists_of_sources_are_the_lists_without_them_filtered(made: Made, monkeypatch: pytest.MonkeyPatch) -> None:
    reader, marks = made.store.reader, made.store.marks
    everything = list(reader.order(Query(folded=True)))
    marks.set_read(everything[::3], 1)
    marks.set_saved(everything[::4], 1)
    chosen = (made.blog, made.site)
    articles, stories = set(reader.sources.articles(chosen)), set(reader.sources.stories(chosen))
    for few in (list_reader._FEW, 0):
        monkeypatch.setattr(list_reader, "_FEW", few)
        for sort, window, folded, filter, topic in product(
            Sort,
            Window,
            (True, False),
            set(Filter) - {Filter.READ},
            ("", "Weather", "None such"),  # no place has one
        ):
            query = Query(sort, window, folded, topic, filter)
            expected = [number for number in reader.order(query) if number in (articles if folded else stories)]
            mine = query._replace(sources=chosen)
            # The head first: a complete list is cached.
            assert list(reader.order(mine, limit=2)) == expected[:2]
            assert list(reader.order(mine)) == expected
            assert reader.count(mine) == len(expected)


def test_muted_articles_are_in_no_list_of_a_source_and_not_unread(made: Made) -> None:
    blog = Query(Sort.NEWEST, folded=True, sources=(made.blog,))
    assert made.store.reader.sources.counts([(made.blog,)])[0].unread == 4
    made.store.marks.mute("keyword", "bicycle")
    assert "My bicycle has a new saddle" not in made.titles(blog)
    assert made.store.reader.count(blog) == 3
    assert made.store.reader.sources.counts([(made.blog,)])[0].unread == 3


def test_counts_are_of_articles_without_a_read_mark_each_once_in_a_folder(made: Made) -> None:
    sources = made.store.reader.sources
    groups = [(made.wire,), (made.blog,), (made.site,), (made.wire, made.blog), ("none",), ()]
    assert [tuple(count) for count in sources.counts(groups)] == [(3, 3), (4, 4), (12, 12), (6, 6), (0, 0), (0, 0)]
    shared = made.store.reader.order(Query(folded=True, words="shared"))
    assert isinstance(shared, array)
    made.store.marks.set_read(shared, 1)
    assert [count.unread for count in sources.counts(groups)] == [2, 3, 12, 5, 0, 0]
    made.store.marks.set_read(shared, None)
    assert [count.unread for count in sources.counts(groups)] == [3, 4, 12, 6, 0, 0]


def test_counts_follow_the_index(made: Made, tmp_path: Path) -> None:
    sources = made.store.reader.sources
    assert sources.counts([(made.blog,)])[0].articles == 4
    write(Path(made.blog), "A second saddle", 211)
    indexed(tmp_path / "index.db", Path(made.wire), Path(made.blog), Path(made.site))
    assert sources.counts([(made.blog,)])[0].articles == 5
    assert "A second saddle" in made.titles(Query(folded=True, sources=(made.blog,)))
