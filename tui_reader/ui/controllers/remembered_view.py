"""Remembers the order, window and theme for the next time."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from textual.app import App

from tui_reader.config import View, save_view
from tui_reader.ui.controllers.browsing import Browsing
from tui_reader.ui.controllers.page import Page
from tui_reader.ui.session import Session


class RememberedView:
    """Saves the view each time it is changed."""

    def __init__(self, page: Page, browsing: Browsing, session: Session) -> None:
        self._page = page
        self._browsing = browsing
        self._path = session.folders.view
        self._theme = session.view.theme

    def change(self, change: Callable[[], None]) -> None:
        """Change the view of the list and save it."""
        change()
        self._save()

    def toggle_theme(self, app: App[Any]) -> None:
        """Switch between dark and light, and save that."""
        app.theme = self._theme = "news-light" if app.current_theme.dark else "news-dark"
        self._save()

    def _save(self) -> None:
        query = self._browsing.view
        try:
            save_view(self._path, View(query.sort, query.window, query.folded, self._theme))
        except OSError as error:
            self._page.say(f"{self._path.parent} cannot be written: {error.strerror}", error=True)
