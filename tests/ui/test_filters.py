"""Filters in the reader: made from a story or a search with a preview, listed, turned off, changed, removed, undone."""

from __future__ import annotations

from pathlib import Path

from tests.ui.pages import COMET, FARES, FERRY, write_page
from tests.ui.reader import Reader, reading
from tests.ui.test_opinions import call, choose, confirm
from tui_reader.ui.screens.filter import FilterScreen
from tui_reader.ui.screens.filters import FiltersScreen


async def retype(reader: Reader, text: str) -> None:
    """Replace what is in the field with the cursor."""
    await reader.press("home", "ctrl+k")
    await reader.type(text)


async def closed(reader: Reader) -> None:
    await reader.until(lambda: len(reader.app.screen_stack) == 1, "the end of the window")
    await reader.rest()


async def test_stories_like_one_are_muted_by_the_rare_words_of_its_title(town: Path) -> None:
    async with reading(town) as reader:
        await reader.until_indexed()
        await reader.press("j", "a")
        await choose(reader, "Stories like this")
        await reader.until_seen("It hides")
        assert isinstance(reader.app.screen, FilterScreen)
        assert reader.sees('title:"Ferry"')
        await retype(reader, "ferry -captain")
        await reader.until_seen("It hides 1 story (1 article)")
        assert reader.sees(FARES)
        await reader.press("enter")
        await closed(reader)
        assert reader.sees("Filter: mute: hides 1 story (1 article) · z undoes it")
        assert FARES not in reader.shown()
        assert FERRY in reader.shown()
        await reader.press("z")
        assert reader.sees("Undone: filter: mute · ferry -captain")
        assert FARES in reader.shown()


async def test_what_is_typed_refines_the_query_that_is_there(tmp_path: Path) -> None:
    news = tmp_path / "news"
    for number in range(12):
        write_page(news, f"Ferry number {number}", when=f"2024-06-{number + 1:02}T09:00:00Z")
    async with reading(news, size=(80, 20)) as reader:
        await reader.until_indexed()
        await call(reader, "Mute a word of the title")
        await choose(reader, "Mute Ferry ")
        await reader.until_seen("(12 articles)")
        # The last ones have no room, and are shown by the key for pages.
        assert not reader.sees("Ferry number 0")
        await reader.press("pagedown", "pagedown")
        assert reader.sees("Ferry number 0")
        await reader.press("pageup", "pageup")
        await reader.type(" number")
        assert reader.sees('title:"Ferry" number')
        # What is done with it is chosen anew.
        await reader.press("tab")
        await reader.type("save")
        await reader.until_seen("It finds 12 articles")
        assert not reader.sees("mutesave")


async def test_a_wrong_query_is_said_and_makes_no_filter(town: Path) -> None:
    async with reading(town) as reader:
        await reader.until_indexed()
        await reader.press("exclamation_mark")
        await reader.type("titel:ferry")
        await reader.until_seen("did you mean ‘title:’")
        await reader.press("enter")
        await reader.until_seen("did you mean ‘title:’")
        assert isinstance(reader.app.screen, FilterScreen)
        await reader.press("escape")
        await closed(reader)
        await reader.press("F")
        await reader.until_seen("No filters yet")


async def test_what_a_search_finds_is_saved_and_undone_with_its_filter(town: Path) -> None:
    async with reading(town) as reader:
        await reader.until_indexed()
        await reader.press("slash")
        await reader.type("ferry")
        await reader.press("enter", "exclamation_mark")
        await reader.until_seen("It hides")
        await reader.press("down", "down")
        await reader.until_seen("It finds")
        assert reader.sees("what arrives from now on")
        await reader.press("ctrl+t", "enter")
        await closed(reader)
        assert all(reader.marks()[title].saved for title in (FERRY, FARES))
        await reader.press("z")
        assert not any(reader.marks()[title].saved for title in (FERRY, FARES))


async def test_filters_are_listed_turned_off_changed_and_removed(town: Path) -> None:
    async with reading(town) as reader:
        await reader.until_indexed()
        await reader.press("exclamation_mark")
        await reader.type("title:comet")
        await confirm(reader, "It hides 1 story")
        assert COMET not in reader.shown()
        await reader.press("F")
        await reader.until_seen("title:comet")
        assert isinstance(reader.app.screen, FiltersScreen)
        await reader.press("space")
        await reader.until_seen("off")
        await reader.press("space")
        await reader.until(lambda: not reader.sees(" off "), "the filter on again")
        await reader.press("enter")
        await reader.until_seen("Change the filter")
        await retype(reader, "title:fares")
        await reader.until_seen("It hides 1 story")
        await reader.press("enter")
        await reader.until_seen("title:fares")
        await reader.press("d")
        await reader.until_seen("No filters yet")
        await reader.press("z")
        await reader.until_seen("mute        title:fares")
        assert reader.sees("│ Undone: filter removed: mute · title:fares")
        await reader.press("escape")
        await closed(reader)
        assert FARES not in reader.shown()
        assert COMET in reader.shown()


async def test_mutes_of_words_are_in_the_list_and_removed_there(town: Path) -> None:
    async with reading(town) as reader:
        await reader.until_indexed()
        await reader.press("j")
        await call(reader, "Mute a word of the title")
        await choose(reader, "Mute Ferry ")
        await confirm(reader, "It hides 2 stories")
        await reader.press("F")
        await reader.until_seen("keyword ferry")
        await reader.press("d")
        await reader.until_seen("No filters yet")
        await reader.press("escape")
        await closed(reader)
        assert FERRY in reader.shown()
