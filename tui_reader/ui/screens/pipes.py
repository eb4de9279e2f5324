"""The list of the user's commands for a story: one key runs each."""

from __future__ import annotations

import shlex
from collections.abc import Sequence

from textual import events

from tui_reader.model.text import visible
from tui_reader.model.user_commands import UserCommand, keys_of
from tui_reader.ui.screens.choices import Choice, ChoiceScreen
from tui_reader.ui.widgets.cells import clip

_REMARK = 40  # cells of a command


class PipesScreen(ChoiceScreen):
    """Lets the user choose a command by its key, or as in any list; the result is its index."""

    def __init__(self, title: str, pipes: Sequence[UserCommand]) -> None:
        self._keys = keys_of(pipes)
        choices = [
            Choice(f"{key or ' '}  {visible(each.name)}", clip(visible(shlex.join(each.arguments)), _REMARK))
            for key, each in zip(self._keys, pipes, strict=True)
        ]
        super().__init__(clip(f"Pipe: {title}", 60), choices)

    def on_key(self, event: events.Key) -> None:
        """Choose the command with this key."""
        if event.character and event.character in self._keys:
            event.stop()
            event.prevent_default()
            self.close(self._keys.index(event.character))
