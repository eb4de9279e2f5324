"""What the screens above the front page share."""

from __future__ import annotations

from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.screen import ModalScreen

from tui_reader.ui.widgets.line_list import LineList

CLOSE = Binding("escape,q", "close", "close")


class ScrollScreen(ModalScreen[None]):
    """A text to scroll in, until a key closes it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("j,down", "scroll(1)", show=False),
        Binding("k,up", "scroll(-1)", show=False),
        Binding("space,pagedown", "scroll(10)", show=False),
        Binding("b,pageup", "scroll(-10)", show=False),
        Binding("g,home", "scroll(-100000)", show=False),
        Binding("G,end", "scroll(100000)", show=False),
    ]

    def action_scroll(self, lines: int) -> None:
        """Scroll by lines."""
        self.query_one(VerticalScroll).scroll_relative(y=lines, animate=False)

    def action_close(self) -> None:
        """Leave the window."""
        self.dismiss()


class PickList(LineList):
    """Lines to choose from inside a window."""

    def get_content_height(self, *_: object) -> int:
        """As high as its lines."""
        return self.count() * self.item_height
