"""The names that a search can have as values are those of the index, the marks and the sources."""

from __future__ import annotations

from pathlib import Path

from tests.support.index import indexed, opened
from tests.ui.pages import write_page
from tui_reader.model.query import Query
from tui_reader.model.source_tree import ListedSource
from tui_reader.storage.connection import attach_marks, open_index
from tui_reader.storage.search_names import SearchNames


def test_the_names_of_an_index(tmp_path: Path) -> None:
    news = tmp_path / "news"
    write_page(news, "Of clouds", by="The Daily Cloud", excerpt="Soft and white.", topics=["Weather"])
    write_page(news, "Of rain", by="Rain Weekly", excerpt="Everybody gets wet today.", topics=["Weather"])
    write_page(news, "Of floods", by="Rain Weekly", excerpt="The river is higher than ever.", topics=["Rivers"])
    indexed(tmp_path / "index.db", news)
    with opened(tmp_path / "index.db") as store:
        numbers = list(store.reader.order(Query(folded=True)))
        store.marks.tags.add(numbers[:1], ["seldom"])
        store.marks.tags.add(numbers, ["often"])
    sources = [ListedSource("https://a.example/", "A", ("News", "World")), ListedSource("https://b.example/", "")]
    connection = open_index(tmp_path / "index.db")
    attach_marks(connection, tmp_path / "index.marks")
    names = SearchNames(connection).names(sources)
    connection.close()
    assert names["provider"] == ["Rain Weekly", "The Daily Cloud"]
    assert sorted(names["topic"]) == ["Rivers", "Weather"]
    assert names["tag"] == ["often", "seldom"]
    assert sorted(names["source"]) == ["A", "https://b.example/"]
    assert names["folder"] == ["News", "News/World"]
