"""Remembers the order, window, density and theme for the next time."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TypeVar

from textual.screen import Screen

from tui_reader.config import View, save_view
from tui_reader.model.query import Filter, Sort, Window
from tui_reader.ui.controllers.browsing import Browsing
from tui_reader.ui.controllers.page import Action, Page
from tui_reader.ui.session import Session
from tui_reader.ui.themes import DARK, LIGHT
from tui_reader.ui.widgets.story_list import MOST_LINES

Step = TypeVar("Step", Sort, Window)


class RememberedView:
    """Saves the view each time it is changed."""

    def __init__(self, screen: Screen[None], page: Page, browsing: Browsing, session: Session) -> None:
        self._screen = screen
        self._page = page
        self._browsing = browsing
        self._path = session.folders.view
        self._theme = session.view.theme
        self._last = {True: DARK.name, False: LIGHT.name}  # theme by whether it is dark
        self._lines = session.view.lines
        page.panes.list.lines = session.settings.lines if self._lines < 0 else self._lines

    def commands(self) -> dict[str, Action]:
        """Return what the commands that change the view do."""
        return {
            "sort": partial(self._change, self._next_sort),
            "window": partial(self._change, self._next_window),
            "folded": partial(self._change, self._toggle_folded),
            "density": self._next_density,
            "theme": self._toggle_theme,
        }

    def _change(self, change: Callable[[], None]) -> None:
        """Change the view of the list and save it."""
        if self._browsing.query.filter is Filter.READ:
            self._page.say("The history has an order of its own: Esc leaves it")
            return
        change()
        self._save()

    def _next_sort(self) -> None:
        """Show the next order: its top, unless the cursor was moved to a story or one is open; then it stays there."""
        query = self._browsing.query
        keep = self._browsing.list.cursor > 0 or self._page.panes.active == "story"
        self._browsing.change(query._replace(sort=_next(query.sort)), keep=keep)

    def _next_window(self) -> None:
        """Show the next window of time."""
        query = self._browsing.query
        self._browsing.change(query._replace(window=_next(query.window)), keep=True, counts=True)

    def _toggle_folded(self) -> None:
        """Show or hide folded articles."""
        query = self._browsing.query
        self._browsing.change(query._replace(folded=not query.folded), keep=True, counts=True)

    def _next_density(self) -> None:
        """Show another number of lines for a story, and save that."""
        stories = self._page.panes.list
        self._lines = (stories.lines + 1) % (MOST_LINES + 1)
        stories.show_lines(self._lines)
        words = ("as many lines as suit the screen", "one line", "two lines", "three lines")
        self._page.say(f"A story has {words[self._lines]}")
        self._save()

    def _toggle_theme(self) -> None:
        """Switch between dark and light, to the theme of that kind shown last, and save that."""
        theme = self._screen.app.current_theme
        self._last[theme.dark] = theme.name
        self.use_theme(self._last[not theme.dark])

    def use_theme(self, name: str) -> None:
        """Show the reader in a theme, and save that."""
        self._screen.app.theme = self._theme = name
        self._save()

    def follow_theme(self, name: str) -> None:
        """Show the theme of the settings, unless another one was chosen here."""
        if not self._theme:
            self._screen.app.theme = name or DARK.name

    def follow_lines(self, lines: int) -> None:
        """Show as many lines as the settings say, unless others were chosen here."""
        if self._lines < 0:
            self._page.panes.list.show_lines(lines)

    def _save(self) -> None:
        query = self._browsing.view
        try:
            save_view(self._path, View(query.sort, query.window, query.folded, self._theme, self._lines))
        except OSError as error:
            self._page.say(f"{self._path.parent} cannot be written: {error.strerror}", error=True)


def _next(value: Step) -> Step:
    """The value after this one of its enumeration; the first one after the last."""
    values = list(type(value))
    return values[(values.index(value) + 1) % len(values)]
