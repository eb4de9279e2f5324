"""The app: themes, keys and the front page; everything that happens is in the screens."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import ClassVar

from textual.app import App
from textual.command import Provider
from textual.driver import Driver
from textual.filter import ANSIToTruecolor, LineFilter

from tui_reader.ui.screens.front_page import FrontPage
from tui_reader.ui.session import Session
from tui_reader.ui.themes import DARK, THEMES, fallback_variables

_EVERYWHERE = frozenset({"palette", "quit"})  # the commands whose keys Textual itself listens to


def _commands() -> type[Provider]:
    from tui_reader.ui.command_provider import CommandProvider

    return CommandProvider


class NewsApp(App[str]):
    """Shows the front page of a session."""

    CSS_PATH = "news.tcss"
    TITLE = "news-tui"
    COMMANDS: ClassVar[set[type[Provider] | Callable[[], type[Provider]]]] = {_commands}
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (80, "-medium"), (120, "-wide")]  # noqa: RUF012 - as Textual declares it
    ESCAPE_TO_MINIMIZE = False
    CLOSE_TIMEOUT = 0.5  # seconds; `q` leaves at once

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        for command in session.keymap.commands:
            if command.id not in _EVERYWHERE:
                for key in session.keymap.keys(command.id):
                    # Textual's own keys come before all others, unless they were given to another command.
                    self._bindings.key_to_bindings.pop(key, None)
        for theme in THEMES:
            self.register_theme(theme)
        wanted = session.view.theme or session.settings.theme
        self.theme = wanted if wanted in self.available_themes else DARK.name

    def get_theme_variable_defaults(self) -> dict[str, str]:
        """Give themes that are not ours the colours that the pages name."""
        theme = self.available_themes.get(self.theme)
        return fallback_variables(theme is None or theme.dark)

    def get_driver_class(self) -> type[Driver]:
        """Read the keyboard in our own way where Textual would use its driver for Unix."""
        driver = super().get_driver_class()
        if driver.__name__ != "LinuxDriver":
            return driver  # another system, or one set for a test
        from tui_reader.ui.driver import KeyboardDriver

        return KeyboardDriver

    def get_line_filters(self) -> Sequence[LineFilter]:
        """Leave out the filter for colours of the terminal's own palette: the style sheet and the palette name none."""
        return [each for each in super().get_line_filters() if not isinstance(each, ANSIToTruecolor)]

    def get_default_screen(self) -> FrontPage:
        """Return the front page: the first and, windows aside, the only screen."""
        return FrontPage(self._session)
