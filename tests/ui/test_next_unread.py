"""The next unread story: below, from the top again, and on in the next view, topic or source that has one."""

from __future__ import annotations

from pathlib import Path

from tests.ui.pages import BRIDGE, COMET, FERRY, HOTTEST_FIRST, write_page
from tests.ui.reader import Reader, reading
from tui_reader.config import folders
from tui_reader.subscriptions.edit import add_subscriptions
from tui_reader.subscriptions.subscription import Subscription


async def to_topic(reader: Reader, name: str) -> None:
    """Go to the list of a topic."""
    await reader.press("T", "g")
    while reader.topics.current().topic != name:
        before = reader.topics.cursor
        await reader.press("j")
        assert reader.topics.cursor != before
    await reader.press("enter")


async def test_what_is_unread_above_comes_before_other_lists(town: Path) -> None:
    async with reading(town) as reader:
        await reader.press("G", "n")
        assert reader.cursor == BRIDGE
        assert "on from the top" in reader.footer


async def test_n_goes_on_to_the_next_topic_with_something_unread(town: Path) -> None:
    async with reading(town, size=(120, 40)) as reader:
        await to_topic(reader, "Harbour")
        await reader.press("A", "n")
        # Bridges are a part of the harbour: all of them are read too.
        assert reader.topics.current().topic == "Sky"
        assert reader.cursor == COMET
        assert "on to Sky" in reader.footer
        assert any("Sky" in line for line in reader.lines()[:1])
        await reader.press("enter", "n")
        # On from the top of the sidebar; while one reads, the story is opened.
        assert reader.topics.current().topic == "Town"
        assert reader.focus_is_on(reader.story)
        assert reader.opened == HOTTEST_FIRST[4]
        assert reader.is_read(HOTTEST_FIRST[4])


async def test_n_says_when_everything_is_read_and_stays(town: Path) -> None:
    async with reading(town, size=(120, 40)) as reader:
        await reader.press("A", "j", "n")
        assert "nor anywhere else" in reader.footer
        assert reader.cursor == FERRY
        assert len(reader.shown()) == 36


async def test_a_search_is_not_left(town: Path) -> None:
    async with reading(town) as reader:
        await reader.press("/")
        await reader.type("ferry")
        await reader.press("enter", "A", "n")
        assert "No more unread" in reader.footer
        assert reader.cursor == FERRY


async def test_n_goes_on_from_source_to_source(home: Path) -> None:
    found = (("Wire", "News", FERRY), ("Post", "News", COMET), ("Saddle", "Blogs", BRIDGE))
    for name, folder, title in found:
        place = home.parent / "sources" / name
        write_page(place, title, by=name)
        add_subscriptions(folders().sources, [Subscription(str(place), name, (folder,))])
    async with reading(size=(120, 40)) as reader:
        await reader.press("T", "G", "enter")
        assert reader.cursor == FERRY
        await reader.press("A", "n")
        # The lines above come after the last one; what has nothing unread is passed over.
        assert "on to Blogs" in reader.footer
        assert reader.cursor == BRIDGE
        await reader.press("A", "n")
        assert "on to News" in reader.footer
        assert reader.cursor == COMET
        await reader.press("A", "n")
        assert "nor anywhere else" in reader.footer
