"""From launch: what a person sees before a key is pressed, at every size."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.collections import write_article
from tests.ui.pages import BRIDGE, DREDGING, FERRY, write_page
from tests.ui.reader import Reader, reading
from tui_reader.config import folders
from tui_reader.subscriptions.edit import add_subscriptions
from tui_reader.subscriptions.subscription import Subscription


def panes(reader: Reader) -> list[str]:
    """The panes on the screen, in the order of reading."""
    found = {"topics": reader.topics, "list": reader.stories, "story": reader.story}
    return [name for name, widget in found.items() if widget.region.area and widget.is_on_screen]


async def test_it_opens_on_the_sample_with_the_keyboard_on_its_hottest_story() -> None:
    async with reading(indexed=False) as reader:
        await reader.until_indexed()
        assert reader.focus_is_on(reader.stories)
        shown = [row for row in reader.marks().values() if row.shown]
        hottest = max(shown, key=lambda row: row.heat or 0)
        assert len(shown) >= 30
        assert reader.cursor == reader.opened == hottest.title
        assert "Sample edition" in reader.text()
        assert "add" in reader.text()


async def test_the_second_start_shows_stories_before_anything_is_indexed(town: Path) -> None:
    async with reading(town) as reader:
        assert reader.cursor == BRIDGE
        assert reader.sees("The Town Crier")
        assert reader.sees("36 stories")
        assert "Sample edition" not in reader.text()


async def test_what_is_kept_opens_when_nothing_is_named(town: Path) -> None:
    add_subscriptions(folders().sources, [Subscription(str(town))])
    async with reading(indexed=False) as reader:
        await reader.until_indexed()
        assert reader.cursor == BRIDGE
        assert "Sample edition" not in reader.text()


async def test_two_sources_make_one_front_page(town: Path, tmp_path: Path) -> None:
    write_page(tmp_path / "bare", "News from a bare folder", quality=500)
    async with reading(town, tmp_path / "bare") as reader:
        assert reader.cursor == "News from a bare folder"
        await reader.press("j")
        assert reader.cursor == BRIDGE


async def test_three_panes_stand_side_by_side_on_a_wide_screen(town: Path) -> None:
    async with reading(town, size=(120, 40)) as reader:
        assert panes(reader) == ["topics", "list", "story"]
        assert reader.topics.region.right < reader.stories.region.x
        assert reader.stories.region.right < reader.story.region.x
        # All of them are filled: the topics, the list, and the story under its cursor.
        for text in ("Harbour", "Ferry captain", "What is to be said about it"):
            assert reader.sees(text)


async def test_topics_fold_away_on_a_middling_screen_and_come_with_a_key(town: Path) -> None:
    async with reading(town, size=(80, 24)) as reader:
        assert panes(reader) == ["list", "story"]
        for key in ("T", "h", "left", "shift+tab"):
            await reader.press(key)
            assert "topics" in panes(reader)
            assert reader.focus_is_on(reader.topics)
            await reader.press("escape")
            assert panes(reader) == ["list", "story"]
            assert reader.focus_is_on(reader.stories)


@pytest.mark.parametrize("size", [(60, 20), (30, 8)])
async def test_a_narrow_screen_shows_one_pane_at_a_time(town: Path, size: tuple[int, int]) -> None:
    async with reading(town, size=size) as reader:
        assert panes(reader) == ["list"]
        await reader.press("h")
        assert panes(reader) == ["topics"]
        await reader.press("l")
        assert panes(reader) == ["list"]
        await reader.press("l")
        assert panes(reader) == ["story"]
        assert reader.opened == BRIDGE
        await reader.press("escape")
        assert panes(reader) == ["list"]


async def test_resizing_keeps_the_cursor_and_the_open_story(town: Path) -> None:
    async with reading(town, size=(120, 40)) as reader:
        await reader.press(*"jjjjj", "enter", "j", "j")
        for size in ((80, 24), (60, 20), (120, 40), (60, 20), (80, 24), (20, 5), (120, 40)):
            await reader.resize(*size)
            assert reader.cursor == reader.opened == DREDGING
            assert reader.focus_is_on(reader.story)
            assert "story" in panes(reader)
        await reader.press("escape", "k", "k", "k", "k")
        assert reader.cursor == FERRY


async def test_resizing_keeps_the_cursor_on_the_screen(town: Path) -> None:
    async with reading(town, size=(120, 40)) as reader:
        await reader.press("G", "k", "k")
        title = reader.cursor
        for size in ((80, 24), (60, 20), (200, 60), (80, 10), (120, 40)):
            await reader.resize(*size)
            assert reader.cursor == title
            assert reader.sees(title)
            assert reader.focus_is_on(reader.stories)


async def test_a_blog_begins_with_its_newest_post(tmp_path: Path) -> None:
    for day, title in ((3, "A walk"), (9, "On bees"), (5, "Compilers in 20 pictures, with a very long title")):
        write_article(tmp_path / "blog" / f"{day}.md", {"title": title, "date": f"2024-01-0{day}"})
    async with reading(tmp_path / "blog") as reader:
        await reader.until_indexed()
        assert reader.sees("newest")
        assert reader.cursor == "On bees"
