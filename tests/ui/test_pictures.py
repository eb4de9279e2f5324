"""Read a story with its pictures: fetched when it is opened, drawn without moving the text, and kept."""

from __future__ import annotations

import html
import os
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib.util import find_spec
from io import BytesIO

import pytest

pytest.importorskip("textual_image", reason="the extra “images” is not installed")

from PIL import Image

from tests.support.servers import Site
from tests.ui.reader import Reader, reading, write_settings
from tests.ui.terminal import installed
from tests.ui.test_terminal import until_alone
from tui_reader.config import folders
from tui_reader.subscriptions.edit import add_subscriptions
from tui_reader.subscriptions.subscription import Subscription

BLOCK = "▀▀▀▀"
LAST = "The last words."


def picture(colour: tuple[int, int, int] = (255, 0, 0), size: tuple[int, int] = (800, 450)) -> bytes:
    file = BytesIO()
    Image.new("RGB", size, colour).save(file, "PNG")
    return file.getvalue()


STORIES = ("Harbour dredgers strike", "A comet over Lima", "Bread prices fall")
"""Titles of stories that are not one story."""


def put_feed(site: Site, *bodies: str) -> None:
    """Put a feed with one story for each body, the newest first, and follow it."""
    items = "".join(
        f"<item><title>{title}</title><link>{site.url(f'/{number}')}</link>"
        f"<pubDate>Mon, {20 - number} May 2024 09:00:00 GMT</pubDate>"
        f"<description>{html.escape(f'<p>{title}.</p>{body}')}</description></item>"
        for number, (title, body) in enumerate(zip(STORIES, bodies, strict=False))
    )
    site.page("/feed", f"<rss><channel><title>Feed</title>{items}</channel></rss>".encode())
    add_subscriptions(folders().sources, [Subscription(site.url("/feed"))])


def body(*pictures: str) -> str:
    """Return a text with pictures."""
    return "".join(f"<img src='{each}' alt='A red field'>" for each in pictures) + f"<p>{LAST}</p>"


@asynccontextmanager
async def following(size: tuple[int, int] = (120, 40), *, offline: bool = False) -> AsyncIterator[Reader]:
    """Open the reader on the feeds that are followed."""
    async with reading(size=size, indexed=False, offline=offline) as reader:
        await reader.until_indexed()
        await reader.press("g")
        yield reader


def end_of_text(reader: Reader) -> int:
    """Return the line on which the text of the story ends; its excerpt, above it, ends with the same words."""
    return max(y for y, line in enumerate(reader.part(reader.story)) if LAST in line)


@pytest.fixture(autouse=True)
def colours(without_pictures: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """The extra is installed, and the terminal has all colours and no name."""
    monkeypatch.setattr("tui_reader.ui.picture_terminal.find_spec", find_spec)
    monkeypatch.setenv("COLORTERM", "truecolor")
    for name in ("TERM_PROGRAM", "LC_TERMINAL", "KITTY_WINDOW_ID", "KONSOLE_VERSION"):
        monkeypatch.delenv(name, raising=False)


async def test_a_picture_comes_when_its_story_is_opened_and_moves_nothing(site: Site) -> None:
    put_feed(site, body("/red.png"), body("/other.png"))
    site.page("/red.png", picture(), kind="image/png")
    async with following((160, 40)) as reader:
        await reader.press("j", "k")
        assert "/red.png" not in site.paths(), "the list is only walked through"
        reader.push("enter")
        await reader.until(lambda: reader.sees("image: A red field") and reader.sees("…"), "the room for the picture")
        before = end_of_text(reader)
        await reader.until_seen(BLOCK)
        assert end_of_text(reader) == before
        style = reader.style_of(BLOCK)
        assert style.color is not None
        assert style.color.get_truecolor() == (254, 0, 0)  # as JPEG has it
        assert site.paths().count("/red.png") == 1
        # Without it, the words tell what it shows.
        await reader.press("i")
        assert not reader.sees(BLOCK)
        assert reader.sees("image: A red field")
        assert "no longer shown" in reader.footer
        await reader.press("i")
        await reader.until_seen(BLOCK)
        assert site.paths().count("/red.png") == 1, "it was kept"
    async with following(size=(80, 24), offline=True) as reader:
        await reader.press("enter")
        assert reader.sees(BLOCK)
        assert reader.sees(LAST), "there is text beside a picture"
    assert site.paths().count("/red.png") == 1


async def test_a_story_that_is_left_before_it_is_drawn_has_no_pictures_fetched(site: Site) -> None:
    put_feed(site, body("/red.png"))
    site.page("/red.png", picture(), kind="image/png")
    async with following() as reader:
        reader.page.reading.go_to("story")
        reader.page.reading.go_to("list")
        await reader.rest()
        assert "/red.png" not in site.paths()
        await reader.press("enter")
        await reader.until_seen(BLOCK)


async def test_a_picture_that_is_wanted_in_two_sizes_at_once_comes_in_both(site: Site) -> None:
    put_feed(site, body("/red.png"))
    site.page("/red.png", picture())
    async with following(size=(120, 40)) as reader:
        reader.push("enter")
        reader.push("Z")
        await reader.rest()
        wide = max(line.count(BLOCK[0]) for line in reader.lines())
        await reader.press("Z")
        assert 0 < max(line.count(BLOCK[0]) for line in reader.lines()) < wide
    assert site.paths().count("/red.png") == 1


async def test_pictures_that_cannot_be_shown_are_told_and_have_no_room_the_next_time(site: Site) -> None:
    put_feed(site, body("/none.png", "http://192.168.7.7/private.png", "/text.png", "/dot.png"), body())
    site.page("/text.png", b"<html>")
    site.page("/dot.png", picture(size=(1, 1)))
    async with following(size=(160, 80)) as reader:
        await reader.press("enter")
        for words in ("404", "private network", "no format", "too small"):
            assert reader.sees(words)
        here = end_of_text(reader)
        await reader.press("escape", "j", "k", "enter")
        assert not reader.sees("404")
        assert end_of_text(reader) < here


@pytest.mark.parametrize("way", ["NO_COLOR", "extra"])
async def test_where_pictures_are_off_nothing_is_fetched(site: Site, monkeypatch: pytest.MonkeyPatch, way: str) -> None:
    put_feed(site, body("/red.png"))
    site.page("/red.png", picture())
    if way == "extra":
        monkeypatch.setattr("tui_reader.ui.picture_terminal.find_spec", lambda name: None)
    else:
        monkeypatch.setenv("NO_COLOR", "1")
    async with following() as reader:
        await reader.press("enter")
        assert reader.sees("image: A red field")
        assert not reader.sees(BLOCK)
        await reader.press("i")
        assert ("news-tui[images]" if way == "extra" else "shows no pictures") in reader.footer
    assert "/red.png" not in site.paths()


async def test_kitty_gets_the_pixels_once_and_shows_them_in_cells(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    put_feed(site, body("/red.png"))
    site.page("/red.png", picture())
    monkeypatch.setenv("TERM", "xterm-kitty")
    sent: list[str] = []
    monkeypatch.setattr("tui_reader.ui.textual_private.write_to_terminal", lambda app, text: sent.append(text))
    async with following((160, 40)) as reader:
        await reader.press("enter", "j", "k")
        await reader.until_seen("\U0010eeee")
        assert len(sent) == 1
        assert sent[0].startswith("\x1b_G")
        # Another program had the terminal, as after Ctrl+Z and fg.
        reader.app.app_resume_signal.publish(reader.app)
        await reader.until(lambda: len(sent) == 2, "the pixels, sent again")
        await reader.until_seen("\U0010eeee")


async def test_sixels_are_drawn_over_cells_and_never_over_a_window(site: Site) -> None:
    put_feed(site, body("/red.png"))
    site.page("/red.png", picture())
    write_settings('pictures = "sixel"')

    def pixels(reader: Reader) -> int:
        return sum("\x1bP" in segment.text for strip in reader.strips() for segment in strip)

    async with following() as reader:
        await reader.press("enter")
        assert pixels(reader) == sum(BLOCK in line for line in reader.lines()) > 5
        width = reader.app.size.width
        assert all(strip.cell_length == width for strip in reader.strips())
        await reader.press("?")
        assert pixels(reader) == 0
        await reader.press("escape")
        assert pixels(reader) > 5


def test_the_process_ends_with_the_reader(site: Site, environ: dict[str, str]) -> None:
    put_feed(site, body("/red.png"))
    site.page("/red.png", picture())
    with installed(columns=100, lines=30, environ=environ) as screen:
        screen.until_seen(STORIES[0], "1 of 1")
        screen.press("\r")
        screen.until_seen(BLOCK)
        screen.press("q")
        assert screen.until_ended() == 0
        assert b"Traceback" not in screen.written
    until_alone(environ)


async def test_a_process_that_dies_is_started_anew(site: Site) -> None:
    put_feed(site, body("/red.png"), body("/hangs.png"))
    site.page("/red.png", picture())
    site.hang("/hangs.png")
    async with following() as reader:
        await reader.press("j")
        reader.push("enter")
        await reader.until(lambda: "/hangs.png" in site.paths(), "the request")
        pictures = reader.page.pictures()
        assert pictures._process is not None
        os.kill(pictures._process.pid, signal.SIGKILL)
        await reader.until_seen("could not be drawn")
        await reader.press("escape", "k", "enter")
        assert reader.sees(BLOCK)


async def test_slow_pictures_are_no_longer_fetched(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    put_feed(site, body("/1.png", "/2.png", "/3.png"), body("/4.png"))
    for number in range(1, 5):
        site.page(f"/{number}.png", picture())
    monkeypatch.setattr("tui_reader.ui.controllers.pictures._SLOW", 0.0)
    async with following() as reader:
        await reader.press("enter")
        assert "Pictures are slow to come" in reader.footer
        await reader.press("escape", "j", "enter")
        assert "/4.png" not in site.paths()
        assert reader.sees("image: A red field")
