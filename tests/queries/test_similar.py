"""Similar articles: the same ones whether the index has their vectors or not."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from tests.support.collections import moment, write_article
from tests.support.index import indexed
from tui_reader.queries.similar import MIN_SCORE, find_similar
from tui_reader.storage.connection import open_index
from tui_reader.storage.similar import SimilarReader
from tui_reader.stories.similarity import similarity, vector

TEXTS = [
    ("IBM says the U.S. should limit facial recognition exports", "IBM asked for new controls on cameras."),
    ("IBM wants export controls on facial recognition systems", "The company asked the Commerce Department."),
    ("Facial recognition: IBM asks for limits on exports", "New controls should be adopted, IBM says."),
    ("A storm closes the port of Rotterdam", "Ships wait at sea for the wind to go down."),
    ("Version 3.5 of the 東京 toolkit is out", "It's faster — and smaller."),
    ("—", ""),
]
RATED, BY_SOURCE = "rated here", "rated by source"


@pytest.fixture(scope="module", params=[RATED, BY_SOURCE])
def index(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same articles, rated here with stored vectors or rated by their source without."""
    folder: Path = tmp_path_factory.mktemp("alike")
    own = {"heat": 5, "quality": 5} if request.param == BY_SOURCE else {}
    for number, (title, excerpt) in enumerate(TEXTS):
        fields = {"title": title, "excerpt": excerpt, "publishedDateTime": moment(number)}
        write_article(folder / "news" / f"{number}.md", fields | {"webUrl": page(number)} | own)
    indexed(folder / "index.db", folder / "news")
    return folder / "index.db"


def page(number: int) -> str:
    return f"https://wire.example/{number}"


@contextmanager
def opened(index: Path) -> Iterator[SimilarReader]:
    with closing(open_index(index)) as connection:
        yield SimilarReader(connection)


def number_at(store: SimilarReader, url: str) -> int:
    number = store.article_at(url)
    assert number is not None
    return number


def found(store: SimilarReader, number: int, limit: int = 5, **options: float) -> list[tuple[str, float]]:
    every = find_similar(store, number_at(store, page(number)), limit, **options)
    texts = store.texts(one.article for one in every)
    return [(texts[one.article].title, one.score) for one in every]


def test_the_most_similar_come_first_with_their_exact_score(index: Path) -> None:
    one = vector(*TEXTS[0])
    expected = sorted(((similarity(one, vector(*other)), other[0]) for other in TEXTS[1:3]), reverse=True)
    with opened(index) as store:
        similar = found(store, 0)
    assert [title for title, _ in similar] == [title for _, title in expected]
    assert [score for _, score in similar] == pytest.approx([score for score, _ in expected])


def test_articles_below_the_minimum_score_are_left_out(index: Path) -> None:
    with opened(index) as store:
        assert found(store, 3) == []
        assert all(score < MIN_SCORE for _, score in found(store, 3, min_score=0.0))


def test_a_large_limit_is_reached(tmp_path: Path) -> None:
    for number in range(60):
        fields = {"title": f"Storm number {number} over Rotterdam", "publishedDateTime": moment(number)}
        write_article(tmp_path / "news" / f"{number}.md", fields | {"webUrl": page(number)})
    indexed(tmp_path / "index.db", tmp_path / "news")
    with opened(tmp_path / "index.db") as store:
        assert len(find_similar(store, 1, 50)) == 50


def test_limit(index: Path) -> None:
    with opened(index) as store:
        assert found(store, 0, 1) == found(store, 0)[:1]
        assert found(store, 0, 0) == []


@pytest.mark.parametrize("number", [4, 5])
def test_words_that_the_search_splits_or_does_not_know_are_no_error(index: Path, number: int) -> None:
    with opened(index) as store:
        assert found(store, number) == []


def test_nothing_is_similar_to_an_article_that_does_not_exist(index: Path) -> None:
    with opened(index) as store:
        assert find_similar(store, 4711) == []


def test_the_same_text_has_a_score_of_one(tmp_path: Path) -> None:
    for number in (0, 1):
        fields = {"title": "The same words here", "webUrl": page(number), "heat": 1}
        write_article(tmp_path / "news" / f"{number}.md", fields)
    indexed(tmp_path / "index.db", tmp_path / "news")
    with opened(tmp_path / "index.db") as store:
        other = number_at(store, page(1))
        (twin,) = find_similar(store, number_at(store, page(0)))
        assert twin.article == other
        assert twin.score == pytest.approx(1.0)
