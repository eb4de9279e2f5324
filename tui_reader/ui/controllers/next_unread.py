"""The way to the next unread story: in the list, and on to what else the sidebar has once all of the list is read."""

from __future__ import annotations

from tui_reader.ui.controllers.browsing import Browsing
from tui_reader.ui.controllers.page import Page
from tui_reader.ui.controllers.reading import Reading

_STRETCH = 200  # rows read at a time in search of an unread story


class NextUnread:
    """Moves from one unread story to the next; while somebody reads, opens it."""

    def __init__(self, page: Page, browsing: Browsing, reading: Reading) -> None:
        self._page = page
        self._browsing = browsing
        self._reading = reading
        self._list = page.panes.list

    async def previous(self) -> None:
        """Go to the unread story above."""
        if not await self._go(self._list.cursor - 1, -1):
            self._page.say("No unread stories above")

    async def next(self) -> None:
        """Go to the unread story below, else to one above, else to the next line of the sidebar that has one."""
        cursor = self._list.cursor
        if await self._go(cursor + 1, 1):
            return
        if cursor > 0 and await self._go(0, 1, end=cursor):
            self._page.say("No more unread stories below: on from the top")
            return
        row = self._list.current()
        if row is not None and row.unread:
            self._page.say("No more unread stories below or above this one")
        elif self._browsing.is_aside:
            self._page.say("No more unread stories below")
        else:
            await self._go_on()

    async def _go_on(self) -> None:
        """Go to the next line of the sidebar that has an unread story; the numbers there may be a little old."""
        browsing, sidebar = self._browsing, self._browsing.sidebar
        before, listed, cursor = sidebar.current(), self._list.current_number(), self._list.cursor
        for choice, name in sidebar.with_unread():
            sidebar.select(choice)
            await self._show_choice()
            if await self._go(0, 1):
                self._page.say(f"All read there: on to {name}")
                return
        if not sidebar.current().same(before):
            sidebar.select(before)
            await self._show_choice()
            if self._list.current_number() != listed and cursor < self._list.total:
                self._list.move_to(cursor, notify=False)
        browsing.touched = True
        self._page.say("No more unread stories below, nor anywhere else")

    async def _show_choice(self) -> None:
        """List what the line under the cursor of the sidebar stands for, and wait until it is there."""
        self._browsing.follow_sidebar()
        wait = self._browsing.pending()
        if wait is not None:
            await wait()

    async def _go(self, place: int, by: int, *, end: int | None = None) -> bool:
        """Move to the first unread story from ``place`` on, before ``end``; return whether there is one."""
        await self._browsing.completed()
        order = self._list.order
        end = len(order) if end is None else min(end, len(order))
        while 0 <= place < end:
            stretch = order[place : place + _STRETCH] if by > 0 else order[max(0, place - _STRETCH + 1) : place + 1]
            rows = await self._browsing.rows(stretch)
            if self._list.order is not order:
                return await self._go(self._list.cursor + by, by)  # another list was shown meanwhile
            for offset, number in enumerate(stretch if by > 0 else reversed(stretch)):
                if number in rows and rows[number].unread and place + by * offset < end:
                    self._list.supply(rows)
                    await self._reading.move_to(place + by * offset)
                    return True
            place += by * len(stretch)
        return False
