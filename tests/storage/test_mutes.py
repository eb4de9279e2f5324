"""While something is muted, every list leaves it out, and every number is that of its list."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.collections import PROVIDERS, make_collection, write_article
from tests.support.index import indexed, opened, queries
from tui_reader.model.query import Query


@pytest.fixture
def index(tmp_path: Path) -> Path:
    indexed(tmp_path / "index.db", make_collection(tmp_path / "site", 24))
    return tmp_path / "index.db"


@pytest.mark.parametrize(
    ("kind", "word", "articles"),
    [
        ("provider", PROVIDERS[1][0], 8),
        ("provider", PROVIDERS[1][1], 8),
        ("topic", "snow", 12),
        ("keyword", "report 1", 1),
    ],
)
def test_the_numbers_are_those_of_the_lists(index: Path, kind: str, word: str, articles: int) -> None:
    with opened(index) as (reader, marks):
        everything = set(reader.order(Query(folded=True)))
        marks.set_saved(everything, 1)
        marks.mute(kind, word)
        hidden = everything - set(reader.order(Query(folded=True)))
        assert len(hidden) == articles
        for query in queries(reader):
            listed = reader.order(query)
            assert not hidden & set(listed)
            assert reader.count(query) == len(listed), query
            assert list(reader.order(query, 2)) == list(listed[:2])
        for folded in (False, True):
            for count in reader.topics(Query(folded=folded)):
                assert count.stories == reader.count(Query(folded=folded, topic=count.topic.name))
        words = Query(words="report", folded=True)
        assert reader.count(words) == len(reader.order(words)) == len(everything - hidden)


def test_a_mute_of_another_program_is_heeded_by_the_next_list(index: Path) -> None:
    with opened(index) as (reader, _), opened(index) as (_, other):
        before = list(reader.order(Query(folded=True)))
        other.mute("provider", PROVIDERS[0][0])
        assert len(reader.order(Query(folded=True))) == len(before) * 2 // 3
        assert reader.muted() == {("provider", PROVIDERS[0][0].casefold()): 8}
        other.unmute("provider", PROVIDERS[0][0])
        assert list(reader.order(Query(folded=True))) == before


def test_a_provider_is_muted_by_its_whole_name(tmp_path: Path) -> None:
    site = make_collection(tmp_path / "site", 6)
    for file in (site / "_news").iterdir():
        file.write_text(file.read_text().replace('"Rain Review"', '"The Daily Cloud Weekly"'))
    indexed(tmp_path / "index.db", site)
    with opened(tmp_path / "index.db") as (reader, marks):
        assert len(reader.order(Query(folded=True, provider="The Daily Cloud"))) == 2
        assert list(reader.order(Query(folded=True, provider="The Daily"))) == []
        marks.mute("provider", "The Daily Cloud")
        assert len(reader.order(Query(folded=True))) == 4


def test_a_keyword_is_muted_as_it_is_written(tmp_path: Path) -> None:
    titles = ("C++ is forty", "Vitamin C helps", "Café opens", "Cafés open", "Nothing at all")
    for number, title in enumerate(titles):
        write_article(tmp_path / "news" / f"{number}.md", {"title": title, "webUrl": f"https://a.example/{number}"})
    indexed(tmp_path / "index.db", tmp_path / "news")
    with opened(tmp_path / "index.db") as (reader, marks):
        for word, hidden in (("c++", titles[0]), ("c", titles[1]), ("café", titles[2])):
            marks.mute("keyword", word)
            left = {row.title for row in reader.rows(reader.order(Query())).values()}
            assert hidden not in left
            marks.unmute("keyword", word)
            assert set(titles) - left <= {hidden, titles[0] if word == "c" else hidden}
