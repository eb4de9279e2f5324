"""Marks stories as read or saved, and undoes marks and corrections step by step."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable, Sequence
from functools import partial

from tui_reader.model.story import StoryRow
from tui_reader.storage.undo import Step
from tui_reader.ui.controllers.browsing import Browsing
from tui_reader.ui.controllers.page import Action, OnRow, Page

_AHEAD = 60  # seconds that the times of read marks may run ahead of the clock


class MarksController:
    """Changes marks, shows them, and takes changes back: those of earlier runs and of other readers too."""

    def __init__(self, page: Page, browsing: Browsing) -> None:
        self._page = page
        self._browsing = browsing
        self._library = page.library
        self._last = 0  # the time of the last read mark
        self.weigh_back: Callable[[Step], Awaitable[None]] | None = None
        """Restores the weights of sources that a step changed, which are not in the marks."""
        self.regroup: Callable[[], None] = lambda: None
        """Clusters the stories anew; called after a correction was undone."""
        self.filter_undone: Callable[[Step], Awaitable[None]] | None = None
        """Shows what a filter does no longer, or again; called after a step about one was undone."""

    def commands(self, on_row: OnRow) -> dict[str, Action]:
        """Return what the commands of this controller do; ``on_row`` runs an action on the row of a key."""
        return {
            "toggle_read": partial(on_row, self.toggle_read),
            "mark_all": self.mark_all,
            "toggle_saved": partial(on_row, self.toggle_saved),
            "undo": self.undo,
        }

    async def read(self, numbers: Sequence[int], words: str) -> int:
        """Mark stories as read; return how many articles changed. Raises :class:`StoreError`."""
        return await self._set_read(numbers, True, words)

    async def mark_all(self) -> None:
        """Mark the stories that the list shows as read: none that came meanwhile. Raises :class:`StoreError`."""
        await self._browsing.completed()
        changed = await self.read(list(self._browsing.list.order), "all read")
        await self._browsing.refresh_rows()
        undo = self._page.keymap.label("undo")
        self._page.say(
            f"{changed:,} marked as read · {undo} undoes it" if changed else "Everything listed is read already"
        )

    async def toggle_read(self, row: StoryRow) -> None:
        """Mark a story as read, or as unread if all of it is read. Raises :class:`StoreError`."""
        on = (await self._fresh(row)).unread > 0
        words = "read" if on else "unread"
        await self._set_read([row.article], on, words)
        await self._browsing.refresh_rows([row.article])
        self._page.say(words.capitalize())

    async def toggle_saved(self, row: StoryRow) -> None:
        """Save an article, or unsave it if it is saved. Raises :class:`StoreError`."""
        on = not (await self._fresh(row)).saved
        words = "saved" if on else "unsaved"
        when = int(time.time()) if on else None
        marks = self._library.marks
        await self._library.ask(marks.as_step, words, row.title, partial(marks.set_saved, [row.article], when))
        await self._browsing.refresh_rows([row.article])
        self._page.say(words.capitalize())

    async def change(self, words: str, title: str, action: Callable[[], bool]) -> bool:
        """Make another change, to the story ``title``, that can be undone as ``words``; return whether it is one.

        ``action`` runs on the library's thread, and returns whether it changed
        anything. Raises :class:`StoreError`.
        """
        return await self._library.ask(self._library.marks.as_step, words, title, action)

    async def undo(self) -> str:
        """Undo the last step, and return what was said of it. Raises :class:`StoreError`."""
        marks = self._library.marks
        step = await self._library.ask(marks.last_step)
        while step is not None:
            if step.changes("weight") and self.weigh_back is not None:
                await self.weigh_back(step)  # first: if it fails, the step stays
            if await self._library.ask(self._library.undo, step):
                break
            step = await self._library.ask(marks.last_step)  # another reader was faster
        said = "Nothing to undo"
        if step is not None:
            await self._show_undone(step)
            said = f"Undone: {step.words}" + (f" · {step.title}" if step.title else "")
        self._page.say(said)
        return said

    async def take_back(self, words: str, title: str) -> None:
        """Undo the last step if it is this one, of what turned out not to have happened. Raises :class:`StoreError`."""
        marks = self._library.marks
        step = await self._library.ask(marks.last_step)
        if step is not None and step.words == words and step.title in {title, ""}:
            await self._library.ask(self._library.undo, step)
            await self._show_undone(step)

    async def _show_undone(self, step: Step) -> None:
        if step.changes("correction") or step.changes("weight"):
            self.regroup()
        if step.changes("filter") and self.filter_undone is not None:
            await self.filter_undone(step)
        if step.changes("mute"):
            self._browsing.change(self._browsing.query, keep=True, counts=True)
        await self._browsing.refresh_rows()

    async def _set_read(self, numbers: Sequence[int], on: bool, words: str) -> int:
        row = self._browsing.list.row(numbers[0]) if len(numbers) == 1 else None
        title = "" if row is None else row.title
        if not self._browsing.query.folded:  # else the list shows each article by itself
            numbers = await self._library.ask(self._library.reader.stories, numbers)
        marks, when = self._library.marks, self._moment() if on else None
        return len(await self._library.ask(marks.as_step, words, title, partial(marks.set_read, numbers, when)))

    def _moment(self) -> int:
        """Return the time for a read mark; what is read in one second differs, so that the history keeps its order."""
        now = int(time.time())
        self._last = self._last + 1 if now <= self._last < now + _AHEAD else now
        return self._last

    async def _fresh(self, row: StoryRow) -> StoryRow:
        """The row with the marks that it has now, whoever made them."""
        rows = await self._browsing.rows([row.article])
        return rows.get(row.article, row)
