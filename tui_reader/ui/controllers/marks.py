"""Marks stories, and takes marks and corrections back step by step."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Sequence
from functools import partial
from typing import NamedTuple

from tui_reader.model.query import Query
from tui_reader.model.story import StoryRow
from tui_reader.storage.marks import Mark
from tui_reader.ui.library import Library

STEPS = 200
"""How many steps can be undone."""


class _Step(NamedTuple):
    words: str
    back: Callable[[], None]
    then: Callable[[], None] | None = None


class MarksController:
    """Changes marks through the library and remembers how they were.

    One change waits for the other: keys pressed faster than the disk writes
    still mean what they mean one after the other.
    """

    def __init__(self, library: Library) -> None:
        self._library = library
        self._steps: list[_Step] = []
        self._turn = asyncio.Lock()

    async def read(self, numbers: Sequence[int], words: str) -> int:
        """Mark articles read; return how many changed. Raises :class:`StoreError`."""
        async with self._turn:
            return await self._set_read(numbers, True, words)

    async def read_all(self, query: Query) -> int:
        """Mark all that ``query`` lists as read; return how many changed. Raises :class:`StoreError`."""
        async with self._turn:
            numbers = await self._library.ask(self._library.reader.order, query)
            return await self._set_read(numbers, True, "all read")

    async def toggle_read(self, row: StoryRow) -> str:
        """Mark an article read, or unread where it is read; return what it is now. Raises :class:`StoreError`."""
        async with self._turn:
            on = not (await self._fresh(row)).read
            words = "read" if on else "unread again"
            await self._set_read([row.article], on, words)
            return words

    async def toggle_saved(self, row: StoryRow) -> str:
        """Save an article, or no longer; return what it is now. Raises :class:`StoreError`."""
        async with self._turn:
            on = not (await self._fresh(row)).saved
            words = "saved" if on else "no longer saved"
            marks, when = self._library.marks, int(time.time()) if on else None
            before = await self._library.ask(marks.set_saved, [row.article], when)
            self._note(words, before, marks.restore_saved)
            return words

    async def change(self, words: str, deed: Callable[[], Callable[[], None] | None], then: Callable[[], None]) -> bool:
        """Do something else that can be undone as ``words``; return whether anything changed.

        ``deed`` runs on the library's thread, as does what it returns, which takes
        it back; ``None`` where nothing changed. ``then`` is called after a change
        and after it is taken back. Raises :class:`StoreError`.
        """
        async with self._turn:
            back = await self._library.ask(deed)
            if back is None:
                return False
            self._remember(_Step(words, back, then))
        then()
        return True

    async def undo(self) -> str | None:
        """Take the last step back; return what it was, or ``None`` where there is none."""
        async with self._turn:
            if not self._steps:
                return None
            step = self._steps[-1]
            await self._library.ask(step.back)
            self._steps.pop()
        if step.then is not None:
            step.then()
        return step.words

    async def _set_read(self, numbers: Sequence[int], on: bool, words: str) -> int:
        marks, when = self._library.marks, int(time.time()) if on else None
        return self._note(words, await self._library.ask(marks.set_read, numbers, when), marks.restore_read)

    async def _fresh(self, row: StoryRow) -> StoryRow:
        """The row with the marks that it has by now."""
        rows = await self._library.ask(self._library.reader.rows, [row.article])
        return rows.get(row.article, row)

    def _note(self, words: str, before: list[Mark], restore: Callable[[list[Mark]], None]) -> int:
        if before:
            self._remember(_Step(words, partial(restore, before)))
        return len(before)

    def _remember(self, step: _Step) -> None:
        self._steps.append(step)
        del self._steps[:-STEPS]
