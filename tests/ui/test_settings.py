"""The settings in the reader: mistakes are shown, and the file is read again when it changes."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.ui.reader import Reader, reading, write_settings
from tui_reader.ui.controllers import updates


@pytest.fixture(autouse=True)
def looks_often(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(updates, "_WATCH_SECONDS", 0.02)


async def shows(reader: Reader, words: str) -> None:
    await reader.until_seen(words)


async def test_mistakes_are_shown_and_the_defaults_stand_for_them(town: Path) -> None:
    async with reading(town):
        pass  # the index is there
    write_settings('theme = "nrod"\nbrwoser = "x"\n[keys]\nwhy = "W"\nlinks = "W"\n[list]\nlines = 1\n')
    async with reading(town, size=(100, 30), indexed=False) as reader:
        await shows(reader, "config.toml:2: unknown setting ‘brwoser’: did you mean ‘browser’?")
        await shows(reader, "· 2 more")
        assert reader.app.theme == "news-dark"
        assert reader.page.panes.list.lines == 1
        await reader.press("W")
        assert "Why" in reader.text()
        await reader.press("escape")
        write_settings("[list]\nlines = 1\n")
        await shows(reader, "config.toml was read again")
        assert "brwoser" not in reader.text()


async def test_a_change_of_the_file_is_followed(town: Path) -> None:
    async with reading(town, size=(120, 30)) as reader:
        write_settings(
            'theme = "nord"\nnew_coverage = false\n[list]\nlines = 1\n[keys]\nwhy = "W"\n[text]\nmeasure = 40\n'
        )
        await shows(reader, "config.toml was read again · new_coverage with the next start")
        assert reader.app.theme == "nord"
        assert reader.page.panes.list.lines == 1
        assert reader.page.panes.story.view.measure == 40
        await reader.press("w")
        assert "Why" not in reader.text()
        await reader.press("W")
        assert "Why" in reader.text()


async def test_the_last_good_settings_stay_while_there_is_a_mistake(town: Path) -> None:
    write_settings('[keys]\nwhy = "W"\n')
    async with reading(town, size=(100, 30)) as reader:
        write_settings('[keys]\nwhy = "W\n')
        await shows(reader, "config.toml:2: this is not valid TOML")
        await reader.press("W")
        assert "Why" in reader.text()


async def test_what_was_chosen_in_the_reader_stays(town: Path) -> None:
    async with reading(town, size=(100, 30)) as reader:
        await reader.press("d", "D")
        write_settings('theme = "nord"\n[list]\nlines = 3\n')
        await shows(reader, "config.toml was read again")
        assert reader.app.theme == "news-light"
        assert reader.page.panes.list.lines == 1
