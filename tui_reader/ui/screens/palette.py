"""The command palette of the front page."""

from __future__ import annotations

from textual.await_complete import AwaitComplete
from textual.command import CommandList, CommandPalette

from tui_reader.ui.command_provider import CommandProvider


class ReaderPalette(CommandPalette):
    """Finds a command of the keymap by name."""

    def __init__(self) -> None:
        super().__init__([CommandProvider], id="--command-palette")

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Ignore the keys that move in the list until it is laid out: Textual 8.2 raises KeyError."""
        if action == "command_list" and not self.query_one(CommandList).size.height:
            return False
        return super().check_action(action, parameters)

    def dismiss(self, result: None = None) -> AwaitComplete:
        """Close once: at a second Enter, Textual 8.2 would remove the screen below, or raise ScreenStackError."""
        return super().dismiss(result) if self.is_current else AwaitComplete()
