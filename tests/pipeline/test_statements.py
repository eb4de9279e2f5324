"""An index run takes few statements however many articles come, and lists none of them twice."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from tests.pipeline.test_incremental import Made, write_feed
from tests.support.index import indexed
from tui_reader.pipeline import indexer
from tui_reader.storage.connection import open_index
from tui_reader.storage.open_files import Connection

TITLES = (
    "A storm closes the port of Rotterdam",
    "IBM asks for limits on the export of cameras",
    "Version 3.5 is faster",
)


def counted(tmp_path: Path, articles: int, monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """Index a feed of ``articles``, nearly all in one story or another, and count statements by their first words."""
    found: Counter[str] = Counter()

    def traced(path: Path) -> Connection:
        connection = open_index(path)
        connection.set_trace_callback(lambda statement: found.update([" ".join(statement.split()[:3])]))
        return connection

    made = [
        Made(number, f"{TITLES[number % 3]} {'again ' * (number % 4)}", number // 2, rated=False, lists=frozenset())
        for number in range(articles)
    ]
    feed = tmp_path / f"{articles}.json"
    write_feed(feed, made)
    with monkeypatch.context() as patch:
        patch.setattr(indexer, "open_index", traced)
        indexed(tmp_path / f"{articles}.db", feed)
    return found


def test_more_articles_take_no_more_lookups_and_are_listed_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    few, many = (counted(tmp_path, articles, monkeypatch) for articles in (12, 48))
    assert many["INSERT INTO listing"] == 4 * few["INSERT INTO listing"] == 48
    assert not many["DELETE FROM listing"]
    lookups = [
        sum(count for statement, count in found.items() if statement.startswith("SELECT")) for found in (few, many)
    ]
    assert lookups[1] <= lookups[0] + 8, (few, many)
