"""The keys, from the keymap."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from tui_reader.ui.keymap import Keymap
from tui_reader.ui.screens.modal import ScrollScreen
from tui_reader.ui.widgets.cells import pad


class HelpScreen(ScrollScreen):
    """All keys, from the keymap, group by group."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape,q,question_mark,f1,enter", "close", "close")]

    def __init__(self, keymap: Keymap) -> None:
        super().__init__()
        self._registry = keymap

    def compose(self) -> ComposeResult:
        """Lay out one line a command."""
        lines: list[Content] = []
        group = ""
        for command in self._registry.commands:
            if command.group != group:
                group = command.group
                lines.append(Content.assemble(*(["\n"] if lines else []), (group.upper(), "bold $muted")))
            keys = self._registry.labels(command.id)
            lines.append(Content.assemble((pad(keys, 18), "bold $accent"), " ", (command.help, "$text")))
        with VerticalScroll(classes="window") as window:
            window.border_title = "Keys"
            window.border_subtitle = "Esc closes · remap them in config.toml"
            yield Static(Content("\n").join(lines), markup=False)
