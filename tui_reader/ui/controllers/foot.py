"""The line at the foot: the keys that matter, and on the right where one is."""

from __future__ import annotations

from textual.screen import Screen

from tui_reader.ui.keymap import Keymap
from tui_reader.ui.widgets.bars import FooterBar
from tui_reader.ui.widgets.panes import Panes
from tui_reader.ui.words import key_hints


class Foot:
    """Says which keys matter, and how far one is in the list, the text or the coverage."""

    def __init__(self, screen: Screen[None], panes: Panes, keymap: Keymap, footer: FooterBar) -> None:
        self._screen = screen
        self._panes = panes
        self._keymap = keymap
        self._footer = footer

    def show(self) -> None:
        """Show what has changed."""
        focused = self._screen.focused
        searching = focused is not None and focused.id == "search"
        context = "search" if searching else self._panes.active
        if context == "story" and self._panes.story.view.hits:
            context = "found"
        if context == "list" and not self._panes.list.total:
            context = "empty"
        self._footer.show(key_hints(self._keymap, context), self._place())

    def _place(self) -> str:
        stories, pane = self._panes.list, self._panes.story
        if self._panes.active == "story":
            progress = None if pane.view.selected is not None else pane.view.progress()
            if progress is not None:
                return progress.words()
            if pane.view.selected is not None or pane.history.places:
                return pane.view.whereabouts()
        return f"{stories.cursor + 1:,} of {stories.total:,}" if stories.total else ""
