"""Any search text makes a valid query that finds what is meant."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from tests.support.collections import write_article
from tests.support.index import indexed, opened
from tui_reader.errors import QueryError
from tui_reader.model.query import Query
from tui_reader.storage.connection import attach_marks, open_index
from tui_reader.storage.index_reader import IndexReader
from tui_reader.storage.search import match_queries

TITLES = [
    "Covid-19 in the café",
    "Machine learning learns",
    "Rust & Go; C++",
    "Москва: ёлка",
    "東京 news",
    "Naïve Straße",
]


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("search")
    for number, title in enumerate(TITLES):
        write_article(
            folder / "news" / f"{number}.md", {"title": title, "excerpt": "An excerpt.", "provider": "The Wire"}
        )
    indexed(folder / "index.db", folder / "news")
    return folder / "index.db"


def found(index: Path, words: str) -> list[str]:
    with opened(index) as (reader, _):
        query = Query(words=words)
        numbers = reader.order(query)
        assert reader.count(query) == len(numbers)
        rows = reader.rows(numbers)
        return sorted(rows[number].title for number in numbers)


@pytest.mark.parametrize("is_prepared", [False, True])
def test_an_index_may_grow_while_it_is_searched(tmp_path: Path, is_prepared: bool) -> None:
    news = tmp_path / "news"
    for number, title in enumerate(TITLES):
        related = [{"title": f"More on {title}", "webUrl": f"https://more.example/{number}"}]
        write_article(
            news / f"{number}.md",
            {"title": title, "webUrl": f"https://wire.example/{number}", "heat": 5, "related": related},
        )
    index = tmp_path / "index.db"
    indexed(index, news)

    def grow(statement: str) -> None:
        if "rated = 0" in statement and not (news / "new.md").exists():
            write_article(
                news / "new.md", {"title": "A newer one to learn", "webUrl": "https://new.example/", "heat": 9}
            )
            indexed(index, news)

    with opened(index) as (reader, _), closing(open_index(index)) as connection:
        attach_marks(connection, index.with_suffix(".marks"))
        watched = IndexReader(connection)
        query = Query(words="learn")
        before = set(reader.order(query))
        connection.set_trace_callback(grow)
        if is_prepared:
            watched.prepare_search(query)
        else:
            assert set(watched.order(query)) == before
        assert (news / "new.md").exists(), "it did not grow"
        connection.set_trace_callback(None)
        assert set(watched.order(query)) == set(reader.order(query)) > before


@pytest.mark.parametrize(
    ("words", "count"),
    [
        ("", 6), ("   ", 6), ("covid", 1), ("COV", 1), ("covid-19", 1), ("19", 1), ("cafe", 1), ("café", 1),
        ("cafe\u0301", 1), ("learn", 1), ('"learn"', 0), ('"learning"', 1), ('"machine', 1), ("machine rust", 0),
        ("excerpt", 6), ("excerpt -machine", 5), ("excerpt -machine -rust -go", 4), ("wire", 6), ("c++", 2),
        ("москва", 1), ("ёлка", 1), ("東", 1), ("京", 1), ('"東京"', 1),
        ("京東", 0), ("naive strasse", 0), ("naive straße", 1), ("rust !!!", 1),
        ("rust -", 1), ("-machine", 5), ("machine OR rust", 2), ("machine AND rust", 0), ("(machine OR rust) -go", 1),
        ("title:rust", 1),
        ("title:wire", 0), ("provider:wire", 6), ("NEAR(", 0), ("x*", 0), ("'; DROP TABLE article; --", 0),
    ],
)  # fmt: skip
def test_queries(index: Path, words: str, count: int) -> None:
    assert len(found(index, words)) == count


@example("a\u19b0b")
@example("-b " * 500 + "a")
@example("a " * 5000)
@example("a" * 100_000)
@example(" ".join("".join(map(chr, range(start, start + 500))) for start in range(0, 0x3000, 500)))
@given(
    st.text()
    | st.lists(st.sampled_from(["-", '"', "a", "é", "(", ")", "*", "NOT", " ", "\0", "^", ":", "{"])).map("".join)
)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_any_text_is_a_query_or_says_what_is_wrong(index: Path, words: str) -> None:
    try:
        found(index, words)
    except QueryError as error:
        assert 0 <= error.start <= error.end <= len(words)


def test_a_letter_that_sqlite_does_not_know_finds_nothing(index: Path) -> None:
    """New Tai Lue vowels are letters for Python but not for SQLite, which splits the word."""
    assert found(index, "a\u19b0b") == []


def test_fts5_syntax_has_no_effect() -> None:
    assert match_queries('NEAR("a" 2) ^c -d', phrase=False) == ['"NEAR"*', '"a"*', '"2"*', '"c"*', '"d"*']
    assert match_queries('NEAR("a" 2) ^c -d', phrase=True) == ['"NEAR a 2 c d"']
