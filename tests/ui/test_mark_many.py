"""Many stories marked as read: up to the cursor, from it on, or older than a span of time; one step to undo each."""

from __future__ import annotations

from pathlib import Path

from tests.ui.pages import BRIDGE, COMET, COST, DREDGING, ENGINEERS, FARES, FERRY, HOTTEST_FIRST, TARIFF, minor
from tests.ui.reader import Reader, reading


async def command(reader: Reader, words: str) -> None:
    """Run a command of the palette."""
    await reader.press("ctrl+p")
    await reader.type(words)
    await reader.until_seen(words)
    await reader.press("enter")
    await reader.until(lambda: reader.app.screen is reader.page or not reader.app.screen.id, "the palette to close")
    await reader.rest()


def read(reader: Reader) -> set[str]:
    return {title for title, row in reader.marks().items() if row.read}


async def test_up_to_here(town: Path) -> None:
    async with reading(town) as reader:
        await reader.press("j", "j")
        await command(reader, "Mark read up to here")
        assert read(reader) == {BRIDGE, FERRY, COMET}
        assert "3 marked as read · z undoes it" in reader.footer
        assert reader.cursor == COMET
        await reader.press("z")
        assert read(reader) == set()
        assert "read up to here" in reader.footer


async def test_from_here_on_from_the_menu(town: Path) -> None:
    async with reading(town) as reader:
        await reader.press("G", "k", "a")
        await reader.click("Mark read from here on", times=2)
        assert read(reader) == {minor(29), minor(30)}
        await reader.press("k", "a")
        await reader.click("Mark read up to here", times=2)
        assert len(read(reader)) == 36


async def test_older_than_a_span_counted_as_the_windows_are(town: Path) -> None:
    async with reading(town) as reader:
        await command(reader, "Mark read what is older")
        # The newest article that counts is of 9 June, 11:00, see test_views.py.
        for span, unread in (("A day", 35), ("A week", 33), ("A month", 31)):
            assert any(span in line and f"{unread} unread" in line for line in reader.lines()), reader.text()
        await reader.press("j", "enter")
        assert not read(reader) & {BRIDGE, FERRY, COMET, ENGINEERS, COST}
        assert {FARES, TARIFF, DREDGING, minor(1), minor(30)} <= read(reader)
        assert len(read(reader)) == 33
        await reader.press("z")
        assert read(reader) == set()
        assert "older than a week" in reader.footer


async def test_older_concerns_only_what_is_listed(town: Path) -> None:
    async with reading(town) as reader:
        await reader.press("/")
        await reader.type("ferry")
        await reader.press("enter")
        await command(reader, "Mark read what is older")
        await reader.press("G", "enter")
        assert read(reader) == {FARES} < set(HOTTEST_FIRST)
        await command(reader, "Mark read what is older")
        assert not reader.sees("A month")
