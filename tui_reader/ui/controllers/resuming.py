"""Opens the reader where it was left, and notes where it is left now."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from contextlib import suppress

from textual.screen import Screen

from tui_reader.ui.choice import Choice
from tui_reader.ui.controllers.page import Page
from tui_reader.ui.controllers.reading import Reading
from tui_reader.ui.controllers.updates import Updates
from tui_reader.ui.left import Left, LeftStory, save_left
from tui_reader.ui.session import Session
from tui_reader.ui.widgets.history import Place

_NOTED_EVERY = 5.0  # seconds


class Resuming:
    """The list, the row, and the open story with its scroll position, from one run of the reader to the next.

    They are noted while one reads too: a reader that is killed loses nothing.
    """

    def __init__(
        self,
        screen: Screen[None],
        page: Page,
        session: Session,
        *,
        reading: Reading,
        updates: Updates,
        run: Callable[..., None],
    ) -> None:
        """``run`` queues an action."""
        self._screen = screen
        self._page = page
        self._browsing = updates.browsing
        self._reading = reading
        self._updates = updates
        self._run = run
        self._left = session.left
        self._first, self._begin_at = session.first, session.begin_at
        self._keeps = session.settings.resume > 0
        self._path = session.folders.left
        self._noted = Left()  # what was written last

    def begin(self) -> None:
        """Show the list that was read before there was a screen, as it was left."""
        left = self._left
        self._browsing.begin(self._first, self._begin_at, None if left is None else left.offset)
        if left is not None:
            # News are offered, and do not move what one goes on with.
            self._browsing.touched = bool(left.row or left.way) or left.choice != Choice()

    def go_on(self) -> None:
        """Show the story under the cursor, or open the one that was open."""
        self._browsing.list.begun()
        self._reading.begin()
        if self._keeps:
            self._screen.set_interval(_NOTED_EVERY, self._note)
        left = self._left
        if left is None:
            return
        if left.way:
            self._run(self._open, left)
        elif left.row:
            top = self._page.keymap.label("first")
            self._page.say("You were here" + (f" · {top} goes to the top" if top else ""))

    async def _open(self, left: Left) -> None:
        """Open the story that was open, if it is still in the index; else the list is shown at its place."""
        places = [Place(0, story.page, story.title, story.selected, story.scroll) for story in left.way]
        if not await self._reading.show_again(places):
            return
        self._reading.go_to("story", reading=left.whole_screen)
        # A pane that has just come on the screen gets its size with the next layout, and another width has other lines.
        if left.place and (left.width != self._screen.size.width or not self._page.panes.story.view.size):
            self._page.panes.story.go_to_place(left.place)

    def _note(self) -> None:
        """Write where the reader is now, aside, if it has moved."""
        now = self._now()
        if now._replace(when=0) != self._noted:
            self._noted = now._replace(when=0)
            self._page.ask("left", self._write, now)

    async def _write(self, left: Left) -> None:
        with suppress(OSError):  # nothing is lost unless the reader is killed: at the end, it is tried again
            await asyncio.to_thread(save_left, self._path, self._updates.selection.database.name, left)

    def save(self) -> None:
        """Note where the reader is left. What cannot be written is not said: there is no screen left."""
        if self._keeps:
            with suppress(OSError):
                save_left(self._path, self._updates.selection.database.name, self._now())

    def _now(self) -> Left:
        panes, browsing = self._page.panes, self._browsing
        pane, row = panes.story, browsing.list.current()
        here = pane.place()
        is_open = panes.active == "story" and here is not None
        places = [*pane.history.places, here] if here is not None and is_open else []
        return Left(
            when=int(time.time()),
            choice=browsing.choice,
            page=0 if row is None else row.page,
            row=0 if browsing.is_aside else browsing.list.cursor,
            offset=max(0, browsing.list.current_offset()),
            way=tuple(LeftStory(place.page, place.title, place.selected, place.scroll) for place in places),
            whole_screen=panes.is_reading,
            place=pane.view.place() if is_open else 0,
            width=self._screen.size.width,
        )
