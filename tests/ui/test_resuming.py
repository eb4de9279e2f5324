"""The reader opens where it was left: list, row, open story and scroll; not after long, and not where nothing is."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from tests.ui.pages import BRIDGE, COMET, DREDGING, ENGINEERS, FARES, FERRY, minor, write_page
from tests.ui.reader import bring, reading
from tui_reader.config import folders
from tui_reader.subscriptions.selection import select_sources
from tui_reader.subscriptions.views import SmartView, add_view


def age(hours: float) -> None:
    """Let it be longer ago that the reader was left."""
    path = folders().left
    raw = json.loads(path.read_text())
    for left in raw.values():
        left["when"] -= int(hours * 3600)
    path.write_text(json.dumps(raw))


@pytest.mark.parametrize("size", [(120, 40), (80, 24), (60, 20)])
async def test_the_row_is_where_it_was_on_the_screen(town: Path, size: tuple[int, int]) -> None:
    async with reading(town, size=size, resumed=True) as reader:
        await reader.press("G", *"kkk")
        title, place = reader.cursor, reader.place_of(reader.cursor, reader.stories)
    assert title == minor(27)
    async with reading(town, size=size, resumed=True) as reader:
        assert reader.cursor == title
        assert reader.place_of(title, reader.stories) == place
        assert "You were here · g goes to the top" in reader.footer
        await reader.press("g")
        assert reader.cursor == BRIDGE


async def test_a_reader_that_was_killed_opens_where_it_was(town: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tui_reader.ui.controllers.resuming._NOTED_EVERY", 0.02)
    path = folders().left
    async with reading(town, size=(80, 24), resumed=True) as reader:
        await reader.press("T", "G", "enter", "enter")
        page = reader.page.panes.story.place()
        assert page is not None
        await reader.until(lambda: path.exists() and f"[{page.page}, " in path.read_text(), "the place")
        noted = path.read_text()
    path.write_text(noted)  # as if nothing had been written at the end
    async with reading(town, size=(80, 24), resumed=True) as reader:
        await reader.until(lambda: reader.opened == COMET, "the open story")
        await reader.press("escape")
        assert reader.shown() == [COMET]


async def test_a_row_that_is_deep_in_the_list(tmp_path: Path) -> None:
    for number in range(300):
        write_page(tmp_path / "news", f"Number {number}", quality=1 + number % 90)
    async with reading(tmp_path / "news", resumed=True) as reader:
        await reader.press("G")
        last = reader.cursor
    async with reading(tmp_path / "news", resumed=True) as reader:
        assert reader.cursor == last
        await reader.press("g", "G")
        assert reader.cursor == last


@pytest.mark.parametrize("size", [(120, 40), (80, 24), (60, 20)])
async def test_the_open_story_is_open_where_it_was_scrolled_to(town: Path, size: tuple[int, int]) -> None:
    async with reading(town, size=size, resumed=True) as reader:
        await reader.press(*"jjjjj", "enter", *"jjjjjjj")
        assert reader.opened == DREDGING
        scroll = reader.story.scroll_offset.y
        assert scroll == 7
    async with reading(town, size=size, resumed=True) as reader:
        assert reader.focus_is_on(reader.story)
        assert reader.opened == reader.cursor == DREDGING
        # Where the pane was hidden until then, the place is found by the text: an empty line above it does not count.
        assert reader.story.scroll_offset.y in {scroll, scroll + 1}
        await reader.press("escape")
        assert reader.focus_is_on(reader.stories)
        assert reader.cursor == DREDGING


async def test_the_way_through_the_coverage_is_kept(town: Path) -> None:
    async with reading(town, resumed=True) as reader:
        await reader.press("enter", "]", "enter", "]")
        assert reader.opened == ENGINEERS
    async with reading(town, resumed=True) as reader:
        assert reader.opened == ENGINEERS
        await reader.press("backspace")
        assert reader.opened == BRIDGE
        assert reader.chosen == ENGINEERS


async def test_the_topic_is_open_again_and_a_search_is_not(town: Path) -> None:
    async with reading(town, size=(120, 40), resumed=True) as reader:
        await reader.press("T", "G", "enter", "/")
        await reader.type("comet")
        await reader.press("enter")
    async with reading(town, size=(120, 40), resumed=True) as reader:
        assert reader.shown() == [COMET]
        assert reader.topics.current().topic == "Sky"
        assert not reader.page.panes.has_search_box
        await reader.press("escape")
        assert len(reader.shown()) == 36


async def test_a_view_is_open_again_as_it_is_now(town: Path) -> None:
    path = folders().views
    add_view(path, SmartView("Ferries", "ferry"))
    async with reading(town, size=(120, 40), resumed=True) as reader:
        await reader.press("T", "g", "j", "j", "j", "enter", "j")
        assert sorted(reader.shown()) == sorted([FERRY, FARES])
        cursor = reader.cursor
    async with reading(town, size=(120, 40), resumed=True) as reader:
        assert sorted(reader.shown()) == sorted([FERRY, FARES])
        assert reader.cursor == cursor
    path.write_text(path.read_text().replace('"ferry"', '"comet"'))
    async with reading(town, size=(120, 40), resumed=True) as reader:
        await reader.until(lambda: reader.shown() == [COMET])
    path.unlink()
    async with reading(town, size=(120, 40), resumed=True) as reader:
        await reader.until(lambda: len(reader.shown()) == 36)


async def test_after_hours_the_front_page_opens_at_its_top(town: Path) -> None:
    async with reading(town, resumed=True) as reader:
        await reader.press("T", "G", "enter")
    age(7)
    async with reading(town, resumed=True) as reader:
        assert len(reader.shown()) == 36
        assert reader.cursor == BRIDGE
        await reader.press("G")
    age(5)
    async with reading(town, resumed=True) as reader:
        assert reader.cursor == minor(30)
    folders().settings.parent.mkdir(parents=True, exist_ok=True)
    folders().settings.write_text("[start]\nresume = 0\n")
    async with reading(town, resumed=True) as reader:
        assert reader.cursor == BRIDGE


async def test_a_story_that_is_gone_leaves_the_row_at_its_place(town: Path) -> None:
    async with reading(town, resumed=True) as reader:
        await reader.press("j", "j", "enter")
        assert reader.opened == COMET
    next((town / "_news").glob("*comet*")).unlink()
    async with reading(town, resumed=True) as reader:
        assert reader.cursor == FARES
        assert reader.focus_is_on(reader.stories)


async def test_a_list_that_is_empty_by_now_gives_way_to_the_front_page(town: Path) -> None:
    async with reading(town, resumed=True) as reader:
        await reader.press("T", "G", "enter")
        assert reader.shown() == [COMET]
    next((town / "_news").glob("*comet*")).unlink()
    async with reading(town, resumed=True) as reader:
        assert reader.cursor == BRIDGE
        assert len(reader.shown()) == 35


@pytest.mark.parametrize("text", ["", "[]", "{", '{"%s": {"when": 99999999999}}', '{"%s": 7}', "null"])
async def test_a_damaged_memory_is_no_trouble(town: Path, text: str) -> None:
    async with reading(town, resumed=True) as reader:
        await reader.press("G")
        index = reader.selection.database.name
    folders().left.write_text(text.replace("%s", index))
    async with reading(town, resumed=True) as reader:
        assert reader.cursor == BRIDGE
        await reader.press("G")
    async with reading(town, resumed=True) as reader:
        assert reader.cursor == minor(30)


async def test_each_set_of_sources_has_its_own_place_and_only_the_user_reads_it(town: Path, tmp_path: Path) -> None:
    other = write_page(tmp_path / "other", "Elsewhere").parent
    async with reading(town, resumed=True) as reader:
        await reader.press("G")
    async with reading(other, resumed=True) as reader:
        assert reader.cursor == "Elsewhere"
    async with reading(town, resumed=True) as reader:
        assert reader.cursor == minor(30)
    assert os.stat(folders().left).st_mode & 0o077 == 0


async def test_what_came_meanwhile_is_offered_and_moves_nothing(town: Path, watchful: None) -> None:
    async with reading(town, resumed=True) as reader:
        await reader.press("j", "j")
        assert reader.cursor == COMET
    bring(select_sources([str(town)], folders()))
    async with reading(town, resumed=True) as reader:
        await reader.until_indexed()
        place = reader.place_of(COMET, reader.stories)
        write_page(town / "_news", "Rather hot", quality=99, when="2024-06-09T10:00:00Z")
        bring(reader.selection)
        await reader.until_seen("1 new story")
        assert reader.cursor == COMET
        assert reader.place_of(COMET, reader.stories) == place
        await reader.press(".")
        assert reader.cursor == COMET
        assert "Rather hot" in reader.shown()[:3]
