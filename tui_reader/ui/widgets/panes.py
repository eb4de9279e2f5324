"""The three panes and the keyboard's way between them."""

from __future__ import annotations

from collections.abc import Awaitable
from typing import TYPE_CHECKING

from textual import events
from textual.app import ComposeResult
from textual.containers import Container, Vertical
from textual.message import Message

from tui_reader.ui.widgets.line_list import LineList
from tui_reader.ui.widgets.sidebar import Sidebar
from tui_reader.ui.widgets.story_list import StoryList
from tui_reader.ui.widgets.story_pane import StoryPane

if TYPE_CHECKING:
    from tui_reader.ui.widgets.search_box import SearchBox, SearchLine, Typist

NAMES = ("topics", "list", "story")
"""The panes from left to right."""

_ROOMY = 160
"""Cells across from which a story has lines of 50 characters beside the list and the sidebar."""

_CLASSES = frozenset({"-alone", "-reading", *(f"-on-{name}" for name in NAMES)})


class Panes(Container):
    """Topics, stories and the story; knows which of them the keyboard is in."""

    class Changed(Message):
        """The keyboard went to another pane."""

    def __init__(self, measure: int) -> None:
        """``measure`` is the most cells of a line of the story's text."""
        super().__init__(id="panes", classes="-on-list")
        self.active = "list"
        self._reading = False  # the story was opened to be read: it has more of the screen, unless that is large
        self._alone = False  # the story has the whole screen, however large
        self.sidebar = Sidebar(id="topics")
        self.list = StoryList(id="stories")
        self.story = StoryPane(id="story-pane")
        self.story.view.measure = measure

    def compose(self) -> ComposeResult:
        """Lay out the panes; where they stand is said in the style sheet."""
        with Vertical(id="topics-pane"):
            yield self.sidebar
        with Vertical(id="list-pane"):
            yield self.list
        yield self.story

    def on_mount(self) -> None:
        """Begin in the list."""
        self.go_to("list")

    def on_resize(self) -> None:
        """Show the pane in use where no longer all are shown."""
        self._show_active()

    @property
    def story_alone(self) -> bool:
        """Whether the story has the whole screen."""
        narrow, medium = self.screen.has_class("-narrow"), self.screen.has_class("-medium")
        return self.active == "story" and (self._alone or narrow or (medium and self._reading))

    @property
    def is_reading(self) -> bool:
        """Whether the story has the whole screen where that is small."""
        return self._reading

    def _show_active(self) -> None:
        """Name the pane in use for the style sheet, where not all are on the screen.

        A class costs a new look at every rule for all that is inside, so a
        wide screen goes without.
        """
        wanted = {"-alone"} if self._alone else set()
        is_wide = self.screen.has_class("-wide")
        if self._reading and not (is_wide and self.size.width >= _ROOMY):
            wanted.add("-reading")
        if not is_wide or wanted:
            wanted.add(f"-on-{self.active}")
        elif not self.has_class("-alone") and not self.has_class("-reading"):
            return
        if wanted != self.classes & _CLASSES:
            self.remove_class(*_CLASSES - wanted, update=False)
            self.add_class(*wanted, update=False)
            self.update_node_styles()

    def go_to(self, name: str, *, reading: bool = False) -> None:
        """Put the keyboard into a pane; the style sheet shows it where it was hidden.

        ``reading`` gives the story the whole of a small screen, and the room of
        the sidebar on a larger one, until the keyboard goes to another pane.
        """
        self.active = name
        self._reading = name == "story" and (reading or self._reading)
        self._alone = name == "story" and self._alone
        self._show_active()
        self.screen.set_focus(self.current(), scroll_visible=False)
        self.post_message(self.Changed())

    def give_whole_screen(self, is_alone: bool) -> None:
        """Show the story on the whole screen, or with the other panes where there is room for them."""
        self._alone, self._reading = is_alone, False
        self._show_active()

    def current(self) -> LineList:
        """The list or page that listens to the keyboard."""
        return {"topics": self.sidebar, "list": self.list, "story": self.story.view}[self.active]

    def move(self, by: int) -> bool:
        """Move the cursor of the pane, or scroll the story, by so many lines; return whether a cursor moved.

        The caller follows the cursor: no message is posted, so the next key finds everything in its place.
        """
        current = self.current()
        if self.active == "story":
            self.story.view.scroll_lines(by)
            return False
        before = current.cursor
        current.move_to(before + by, notify=False)
        return current.cursor != before

    def page(self) -> int:
        """How many lines of the pane are a page."""
        return self.current().page()

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        """A click takes the keyboard to another pane.

        The news of it comes late: if the keyboard is elsewhere by then, it stays
        there, or two panes would take it from each other for ever.
        """
        if event.widget is not self.screen.focused:
            return
        for name, widget in zip(NAMES, (self.sidebar, self.list, self.story.view), strict=True):
            if event.widget is widget and self.active != name:
                self.go_to(name)

    async def open_search(self, words: str, typist: Typist) -> SearchBox:
        """Move the keyboard to the search box above the list and return it; make it if it is not there."""
        from tui_reader.ui.widgets.search_box import SearchBox, SearchLine

        bar = self.search_bar()
        box = SearchBox(words, typist) if bar is None else bar[0]
        if bar is None:
            await self.query_one("#list-pane").mount(box, SearchLine(), before=0)
        self.screen.set_focus(box)
        return box

    def search_bar(self) -> tuple[SearchBox, SearchLine] | None:
        """Return the search box and the line below it, if they are there."""
        if not self.has_search_box:
            return None
        from tui_reader.ui.widgets.search_box import SearchBox, SearchLine

        return self.query_one(SearchBox), self.query_one(SearchLine)

    @property
    def has_search_box(self) -> bool:
        """Whether the search box is there, with the keyboard in it or not."""
        return bool(self.query("#search"))

    def close_search(self) -> Awaitable[None]:
        """Remove the search box and the line below it; what is returned ends when they are gone."""
        return self.query("#search, #search-line").remove()
