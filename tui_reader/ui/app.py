"""The app: themes, the keymap, and input that waits for the action before it."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Sequence
from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.driver import Driver
from textual.filter import ANSIToTruecolor, LineFilter
from textual.message import Message

from tui_reader.ui.faults import Fault
from tui_reader.ui.screens.front_page import FrontPage
from tui_reader.ui.session import Session
from tui_reader.ui.textual_private import TellsCrashes
from tui_reader.ui.themes import DARK, THEMES, variables_for
from tui_reader.ui.visitor import InBrowsersToo

_LOOK_AGAIN = 0.01  # seconds between two looks whether held input can go on
_LOST = 0.1  # seconds after which a key counts as done: the widget that had it is gone
_STUCK = 1.0  # seconds after which the keys that quit no longer wait for an action


class NewsApp(InBrowsersToo, TellsCrashes, inherit_bindings=False):
    """Shows the front page of a session."""

    CSS_PATH = "news.tcss"
    TITLE = "news-tui"
    ENABLE_COMMAND_PALETTE = False  # the front page opens it, on its own key
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (80, "-medium"), (120, "-wide")]  # noqa: RUF012 - as Textual declares it
    ESCAPE_TO_MINIMIZE = False
    CLOSE_TIMEOUT = 0.5  # seconds; `q` quits at once
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+q", "quit", show=False, priority=True, id="quit_anywhere"),
        Binding("ctrl+z", "suspend_process", show=False, priority=True, id="suspend_anywhere"),
        Binding("ctrl+c", "help_quit", show=False, system=True),
    ]

    class KeyDone(Message):
        """Follows a key through the same widgets: when the app has it, the key has been dealt with."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session, self.keymap = session, session.keymap
        self._front_page = FrontPage(session)
        self._held: deque[events.Event] = deque()
        self._looks_again = False  # a timer for held input is running
        self._key_since: float | None = None  # when the key that is on its way was passed on
        self.set_keymap(session.keymap.overrides())
        for theme in THEMES:
            self.register_theme(theme)
        wanted = session.view.theme or session.settings.theme
        self.theme = wanted if wanted in self.available_themes else DARK.name

    @property
    def front_page(self) -> FrontPage:
        """The first screen, whatever is open above it."""
        return self._front_page

    def get_theme_variable_defaults(self) -> dict[str, str]:
        """Give other themes the colours that our style sheet names."""
        return variables_for(self.available_themes.get(self.theme, DARK))

    def get_driver_class(self) -> type[Driver]:
        """Use our own keyboard driver where Textual would use its driver for Unix."""
        driver = super().get_driver_class()
        if driver.__name__ != "LinuxDriver":
            return driver  # another system, or one set for a test
        from tui_reader.ui.driver import KeyboardDriver

        return KeyboardDriver

    def get_line_filters(self) -> Sequence[LineFilter]:
        """Leave out the filter for ANSI colours: the style sheet and the palette use none."""
        return [each for each in super().get_line_filters() if not isinstance(each, ANSIToTruecolor)]

    def get_default_screen(self) -> FrontPage:
        """Return the front page."""
        return self._front_page

    async def action_window_help(self) -> None:
        """Show the keys of the window that is open, or of the search box."""
        from tui_reader.ui.screens.help import WindowHelpScreen

        window = getattr(self.focused, "window", "") or getattr(self.screen, "window", "")
        await self.push_screen(WindowHelpScreen(self.keymap.of_window(window)))

    # -- input that waits --------------------------------------------------------

    async def on_event(self, event: events.Event) -> None:
        """Give input to the screen, one key after the other; hold it back until the key before it is done.

        A key goes to the focused widget and from there up through its
        parents. Two keys that arrive together would both go to the widget
        that has the focus now, even if the first one moves it. So a
        :class:`KeyDone` follows each key the same way.
        """
        waits = isinstance(event, events.Key | events.Paste | events.MouseDown | events.MouseUp)
        if not waits or event.is_forwarded:
            await super().on_event(event)
        elif (self._held or not self._is_ready()) and not self._quits(event):
            self._held.append(event)
            self._look_again()
        else:
            await self._pass_on(event)

    async def _pass_on(self, event: events.Event) -> None:
        if isinstance(event, events.Key):
            target = self.focused or self.screen
            self._key_since = time.monotonic()
            await super().on_event(event)
            target.post_message(self.KeyDone())
        else:
            await super().on_event(event)

    async def on_news_app_key_done(self) -> None:
        """Let the next key go on."""
        self._key_since = None
        await self._release()

    async def on_front_page_actions_done(self) -> None:
        """Let the input that was held back go on."""
        await self._release()

    async def _release(self) -> None:
        while self._held and self._is_ready():
            await self._pass_on(self._held.popleft())
        if self._held and not self._front_page.actions.busy:
            self._look_again()  # a screen is being mounted, or was closed with a key on its way

    def _look_again(self) -> None:
        """Try the input that is held back again in a moment; one timer serves all of it."""
        if not self._looks_again:
            self._looks_again = True
            self.set_timer(_LOOK_AGAIN, self._look)

    async def _look(self) -> None:
        self._looks_again = False
        await self._release()

    def _is_ready(self) -> bool:
        """Whether a key finds everything as the key before left it."""
        on_its_way = self._key_since is not None and time.monotonic() - self._key_since < _LOST
        return not on_its_way and not self._front_page.actions.busy and self.screen.is_mounted

    def _quits(self, event: events.Event) -> bool:
        """Whether this is a key that quits, pressed while an action takes too long."""
        stuck = self._front_page.actions.seconds > _STUCK
        return stuck and isinstance(event, events.Key) and event.key in self._session.keymap.keys("quit")

    # -- faults ------------------------------------------------------------------

    def log_fault(self, error: BaseException) -> str:
        """Write an exception to the log; return the message to show."""
        from tui_reader.error_log import log_fault

        return log_fault(error, self._session.folders.log)

    def on_fault(self, event: Fault) -> None:
        """Log an unexpected exception and say so; the reader goes on."""
        words = self.log_fault(event.error)
        if self.screen is self._front_page:
            self._front_page.say(words, error=True)
        else:
            self.notify(words, severity="error", markup=False)
