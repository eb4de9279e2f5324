"""Moving with keys and mouse: in the list, between the panes, from one unread story to the next."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.ui.pages import BRIDGE, COMET, DREDGING, FARES, FERRY, HOTTEST_FIRST, MINOR, TARIFF, WALK, minor
from tests.ui.reader import reading


async def test_lines(town: Path) -> None:
    async with reading(town) as reader:
        for down, up in (("j", "k"), ("down", "up")):
            for title in HOTTEST_FIRST[1:]:
                await reader.press(down)
                assert reader.cursor == reader.opened == title
            for title in reversed(HOTTEST_FIRST[:-1]):
                await reader.press(up)
                assert reader.cursor == reader.opened == title
            await reader.press(up)
            assert reader.cursor == BRIDGE


async def test_first_and_last(town: Path) -> None:
    async with reading(town) as reader:
        for first, last in (("g", "G"), ("home", "end")):
            await reader.press(last)
            assert reader.cursor == minor(MINOR)
            assert reader.sees(minor(MINOR))
            assert "36 of 36" in reader.footer
            await reader.press("j")
            assert reader.cursor == minor(MINOR)
            await reader.press(first)
            assert reader.cursor == BRIDGE
            assert reader.sees(BRIDGE)


async def test_pages(town: Path) -> None:
    async with reading(town, size=(80, 24)) as reader:
        page = reader.stories.page()
        assert page > 3
        for down, up in (("pagedown", "pageup"), ("space", "b"), ("ctrl+f", "ctrl+b")):
            await reader.press(down)
            assert reader.stories.cursor == page
            await reader.press(down, up, up)
            assert reader.cursor == BRIDGE


async def test_the_cursor_is_always_on_the_screen(town: Path) -> None:
    async with reading(town, size=(80, 24)) as reader:
        for key in (*"jjjjjjjjjjjjjjjjjj", "pageup", "G", "b", "k", "space", "g"):
            await reader.press(key)
            assert reader.sees(reader.cursor)


async def test_the_panes_by_keys(town: Path) -> None:
    async with reading(town) as reader:
        for right, left in (("l", "h"), ("right", "left"), ("tab", "shift+tab")):
            await reader.press(left)
            assert reader.focus_is_on(reader.topics)
            await reader.press(left)
            assert reader.focus_is_on(reader.topics)
            await reader.press(right)
            assert reader.focus_is_on(reader.stories)
            await reader.press(right)
            assert reader.focus_is_on(reader.story)
            await reader.press(right)
            assert reader.focus_is_on(reader.story)
            await reader.press(left)
            assert reader.focus_is_on(reader.stories)


async def test_escape_goes_back_to_the_list_and_never_leaves_the_reader(town: Path) -> None:
    async with reading(town) as reader:
        for key in ("enter", "h"):
            await reader.press(key, "escape")
            assert reader.focus_is_on(reader.stories)
        await reader.press("escape", "escape", "escape")
        assert reader.app.is_running
        assert reader.cursor == BRIDGE


async def test_escape_leaves_a_topic_with_the_cursor_on_its_story(town: Path) -> None:
    async with reading(town) as reader:
        await reader.press("h", "G", "enter")
        assert reader.shown() == [COMET]
        await reader.press("escape")
        assert len(reader.shown()) == 36
        assert reader.cursor == COMET


async def test_the_topics_choose_what_the_list_shows(town: Path) -> None:
    async with reading(town) as reader:
        await reader.press("T")
        seen = {}
        for _ in range(7):
            await reader.press("j")
            seen[reader.topics.current()] = reader.shown()
        titles = {choice.topic or choice.filter.value: shown for choice, shown in seen.items()}
        assert list(titles) == ["unread", "saved", "Town", "Harbour", "Bridges", "Sky"]
        assert len(titles["unread"]) == 36
        assert titles["saved"] == []
        assert titles["Harbour"] == [BRIDGE, FERRY, FARES, DREDGING]
        assert titles["Bridges"] == [BRIDGE]
        await reader.press("g")
        assert len(reader.shown()) == 36


async def test_the_story_scrolls_by_lines_and_pages(town: Path) -> None:
    async with reading(town, size=(80, 24)) as reader:
        await reader.press(*"jjjjj", "enter")
        assert reader.opened == DREDGING
        assert reader.sees("Part 1")
        await reader.press("j", "j", "k")
        assert reader.story.scroll_offset.y == 1
        await reader.press("G")
        assert reader.sees("SEE ALSO")
        assert reader.cursor == DREDGING
        end = reader.story.scroll_offset.y
        await reader.press("pageup")
        assert reader.story.scroll_offset.y < end
        await reader.press("space", "g")
        assert reader.story.scroll_offset.y == 0


async def test_the_next_unread_story(town: Path) -> None:
    async with reading(town) as reader:
        await reader.press("j", "m", "j", "m", "g")
        await reader.press("n")
        assert reader.cursor == FARES
        await reader.press("n", "n")
        assert reader.cursor == DREDGING
        await reader.press("N", "N")
        assert reader.cursor == FARES
        await reader.press("N")
        assert reader.cursor == BRIDGE
        await reader.press("N")
        assert reader.cursor == BRIDGE
        assert "No unread" in reader.footer


async def test_the_next_unread_story_while_reading_opens_it(town: Path) -> None:
    async with reading(town) as reader:
        await reader.press("enter", "n")
        assert reader.opened == reader.cursor == FERRY
        assert reader.focus_is_on(reader.story)
        assert reader.is_read(FERRY)
        await reader.press("n", "n")
        assert reader.opened == FARES
        assert reader.is_read(COMET)
        assert not reader.is_read(TARIFF)


@pytest.mark.parametrize("size", [(120, 40), (60, 20)])
async def test_a_click_selects_and_a_second_one_opens(town: Path, size: tuple[int, int]) -> None:
    async with reading(town, size=size) as reader:
        await reader.click(COMET, reader.stories)
        assert reader.cursor == COMET
        assert reader.focus_is_on(reader.stories)
        assert not reader.is_read(COMET)
        await reader.click(COMET, reader.stories)
        assert reader.opened == COMET
        assert reader.focus_is_on(reader.story)
        assert reader.is_read(COMET)


async def test_a_double_click_opens(town: Path) -> None:
    async with reading(town) as reader:
        await reader.click(FARES, reader.stories, times=2)
        assert reader.opened == FARES
        assert reader.focus_is_on(reader.story)


async def test_a_click_on_a_topic_shows_it(town: Path) -> None:
    async with reading(town, size=(120, 40)) as reader:
        await reader.click("Sky", reader.topics)
        assert reader.shown() == [COMET]
        assert reader.focus_is_on(reader.topics)
        await reader.click("Sky", reader.topics)
        assert reader.focus_is_on(reader.stories)


async def test_a_click_in_the_coverage_selects_and_a_second_one_goes_in(town: Path) -> None:
    async with reading(town) as reader:
        await reader.click(WALK, reader.story)
        assert reader.chosen == WALK
        assert reader.focus_is_on(reader.story)
        await reader.click(WALK, reader.story)
        assert reader.opened == WALK


async def test_the_wheel_scrolls_what_is_under_the_mouse(town: Path) -> None:
    async with reading(town, size=(80, 24)) as reader:
        await reader.wheel("Comet", notches=3)
        await reader.until(lambda: reader.stories.scroll_offset.y > 0, "the list to scroll")
        await reader.rest()  # for the other notches
        assert reader.cursor == BRIDGE
        assert reader.focus_is_on(reader.stories)
        down = reader.stories.scroll_offset.y
        await reader.wheel("Notices", down=False)
        await reader.until(lambda: reader.stories.scroll_offset.y < down, "the list to scroll back")
        await reader.wheel("What is to be said", notches=2)
        await reader.until(lambda: reader.story.scroll_offset.y > 0, "the story to scroll")


async def test_a_click_on_no_story_does_nothing(town: Path) -> None:
    async with reading(town) as reader:
        await reader.press("h", "G")
        await reader.press("l")
        # Below the only story of the topic there is nothing.
        await reader.click(" " * reader.stories.size.width, reader.stories)
        assert reader.cursor == COMET
        assert not reader.is_read(COMET)
