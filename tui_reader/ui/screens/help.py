"""The keys of all commands."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.geometry import Size
from textual.widget import Widget

from tui_reader.ui.keymap import Keymap
from tui_reader.ui.screens.modal import ScrollScreen
from tui_reader.ui.widgets.cells import pad, wrap

_KEYS = 18  # cells of the column of keys


class _KeyTable(Widget):
    """The commands by group, in two columns: keys, and what they do."""

    DEFAULT_CSS = "_KeyTable { height: auto; }"

    def __init__(self, keymap: Keymap) -> None:
        super().__init__()
        self._keymap = keymap

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """Return the height of all lines."""
        return len(self._lines(width))

    def render(self) -> Content:
        """Lay out the columns."""
        return Content("\n").join(self._lines(self.size.width))

    def _lines(self, width: int) -> list[Content]:
        lines: list[Content] = []
        group = ""
        for command in self._keymap.commands:
            if command.group != group:
                group = command.group
                lines += [Content()] * bool(lines) + [Content.styled(group.upper(), "bold $muted")]
            keys = self._keymap.labels(command.id) or f"{self._keymap.label('palette')} …"  # in the palette only
            for line in wrap(command.help, width - _KEYS - 1):
                lines.append(Content.assemble((pad(keys, _KEYS), "bold $accent"), " ", (line, "$text")))
                keys = ""
        return lines


class HelpScreen(ScrollScreen):
    """Lists the commands of the keymap with their keys, by group."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape,q,question_mark,f1,enter", "close", show=False)]

    def __init__(self, keymap: Keymap) -> None:
        super().__init__()
        self._keymap = keymap

    def compose(self) -> ComposeResult:
        """Show the commands with their keys."""
        self.body.border_title = "Keys"
        self.body.border_subtitle = "j/k scroll · Esc close · remap keys in config.toml"
        with self.body:
            yield _KeyTable(self._keymap)
