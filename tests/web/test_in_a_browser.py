"""The reader as a visitor has it: the page in a headless Chromium, with keys, mouse, clipboard and tabs."""

from __future__ import annotations

import io

import pytest
from PIL import Image

from tests.ui.pages import BRIDGE, COMET, FERRY
from tests.web.chromium import Chromium, Tab, until
from tests.web.conftest import Served

ITSELF = "https://example.org/the-bridge-itself"
"""Where the story of the bridge is."""

pytestmark = pytest.mark.asyncio(loop_scope="module")


def colours(png: bytes, box: tuple[int, int, int, int]) -> int:
    """Return how many colours a part of a picture has."""
    return len(Image.open(io.BytesIO(png)).convert("RGB").crop(box).getcolors(1 << 24))


async def test_the_page_shows_three_panes_and_asks_no_other_host_for_anything(
    browser: Chromium, served: Served
) -> None:
    async with browser.tab(1280, 800) as tab:
        await tab.go(served.address)
        await tab.until_seen("TOPICS", BRIDGE, FERRY, "? keys")
        picture = await tab.picture()
        assert Image.open(io.BytesIO(picture)).size == (1280, 800)
        for left, right in ((0, 240), (250, 800), (820, 1280)):
            assert colours(picture, (left, 40, right, 760)) > 20  # drawn with smooth letters
        (socket,) = tab.sockets
        assert tab.requests
        assert all(each.startswith((served.address, "data:")) for each in tab.requests), tab.requests
        assert socket.startswith(served.address.replace("http", "ws"))
        inner = await tab.run("[document.documentElement.scrollWidth, document.documentElement.scrollHeight]")
        assert inner == [1280, 800]
        # The terminal is drawn in software here, which Chromium remarks on.
        assert [each for each in tab.problems if "WebGL" not in each] == []

        await tab.size(700, 900)
        await tab.until_seen(BRIDGE)


async def go_to_first(tab: Tab, served: Served) -> None:
    """Open the reader with the first story of the list, wherever it was left before."""
    await tab.go(served.address)
    await tab.until_seen("of 36")
    await tab.press("Escape", "g")
    await tab.until_seen(BRIDGE, "1 of 36", "⏎ read")


async def test_keys_mouse_and_palette_work(browser: Chromium, served: Served) -> None:
    async with browser.tab() as tab:
        await go_to_first(tab, served)
        await tab.press("j")
        await tab.until_seen("2 of 36")
        await tab.click(*tab.place_of(COMET))
        await tab.until_seen("3 of 36")
        await tab.press("Control+p")
        await tab.until_seen("Mark as read or unread")
        await tab.press("Escape")
        await tab.until_gone("Mark as read or unread")
        await tab.press("Control+z")
        await tab.until_seen("A page in a browser cannot be suspended")


async def test_what_is_opened_and_copied_is_so_in_the_visitors_browser(browser: Chromium, served: Served) -> None:
    async with browser.tab(may_copy=served.address) as tab:
        await go_to_first(tab, served)
        await tab.press("y")
        await tab.until_seen(f"Copied {ITSELF}")
        assert await tab.run("navigator.clipboard.readText()") == ITSELF
        await tab.press("o")
        await tab.until_seen(f"Opened {ITSELF}")
        await until(lambda: ITSELF in browser.targets, f"the tab with the page: {browser.targets}")


async def test_what_the_browser_refuses_is_said(browser: Chromium, served: Served) -> None:
    async with browser.tab() as tab:
        await go_to_first(tab, served)
        await tab.run("window.open = () => null; document.execCommand = () => false; 0")
        await tab.run("navigator.clipboard.writeText = () => Promise.reject(new Error()); 0")
        await tab.press("y")
        await tab.until_seen("Not copied: The browser did not let the page copy")
        await tab.press("o")
        await tab.until_seen("The browser blocked the new tab", ITSELF)


async def test_a_page_that_is_loaded_again_goes_on_where_it_was(browser: Chromium, served: Served) -> None:
    async with browser.tab() as tab:
        await go_to_first(tab, served)
        await tab.press("j", "Enter")
        await tab.until_seen(FERRY, "Esc list")
        await tab.call("Page.reload")
        await until(lambda: len(tab.sockets) == 2, "the socket of the new page")
        await tab.until_seen(FERRY, "Esc list")
        await tab.press("q")
        await tab.until_ended("The reader has ended.")
        await tab.press("Enter")
        await until(lambda: len(tab.sockets) == 3, "the socket of the new page")
        await tab.until_seen(FERRY, "Esc list")


async def test_two_visitors_see_each_others_marks(browser: Chromium, served: Served) -> None:
    async with browser.tab() as one, browser.tab(700, 900) as other:
        for tab in (one, other):
            await go_to_first(tab, served)
        assert not other.sees("★")
        await one.press("s")
        await one.until_seen("★")
        await other.until_seen("★")
