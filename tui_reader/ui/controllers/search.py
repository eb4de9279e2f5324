"""The search: its box above the list, and how it ends."""

from __future__ import annotations

from collections.abc import Awaitable

from tui_reader.ui.action_queue import ActionQueue
from tui_reader.ui.controllers.browsing import Browsing
from tui_reader.ui.controllers.page import Page
from tui_reader.ui.controllers.reading import Reading


class Search:
    """Opens and closes the search box, and searches for what is typed."""

    def __init__(self, page: Page, browsing: Browsing, reading: Reading, actions: ActionQueue) -> None:
        self._page = page
        self._browsing = self.browsing = browsing
        self._reading = reading
        self._actions = actions

    @property
    def is_open(self) -> bool:
        """Whether there are words, or a box to type them in: the mouse can leave it empty."""
        return bool(self._browsing.query.words) or self._page.panes.has_search_box

    def open(self) -> Awaitable[None]:
        """Open the search box, or go back to it."""
        if self._page.panes.active != "list":
            self._reading.go_to("list")
        return self._focus()

    async def _focus(self) -> None:
        await self._page.panes.open_search(self._browsing.query.words, self._browsing.search, self._done)
        self._page.ask("prepare search", self._prepare)
        self._page.update_footer()

    async def _prepare(self) -> None:
        """Let the library get ready while the first letter is being typed."""
        library = self._page.library
        await library.ask(library.reader.prepare_search, self._browsing.query)

    def _done(self, words: str) -> None:
        """Go to the results, or end the search if there are no words."""
        if words:
            self._browsing.search(words)
            self._actions.run(self._reading.go_to, "list")
        else:
            self._actions.run(self.end)

    def end(self) -> None:
        """Close the search box, and show all stories again."""
        self._reading.go_to("list")
        self._page.panes.close_search()
        self._browsing.search("")
