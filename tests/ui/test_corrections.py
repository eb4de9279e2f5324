"""What a person says of stories is obeyed, and taken back: not this story, and these two are one."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest

from tests.queries.test_explain import LEAD, OTHERS, write_unrated
from tests.ui.pages import BRIDGE, write_page
from tests.ui.reader import Reader, reading
from tui_reader.config import folders
from tui_reader.storage.connection import attach_marks, open_index
from tui_reader.storage.story_evidence import StoryEvidence

ICELAND = "Voters in Iceland elect a president"
SPAIN = "Iceland: president elected by its voters"


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """A site with a story of three, a story of two, and one by itself."""
    site = tmp_path / "site"
    write_unrated(site)
    write_page(site / "_news", SPAIN, when="2024-06-01T11:00:00Z", by="The Poll", excerpt="The polls have closed.")
    write_page(site / "_news", "A comet returns to the sky", when="2024-06-01T10:00:00Z")
    return site


def stories(reader: Reader) -> set[frozenset[str]]:
    """The titles of every story of more than one article, as the index has them."""
    titles = {row.page: title for title, row in reader.marks().items()}
    with closing(open_index(reader.selection.database)) as connection:
        attach_marks(connection, folders().marks)
        story_evidence = StoryEvidence(connection)
        every = {frozenset(titles[place.page] for place in story_evidence.members(page)) for page in titles}
    return {story for story in every if len(story) > 1}


RECOGNITION = frozenset({LEAD, *OTHERS})
ELECTION = frozenset({ICELAND, SPAIN})


async def obeyed(reader: Reader, *wanted: frozenset[str]) -> None:
    """Wait until the stories of several articles are these."""
    await reader.until(lambda: stories(reader) == set(wanted), f"{wanted}, not {stories(reader)}")
    await reader.until_indexed()


async def open_story(reader: Reader, title: str) -> None:
    if reader.focus_is_on(reader.story):
        await reader.press("escape")
    await reader.press("g")
    while reader.cursor != title:
        before = reader.stories.cursor
        await reader.press("j")
        assert reader.stories.cursor != before, f"{title!r} is not in the list"
    await reader.press("enter")


async def test_an_article_is_split_off_and_comes_back(site: Path) -> None:
    async with reading(site) as reader:
        await obeyed(reader, RECOGNITION, ELECTION)
        await reader.press("enter", "]")
        gone = reader.chosen
        await reader.press("x")
        assert reader.sees("Split off: this article")
        await obeyed(reader, RECOGNITION - {gone}, ELECTION)
        await reader.until(lambda: reader.story.coverage == 1, "the story without it")
        assert not reader.is_read(gone)
        await reader.press("z")
        assert reader.sees("Undone: split off")
        await obeyed(reader, RECOGNITION, ELECTION)
        await reader.until(lambda: reader.story.coverage == 2, "the story with it")


async def test_a_folded_article_that_is_open_splits_itself_off(site: Path) -> None:
    async with reading(site) as reader:
        await reader.press("enter", "]", "enter")
        gone = reader.opened
        await reader.press("x")
        await obeyed(reader, RECOGNITION - {gone}, ELECTION)


async def test_a_correction_is_undone_after_a_restart(site: Path) -> None:
    async with reading(site) as reader:
        await reader.press("enter", "]")
        gone = reader.chosen
        await reader.press("x")
        await obeyed(reader, RECOGNITION - {gone}, ELECTION)
    async with reading(site) as reader:
        await reader.press("z")
        assert reader.sees("Undone: split off")
        await obeyed(reader, RECOGNITION, ELECTION)


async def test_two_stories_are_merged_and_part_again(site: Path) -> None:
    async with reading(site) as reader:
        await reader.press("enter", "M")
        assert reader.sees("Merge: press M on the second story, Esc cancels")
        await open_story(reader, ICELAND)
        await reader.press("M")
        assert reader.sees("Merged")
        await obeyed(reader, RECOGNITION | ELECTION)
        await reader.press("z")
        await obeyed(reader, RECOGNITION, ELECTION)


async def test_what_was_split_off_is_merged_again_and_split_again(site: Path) -> None:
    async with reading(site) as reader:
        await reader.press("enter", "]")
        gone = reader.chosen
        await reader.press("x")
        apart = (RECOGNITION - {gone}, ELECTION)
        await obeyed(reader, *apart)
        await reader.until(lambda: len(reader.shown()) == 4, "the story that was split off")
        await reader.press("escape", "M")
        await open_story(reader, gone)
        await reader.press("M")
        await obeyed(reader, RECOGNITION, ELECTION)
        await reader.press("z")
        await obeyed(reader, *apart)
        await reader.press("z", "z")  # that it was read lies between
        await obeyed(reader, RECOGNITION, ELECTION)


async def test_escape_in_the_list_forgets_the_story_to_merge(site: Path) -> None:
    async with reading(site) as reader:
        await reader.press("M", "escape")
        assert reader.sees("Merge cancelled")
        await open_story(reader, ICELAND)
        await reader.press("M")
        assert reader.sees("Merge: press M on the second story, Esc cancels")
        await reader.press("M")
        assert reader.sees("This is the same story: press M on another one")
        assert stories(reader) == {RECOGNITION, ELECTION}


async def test_with_nothing_chosen_the_lead_is_split_off(site: Path) -> None:
    async with reading(site) as reader:
        await obeyed(reader, RECOGNITION, ELECTION)
        await reader.press("enter", "x")
        assert reader.sees("Split off: the lead")
        await obeyed(reader, RECOGNITION - {LEAD}, ELECTION)
        await reader.press("z")
        await obeyed(reader, RECOGNITION, ELECTION)


async def test_of_one_article_there_is_nothing_to_split_off(site: Path) -> None:
    async with reading(site) as reader:
        await open_story(reader, "A comet returns to the sky")
        await reader.press("x")
        assert reader.sees("Nothing to split off: this story is a single article")
        await reader.press("z")
        assert reader.sees("Undone: read")


async def test_x_pressed_again_and_again_is_one_correction(site: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with reading(site) as reader:
        await obeyed(reader, RECOGNITION, ELECTION)
        monkeypatch.setattr(reader.page.corrections, "_regroup", lambda: None)  # the list does not follow yet
        await reader.press("enter", "]", "x", "x", "x")
        assert reader.sees("Split off already: the list follows in a moment")
        monkeypatch.undo()
        await reader.press("z")
        assert reader.sees("Undone: split off")
        await reader.press("z")
        assert reader.sees("Undone: read")


async def test_what_a_source_says_itself_stays_as_it_says(town: Path) -> None:
    async with reading(town) as reader:
        await reader.press("enter", "]", "x")
        assert reader.sees("This collection defines its stories; they can't be changed here")
        await reader.press("M")
        assert reader.sees("This collection defines its stories; they can't be changed here")
        assert reader.opened == BRIDGE
        await reader.press("z")
        assert reader.sees("Undone: read")


async def test_marks_and_corrections_are_taken_back_in_their_order(site: Path) -> None:
    async with reading(site) as reader:
        await reader.press("enter", "]", "x", "s")
        await reader.until_indexed()
        for words in ("saved", "split off", "read"):
            await reader.press("z")
            assert reader.sees(f"Undone: {words}")
        await obeyed(reader, RECOGNITION, ELECTION)
