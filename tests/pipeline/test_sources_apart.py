"""Articles of a source that is kept apart are in no story with others, and the rest is as if nobody had changed it."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.pipeline.test_clusterer import ARTICLES, EVENTS, rows, stories, write, write_rated
from tests.support.index import dump
from tui_reader.model.preferences import Preferences
from tui_reader.pipeline.indexer import update_index


def update(index: Path, *sources: Path, apart: Sequence[Path] = ()) -> None:
    """Update ``index``, keeping some of its sources apart."""
    preferences = Preferences(sources_apart=frozenset(map(str, apart)))
    *_, progress = update_index(index, [str(source) for source in sources], preferences=preferences)
    assert progress.finished


def test_a_source_that_is_kept_apart_joins_no_story(tmp_path: Path) -> None:
    wire, blog, index = tmp_path / "wire", tmp_path / "blog", tmp_path / "index.db"
    write(wire, 1, 0, 1)
    write(wire, 2, 1, 2)
    write(blog, 3, 2, 3)
    update(index, wire, blog)
    assert [len(story) for story in stories(index)] == [3]
    update(index, wire, blog, apart=[blog])
    assert sorted(map(len, stories(index))) == [1, 2]
    assert (EVENTS[2][0],) in stories(index)
    # Later articles do not join it either, not even of its own source.
    write(blog, 4, 0, 4)
    write(wire, 5, 2, 5)
    update(index, wire, blog, apart=[blog])
    assert sorted(map(len, stories(index))) == [1, 1, 3]
    update(index, wire, blog)
    assert [len(story) for story in stories(index)] == [5]


def test_an_article_in_two_sources_is_kept_apart_if_one_of_them_is(tmp_path: Path) -> None:
    wire, blog, index = tmp_path / "wire", tmp_path / "blog", tmp_path / "index.db"
    write(wire, 1, 0, 1)
    write(wire, 2, 1, 2)
    update(index, wire, blog, apart=[blog])
    assert [len(story) for story in stories(index)] == [2]
    write(blog, 2, 1, 2)  # the same page
    update(index, wire, blog, apart=[blog])
    assert sorted(map(len, stories(index))) == [1, 1]
    update(index, wire, blog)
    assert [len(story) for story in stories(index)] == [2]


def test_nothing_joins_the_stories_of_a_collection_that_is_kept_apart(tmp_path: Path) -> None:
    site, bare, index = tmp_path / "site", tmp_path / "bare", tmp_path / "index.db"
    write_rated(site, 1, 0, 5)
    write(bare, 2, 1, 6)
    for apart, expected in (((), [EVENTS[1][0]]), ((site,), []), ((bare,), []), ((), [EVENTS[1][0]])):
        update(index, site, bare, apart=apart)
        assert rows(index)[EVENTS[0][0]][1] == expected


STEPS = st.lists(st.tuples(st.booleans(), st.booleans(), st.booleans()), min_size=1, max_size=4)


@settings(deadline=None, max_examples=12)
@given(drawn=ARTICLES, steps=STEPS)
def test_an_index_is_the_same_whenever_sources_were_kept_apart(
    drawn: tuple[Sequence[tuple[int, int]], Sequence[int]], steps: Sequence[tuple[bool, bool, bool]]
) -> None:
    articles, order = drawn
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        sources = site, one, other = folder / "site", folder / "one", folder / "other"
        for source in sources:
            source.mkdir()
        write_rated(site, 100, 0, 100)
        write_rated(site, 101, 4, 300)
        write_rated(site, 102, 5, 301, heat=-1, published=False)
        size = -(-len(order) // len(steps))
        for step, kept in enumerate(steps):
            for number in order[step * size : (step + 1) * size]:
                write((one, other)[number % 2], number, *articles[number])
                if number % 5 == 0:
                    write(other, number, *articles[number])
            apart = [source for source, is_apart in zip(sources, kept, strict=True) if is_apart]
            update(folder / "stepwise.db", *sources, apart=apart)
        update(folder / "at_once.db", *sources, apart=apart)
        assert dump(folder / "stepwise.db") == dump(folder / "at_once.db")
