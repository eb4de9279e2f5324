"""Commands of the user run with the story: chosen by a key, in the background or in the terminal."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.ui.pages import BRIDGE, ENGINEERS, HOTTEST_FIRST, address, write_page
from tests.ui.reader import reading, write_settings
from tui_reader.config import folders
from tui_reader.pipeline import run_command

ADDRESS = "https://example.org/the-bridge-itself"


@pytest.fixture
def got(tmp_path: Path) -> Path:
    return tmp_path / "got"


async def test_without_commands_it_is_said_how_to_make_one(town: Path) -> None:
    async with reading(town) as reader:
        await reader.press("|")
        assert reader.sees("No commands yet. A line in ")
        assert reader.sees('wallabag = "wallabag add --quiet {url}"')
        await reader.press("j", "enter")
        assert reader.sees("No commands yet")
        await reader.press("escape")


async def test_a_command_gets_the_story_as_json(town: Path, got: Path) -> None:
    write_settings(f"[pipe]\nother = 'true'\nkeep = 'dd of={got} status=none'\n")
    async with reading(town) as reader:
        await reader.press("|")
        assert reader.sees("e  keep")
        await reader.press("e")
        await reader.until_seen("done")
        assert f"keep: {BRIDGE} · done" in reader.footer
        story = json.loads(text_in(got))
        assert story["title"] == BRIDGE
        assert story["originalUrl"] == ADDRESS
        assert story["related"][0]["title"] == ENGINEERS
        assert "body" in story


async def test_an_address_is_one_argument(town: Path, got: Path) -> None:
    write_settings(f"[pipe]\none = {{command = ['dd', 'of={got}', 'status=none'], input = 'url'}}\n")
    async with reading(town) as reader:
        await reader.press("|", "enter")
        await reader.until_seen("done")
        assert text_in(got) == f"{ADDRESS}\n"
    write_settings(f"[pipe]\none = {{command = 'cp /dev/null {got}.{{provider}}', input = 'none'}}\n")
    async with reading(town) as reader:
        await reader.press("|", "o")
        await reader.until(lambda: Path(f"{got}.Harbour Post").exists(), "the file")


async def test_what_fails_is_said_in_one_line(town: Path, got: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    gate = got.with_name("gate")
    write_settings(
        f"""[pipe]
bad = ["sh", "-c", "echo 'no server' >&2; exit 4"]
missing = "no-such-command {{url}}"
slow = ["sh", "-c", "while [ ! -e {gate} ]; do sleep 0.02; done"]
faulty = "faulty"
right = "dd of={got} status=none"
"""
    )

    def run(arguments: Sequence[str], story: bytes, seconds: float) -> run_command.Outcome:
        if arguments[0] == "faulty":
            raise RuntimeError("no thread can be started")
        return usual(arguments, story, seconds)

    usual = run_command.run_command
    monkeypatch.setattr(run_command, "run_command", run)
    async with reading(town, size=(120, 30)) as reader:
        await reader.press("|", "b")
        await reader.until_seen("sh failed with status 4 · no server · bad: ")
        await reader.press("|", "m")
        await reader.until_seen("there is no command ‘no-such-command’")
        # A fault of the program is logged, and what waits behind it runs all the same.
        for key, said in (("s", "slow: "), ("f", "1 before it"), ("r", "2 before it")):
            reader.push("|")
            await reader.until_seen("m  missing")
            reader.push(key)
            await reader.until_seen(said)
        open_gate(gate)
        await reader.until(got.exists, "the last command")
        assert "no thread can be started" in folders().log.read_text()


async def test_many_stories_go_one_after_the_other(town: Path, got: Path) -> None:
    gate = got.with_name("gate")
    script = f"while [ ! -e {gate} ]; do sleep 0.02; done; cat >> {got}"
    write_settings(f"""[pipe]\none = {{command = ["sh", "-c", "{script}"], input = "url"}}\n""")
    async with reading(town, size=(120, 30)) as reader:
        for before, title in enumerate(HOTTEST_FIRST[:3]):
            await reader.until(lambda title=title: reader.cursor == title, title)  # type: ignore[misc]
            reader.push("|")
            await reader.until_seen("o  one")
            reader.push("o")
            await reader.until_seen(f"one: {title} · {before} before it" if before else f"one: {title} …")
            reader.push("j")
        open_gate(gate)
        await reader.until(lambda: got.exists() and len(text_in(got).splitlines()) == 3, "all")
        assert text_in(got).splitlines() == [ADDRESS, *map(address, HOTTEST_FIRST[1:3])]


def open_gate(gate: Path) -> None:
    gate.touch()


def text_in(path: Path) -> str:
    return path.read_text()


async def test_markup_in_the_title_of_a_story_is_plain_text_in_the_list_of_commands(tmp_path: Path) -> None:
    write_settings("[pipe]\nkeep = 'true'\n")
    title = "A [bold]title[/x] with [@click=app.quit]signs[/]"
    write_page(tmp_path / "news", title, quality=50)
    async with reading(tmp_path / "news") as reader:
        await reader.press("|")
        assert reader.sees(f"Pipe: {title}")
