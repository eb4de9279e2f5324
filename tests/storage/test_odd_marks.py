"""Values in the marks that no version of the program has stored are left alone, and nothing fails because of them."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.support.collections import make_collection
from tests.support.index import indexed, opened
from tui_reader.errors import DamagedFile
from tui_reader.model.article_filter import Action, make_filter
from tui_reader.model.query import Filter, Query
from tui_reader.pipeline.filters import apply_on_arrival
from tui_reader.storage.connection import attach_marks, open_index
from tui_reader.storage.filters import filters_in
from tui_reader.storage.hooks import HookMemory
from tui_reader.storage.marks import corrections, kept_pages

ODD = [None, "", "text", b"\xff\x00", 1.5, -1, 2**63 - 1, "9" * 400]
STEPS = [
    "", "[", "null", "[]", "[" * 5000, '{"read": 1}', '{"read": [[1]]}', '{"read": [["a", 1]]}', '{"other": []}',
    json.dumps({"read": [[1 << 70, None]]}), json.dumps({"mute": [["keyword", 1, False]]}),
    json.dumps({"tag": [[1, "x", "y", 5]]}), json.dumps({"note": [[1, "x", "y", "z"]]}),
]  # fmt: skip


@pytest.fixture
def index(tmp_path: Path) -> Path:
    indexed(tmp_path / "index.db", make_collection(tmp_path / "site", 30))
    with opened(tmp_path / "index.db"):
        pass
    return tmp_path / "index.db"


def put(index: Path, statement: str, *values: object) -> None:
    with closing(sqlite3.connect(index.with_suffix(".marks"), isolation_level=None)) as marks:
        marks.execute(statement, values)


@pytest.mark.parametrize("value", ODD)
def test_odd_values_are_ignored_or_kept(index: Path, value: object) -> None:
    with opened(index) as (reader, _):
        pages = [row.page for row in reader.rows(range(1, 100)).values()]
    for page in pages:
        put(index, "INSERT INTO mark VALUES (?, 'x', ?, ?)", page, value, value)
    if value is not None:
        put(index, "INSERT INTO mute VALUES (?, ?)", value, value)
        put(index, "INSERT INTO correction VALUES (?, ?, ?)", value, value, value)
        put(index, "INSERT INTO coverage VALUES (?, ?, ?)", pages[0], value, value)
        for statement in ("tag VALUES (?, ?, 'x', ?)", "note VALUES (?, 'x', ?, ?)"):
            put(index, f"INSERT INTO {statement}", pages[0], value, value)
        put(index, "UPDATE leads_only SET until = ?", value)
    else:
        put(index, "DELETE FROM leads_only")
    apart, together = corrections(index.with_suffix(".marks"))
    assert all(isinstance(page, int) for pair in apart + together for page in pair)
    kept_pages(index.with_suffix(".marks"))
    with opened(index) as (reader, marks):
        for filter in Filter:
            reader.listed(Query(filter=filter), reader.order(Query(filter=filter)))
        reader.topics(Query())
        marks.mutes()
        marks.tags.all()
        for number in (1, 2):
            assert reader.story(number) is not None
        marks.as_step("tagged", "", lambda: marks.tags.set_tags(1, ["one"]))
        marks.as_step("note", "", lambda: marks.tags.set_note([1, 2], "Note", 5))
        for _ in range(2):
            step = marks.last_step()
            assert step is not None
            assert marks.undo(step)
        marks.complete_stories()
        before = marks.as_step("read", "", lambda: marks.set_read([1, 2], 1 if value is None else None))
        assert before
        step = marks.last_step()
        assert step is not None
        assert marks.undo(step)
        marks.record_coverage(1)


@pytest.mark.parametrize("text", STEPS)
def test_a_step_that_says_nothing_sensible_cannot_be_undone(index: Path, text: str) -> None:
    with opened(index) as (_, marks):
        marks.as_step("saved", "One", lambda: marks.set_saved([1], 5))
        put(index, "INSERT INTO step (words, title, before) VALUES ('odd', '', ?)", text)
        step = marks.last_step()
        assert step is not None
        assert step.words == "saved"
        assert marks.undo(step)
        assert marks.last_step() is None


def test_tables_of_filters_and_hooks_that_are_gone_or_have_odd_rows(index: Path) -> None:
    with opened(index) as (_, marks):
        marks.filters.add(make_filter("report", Action.SAVE))
    for value in ODD:
        put(index, "INSERT OR IGNORE INTO filtered VALUES (coalesce(?, 1), coalesce(?, 1))", value, value)
        put(index, "INSERT OR IGNORE INTO filter_index VALUES (coalesce(?, 1), coalesce(?, 1))", value, value)
        put(index, "INSERT OR IGNORE INTO hooked VALUES (coalesce(?, 1), coalesce(?, 1), coalesce(?, 1))", *[value] * 3)
    marks_file = index.with_suffix(".marks")
    assert apply_on_arrival(index, marks_file, filters_in(marks_file)) == []
    with closing(open_index(index)) as connection:
        attach_marks(connection, marks_file)
        memory = HookMemory(connection)
        memory.interrupted()
        memory.forget(["new"], 1)
        assert memory.begins("new", "report", lambda: [1], 1)
        assert memory.new("new", [1, 2]) == [2]
    for table in ("hooked", "hook", "filtered", "filter_index", "filter"):  # damage, and no reason to begin anew
        put(index, f"DROP TABLE {table}")
        with pytest.raises(DamagedFile, match=f"the table ‘{table}’ is missing"):
            filters_in(marks_file)
