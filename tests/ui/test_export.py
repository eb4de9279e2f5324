"""``e``: the story or the whole list goes into a file, while the reader goes on."""

from __future__ import annotations

import json
import os
import time
from pathlib import Path

import pytest

from tests.ui.pages import BRIDGE, COMET, HOTTEST_FIRST
from tests.ui.reader import Reader, reading
from tests.ui.terminal import terminal
from tui_reader.config import folders
from tui_reader.subscriptions.views import SmartView, add_view
from tui_reader.ui.controllers.export import default_path


@pytest.fixture
def documents(home: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = home / "Documents"
    folder.mkdir()
    return folder


def read_within(seconds: float, fifo: Path) -> str:
    """Return what somebody writes into a pipe, empty if nobody does within so many seconds."""
    read, end = b"", time.monotonic() + seconds
    with open(os.open(fifo, os.O_RDONLY | os.O_NONBLOCK), "rb", buffering=0) as file:
        while time.monotonic() < end:
            piece = file.read(65536)
            if piece == b"" and read:
                break  # the writer has closed it
            read += piece or b""
            time.sleep(0 if piece else 0.01)
    return read.decode()


async def choose(reader: Reader, label: str) -> None:
    """Open the window for exports and take the line with ``label``."""
    await reader.press("e")
    for _ in range(20):
        if label in next((line for line in reader.lines() if "▌" in line and "as " in line), ""):
            break
        await reader.press("j")
    await reader.press("enter")


async def test_the_story_goes_into_a_file_named_by_its_title(town: Path, documents: Path) -> None:
    async with reading(town) as reader:
        await reader.press("e")
        assert reader.sees("This story as Markdown")
        assert reader.sees("The list, 36 stories, as a web page")
        await reader.press("enter")
        assert reader.sees("Export to")
        assert reader.sees("~/Documents/the-old-bridge-opens.md")
        await reader.press("enter")
        file = documents / "the-old-bridge-opens.md"
        await reader.until(file.exists, "the file")
        await reader.until_seen("Exported to ~/Documents/the-old-bridge-opens.md")
        assert file.read_text().startswith(f"# [{BRIDGE}](https://example.org/the-bridge-itself)\n")


async def test_the_list_goes_into_a_file_as_it_is_shown(town: Path, tmp_path: Path) -> None:
    async with reading(town) as reader:
        await reader.press("S")
        await reader.press("/")
        await reader.type("ferry")
        await reader.press("enter")
        shown = reader.shown()
        assert len(shown) > 1
        await choose(reader, f"The list, {len(shown)} stories, as JSON")
        await reader.press("ctrl+u")
        target = tmp_path / "list.json"
        await reader.paste(str(target))
        await reader.press("enter")
        await reader.until_seen(f"Exported {len(shown)} stories to")
        assert [json.loads(line)["title"] for line in target.read_text().splitlines()] == shown


async def test_the_file_of_a_list_is_named_after_it(town: Path, documents: Path) -> None:
    add_view(folders().views, SmartView("My boats", "ferry"))
    async with reading(town, view_name="My boats") as reader:
        await choose(reader, "The list, 2 stories, as Markdown")
        assert reader.sees("my-boats.md")
        await reader.press("escape", "enter", "n", "escape", "H")
        await choose(reader, "The list, 2 stories, as Markdown")
        assert reader.sees("history.md")


async def test_a_file_that_is_there_is_replaced_only_after_a_second_enter(town: Path, documents: Path) -> None:
    file = documents / "the-old-bridge-opens.md"
    file.write_text("mine")
    async with reading(town) as reader:
        await reader.press("e", "enter", "enter")
        assert reader.sees("This file exists already: ⏎ once more replaces it")
        await reader.press("escape")
        assert file.read_text() == "mine"
        await reader.press("e", "enter", "enter", "enter")
        await reader.until_seen("Exported to")
        assert BRIDGE in file.read_text()


async def test_what_cannot_be_written_is_told(town: Path, documents: Path) -> None:
    async with reading(town) as reader:
        await reader.press("e", "enter", "ctrl+u")
        await reader.paste(str(documents))
        await reader.press("enter")
        assert reader.sees("This is a folder: name a file in it")
        await reader.paste("/not/here.md")
        await reader.press("enter")
        assert reader.sees("There is no folder")
        await reader.press("escape")
        assert reader.focus_is_on(reader.stories)


async def test_the_reader_goes_on_while_it_is_written(town: Path, documents: Path) -> None:
    fifo = documents / "slow.md"
    os.mkfifo(fifo)
    async with reading(town) as reader:
        await choose(reader, "The list, 36 stories, as Markdown")
        await reader.press("ctrl+u")
        await reader.paste(str(fifo))
        await reader.press("enter")
        if reader.sees("exists already"):
            reader.push("enter")
        await reader.until_seen("Writing")
        reader.push("j")
        reader.push("j")
        await reader.until(lambda: reader.cursor == COMET, "the next story")
        text = await reader.app._loop.run_in_executor(None, fifo.read_text)  # type: ignore[union-attr]
        assert all(title in text for title in HOTTEST_FIRST)
        await reader.until_seen("Exported 36 stories to")


async def test_a_path_that_is_longer_than_the_line_shows_its_end(
    town: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / ("deep" * 20)
    folder.mkdir()
    monkeypatch.chdir(folder)
    async with reading(town) as reader:
        await reader.press("e", "enter")
        assert reader.sees("the-old-bridge-opens.md ")


def test_what_is_being_written_outlives_the_reader_and_its_terminal(
    town: Path, documents: Path, environ: dict[str, str]
) -> None:
    fifo = documents / "the-old-bridge-opens.md"
    os.mkfifo(fifo)  # whose writer waits for somebody who reads it
    with terminal(str(town), columns=100, lines=30, environ=environ) as screen:
        screen.until_seen(BRIDGE, "36 stories")
        for key, seen in (("e", "This story as Markdown"), ("\r", "Export to"), ("\r", "exists"), ("\r", "Writing")):
            screen.press(key)
            screen.until_seen(seen)
        screen.press("q")
        assert screen.until_ended() == 0
    assert read_within(10, fifo).startswith(f"# [{BRIDGE}](")


def test_a_name_is_cut_between_words_and_has_no_signs(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert default_path("Über/../“Straßen”: 東京?", ".md") == str(tmp_path / "über-straßen-東京.md")
    assert default_path("…", ".txt") == str(tmp_path / "story.txt")
    assert default_path("word " * 30, ".md") == str(tmp_path / f"{'-'.join(['word'] * 12)}.md")
    assert len(default_path("x" * 300, "").rpartition("/")[2]) == 60
