"""What a search has found: it is lit, and where it is nothing, what hides the rest is said and can be lifted."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from tui_reader.model.query import HiddenFromSearch, Query, Window
from tui_reader.ui.choice import Choice
from tui_reader.ui.controllers.browsing import Browsing
from tui_reader.ui.controllers.page import Page
from tui_reader.ui.library import Listing
from tui_reader.ui.words import empty_words, hidden_words, sentence

if TYPE_CHECKING:
    from tui_reader.ui.widgets.hits import Hits

_PAUSE = 0.1  # seconds without another list before it is asked what is hidden


class Found:
    """Follows the list of a search."""

    def __init__(self, page: Page, browsing: Browsing) -> None:
        self._page = page
        self._browsing = browsing
        self._words = ""
        self._hidden = HiddenFromSearch()  # from the list that is shown
        browsing.listed = self._follow
        browsing.widen = self.widen

    def _follow(self, listing: Listing) -> None:
        """Light what a list that is about to be shown was found by; ask what is hidden if it is empty."""
        words = listing.query.words.strip()
        if words != self._words:
            self._words = words
            hits = _hits(words) if words else None
            self._browsing.list.hits = hits
            self._page.panes.story.view.light(hits)
        self._hidden = HiddenFromSearch()
        if words and not listing.total:
            self._page.ask("hidden", self._ask, listing.query)

    async def _ask(self, query: Query) -> None:
        await asyncio.sleep(_PAUSE)
        if self._browsing.list.listed != query:
            return
        library = self._page.library
        hidden = await library.ask(library.reader.hidden_from_search, query)
        nothing = "" if hidden.all else await self._nothing(query)
        stories = self._browsing.list
        if stories.listed == query and not stories.total:
            self._hidden = hidden
            said = hidden_words(self._page.keymap, query, hidden, self._browsing.choice.place(query))
            stories.empty_text = said or nothing or empty_words(self._page.keymap, query, indexing=False)
            stories.redraw()

    async def _nothing(self, query: Query) -> str:
        """Say why nothing is found."""
        from tui_reader.queries.nothing_found import why_nothing

        library = self._page.library
        why = await library.ask(why_nothing, library.reader, query)
        return "\n".join([*map(sentence, why), empty_words(self._page.keymap, query, indexing=False)])

    def widen(self) -> bool:
        """Show what the search finds without the part of the view that hides the most.

        Return whether there is such a part: then it has been said.
        """
        hidden, browsing = self._hidden, self._browsing
        part = hidden.most()
        if browsing.list.total or not part:
            return False
        if part == "folded":
            browsing.change(browsing.query._replace(folded=True), keep=False, counts=True)
        if part in {"place", "filter", "all"}:
            browsing.go_to(Choice())
        if part in {"window", "all"}:
            browsing.change(browsing.query._replace(window=Window.ALL), keep=False, counts=True)
        return True

    def to_hit(self, by: int) -> None:
        """Scroll the open story to its next (1) or previous (-1) hit."""
        view = self._page.panes.story.view
        if view.hits is None:
            self._page.say("Search for something first: its words are lit in the text")
        elif not view.to_hit(by):
            self._page.say("No further hit below" if by > 0 else "No further hit above")
        else:
            self._page.update_footer()


def _hits(words: str) -> Hits | None:
    from tui_reader.ui.widgets.hits import Hits  # only for a search

    hits = Hits(words)
    return hits or None
