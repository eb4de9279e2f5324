"""The command palette of the front page."""

from __future__ import annotations

from typing import ClassVar

from textual import on
from textual.await_complete import AwaitComplete
from textual.binding import BindingType
from textual.command import CommandList, CommandPalette
from textual.widgets import Input, OptionList

from tui_reader.ui.command_provider import CommandProvider
from tui_reader.ui.window_keys import bindings_of


class ReaderPalette(CommandPalette, inherit_bindings=False):
    """Finds a command of the keymap by name."""

    BINDINGS: ClassVar[list[BindingType]] = bindings_of("palette")
    window: ClassVar[str] = "palette"
    """Its name in the registry of windows."""

    def __init__(self) -> None:
        super().__init__([CommandProvider], id="--command-palette")

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Ignore the keys that move in the list until it is laid out: Textual 8.2 raises KeyError."""
        if action == "command_list" and not self.query_one(CommandList).size.height:
            return False
        return super().check_action(action, parameters)

    async def action_choose(self) -> None:
        """Run the command under the cursor, by a key that was given to this: Enter is one of the line itself."""
        await self.query_one(Input).action_submit()

    @on(Input.Submitted)
    @on(OptionList.OptionSelected)
    def _choose_once(self, event: Input.Submitted | OptionList.OptionSelected) -> None:
        """Choose one command: at a second Enter that is already under way, Textual 8.2 would run it again."""
        if not self.is_current:
            event.stop()
            event.prevent_default()

    def dismiss(self, result: None = None) -> AwaitComplete:
        """Close once: at a second Enter, Textual 8.2 would remove the screen below, or raise ScreenStackError."""
        return super().dismiss(result) if self.is_current else AwaitComplete()
