"""The index is made anew whenever it is not sound; the marks are never touched."""

from __future__ import annotations

import multiprocessing
import os
import random
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from tests.support.collections import make_collection
from tests.support.index import indexed, opened
from tui_reader.errors import StoreError
from tui_reader.model.query import Query
from tui_reader.storage import connection as module
from tui_reader.storage.connection import attach_marks, open_index, remove_database
from tui_reader.storage.errors import store_errors
from tui_reader.storage.locks import exclusive_lock
from tui_reader.storage.schema import MARKS_VERSION, SCHEMA, VERSION


@pytest.fixture
def index(tmp_path: Path) -> Path:
    indexed(tmp_path / "index.db", make_collection(tmp_path / "site", 30))
    return tmp_path / "index.db"


def articles(index: Path) -> int:
    with opened(index) as (reader, _):
        return len(reader.order(Query(folded=True)))


def heal(index: Path) -> None:
    """Open the index, bring it up to date and find all of it there."""
    indexed(index, index.parent / "site")
    assert articles(index) == 30


def test_random_bytes(index: Path) -> None:
    index.write_bytes(random.Random(1).randbytes(50_000))
    heal(index)


@pytest.mark.parametrize("kept", [0, 1, 100, 4096, 5000, 0.5, 0.99])
def test_a_file_cut_short(index: Path, kept: float) -> None:
    size = index.stat().st_size
    os.truncate(index, int(kept * size) if 0 < kept < 1 else int(kept))
    heal(index)


def test_another_database(index: Path) -> None:
    remove_database(index)
    with closing(sqlite3.connect(index)) as other:
        other.execute("CREATE TABLE article (id)")
    heal(index)


def test_a_table_that_is_missing(index: Path) -> None:
    with closing(sqlite3.connect(index)) as other:
        other.execute("DROP TABLE listing")
    heal(index)


@pytest.mark.parametrize("version", [0, VERSION - 1, VERSION + 1])
def test_another_version_is_made_anew_in_place(index: Path, version: int) -> None:
    with closing(open_index(index)) as reader:
        reader.execute(f"PRAGMA user_version = {version}")
        with closing(open_index(index)) as other:
            other.execute("INSERT INTO body VALUES (1, 'x')")
        # Who has the file open sees the new tables, not a file that is deleted.
        assert reader.execute("SELECT text FROM body").fetchall() == [("x",)]
    heal(index)


def test_places_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    for path in (tmp_path / "file" / "index.db", tmp_path):  # below a file; where a folder is
        with pytest.raises(StoreError):
            open_index(path)
        with closing(open_index(tmp_path / "index.db")) as connection, pytest.raises(StoreError):
            attach_marks(connection, path)
    for path in (tmp_path / "file" / "index.db", tmp_path / ("x" * 300)):
        with pytest.raises(StoreError), exclusive_lock(path):
            pass


def _open(path: str) -> int:
    with closing(open_index(Path(path))) as connection:
        attach_marks(connection, Path(path).with_suffix(".marks"))
        return int(connection.execute("SELECT count(*) FROM article").fetchone()[0])


def test_many_open_a_new_index_at_once(tmp_path: Path) -> None:
    with multiprocessing.get_context("spawn").Pool(4) as pool:
        for number in range(10):
            assert pool.map(_open, [str(tmp_path / f"{number}.db")] * 4) == [0] * 4


@pytest.mark.parametrize("data", [b"no database" * 1000, None])
def test_damaged_marks_are_told_and_not_touched(tmp_path: Path, data: bytes | None) -> None:
    marks = tmp_path / "marks.db"
    with closing(open_index(tmp_path / "index.db")) as connection:
        attach_marks(connection, marks)
    if data is None:
        data = marks.read_bytes()[:5000]
    marks.write_bytes(data)
    with closing(open_index(tmp_path / "index.db")) as connection, pytest.raises(StoreError, match="your marks in"):
        attach_marks(connection, marks)
    assert marks.read_bytes() == data


def test_marks_of_a_newer_version_are_left_alone(tmp_path: Path) -> None:
    marks = tmp_path / "marks.db"
    with closing(sqlite3.connect(marks)) as newer:
        newer.execute("CREATE TABLE other (x)")
        newer.execute(f"PRAGMA user_version = {MARKS_VERSION + 1}")
    with closing(open_index(tmp_path / "index.db")) as connection, pytest.raises(StoreError, match="update news-tui"):
        attach_marks(connection, marks)


def test_making_tables_is_all_or_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "SCHEMA", SCHEMA + "CREATE nonsense;")
    with pytest.raises(StoreError):
        open_index(tmp_path / "index.db")
    monkeypatch.undo()
    open_index(tmp_path / "index.db").close()


def test_a_lock_ends_with_its_process(tmp_path: Path) -> None:
    code = (
        "import os; from pathlib import Path; from tui_reader.storage.locks import exclusive_lock\n"
        f"with exclusive_lock(Path({str(tmp_path / 'index.db')!r})):\n"
        "    print('locked', flush=True); os.kill(os.getpid(), 9)"
    )
    root = Path(module.__file__).parents[2]
    done = subprocess.run([sys.executable, "-c", code], cwd=root, stdout=subprocess.PIPE, text=True, check=False)
    assert done.stdout == "locked\n"
    with exclusive_lock(tmp_path / "index.db"):
        pass


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("database or disk is full", "free some space"),
        ("database is locked", "another news-tui"),
        ("attempt to write a readonly database", "check the permissions"),
        ("database disk image is malformed", "--rebuild"),
    ],
)
def test_every_error_says_what_to_do(text: str, words: str) -> None:
    with pytest.raises(StoreError, match=words), store_errors():
        raise sqlite3.OperationalError(text)
