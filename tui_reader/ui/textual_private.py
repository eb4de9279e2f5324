"""The private parts of Textual that the reader uses, each with its reason.

A test holds the version of Textual that they were checked against
(:data:`CHECKED_VERSION`); ``pyproject.toml`` allows no other minor version.
"""

from __future__ import annotations

import sys
from typing import Any, TypeAlias

from rich.text import Text
from textual._compositor import Compositor, CompositorUpdate
from textual._styles_cache import StylesCache
from textual._xterm_parser import XTermParser
from textual.app import App
from textual.driver import Driver
from textual.screen import Screen
from textual.scroll_view import ScrollView
from textual.scrollbar import ScrollBar

CHECKED_VERSION = "8.2"

ScreenPainter: TypeAlias = Compositor
"""What lays a screen out and paints it; ``painting.py`` has a faster one."""

TerminalOutput: TypeAlias = CompositorUpdate
"""What it has painted, to be written to the terminal."""


KeyboardParser: TypeAlias = XTermParser
"""What makes keys of the bytes that a terminal sends."""


class TellsCrashes(App[None]):
    """An app that says in one sentence, after the terminal is restored, which exception ended it."""

    def log_fault(self, error: BaseException) -> str:
        """Write an exception to the log; return the message to show."""
        raise NotImplementedError

    def _fatal_error(self) -> None:
        error = sys.exception()
        words = "" if error is None else self.log_fault(error)
        if not self._exit_renderables:  # the first says enough
            self.panic(Text(f"news-tui: {words}"))


def release_drawn_lines() -> None:
    """Free the drawn lines of widgets that have been removed.

    ``StylesCache.get_inner_outer`` is a method under an ``lru_cache``, so its
    keys hold the caches of the last 1024 widgets drawn, with all their lines:
    over 100 KB for each time a full screen is opened. The cached styles are
    made again in microseconds.
    """
    StylesCache.get_inner_outer.cache_clear()


def write_to_terminal(app: App[Any], text: str) -> None:
    """Send something to the terminal that is no part of the screen, such as a picture for it to keep."""
    if app._driver is not None:
        app._driver.write(text)


def driver_of(app: App[Any]) -> Driver | None:
    """Return what draws the app: that of a page in a browser can do more than Textual asks for."""
    return app._driver


def keyboard_parser(debug: bool) -> KeyboardParser:
    """Return the parser of the bytes that a terminal sends.

    Our driver for the keyboard (``driver.py``) reads them as Textual's does,
    but looks for a lone Esc as soon as its time is over.
    """
    return XTermParser(debug)


def vertical_scrollbar(owner: ScrollView) -> ScrollBar | None:
    """Return the scrollbar of a widget, if it has been made.

    Textual makes one of its own class when the public property is read, which
    is what a list with a faster scrollbar has to prevent.
    """
    return owner._vertical_scrollbar


def set_vertical_scrollbar(owner: ScrollView, bar: ScrollBar) -> None:
    """Give a widget its scrollbar, as Textual's own property does."""
    bar.display = False
    owner._vertical_scrollbar = bar
    owner.app._start_widget(owner, bar)


def set_painter(screen: Screen[Any], painter: ScreenPainter) -> None:
    """Let ``painter`` paint a screen that has not been laid out yet."""
    screen._compositor = painter
