"""What an index is given to store is shown as text, wherever it comes from."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

from tests.support.collections import make_collection
from tests.support.index import indexed, opened
from tui_reader.model.story import Problem
from tui_reader.storage.connection import open_index
from tui_reader.storage.file_writer import ReadFile
from tui_reader.storage.index_writer import IndexWriter


def test_problems_are_made_visible(tmp_path: Path) -> None:
    with closing(open_index(tmp_path / "index.db")) as connection:
        writer = IndexWriter(connection)
        number = writer.set_sources(["/news"])["/news"]
        writer.store(number, [ReadFile(1, 1, "a\x1b.md", None, {}, ((3, "odd \x1b[31m\x07 value"),))])
        writer.set_site(number, "", "", [], [Problem("", "b\x9b.yml", 0, "odd \u202e name")])
    with opened(tmp_path / "index.db") as (reader, _):
        found = reader.problems()
    assert [problem[1:] for problem in found] == [
        ("a␛.md", 3, "odd ␛[31m␇ value"),
        ("b⟨9B⟩.yml", 0, "odd ⟨RLO⟩ name"),
    ]


def test_to_settle_an_index_where_nothing_changed_takes_no_longer_with_more_articles(tmp_path: Path) -> None:
    def steps(articles: int) -> int:
        """Return how many hundreds of steps SQLite takes."""
        index = tmp_path / f"{articles}.db"
        indexed(index, make_collection(tmp_path / f"site-{articles}", articles))
        counted = 0

        def count() -> None:
            nonlocal counted
            counted += 1

        with closing(open_index(index)) as connection:
            writer = IndexWriter(connection)
            connection.set_progress_handler(count, 100)
            assert writer.settle() == []
        return counted

    assert steps(800) <= steps(50) + 2
