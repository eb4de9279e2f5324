"""Editing the tables of a TOML file under a lock."""

from __future__ import annotations

from pathlib import Path

import pytest

from tui_reader.errors import UsageError
from tui_reader.subscriptions.toml_file import append_table, edit_tables


def test_a_file_without_changes_is_not_written(tmp_path: Path) -> None:
    file = tmp_path / "a.toml"
    file.write_text('item = [{ name = "x" }]\n')
    before = file.stat().st_ino
    with edit_tables(file, "item") as tables:
        assert [table["name"] for table in tables] == ["x"]
    assert file.stat().st_ino == before


def test_a_failed_edit_writes_nothing_and_frees_the_lock(tmp_path: Path) -> None:
    file = tmp_path / "a.toml"
    with pytest.raises(ValueError, match="stop"), edit_tables(file, "item") as tables:
        append_table(tables, {"name": "x"})
        raise ValueError("stop")
    assert not file.exists()
    with edit_tables(file, "item") as tables:
        append_table(tables, {"name": "x"})
        append_table(tables, {"name": "y"})
    assert file.read_text() == '[[item]]\nname = "x"\n\n[[item]]\nname = "y"\n'


@pytest.mark.parametrize("data", [b"item = [", b'item = "\xff"'])
def test_a_file_that_is_no_toml_is_refused(tmp_path: Path, data: bytes) -> None:
    file = tmp_path / "a.toml"
    file.write_bytes(data)
    with pytest.raises(UsageError, match=r"a\.toml"), edit_tables(file, "item"):
        pass
    assert file.read_bytes() == data
