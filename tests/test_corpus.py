"""Real collections come out with the numbers that their files say."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.index import indexed, opened
from tui_reader.model.query import Query, Sort

CORPUS = Path(__file__).parents[2] / "shared" / "corpus"
pytestmark = pytest.mark.skipif(not CORPUS.is_dir(), reason="no real collections beside the project (../shared/corpus)")


def test_azure(tmp_path: Path) -> None:
    source = CORPUS / "azure-2020.tar.xz"
    progress = indexed(tmp_path / "i.db", source)
    assert (progress.changed, progress.failures) == (2662, ())
    with opened(tmp_path / "i.db") as (reader, _):
        edition = reader.summary()
        assert (edition.title, edition.articles, edition.stories) == ("Azure Every Day", 2653, 318)
        topics = {count.topic.name: count.stories for count in reader.topics(Query())}
        assert (topics["AI"], topics["IoT"], topics["Databases"]) == (29, 25, 23)
        hottest = reader.story(reader.order(Query(), limit=1)[0])
        assert hottest is not None
        assert (hottest.row.heat, hottest.row.related) == (2837, 137)
        assert len(hottest.related) == 137
        assert all(reader.story(row.article) is not None for row in hottest.related)
        # Most of what is related is an article of the collection, folded under the story that leads to it.
        assert sum(row.indexed for row in hottest.related) > 100
        for query in (Query(sort, folded=folded) for sort in Sort for folded in (True, False)):
            assert len(reader.order(query)) == (2653 if query.folded else 318)
    assert indexed(tmp_path / "i.db", source).changed == 0


def test_powerapps(tmp_path: Path) -> None:
    indexed(tmp_path / "i.db", CORPUS / "powerapps.tar.xz")
    with opened(tmp_path / "i.db") as (reader, _):
        # 428 files are shown; three of them are of a page that another one shows as well.
        assert (reader.summary().articles, reader.summary().stories) == (670, 425)
        hottest = reader.rows(reader.order(Query(), limit=1)).popitem()[1]
        assert hottest.heat == 189


def test_seeds(tmp_path: Path) -> None:
    indexed(tmp_path / "i.db", CORPUS / "seeds")
    with opened(tmp_path / "i.db") as (reader, _):
        assert reader.summary().articles == 3
        assert reader.problems() == []
