"""Holds painting back until the whole answer to a key is there: one key, one frame."""

from __future__ import annotations

import asyncio
from contextlib import ExitStack

from textual.screen import Screen

LONGEST = 0.05
"""Seconds after which the screen is painted, whatever is still missing."""

BRIEF = 0.004
"""Seconds in which all widgets that a change concerns ask to be painted."""


class PaintHold:
    """Keeps the screen as it is from a key until its answer has been read.

    A story is read in 2 ms, but a second frame would come 17 ms after the
    first at the earliest (Textual paints 60 times a second) and cost as much
    again. So the cursor of the list and the story beside it are painted
    together.
    """

    def __init__(self, screen: Screen[None]) -> None:
        self._screen = screen
        self._held = ExitStack()
        self._late: asyncio.TimerHandle | None = None

    def hold(self, seconds: float = LONGEST) -> None:
        """Paint nothing until :meth:`show`, or for ``seconds``; a hold that is there already stays as it is."""
        if self._late is None:
            self._held.enter_context(self._screen.app.batch_update())
            self._late = asyncio.get_running_loop().call_later(seconds, self.show)

    def show(self) -> None:
        """Paint what has come."""
        if self._late is not None:
            self._late.cancel()
            self._late = None
            self._held.close()
            self._screen.check_idle()  # the end of a batch wakes the app, but not the screen that paints
