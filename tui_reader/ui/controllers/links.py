"""Open links in the browser, or copy them to the clipboard."""

from __future__ import annotations

import os
from collections.abc import Callable, Coroutine, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from tui_reader.errors import NewsError
from tui_reader.model.story import Story
from tui_reader.named_tuple import NamedTuple
from tui_reader.ui.controllers.page import Say
from tui_reader.ui.visitor import visitors_browser

if TYPE_CHECKING:
    from textual.app import App

    from tui_reader.ui.browser import Opening
    from tui_reader.ui.browser_driver import BrowserDriver


class ShowLink(Protocol):
    """Shows a link in full: one that could not be opened, or one to open only if the person still wants to."""

    def __call__(self, url: str, reason: str, anyway: Callable[[], object] | None = None) -> object:
        """Show ``url`` with a ``reason``; ``anyway`` is called if the person opens it nevertheless."""


class LinksController:
    """Opens and copies links, and says what became of them."""

    def __init__(
        self,
        browser: Callable[[], Sequence[str]],
        *,
        say: Say,
        show_link: ShowLink,
        app: Callable[[], App[Any]],
        start: Callable[[str, Callable[[], Coroutine[Any, Any, None]]], object],
    ) -> None:
        """``browser`` returns the command of the settings, or nothing.

        ``show_link`` shows a link in full, with the reason why it was not
        opened. ``app`` returns the app, whose terminal a browser may need,
        or which is in a browser itself; ``start`` runs a coroutine function in
        the background, under a name.
        """
        self._browser = browser
        self._app = app
        self._start_aside = start
        self._say = say
        self._show_link = show_link

    def open(
        self,
        url: str | None,
        opened: Callable[[], object] = lambda: None,
        failed: Callable[[], object] = lambda: None,
    ) -> None:
        """Open ``url`` in the browser, or show it if there is none, or if it does not lead where it seems to.

        ``opened`` is called when a browser was started, and ``failed`` if that turns out to fail.
        """
        if url is None:
            self._say("This article has no link to open")
            return
        host, reason = _destination(url)
        if not reason:
            self._start(url, url, opened, failed)
            return
        anyway = partial(self._start, url, host, opened, failed)
        self._show_link(url, f"It leads to {host}: {reason}.", anyway)

    def open_file(self, path: Path, opened: Callable[[], object], failed: Callable[[], object]) -> None:
        """Open the file of an article that has no page."""
        self._start(path, f"the file {path.name}", opened, failed)

    def _start(self, page: str | Path, shown: str, opened: Callable[[], object], failed: Callable[[], object]) -> None:
        from tui_reader.ui.browser import NoBrowser, find_browser, needs_terminal, open_page, run_in_terminal

        if (browser := visitors_browser(self._app())) is not None:
            self._start_there(browser, page, opened, failed)
            return
        try:
            command = find_browser(self._browser(), os.environ)
            opening = None if needs_terminal(command) else open_page(command, page)
        except NoBrowser as error:
            self._show_link(str(page), str(error))
            return
        except NewsError as error:
            self._say(str(error), error=True)
            return
        if opening is not None:
            self._say(f"Opening {shown} …")
            self._start_aside(f"open {page}", partial(self._follow, opening, shown, failed))
            opened()
            return
        with self._app().suspend():
            problem = run_in_terminal(command, page)
        if problem:
            self._say(problem, error=True)
        else:
            opened()

    def _start_there(
        self, browser: BrowserDriver, page: str | Path, opened: Callable[[], object], failed: Callable[[], object]
    ) -> None:
        """Open a page in the browser that shows the reader."""
        if isinstance(page, Path):
            self._show_link(str(page), "This file is on the machine that runs the reader.")
            return

        async def follow() -> None:
            if problem := await browser.open_page(page):
                self._show_link(page, f"{problem}.")
                failed()
            else:
                self._say(f"Opened {page}")

        self._start_aside(f"open {page}", follow)
        opened()

    async def _follow(self, opening: Opening, shown: str, failed: Callable[[], object]) -> None:
        """Say whether a page was opened, as soon as that is known."""
        problem = await opening.problem()
        if problem:
            self._say(f"{problem}: {shown}", error=True)
            failed()
        else:
            self._say(f"Started {opening.name} with {shown}" if problem is None else f"Opened {shown}")

    async def copy_link(self, url: str | None) -> None:
        """Copy ``url``, and say how it was done and where it leads."""
        if url is None:
            self._say("This article has no link")
            return
        host, reason = _destination(url)
        await self.copy(url, f"a link to {host}: {url}" if reason else url)

    async def copy_path(self, path: Path) -> None:
        """Copy the path of a file of an article that has no page."""
        await self.copy(str(path), f"the path {path}: the article has no link")

    async def copy(self, text: str, shown: str) -> None:
        """Copy ``text``, which the message calls ``shown``."""
        from tui_reader.ui.clipboard import copy_for

        outcome = await copy_for(self._app(), text)
        self._say(outcome.about(shown), error=not outcome.worked)


def _destination(url: str) -> tuple[str, str]:
    from tui_reader.model.hosts import destination

    return destination(url)


class ListedLink(NamedTuple):
    """A link as the list of links shows it.

    ``number`` is the one that it has in the text, 0 outside of it; ``words``
    are those of the text, or the kind. ``article`` is the one that the index
    has there.
    """

    number: int
    words: str
    url: str
    article: int | None = None


def own_links(story: Story) -> list[tuple[str, str]]:
    """Return the links of a story besides those of its text, as pairs of kind and URL, each URL once."""
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
