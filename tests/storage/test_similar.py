"""Articles are found by address and by word, and give what they say."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.support.collections import address, make_collection, moment
from tests.support.index import indexed
from tui_reader.errors import StoreError
from tui_reader.storage.connection import open_index
from tui_reader.storage.similar import SimilarReader


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SimilarReader]:
    indexed(tmp_path / "index.db", make_collection(tmp_path / "site", 6))
    with closing(open_index(tmp_path / "index.db")) as connection:
        yield SimilarReader(connection)


def test_an_address_is_known_in_any_spelling(store: SimilarReader) -> None:
    number = store.number_at(address(2))
    assert number is not None
    assert store.number_at(address(2).replace("https://", "http://www.") + "/?utm_source=x#top") == number
    assert store.texts([number])[number].url == address(2)


@pytest.mark.parametrize(
    "url", ["", "https://elsewhere.example/", "file:///etc/passwd", "-x", "a b", "https://[", "\ud800"]
)
def test_what_is_not_there_is_none(store: SimilarReader, url: str) -> None:
    assert store.number_at(url) is None


def test_who_has_a_word_comes_last_first(store: SimilarReader) -> None:
    assert store.count() == 6
    every = store.containing("weather", 9, prefix=False)
    assert sorted(every, reverse=True) == list(every)
    assert len(every) == 6
    assert store.containing("weather", 2, prefix=False) == every[:2]
    assert store.containing("weath", 9, prefix=True) == every
    for word in ("weath", "", "3.5", "a\u19b0b", '" OR x'):
        assert not store.containing(word, 9, prefix=False)


def test_texts_leave_out_what_is_gone(store: SimilarReader) -> None:
    number = store.number_at(address(1))
    assert number is not None
    texts = store.texts([number, 4711, number])
    assert list(texts) == [number]
    text = texts[number]
    assert (text.title, text.excerpt) == ("Report 1 on the weather", "What the sky did in hour 1.")
    assert (text.vector, moment(1)[:10]) == (b"", "2024-03-01")


@pytest.mark.parametrize(
    "call",
    [
        lambda store: store.number_at("https://a.example/"),
        lambda store: store.count(),
        lambda store: store.containing("a", 1, prefix=False),
        lambda store: store.texts([1]),
    ],
)
def test_errors_of_sqlite_become_words(tmp_path: Path, call: Callable[[SimilarReader], object]) -> None:
    connection = open_index(tmp_path / "index.db")
    connection.close()
    with pytest.raises(StoreError):
        call(SimilarReader(connection))
