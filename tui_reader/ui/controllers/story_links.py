"""The links of the story that a key is about: open, copy or pick one; and the story to paste elsewhere."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from pathlib import Path

from tui_reader.model.story import Story, StoryRow
from tui_reader.ui.action_queue import ActionQueue
from tui_reader.ui.controllers.links import LinksController, ListedLink, own_links
from tui_reader.ui.controllers.page import Action, Choose, OnRow, Page
from tui_reader.ui.controllers.reading import Reading
from tui_reader.ui.widgets.body_text import body_links

ChooseLink = Callable[[Sequence[ListedLink], Callable[[str, ListedLink], None]], Awaitable[None]]
"""Lists links, and calls back with what to do (``go``, ``open`` or ``copy``) and the link."""

_MEDIA = frozenset({"image", "video", "audio"})
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
        """Open the original page in the browser; of an article without one, its file."""
        story = await self._page.story(row.article)
        if story is None:
            return
        path = None if story.links.best() else await self._file(row)
        if path is None:
            self._open(row, story.links.best())
        else:
            self._links.open_file(path, *self._marks(row))

    async def copy_original(self, row: StoryRow) -> None:
        """Copy the link of the original page; of an article without one, the path of its file."""
        story = await self._page.story(row.article)
        if story is None:
            return
        path = None if story.links.best() else await self._file(row)
        if path is None:
            await self._links.copy_link(story.links.best())
        else:
            await self._links.copy_path(path)

    async def _file(self, row: StoryRow) -> Path | None:
        """Return the file of an article, if it is a file of its own."""
        library = self._page.library
        found = await library.ask(library.reader.file_of, row.article)
        if found is None:
            return None
        from tui_reader.queries.article_file import article_file

        return await asyncio.to_thread(article_file, *found)

    async def pick(self, row: StoryRow) -> None:
        """List all links, those of the text first, to open or copy one."""
        story = await self._page.story(row.article)
        if story is not None:
            await self._choose_link(await self._listed(story), partial(self._picked, row))

    async def _listed(self, story: Story) -> list[ListedLink]:
        from tui_reader.model.fingerprint import page_id
        from tui_reader.model.urls import page_key

        # Those of a long text take a while: other keys do not wait.
        found = await asyncio.to_thread(body_links, story.body, story.links.best())
        listed = [ListedLink(number, words, url) for number, words, url in found]
        known = {link.url for link in listed}
        own = own_links(story)
        listed += [ListedLink(0, kind, url) for kind, url in own if kind not in _MEDIA or url not in known]
        pages = [page_id(page_key(link.url)) for link in listed]
        library = self._page.library
        articles = await library.ask(library.reader.articles_at, pages)
        here = (articles.get(page) for page in pages)
        return [
            link if article == story.row.article else link._replace(article=article)
            for link, article in zip(listed, here, strict=True)
        ]

    def _picked(self, row: StoryRow, action: str, link: ListedLink) -> None:
        if action == "copy":
            self._actions.run(self._links.copy_link, link.url)
        elif action == "go" and link.article is not None:
            self._actions.run(self._go, link.article)
        else:
            self._open(row, link.url)

    async def _go(self, article: int) -> None:
        """Show an article that a link leads to, in the reader."""
        story = await self._page.story(article)
        if story is not None:
            await self._reading.enter(story.row)

    def _open(self, row: StoryRow, url: str | None) -> None:
        self._links.open(url, *self._marks(row))

    def _marks(self, row: StoryRow) -> tuple[Callable[[], object], Callable[[], object]]:
        """Return what to do when a page was opened, and when that turns out to have failed."""
        run = self._actions.run
        return partial(run, self._mark_opened, row), partial(run, self._not_opened, row)

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
