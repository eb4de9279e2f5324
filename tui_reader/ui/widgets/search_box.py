"""The line above the list into which words are typed."""

from __future__ import annotations

from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.message import Message
from textual.widgets import Input


class SearchBox(Input):
    """Tells what was typed, key by key, and when the person is done."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "cancel", show=False),
        Binding("down,tab", "done", show=False),
    ]

    class Typed(Message):
        """The words changed."""

        def __init__(self, words: str) -> None:
            super().__init__()
            self.words = words

    class Done(Message):
        """The person goes to the results, or cancels."""

        def __init__(self, words: str, cancelled: bool) -> None:
            super().__init__()
            self.words = words
            self.cancelled = cancelled

    def __init__(self, words: str) -> None:
        super().__init__(words, placeholder="words in titles, excerpts and providers", id="search")

    def on_input_changed(self, event: Input.Changed) -> None:
        """Look for what is typed so far."""
        event.stop()
        self.post_message(self.Typed(event.value))

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Go to the results."""
        event.stop()
        self.action_done()

    def action_done(self) -> None:
        """Go to the results."""
        self.post_message(self.Done(self.value, cancelled=False))

    def action_cancel(self) -> None:
        """End the search."""
        self.post_message(self.Done(self.value, cancelled=True))
