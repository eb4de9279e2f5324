"""The one list of commands: help, palette, footer, and keys that a person gave away."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from textual.widgets import Input

from tests.ui.pages import BRIDGE, COMET, FERRY
from tests.ui.reader import Reader, reading, write_settings
from tui_reader.errors import UsageError
from tui_reader.ui.key_names import is_key, key_label, near_key, split_keys
from tui_reader.ui.keymap import COMMANDS, Keymap
from tui_reader.ui.window_keys import WINDOWS


def remap(text: str) -> None:
    """Write the keys of ``config.toml``."""
    write_settings(f"[keys]\n{text}\n")


@pytest.mark.parametrize(
    ("keys", "labels"),
    [
        ("delete,insert,f1", ["Del", "Ins", "F1"]),
        ("J,shift+down,shift+tab", ["J", "Shift+↓", "Shift+Tab"]),
        ("ctrl+s,ctrl+home,ctrl+right_square_bracket", ["Ctrl+S", "Ctrl+Home", "Ctrl+]"]),
        ("$,dollar_sign,comma,<", ["$", "$", ",", "<"]),
        ("pagedown,enter,escape,backspace,space", ["PgDn", "⏎", "Esc", "⌫", "Space"]),
    ],
)
def test_keys_are_shown_as_a_person_writes_them(keys: str, labels: list[str]) -> None:
    assert [key_label(key) for key in split_keys(keys)] == labels


def test_one_key_is_not_given_twice_however_it_is_spelt() -> None:
    with pytest.raises(UsageError, match=r"'\$' is given to sort and to window"):
        Keymap({"sort": "$", "window": "dollar_sign"})


async def all_of_help(reader: Reader) -> str:
    """Scroll through the help and return all that it shows."""
    seen: list[str] = []
    before: list[str] = []
    window = reader.app.screen.query_one(".window")
    # Without the frame and the scrollbar.
    while (now := [line.strip(" │▁▂▃▄▅▆▇█") for line in reader.part(window)]) != before:
        seen += [line for line in now if line not in seen]
        before = now
        await reader.press("space")
    return "\n".join(seen)


async def test_every_command_is_known_to_the_page(town: Path) -> None:
    async with reading(town) as reader:
        assert set(reader.page._commands) == {command.id for command in COMMANDS}


def test_no_key_belongs_to_two_commands() -> None:
    keys = [key for command in COMMANDS if command.keys for key in command.keys.split(",")]
    assert len(keys) == len(set(keys))


async def test_help_shows_every_command_with_its_keys(town: Path) -> None:
    async with reading(town, size=(100, 24)) as reader:
        await reader.press("?")
        shown = await all_of_help(reader)
        for command in COMMANDS:
            (line,) = [line for line in shown.split("\n") if re.search(rf"  {re.escape(command.help)}$", line)]
            for name in command.keys.split(",") if command.keys else ["ctrl+p"]:
                assert key_label(name) in line


async def test_help_keeps_its_columns_on_a_small_screen(town: Path) -> None:
    async with reading(town, size=(80, 24)) as reader:
        await reader.press("?")
        lines = [line.split("│")[1] for line in reader.lines() if line.count("│") == 2]
        first = next(at for at, line in enumerate(lines) if "on a closed" in line)
        assert lines[first + 1].strip() == "folder, open it"
        assert lines[first + 1].index("folder") == lines[first].index("Go to")


async def test_help_closes(town: Path) -> None:
    async with reading(town) as reader:
        for key in ("escape", "q", "enter", "?", "f1"):
            await reader.press("f1")
            assert len(reader.app.screen_stack) == 2
            await reader.press(key)
            assert len(reader.app.screen_stack) == 1
            assert reader.focus_is_on(reader.stories)


async def test_the_palette_knows_every_command(town: Path) -> None:
    listed = [command for command in COMMANDS if command.palette]
    assert {command.id for command in COMMANDS} - {command.id for command in listed} <= {
        "up", "down", "page_up", "page_down", "palette",
    }  # fmt: skip
    async with reading(town, size=(120, 220)) as reader:
        await reader.press("ctrl+p")
        for command in listed:
            await reader.until_seen(command.help)
        await reader.press("escape")
        assert reader.focus_is_on(reader.stories)


async def test_the_palette_finds_a_command_and_runs_it_on_what_was_in_use(town: Path) -> None:
    async with reading(town) as reader:
        await reader.press("j", "enter", "ctrl+p")
        await reader.type("copy")
        await reader.until_seen("Copy the link")
        await reader.press("enter")
        await reader.until(lambda: reader.app.clipboard, "the link")
        assert reader.opened == FERRY
        assert reader.focus_is_on(reader.story)


@pytest.mark.parametrize("size", [(120, 40), (60, 20)])
async def test_the_footer_shows_what_matters_here(town: Path, size: tuple[int, int]) -> None:
    async with reading(town, size=size) as reader:
        for text in ("⏎ read", "? keys", "1 of 36"):
            assert text in reader.footer
        await reader.press("enter")
        assert "? keys" in reader.footer
        assert "⏎ read" not in reader.footer
        await reader.press("]")
        assert "1 of 5" in reader.footer
        await reader.press("escape", "/")
        assert "Esc" in reader.footer


async def test_a_message_makes_room_for_the_keys_again(town: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tui_reader.ui.widgets.bars.MESSAGE_SECONDS", 0.5)
    async with reading(town) as reader:
        reader.push("y")
        await reader.until(lambda: "Sent to the terminal" in reader.footer, "the message")
        await reader.until(lambda: "⏎ read" in reader.footer, "the keys")


async def test_a_command_has_the_keys_that_it_was_given(town: Path) -> None:
    remap('down = "x"\nopen = "comma,f5"\nsort = "ctrl+o"')
    async with reading(town) as reader:
        await reader.until_indexed()
        await reader.press("x", "x", "j", "down")
        assert reader.cursor == COMET
        await reader.press("enter")
        assert not reader.is_read(COMET)
        await reader.press("ctrl+o")
        assert reader.sees("newest first")
        await reader.press(",")
        assert reader.is_read(COMET)
        await reader.press("?")
        shown = await all_of_help(reader)
        (line,) = [line for line in shown.split("\n") if "Next line" in line]
        assert line.split("Next")[0].split() == ["x"]


async def test_a_key_of_another_command_is_taken_from_it(town: Path) -> None:
    remap('toggle_saved = "j"\ndown = "n,down"')
    async with reading(town) as reader:
        await reader.press("j")
        assert reader.is_saved(BRIDGE)
        assert reader.cursor == BRIDGE
        await reader.press("n", "down")
        assert reader.cursor == COMET
        await reader.press("?")
        assert "Next unread" in await all_of_help(reader)


async def test_keys_that_the_toolkit_uses_can_be_given_away_as_well(town: Path) -> None:
    remap('toggle_saved = "tab"\ndown = "shift+tab"\nsort = "ctrl+p"\nwindow = "ctrl+q"\nfolded = "ctrl+c"\nundo = "u"')
    async with reading(town) as reader:
        await reader.until_indexed()
        await reader.press("tab")
        assert reader.is_saved(BRIDGE)
        await reader.press("shift+tab")
        assert reader.cursor == FERRY
        await reader.press("ctrl+p", "ctrl+q", "ctrl+c")
        for text in ("newest", "month", "with folded"):
            assert reader.sees(text)
        assert reader.focus_is_on(reader.stories)
        assert reader.app.is_running


async def test_keys_are_written_as_they_are_typed(town: Path) -> None:
    remap('down = "]"\nnext_related = "/"\nsearch = "+"\nadd_source = "?"\nhelp = "["')
    async with reading(town) as reader:
        await reader.press("]")
        assert reader.cursor == FERRY
        await reader.press("/")
        assert reader.chosen
        await reader.press("escape", "[")
        assert "Search titles" in await all_of_help(reader)
        await reader.press("escape", "+")
        await reader.type("comet")
        assert reader.shown() == [COMET]


async def test_a_command_without_keys_is_still_in_the_palette(town: Path) -> None:
    remap('sort = ""')
    async with reading(town) as reader:
        await reader.until_indexed()
        await reader.press("S")
        assert reader.sees("by heat")
        await reader.press("ctrl+p")
        await reader.type("next order")
        await reader.until_seen("Next order")
        await reader.press("enter")
        await reader.until(lambda: reader.sees("newest first"), "the other order")


@pytest.mark.parametrize(
    ("keys", "named"),
    [
        ({"fly": "x"}, "fly"),
        ({"sort": "x", "window": "x"}, "'x'"),
        ({"sort": "s,s"}, ""),
        ({"sort": "Esc"}, "‘escape’"),
    ],
)
def test_settings_that_cannot_be_meant_are_told_in_a_sentence(keys: dict[str, str], named: str) -> None:
    with pytest.raises(UsageError) as caught:
        Keymap(keys)
    assert named in str(caught.value)
    assert "config.toml" in str(caught.value)


@pytest.mark.parametrize(
    ("key", "near"),
    [
        ("pgdn", "pagedown"), ("Ctrl-N", "ctrl+n"), ("control+del", "ctrl+delete"), ("jj", ""), ("ctrl+", ""),
        ("hyper+hyper", ""), ("latin_letter", ""),
    ],
)  # fmt: skip
def test_a_key_that_does_not_exist_has_one_that_is_near(key: str, near: str) -> None:
    assert not is_key(key)
    assert near_key(key) == near


def test_every_key_of_the_reader_and_of_other_alphabets_exists() -> None:
    keys = [each.keys for each in COMMANDS] + [each.keys for window in WINDOWS.values() for each in window]
    names = {name for each in keys for name in split_keys(each)}
    assert all(map(is_key, names | {"é", "ж", "latin_small_letter_e_with_acute", "ctrl+shift+f12", "unbound"}))


def test_without_settings_every_command_has_a_key_or_is_in_the_palette() -> None:
    keymap = Keymap()
    for command in keymap.commands:
        assert keymap.label(command.id) or command.palette


async def to_next_order_in_the_palette(reader: Reader) -> None:
    await reader.until_indexed()
    await reader.press("ctrl+p")
    await reader.type("next order")
    await reader.until_seen("Next order")
    await reader.press("down")


async def test_a_second_enter_in_the_palette_leaves_the_page_below(town: Path) -> None:
    async with reading(town) as reader:
        await to_next_order_in_the_palette(reader)
        reader.push("enter")
        reader.push("enter")
        reader.push("enter")
        await reader.until(lambda: reader.sees("newest first"), "the other order")
        assert reader.app.screen is reader.page


async def test_enters_of_one_read_run_a_command_of_the_palette_once(town: Path) -> None:
    async with reading(town) as reader:
        await to_next_order_in_the_palette(reader)
        for _ in range(3):
            await reader.app.screen.query_one(Input).action_submit()
        await reader.until(lambda: reader.sees("newest first"), "the other order")
        await reader.press("j")
        assert reader.app.screen is reader.page
        assert reader.sees("newest first")
