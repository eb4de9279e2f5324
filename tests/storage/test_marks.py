"""Marks are stored by page, and survive a new index and other processes."""

from __future__ import annotations

import multiprocessing
import os
import shutil
import signal
from pathlib import Path

import pytest

from tests.support.collections import article_fields, make_collection, write_article
from tests.support.index import indexed, opened
from tui_reader.model.dates import DAY
from tui_reader.model.query import Filter, Query
from tui_reader.storage.connection import open_index, remove_database
from tui_reader.storage.marks import Marks, corrections
from tui_reader.storage.undo import STEPS

ALL = Query(folded=True)
UNREAD = Query(folded=True, filter=Filter.UNREAD)
SAVED = Query(folded=True, filter=Filter.SAVED)


@pytest.fixture
def site(tmp_path: Path) -> Path:
    site = make_collection(tmp_path / "site", 9)
    write_article(site / "_news" / "2020-01-01-no-address.md", {"title": "No address"})
    indexed(tmp_path / "index.db", site)
    return site


def marked(index: Path, marks: Path) -> tuple[list[str], list[str]]:
    """Return the titles of the read and of the saved articles."""
    with opened(index, marks) as (reader, _):
        rows = reader.rows(reader.order(ALL)).values()
        return sorted(row.title for row in rows if row.read), sorted(row.title for row in rows if row.saved)


def test_only_changed_marks_are_returned(site: Path) -> None:
    with opened(site.parent / "index.db") as (reader, marks):
        numbers = list(reader.order(ALL))
        assert len(marks.set_read(numbers[:3], 100)) == len(marks.set_saved(numbers[:3], 200)) == 3
        assert list(reader.order(SAVED)) == numbers[:3]
        assert list(reader.order(UNREAD)) == numbers[3:]
        assert [mark.read for mark in marks.set_read(numbers[:4], 300)] == [None]
        assert [(mark.read, mark.saved) for mark in marks.set_read(numbers[:1], None)] == [(100, 200)]
        assert marks.set_saved(numbers[3:], None) == []
        assert marks.set_read([999_999], 1) == []


def undo(marks: Marks) -> str:
    """Undo the last step and return its words; empty if there is none."""
    step = marks.last_step()
    if step is None:
        return ""
    assert marks.undo(step)
    return step.words


def test_steps_are_undone_from_the_last_to_the_first(site: Path) -> None:
    with opened(site.parent / "index.db") as (reader, marks):
        numbers = list(reader.order(ALL))
        marks.set_read(numbers[:1], 100)
        with marks.step("read"):
            marks.set_read(numbers[:2], 150)
        with marks.step("unread"):
            marks.set_read(numbers[:2], None)
        with marks.step("saved"):
            marks.set_saved(numbers[:3], 200)
        with marks.step("saved again"):
            marks.set_saved(numbers[:3], 300)  # changes nothing
        assert undo(marks) == "saved"
        assert list(reader.order(SAVED)) == []
        assert list(reader.order(UNREAD)) == numbers
        assert undo(marks) == "unread"
        assert sorted(mark.read or 0 for mark in marks.set_read(numbers, None)) == [100, 150]
        assert undo(marks) == "read"
        assert undo(marks) == ""


def test_a_step_says_which_story_it_was_about(site: Path) -> None:
    with opened(site.parent / "index.db") as (reader, marks):
        marks.as_step("read", "A title", lambda: marks.set_read(reader.order(ALL), 100))
        step = marks.last_step()
        assert step is not None
        assert (step.words, step.title) == ("read", "A title")


def test_corrections_and_mutes_are_undone(site: Path) -> None:
    with opened(site.parent / "index.db") as (_, marks):
        path = site.parent / "index.marks"
        marks.correct({(1, 2): True})
        with marks.step("corrected"):
            assert marks.correct({(2, 1): False, (3, 2): True})
            assert not marks.correct({(1, 2): False})
            assert marks.mute("keyword", "Rain")
            assert not marks.mute("keyword", "rain")
        with marks.step("unmuted"):
            assert marks.unmute("keyword", "rain")
        assert corrections(path) == (((1, 2),), ((2, 3),))
        assert undo(marks) == "unmuted"
        assert marks.mutes() == [("keyword", "rain")]
        assert undo(marks) == "corrected"
        assert corrections(path) == ((), ((1, 2),))
        assert marks.mutes() == []


def test_a_step_that_fails_changes_nothing(site: Path) -> None:
    with opened(site.parent / "index.db") as (reader, marks):
        with pytest.raises(LookupError), marks.step("read"):
            marks.set_read(reader.order(ALL), 100)
            raise LookupError
        assert reader.count(UNREAD) == 10
        assert marks.last_step() is None


def test_steps_are_undone_after_the_article_is_gone(site: Path) -> None:
    index = site.parent / "index.db"
    with opened(index) as (reader, marks), marks.step("all read"):
        marks.set_read(reader.order(ALL), 100)
    for file in list((site / "_news").iterdir())[:5]:
        file.rename(file.with_suffix(".gone"))
    indexed(index, site)
    with opened(index) as (reader, marks):
        assert undo(marks) == "all read"
    for file in (site / "_news").glob("*.gone"):
        file.rename(file.with_suffix(".md"))
    indexed(index, site)
    with opened(index) as (reader, marks):
        assert reader.count(UNREAD) == 10


def test_only_the_last_steps_are_stored(site: Path) -> None:
    with opened(site.parent / "index.db") as (reader, marks):
        (number,) = reader.order(ALL, limit=1)
        for when in range(STEPS + 20):
            with marks.step(f"step {when}"):
                marks.set_saved([number], None if when % 2 else 1)
        assert [undo(marks) for _ in range(STEPS)] == [f"step {when}" for when in range(STEPS + 19, 19, -1)]
        assert undo(marks) == ""


def test_a_step_is_undone_once_by_two_readers(site: Path) -> None:
    with opened(site.parent / "index.db") as (reader, mine), opened(site.parent / "index.db") as (_, other):
        with mine.step("read"):
            mine.set_read(reader.order(ALL), 1)
        step = other.last_step()
        assert step is not None
        assert mine.undo(step)
        assert not other.undo(step)
        assert other.last_step() is None
        # A later step may have the same number.
        with mine.step("saved"):
            mine.set_saved(reader.order(ALL), 2)
        assert not other.undo(step)
        assert reader.count(SAVED) > 0


def test_thousands_of_articles_are_marked_at_once(tmp_path: Path) -> None:
    for number in range(1200):
        write_article(
            tmp_path / "site" / f"n{number}.md", {"title": str(number), "webUrl": f"https://a.example/{number}"}
        )
    indexed(tmp_path / "index.db", tmp_path / "site")
    with opened(tmp_path / "index.db") as (reader, marks):
        assert len(marks.set_read(reader.order(ALL), 1)) == 1200
        assert reader.count(UNREAD) == 0


def test_marks_survive_a_new_index_and_a_moved_collection(site: Path, tmp_path: Path) -> None:
    marks = tmp_path / "marks.db"
    with opened(tmp_path / "index.db", marks) as (reader, store):
        store.set_read(reader.order(ALL, limit=2), 100)
        store.set_saved(
            [number for number, row in reader.rows(reader.order(ALL)).items() if row.title == "No address"], 1
        )
    before = marked(tmp_path / "index.db", marks)
    assert [len(titles) for titles in before] == [2, 1]
    remove_database(tmp_path / "index.db")
    moved = tmp_path / "elsewhere"
    shutil.move(site, moved)
    indexed(tmp_path / "index.db", moved)
    assert marked(tmp_path / "index.db", marks) == before


def test_a_mark_applies_to_every_address_of_a_page(tmp_path: Path) -> None:
    place = tmp_path / "site"
    fields = article_fields(0, 1) | {"webUrl": "https://www.a.example/x/?utm_source=y"}
    write_article(place / "a.md", fields)
    indexed(tmp_path / "index.db", place)
    with opened(tmp_path / "index.db") as (reader, marks):
        marks.set_saved(reader.order(ALL), 1)
    write_article(place / "a.md", fields | {"webUrl": "http://a.example/x#top"})
    indexed(tmp_path / "index.db", place)
    with opened(tmp_path / "index.db") as (reader, _):
        assert reader.count(SAVED) == 1


def test_marking_does_not_wait_for_an_indexer(site: Path) -> None:
    with opened(site.parent / "index.db") as (reader, marks):
        indexer = open_index(site.parent / "index.db")
        indexer.execute("BEGIN IMMEDIATE")
        indexer.execute("DELETE FROM body")
        reader._db.execute("PRAGMA busy_timeout = 0")
        assert len(marks.set_read(reader.order(ALL), 1)) == 10
        assert len(marks.as_step("saved", "", lambda: marks.set_saved(reader.order(ALL), 1))) == 10
        indexer.execute("ROLLBACK")
        indexer.close()


def _mark(index: str, start: int) -> None:
    with opened(Path(index)) as (reader, marks):
        numbers = list(reader.order(ALL))
        mine = numbers[start::2]
        for step in range(100):
            with marks.step("marked"):
                marks.set_read([mine[step % 5]], 1)
                marks.set_saved(numbers, step if step % 2 else None)
            last = marks.last_step()
            if last is not None:
                marks.undo(last)
        marks.set_read(mine, 1)


def test_two_processes_mark_at_once(site: Path) -> None:
    index = str(site.parent / "index.db")
    with multiprocessing.get_context("spawn").Pool(2) as pool:
        pool.starmap(_mark, [(index, 0), (index, 1)])
    with opened(Path(index)) as (reader, marks):
        assert reader.count(UNREAD) == 0
        left = 0
        while undo(marks):
            left += 1
        assert left <= STEPS


def _mark_and_die(index: str) -> None:
    with opened(Path(index)) as (reader, marks):
        numbers = list(reader.order(ALL))
        with marks.step("saved"):
            marks.set_saved(numbers[:1], 1)
        with marks.step("all read"):
            marks.set_read(numbers, 1)
            os.kill(os.getpid(), signal.SIGKILL)


def test_a_change_and_its_step_survive_a_kill_together_or_not_at_all(site: Path) -> None:
    index = site.parent / "index.db"
    process = multiprocessing.get_context("spawn").Process(target=_mark_and_die, args=[str(index)])
    process.start()
    process.join()
    assert process.exitcode == -signal.SIGKILL
    with opened(index) as (reader, marks):
        assert (reader.count(UNREAD), reader.count(SAVED)) == (10, 1)
        assert undo(marks) == "saved"
        assert (reader.count(SAVED), undo(marks)) == (0, "")


def test_the_version_changes_when_another_process_writes(site: Path) -> None:
    index = site.parent / "index.db"
    with opened(index) as (reader, mine), opened(index) as (_, other):
        before = mine.version()
        mine.set_read(reader.order(ALL, limit=1), 1)
        assert mine.version() == before
        other.set_saved(reader.order(ALL, limit=1), 1)
        after = mine.version()
        assert after != before
        (site / "_news" / "2024-03-01-report-0.md").unlink()
        indexed(index, site)
        assert mine.version() != after


def test_the_coverage_of_a_story_is_remembered_for_half_a_year(tmp_path: Path) -> None:
    """What has grown since the last visit is shown as growing, but not what grew since a visit long ago."""
    place, now = tmp_path / "site", 1_800_000_000
    related = [{"title": f"Other {number}", "webUrl": f"https://b.example/{number}"} for number in range(2)]

    def story(entries: int) -> None:
        fields = {"title": "Old", "webUrl": "https://a.example/1", "date": "2024-01-01", "related": related[:entries]}
        write_article(place / "old.md", fields)
        indexed(tmp_path / "index.db", place)

    def is_rising() -> bool:
        with opened(tmp_path / "index.db") as (reader, _):
            return next(row.rising for row in reader.rows(reader.order(ALL)).values() if row.title == "Old")

    def visit(days: int) -> None:
        with opened(tmp_path / "index.db") as (_, marks):
            marks.record_coverage(now + days * DAY)

    story(1)
    visit(0)
    write_article(place / "new.md", {"title": "New", "webUrl": "https://a.example/2", "date": "2024-12-01"})
    story(2)
    visit(179)
    assert is_rising()
    visit(181)
    assert not is_rising()
