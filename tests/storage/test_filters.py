"""Filters are applied once to each article that arrives, can be undone, and leave alone what a person did."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.support.collections import article_fields, file_name, make_collection, write_article
from tests.support.index import Store, indexed, opened, queries
from tui_reader.errors import UsageError
from tui_reader.model.article_filter import MOST_FILTERS, Action, make_filter
from tui_reader.model.query import Query
from tui_reader.model.tags import MOST_TAGS
from tui_reader.pipeline.filters import apply_on_arrival
from tui_reader.storage import filters
from tui_reader.storage.filters import filters_in


@pytest.fixture
def site(tmp_path: Path) -> Path:
    return make_collection(tmp_path / "site", 12)


@pytest.fixture
def index(tmp_path: Path, site: Path) -> Path:
    indexed(tmp_path / "index.db", site)
    return tmp_path / "index.db"


@pytest.fixture
def store(index: Path) -> Iterator[Store]:
    with opened(index) as store:
        yield store


def arrive(index: Path, site: Path, *numbers: int) -> None:
    """Let articles arrive, and apply the filters."""
    let_in(index, site, *numbers)
    assert apply(index) == []


def let_in(index: Path, site: Path, *numbers: int) -> None:
    """Let articles arrive, each a story by itself."""
    for number in numbers:
        fields = article_fields(number, number + 1, published=True, heat=50, related=[])
        write_article(site / "_news" / file_name(number), fields)
    indexed(index, site)


def apply(index: Path) -> list[str]:
    marks = index.with_suffix(".marks")
    return apply_on_arrival(index, marks, filters_in(marks))


def saved(index: Path) -> list[str]:
    with opened(index) as (reader, _):
        rows = reader.rows(reader.order(Query(folded=True)))
        return sorted(row.title.split()[1] for row in rows.values() if row.saved)


def test_the_numbers_are_those_of_the_lists_while_a_filter_mutes(store: Store) -> None:
    reader, marks = store
    everything = set(reader.order(Query(folded=True)))
    marks.set_saved(everything, 1)
    marks.filters.add(make_filter("title:3 OR provider:rain", Action.MUTE))
    hidden = everything - set(reader.order(Query(folded=True)))
    assert len(hidden) == 5
    for query in queries(reader):
        listed = reader.order(query)
        assert not hidden & set(listed)
        assert reader.count(query) == len(listed), query


def test_a_mute_that_depends_on_marks_follows_them(store: Store) -> None:
    reader, marks = store
    marks.filters.add(make_filter("is:read", Action.MUTE))
    before = list(reader.order(Query(folded=True)))
    assert len(before) == 12
    marks.set_read(before[:5], 1)
    assert list(reader.order(Query(folded=True))) == before[5:]


def test_a_mute_of_what_has_a_tag_or_a_note_follows_them(store: Store) -> None:
    reader, marks = store
    marks.filters.add(make_filter("has:tag OR has:note", Action.MUTE))
    before = list(reader.order(Query(folded=True)))
    assert len(before) == 12
    marks.tags.add(before[:2], ["seen"])
    assert list(reader.order(Query(folded=True))) == before[2:]
    marks.tags.set_note(before[2:3], "seen", 1)
    assert list(reader.order(Query(folded=True))) == before[3:]


def test_the_queries_of_mutes_are_not_run_again_after_a_mark(store: Store) -> None:
    reader, marks = store
    marks.filters.add(make_filter("title:3", Action.MUTE))
    reader.order(Query())
    run: list[str] = []
    before = reader.filtered.of

    def counted(each: object) -> object:
        run.append("")
        return before(each)  # type: ignore[arg-type]  # what it is called with

    reader.filtered.of = counted  # type: ignore[method-assign,assignment]  # counts
    marks.set_read(list(reader.order(Query())), 1)
    reader.order(Query())
    assert not run
    marks.filters.add(make_filter("title:6", Action.MUTE))
    reader.order(Query())
    assert len(run) == 2


def test_each_article_is_saved_once_and_stays_as_the_person_wants_it(index: Path, site: Path) -> None:
    with opened(index) as (reader, marks):
        wanted = make_filter("report", Action.SAVE)
        marks.filters.add(wanted, reader.filtered.of(wanted))
    assert saved(index) == []
    arrive(index, site, 20, 21)
    assert saved(index) == ["20", "21"]
    with opened(index) as (reader, marks):
        marks.set_saved([number for number, row in reader.rows(reader.order(Query())).items() if row.saved], None)
    arrive(index, site, 22)
    assert saved(index) == ["22"]


def test_an_article_with_as_many_tags_as_it_can_have_is_left_out_and_told_once(index: Path, site: Path) -> None:
    arrive(index, site, 20)
    with opened(index) as (reader, marks):
        marks.tags.add(reader.matching("title:20"), [f"tag {at}" for at in range(MOST_TAGS)])
        marks.filters.add(make_filter("report", Action.TAG, "late"), reader.matching("report -title:20"))
    let_in(index, site, 21)
    assert apply(index) == ["the filter ‘report’ left out 1 article: an article can have 50 tags"]
    with opened(index) as (reader, marks):
        assert reader.matching("tag:late") == reader.matching("title:21")
    assert apply(index) == []


def test_what_was_applied_is_known_in_an_index_that_is_built_anew(index: Path, site: Path, tmp_path: Path) -> None:
    with opened(index) as (_, marks):
        marks.filters.add(make_filter("report", Action.SAVE), ())
    assert apply(index) == []
    assert len(saved(index)) == 12
    with opened(index) as (reader, marks):
        marks.set_saved(reader.order(Query(folded=True)), None)
    anew = tmp_path / "anew.db"
    indexed(anew, site)
    index.with_suffix(".marks").rename(anew.with_suffix(".marks"))
    assert apply(anew) == []
    assert saved(anew) == []
    arrive(anew, site, 20)
    assert saved(anew) == ["20"]


def test_what_came_while_a_filter_was_paused_stays_as_it_is(index: Path, site: Path) -> None:
    with opened(index) as (reader, marks):
        wanted = make_filter("report", Action.SAVE)
        added = marks.filters.add(wanted, reader.filtered.of(wanted))
        marks.filters.change(added._replace(paused=True))
    arrive(index, site, 20)
    with opened(index) as (reader, marks):
        marks.filters.change(added, reader.filtered.of(added))
    arrive(index, site, 21)
    assert saved(index) == ["21"]


def test_a_filter_and_what_it_did_are_undone_and_a_removed_one_comes_back_with_what_it_knows(
    index: Path, site: Path
) -> None:
    with opened(index) as (reader, marks):
        wanted = make_filter("report", Action.SAVE)
        found = reader.filtered.of(wanted)
        with marks.step("filter"):
            added = marks.filters.add(wanted, found)
            marks.apply(added, found, 1)
        assert len(saved(index)) == 12
        step = marks.last_step()
        assert step is not None
        assert marks.undo(step)
        assert marks.filters.all() == []
        assert saved(index) == []
        with marks.step("filter"):
            added = marks.filters.add(wanted, found)
        with marks.step("filter removed"):
            marks.filters.remove(added.number)
        marks.filters.add(make_filter("other", Action.MUTE))
        step = marks.last_step()
        assert step is not None
        marks.undo(step)
        assert added in marks.filters.all()
    assert apply(index) == []
    assert saved(index) == []


@pytest.mark.parametrize("change", ["removed", "off"])
def test_what_came_until_an_undo_brings_a_filter_back_stays_as_it_is(index: Path, site: Path, change: str) -> None:
    with opened(index) as (reader, marks):
        wanted = make_filter("report", Action.SAVE)
        added = marks.filters.add(wanted, reader.filtered.of(wanted))
        with marks.step(change):
            if change == "removed":
                marks.filters.remove(added.number)
            else:
                marks.filters.change(added._replace(paused=True))
    arrive(index, site, 20)
    with opened(index) as (reader, marks):
        step = marks.last_step()
        assert step is not None
        assert marks.undo(step, reader.filtered.of_valid)
        assert marks.filters.all() == [added]
    arrive(index, site, 21)
    assert saved(index) == ["21"]


def test_what_a_filter_has_seen_is_forgotten_once_it_is_far_more_than_there_is(
    index: Path, site: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with opened(index) as (reader, marks):
        wanted = make_filter("report", Action.SAVE)
        marks.filters.add(wanted, reader.filtered.of(wanted))

    def seen() -> int:
        with closing(sqlite3.connect(index.with_suffix(".marks"))) as connection:
            return int(connection.execute("SELECT count(*) FROM filtered").fetchone()[0])

    for path in (site / "_news").iterdir():
        path.unlink()
    arrive(index, site, 20, 21)
    assert seen() == 14
    monkeypatch.setattr(filters, "LEAST_SEEN", 5)
    arrive(index, site, 22)
    assert seen() == 3
    assert saved(index) == ["20", "21", "22"]


def test_a_query_that_is_none_is_named_and_hides_nothing(index: Path) -> None:
    with opened(index) as (reader, marks):
        before = list(reader.order(Query()))
        for action in (Action.MUTE, Action.READ):
            added = marks.filters.add(make_filter("report", action))
            marks.filters.change(added._replace(query="(report"))
        assert list(reader.order(Query())) == before
        assert reader.found_by(marks.filters.all()) == [None, None]
    failures = apply(index)
    assert len(failures) == 2
    assert all("‘(report’ does nothing: this parenthesis is not closed" in failure for failure in failures)


def test_rows_that_are_no_filters_are_left_alone(index: Path) -> None:
    with opened(index) as (reader, marks):
        marks.filters.add(make_filter("title:3", Action.MUTE))
    with closing(sqlite3.connect(index.with_suffix(".marks"))) as connection, connection:
        for odd in (
            ("x", "explode", "", ""),
            ("x", "raise", "-5", ""),
            ("x", "raise", "9" * 99, ""),
            (b"x", 1, 2.5, ""),
        ):
            connection.execute("INSERT INTO filter (query, action, argument, source) VALUES (?, ?, ?, ?)", odd)
    with opened(index) as (reader, marks):
        assert [each.query for each in marks.filters.all()] == ["title:3"]
        assert len(reader.order(Query())) == 3


def test_there_can_be_so_many_filters_and_no_more(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    assert MOST_FILTERS == 500
    monkeypatch.setattr(filters, "MOST_FILTERS", 3)
    for number in range(3):
        store.marks.filters.add(make_filter(f"title:{number}", Action.MUTE))
    with pytest.raises(UsageError, match="there are 3 filters already"):
        store.marks.filters.add(make_filter("title:4", Action.MUTE))
