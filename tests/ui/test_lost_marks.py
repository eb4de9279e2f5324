"""Marks that are damaged, gone or replaced: the reader goes on, says so, and never says “saved” in vain."""

from __future__ import annotations

import os
import shutil
import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from tests.ui.pages import BRIDGE, FERRY
from tests.ui.reader import bring, reading
from tui_reader.config import folders
from tui_reader.storage.copies import kept_files, make_copies
from tui_reader.storage.restore import begin_anew, restore
from tui_reader.subscriptions.selection import select_sources

HEADLINE = "Without your marks"


async def save_ferry(town: Path) -> None:
    """Save a story, and copy the marks."""
    async with reading(town) as reader:
        await reader.press("j", "s")
    assert make_copies(folders()) == []


def empty(path: Path) -> None:
    path.write_bytes(b"")


def cut(path: Path) -> None:
    os.truncate(path, 5000)


def garble(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[4096:] = os.urandom(len(content) - 4096)
    path.write_bytes(content)


def remove(path: Path) -> None:
    for each in path.parent.glob(f"{path.name}*"):
        each.unlink()


@pytest.mark.parametrize("damage", [empty, cut, garble, remove])
async def test_lost_marks_are_told_and_restored(town: Path, damage: Callable[[Path], None]) -> None:
    await save_ferry(town)
    damage(folders().marks)
    left = folders().marks.read_bytes() if folders().marks.exists() else None
    async with reading(town) as reader:
        assert reader.sees(HEADLINE)
        assert reader.cursor == BRIDGE
        await reader.press("j", "enter")
        assert reader.opened == FERRY  # which can be read
        await reader.press("h", "s")
        assert "ot saved" in reader.footer
        await reader.press("ctrl+r")
        assert reader.sees("1 saved")
        await reader.press("enter")
        assert not reader.sees(HEADLINE)
        assert reader.is_saved(FERRY)
        await reader.press("g", "s")
        assert reader.sees("Saved")
        assert reader.is_saved(BRIDGE)
    aside = [path.read_bytes() for path in folders().data.glob("marks.db.set-aside-*") if path.suffix[-1].isdigit()]
    assert aside == ([] if left is None else [left])


async def test_one_can_begin_with_no_marks(town: Path) -> None:
    await save_ferry(town)
    cut(folders().marks)
    async with reading(town) as reader:
        await reader.press("ctrl+r", "G", "enter")
        assert not reader.sees(HEADLINE)
        await reader.press("s")
        assert reader.is_saved(BRIDGE)


async def test_marks_restored_elsewhere_are_taken_up_before_the_next_mark(town: Path) -> None:
    await save_ferry(town)
    (kept,) = (kept for kept in kept_files(folders()) if kept.name == "marks")
    async with reading(town) as reader:
        await reader.press("s")
        assert reader.is_saved(BRIDGE)
        restore(kept)
        await reader.press("m")
        assert reader.sees("Read")
        assert reader.is_saved(FERRY)
        assert not reader.is_saved(BRIDGE)
        assert reader.is_read(BRIDGE)
    with closing(sqlite3.connect(folders().marks)) as marks:
        assert marks.execute("SELECT count(read), count(saved) FROM mark").fetchone() == (1, 1)


async def test_marks_overwritten_in_place_are_taken_up_before_the_next_mark(town: Path) -> None:
    """As ``cp`` does it: the file is the same, and as long as before."""
    await save_ferry(town)
    before = folders().marks.read_bytes()
    async with reading(town) as reader:
        await reader.until_indexed()  # it reads the marks, and the log stays as long as somebody does
        await reader.press("s")
        await reader.page.updates._look_around()  # the log is written back
        assert len(folders().marks.read_bytes()) == len(before)
        folders().marks.write_bytes(before)
        now = time.time_ns()
        os.utime(folders().marks, ns=(now, now))  # the clock of the file system has steps of some milliseconds
        await reader.press("m")
        assert reader.sees("Read")
        assert reader.is_saved(FERRY)
        assert not reader.is_saved(BRIDGE)
    with closing(sqlite3.connect(folders().marks)) as marks:
        assert marks.execute("SELECT count(read), count(saved) FROM mark").fetchone() == (1, 1)
        assert marks.execute("PRAGMA integrity_check").fetchone() == ("ok",)


async def test_marks_set_aside_elsewhere_are_not_written_back(town: Path) -> None:
    await save_ferry(town)
    (kept,) = (kept for kept in kept_files(folders()) if kept.name == "marks")
    async with reading(town) as reader:
        begin_anew(kept)
        await reader.press("s")
        assert reader.is_saved(BRIDGE)
        assert not reader.is_saved(FERRY)


async def test_marks_deleted_under_the_reader_are_written_back(town: Path) -> None:
    await save_ferry(town)
    async with reading(town) as reader:
        folders().marks.unlink()
        await reader.press("s")
        assert reader.sees("Saved")
        assert reader.is_saved(BRIDGE)
        assert reader.is_saved(FERRY)
    with closing(sqlite3.connect(folders().marks)) as marks:
        assert marks.execute("SELECT count(saved) FROM mark").fetchone() == (2,)
        assert marks.execute("PRAGMA integrity_check").fetchone() == ("ok",)


async def test_marks_emptied_under_the_reader_are_noticed_before_saved_is_said(town: Path) -> None:
    await save_ferry(town)
    async with reading(town) as reader:
        empty(folders().marks)
        await reader.press("s")
        assert "ot saved" in reader.footer
        await reader.page.updates._look_around()
        await reader.rest()
        assert reader.sees(HEADLINE)
    assert folders().marks.read_bytes() == b""


async def test_an_index_replaced_under_the_reader_is_taken_up(town: Path, tmp_path: Path) -> None:
    async with reading(town) as reader:
        await reader.press("j")
        index = reader.selection.database
        for each in index.parent.glob(f"{index.name}*"):
            if not each.name.endswith(".lock"):
                each.rename(tmp_path / each.name)
        bring(select_sources([str(town)], folders()))
        await reader.page.updates._look_around()
        await reader.rest()
        assert reader.cursor == FERRY
        await reader.press("s")
        assert reader.is_saved(FERRY)
        shutil.rmtree(tmp_path / index.name, ignore_errors=True)
        assert not reader.library._connection.was_replaced("main")
