"""The connection to index and marks behind the screen."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from tui_reader.model.query import Query
from tui_reader.storage.connection import open_index
from tui_reader.ui.library import Library


def test_questions_asked_before_closing_are_answered_and_then_the_connection_is_closed(tmp_path: Path) -> None:
    library = Library(tmp_path / "index.db", tmp_path / "marks.db")
    connection = library._connection
    asked = library._thread.submit(library.reader.count, Query())
    library.close()
    library._thread.shutdown()
    assert asked.result() == 0
    with pytest.raises(sqlite3.ProgrammingError, match="closed database"):
        connection.execute("SELECT 1")


def test_a_library_that_cannot_be_opened_leaves_no_connection(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    connections: list[sqlite3.Connection] = []

    def remember(path: Path) -> sqlite3.Connection:
        connections.append(open_index(path))
        return connections[-1]

    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("tui_reader.ui.library.open_index", remember)
    monkeypatch.setattr("tui_reader.ui.library.attach_marks_if_sound", interrupt)
    with pytest.raises(KeyboardInterrupt):
        Library(tmp_path / "index.db", tmp_path / "marks.db")
    with pytest.raises(sqlite3.ProgrammingError, match="closed database"):
        connections[0].execute("SELECT 1")
