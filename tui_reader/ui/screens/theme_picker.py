"""Choose a theme: the reader shows each one as the cursor comes to it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType

from tui_reader.ui.screens.choices import Choice, ChoiceList
from tui_reader.ui.screens.modal import ListScreen
from tui_reader.ui.widgets.frame import Frame
from tui_reader.ui.widgets.line_list import LineList
from tui_reader.ui.window_keys import bindings_of


class ThemePicker(ListScreen[str | None]):
    """Shows the themes at the right edge; the result is the name of the one chosen."""

    BINDINGS: ClassVar[list[BindingType]] = bindings_of("themes")
    window = "themes"

    def __init__(self, names: Sequence[str], now: str, remarks: Sequence[str]) -> None:
        """``now`` is the theme that is shown, ``remarks`` what there is to say about each."""
        super().__init__(ChoiceList([Choice(*choice) for choice in zip(names, remarks, strict=True)]))
        self._names = names
        self._before = now
        self.items.cursor = names.index(now)

    def compose(self) -> ComposeResult:
        """Show the names."""
        with Frame("Theme") as frame:
            self.show_hints(frame, ("choose", "choose"), ("close", "as before"))
            yield self.items

    def on_mount(self) -> None:
        """Show the theme that is in use among the others."""
        self.call_after_refresh(self.items.keep_in_view)

    def on_line_list_moved(self, event: LineList.Moved) -> None:
        """Show the theme under the cursor."""
        event.stop()
        self.app.theme = self._names[event.index]

    def on_line_list_chosen(self, event: LineList.Chosen) -> None:
        """Take the theme that was clicked again."""
        event.stop()
        self.action_choose()

    def action_choose(self) -> None:
        """Close with the theme under the cursor."""
        self.close(self._names[self.items.cursor])

    def action_close(self) -> None:
        """Close with the theme as it was before."""
        self.app.theme = self._before
        self.close(None)
