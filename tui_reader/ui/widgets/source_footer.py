"""The bottom of the screen of the sources: its keys or what just happened, and the line to answer a question in."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar, NamedTuple

from textual.app import RenderResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Input

from tui_reader.subscriptions.edit import SubscriptionChanges
from tui_reader.ui.widgets.cells import clip_middle, width_of, wrap

_KEYS = (
    ("a", "add"), ("R", "rename"), ("F", "file"), ("p", "pause"), ("d", "remove"), ("t", "topics"), ("r", "ask"),
    ("f", "failing"), ("q", "back"), ("⏎", "page"),
)  # fmt: skip


class KeyLine(Widget):
    """The keys of the screen, or what just happened."""

    def __init__(self) -> None:
        super().__init__()
        self._message = ""
        self._is_error = False

    def say(self, message: str, *, error: bool = False) -> None:
        """Show a message in place of the keys; an empty one brings the keys back."""
        self._message, self._is_error = message, error
        self.refresh()

    def forget(self, message: str) -> None:
        """Bring the keys back if ``message`` is still what is shown."""
        if self._message == message:
            self.say("")

    def render(self) -> RenderResult:
        """Lay the keys out in as many lines as there are."""
        width, height = self.size.width - 2, self.size.height
        if self._message:
            lines = wrap(self._message, width) if height > 1 else [clip_middle(self._message, width)]
            style = "$error" if self._is_error else "$accent"
            return Content("\n").join(Content.assemble(" ", (line, style)) for line in lines[:height])
        pieces: list[str | tuple[str, str]] = [" "]
        taken = 0
        for key, word in _KEYS:
            length = width_of(f"{key} {word}")
            if taken and taken + 2 + length > width:
                pieces.append("\n ")
                taken = 0
            pieces += ["  " if taken else "", (key, "bold $text"), " ", (word, "$muted")]
            taken += length + (2 if taken else 0)
        return Content.assemble(*pieces)


class AnswerLine(Input):
    """The line at the bottom to type into; Tab leads nowhere from it."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("tab,shift+tab", "stay", show=False)]

    def action_stay(self) -> None:
        """Leave the keyboard where it is."""


class Question(NamedTuple):
    """What is asked at the bottom: about which source, what it is to be called, and how the answer is taken."""

    location: str
    words: str
    present: str
    read: Callable[[str], SubscriptionChanges]
