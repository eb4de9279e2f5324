"""The keys of all commands, and those of a window."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import zip_longest
from typing import ClassVar, TypeAlias

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.content import Content
from textual.geometry import Size
from textual.widget import Widget

from tui_reader.ui.key_names import key_label, split_keys
from tui_reader.ui.keymap import Keymap
from tui_reader.ui.screens.modal import ScrollScreen
from tui_reader.ui.widgets.cells import pad, wrap
from tui_reader.ui.window_keys import EVERYWHERE, WindowCommand, bindings_of

_KEYS = 18  # cells of the column of keys

Line: TypeAlias = tuple[str, str, str]
"""The group of a command, its keys, and what it does."""


class _KeyTable(Widget):
    """The commands by group, in two columns: keys, and what they do."""

    DEFAULT_CSS = "_KeyTable { height: auto; }"

    def __init__(self, commands: Sequence[Line]) -> None:
        super().__init__()
        self._commands = commands

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """Return the height of all lines."""
        return len(self._lines(width))

    def render(self) -> Content:
        """Lay out the columns."""
        return Content("\n").join(self._lines(self.size.width))

    def _lines(self, width: int) -> list[Content]:
        lines: list[Content] = []
        last = ""
        for group, keys, help_words in self._commands:
            if group != last:
                last = group
                lines += [Content()] * bool(lines) + [Content.styled(group.upper(), "bold $muted")]
            columns = wrap(keys, _KEYS), wrap(help_words, width - _KEYS - 1)
            for shown, line in zip_longest(*columns, fillvalue=""):
                lines.append(Content.assemble((pad(shown, _KEYS), "bold $accent"), " ", (line, "$text")))
        return lines


class _KeysScreen(ScrollScreen):
    """A window with commands and their keys."""

    BINDINGS: ClassVar[list[BindingType]] = bindings_of("keys")
    window = "keys"
    heading: ClassVar[str] = "Keys"

    def __init__(self, commands: Sequence[Line]) -> None:
        super().__init__()
        self._commands = commands

    def compose(self) -> ComposeResult:
        """Show the commands with their keys."""
        self.body.border_title = self.heading
        hints = self.hints(("down/up", "scroll")), self.hints(("close", "close")), "remap keys in config.toml"
        self.body.show_hints([hint for hint in hints if hint])
        with self.body:
            yield _KeyTable(self._commands)


class HelpScreen(_KeysScreen):
    """Lists the commands of the keymap with their keys, by group."""

    def __init__(self, keymap: Keymap) -> None:
        in_palette = f"{keymap.label('palette')} …"
        super().__init__([(each.group, keymap.labels(each.id) or in_palette, each.help) for each in keymap.commands])


class WindowHelpScreen(_KeysScreen):
    """Lists the keys of a window, as they are."""

    heading = "Keys of this window"

    def __init__(self, commands: Sequence[WindowCommand]) -> None:
        super().__init__(list(_lines_of(commands)))


def _lines_of(commands: Sequence[WindowCommand]) -> Iterator[Line]:
    """Yield the commands of a window, its own before those that all windows have."""
    for shared in (False, True):
        for each in commands:
            if (each.id in EVERYWHERE) is shared:
                keys = " ".join(map(key_label, split_keys(each.keys)))
                yield "All windows" if shared else "This window", keys, each.help
