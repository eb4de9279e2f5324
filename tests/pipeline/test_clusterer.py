"""Clustering gives the same stories in whatever order articles arrive and however often a run is stopped."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from contextlib import closing
from datetime import timedelta
from itertools import islice
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.collections import FIRST, moment, write_article
from tests.support.index import dump, indexed, opened
from tui_reader.model.preferences import Preferences
from tui_reader.model.query import Query
from tui_reader.model.weights import Weights
from tui_reader.pipeline import clusterer, publisher
from tui_reader.pipeline.indexer import update_index
from tui_reader.storage.connection import open_index
from tui_reader.storage.similar import SimilarReader
from tui_reader.stories.grouping import Grouping
from tui_reader.stories.similarity import vector

EVENTS = (
    ("IBM says the U.S. should limit facial recognition exports", "IBM asked for new controls on cameras."),
    ("IBM wants export controls on facial recognition systems", "The company asked the Commerce Department."),
    ("Facial recognition: IBM asks for limits on exports", "New controls should be adopted, IBM says."),
    ("A storm closes the port of Rotterdam", "Ships wait at sea for the wind to go down."),
    ("Port of Rotterdam closed by a storm", "Ships wait for the wind to go down, the port says."),
    ("Storm: Rotterdam's port stays closed", "Ships wait at sea, and the wind does not go down."),
    ("Version 3.5 of the toolkit is out", "It is faster and smaller."),
)
ARTICLES = st.lists(
    st.tuples(st.sampled_from(range(len(EVENTS))), st.integers(0, 40 * 24)), min_size=2, max_size=12
).flatmap(lambda drawn: st.tuples(st.just(drawn), st.permutations(range(len(drawn)))))


def write(folder: Path, number: int, event: int, hours: int) -> None:
    """Write an article without heat, each from a provider of its own."""
    title, excerpt = EVENTS[event]
    fields: dict[str, Any] = {"title": title, "excerpt": excerpt, "publishedDateTime": moment(hours)}
    write_article(folder / f"{number}.md", fields | {"webUrl": f"https://wire{number}.example/{event}"})


def stories(index: Path) -> set[tuple[str, ...]]:
    """The titles of every story, the lead's first."""
    with opened(index) as (reader, _):
        found = [reader.story(number) for number in reader.order(Query())]
        return {(one.row.title, *(entry.title for entry in one.related)) for one in found if one}


@settings(deadline=None, max_examples=12)
@given(drawn=ARTICLES, size=st.integers(1, 5))
def test_order_and_batches_of_articles_do_not_matter(
    drawn: tuple[Sequence[tuple[int, int]], Sequence[int]], size: int
) -> None:
    articles, order = drawn
    with tempfile.TemporaryDirectory() as name:
        folder, stepwise, at_once = (Path(name) / part for part in ("news", "some.db", "all.db"))
        for start in range(0, len(order), size):
            for number in order[start : start + size]:
                write(folder, number, *articles[number])
            indexed(stepwise, folder)
        indexed(at_once, folder)
        assert dump(stepwise) == dump(at_once)


@pytest.mark.parametrize(("later", "told"), [(0, 2), (1, 1)])
def test_a_collection_is_looked_back_on_to_the_second(tmp_path: Path, later: int, told: int) -> None:
    title, excerpt = EVENTS[0]
    date = FIRST + timedelta(seconds=Grouping().lookback() + later)
    fields = {"title": title, "excerpt": excerpt, "quality": 70, "heat": 70, "publishedDateTime": moment(0)}
    write_article(tmp_path / "site" / "a.md", fields | {"webUrl": "https://site.example/0"})
    fields = {"title": title, "excerpt": excerpt, "publishedDateTime": date.isoformat()}
    write_article(tmp_path / "news" / "b.md", fields | {"webUrl": "https://wire.example/0"})
    indexed(tmp_path / "i.db", tmp_path / "site", tmp_path / "news")
    assert stories(tmp_path / "i.db") == {(title,) * told}


def test_a_removed_article_leaves_its_story(tmp_path: Path) -> None:
    for number in range(3):
        write(tmp_path / "news", number, number, number)
    index = tmp_path / "index.db"
    indexed(index, tmp_path / "news")
    assert len(stories(index)) == 1
    (tmp_path / "news" / "1.md").unlink()
    indexed(index, tmp_path / "news")
    (story,) = stories(index)
    assert sorted(story) == sorted([EVENTS[0][0], EVENTS[2][0]])


def test_a_stopped_run_keeps_what_it_stored(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clusterer, "_STEP_SECONDS", 0.0)
    monkeypatch.setattr(clusterer, "_FEW", 0)  # as if there were many
    monkeypatch.setattr(publisher, "_BATCH", 1)
    for number in range(len(EVENTS)):
        write(tmp_path / "news", number, number, number)
    index, whole = tmp_path / "index.db", tmp_path / "whole.db"
    indexed(whole, tmp_path / "news")
    steps = len(list(update_index(tmp_path / "count.db", [str(tmp_path / "news")])))
    for stop in range(1, steps):
        run = update_index(index, [str(tmp_path / "news")])
        for _ in islice(run, stop):
            pass
        del run
    indexed(index, tmp_path / "news")
    assert dump(index) == dump(whole)
    assert len(stories(index)) == 3


def test_words_in_most_titles_are_stop_words_in_whatever_order_titles_arrive(tmp_path: Path) -> None:
    trees = ("alder", "ash", "birch", "cedar", "elm", "fir", "hazel", "larch", "maple", "oak", "pine", "rowan", "yew")
    names = (*trees, "willow", "spruce")
    pairs = [(one, other) for one in names for other in names if one < other]
    folder, stepwise, at_once = tmp_path / "news", tmp_path / "some.db", tmp_path / "all.db"
    for number, (one, other) in enumerate(pairs):
        fields = {"title": f"Microsoft Azure: {one} {other}", "publishedDateTime": moment(number * 200)}
        write_article(folder / f"{number}.md", fields | {"webUrl": f"https://wire{number}.example/"})
        if number == 60:
            indexed(stepwise, folder)  # too few to know which words are frequent
    indexed(stepwise, folder)
    indexed(at_once, folder)
    assert dump(stepwise) == dump(at_once)
    with closing(open_index(at_once)) as connection:
        store = SimilarReader(connection)
        assert store.stop_words() == {"microsoft", "azure"}
        assert store.texts([1])[1].vector == vector(store.texts([1])[1].title, "", {"microsoft", "azure"}).pack()


# -- beside articles rated by their source ---------------------------------------------


def write_rated(folder: Path, number: int, event: int, hours: int, **more: Any) -> None:
    """Write an article with the quality and heat of its source."""
    title, excerpt = EVENTS[event]
    fields = {"title": title, "excerpt": excerpt, "publishedDateTime": moment(hours), "quality": 80, "heat": 80}
    write_article(folder / f"{number}.md", fields | {"webUrl": f"https://site.example/{number}"} | more)


def rows(index: Path) -> dict[str, tuple[int | None, list[str]]]:
    """Heat and related titles of every story that is shown, by its title."""
    with opened(index) as (reader, _):
        found = [reader.story(number) for number in reader.order(Query())]
        return {one.row.title: (one.row.heat, [entry.title for entry in one.related]) for one in found if one}


def test_articles_join_the_stories_of_a_source(tmp_path: Path) -> None:
    site, bare, index = tmp_path / "site", tmp_path / "bare", tmp_path / "index.db"
    write_rated(site, 1, 0, 5)
    write(bare, 2, 1, 4)  # before the story's own article
    write(bare, 3, 2, 9)
    write(bare, 4, 3, 9)
    indexed(index, site, bare)
    assert rows(index) == {
        EVENTS[0][0]: (80 + 2 * 20, [EVENTS[1][0], EVENTS[2][0]]),
        EVENTS[3][0]: (rows(index)[EVENTS[3][0]][0], []),
    }
    # Each folded article refers to its story.
    with opened(index) as (reader, _):
        folded = [reader.story(number) for number in reader.order(Query(folded=True))]
        under = {one.row.title: one.folded_under.title for one in folded if one and one.folded_under}
    assert under == {EVENTS[1][0]: EVENTS[0][0], EVENTS[2][0]: EVENTS[0][0]}


@settings(deadline=None, max_examples=10)
@given(drawn=ARTICLES, size=st.integers(1, 5), first=st.booleans())
def test_order_and_batches_do_not_matter_beside_a_source_with_stories(
    drawn: tuple[Sequence[tuple[int, int]], Sequence[int]], size: int, first: bool
) -> None:
    articles, order = drawn
    with tempfile.TemporaryDirectory() as name:
        site, folder, stepwise, at_once = (Path(name) / part for part in ("site", "news", "some.db", "all.db"))
        site.mkdir()
        folder.mkdir()

        def make_site() -> None:
            write_rated(site, 100, 0, 100)
            write_rated(site, 101, 4, 300)
            write_rated(site, 102, 5, 301, heat=-1, published=False)

        if first:
            make_site()
        for start in range(0, len(order), size):
            for number in order[start : start + size]:
                write(folder, number, *articles[number])
            indexed(stepwise, site, folder)
        make_site()
        indexed(stepwise, site, folder)
        indexed(at_once, site, folder)
        assert dump(stepwise) == dump(at_once)


def test_an_article_that_the_story_lists_already_adds_nothing_however_often_stories_are_made(tmp_path: Path) -> None:
    site, bare, index = tmp_path / "site", tmp_path / "bare", tmp_path / "index.db"
    title, _ = EVENTS[1]
    write_rated(site, 1, 0, 5, related=[{"title": title, "webUrl": "https://wire2.example/1"}])
    write(bare, 2, 1, 6)
    for number in range(3, 6):
        indexed(index, site, bare)
        assert rows(index)[EVENTS[0][0]] == (80, [title])
        write(bare, number, 3, 0)  # earlier, so that everything is placed again


def test_articles_do_not_join_by_entries_unlike_the_lead(tmp_path: Path) -> None:
    site, bare, index = tmp_path / "site", tmp_path / "bare", tmp_path / "index.db"
    title, _ = EVENTS[3]
    # The site lists the storm under the cameras.
    write_rated(site, 1, 0, 5, related=[{"title": title, "webUrl": "https://site.example/2"}])
    write_rated(site, 2, 3, 6, heat=-1, published=False)
    write(bare, 3, 4, 7)
    write(bare, 4, 1, 8)
    indexed(index, site, bare)
    found = rows(index)
    assert found[EVENTS[0][0]][1] == [title, EVENTS[1][0]]
    assert found[EVENTS[4][0]][1] == []


def test_removing_a_source_restores_the_stories_of_the_others(tmp_path: Path) -> None:
    site, bare, index = tmp_path / "site", tmp_path / "bare", tmp_path / "index.db"
    write_rated(site, 1, 0, 5)
    write(bare, 2, 1, 6)
    write(bare, 3, 2, 9)
    for kept in ((site,), (bare,)):
        for one in (*kept,):
            indexed(tmp_path / "alone.db", one)
            indexed(index, site, bare)
            indexed(index, one)
            assert dump(index) == dump(tmp_path / "alone.db")


def test_an_article_rated_by_its_source_overrides_one_that_is_not(tmp_path: Path) -> None:
    site, bare = tmp_path / "site", tmp_path / "bare"
    write_rated(site, 1, 0, 5)
    write_rated(site, 2, 3, 5, heat=-1, published=False)
    for number, event in ((1, 0), (2, 3)):
        title, excerpt = EVENTS[event]
        # Later, and with another spelling of the address: the site's own rating still wins.
        fields = {"title": title, "excerpt": excerpt, "publishedDateTime": moment(7)}
        write_article(bare / f"z{number}.md", fields | {"webUrl": f"http://www.site.example/{number}?utm_source=x"})
    for index, sources in ((tmp_path / "one.db", (site, bare)), (tmp_path / "other.db", (bare, site))):
        indexed(index, *sources)
        assert rows(index) == {EVENTS[0][0]: (80, [])}


# -- weights ---------------------------------------------------------------------------


def test_weights_decide_about_leads_and_heat(tmp_path: Path) -> None:
    folder, index = tmp_path / "news", tmp_path / "index.db"
    for number in range(3):
        write(folder, number, number, number)

    def run(weights: Weights) -> dict[str, tuple[int | None, list[str]]]:
        *_, last = update_index(index, [str(folder)], preferences=Preferences(weights=weights))
        assert last.finished
        return rows(index)

    # The last is most like the others: that decides, unless another is better by far.
    # 36 for a provider without a tier, 20 for each other outlet, 8 as the folder has two articles a day.
    assert run(Weights()) == {EVENTS[2][0]: (84, [EVENTS[0][0], EVENTS[1][0]])}
    tiers = {"wire1.example": 66}
    assert run(Weights(related=10, tiers=tiers)) == {EVENTS[1][0]: (94, [EVENTS[0][0], EVENTS[2][0]])}
    assert run(Weights(related=5)) == {EVENTS[2][0]: (54, [EVENTS[0][0], EVENTS[1][0]])}
    assert run(Weights()) == {EVENTS[2][0]: (84, [EVENTS[0][0], EVENTS[1][0]])}
    assert run(Weights(shown_quality=37)) == run(Weights(shown_heat=85)) == {}
    assert run(Weights(shown_quality=36, shown_heat=84)).keys() == {EVENTS[2][0]}
