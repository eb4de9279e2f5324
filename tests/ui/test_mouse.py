"""Clicks: one selects, one on what is selected chooses, a double click does both, each exactly once."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from textual.message import Message

from tests.ui.pages import BRIDGE, COMET, COST, ENGINEERS
from tests.ui.reader import reading
from tui_reader.ui.widgets.line_list import LineList
from tui_reader.ui.widgets.story_list import StoryList
from tui_reader.ui.widgets.story_view import StoryView


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Message]]:
    """The messages that lists send, in order."""
    messages: list[Message] = []
    post = LineList.post_message

    def record(widget: LineList, message: Message) -> bool:
        if isinstance(message, LineList.Chosen | StoryView.Entered | StoryView.Selected):
            messages.append(message)
        return post(widget, message)

    monkeypatch.setattr(LineList, "post_message", record)
    yield messages


async def test_a_click_selects_coverage_and_the_next_one_enters_it_once(town: Path, sent: list[Message]) -> None:
    async with reading(town, size=(120, 40)) as reader:
        await reader.press("enter")
        await reader.click(COST, reader.story)
        assert reader.chosen == COST
        assert [type(message) for message in sent] == [StoryView.Selected]
        await reader.click(COST[3:], reader.story)  # elsewhere on the line: no double click
        await reader.until(lambda: reader.opened == COST, "the article")
        assert [type(message) for message in sent] == [StoryView.Selected, StoryView.Entered]


async def test_a_double_click_enters_coverage_once(town: Path, sent: list[Message]) -> None:
    async with reading(town, size=(120, 40)) as reader:
        await reader.press("enter")
        await reader.click(ENGINEERS, reader.story, times=2)
        await reader.until(lambda: reader.opened == ENGINEERS, "the article")
        assert [type(message) for message in sent] == [StoryView.Selected, StoryView.Entered]
        await reader.press("backspace")
        assert (reader.opened, reader.chosen) == (BRIDGE, ENGINEERS)


async def test_a_double_click_on_selected_coverage_enters_it_once(town: Path, sent: list[Message]) -> None:
    async with reading(town, size=(120, 40)) as reader:
        await reader.press("enter", "]")
        await reader.click(ENGINEERS, reader.story, times=2)
        await reader.until(lambda: reader.opened == ENGINEERS, "the article")
        assert [type(message) for message in sent] == [StoryView.Entered]
        await reader.press("backspace")
        assert (reader.opened, reader.chosen) == (BRIDGE, ENGINEERS)


async def test_a_double_click_on_a_story_opens_it_once(town: Path, sent: list[Message]) -> None:
    async with reading(town, size=(120, 40)) as reader:
        await reader.click(COMET, reader.stories, times=2)
        await reader.until(lambda: reader.opened == COMET, "the story")
        assert [type(message) for message in sent] == [LineList.Chosen]


async def test_the_second_click_does_nothing_on_what_the_first_one_opened(town: Path, sent: list[Message]) -> None:
    # One pane at a time: the story takes the place of the list under the pointer.
    async with reading(town, size=(60, 20)) as reader:
        await reader.click(BRIDGE, reader.stories, times=2)
        assert reader.opened == BRIDGE
        assert reader.chosen == ""
        assert [type(message) for message in sent] == [LineList.Chosen]


async def test_an_empty_search_box_that_the_mouse_has_left_is_closed_by_esc(town: Path) -> None:
    async with reading(town, size=(120, 40)) as reader:
        before = reader.lines()
        await reader.press("slash")
        await reader.click(COMET)
        assert reader.app.screen.query("#search")
        assert isinstance(reader.app.focused, StoryList)
        await reader.press("escape")
        assert not reader.app.screen.query("#search")
        await reader.press("g")
        assert reader.lines()[1:-1] == before[1:-1]
