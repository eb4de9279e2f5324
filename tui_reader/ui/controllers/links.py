"""Open links in the browser, or copy them to the clipboard."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from typing import Protocol

from tui_reader.errors import NewsError
from tui_reader.model.story import Story
from tui_reader.ui.browser import NoBrowser, find_browser, needs_terminal, open_page, run_in_terminal
from tui_reader.ui.controllers.page import Say


class ShowLink(Protocol):
    """Shows a link in full: one that could not be opened, or one to open only if the person still wants to."""

    def __call__(self, url: str, reason: str, anyway: Callable[[], object] | None = None) -> object:
        """Show ``url`` with a ``reason``; ``anyway`` is called if the person opens it nevertheless."""


class LinksController:
    """Opens and copies links, and shows a message about it."""

    def __init__(
        self,
        browser: Sequence[str],
        *,
        say: Say,
        show_link: ShowLink,
        to_clipboard: Callable[[str], object],
        suspend: Callable[[], AbstractContextManager[object]],
    ) -> None:
        """``browser`` is the command of the settings, or empty.

        ``show_link`` shows a link in full, with the reason why it was not
        opened. ``suspend`` gives the terminal to a browser that draws in it.
        """
        self._browser = browser
        self._to_clipboard = to_clipboard
        self._suspend = suspend
        self._say = say
        self._show_link = show_link

    def open(self, url: str | None, opened: Callable[[], object] | None = None) -> bool:
        """Open ``url`` in the browser, or show and copy it if there is no browser.

        Return ``False`` if neither was possible, or if ``url`` is shown first
        because it does not lead where it seems to. ``opened`` is called if it is
        opened then.
        """
        if url is None:
            self._say("This article has no link to open")
            return False
        host, reason = _destination(url)
        if not reason:
            return self._start(url, url)

        def anyway() -> None:
            if self._start(url, host) and opened is not None:
                opened()

        self._show_link(url, f"It leads to {host}: {reason}.", anyway)
        return False

    def _start(self, url: str, shown: str) -> bool:
        try:
            command = find_browser(self._browser, os.environ)
            if needs_terminal(command):
                with self._suspend():
                    run_in_terminal(command, url)
            else:
                open_page(command, url)
                self._say(f"Opened {shown}")
        except NoBrowser as error:
            self._to_clipboard(url)
            self._show_link(url, str(error))
        except NewsError as error:
            self._say(str(error), error=True)
            return False
        return True

    def copy(self, url: str | None) -> None:
        """Copy ``url`` through the terminal (OSC 52), which also works over SSH."""
        if url is None:
            self._say("This article has no link")
            return
        self._to_clipboard(url)
        host, reason = _destination(url)
        self._say(f"Copied a link to {host}: {url}" if reason else f"Copied {url}")


def _destination(url: str) -> tuple[str, str]:
    from tui_reader.model.hosts import destination

    return destination(url)


def all_links(story: Story) -> list[tuple[str, str]]:
    """Return the links of a story as pairs of kind and URL, each URL once."""
    links = story.links
    every = [
        ("original", links.original),
        ("page", links.web),
        ("AMP", links.amp),
        ("AMP cache", links.cdn_amp),
    ]
    every += [("comments", story.comments), *story.media()]
    kinds: dict[str, str] = {}
    for kind, url in every:
        if url:
            kinds.setdefault(url, kind)
    return [(kind, url) for url, kind in kinds.items()]
