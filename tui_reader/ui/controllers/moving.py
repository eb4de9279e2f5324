"""The keyboard's way through the panes: along their lines, from one to the next, and on from a line."""

from __future__ import annotations

from collections.abc import Awaitable
from functools import partial
from typing import TYPE_CHECKING

from textual.widget import Widget

from tui_reader.ui.choice import Choice
from tui_reader.ui.controllers.browsing import Browsing
from tui_reader.ui.controllers.page import Action, Page
from tui_reader.ui.controllers.reading import Reading
from tui_reader.ui.widgets.sidebar import Sidebar
from tui_reader.ui.widgets.story_list import StoryList

if TYPE_CHECKING:
    from tui_reader.ui.controllers.next_unread import NextUnread

_END = 10**9  # lines; farther than any list goes


class Moving:
    """Moves the cursors of the panes and shows what is under them."""

    def __init__(self, page: Page, browsing: Browsing, reading: Reading) -> None:
        self._page = page
        self._panes = page.panes
        self._browsing = browsing
        self._reading = reading

    def commands(self) -> dict[str, Action]:
        """Return what the commands that move do."""
        return {
            "down": partial(self.lines, 1),
            "up": partial(self.lines, -1),
            "page_down": partial(self.pages, 1),
            "page_up": partial(self.pages, -1),
            "first": partial(self.to_end, -1),
            "last": partial(self.to_end, 1),
            "next_pane": self.next_pane,
            "previous_pane": self.previous_pane,
            "toggle_folder": self.fold,
            "next_unread": lambda: self._unread().next(),
            "previous_unread": lambda: self._unread().previous(),
            "topics": self.to_sidebar,
            "history": self._browsing.choose_history,
            "open": self.open,
            "whole_screen": self.whole_screen,
            "next_related": partial(self.step, 1),
            "previous_related": partial(self.step, -1),
            "back": self.back,
        }

    def _unread(self) -> NextUnread:
        from tui_reader.ui.controllers.next_unread import NextUnread  # not before the first picture

        return NextUnread(self._page, self._browsing, self._reading)

    def lines(self, by: int) -> None:
        """Move the cursor of the pane, or scroll the story, by so many lines."""
        if self._panes.move(by):
            self._page.paint.hold()
            self.cursor_moved(self._panes.current())
        elif self._panes.active == "story":
            self._page.update_footer()

    def pages(self, by: int) -> None:
        """Move by pages."""
        self.lines(by * self._panes.page())

    def to_end(self, by: int) -> None:
        """Move to the last line (1) or the first (-1)."""
        self.lines(by * _END)

    def cursor_moved(self, widget: Widget) -> None:
        """Show what is under the cursor of a list."""
        if isinstance(widget, StoryList):
            self._browsing.touched = True
            self._reading.preview()
            self._page.update_footer()
        elif isinstance(widget, Sidebar):
            self._browsing.follow_sidebar()

    def next_pane(self) -> Awaitable[None] | None:
        """Go to the pane on the right, or open the folder under the cursor."""
        if self._panes.active == "list":
            return self._reading.open(reading=False)
        if self._panes.active == "topics" and not self._browsing.fold(is_open=True):
            self._reading.go_to("list")
        return None

    def previous_pane(self) -> None:
        """Go to the pane on the left, or close the folder around the cursor."""
        if self._panes.active == "topics":
            self._to_folder()
        else:
            self._reading.go_to("list" if self._panes.active == "story" else "topics")

    def _to_folder(self) -> None:
        """Close the folder under the cursor of the sidebar, or go to the one around it."""
        browsing = self._browsing
        branch = browsing.sidebar.current().branch
        if branch is None or browsing.fold(is_open=False):
            return
        outer = browsing.tree.around(branch)
        if outer is not None:
            browsing.go_to(Choice(branch=outer))

    def to_sidebar(self) -> None:
        """Go to the sidebar, or from there to the list."""
        self._reading.go_to("list" if self._panes.active == "topics" else "topics")

    def back(self) -> Awaitable[None] | None:
        """Go back to the article before, or to the list."""
        if self._panes.active == "story":
            return self._reading.back()
        self._reading.go_to("list")
        return None

    def fold(self) -> None:
        """Open or close the folder under the cursor of the sidebar."""
        if self._panes.active != "topics" or not self._browsing.fold():
            self._page.say("Go to a folder in the sidebar first")

    async def to_source(self, location: str) -> None:
        """Go to the list of a source."""
        if not self._choose_source(location):
            await self._browsing.show_sidebar()  # the source may be new
            if not self._choose_source(location) and not await self._is_all(location):
                self._page.say("This source is not among those that are shown")
                return
        self._reading.go_to("list")

    def _choose_source(self, location: str) -> bool:
        """Show the articles of a source and open the folders around it; return whether it is in the sidebar."""
        tree = self._browsing.tree
        branch = tree.source(location)
        if branch is None:
            return False
        tree.reveal(branch)
        self._browsing.go_to(Choice(branch=branch))
        return True

    async def _is_all(self, location: str) -> bool:
        """Return whether all articles are from this source: then it has no list of its own, and all are listed."""
        library = self._page.library
        if list(await library.ask(library.reader.source_titles)) == [location]:
            self._browsing.leave_topic()
            return True
        return False

    def open(self) -> Awaitable[None] | None:
        """Go on from the line under the cursor."""
        if self._panes.active == "list":
            if not self._browsing.list.total and self._browsing.widen():
                return None
            return self._reading.open()
        if self._panes.active == "topics":
            self._reading.go_to("list")
            return None
        view = self._panes.story.view
        row = view.chosen_row()
        if row is not None:
            return self._reading.enter(row)
        if view.coverage:
            self._reading.step(1)
        return None

    async def whole_screen(self) -> None:
        """Give the story the whole screen, or show it with the other panes again."""
        if self._panes.active == "story" and self._page.panes.screen.has_class("-narrow"):
            self._page.say("On a screen this narrow, the story has the whole screen")
            return
        is_alone = not self._panes.story_alone
        self._page.paint.hold()
        if self._panes.active != "story":
            await self._reading.open(reading=False)
        if self._panes.active == "story":
            self._panes.give_whole_screen(is_alone)
            self._page.update_footer()
        self._page.paint.show()

    def step(self, by: int) -> Awaitable[None] | None:
        """Select the next (1) or previous (-1) article of the coverage."""
        if self._panes.active != "story":
            return self._reading.open(step=by)
        self._reading.step(by)
        return None
