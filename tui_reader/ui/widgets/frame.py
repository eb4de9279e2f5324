"""The frame of a window: its title, and at the lower edge as many hints as there is room for."""

from __future__ import annotations

from collections.abc import Sequence

from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.widget import Widget

from tui_reader.ui.widgets.cells import width_of

_CORNERS = 6  # cells beside a text in the edge, with those around it
_BETWEEN = " · "


class Hinting(Widget):
    """A widget with hints at its lower edge."""

    _hints: tuple[str, ...] = ()
    _kept = ""

    def show_hints(self, hints: Sequence[str], kept: str = "") -> None:
        """Show what keys do; where there is little room, the last are left out, but not the one that is ``kept``."""
        self._hints, self._kept = tuple(hints), kept
        self.on_resize()

    def on_resize(self) -> None:
        """Show as many hints as fit."""
        shown, room = list(self._hints), self.outer_size.width - _CORNERS
        while len(shown) > 1 and width_of(_BETWEEN.join(shown)) > room > 0:
            shown.pop(-2 if shown[-1] == self._kept else -1)
        self.border_subtitle = Content(_BETWEEN.join(shown))


class Frame(Vertical, Hinting):
    """Holds what a window shows."""

    def __init__(self, title: str = "") -> None:
        super().__init__(classes="window")
        self.border_title = Content(title)  # the title of an article may look like markup


class ScrollFrame(VerticalScroll, Hinting, can_focus=False):
    """Holds a text that is scrolled by the keys of its screen."""

    def __init__(self) -> None:
        super().__init__(classes="window")
