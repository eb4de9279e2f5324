"""Know what a terminal can show of a picture."""

from __future__ import annotations

import pytest

from tui_reader.ui.picture_terminal import protocol


@pytest.mark.parametrize(
    ("environ", "found"),
    [
        ({"TERM": "xterm-256color"}, "blocks"),
        ({"TERM": "xterm-kitty"}, "kitty"),
        ({"TERM": "xterm-256color", "KITTY_WINDOW_ID": "1"}, "kitty"),
        ({"TERM": "xterm-ghostty"}, "kitty"),
        ({"TERM": "xterm-256color", "TERM_PROGRAM": "iTerm.app"}, "sixel"),
        ({"TERM": "xterm-256color", "LC_TERMINAL": "iTerm2"}, "sixel"),
        ({"TERM": "xterm-256color", "TERM_PROGRAM": "WezTerm"}, "sixel"),
        ({"TERM": "foot"}, "sixel"),
        ({"TERM": "tmux-256color", "TMUX": "/tmp/x,1,0", "TERM_PROGRAM": "tmux", "KITTY_WINDOW_ID": "1"}, "blocks"),
        ({"TERM": "screen.xterm-kitty", "STY": "1.x"}, "blocks"),
        ({"TERM": "xterm-kitty", "NO_COLOR": "1"}, ""),
        ({"TERM": "linux"}, ""),
        ({"TERM": "dumb"}, ""),
        ({}, ""),
    ],
)
def test_a_terminal_is_known_by_its_names(environ: dict[str, str], found: str) -> None:
    assert protocol("auto", environ, "truecolor") == found


def test_the_setting_counts_where_pictures_can_be_shown_at_all() -> None:
    kitty = {"TERM": "xterm-kitty"}
    assert protocol("off", kitty, "truecolor") == ""
    assert protocol("sixel", kitty, "truecolor") == "sixel"
    assert protocol("kitty", {"TERM": "dumb"}, "truecolor") == ""


def test_a_terminal_with_few_colours_shows_what_they_allow() -> None:
    assert protocol("auto", {"TERM": "xterm-kitty"}, "256") == "blocks"
    assert protocol("auto", {"TERM": "xterm"}, "standard") == ""
    assert protocol("auto", {"TERM": "xterm"}, None) == ""
