"""Marks stories as read or saved, and undoes marks and corrections step by step."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import NamedTuple

from tui_reader.model.story import StoryRow
from tui_reader.storage.marks import Mark
from tui_reader.ui.controllers.browsing import Browsing
from tui_reader.ui.controllers.page import Page

STEPS = 200
"""How many steps can be undone."""


class _Step(NamedTuple):
    """``back`` takes the step back on the library's thread; ``then`` is called afterwards."""

    words: str
    back: Callable[[], None]
    then: Callable[[], None] | None = None


class MarksController:
    """Changes marks, shows them, and remembers how they were."""

    def __init__(self, page: Page, browsing: Browsing) -> None:
        self._page = page
        self._browsing = browsing
        self._library = page.library
        self._steps: list[_Step] = []

    async def read(self, numbers: Sequence[int], words: str) -> int:
        """Mark articles as read; return how many changed. Raises :class:`StoreError`."""
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
        """Mark an article as read, or as unread if it is read. Raises :class:`StoreError`."""
        on = not (await self._fresh(row)).read
        words = "read" if on else "unread"
        await self._set_read([row.article], on, words)
        await self._browsing.refresh_rows([row.article])
        self._page.say(words.capitalize())

    async def toggle_saved(self, row: StoryRow) -> None:
        """Save an article, or unsave it if it is saved. Raises :class:`StoreError`."""
        on = not (await self._fresh(row)).saved
        words = "saved" if on else "unsaved"
        when = int(time.time()) if on else None
        before = await self._library.ask(self._library.marks.set_saved, [row.article], when)
        self._remember_marks(words, before, lambda: self._library.marks.restore_saved(before))
        await self._browsing.refresh_rows([row.article])
        self._page.say(words.capitalize())

    async def change(
        self, words: str, action: Callable[[], Callable[[], None] | None], then: Callable[[], None]
    ) -> bool:
        """Make another change that can be undone as ``words``; return whether anything changed.

        ``action`` runs on the library's thread. It returns what takes it back,
        which runs there too, or ``None`` if nothing changed. ``then`` is
        called after the change and after it was undone. Raises
        :class:`StoreError`.
        """
        back = await self._library.ask(action)
        if back is None:
            return False
        self._remember(_Step(words, back, then))
        then()
        return True

    async def undo(self) -> None:
        """Undo the last step. Raises :class:`StoreError`."""
        if not self._steps:
            self._page.say("Nothing to undo")
            return
        step = self._steps[-1]
        await self._library.ask(step.back)
        self._steps.pop()
        if step.then is not None:
            step.then()
        await self._browsing.refresh_rows()
        self._page.say(f"Undone: {step.words}")

    async def _set_read(self, numbers: Sequence[int], on: bool, words: str) -> int:
        before = await self._library.ask(self._library.marks.set_read, numbers, int(time.time()) if on else None)
        self._remember_marks(words, before, lambda: self._library.marks.restore_read(before))
        return len(before)

    async def _fresh(self, row: StoryRow) -> StoryRow:
        """The row with the marks that it has now, whoever made them."""
        rows = await self._library.ask(self._library.reader.rows, [row.article])
        return rows.get(row.article, row)

    def _remember_marks(self, words: str, before: list[Mark], restore: Callable[[], None]) -> None:
        if before:
            self._remember(_Step(words, restore))

    def _remember(self, step: _Step) -> None:
        self._steps.append(step)
        del self._steps[:-STEPS]
