"""A damaged index is rebuilt; damaged marks are never changed."""

from __future__ import annotations

import multiprocessing
import os
import random
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path

import pytest

from tests.support.collections import make_collection
from tests.support.index import indexed, opened
from tui_reader.errors import DamagedFile, StoreError
from tui_reader.model.query import Query
from tui_reader.storage import connection as module
from tui_reader.storage import migrations
from tui_reader.storage.connection import attach_marks, open_index, remove_database
from tui_reader.storage.errors import store_errors
from tui_reader.storage.index_writer import IndexWriter
from tui_reader.storage.locks import exclusive_lock
from tui_reader.storage.schema import FETCHED_VERSION, MARKS_VERSION, SCHEMA, VERSION, index_version


@pytest.fixture
def index(tmp_path: Path) -> Path:
    indexed(tmp_path / "index.db", make_collection(tmp_path / "site", 30))
    return tmp_path / "index.db"


def articles(index: Path) -> int:
    with opened(index) as (reader, _):
        return len(reader.order(Query(folded=True)))


def rebuild(index: Path) -> None:
    """Update the index and check that all articles are in it."""
    indexed(index, index.parent / "site")
    assert articles(index) == 30


def test_an_index_of_random_bytes_is_rebuilt(index: Path) -> None:
    index.write_bytes(random.Random(1).randbytes(50_000))
    rebuild(index)


@pytest.mark.parametrize("kept", [0, 1, 100, 4096, 5000, 0.5, 0.99])
def test_a_truncated_index_is_rebuilt(index: Path, kept: float) -> None:
    size = index.stat().st_size
    os.truncate(index, int(kept * size) if 0 < kept < 1 else int(kept))
    rebuild(index)


def test_a_database_with_other_tables_is_rebuilt(index: Path) -> None:
    remove_database(index)
    with closing(sqlite3.connect(index)) as other:
        other.execute("CREATE TABLE article (id)")
    rebuild(index)


def test_an_index_without_one_table_is_rebuilt(index: Path) -> None:
    with closing(sqlite3.connect(index)) as other:
        other.execute("DROP TABLE listing")
    rebuild(index)


@pytest.mark.parametrize("version", [0, VERSION - 1, VERSION + 1])
def test_an_index_of_another_version_is_rebuilt_in_place(index: Path, version: int) -> None:
    with closing(open_index(index)) as reader:
        reader.execute(f"PRAGMA user_version = {version}")
        with closing(open_index(index)) as other:
            other.execute("INSERT INTO body VALUES (1, 'x')")
        # A connection that is already open sees the new tables, not a deleted file.
        assert reader.execute("SELECT text FROM body").fetchall() == [("x",)]
    rebuild(index)


def test_an_index_with_other_tables_is_of_another_version(index: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    older = SCHEMA.replace("CREATE VIEW told", "CREATE VIEW untold")
    assert index_version(f"{SCHEMA}-- A comment.\n") == VERSION != index_version(older)
    with monkeypatch.context() as program:
        program.setattr(module, "SCHEMA", older)
        program.setattr(module, "VERSION", index_version(older))
        open_index(index).close()
    with opened(index) as (reader, _):
        assert reader.problems() == []
    rebuild(index)


def test_unwritable_paths_raise_store_errors(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreError):
        open_index(tmp_path / "file" / "index.db")
    for path in (tmp_path / "file" / "index.db", tmp_path):  # below a file; a folder
        with closing(open_index(tmp_path / "index.db")) as connection, pytest.raises(StoreError):
            attach_marks(connection, path)
    for path in (tmp_path / "file" / "index.db", tmp_path / ("x" * 300)):
        with pytest.raises(StoreError), exclusive_lock(path):
            pass


def _open(path: str) -> int:
    with closing(open_index(Path(path))) as connection:
        attach_marks(connection, Path(path).with_suffix(".marks"))
        return int(connection.execute("SELECT count(*) FROM article").fetchone()[0])


def test_several_processes_create_an_index_at_once(tmp_path: Path) -> None:
    with multiprocessing.get_context("spawn").Pool(4) as pool:
        for number in range(10):
            assert pool.map(_open, [str(tmp_path / f"{number}.db")] * 4) == [0] * 4


@pytest.mark.parametrize("data", [b"no database" * 1000, None])
def test_damaged_marks_raise_an_error_and_are_not_changed(tmp_path: Path, data: bytes | None) -> None:
    marks = tmp_path / "marks.db"
    with closing(open_index(tmp_path / "index.db")) as connection:
        attach_marks(connection, marks)
    if data is None:
        data = marks.read_bytes()[:5000]
    marks.write_bytes(data)
    with closing(open_index(tmp_path / "index.db")) as connection, pytest.raises(StoreError, match="your marks in"):
        attach_marks(connection, marks)
    assert marks.read_bytes() == data


@pytest.mark.parametrize(
    ("open_file", "table", "versions"),
    [
        (module.open_marks, "recipe", range(MARKS_VERSION + 1)),
        (module.open_marks, "mark", range(MARKS_VERSION)),  # this version is not migrated
        (module.open_fetched, "recipe", range(FETCHED_VERSION + 1)),
        (module.open_fetched, "source", range(FETCHED_VERSION)),
        (module.open_fetched, "entry", range(FETCHED_VERSION)),
    ],
)
def test_the_database_of_another_program_is_not_changed(
    tmp_path: Path, open_file: Callable[[Path], object], table: str, versions: Sequence[int]
) -> None:
    path = tmp_path / "file.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(f"CREATE TABLE {table} (title TEXT)")
    for version in versions:
        with closing(sqlite3.connect(path)) as connection:
            connection.execute(f"PRAGMA user_version = {version}")
        before = path.read_bytes()
        with pytest.raises(DamagedFile, match="another program"):
            open_file(path)
        assert path.read_bytes() == before


def test_damage_to_any_table_of_the_marks_is_found_before_the_reader_writes(index: Path, tmp_path: Path) -> None:
    path = tmp_path / "marks.db"
    module.open_marks(path).close()
    sound = path.read_bytes()
    with closing(sqlite3.connect(path)) as connection:
        (size,) = connection.execute("PRAGMA page_size").fetchone()
        roots = connection.execute("SELECT name, rootpage FROM sqlite_master WHERE type = 'table'").fetchall()
    assert {name for name, _ in roots} >= module.MARKS.tables()
    for name, root in roots:
        path.write_bytes(sound[: (root - 1) * size] + bytes(size) + sound[root * size :])
        with closing(open_index(index)) as connection:
            module.attach_marks_if_sound(connection, path)
            assert "malformed" in connection.no_marks, name


@pytest.mark.parametrize("part", ["stories", "articles"])
def test_a_full_disk_at_the_end_of_a_transaction_names_the_index(index: Path, part: str) -> None:
    with closing(open_index(index)) as connection:
        (pages,) = connection.execute("PRAGMA page_count").fetchone()
        connection.execute(f"PRAGMA max_page_count = {pages}")
        writer = IndexWriter(connection)
        transaction = writer.clusters().writing() if part == "stories" else writer.transaction()
        with pytest.raises(StoreError, match=f"the disk is full: {index} "), transaction:
            connection.execute("CREATE TABLE large AS SELECT zeroblob(1000000)")


def test_marks_of_a_newer_version_are_refused(tmp_path: Path) -> None:
    marks = tmp_path / "marks.db"
    with closing(sqlite3.connect(marks)) as newer:
        newer.execute("CREATE TABLE other (x)")
        newer.execute(f"PRAGMA user_version = {MARKS_VERSION + 1}")
    with closing(open_index(tmp_path / "index.db")) as connection, pytest.raises(StoreError, match="update news-tui"):
        attach_marks(connection, marks)


def test_an_older_file_goes_through_the_step_of_every_version_or_stays_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    marks = tmp_path / "marks.db"
    module.open_marks(marks).close()
    newer = module.MARKS._replace(version=MARKS_VERSION + 2, schema="CREATE TABLE IF NOT EXISTS later (word);")
    monkeypatch.setattr(module, "MARKS", newer)
    steps = {
        MARKS_VERSION - 1: lambda marks: marks.execute("DROP TABLE mute"),  # of a version that the file has passed
        MARKS_VERSION + 1: lambda marks: marks.execute("CREATE TABLE later (word)"),
        MARKS_VERSION + 2: lambda marks: marks.execute("INSERT INTO later SELECT word FROM missing"),
    }
    monkeypatch.setattr(migrations, "MARKS_MIGRATIONS", steps)
    with pytest.raises(StoreError):
        module.open_marks(marks)
    with closing(sqlite3.connect(marks)) as old:
        assert old.execute("PRAGMA user_version").fetchone() == (MARKS_VERSION,)
        assert old.execute("SELECT 1 FROM sqlite_master WHERE name = 'later'").fetchall() == []
    steps[MARKS_VERSION + 2] = lambda marks: marks.execute("INSERT INTO later VALUES ('kept')")
    for _ in range(2):  # the second time, there is nothing left to do
        with closing(module.open_marks(marks)) as connection:
            assert connection.execute("SELECT word FROM later").fetchall() == [("kept",)]
            assert connection.execute("PRAGMA user_version").fetchone() == (MARKS_VERSION + 2,)
            assert connection.execute("SELECT * FROM mute").fetchall() == []


def test_tables_are_created_in_one_transaction(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "SCHEMA", SCHEMA + "CREATE nonsense;")
    with pytest.raises(StoreError):
        open_index(tmp_path / "index.db")
    monkeypatch.undo()
    open_index(tmp_path / "index.db").close()


LOOK = "import sqlite3, sys; db = sqlite3.connect(sys.argv[1]); print(db.execute('SELECT * FROM mute').fetchall())"


def test_what_is_marked_after_an_error_outlives_a_look_of_another_process(index: Path, tmp_path: Path) -> None:
    # Closing any descriptor of a file drops the locks that a process has on it: another process would then
    # take itself for the last one, and remove the log that is still written to.
    marks = tmp_path / "marks.db"
    with opened(index, marks) as (_, writer):
        with closing(sqlite3.connect(marks)) as other:
            other.execute("CREATE TRIGGER refuse BEFORE INSERT ON mute BEGIN SELECT RAISE(ABORT, 'refused'); END")
            with pytest.raises(StoreError, match="refused"):
                writer.mute("keyword", "refused")
            other.execute("DROP TRIGGER refuse")
        look = [sys.executable, "-c", LOOK, str(marks)]
        assert subprocess.check_output(look, text=True) == "[]\n"
        writer.mute("keyword", "kept")
        assert subprocess.check_output(look, text=True) == "[('keyword', 'kept')]\n"


def test_a_lock_is_released_when_its_process_is_killed(tmp_path: Path) -> None:
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
    ("code", "words"),
    [
        (sqlite3.SQLITE_FULL, "the disk is full: .*marks.db cannot be written. Free some space"),
        (sqlite3.SQLITE_IOERR_SHMSIZE, "marks.db cannot be written .* quota is full"),
        (sqlite3.SQLITE_IOERR_READ, "marks.db cannot be read .*check the disk"),
        (sqlite3.SQLITE_BUSY_SNAPSHOT, "another news-tui has been writing to .*marks.db"),
        (sqlite3.SQLITE_READONLY_DIRECTORY, "marks.db cannot be written .*check the file"),
        (sqlite3.SQLITE_CANTOPEN_ISDIR, "marks.db cannot be opened.*check the file"),
        (sqlite3.SQLITE_CORRUPT_INDEX, "marks.db is damaged"),
        (sqlite3.SQLITE_ERROR, "marks.db is not as this news-tui needs it"),
    ],
)
def test_every_message_names_the_file_and_says_what_to_do(tmp_path: Path, code: int, words: str) -> None:
    error = sqlite3.OperationalError("some words of SQLite")
    error.sqlite_errorcode = code
    with pytest.raises(StoreError, match=words) as raised, store_errors(tmp_path / "marks.db"):
        raise error
    assert "delete" not in str(raised.value)
    assert "move the file" not in str(raised.value)
