"""Open links in the browser, or copy them to the clipboard."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from typing import Any, Protocol

from textual.app import App

from tui_reader.errors import NewsError
from tui_reader.model.story import Story
from tui_reader.ui.browser import NoBrowser, find_browser, needs_terminal, open_page, run_in_terminal


class Say(Protocol):
    """Shows a message to the person."""

    def __call__(self, message: str, *, error: bool = False) -> None:
        """Show it; ``error`` in the colour of errors."""


class LinksController:
    """Opens and copies links, and shows a message about it."""

    def __init__(self, app: App[Any], browser: Sequence[str], say: Say) -> None:
        self._app = app
        self._browser = browser
        self._say = say

    def open(self, url: str | None) -> bool:
        """Open ``url`` in the browser, or show and copy it if there is no browser.

        Return ``False`` if neither was possible.
        """
        if url is None:
            self._say("This article has no link to open.")
            return False
        try:
            command = find_browser(self._browser, os.environ)
            if needs_terminal(command):
                with self._app.suspend():
                    run_in_terminal(command, url)
            else:
                open_page(command, url)
                self._say(f"Opened {url}")
        except NoBrowser as error:
            self._copy_and_show(url, str(error))
        except NewsError as error:
            self._say(str(error), error=True)
            return False
        return True

    def _copy_and_show(self, url: str, reason: str) -> None:
        """Copy a link and show it in full."""
        from tui_reader.ui.screens.links import LinkScreen

        self._app.copy_to_clipboard(url)
        self._app.push_screen(LinkScreen(url, reason))

    def copy(self, url: str | None) -> None:
        """Copy ``url`` through the terminal (OSC 52), which also works over SSH."""
        if url is None:
            self._say("This article has no link.")
            return
        self._app.copy_to_clipboard(url)
        self._say(f"Copied {url}")

    def pick(self, story: Story, then: Callable[[], None]) -> None:
        """Show all links of a story and open or copy the one chosen; call ``then`` if it was opened."""
        from tui_reader.ui.screens.links import LinksScreen

        links = all_links(story)
        if not links:
            self._say("This article has no links.")
            return

        def picked(choice: tuple[str, str] | None) -> None:
            if choice is not None:
                action, url = choice
                if action == "copy":
                    self.copy(url)
                elif self.open(url):
                    then()

        self._app.push_screen(LinksScreen(links), picked)


def all_links(story: Story) -> list[tuple[str, str]]:
    """Return the links of a story as pairs of kind and URL, each URL once."""
    links = story.links
    every = [
        ("original", links.original),
        ("page", links.web),
        ("AMP", links.amp),
        ("AMP cache", links.cdn_amp),
    ]
    every += [("video", story.video), *(("image", url) for url in story.images)]
    kinds: dict[str, str] = {}
    for kind, url in every:
        if url:
            kinds.setdefault(url, kind)
    return [(kind, url) for url, kind in kinds.items()]
