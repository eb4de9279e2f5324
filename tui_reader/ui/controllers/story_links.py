"""The links of the story that a key is about: open, copy or pick one; and the story to paste elsewhere."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import partial

from tui_reader.model.story import Story, StoryRow
from tui_reader.ui.action_queue import ActionQueue
from tui_reader.ui.controllers.links import LinksController
from tui_reader.ui.controllers.opinions import Choose
from tui_reader.ui.controllers.page import Action, OnRow, Page
from tui_reader.ui.controllers.reading import Reading

ChooseLink = Callable[[Story, Callable[[str, str], None]], Awaitable[None]]
"""Lists the links of a story, and calls back with what to do (``open``, ``copy``) and the URL."""

_OPENED = "opened"  # the words for undoing the mark


class StoryLinks:
    """Opens and copies the links of stories; a page that is opened counts as read."""

    def __init__(
        self,
        page: Page,
        reading: Reading,
        links: LinksController,
        actions: ActionQueue,
        *,
        choose_link: ChooseLink,
        choose: Choose,
    ) -> None:
        self._page = page
        self._reading = reading
        self._links = links
        self._choose_link = choose_link
        self._choose = choose
        self._actions = actions
        self._marked: set[int] = set()  # articles whose mark is taken back if the browser fails

    def commands(self, on_row: OnRow) -> dict[str, Action]:
        """Return what the commands of this controller do; ``on_row`` runs an action on the row of a key."""
        return {
            "open_browser": partial(on_row, self.open_original),
            "links": partial(on_row, self.pick),
            "copy_link": partial(on_row, self.copy_original),
            "copy_as": partial(on_row, self.copy_as),
        }

    async def open_original(self, row: StoryRow) -> None:
        """Open the original page in the browser."""
        story = await self._page.story(row.article)
        if story is not None:
            self._open(row, story.links.best())

    async def copy_original(self, row: StoryRow) -> None:
        """Copy the link of the original page."""
        story = await self._page.story(row.article)
        if story is not None:
            await self._links.copy_link(story.links.best())

    async def pick(self, row: StoryRow) -> None:
        """List all links, to open or copy one."""
        story = await self._page.story(row.article)
        if story is not None:
            await self._choose_link(story, partial(self._picked, row))

    def _picked(self, row: StoryRow, action: str, url: str) -> None:
        if action == "copy":
            self._actions.run(self._links.copy_link, url)
        else:
            self._open(row, url)

    def _open(self, row: StoryRow, url: str | None) -> None:
        run = self._actions.run
        self._links.open(url, partial(run, self._mark_opened, row), partial(run, self._not_opened, row))

    async def _mark_opened(self, row: StoryRow) -> None:
        if await self._reading.mark_read(row.article, _OPENED):
            self._marked.add(row.article)

    async def _not_opened(self, row: StoryRow) -> None:
        if row.article in self._marked:
            self._marked.discard(row.article)
            await self._reading.take_back(_OPENED, row.title)

    async def copy_as(self, row: StoryRow) -> None:
        """Offer the story in several forms, to paste them elsewhere. Raises :class:`StoreError`."""
        from tui_reader.model.story_forms import story_forms

        story = await self._page.story(row.article)
        if story is None:
            return
        library = self._page.library
        links = await library.ask(library.reader.links, [each.article for each in story.related])
        forms = story_forms(story, links)
        lines = [(form.label, form.remark) for form in forms]

        def picked(index: int) -> None:
            self._actions.run(self._links.copy, forms[index].text, forms[index].shown)

        await self._choose("Copy", lines, picked)
