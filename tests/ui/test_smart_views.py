"""Smart views: in the sidebar with their numbers, saved from a search, and changed in their window or by hand."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.ui.pages import BRIDGE, COMET, DREDGING, FARES, FERRY, minor
from tests.ui.reader import Reader, reading, write_settings
from tui_reader.config import folders
from tui_reader.errors import UsageError
from tui_reader.model.query import Sort, Window
from tui_reader.subscriptions.views import SmartView, add_view, load_views

FERRIES = SmartView("Ferries", "ferry")
FIXED = SmartView("Fixed", "topic:Town", Sort.QUALITY, Window.WEEK)
SKY = SmartView("By the sky", "topic:Sky is:unread")


def keep(*views: SmartView) -> None:
    for view in views:
        add_view(folders().views, view)


def line_of(reader: Reader, name: str) -> str:
    """The line of the sidebar that begins with a name."""
    lines = (" ".join(line.strip(" ▌").split()) for line in reader.part(reader.topics))
    return next(line for line in lines if line.startswith(name))


async def test_views_stand_above_the_topics_with_their_unread_stories(town: Path) -> None:
    keep(FERRIES, SKY, SmartView("Read", "is:read"))
    async with reading(town, size=(120, 40)) as reader:
        await reader.until_indexed()
        assert line_of(reader, "Ferries") == "Ferries 2"
        assert line_of(reader, "By the sky") == "By the sky 1"
        assert line_of(reader, "Read") == "Read"
        rows = [line.strip(" ▌") for line in reader.part(reader.topics)]
        assert (
            rows.index("Saved") < rows.index("Read") < next(i for i, row in enumerate(rows) if row.startswith("Town"))
        )
        await reader.to_line("Ferries")
        assert sorted(reader.shown()) == sorted([FERRY, FARES])
        assert any("Ferries" in line and "2 stories" in line for line in reader.lines()[:1])
        await reader.press("enter", "enter", "escape")
        # The numbers follow the marks; what has nothing unread has the number of its stories.
        assert line_of(reader, "Ferries") == "Ferries 1"
        assert line_of(reader, "Read") == "Read 1"
        await reader.press("escape")
        assert len(reader.shown()) == 36


async def test_a_search_goes_on_in_a_view_and_a_view_ends_with_escape(town: Path) -> None:
    keep(FERRIES)
    async with reading(town, size=(120, 40)) as reader:
        await reader.to_line("Ferries")
        await reader.press("enter", "/")
        await reader.type("fares OR comet")
        assert reader.shown() == [FARES]
        await reader.press("enter", "escape")
        assert sorted(reader.shown()) == sorted([FERRY, FARES])
        await reader.press("escape")
        assert COMET in reader.shown()


async def test_a_view_may_fix_its_order_and_its_window(town: Path) -> None:
    keep(FIXED)
    async with reading(town, size=(120, 40)) as reader:
        await reader.until_indexed()
        await reader.to_line("Fixed")
        assert reader.shown() == [BRIDGE, COMET, FERRY]
        assert any("a week" in line and "by quality" in line for line in reader.lines()[:1])
        await reader.press("enter", "S", "t")
        assert not any("by quality" in line for line in reader.lines()[:1])
        await reader.press("escape")
        # The front page has kept its own.
        assert any("all time" in line and "by heat" in line for line in reader.lines()[:1])


async def test_a_search_is_saved_as_a_view(town: Path) -> None:
    async with reading(town, size=(120, 40)) as reader:
        await reader.press("ctrl+s")
        assert "need no view" in reader.footer
        await reader.press("/")
        await reader.type("ferry -captain")
        await reader.press("ctrl+s")
        await reader.type("Fares")
        await reader.press("enter")
        assert load_views(folders().views) == (SmartView("Fares", "ferry -captain"),)
        assert reader.shown() == [FARES]
        assert line_of(reader, "Fares") == "Fares 1"
        assert not reader.page.panes.has_search_box
        assert "Saved as the view Fares" in reader.footer
        # The same name again is told, and another one can be typed.
        await reader.press("escape", "/")
        await reader.type("comet")
        await reader.press("enter", "ctrl+s")
        await reader.type("fares")
        await reader.press("enter")
        assert reader.sees("There is a view called ‘fares’ already")
        await reader.type("x")
        await reader.press("enter")
        assert [view.name for view in load_views(folders().views)] == ["Fares", "faresx"]


async def test_the_topic_and_the_filter_are_saved_with_the_search(town: Path) -> None:
    async with reading(town, size=(120, 40)) as reader:
        await reader.press("T", "G", "enter", "ctrl+s")
        await reader.type("Up there")
        await reader.press("enter", "escape")
        await reader.press("T", "g", "j", "enter", "/")
        await reader.type("comet OR ferry")
        await reader.press("enter", "ctrl+s")
        await reader.type("Unread ones")
        await reader.press("enter")
        first, second = load_views(folders().views)
        assert first.query == "topic:Sky"
        assert second.query == "is:unread (comet OR ferry)"
        assert sorted(reader.shown()) == sorted([COMET, FERRY, FARES])


async def test_a_wrong_search_is_not_saved(town: Path) -> None:
    async with reading(town, size=(120, 40)) as reader:
        await reader.press("/")
        await reader.type("tittle:ferry")
        await reader.press("ctrl+s")
        assert "did you mean ‘title:’" in reader.footer
        assert not folders().views.exists()


async def test_the_window_of_the_views_changes_them(town: Path) -> None:
    keep(FERRIES, SKY)
    async with reading(town, size=(120, 40)) as reader:
        await reader.press("V")
        assert reader.sees("2 unread of 2")
        await reader.press("J")
        assert [view.name for view in load_views(folders().views)] == ["By the sky", "Ferries"]
        await reader.press("R", "ctrl+u")
        await reader.type("Boats")
        await reader.press("enter", "e", "ctrl+u")
        await reader.type("fares")
        await reader.press("enter", "S", "t")
        assert load_views(folders().views)[1] == SmartView("Boats", "fares", Sort.HEAT, Window.ALL)
        assert reader.sees("by heat · all time")
        await reader.press("a")
        await reader.type("(comet")
        await reader.press("enter")
        assert reader.sees("parenthesis is not closed")
        await reader.type(")")
        await reader.press("enter")
        await reader.type("Comets")
        await reader.press("enter", "k", "k", "d")
        assert reader.sees("Press d again to delete By the sky")
        await reader.press("d")
        assert [view.name for view in load_views(folders().views)] == ["Boats", "Comets"]
        await reader.press("enter")
        assert reader.shown() == [FARES]
        assert line_of(reader, "Boats") == "Boats 1"
        assert line_of(reader, "Comets") == "Comets 1"


async def test_a_view_that_is_deleted_while_it_is_listed_gives_way_to_all_stories(town: Path) -> None:
    keep(FERRIES)
    async with reading(town, size=(120, 40)) as reader:
        await reader.to_line("Ferries")
        await reader.press("V", "d", "d", "escape")
        assert len(reader.shown()) == 36
        await reader.press("V")
        assert reader.sees("No views yet")


async def test_a_wrong_view_is_told_with_its_file_and_the_others_work(town: Path) -> None:
    keep(FERRIES)
    path = folders().views
    path.write_text(path.read_text() + '\n[[view]]\nname = "Broken"\nquery = "titel:ferry"\n')
    async with reading(town, size=(120, 40), indexed=True) as reader:
        await reader.until_seen("views.toml")
        assert "Broken" in reader.footer
        assert line_of(reader, "Broken") == "Broken ✕"
        await reader.to_line("Broken")
        assert reader.shown() == []
        assert any("did you mean" in line for line in reader.part(reader.stories))
        await reader.press("k")
        assert sorted(reader.shown()) == sorted([FERRY, FARES])


async def test_a_file_that_is_changed_by_hand_is_read_again(town: Path, watchful: None) -> None:
    keep(FERRIES)
    async with reading(town, size=(120, 40)) as reader:
        await reader.to_line("Ferries")
        path = folders().views
        path.write_text(path.read_text().replace('"ferry"', '"comet"') + '\n[[view]]\nname = "New"\nquery = "bridge"\n')
        await reader.until(lambda: reader.shown() == [COMET], "the other query")
        await reader.until_seen("New")
        await reader.until(lambda: line_of(reader, "New") == "New 1", "the number")


async def test_a_view_may_name_what_is_gone(town: Path) -> None:
    keep(SmartView("Gone", "topic:Nowhere"))
    async with reading(town, size=(120, 40)) as reader:
        await reader.to_line("Gone")
        assert any("cannot be listed" in line for line in reader.part(reader.stories))
        await reader.press("escape", "escape")
        assert len(reader.shown()) == 36


async def test_a_damaged_file_is_told_and_left_alone(town: Path) -> None:
    path = folders().views
    path.parent.mkdir(parents=True)
    path.write_text("[[view]\nname = ")
    async with reading(town, size=(120, 40)) as reader:
        await reader.until_seen("views.toml")
        assert len(reader.shown()) == 36
        await reader.press("/")
        await reader.type("ferry")
        await reader.press("ctrl+s")
        await reader.type("Ferries")
        await reader.press("enter")
        assert reader.sees("not valid TOML")
        await reader.press("escape", "escape")
    assert path.read_text() == "[[view]\nname = "


async def test_the_reader_opens_with_a_view(town: Path) -> None:
    keep(FERRIES, FIXED)
    async with reading(town, size=(120, 40), view_name="ferries") as reader:
        await reader.until_indexed()
        assert sorted(reader.shown()) == sorted([FERRY, FARES])
        view = reader.topics.current().view
        assert view is not None
        assert view.name == "Ferries"
        await reader.press("escape")
        assert DREDGING in reader.shown()
    async with reading(town, size=(120, 40), view_name="Fixed") as reader:
        assert reader.shown() == [BRIDGE, COMET, FERRY]
        await reader.press("escape")
        assert minor(1) in reader.shown()
    with pytest.raises(UsageError, match="did you mean ‘Ferries’"):
        async with reading(town, view_name="Feries"):
            raise AssertionError


async def test_the_name_of_a_view_may_look_like_markup(town: Path) -> None:
    keep(SmartView("[/boats]", "ferry"))
    async with reading(town) as reader:
        await reader.press("V", "e")
        assert reader.sees("Query of [/boats]")


@pytest.mark.parametrize("width", [80, 100, 120])
async def test_the_window_of_views_names_its_keys_as_they_are(town: Path, width: int) -> None:
    write_settings('[keys]\nsave_view = "ctrl+b"\n[keys.views]\nadd = "N"\ndelete = "X"\n')
    async with reading(town, size=(width, 30)) as reader:
        await reader.press("V")
        assert reader.sees("⏎ list · N add · e query · R rename · J/K move · X delete · ? keys")
        assert reader.sees("No views yet: N adds one, and Ctrl+B in a search saves")
        keep(FERRIES)
        await reader.press("escape", "V", "X")
        assert reader.sees("Press X again to delete Ferries")
