"""What a person says of stories is obeyed, and taken back: not this story, and these two are one."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.queries.test_explain import LEAD, OTHERS, write_unrated
from tests.support.index import dump
from tests.ui.pages import BRIDGE, COMET, COST, DREDGING, ENGINEERS, FARES, FERRY, TARIFF, WALK, write_page
from tests.ui.reader import Reader, reading
from tui_reader.config import folders
from tui_reader.model.query import Query
from tui_reader.pipeline.indexer import update_index
from tui_reader.storage.connection import attach_marks, open_index, remove_database
from tui_reader.storage.index_reader import IndexReader
from tui_reader.storage.story_evidence import StoryEvidence
from tui_reader.subscriptions.preferences import load_preferences

ICELAND = "Voters in Iceland elect a president"
PRESIDENT = "Voters in Iceland elect their new president"


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """A site with a story of three, a story of two, and one by itself."""
    site = tmp_path / "site"
    write_unrated(site)
    write_page(site / "_news", PRESIDENT, when="2024-06-01T11:00:00Z", by="The Poll", excerpt="The polls have closed.")
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
ELECTION = frozenset({ICELAND, PRESIDENT})


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
        assert reader.sees(f"Split off: {gone}"[:20])
        await obeyed(reader, RECOGNITION - {gone}, ELECTION)
        await reader.until(lambda: reader.story.coverage == 1, "the story without it")
        assert reader.is_read(gone)  # with the story that it was in
        await reader.press("z")
        assert reader.sees("Undone: split off")
        await obeyed(reader, RECOGNITION, ELECTION)
        await reader.until(lambda: reader.story.coverage == 2, "the story with it")


async def test_a_correction_changes_a_list_that_has_folded_articles_too(site: Path) -> None:
    async with reading(site, size=(120, 40)) as reader:
        await reader.press("f", "g", "enter", "]")
        gone = reader.chosen
        await reader.press("x")
        await obeyed(reader, RECOGNITION - {gone}, ELECTION)
        await reader.press("escape", "g")
        now = reader.part(reader.stories)
    async with reading(site, size=(120, 40)) as reader:
        await reader.until_indexed()
        await reader.press("j", "g")
        assert reader.part(reader.stories) == now


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
        assert reader.sees(f"Split off: {LEAD}"[:20])
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


async def test_the_next_article_is_selected_after_a_split(town: Path) -> None:
    async with reading(town) as reader:
        await reader.press("enter")
        await choose(reader, ENGINEERS)
        await reader.press("x")
        assert reader.chosen == FERRY
        await covered(reader, **{BRIDGE: (150, [FERRY, WALK, COST]), ENGINEERS: (35, [])})
        assert reader.chosen == FERRY
        await choose(reader, COST)
        await reader.press("x")
        assert reader.chosen == WALK


async def test_x_pressed_again_and_again_corrects_each_article_once(
    site: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with reading(site) as reader:
        await obeyed(reader, RECOGNITION, ELECTION)
        monkeypatch.setattr(reader.page.corrections, "_regroup", lambda: None)  # the list does not follow yet
        await reader.press("enter", "]", "x", "x", "x")
        assert reader.sees("Split off already: the list follows in a moment")
        monkeypatch.undo()
        await reader.press("z")
        assert reader.sees("Undone: split off")
        await reader.press("z")
        assert reader.sees("Undone: split off")
        await reader.press("z")
        assert reader.sees("Undone: read")


# -- collections that define their stories ---------------------------------------


def coverage(reader: Reader) -> dict[str, tuple[int | None, list[str]]]:
    """The heat and the coverage of every listed story but the small ones, as the index has them."""
    with closing(open_index(reader.selection.database)) as connection:
        attach_marks(connection, folders().marks)
        index = IndexReader(connection)
        found = [story for number in index.order(Query()) if (story := index.story(number))]
        stories = {story.row.title: (story.row.heat, [row.title for row in story.related]) for story in found}
        return {title: story for title, story in stories.items() if not title.startswith("Minor")}


AS_THE_TOWN_SAYS = {
    BRIDGE: (170, [ENGINEERS, FERRY, WALK, COST]),
    FERRY: (100, [FARES, BRIDGE]),
    COMET: (80, []),
    FARES: (70, [TARIFF]),
    TARIFF: (65, [DREDGING]),
    DREDGING: (42, []),
}


async def covered(reader: Reader, **changed: Any) -> None:
    """Wait until the stories are those of the town with these changes, in the list too and in an index built anew."""
    wanted = {title: story for title, story in {**AS_THE_TOWN_SAYS, **changed}.items() if story}
    await reader.until(lambda: coverage(reader) == wanted, f"{wanted}, not {coverage(reader)}")
    hottest = sorted(wanted, key=lambda title: -wanted[title][0])
    await reader.until(lambda: [each for each in reader.shown() if each in wanted] == hottest, "them in the list")
    await reader.until_indexed()
    anew = folders().cache / "anew.db"
    remove_database(anew)
    for _ in update_index(anew, reader.selection.locations, preferences=load_preferences(folders())):
        pass
    assert dump(anew) == dump(reader.selection.database)


def contents(site: Path) -> dict[Path, bytes]:
    """What is in the files of a collection."""
    return {path: path.read_bytes() for path in site.rglob("*.*")}


def rewrite(site: Path, before: str, after: str) -> None:
    """Change the text of every article."""
    for path in site.rglob("*.md"):
        path.write_text(path.read_text().replace(before, after))


async def choose(reader: Reader, title: str) -> None:
    """Select an article in the coverage of the story that is open."""
    while reader.chosen != title:
        await reader.press("]")


async def test_a_folded_article_of_a_collection_becomes_a_story_and_folds_again(town: Path) -> None:
    files = contents(town)
    without = {BRIDGE: (150, [FERRY, WALK, COST]), ENGINEERS: (35, [])}
    async with reading(town) as reader:
        assert coverage(reader) == AS_THE_TOWN_SAYS
        await reader.press("enter")
        await choose(reader, ENGINEERS)
        await reader.press("x")
        assert reader.sees(f"Split off: {ENGINEERS}"[:20])
        await covered(reader, **without)
        await reader.until_seen("3 MORE ON THIS STORY")
    async with reading(town) as reader:
        await covered(reader, **without)
        await open_story(reader, ENGINEERS)
        assert reader.opened == ENGINEERS
        await reader.press("z", "z")
        assert reader.sees("Undone: split off")
        await covered(reader)
    assert contents(town) == files


@pytest.mark.parametrize(
    ("gone", "left"),
    [
        (WALK, {BRIDGE: (150, [ENGINEERS, FERRY, COST])}),
        (COST, {BRIDGE: (150, [ENGINEERS, FERRY, WALK]), COST: (20, [])}),
        (FERRY, {BRIDGE: (150, [ENGINEERS, WALK, COST]), FERRY: (80, [FARES])}),
    ],
)
async def test_any_article_of_a_collection_is_split_off(town: Path, gone: str, left: dict[str, Any]) -> None:
    async with reading(town) as reader:
        await reader.press("enter")
        await choose(reader, gone)
        await reader.press("x")
        await covered(reader, **left)
        await reader.press("z")
        await covered(reader)


async def test_the_lead_of_a_collection_is_split_off(town: Path) -> None:
    async with reading(town) as reader:
        await reader.press("enter", "x")
        assert reader.sees(f"Split off: {BRIDGE}"[:20])
        await covered(reader, **{BRIDGE: (90, []), ENGINEERS: (75, [WALK, COST]), FERRY: (80, [FARES])})


async def test_stories_of_a_collection_are_merged_and_part_again(town: Path) -> None:
    async with reading(town) as reader:
        await reader.press("M")
        await open_story(reader, FARES)
        await reader.press("M")
        assert reader.sees("Merged")
        merged = {BRIDGE: (210, [ENGINEERS, FERRY, WALK, COST, FARES, TARIFF]), FARES: ()}
        await covered(reader, **merged)
    rewrite(town, "What is to be said", "What was said")
    async with reading(town) as reader:
        await covered(reader, **merged)
        await reader.press("z")
        assert reader.sees("Undone: merged")
        await covered(reader)


async def test_a_story_of_a_collection_is_taken_apart_with_one_key(town: Path) -> None:
    async with reading(town) as reader:
        await reader.press("X")
        assert reader.sees("Taken apart: 5 articles")
        await covered(reader, **{BRIDGE: (90, []), FERRY: (80, [FARES]), ENGINEERS: (35, []), COST: (20, [])})
        await reader.press("z")
        await covered(reader)
        await open_story(reader, COMET)
        await reader.press("X")
        assert reader.sees("Nothing to take apart: this story is a single article")


async def test_a_story_made_here_is_taken_apart_and_made_again(site: Path) -> None:
    async with reading(site) as reader:
        await obeyed(reader, RECOGNITION, ELECTION)
        await reader.press("X")
        assert reader.sees("Taken apart: 3 articles")
        await obeyed(reader, ELECTION)
    async with reading(site) as reader:
        await reader.press("z")
        assert reader.sees("Undone: taken apart")
        await obeyed(reader, RECOGNITION, ELECTION)


async def test_why_says_what_was_corrected(town: Path) -> None:
    async with reading(town, size=(100, 40)) as reader:
        await reader.until_indexed()
        await reader.press("enter")
        await choose(reader, ENGINEERS)
        await reader.press("x")
        await covered(reader, **{BRIDGE: (150, [FERRY, WALK, COST]), ENGINEERS: (35, [])})
        await reader.press("w")
        assert reader.sees("You corrected this: its source gives the story heat 170 and 4 related articles.")
        assert reader.sees("60  3 related × 20")
        assert reader.sees("150  heat")
        await reader.press("escape")
        await open_story(reader, ENGINEERS)
        await reader.press("w")
        assert reader.sees("You corrected this: its source folds the article under another story.")
        assert reader.sees("35  heat")
        await reader.press("escape", "z", "z")
        await covered(reader)
        await reader.press("w")
        assert not reader.sees("You corrected this")


async def test_a_page_known_from_coverage_alone_is_not_merged(town: Path) -> None:
    async with reading(town) as reader:
        await reader.press("enter")
        await choose(reader, WALK)
        await reader.press("enter", "M")
        assert reader.sees("Known from the coverage of other stories only: it cannot be merged")


async def test_marks_and_corrections_are_taken_back_in_their_order(site: Path) -> None:
    async with reading(site) as reader:
        await reader.press("enter", "]", "x", "s")
        await reader.until_indexed()
        for words in ("saved", "split off", "read"):
            await reader.press("z")
            assert reader.sees(f"Undone: {words}")
        await obeyed(reader, RECOGNITION, ELECTION)
