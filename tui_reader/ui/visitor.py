"""The browser of whoever sees the reader on a page of ``news-tui serve``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from textual.app import App

from tui_reader.ui.textual_private import driver_of

if TYPE_CHECKING:
    from tui_reader.ui.browser_driver import BrowserDriver


class InBrowsersToo(App[None]):
    """An app that says what it cannot do on a page in a browser."""

    def action_suspend_process(self) -> None:
        """Suspend the reader, if it has a terminal."""
        if self.is_web:
            self.notify("A page in a browser cannot be suspended: close it, and open it again when you like")
        else:
            super().action_suspend_process()


def visitors_browser(app: App[Any]) -> BrowserDriver | None:
    """Return the browser that shows ``app``, or ``None`` where it has a terminal."""
    if not app.is_web:
        return None
    from tui_reader.ui.browser_driver import BrowserDriver

    driver = driver_of(app)
    return driver if isinstance(driver, BrowserDriver) else None
