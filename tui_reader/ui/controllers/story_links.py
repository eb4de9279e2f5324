"""The links of the story that a key is about: open, copy or pick one."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import partial

from tui_reader.model.story import Story, StoryRow
from tui_reader.ui.action_queue import ActionQueue
from tui_reader.ui.controllers.links import LinksController
from tui_reader.ui.controllers.page import Page
from tui_reader.ui.controllers.reading import Reading

Choose = Callable[[Story, Callable[[str, str], None]], Awaitable[None]]
"""Lists the links of a story, and calls back with what to do (``open``, ``copy``) and the URL."""


class StoryLinks:
    """Opens and copies the links of stories; a page that is opened counts as read."""

    def __init__(
        self, page: Page, reading: Reading, links: LinksController, choose: Choose, actions: ActionQueue
    ) -> None:
        self._page = page
        self._reading = reading
        self._links = links
        self._choose = choose
        self._actions = actions

    async def open_original(self, row: StoryRow) -> None:
        """Open the original page in the browser."""
        story = await self._page.story(row.article)
        if story is not None and self._links.open(story.links.best(), partial(self._opened, row)):
            await self._reading.mark_read(row.article, "opened")

    async def copy_original(self, row: StoryRow) -> None:
        """Copy the link of the original page."""
        story = await self._page.story(row.article)
        if story is not None:
            self._links.copy(story.links.best())

    async def pick(self, row: StoryRow) -> None:
        """List all links, to open or copy one."""
        story = await self._page.story(row.article)
        if story is not None:
            await self._choose(story, partial(self._picked, row))

    def _picked(self, row: StoryRow, action: str, url: str) -> None:
        if action == "copy":
            self._links.copy(url)
        elif self._links.open(url, partial(self._opened, row)):
            self._opened(row)

    def _opened(self, row: StoryRow) -> None:
        self._actions.run(self._reading.mark_read, row.article, "opened")
