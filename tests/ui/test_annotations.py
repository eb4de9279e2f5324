"""Tags and notes in the reader: typed in a small window, shown with the story, taken back like any mark."""

from __future__ import annotations

from pathlib import Path

from tests.ui.pages import BRIDGE, COMET, ENGINEERS, FERRY, WALK, write_page
from tests.ui.reader import Reader, reading


def row_of(reader: Reader, title: str) -> str:
    """Return the lines of a story in the list, as one text."""
    lines = reader.part(reader.stories)
    at = next(at for at, line in enumerate(lines) if title in line)
    return " ".join(lines[at : at + 2])


async def test_tags_are_typed_shown_and_undone(town: Path) -> None:
    async with reading(town, size=(120, 40)) as reader:
        assert "#" not in row_of(reader, BRIDGE)
        await reader.press("#")
        await reader.paste("To read, linux, LINUX")
        await reader.press("enter")
        assert "Tagged #linux #To read · z undoes it" in reader.footer
        assert "# " in row_of(reader, BRIDGE)
        assert "#" not in row_of(reader, FERRY)
        assert any("#linux #To read" in line for line in reader.part(reader.story))
        await reader.press("z")
        assert "Undone: tagged · " + BRIDGE in reader.footer
        assert "#" not in row_of(reader, BRIDGE)
        assert not any("#linux" in line for line in reader.part(reader.story))


async def test_tags_that_are_there_are_completed_and_can_be_removed(town: Path) -> None:
    async with reading(town, size=(120, 40)) as reader:
        await reader.press("#")
        await reader.paste("Linux, Harbour news")
        await reader.press("enter", "j", "#")
        assert reader.sees("Harbour news · Linux")
        await reader.paste("har")
        assert not reader.sees("Harbour news · Linux")
        await reader.press("tab", ",")
        await reader.paste(" lin")
        await reader.press("tab", "enter")
        # As it is written where it is there already.
        assert "Tagged #Harbour news #Linux" in reader.footer
        await reader.press("#")
        await reader.press(*["backspace"] * len("Linux, "), "enter")
        assert "Tagged #Harbour news ·" in reader.footer
        await reader.press("#")
        await reader.press(*["backspace"] * len("Harbour news, "), "enter")
        assert "Tags removed" in reader.footer
        assert "#" not in row_of(reader, FERRY)
        await reader.press("z")
        assert any("#Harbour news" in line for line in reader.part(reader.story))


async def test_a_note_has_several_lines(town: Path) -> None:
    async with reading(town, size=(120, 40)) as reader:
        await reader.press("#", "tab")
        await reader.paste("First line")
        await reader.press("enter")
        await reader.paste("[bold]second[/bold]")
        await reader.press("ctrl+s")
        assert "Noted · z undoes it" in reader.footer
        pane = reader.part(reader.story)
        assert any("First line" in line for line in pane)
        assert any("[bold]second[/bold]" in line for line in pane)
        assert "# " in row_of(reader, BRIDGE)
        await reader.press("#")
        assert reader.sees("First line")
        # Another tag is added to those that are there.
        await reader.paste("town")
        await reader.press("enter", "#")
        await reader.paste("bridge")
        await reader.press("enter")
        assert "Tagged #bridge #town" in reader.footer


async def test_esc_drops_what_was_typed_only_when_asked_twice(town: Path) -> None:
    async with reading(town, size=(120, 40)) as reader:
        await reader.press("#", "escape")
        assert reader.app.screen is reader.page
        await reader.press("#")
        await reader.paste("linux")
        await reader.press("escape")
        assert reader.sees("Esc again drops what you typed")
        await reader.paste("x")
        await reader.press("escape")
        assert reader.app.screen is not reader.page
        await reader.press("escape")
        assert reader.app.screen is reader.page
        assert "#" not in row_of(reader, BRIDGE)


async def test_what_is_wrong_is_said_and_stays_to_be_mended(town: Path) -> None:
    async with reading(town, size=(120, 40)) as reader:
        await reader.press("#")
        await reader.paste("a" * 61)
        await reader.press("enter")
        assert reader.sees("longer than 60 characters: shorten it")
        await reader.press("backspace", "enter")
        assert "Tagged #aaa" in reader.footer


async def test_the_selected_article_of_the_coverage_is_meant(town: Path) -> None:
    async with reading(town, size=(120, 40)) as reader:
        await reader.press("enter", "]", "#")
        await reader.paste("engineering")
        await reader.press("enter")
        assert reader.opened == BRIDGE
        assert "#" not in row_of(reader, BRIDGE)
        assert any(f"# {ENGINEERS}" in line for line in reader.part(reader.story))
        await reader.press("enter")
        assert any("#engineering" in line for line in reader.part(reader.story))
        await reader.press("backspace", "]", "]", "#")
        assert WALK in (row.title if (row := reader.story.chosen_row()) else "")
        assert "known only from the coverage of others" in reader.footer


async def test_another_reader_sees_the_tags(town: Path) -> None:
    async with reading(town, size=(120, 40)) as reader:
        await reader.press("j", "j", "#")
        await reader.paste("sky")
        await reader.press("enter")
    async with reading(town, size=(80, 24)) as reader:
        assert "# " in row_of(reader, COMET)
        await reader.press("j", "j", "enter")
        assert reader.sees("#sky")


async def test_markup_in_the_title_of_an_article_is_plain_text_in_its_window(tmp_path: Path) -> None:
    title = "A [bold]title[/x] with [@click=app.quit]signs[/]"
    write_page(tmp_path / "news", title, quality=50)
    async with reading(tmp_path / "news") as reader:
        await reader.press("#")
        assert any(title in line and "╭" in line for line in reader.lines())
