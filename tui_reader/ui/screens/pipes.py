"""The list of the user's commands for a story: one key runs each."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from pathlib import Path

from textual import events
from textual.app import ComposeResult
from textual.widgets import Static

from tui_reader.model.text import visible
from tui_reader.model.user_commands import UserCommand, keys_of
from tui_reader.ui.screens.choices import Choice, ChoiceScreen
from tui_reader.ui.widgets.cells import clip
from tui_reader.ui.widgets.frame import Frame

_REMARK = 40  # cells of a command
_EXAMPLE = """\
[pipe]
wallabag = "wallabag add --quiet {url}"
mail = {command = "mail -s {title} me@example.org", input = "text"}"""


class PipesScreen(ChoiceScreen):
    """Lets the user choose a command by its key, or as in any list; the result is its index."""

    def __init__(self, title: str, pipes: Sequence[UserCommand], settings: Path) -> None:
        """``settings`` is the file that the commands are in."""
        self._settings = settings
        self._keys = keys_of(pipes)
        choices = [
            Choice(f"{key or ' '}  {visible(each.name)}", clip(visible(shlex.join(each.arguments)), _REMARK))
            for key, each in zip(self._keys, pipes, strict=True)
        ]
        super().__init__(clip(f"Pipe: {title}", 60), choices)

    def compose(self) -> ComposeResult:
        """Show the commands, or how to make one."""
        if self._keys:
            yield from super().compose()
            return
        with Frame(self._title) as frame:
            self.show_hints(frame, ("close", "close"))
            yield Static(f"No commands yet. A line in {self._settings} makes one:\n\n{_EXAMPLE}", markup=False)

    def on_key(self, event: events.Key) -> None:
        """Choose the command with this key."""
        if event.character and event.character in self._keys:
            event.stop()
            event.prevent_default()
            self.close(self._keys.index(event.character))
