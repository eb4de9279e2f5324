"""The commands of the keymap, as the command palette wants them."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Protocol, runtime_checkable

from textual.command import DiscoveryHit, Hit, Hits, Provider
from textual.content import Content

from tui_reader.ui.keymap import Command, Keymap
from tui_reader.ui.widgets.cells import pad

_KEYS = 7  # cells of the column of keys, such as Ctrl+S


@runtime_checkable
class HasCommands(Protocol):
    """A screen with the commands of a keymap."""

    keymap: Keymap

    def action_command(self, name: str) -> None:
        """Run a command."""


class CommandProvider(Provider):
    """Finds commands by their help line, and shows the key of each in front of it, as the help does."""

    def _commands(self) -> Iterator[tuple[Command, partial[None], str]]:
        """Yield the commands of the screen, what runs each, and its key."""
        screen = self.screen
        if isinstance(screen, HasCommands):
            for command in screen.keymap.commands:
                if command.palette:
                    yield command, partial(screen.action_command, command.id), screen.keymap.label(command.id)

    async def discover(self) -> Hits:
        """Offer every command before anything is typed."""
        for command, run, key in self._commands():
            yield DiscoveryHit(_line(key, Content(command.help)), run, command.help)

    async def search(self, query: str) -> Hits:
        """Offer the commands that match what is typed."""
        matcher = self.matcher(query)
        for command, run, key in self._commands():
            score = matcher.match(command.help)
            if score > 0:
                yield Hit(score, _line(key, matcher.highlight(command.help)), run, command.help)


def _line(key: str, words: Content) -> Content:
    return Content.assemble((pad(key, _KEYS), "not bold $muted"), " ", words)
