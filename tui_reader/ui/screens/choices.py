"""A window with choices, each with a remark on the right."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.strip import Strip

from tui_reader.named_tuple import NamedTuple
from tui_reader.ui.screens.modal import FittedList, ListScreen
from tui_reader.ui.widgets.cells import clip, pad, width_of
from tui_reader.ui.widgets.frame import Frame
from tui_reader.ui.widgets.line_list import LineList
from tui_reader.ui.window_keys import bindings_of


class Choice(NamedTuple):
    """One line of the window."""

    label: str
    remark: str = ""


class ChoiceList(FittedList):
    """The choices, one a line."""

    def __init__(self, choices: Sequence[Choice]) -> None:
        super().__init__()
        self._choices = choices

    def count(self) -> int:
        """Return the number of choices."""
        return len(self._choices)

    def draw(self, index: int, width: int, selected: bool) -> list[Strip]:
        """Draw one choice, its remark at the right edge."""
        label, remark = self._choices[index]
        room = width - width_of(remark) - 4
        parts = [
            self.bar(selected),
            (pad(clip(label, room), room), self.palette.bright),
            (f" {remark} ", self.palette.muted),
        ]
        return [self.strip(parts, width, selected)]


class ChoiceScreen(ListScreen[int | None]):
    """Lets the user choose; the result is the index of the choice."""

    BINDINGS: ClassVar[list[BindingType]] = bindings_of("choices")
    window = "choices"

    def __init__(self, title: str, choices: Sequence[Choice]) -> None:
        super().__init__(ChoiceList(choices))
        self._title = title

    def compose(self) -> ComposeResult:
        """Show the choices."""
        with Frame(self._title) as frame:
            self.show_hints(frame, ("choose", "choose"), ("close", "close"))
            yield self.items

    def action_choose(self) -> None:
        """Close with the choice under the cursor."""
        if self.items.count():
            self.close(self.items.cursor)

    def on_line_list_chosen(self, event: LineList.Chosen) -> None:
        """Take the choice that was clicked again."""
        event.stop()
        self.action_choose()

    def action_close(self) -> None:
        """Close without a choice."""
        self.close(None)
