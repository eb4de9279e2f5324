"""The command palette's view of the keymap."""

from __future__ import annotations

from functools import partial

from textual.command import DiscoveryHit, Hit, Hits, Provider

from tui_reader.ui.keymap import Command
from tui_reader.ui.screens.front_page import FrontPage


class CommandProvider(Provider):
    """Finds the reader's commands, each with its key."""

    @property
    def _page(self) -> FrontPage | None:
        return self.screen if isinstance(self.screen, FrontPage) else None

    def _entries(self) -> list[tuple[str, Command]]:
        page = self._page
        if page is None:
            return []
        listed = [command for command in page.keymap.commands if command.palette]
        return [(command.help, command) for command in listed]

    def _run(self, command: Command) -> None:
        page = self._page
        if page is not None:
            page.call_later(partial(page.run_action, command.id))

    async def discover(self) -> Hits:
        """Offer every command before anything is typed."""
        page = self._page
        for text, command in self._entries():
            key = page.keymap.label(command.id) if page is not None else ""
            yield DiscoveryHit(text, partial(self._run, command), help=key)

    async def search(self, query: str) -> Hits:
        """Offer the commands that fit what is typed."""
        matcher = self.matcher(query)
        page = self._page
        for text, command in self._entries():
            score = matcher.match(text)
            if score > 0:
                key = page.keymap.label(command.id) if page is not None else ""
                yield Hit(score, matcher.highlight(text), partial(self._run, command), help=key)
