"""The keys of windows: remapped in config.toml, listed by ? in each window, and told apart from each other."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.ui.pages import BRIDGE, FARES, FERRY
from tests.ui.reader import Reader, reading, write_settings
from tui_reader.ui.key_names import key_label, split_keys
from tui_reader.ui.keymap import COMMANDS, Keymap, sound_keys
from tui_reader.ui.screens.modal import ChildScreen
from tui_reader.ui.window_keys import MOVING, SHARED, WINDOWS, commands_of


def window_of(reader: Reader) -> str:
    return type(reader.app.screen).__name__


OPENED = {
    "L": "SourcesScreen",
    "K": "StarterPacksScreen",
    "P": "ProblemsScreen",
    "C": "ThemePicker",
    "w": "ExplainScreen",
    "u": "LinksScreen",
    "a": "ChoiceScreen",
}
"""Windows by the key that opens them on the front page."""


async def test_the_question_mark_lists_the_keys_of_each_window(town: Path) -> None:
    async with reading(town, size=(100, 40)) as reader:
        for key, name in OPENED.items():
            await reader.press(key)
            assert name in window_of(reader), key
            screen = reader.app.screen
            await reader.press("?")
            assert window_of(reader) == "WindowHelpScreen", name
            assert isinstance(screen, ChildScreen)
            for command in commands_of(screen.window):
                line = next(line for line in reader.lines() if command.help in line)
                assert all(key_label(each) in line for each in split_keys(command.keys)), command
            await reader.press("?")
            assert reader.app.screen is screen
            await reader.press("escape")
            assert window_of(reader) == "FrontPage"


async def test_a_window_where_a_text_is_typed_lists_its_keys_by_f1(town: Path) -> None:
    async with reading(town) as reader:
        await reader.press("+", "?")
        assert reader.sees("?")
        assert window_of(reader) == "AddSourceScreen"
        await reader.press("f1")
        assert reader.sees("Look at the address")
        await reader.press("escape", "escape", "/", "f1")
        assert reader.sees("Recall the search before")
        await reader.press("escape")
        await reader.type("ferry")
        assert reader.shown() == [FERRY, FARES]
        await reader.press("escape", "ctrl+p", "f1")
        assert reader.sees("Run the command")
        await reader.press("escape", "escape")
        assert reader.app.screen is reader.page


async def test_the_keys_of_lines_that_are_typed_are_set_as_others_are(town: Path) -> None:
    write_settings(
        '[keys]\nhelp = "h"\n[keys.search_box]\ncomplete = "ctrl+y"\nresults = "tab"\nclose = "f4"\n'
        '[keys.palette]\nnext = "ctrl+n"\nchoose = "f5"\n[keys.question]\nsave = "ctrl+y"\n'
    )
    async with reading(town) as reader:
        await reader.until_indexed()
        await reader.press("/")
        assert "Tab results" in reader.footer
        assert "F4 end search   F1 keys" in reader.footer
        await reader.type("tit")
        assert reader.sees("Ctrl+Y title:")
        await reader.press("ctrl+y")
        await reader.type("ferry")
        await reader.press("tab")
        assert reader.focus_is_on(reader.stories)
        assert reader.shown() == [FERRY, FARES]
        await reader.press("ctrl+s")
        await reader.type("Boats")
        await reader.press("enter")
        assert reader.sees("Ctrl+Y save")
        await reader.press("ctrl+y")
        assert "Saved as the view Boats" in reader.footer
        await reader.press("/", "f4", "ctrl+p")
        await reader.type("next order")
        await reader.until_seen("Next order")
        await reader.press("ctrl+n", "f5")
        await reader.until(lambda: reader.sees("newest first"), "the other order")


async def test_a_command_of_a_window_has_the_keys_that_it_was_given(town: Path) -> None:
    write_settings('[keys]\nwhy = "W"\n"why.close" = "e"\n[keys.windows]\ndown = "x"\n')
    async with reading(town) as reader:
        await reader.press("W")
        assert reader.sees("e close")
        assert reader.sees("x/k scroll")
        await reader.press("escape")
        assert window_of(reader) == "ExplainScreen"
        await reader.press("?")
        assert next(line for line in reader.lines() if "Close the window" in line).split("│")[1].split()[0] == "e"
        await reader.press("?", "e")
        assert reader.app.screen is reader.page


async def test_the_footer_of_the_sources_has_the_keys_that_are_set(town: Path) -> None:
    write_settings('[keys.sources]\nremove = "E"\nadd = ""\n')
    async with reading(town, size=(120, 30)) as reader:
        await reader.press("L")
        await reader.until_seen("E remove")
        assert not reader.sees("a add")


async def test_a_key_given_to_a_command_is_taken_from_the_others_of_its_window(town: Path) -> None:
    write_settings('[keys.choices]\nclose = "j"\n')
    async with reading(town) as reader:
        await reader.press("a", "down", "j")
        assert reader.app.screen is reader.page
        assert reader.cursor == BRIDGE  # in the list, j still moves
        await reader.press("j")
        assert reader.cursor != BRIDGE


async def test_windows_move_by_the_keys_of_the_front_page(town: Path) -> None:
    write_settings('[keys]\ndown = "x,j"\n')
    async with reading(town) as reader:
        await reader.press("C")
        before = reader.app.theme
        await reader.press("x")
        assert reader.app.theme != before


async def test_a_key_that_a_window_has_for_itself_stays_its_own(town: Path) -> None:
    write_settings('[keys]\ndown = "q"\nquit = "Q"\n')
    async with reading(town) as reader:
        await reader.press("C", "q")
        assert reader.app.screen is reader.page


@pytest.mark.parametrize("window", [name for name in WINDOWS if name != SHARED])
def test_no_key_of_a_window_belongs_to_two_commands(window: str) -> None:
    keys = [key for command in WINDOWS[window] for key in split_keys(command.keys)]
    assert len(keys) == len(set(keys))
    assert len({command.id for command in WINDOWS[window]}) == len(WINDOWS[window])


def test_conflicts_in_a_window_are_told_and_the_rest_counts() -> None:
    sound, wrong = sound_keys({"sources.add": "x", "sources.remove": "x", "down": "x", "sources.refresh": "D"})
    assert wrong == {"sources.remove": "the key 'x' is given to sources.add and to sources.remove"}
    assert set(sound) == {"sources.add", "down", "sources.refresh"}


def test_windows_follow_only_what_was_remapped() -> None:
    assert Keymap({}).overrides() == {}
    assert Keymap({"copy_as": "ctrl+y"}).overrides() == {"copy_as": "ctrl+y"}
    assert {command.id for command in MOVING} <= {command.id for command in COMMANDS}


async def test_the_hints_of_windows_name_the_keys_that_are_set(town: Path) -> None:
    write_settings(
        '[keys]\nabout = "B"\n[keys.filter]\nother_field = "f3"\nclose = "f4"\n[keys.filters]\nadd = "N"\nclose = "Q"\n'
        '[keys.annotation]\nstore = "ctrl+y"\nclose = "f4"\n[keys.export_path]\nclose = "f4"\n'
    )
    async with reading(town, size=(100, 40)) as reader:
        await reader.press("exclamation_mark")
        assert reader.sees("⏎ apply · ↑/↓ what it does · F3 field · F1 keys · F4 close")
        await reader.press("f4", "F")
        await reader.until_seen("No filters yet: N makes one, and so does ‘B’ on a story.")
        assert reader.sees("N new · z undo · ? keys · Q close")
        await reader.press("Q", "#")
        assert reader.sees("⏎ store · Tab complete, to the note · F1 keys · F4 close")
        await reader.press("tab")
        assert reader.sees("Ctrl+Y store · Tab to the tags · F1 keys · F4 close")
        await reader.press("x", "f4")
        assert reader.sees("F4 again drops what you typed · Ctrl+Y stores it")
        await reader.press("f4", "e", "enter")
        assert reader.sees("⏎ write · F1 keys · F4 close")


@pytest.mark.parametrize("width", [60, 80])
async def test_hints_are_left_out_rather_than_cut(town: Path, width: int) -> None:
    async with reading(town, size=(width, 24)) as reader:
        for keys in (["V"], ["F"], ["?"], ["C"], ["#"], ["exclamation_mark"], ["u"], ["K"], ["V", "?"]):
            await reader.press(*keys)
            edge = next(line for line in reversed(reader.lines()) if "─╯" in line).partition("╰")[2].partition("╯")[0]
            assert "…" not in edge, keys
            assert keys[-1] == "?" or "? keys" in edge or "F1 keys" in edge, keys
            await reader.press(*["escape"] * len(keys))


async def test_the_keys_of_a_hint_may_look_like_markup(town: Path) -> None:
    write_settings('[keys.windows]\ndown = "["\nup = "]"\n')
    async with reading(town) as reader:
        await reader.press("w")
        assert reader.sees("[/] scroll")
