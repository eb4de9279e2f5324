"""What is counted as unread adds up, and every unread article is in a story that the unread ones list."""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from itertools import product
from pathlib import Path

import pytest

from tests.pipeline.test_publisher import UNRELATED, write
from tests.support.collections import STORM, make_collection
from tests.support.index import Store, indexed
from tui_reader.model.query import Filter, Query, Sort, Window
from tui_reader.storage.connection import attach_marks, open_index
from tui_reader.storage.export import ExportReader
from tui_reader.storage.marks import Marks


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An index of a collection that folds articles itself, and of one whose stories are made here."""
    folder = tmp_path_factory.mktemp("unread")
    make_collection(folder / "site", 20)
    for number, title in enumerate((*STORM, *UNRELATED)):
        write(folder / "bare", f"{number}", title, number, f"outlet{number % 7}.example", topics=["Weather"])
    indexed(folder / "index.db", folder / "site", folder / "bare")
    return folder / "index.db"


@pytest.fixture
def store(index: Path, tmp_path: Path) -> Iterator[Store]:
    """The index, with marks of its own for every test."""
    with closing(open_index(index)) as connection:
        attach_marks(connection, tmp_path / "marks.db")
        yield Store(ExportReader(connection), Marks(connection))


def folded_under(index: Path) -> dict[int, list[int]]:
    """Return the articles that clustering folded, by their lead."""
    with closing(open_index(index)) as connection:
        found: dict[int, list[int]] = {}
        for article, lead in connection.execute("SELECT article_id, lead_id FROM folded"):
            found.setdefault(lead, []).append(article)
        return found


def check(store: Store, index: Path, muted: set[int]) -> int:
    """Compare every count and list with what the marks say, article by article; return how many are unread."""
    reader, folded = store.reader, folded_under(index)
    is_read = {number: row.read for number, row in reader.rows(reader.order(Query(folded=True))).items()}

    def unread(story: int, alone: bool) -> int:
        articles = [story] if alone else [story, *folded.get(story, ())]
        return sum(not is_read.get(article, True) for article in articles if article not in muted)

    for window, alone in product(Window, (False, True)):
        for count in reader.topics(Query(window=window, folded=alone)):
            for sort in Sort:
                query = Query(sort, window, alone, count.topic.name)
                listed = reader.order(query)
                numbers = {story: unread(story, alone) for story in listed}
                assert count.stories == len(listed)
                assert count.unread == sum(numbers.values())
                wanted = query._replace(filter=Filter.UNREAD)
                assert list(reader.order(wanted)) == [story for story in listed if numbers[story]]
                assert list(reader.order(wanted, 2)) == [story for story in listed if numbers[story]][:2]
                assert reader.count(wanted) == sum(map(bool, numbers.values()))
                assert {number: row.unread for number, row in reader.listed(query, listed).items()} == numbers
    return reader.topics(Query())[0].unread


def test_every_count_is_that_of_the_articles_nobody_has_seen(store: Store, index: Path) -> None:
    reader, marks = store
    folded = folded_under(index)
    assert max(map(len, folded.values())) >= 3
    everything = list(reader.order(Query(folded=True)))
    assert check(store, index, set()) == len(reader.order(Query())) + sum(map(len, folded.values()))
    chance = random.Random(1)
    for _ in range(6):
        chosen = chance.sample(everything, 8)
        marks.set_read(chosen[:6], 1)
        marks.set_read(chosen[6:], None)
        check(store, index, set())
    # Walking through the unread stories until there is none ends at 0.
    for story in list(reader.order(Query(filter=Filter.UNREAD))):
        marks.set_read(reader.stories([story]), 2)
    assert check(store, index, set()) == 0


def test_what_is_muted_is_neither_counted_nor_makes_a_story_unread(store: Store, index: Path) -> None:
    reader, marks = store
    folded = folded_under(index)
    lead, others = max(folded.items(), key=lambda story: len(story[1]))
    providers = {number: row.provider.name for number, row in reader.rows([lead, *others]).items()}
    before = check(store, index, set())
    marks.mute("provider", providers[others[0]])
    muted = {
        number
        for number, row in reader.rows(range(1, 100)).items()
        if row.indexed and row.provider.name == providers[others[0]]
    }
    assert check(store, index, muted) == before - len(muted)
    marks.set_read([lead, *others[1:]], 1)
    assert reader.listed(Query(), [lead])[lead].unread == 0
    marks.unmute("provider", providers[others[0]])
    assert reader.listed(Query(), [lead])[lead].unread == 1
    marks.mute("provider", providers[lead])
    assert lead not in reader.order(Query(filter=Filter.UNREAD))
    check(store, index, set(reader.order(Query(folded=True))) ^ set(reader.rows(range(1, 100))))


def test_without_new_coverage_only_the_lead_counts(index: Path, tmp_path: Path) -> None:
    lead, others = max(folded_under(index).items(), key=lambda story: len(story[1]))
    with closing(open_index(index)) as connection:
        attach_marks(connection, tmp_path / "marks.db")
        reader, marks = ExportReader(connection, new_coverage=False), Marks(connection)
        assert reader.topics(Query())[0].unread == len(reader.order(Query()))
        marks.set_read([lead], 1)
        assert reader.listed(Query(), [lead])[lead].unread == 0
        assert lead not in reader.order(Query(filter=Filter.UNREAD))
        marks.set_read([lead], None)
        marks.set_read(others, 1)
        assert reader.listed(Query(), [lead])[lead].unread == 1
        assert reader.listed(Query(), [lead])[lead].new == 0


# What version 0.1.0 left in its file: it marked only the lead of a story as read.
LEAD_READ = """
CREATE TABLE mark (page INTEGER PRIMARY KEY, address TEXT NOT NULL, read INTEGER, saved INTEGER);
INSERT INTO mark VALUES({page}, 'a.example/1', {read}, NULL);
PRAGMA user_version = 3;
"""


def test_stories_that_an_older_version_marked_are_read_whole_once(index: Path, tmp_path: Path) -> None:
    lead, others = max(folded_under(index).items(), key=lambda story: len(story[1]))
    with closing(open_index(index)) as connection:
        attach_marks(connection, tmp_path / "none.db")
        rows = ExportReader(connection).rows([lead, *others])
    dates = sorted(row.published or 0 for row in rows.values())
    path = tmp_path / "marks.db"
    with closing(sqlite3.connect(path)) as marks_file:
        marks_file.executescript(LEAD_READ.format(page=rows[lead].page, read=dates[-1] - 1))
    with closing(open_index(index)) as connection:
        attach_marks(connection, path)
        reader, marks = ExportReader(connection), Marks(connection)
        everything = reader.topics(Query())[0].unread
        assert reader.listed(Query(), [lead])[lead].new == len(others)
        # The newest one came after the last mark.
        assert marks.complete_stories() == len(others) - 1
        assert reader.listed(Query(), [lead])[lead].new == 1
        assert reader.topics(Query())[0].unread == everything - len(others) + 1
        marks.set_read(others, None)
        assert marks.complete_stories() == 0
        assert reader.listed(Query(), [lead])[lead].new == len(others)
