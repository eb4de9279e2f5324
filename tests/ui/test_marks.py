"""What is read and saved: set by reading and by keys, taken back step by step, never lost."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

from tests.ui.pages import BRIDGE, COMET, ENGINEERS, FARES, FERRY, MINOR, TARIFF, WALK, minor
from tests.ui.reader import reading
from tui_reader.config import folders


async def test_opening_marks_as_read_and_the_title_steps_back(town: Path) -> None:
    async with reading(town, size=(120, 40)) as reader:
        await reader.press("j")
        unread = reader.style_of(FERRY, reader.stories)
        assert unread.color == reader.style_of(COMET, reader.stories).color
        await reader.press("enter")
        assert reader.is_read(FERRY)
        assert reader.style_of(FERRY, reader.stories).color != unread.color
        assert reader.style_of(COMET, reader.stories).color == unread.color


async def test_looking_at_a_story_in_passing_does_not_mark_it(town: Path) -> None:
    async with reading(town) as reader:
        await reader.press("j", "j")
        assert reader.opened == COMET
        await reader.press("h", "l", "G", "g")
        assert not any(row.read for row in reader.marks().values())
        # Going to the story by Tab is no passing by.
        await reader.press("tab")
        assert reader.is_read(BRIDGE)


async def test_m_toggles_in_the_list_and_in_the_story(town: Path) -> None:
    async with reading(town) as reader:
        await reader.press("m")
        assert reader.is_read(BRIDGE)
        assert reader.cursor == BRIDGE
        await reader.press("m")
        assert not reader.is_read(BRIDGE)
        await reader.press("enter", "m")
        assert not reader.is_read(BRIDGE)
        await reader.press("m")
        assert reader.is_read(BRIDGE)


async def test_s_saves_and_no_longer(town: Path) -> None:
    async with reading(town) as reader:
        await reader.press("j", "s")
        assert reader.is_saved(FERRY)
        assert not reader.is_read(FERRY)
        assert "★" in reader.text()
        await reader.press("T", "j", "j")
        assert reader.shown() == [FERRY]
        await reader.press("escape", "s")
        assert not reader.is_saved(FERRY)
        assert reader.sees("Unsaved")


async def test_in_the_story_the_keys_mean_the_open_article(town: Path) -> None:
    async with reading(town) as reader:
        await reader.press("enter", "]", "enter", "s")
        assert reader.opened == ENGINEERS
        assert reader.is_read(ENGINEERS)
        assert reader.is_saved(ENGINEERS)
        assert not reader.is_saved(BRIDGE)
        assert not reader.is_read(FERRY)


async def test_marks_of_a_page_known_from_coverage_only(town: Path) -> None:
    async with reading(town) as reader:
        await reader.press("enter", "]", "]", "]", "enter", "s")
        assert reader.opened == WALK
        assert reader.sees("★ saved")
        await reader.press("backspace", "enter")
        assert reader.opened == WALK
        assert reader.sees("★ saved")


async def test_all_that_the_list_shows_is_marked_and_nothing_else(town: Path) -> None:
    async with reading(town) as reader:
        await reader.press("T", *"jjjj", "enter", "A")
        read = {title for title, row in reader.marks().items() if row.read}
        assert read == set(reader.shown())
        assert len(read) == 4
        assert reader.sees("4 marked as read")
        await reader.press("z")
        assert not any(row.read for row in reader.marks().values())


async def test_all_read_reaches_what_is_not_on_the_screen(town: Path) -> None:
    async with reading(town) as reader:
        await reader.press("A")
        assert reader.is_read(minor(MINOR))
        assert not reader.is_read(ENGINEERS)
        await reader.press("T", "j", "l")
        assert reader.sees("You're all caught up")


async def test_undo_takes_many_steps_back_one_after_the_other(town: Path) -> None:
    async with reading(town) as reader:
        await reader.press("m", "j", "s", "j", "enter", "escape", "A")

        def state() -> tuple[bool, bool, bool, bool]:
            rows = reader.marks()
            return rows[BRIDGE].read, rows[FERRY].saved, rows[COMET].read, rows[FARES].read

        assert state() == (True, True, True, True)
        await reader.press("z")
        assert state() == (True, True, True, False)
        await reader.press("z")
        assert state() == (True, True, False, False)
        await reader.press("z")
        assert state() == (True, False, False, False)
        await reader.press("z")
        assert state() == (False, False, False, False)
        await reader.press("z")
        assert reader.sees("Nothing to undo")


async def test_undo_brings_back_what_was_however_fast_it_is_pressed(town: Path) -> None:
    async with reading(town) as reader:
        await reader.press("j", "m", "A", "z")
        assert [title for title, row in reader.marks().items() if row.read] == [FERRY]
        for key in "jmjmjmAzzzz":
            reader.push(key)
        await reader.rest()
        assert [title for title, row in reader.marks().items() if row.read] == [FERRY]
        for key in "mmm":
            reader.push(key)
        await reader.rest()
        assert reader.is_read(reader.cursor)


async def test_undo_goes_on_after_a_restart(town: Path) -> None:
    async with reading(town) as reader:
        await reader.press("m", "j", "s", "A")
    async with reading(town) as reader:
        await reader.press("z")
        assert reader.sees("Undone: all read")
        assert {title for title, row in reader.marks().items() if row.read} == {BRIDGE}
        await reader.press("z")
        assert reader.sees(f"Undone: saved · {FERRY}")
        assert "★" not in reader.text()
    async with reading(town) as reader:
        await reader.press("z")
        assert reader.sees(f"Undone: read · {BRIDGE}")
        assert not any(row.read or row.saved for row in reader.marks().values())
        await reader.press("z")
        assert reader.sees("Nothing to undo")


async def test_what_another_reader_did_is_undone_in_its_turn(town: Path, watchful: None) -> None:
    async with reading(town) as one, reading(town) as other:
        await one.until_indexed()
        await other.until_indexed()
        await one.press("m")
        await other.press("j", "s")
        await one.press("z")
        assert one.sees(f"Undone: saved · {FERRY}")
        await other.press("z")
        assert other.sees(f"Undone: read · {BRIDGE}")
        await one.press("z")
        assert one.sees("Nothing to undo")
        assert not any(row.read or row.saved for row in one.marks().values())


async def test_marks_survive_the_loss_of_the_index(town: Path) -> None:
    async with reading(town) as reader:
        await reader.press("enter", "escape", "j", "s")
    shutil.rmtree(folders().cache)
    async with reading(town) as reader:
        assert reader.is_read(BRIDGE)
        assert reader.is_saved(FERRY)
        assert not reader.is_read(COMET)


async def test_marks_survive_the_move_of_the_collection(town: Path) -> None:
    async with reading(town) as reader:
        await reader.press("enter", "escape", "j", "s")
    shutil.move(town, town.parent / "another place")
    async with reading(town.parent / "another place") as reader:
        assert reader.is_read(BRIDGE)
        assert reader.is_saved(FERRY)
        assert not reader.is_read(COMET)


async def test_marks_survive_the_renaming_of_a_file(town: Path) -> None:
    async with reading(town) as reader:
        await reader.press("m")
    (file,) = (town / "_news").glob("*-the-old-bridge-opens.md")
    file.rename(file.with_name("2024-06-09-another-name.md"))
    async with reading(town) as reader:
        assert reader.cursor == BRIDGE
        assert reader.is_read(BRIDGE)


async def test_two_readers_at_once_see_the_marks_of_each_other(town: Path, watchful: None) -> None:
    async with reading(town) as one, reading(town) as other:
        await one.until_indexed()
        await other.until_indexed()
        unread = other.style_of(FERRY, other.stories)
        await one.press("j", "m", "j", "j", "s")
        await other.until(lambda: other.style_of(FERRY, other.stories).color != unread.color, "the other's mark")
        await other.until(lambda: "★" in other.text(), "the other's star")
        await other.press("j", "j", "j", "j", "m")
        row = one.stories.row(one.stories.order[4])
        assert row is not None
        assert row.title == TARIFF
        await one.until(lambda: (seen := one.stories.row(row.article)) is not None and seen.read, "the mark back")


async def test_a_story_is_unread_again_when_the_next_one_is_asked_for(town: Path) -> None:
    async with reading(town) as reader:
        await reader.press("T", "j", "enter", "enter")
        assert reader.opened == BRIDGE
        await reader.press("escape", "j")
        # What was just read stays where it is: a list that jumps under the hand is no list.
        assert reader.cursor == FERRY


async def test_a_saved_article_is_listed_though_another_leads_its_story(town: Path) -> None:
    async with reading(town) as reader:
        await reader.press("enter", "]", "enter", "s", "escape", "T", "j", "j")
        assert reader.shown() == [ENGINEERS]
        await reader.press("/")
        await reader.type("praise")
        assert reader.shown() == [ENGINEERS]


async def test_what_is_marked_all_at_once_looks_read_at_once(town: Path) -> None:
    async with reading(town) as reader:
        await reader.press("m")
        read, unread = (reader.style_of(title, reader.stories).color for title in (BRIDGE, FERRY))
        assert read != unread
        await reader.press("j", "A")
        assert {reader.style_of(title, reader.stories).color for title in (BRIDGE, FERRY, COMET, FARES)} == {read}
        await reader.press("z")
        assert {reader.style_of(title, reader.stories).color for title in (FERRY, COMET, FARES)} == {unread}


async def test_an_undo_that_failed_can_be_tried_again(town: Path) -> None:
    async with reading(town, size=(120, 40)) as reader:
        await reader.press("m", "j", "s", "m")
        with closing(sqlite3.connect(folders().marks)) as marks:
            marks.execute("CREATE TRIGGER refuse BEFORE UPDATE ON mark BEGIN SELECT RAISE(ABORT, 'refused'); END")
            marks.commit()
            await reader.press("z")
            assert "Undone" not in reader.text()
            marks.execute("DROP TRIGGER refuse")
            marks.commit()
        assert (reader.is_read(FERRY), reader.is_saved(FERRY)) == (True, True)
        await reader.press("z")
        assert reader.sees(f"Undone: read · {FERRY}")
        await reader.press("z", "z")
        assert not any(row.read or row.saved for row in reader.marks().values())
