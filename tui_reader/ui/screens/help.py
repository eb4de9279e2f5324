"""The keys of all commands."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widgets import Static

from tui_reader.ui.keymap import Keymap
from tui_reader.ui.screens.modal import ScrollScreen
from tui_reader.ui.widgets.cells import pad

_KEYS = 18  # cells of the column of keys


class HelpScreen(ScrollScreen):
    """Lists the commands of the keymap with their keys, by group."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape,q,question_mark,f1,enter", "close", show=False)]

    def __init__(self, keymap: Keymap) -> None:
        super().__init__()
        self._keymap = keymap

    def compose(self) -> ComposeResult:
        """Show one line for each command."""
        lines: list[Content] = []
        group = ""
        for command in self._keymap.commands:
            if command.group != group:
                group = command.group
                lines.append(Content.assemble(*(["\n"] if lines else []), (group.upper(), "bold $muted")))
            keys = self._keymap.labels(command.id) or f"{self._keymap.label('palette')} …"  # in the palette only
            lines.append(Content.assemble((pad(keys, _KEYS), "bold $accent"), " ", (command.help, "$text")))
        self.body.border_title = "Keys"
        self.body.border_subtitle = "j/k scroll · Esc close · remap keys in config.toml"
        with self.body:
            yield Static(Content("\n").join(lines), markup=False)
