"""An index that changes while one reads: stories that come and go, files that cannot be read, errors of the disk."""

from __future__ import annotations

import sqlite3
import threading
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.ui.pages import BRIDGE, COMET, DREDGING, FARES, FERRY, HOTTEST_FIRST, TARIFF, entry, write_page, write_town
from tests.ui.reader import PATIENCE, Reader, bring, reading
from tui_reader.config import folders
from tui_reader.errors import NewsError
from tui_reader.storage.connection import attach_marks, open_index
from tui_reader.storage.index_reader import IndexReader
from tui_reader.storage.marks import Marks
from tui_reader.subscriptions.edit import add_subscriptions
from tui_reader.subscriptions.subscription import Subscription, load_subscriptions
from tui_reader.ui.controllers.updates import Updates
from tui_reader.ui.library import Library, Listing

MANY = 1500


def write_many(news: Path) -> None:
    """Write so many pages that reading them takes a while; the ones read last are the hottest."""
    news.mkdir(parents=True)
    for number in range(MANY):
        (news / f"{2024 - number // 300}-01-01-page-{MANY - number:04}.md").write_text(
            f"---\ntitle: Page {number:04}\nwebUrl: https://example.org/page/{number}\nquality: {number}\n---\n"
        )


async def test_stories_arrive_while_one_reads_and_the_cursor_keeps_its_story(tmp_path: Path) -> None:
    write_many(tmp_path / "news")
    async with reading(tmp_path / "news", indexed=False) as reader:
        await reader.until(lambda: reader.stories.total, "the first stories")
        await reader.press("j", "j")
        title = reader.cursor
        assert title
        await reader.until_indexed()
        assert len(reader.shown()) == MANY
        assert reader.cursor == reader.opened == title
        assert reader.sees(title)
        assert reader.shown()[0] == f"Page {MANY - 1:04}"


async def test_who_has_touched_nothing_ends_on_the_hottest_story(tmp_path: Path) -> None:
    write_many(tmp_path / "news")
    async with reading(tmp_path / "news", indexed=False) as reader:
        await reader.until_indexed()
        assert reader.cursor == reader.opened == f"Page {MANY - 1:04}"


async def test_who_reads_during_indexing_is_not_disturbed(tmp_path: Path) -> None:
    write_many(tmp_path / "news")
    async with reading(tmp_path / "news", indexed=False) as reader:
        await reader.until(lambda: reader.stories.total, "the first stories")
        await reader.press("enter")
        title = reader.opened
        await reader.until_indexed()
        assert reader.opened == title
        assert reader.focus_is_on(reader.story)


async def test_what_is_read_in_the_unread_ones_stays_open(town: Path, watchful: None) -> None:
    async with reading(town) as reader:
        await reader.until_indexed()
        await reader.press("T", "j", "l", "j", "j", "enter")
        assert reader.opened == COMET
        write_page(town / "_news", "Fresh", quality=300)
        bring(reader.selection)
        await reader.until_seen("1 new story · . shows")
        await reader.rest()
        assert reader.opened == COMET
        assert "Fresh" not in reader.shown()
        await reader.press(".")
        assert "Fresh" in reader.shown()
        assert reader.opened == COMET
        assert reader.focus_is_on(reader.story)
        await reader.press("escape")
        # What was read is gone from the list by now: the next one has its place.
        assert reader.cursor == reader.opened
        assert reader.cursor in HOTTEST_FIRST


async def test_a_key_pressed_while_stories_come_is_not_undone(town: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    answer, asked = threading.Event(), threading.Event()
    listing = Library.listing

    def slow(self: Library, *args: Any) -> Listing:
        found = listing(self, *args)
        asked.set()
        assert answer.wait(PATIENCE)
        return found

    async with reading(town) as reader:
        await reader.until_indexed()
        await reader.press("j")
        write_page(town / "_news", "Hot from the press", quality=300)
        await reader.press("r")
        await reader.until_seen("1 new story · . shows")
        monkeypatch.setattr(Library, "listing", slow)
        reader.push(".")
        await reader.until(asked.is_set, "the question for the list")
        reader.push("j")
        answer.set()
        await reader.until(lambda: reader.shown()[0] == "Hot from the press", "the new story")
        await reader.rest()
        assert reader.cursor == reader.opened == HOTTEST_FIRST[2]


async def test_q_leaves_at_once_and_takes_the_indexer_along(tmp_path: Path) -> None:
    write_many(tmp_path / "news")
    async with reading(tmp_path / "news", indexed=False) as reader:
        child = reader.page.updates.process
        assert child is not None
        reader.push("q")
        await reader.until(lambda: not reader.app.is_running, "the end")
    assert child.poll() is not None


async def test_new_stories_come_with_a_key(town: Path) -> None:
    async with reading(town) as reader:
        await reader.until_indexed()
        await reader.press("j")
        # What has gone leaves at once, what is new is offered; a list that both change is read anew with all of it.
        (town / "_news" / "2024-05-20-tariffs-explained.md").unlink()
        await reader.press("r")
        await reader.until_indexed()
        assert TARIFF not in reader.shown()
        write_page(town / "_news", "Hot from the press", quality=300)
        await reader.press("r")
        await reader.until_indexed()
        assert reader.sees("1 new story · . shows")
        assert reader.cursor == reader.opened == FERRY
        await reader.press(".")
        assert reader.shown()[:5] == ["Hot from the press", BRIDGE, FERRY, COMET, FARES]
        assert reader.cursor == reader.opened == FERRY
        await reader.press("r")
        await reader.until_indexed()
        assert "Nothing new" in reader.footer


async def test_a_new_story_is_told(town: Path) -> None:
    async with reading(town) as reader:
        await reader.until_indexed()
        write_page(town / "_news", "Hot from the press", quality=300)
        await reader.press("r")
        await reader.until_indexed()
        assert "1 new story" in reader.footer


async def test_what_another_indexer_finds_is_shown(town: Path, watchful: None) -> None:
    async with reading(town) as reader:
        await reader.until_indexed()
        await reader.press("j", "j")
        write_page(town / "_news", "Found by another", quality=300)
        bring(reader.selection)
        await reader.until_seen("1 new story · . shows")
        assert reader.sees("36 stories")
        await reader.rest()
        assert reader.cursor == COMET
        assert reader.shown()[0] == BRIDGE
        before = reader.part(reader.stories)
        await reader.press(".")
        assert reader.shown()[0] == "Found by another"
        assert reader.cursor == COMET
        assert before != reader.part(reader.stories)


async def test_a_list_that_the_wheel_has_scrolled_stays_where_it_is(town: Path, watchful: None) -> None:
    async with reading(town, size=(80, 24)) as reader:
        await reader.until_indexed()
        await reader.wheel("Comet", notches=3)
        await reader.until(lambda: reader.stories.scroll_offset.y > 0, "the list to scroll")
        await reader.rest()  # for the other notches
        down = reader.stories.scroll_offset.y
        write_page(town / "_news", "Found by another", quality=300)
        bring(reader.selection)
        await reader.until_seen("1 new story")
        await reader.rest()
        assert reader.stories.scroll_offset.y == down


async def test_the_numbers_of_the_topics_come_with_the_new_stories(town: Path) -> None:
    """What was found after the offer comes with it, and counts."""
    async with reading(town, size=(120, 40)) as reader:
        await reader.until_indexed()
        await reader.press("j")
        write_page(town / "_news", "Hot from the press", quality=300)
        await reader.press("r")
        await reader.until_indexed()
        assert reader.sees("1 new story · . shows")
        before = unread(reader)
        write_page(town / "_news", "Hotter still", quality=310)
        bring(reader.selection)
        await reader.press(".")
        assert reader.shown()[:2] == ["Hotter still", "Hot from the press"]
        assert unread(reader) == before + 1


def unread(reader: Reader) -> int:
    """Return the number of unread articles of all topics, as the sidebar has it."""
    last = (line.split()[-1] for line in reader.part(reader.topics) if line.strip())
    return next(int(word) for word in last if word.isdigit())


async def test_two_readers_that_start_at_once_both_show_all(town: Path, watchful: None) -> None:
    async with reading(town, indexed=False) as one, reading(town, indexed=False) as other:
        for reader in (one, other):
            await reader.until_indexed()
            await reader.until(lambda reader=reader: reader.sees("36 stories"), "all stories")  # type: ignore[misc]
            await reader.rest()
            assert reader.cursor == reader.opened == BRIDGE


async def test_a_story_that_has_vanished_is_told(town: Path) -> None:
    async with reading(town) as reader:
        await reader.until_indexed()
        (town / "_news" / "2024-06-05-comet-returns.md").unlink()
        bring(reader.selection)
        await reader.press("j", "j")
        assert reader.cursor == COMET
        for key in ("enter", "o", "y", "u", "]"):
            await reader.press(key)
            assert "no longer in the index" in reader.footer
            await reader.press("escape", "k")
            assert "no longer in the index" not in reader.text() or reader.cursor == FERRY
            await reader.press("j")
        await reader.press("s", "m", "z", "z", "k")
        assert reader.opened == FERRY


async def test_the_way_back_to_a_story_that_has_vanished(town: Path) -> None:
    async with reading(town) as reader:
        await reader.until_indexed()
        await reader.press("j", "enter", "]", "enter", "]", "enter")
        assert reader.opened == TARIFF
        # The tariff and all that lists it go.
        for name in ("2024-05-25-ferry-fares-fall", "2024-05-20-tariffs-explained", "2024-06-08-ferry-captain-fears"):
            (town / "_news" / f"{name}.md").unlink()
        bring(reader.selection)
        await reader.press("backspace", "backspace", "backspace", "backspace")
        assert reader.app.is_running
        await reader.press("escape", "g")
        assert reader.opened == BRIDGE


async def test_a_story_that_loses_coverage_while_it_is_open(town: Path, watchful: None) -> None:
    async with reading(town) as reader:
        await reader.until_indexed()
        await reader.press("enter", "[")
        chosen = reader.chosen
        assert chosen == FERRY
        write_page(town / "_news", BRIDGE, when="2024-06-09T09:00:00Z", quality=190, related=[entry(FARES)])
        write_page(town / "_news", FERRY, when="2024-06-08T09:00:00Z", by="Sea Gazette", quality=60)
        bring(reader.selection)
        await reader.until(lambda: reader.story.coverage == 1, "the other coverage")
        await reader.rest()
        assert reader.opened == BRIDGE
        # What no longer belongs to it may still be like it.
        assert reader.chosen in {"", FARES, FERRY}
        while reader.chosen != FARES:
            await reader.press("[")
        await reader.press("enter")
        assert reader.opened == FARES


async def test_files_that_cannot_be_read_are_listed_with_line_and_reason(town: Path) -> None:
    (town / "_news" / "2024-01-01-broken.md").write_text("---\ntitle: Broken\nquality: [1, 2\n---\n")
    (town / "_news" / "2024-01-02-no-number.md").write_text("---\ntitle: Kept all the same\nquality: much\n---\n")
    async with reading(town) as reader:
        await reader.press("P")
        assert reader.sees("2 problems")
        x, y = reader.place_of("2024-01-01-broken.md:")
        line = reader.lines()[y][x:].split()[0]
        assert line.removeprefix("2024-01-01-broken.md:").isdigit()
        assert reader.lines()[y + 1].strip(" │▌")
        _, y = reader.place_of("2024-01-02-no-number.md")
        assert "quality is not a number: much" in reader.lines()[y + 1]
        await reader.press("j", "k", "escape")
        assert reader.focus_is_on(reader.stories)
        assert "Kept all the same" in reader.shown()
        assert "Broken" not in reader.shown()


async def test_without_problems_there_is_a_word_for_it(town: Path) -> None:
    async with reading(town) as reader:
        await reader.press("P")
        assert reader.sees("All files could be read")
        await reader.press("j", "G", "escape")
        assert reader.focus_is_on(reader.stories)


async def test_names_of_files_are_data(tmp_path: Path) -> None:
    news = tmp_path / "news"
    news.mkdir()
    (news / "[red]x[ \x1b[31m.md").write_text("---\nquality: [\n---\n")
    async with reading(news) as reader:
        await reader.press("P")
        assert reader.sees("[red]x[ ")
        assert "\x1b" not in reader.text()


async def test_an_error_of_the_disk_is_a_sentence_and_the_reader_goes_on(town: Path) -> None:
    async with reading(town, size=(120, 40)) as reader:
        await reader.until_indexed()
        with closing(sqlite3.connect(folders().marks)) as marks:
            marks.execute("ALTER TABLE mark RENAME TO taken_away")
            marks.commit()
            for key in ("m", "s", "enter", "A"):
                await reader.press(key)
                assert "no such table: marks.mark" in reader.footer
                assert reader.app.is_running
            await reader.press("escape", "j", "S")
            marks.execute("ALTER TABLE taken_away RENAME TO mark")
            marks.commit()
        await reader.press("g", "m")
        assert reader.is_read(reader.cursor)


async def test_a_source_that_is_gone_is_told_and_the_others_are_read(town: Path, tmp_path: Path) -> None:
    write_page(tmp_path / "bare", "From the bare folder", quality=1)
    add_subscriptions(folders().sources, [Subscription(str(tmp_path / "bare")), Subscription(str(town))])
    (tmp_path / "bare").rename(tmp_path / "moved away")
    async with reading(indexed=False, size=(200, 30)) as reader:
        await reader.until_indexed()
        assert "bare" in reader.footer
        assert reader.cursor == BRIDGE


async def test_a_source_is_added_from_inside(tmp_path: Path) -> None:
    write_town(tmp_path / "town")
    async with reading() as reader:
        await reader.press("+")
        await reader.type("/no/such/folder")
        await reader.press("enter")
        assert reader.sees("/no/such/folder")
        assert [source.location for source in load_subscriptions(folders().sources)] == []
        await reader.press(*["backspace"] * 15)
        for char in str(tmp_path / "town"):
            reader.push(char)
        await reader.rest()
        reader.push("enter")
        await reader.until_seen("36 stories", "The Town Crier")
        await reader.until_indexed()
        assert reader.cursor == reader.opened == BRIDGE
        assert not reader.sees("Sample edition")
    assert [source.location for source in load_subscriptions(folders().sources)] == [str(tmp_path / "town")]


async def test_adding_a_source_can_be_given_up(town: Path) -> None:
    async with reading(town) as reader:
        await reader.press("+", "escape")
        assert reader.focus_is_on(reader.stories)
        await reader.press("+", "enter")
        assert reader.focus_is_on(reader.stories)
        assert [source.location for source in load_subscriptions(folders().sources)] == []
        assert reader.app.is_running


async def test_a_long_body_and_its_end(town: Path) -> None:
    async with reading(town, size=(60, 20)) as reader:
        await reader.press(*"jjjjj", "enter", "G")
        assert reader.opened == DREDGING
        while not reader.sees("20th"):
            assert reader.story.scroll_offset.y
            await reader.press("k")


async def test_the_line_under_the_cursor_stays_in_its_place_when_others_come_above(town: Path) -> None:
    async with reading(town, size=(120, 24)) as reader:
        await reader.until_indexed()
        await reader.press(*"j" * 20, "k", "k", "k")
        title, place = reader.cursor, reader.place_of(reader.cursor, reader.stories)
        for number in range(3):
            write_page(town / "_news", f"Hot from the press {number}", quality=300 + number)
        await reader.press("r")
        await reader.until_seen("3 new stories · . shows")
        assert reader.place_of(title, reader.stories) == place
        await reader.press(".")
        await reader.until(lambda: len(reader.stories.order) == 39, "the new stories")
        await reader.rest()
        assert reader.cursor == title
        assert reader.place_of(title, reader.stories) == place
        await reader.press("A")
        assert reader.cursor == title
        assert reader.place_of(title, reader.stories) == place


async def test_a_look_that_failed_is_not_the_last_one(
    town: Path, watchful: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    failed: list[NewsError] = []
    look = Updates._look_around

    async def noted(updates: Updates) -> None:
        try:
            await look(updates)
        except NewsError as error:
            failed.append(error)
            raise

    monkeypatch.setattr(Updates, "_look_around", noted)
    async with reading(town) as reader, reading(town) as other:
        await reader.until_indexed()
        await other.until_indexed()
        with closing(sqlite3.connect(folders().marks)) as marks:
            marks.execute("ALTER TABLE mark RENAME TO taken_away")
            marks.commit()
            await reader.until(lambda: len(failed) > 3, "looks that fail")
            marks.execute("ALTER TABLE taken_away RENAME TO mark")
            marks.commit()
        await other.press("s")
        assert other.is_saved(BRIDGE)
        await reader.until_seen("★")


async def test_a_mute_made_elsewhere_counts_for_the_next_list(town: Path, watchful: None) -> None:
    async with reading(town, size=(120, 40)) as reader:
        await reader.until_indexed()
        assert FERRY in reader.shown()
        with closing(open_index(reader.selection.database)) as connection:
            attach_marks(connection, folders().marks)
            Marks(connection).mute("provider", "Sea Gazette")
        await reader.press("S")
        assert not {FERRY, FARES} & set(reader.shown())
        assert reader.sees("34 stories")


async def test_many_orders_in_one_burst_end_on_the_list_of_the_last(tmp_path: Path) -> None:
    """Of a list of some length the head comes first: the rest of one order must not end up below another."""
    for number in range(130):
        write_page(
            tmp_path / "news",
            f"Page {number:03}",
            when=f"{2000 + number * 7 % 23}-0{1 + number % 9}-01T09:00:00Z",
            quality=number * 31 % 97,
            by=f"Paper {number * 13 % 17:02}",
        )
    async with reading(tmp_path / "news") as reader:
        await reader.until_indexed()
        for keys in ("SSS", "StSt", "SGSg"):
            for key in keys:
                reader.push(key)
            await reader.rest()
            with closing(open_index(reader.selection.database)) as connection:
                attach_marks(connection, folders().marks)
                assert reader.stories.order == IndexReader(connection).order(reader.page.browsing.query)
