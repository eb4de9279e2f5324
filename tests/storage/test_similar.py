"""Articles are found by address and by word."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.support.collections import address, make_collection, moment
from tests.support.index import indexed
from tui_reader.storage.connection import open_index
from tui_reader.storage.similar import SimilarReader


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SimilarReader]:
    indexed(tmp_path / "index.db", make_collection(tmp_path / "site", 6))
    with closing(open_index(tmp_path / "index.db")) as connection:
        yield SimilarReader(connection)


def test_an_article_is_found_by_any_spelling_of_its_address(store: SimilarReader) -> None:
    number = store.article_at(address(2))
    assert number is not None
    assert store.article_at(address(2).replace("https://", "http://www.") + "/?utm_source=x#top") == number
    assert store.texts([number])[number].url == address(2)


@pytest.mark.parametrize(
    "url", ["", "https://elsewhere.example/", "file:///etc/passwd", "-x", "a b", "https://[", "\ud800"]
)
def test_unknown_and_unsafe_addresses_find_nothing(store: SimilarReader, url: str) -> None:
    assert store.article_at(url) is None


def test_articles_with_a_word_are_returned_last_first(store: SimilarReader) -> None:
    assert store.count() == 6
    every = store.containing("weather", 9, prefix=False)
    assert sorted(every, reverse=True) == list(every)
    assert len(every) == 6
    assert store.containing("weather", 2, prefix=False) == every[:2]
    assert store.containing("weath", 9, prefix=True) == every
    for word in ("weath", "", "3.5", "a\u19b0b", '" OR x'):
        assert not store.containing(word, 9, prefix=False)


def test_texts_leave_out_unknown_articles(store: SimilarReader) -> None:
    number = store.article_at(address(1))
    assert number is not None
    texts = store.texts([number, 4711, number])
    assert list(texts) == [number]
    text = texts[number]
    assert (text.title, text.excerpt) == ("Report 1 on the weather", "What the sky did in hour 1.")
    assert (text.vector, moment(1)[:10]) == (b"", "2024-03-01")
