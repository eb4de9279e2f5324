"""Marks stories, and takes marks back step by step."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from tui_reader.index.marks import Mark
from tui_reader.ui.library import Library

STEPS = 200
"""How many steps can be undone."""


@dataclass(frozen=True, slots=True)
class _Step:
    words: str
    before: list[Mark]
    restore: Callable[[list[Mark]], None]


class Marking:
    """Changes marks through the library and remembers how they were."""

    def __init__(self, library: Library) -> None:
        self._library = library
        self._steps: list[_Step] = []

    async def read(self, numbers: Sequence[int], on: bool, words: str) -> int:
        """Mark articles read or unread; return how many changed. Raises :class:`StoreError`."""
        when = int(time.time()) if on else None
        marks = self._library.marks
        return self._note(_Step(words, await self._library.ask(marks.set_read, numbers, when), marks.restore_read))

    async def saved(self, numbers: Sequence[int], on: bool, words: str) -> int:
        """Save articles, or no longer; return how many changed. Raises :class:`StoreError`."""
        when = int(time.time()) if on else None
        marks = self._library.marks
        return self._note(_Step(words, await self._library.ask(marks.set_saved, numbers, when), marks.restore_saved))

    def _note(self, step: _Step) -> int:
        if step.before:
            self._steps.append(step)
            del self._steps[:-STEPS]
        return len(step.before)

    async def undo(self) -> str | None:
        """Take the last step back; return what it was, or ``None`` where there is none."""
        if not self._steps:
            return None
        step = self._steps[-1]
        await self._library.ask(step.restore, step.before)
        self._steps.pop()
        return step.words
