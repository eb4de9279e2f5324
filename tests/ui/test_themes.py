"""Themes: what is selected can be read in each of them, and one is chosen by looking at it."""

from __future__ import annotations

from pathlib import Path

from rich.segment import Segment
from textual.app import App
from textual.color import Color

from tests.ui.pages import BRIDGE, COMET, FERRY
from tests.ui.reader import reading
from tui_reader.config import folders, load_view
from tui_reader.ui.contrast import READABLE, contrast, readable

BLACK, WHITE, GREY = (Color.parse(name) for name in ("#000000", "#ffffff", "#777777"))


def test_contrast_is_that_of_the_guidelines() -> None:
    assert round(contrast(BLACK, WHITE), 2) == round(contrast(WHITE, BLACK), 2) == 21
    assert contrast(GREY, GREY) == 1
    assert round(contrast(GREY, WHITE), 2) == 4.48  # the example of every guide: just not enough


def test_a_colour_that_can_be_read_stays() -> None:
    assert readable(WHITE, BLACK) == WHITE
    for behind in ("#000000", "#434c5e", "#777777", "#cccccc", "#ffffff"):
        assert contrast(readable(GREY, Color.parse(behind)), Color.parse(behind)) >= READABLE


def contrast_of(segment: Segment) -> float:
    """Return the contrast of a piece of text to what is behind it."""
    style = segment.style
    assert style is not None
    assert style.color is not None
    assert style.bgcolor is not None
    return contrast(Color.from_rich_color(style.color), Color.from_rich_color(style.bgcolor))


async def test_selected_rows_can_be_read_in_every_theme(town: Path) -> None:
    async with reading(town, size=(120, 40)) as reader:
        await reader.until_indexed()
        await reader.press("s", "enter", "escape")
        assert len(reader.app.available_themes) > 20
        for name in reader.app.available_themes:
            # As choosing it does, without painting the whole screen in it.
            reader.app.set_reactive(App.theme, name)
            reader.app.get_css_variables()
            reader.stories.recolour()
            for index, is_read in ((0, True), (1, False)):
                row = reader.stories.row(reader.stories.order[index])
                assert row is not None
                assert row.read is is_read
                strips = reader.stories.draw(index, 60, selected=True)
                segments = [segment for strip in strips for segment in strip if segment.text.strip(" ▌")]
                assert len(segments) >= 3
                if name.startswith("ansi"):  # colours that only the terminal knows: its own pair, reversed
                    assert all(segment.style and segment.style.reverse for segment in segments)
                    assert all(segment.style and segment.style.color is None for segment in segments)
                else:
                    for segment in segments:
                        assert contrast_of(segment) >= READABLE, (name, segment.text)


async def test_c_shows_each_theme_and_remembers_the_one_chosen(town: Path) -> None:
    async with reading(town, size=(120, 40)) as reader:
        await reader.until_indexed()
        before = reader.style_of(BRIDGE, reader.stories)
        await reader.press("C")
        assert reader.sees("nord")
        assert reader.sees(COMET)
        assert reader.app.theme == "news-dark"
        await reader.press("j")
        light = reader.style_of(FERRY)
        assert light.bgcolor != before.bgcolor  # the list below, while the picker is open
        await reader.press("escape")
        assert reader.app.theme == "news-dark"
        assert reader.style_of(BRIDGE, reader.stories) == before
        await reader.press("C", "G", "enter")
        assert reader.app.theme == "tokyo-night"
        assert not reader.sees("nord")
    assert load_view(folders().view).theme == "tokyo-night"
    async with reading(town, size=(80, 24)) as reader:
        assert reader.app.theme == "tokyo-night"
        await reader.press("C")
        assert reader.sees("tokyo-night")  # the one in use is in view, and the cursor is on it
        await reader.press("k", "enter")
        assert reader.app.theme == "textual-light"


async def test_d_goes_back_to_the_theme_before(town: Path) -> None:
    async with reading(town) as reader:
        reader.app.theme = "tokyo-night"
        await reader.press("D")
        assert reader.app.theme == "news-light"
        await reader.press("D")
        assert reader.app.theme == "tokyo-night"
