"""What leaves the reader: pages to the browser, links to the clipboard."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from typing import Protocol

from textual.app import App

from tui_reader.errors import NewsError
from tui_reader.model.story import Story
from tui_reader.ui.browser import NoBrowser, find_browser, needs_terminal, open_page, run_in_terminal


class Say(Protocol):
    """Shows a message to the person."""

    def __call__(self, message: str, *, error: bool = False) -> None:
        """Show it; ``error`` in the colour of errors."""


class LinksController:
    """Opens and copies links, and says what it did."""

    def __init__(self, app: App[str], browser: Sequence[str], say: Say) -> None:
        self._app = app
        self._browser = browser
        self._say = say

    def open(self, url: str | None) -> bool:
        """Open ``url`` in the person's browser; where there is none, show and copy it. Return whether that was done."""
        if url is None:
            self._say("this article has no link that can be opened")
            return False
        try:
            command = find_browser(self._browser, os.environ)
            if needs_terminal(command):
                with self._app.suspend():
                    run_in_terminal(command, url)
            else:
                open_page(command, url)
                self._say(f"opened {url}")
        except NoBrowser as error:
            self._show_instead(url, str(error))
        except NewsError as error:
            self._say(str(error), error=True)
            return False
        return True

    def _show_instead(self, url: str, why: str) -> None:
        """Show a link whole, and copy it, as there is no browser to open it in."""
        from tui_reader.ui.screens.links import LinkScreen

        self._app.copy_to_clipboard(url)
        self._app.push_screen(LinkScreen(url, why))

    def copy(self, url: str | None) -> None:
        """Copy ``url`` through the terminal (OSC 52), which works over ssh as well."""
        if url is None:
            self._say("this article has no link")
            return
        self._app.copy_to_clipboard(url)
        self._say(f"copied {url}")

    def pick(self, story: Story, then: Callable[[], None]) -> None:
        """Show all links of a story; open or copy the one that is picked, then do ``then``."""
        from tui_reader.ui.screens.links import LinksScreen

        links = all_links(story)
        if not links:
            self._say("this article has no links")
            return

        def picked(choice: tuple[str, str] | None) -> None:
            if choice is not None:
                what, url = choice
                if what == "copy":
                    self.copy(url)
                elif self.open(url):
                    then()

        self._app.push_screen(LinksScreen(links), picked)


def all_links(story: Story) -> list[tuple[str, str]]:
    """Return every address of a story with what it is, each once."""
    links = story.links
    named = [("original", links.original), ("page", links.web), ("AMP", links.amp), ("AMP cache", links.cdn_amp)]
    named += [("video", story.video), *(("image", url) for url in story.images)]
    found: dict[str, str] = {}
    for name, url in named:
        if url:
            found.setdefault(url, name)
    return [(name, url) for url, name in found.items()]
