"""Marks many stories as read: those up to the one under the cursor, from it on, or older than a span of time."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable, Sequence
from functools import partial

from tui_reader.model.query import Window
from tui_reader.ui.controllers.browsing import Browsing
from tui_reader.ui.controllers.marks import MarksController
from tui_reader.ui.controllers.page import Choose, Page

_SPANS = {Window.DAY: "a day", Window.WEEK: "a week", Window.MONTH: "a month"}


class MarkMany:
    """Marks parts of the list as read, each as one step that can be undone."""

    def __init__(
        self,
        page: Page,
        browsing: Browsing,
        marks: MarksController,
        *,
        choose: Choose,
        run: Callable[[Callable[[], Awaitable[None]]], None],
    ) -> None:
        """``run`` queues an action that was chosen."""
        self._page = page
        self._browsing = browsing
        self._marks = marks
        self._choose = choose
        self._run = run

    def commands(self) -> dict[str, Callable[[], Awaitable[None]]]:
        """Return what the commands of this controller do."""
        return {"mark_above": self.above, "mark_below": self.below, "mark_older": self.older}

    def items(self) -> list[tuple[str, Callable[[], Awaitable[None]]]]:
        """Return what the menu about a story offers."""
        return [
            ("Mark read up to here", self.above),
            ("Mark read from here on", self.below),
            ("Mark read what is older than …", self.older),
        ]

    async def above(self) -> None:
        """Mark the story under the cursor and those above it as read. Raises :class:`StoreError`."""
        stories = self._browsing.list
        changed = await self._marks.read(stories.order[: stories.cursor + 1], "read up to here")
        await self._tell(changed, "Everything up to here is read already")

    async def below(self) -> None:
        """Mark the story under the cursor and those below it as read. Raises :class:`StoreError`."""
        await self._browsing.completed()
        stories = self._browsing.list
        changed = await self._marks.read(stories.order[stories.cursor :], "read from here on")
        await self._tell(changed, "Everything from here on is read already")

    async def older(self) -> None:
        """Offer the spans of time, with how many unread articles of the list are older."""
        await self._browsing.completed()
        numbers = {window: len(await self._unread_before(window)) for window in _SPANS}
        offered = [window for window, number in numbers.items() if number]
        if not offered:
            self._page.say("No unread article of this list is older than a day")
            return
        choices = [(_SPANS[window].capitalize(), f"{numbers[window]:,} unread") for window in offered]
        title = "Mark read what is older than"
        await self._choose(title, choices, lambda index: self._run(partial(self._mark_older, offered[index])))

    async def _mark_older(self, window: Window) -> None:
        """Mark the articles of the list as read that the window would leave out. Raises :class:`StoreError`."""
        numbers = await self._unread_before(window)
        library, words = self._page.library, f"read what is older than {_SPANS[window]}"
        when = int(time.time())
        mark = partial(library.marks.set_read, numbers, when)
        changed = await library.ask(library.marks.as_step, words, "", mark)
        await self._tell(len(changed), f"Nothing is older than {_SPANS[window]}")

    async def _unread_before(self, window: Window) -> list[int]:
        """Return the unread articles of the listed stories that are older than a window, by its count."""
        library, browsing = self._page.library, self._browsing
        numbers: Sequence[int] = browsing.list.order
        if not browsing.query.folded:  # else the list shows each article by itself
            numbers = await library.ask(library.reader.stories, numbers)
        return await library.ask(library.reader.unread_before, numbers, window)

    async def _tell(self, changed: int, nothing: str) -> None:
        await self._browsing.refresh_rows()
        undo = self._page.keymap.label("undo")
        self._page.say(f"{changed:,} marked as read · {undo} undoes it" if changed else nothing)
