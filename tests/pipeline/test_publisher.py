"""Heat counts outlets, rare sources and crowding, and is the same as in an index built anew."""

from __future__ import annotations

import random
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.support.collections import STORM, moment, write_article
from tests.support.index import dump, indexed, opened
from tui_reader.model.preferences import Preferences
from tui_reader.model.query import Query, Sort
from tui_reader.model.story import StoryRow
from tui_reader.model.weights import Weight
from tui_reader.pipeline.indexer import update_index
from tui_reader.queries.explain import Explanation, explain
from tui_reader.storage.connection import attach_marks, open_index
from tui_reader.storage.index_reader import IndexReader
from tui_reader.storage.story_evidence import StoryEvidence

UNRELATED = (
    "Parliament votes on the fishing quota",
    "Engine recall hits two million cars",
    "Orchestra names a new conductor",
    "Volcano erupts near an Icelandic village",
    "Court overturns the airline merger",
    "Museum returns bronze masks",
    "Heatwave dries up vineyards",
    "Striker transfers for a record fee",
    "Satellite maps the Antarctic shelf",
    "Bakers protest against flour prices",
    "Train drivers call off their strike",
    "Chess club celebrates its centenary",
)


def write(folder: Path, name: str, title: str, hours: int, host: str, **more: Any) -> None:
    """Write an article without quality and heat."""
    fields = {"title": title, "publishedDateTime": moment(hours), "webUrl": f"https://{host}/{name}"}
    write_article(folder / f"{name}.md", fields | {"provider": {"name": host, "domain": host}} | more)


def leads(index: Path) -> dict[str, StoryRow]:
    """Return the stories of an index by title, the hottest first."""
    with opened(index) as (reader, _):
        numbers = reader.order(Query(Sort.HEAT))
        found = reader.rows(numbers)
        return {found[number].title: found[number] for number in numbers}


def why(index: Path, title: str) -> Explanation:
    with closing(open_index(index)) as connection:
        attach_marks(connection, index.with_suffix(".marks"))
        reader = IndexReader(connection)
        story = reader.story(leads(index)[title].article)
        assert story is not None
        return explain(StoryEvidence(connection), story, reader.cooling())


def update(index: Path, *folders: Path, **weights: Weight) -> None:
    by_source = {str(folder): weights[folder.name] for folder in folders if folder.name in weights}
    preferences = Preferences(weight_by_source=by_source)
    *_, last = update_index(index, [str(folder) for folder in folders], preferences=preferences)
    assert last.finished


@pytest.mark.parametrize(
    ("hosts", "added"),
    [
        (["a.example", "b.example", "c.example"], 40),
        (["en-nz.msn.com", "en-gb.msn.com", "www.msn.com"], 4),
        (["ann.blogspot.com", "ben.blogspot.com"], 20),
        (["vendor.example"] * 5, 8),
    ],
)
def test_an_outlet_counts_once(tmp_path: Path, hosts: list[str], added: int) -> None:
    for number, host in enumerate(hosts):
        title = STORM[0] if "vendor" in host else STORM[number]  # one outlet's articles join only if they are alike
        write(tmp_path / "news", str(number), title, number, host)
    index = tmp_path / "index.db"
    indexed(index, tmp_path / "news")
    ((title, row),) = leads(index).items()
    assert row.related == len(hosts) - 1
    found = why(index, title)
    assert (row.heat or 0) == (row.quality or 0) + added + sum(
        part.points for part in found.parts if "rarity" in part.reason
    )
    assert found.expected == row.heat


def test_a_blog_is_rarer_than_a_wire_that_was_just_added(tmp_path: Path) -> None:
    for number, title in enumerate(UNRELATED):
        write(
            tmp_path / "wire",
            f"w{number}",
            title,
            800 + number // 4,
            "wire.example",
        )
    for number, topic in enumerate(("Notes on compilers", "Why I keep bees", "A walk along the coast")):
        write(tmp_path / "blog", f"b{number}", topic, 100 + 300 * number, "blog.example")
    index = tmp_path / "index.db"
    indexed(index, tmp_path / "wire", tmp_path / "blog")
    assert next(iter(leads(index))) == "A walk along the coast"
    assert why(index, "A walk along the coast").parts == (
        (20, "rarity: the source publishes about once a week or less"),
    )
    assert not any("rarity" in part.reason for part in why(index, UNRELATED[4]).parts)


def test_single_stories_of_one_outlet_on_one_day_crowd_each_other(tmp_path: Path) -> None:
    folder, index = tmp_path / "shop", tmp_path / "index.db"
    for number, title in enumerate(UNRELATED[:8]):
        write(
            folder,
            f"s{number}",
            title,
            number,
            f"{'www.' * (number % 2)}shop.example",
        )
    write(folder, "later", "Bees for sale again", 30, "shop.example")
    indexed(index, folder)
    crowding = [-sum(part.points for part in why(index, title).parts if part.points < 0) for title in leads(index)]
    assert crowding == [0, 0, 4, 8, 12, 16, 20, 24, 24]
    assert all(why(index, title).expected == row.heat for title, row in leads(index).items())


def test_vanished_files_leave_the_heat_of_an_index_built_anew(tmp_path: Path) -> None:
    folder, index, anew = tmp_path / "news", tmp_path / "index.db", tmp_path / "anew.db"
    rng = random.Random(4)
    titles = [*STORM, *UNRELATED, *UNRELATED]
    for number, title in enumerate(titles):
        host = f"{rng.choice('ab')}.outlet{rng.randrange(3)}.example.com"
        write(folder, f"a{number}", title, rng.randrange(60), host)
    indexed(index, folder)
    for number in range(0, len(titles), 3):
        (folder / f"a{number}.md").unlink()
        indexed(index, folder)
    indexed(anew, folder)
    assert dump(index) == dump(anew)


def test_a_source_that_publishes_more_often_loses_its_rarity_everywhere(tmp_path: Path) -> None:
    folder, index, anew = tmp_path / "blog", tmp_path / "index.db", tmp_path / "anew.db"
    write(folder, "old", "Notes on compilers", 0, "blog.example")
    write(folder, "new", "Why I keep bees", 900, "blog.example")
    indexed(index, folder)
    rare = leads(index)["Notes on compilers"].heat
    for number, title in enumerate(UNRELATED):
        write(folder, f"p{number}", title, 901 + number, "blog.example")
    indexed(index, folder)
    indexed(anew, folder)
    assert rare == (leads(index)["Notes on compilers"].heat or 0) + 8
    assert dump(index) == dump(anew)


def test_the_weight_of_a_source_counts_and_is_explained(tmp_path: Path) -> None:
    one, other, index = tmp_path / "one", tmp_path / "other", tmp_path / "index.db"
    write(one, "a", STORM[0], 0, "a.example")
    write(other, "b", STORM[1], 1, "b.example")
    write(other, "c", "Why I keep bees", 2, "b.example")
    update(index, one, other)
    assert list(leads(index)) == [STORM[0], "Why I keep bees"]
    before = {title: row.heat or 0 for title, row in leads(index).items()}
    update(index, one, other, other=Weight.MORE)
    assert list(leads(index)) == [STORM[1], "Why I keep bees"]
    assert leads(index)["Why I keep bees"].heat == before["Why I keep bees"] + 20
    explained = why(index, "Why I keep bees")
    assert (20, "a source that you weight more") in (explained.quality or ((), ()))[1]
    assert not explained.is_stale
    update(index, one, other, other=Weight.LESS)
    assert leads(index)["Why I keep bees"].heat == before["Why I keep bees"] - 20
    update(index, one, other)
    assert {title: row.heat for title, row in leads(index).items()} == before


def test_an_article_dated_in_the_future_is_not_hotter_for_it(tmp_path: Path) -> None:
    folder, index = tmp_path / "news", tmp_path / "index.db"
    write(folder, "now", "Why I keep bees", 0, "a.example", quality=60)
    write(folder, "soon", "Notes on compilers", 0, "a.example", quality=50, publishedDateTime="2199-01-01T00:00:00Z")
    write(
        folder, "fresh", "A walk along the coast", 0, "a.example", quality=80, publishedDateTime="2198-01-01T00:00:00Z"
    )
    indexed(index, folder)
    with opened(index) as (reader, _):
        numbers = reader.order(Query(Sort.TRENDING))
        found, cooling = reader.rows(numbers), reader.cooling()
        shown = {found[number].title: cooling.cooled(found[number].heat, found[number].published) for number in numbers}
    assert list(shown.items())[:2] == [("A walk along the coast", 80), ("Notes on compilers", 50)]
