"""The story pane: the story under the cursor, its coverage, and the way through it."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from functools import partial

from tui_reader.errors import StoreError
from tui_reader.model.story import Story, StoryRow
from tui_reader.named_tuple import NamedTuple
from tui_reader.ui.controllers.browsing import Browsing
from tui_reader.ui.controllers.marks import MarksController
from tui_reader.ui.controllers.page import Page
from tui_reader.ui.controllers.places import Places
from tui_reader.ui.paint_hold import BRIEF
from tui_reader.ui.widgets.history import Place

_STAYS = 0.1  # seconds on a story before similar articles are looked for


class _Left(NamedTuple):
    """A walk through the coverage that was left for the list: the places behind it, and the last one."""

    places: tuple[Place, ...]
    last: Place

    @property
    def start(self) -> int:
        """The article that the walk began from."""
        return self.places[0].article


class Reading:
    """Shows stories, opens them, and walks through their coverage."""

    def __init__(self, page: Page, browsing: Browsing, marks: MarksController, places: Places) -> None:
        self._page = page
        self._library = page.library
        self._browsing = browsing
        self._marks = marks
        self._places = places
        self._panes = page.panes
        self._list, self._pane = page.panes.list, page.panes.story
        self._left: _Left | None = None
        browsing.to_list = partial(self.go_to, "list")

    # -- what is shown ---------------------------------------------------------

    def row(self) -> StoryRow | None:
        """Return the row of the article that a key is about: the open one, else the one under the cursor."""
        story = self._pane.story
        if self._panes.active == "story" and story is not None:
            return story.row
        return self._list.current()

    async def story(self, row: StoryRow) -> Story | None:
        """Read the story of a row; say so if it has left the index."""
        return await self._page.story(row.article)

    def begin(self) -> None:
        """Show the first story, and read where one was in long texts."""
        self.preview()
        self._places.begin()

    def preview(self) -> None:
        """Show the story under the cursor; this alone does not make it read."""
        number = self._list.current_number()
        if self._left is not None and self._left.start != number:
            self._left = None
        if number is None:
            self._pane.begin(None)
            self._page.paint.show()
        else:
            self._page.paint.hold()
            self._page.ask("story", self._load, number, self._list.missing())

    def preview_if_other(self) -> bool:
        """Show the story under the cursor unless it is shown or the keyboard is in the story; whether it is to come."""
        shown = self._pane.story
        if self._panes.active == "story" or self._pane.history.places:
            return False
        if shown is not None and shown.row.article == self._list.current_number():
            return False
        self.preview()
        return True

    async def _load(self, number: int, rows: list[int]) -> None:
        """Show a story, and the rows of the list that came on the screen with it."""
        story, read = await self._library.ask(self._library.story, number, self._browsing.query, rows)
        self._list.supply(read)
        if story is not None and number == self._list.current_number() and not self._is_open():
            self._pane.begin(story)
        self._page.paint.show()

    def _is_open(self) -> bool:
        """Whether a story is open that a late answer must not replace."""
        return self._panes.active == "story" and self._pane.story is not None

    # -- opening ---------------------------------------------------------------

    def go_to(self, pane: str, *, reading: bool = False) -> None:
        """Move the keyboard to a pane, and show its keys in the footer; ``reading`` as in :meth:`Panes.go_to`."""
        self._page.paint.hold(BRIEF)
        self._panes.go_to(pane, reading=reading)
        self._leave()
        self._page.update_footer()

    def pane_changed(self) -> None:
        """Follow the keyboard to another pane, wherever it was moved from."""
        self._leave()
        self._page.update_footer()
        if self._pane.story is not None:
            self.preview_if_other()

    async def open(self, step: int = 0, *, reading: bool = True) -> None:
        """Open the story under the cursor, or go on where the walk from it was left; ``step`` into its coverage.

        It is opened for ``reading``, with the whole of a small screen, or just beside the list.
        """
        self._browsing.touched = True
        number = self._list.current_number()
        if number is None:
            return
        self._page.paint.hold()
        resumed = await self._resume(number)
        if not resumed and not await self._begin(number):
            return
        if self._pane.story is not None:
            self._pane.view.opened.keep(self._pane.story)
        self.go_to("story", reading=reading)
        if not resumed:
            self._places.go_back()
        row = self._list.current()
        if step:
            self.step(step)
        elif row is not None and row.match is not None and self._pane.view.find(row.match.article):
            self._page.after_refresh(self._show_selected)
        await self.mark_read(number, "read")
        self._page.paint.show()
        self._page.ask("similar", self._find_similar, number)

    async def _begin(self, number: int) -> bool:
        """Show the story that is to be opened; return whether it is there."""
        shown = self._pane.story
        if self._pane.history.places or shown is None or shown.row.article != number:
            story = await self._page.story(number)
            if story is None:
                return False
            self._pane.begin(story)
        return True

    async def enter(self, row: StoryRow) -> None:
        """Open an article of the coverage."""
        self._page.paint.hold()
        self._pane.view.opened.entered(row.page)
        await self._mark(row.article, "read")
        story = await self._page.story(row.article)
        if story is not None:
            self._pane.enter(story)
            self.go_to("story")
            self._places.go_back()
        await self._browsing.refresh_rows([row.article, *filter(None, [self._list.current_number()])])
        self._page.paint.show()
        self._page.ask("similar", self._find_similar, row.article)

    async def mark_read(self, number: int, words: str) -> int:
        """Mark a story as read and show it; return how many articles changed."""
        changed = await self._mark(number, words)
        if changed:
            await self._browsing.refresh_rows([number])
        return changed

    async def take_back(self, words: str, title: str) -> None:
        """Take back a mark that :meth:`mark_read` has just made. Raises :class:`StoreError`."""
        await self._marks.take_back(words, title)

    async def _mark(self, number: int, words: str) -> int:
        """Mark as read what is opened; a mark that cannot be stored keeps nobody from reading."""
        if self._page.library.no_marks:
            return 0  # which the line below the header says all the time
        try:
            return await self._marks.read([number], words)
        except StoreError as error:
            self._page.say(str(error), error=True)
            return 0

    async def _find_similar(self, number: int) -> None:
        """Show similar articles below the coverage once somebody stays with the story: other keys do not wait."""
        await asyncio.sleep(_STAYS)
        if self._panes.active != "story":
            return
        rows = await self._library.ask(self._library.similar, number)
        story = self._pane.story
        if story is not None and story.row.article == number:
            self._pane.view.show_similar(rows)
            if self._panes.active == "story":
                self._page.update_footer()

    async def move_to(self, place: int) -> None:
        """Move the cursor of the list to a place; while somebody reads, open the story there."""
        self._list.move_to(place, notify=False)
        self._browsing.touched = True
        self._page.update_footer()
        if self._panes.active == "story":
            self._pane.history.clear()
            await self.open(reading=False)
        else:
            self.preview()

    # -- walking through the coverage --------------------------------------------

    def step(self, by: int) -> None:
        """Select the next or previous article of the coverage."""
        view = self._pane.view
        if view.step(by):
            self._page.update_footer()
            # A pane that has just come on the screen gets its size with the next layout.
            self._page.after_refresh(self._show_selected)
        else:
            self._page.say("Nobody else wrote about this")

    def _show_selected(self) -> None:
        view = self._pane.view
        if view.selected is not None:
            view.select(view.selected)

    async def back(self) -> None:
        """Go back to the article before, or to the list from the first one."""
        place = self._pane.history.back()
        if place is None:
            self.go_to("list")
            return
        story = await self._page.story(place.article)
        if story is not None:
            self._pane.return_to(place, story)
            self._page.update_footer()

    def _leave(self) -> None:
        """Remember a walk that was left for another pane; the story under the cursor is shown again."""
        places, here = tuple(self._pane.history.places), self._pane.place()
        self._places.save()
        if self._panes.active != "story" and places and here is not None:
            self._left = _Left(places, here)
            self._pane.history.clear()

    async def _resume(self, number: int) -> bool:
        """Go on with the walk that was left, if the cursor is still where it began."""
        left, self._left = self._left, None
        if left is None or left.start != number:
            return False
        story = await self._page.story(left.last.article)
        if story is None:
            return False
        self._pane.resume(left.places, left.last, story)
        return True

    # -- another index -----------------------------------------------------------

    async def carry_over(self) -> None:
        """Find the open story and the history in the index that was just opened; what is not in it is left out."""
        self._left = None
        here = self._pane.place()
        places = [*self._pane.history.places, *([] if here is None else [here])]
        if self._panes.active != "story" or not await self.show_again(places):
            self.go_to("list")
            self.preview()

    async def show_again(self, places: Sequence[Place]) -> bool:
        """Show the last of some places as it was left, with the way to it; return whether it is in the index."""
        number = self._library.reader.article_id
        found = []
        for place in places:
            article = await self._library.ask(number, place.page)
            if article is not None:
                found.append(place._replace(article=article))
        if not found or found[-1].page != places[-1].page:
            return False
        story = await self._library.ask(self._library.reader.story, found[-1].article)
        if story is None:
            return False
        self._pane.resume(found[:-1], found[-1], story)
        self._page.ask("similar", self._find_similar, story.row.article)
        return True
