"""The search box above the list."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.widgets import Input


class SearchBox(Input):
    """Calls ``typed`` with the words after each key, and ``done`` at the end.

    They are calls rather than messages: the keyboard has left the box before
    the next key arrives.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "cancel", show=False),
        Binding("enter,down,tab", "done", show=False),
    ]

    def __init__(self, words: str, typed: Callable[[str], None], done: Callable[[str], None]) -> None:
        """``done`` gets the words, or an empty string if the search was cancelled."""
        super().__init__(words, placeholder="words in titles, excerpts and providers", id="search")
        self._typed = typed
        self._done = done

    def on_input_changed(self, event: Input.Changed) -> None:
        """Search for what is typed so far."""
        event.stop()
        self._typed(event.value)

    def action_done(self) -> None:
        """Go to the results."""
        self._done(self.value if self.value.strip() else "")

    def action_cancel(self) -> None:
        """End the search."""
        self._done("")
