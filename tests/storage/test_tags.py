"""Tags and notes are stored by page, can be undone, and survive a new index."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.collections import make_collection
from tests.support.index import Store, indexed, opened
from tui_reader.errors import UsageError
from tui_reader.model.query import Query
from tui_reader.model.tags import MOST_TAGS
from tui_reader.storage.connection import remove_database
from tui_reader.storage.marks import kept_pages

ALL = Query(folded=True)


@pytest.fixture
def site(tmp_path: Path) -> Path:
    site = make_collection(tmp_path / "site", 9)
    indexed(tmp_path / "index.db", site)
    return site


def annotated(store: Store) -> dict[str, tuple[tuple[str, ...], str]]:
    """Return tags and note of each article that has any, by title, as a story and as a row of the list tell them."""
    found = {}
    for number, row in store.reader.rows(store.reader.order(ALL)).items():
        story = store.reader.story(number)
        assert story is not None
        assert row.annotated is bool(story.tags or story.note)
        if row.annotated:
            found[row.title] = (story.tags, story.note)
    return found


def undo(store: Store) -> str:
    step = store.marks.last_step()
    if step is None:
        return ""
    assert store.marks.undo(step)
    return step.words


def test_tags_are_added_removed_and_counted(site: Path) -> None:
    with opened(site.parent / "index.db") as store:
        tags, numbers = store.marks.tags, list(store.reader.order(ALL))
        assert tags.add(numbers[:3], ["Linux", "to read"]) == 3
        assert tags.add(numbers[:4], ["linux"]) == 1  # in the spelling that is there
        assert tags.all() == [("Linux", 4), ("to read", 3)]
        assert tags.remove(numbers[:2], ["LINUX", "nothing"]) == 2
        assert tags.all() == [("Linux", 2), ("to read", 3)]
        assert tags.set_tags(numbers[2], ["new", "LINUX"])
        assert not tags.set_tags(numbers[2], ["Linux", "new"])
        row = store.reader.rows([numbers[2]])[numbers[2]]
        assert annotated(store)[row.title] == (("Linux", "new"), "")


def test_notes_are_written_changed_and_removed(site: Path) -> None:
    with opened(site.parent / "index.db") as store:
        (number,) = store.reader.order(ALL, limit=1)
        title = store.reader.rows([number])[number].title
        assert store.marks.tags.set_note([number], "First\nsecond", 1) == 1
        assert store.marks.tags.set_note([number], "First\nsecond \n", 2) == 0
        assert annotated(store) == {title: ((), "First\nsecond")}
        assert store.marks.tags.set_note([number], "", 3) == 1
        assert annotated(store) == {}


def test_each_step_is_undone_as_a_whole(site: Path) -> None:
    with opened(site.parent / "index.db") as store:
        tags, numbers = store.marks.tags, list(store.reader.order(ALL))
        seen = [annotated(store)]
        changes = [
            lambda: tags.add(numbers, ["Linux"]),
            lambda: tags.set_tags(numbers[0], ["two", "three"]) and tags.set_note(numbers[:1], "One\nline", 5),
            lambda: tags.set_note(numbers[:2], "Another", 6),
            lambda: tags.remove(numbers, ["linux"]),
            lambda: tags.set_note(numbers, "", 7),
        ]
        for at, change in enumerate(changes):
            store.marks.as_step(f"step {at}", "", change)
            seen.append(annotated(store))
        for at in reversed(range(len(changes))):
            assert undo(store) == f"step {at}"
            assert annotated(store) == seen[at]
        assert undo(store) == ""


@pytest.mark.parametrize("tag", ['the "new" deal', "rock'n'roll (live)", "C#", "-x: y"])
def test_every_tag_can_be_named_in_a_query(site: Path, tag: str) -> None:
    with opened(site.parent / "index.db") as store:
        numbers = list(store.reader.order(ALL))
        store.marks.tags.add(numbers[:2], [tag])
        ((stored, _),) = store.marks.tags.all()
        assert sorted(store.reader.matching(f'tag:"{stored}"')) == sorted(numbers[:2])


def test_too_many_tags_change_nothing(site: Path) -> None:
    with opened(site.parent / "index.db") as store:
        numbers = list(store.reader.order(ALL))
        store.marks.tags.add(numbers[:1], [f"tag {at}" for at in range(MOST_TAGS)])
        before = annotated(store)
        with pytest.raises(UsageError, match="can have 50 tags"):
            store.marks.tags.add(numbers, ["one more"])
        assert annotated(store) == before


def test_tags_survive_a_new_index_and_keep_their_articles(site: Path, tmp_path: Path) -> None:
    marks = tmp_path / "marks.db"
    with opened(tmp_path / "index.db", marks) as store:
        first, second, third = list(store.reader.order(ALL, limit=3))
        store.marks.tags.add([first], ["Linux"])
        store.marks.tags.set_note([second], "Read again", 1)
        store.marks.set_saved([third], 1)
        before = annotated(store)
        pages = {row.page for row in store.reader.rows([first, second, third]).values()}
    remove_database(tmp_path / "index.db")
    indexed(tmp_path / "index.db", site)
    with opened(tmp_path / "index.db", marks) as store:
        assert annotated(store) == before
    assert kept_pages(marks) == pages
