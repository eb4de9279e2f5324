"""The list of stories: which view it shows, its rows, the sidebar beside it, and the search."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from pathlib import Path
from typing import TypeVar

from tui_reader.model.query import Filter, Query, Sort, Window
from tui_reader.model.source_tree import Branch
from tui_reader.model.story import StoryRow
from tui_reader.ui.controllers.page import Page
from tui_reader.ui.controllers.source_tree import SourceTree
from tui_reader.ui.library import Listing, SidebarFacts
from tui_reader.ui.widgets.sidebar import Choice
from tui_reader.ui.words import empty_words, view_facts

Step = TypeVar("Step", Sort, Window)


class Browsing:
    """Owns the query of the list and everything that is read for it.

    A view that a key asks for is read in the background, and a newer one
    replaces it; :meth:`pending` tells the queue of actions what to wait for
    before the next key that needs the list. A view that is read because the
    index changed waits for nobody, and nobody for it: a cursor that was moved
    meanwhile stays where it is.
    """

    def __init__(self, page: Page, first: Listing, title: str, tree: SourceTree) -> None:
        self._page = page
        self._library = page.library
        self.list, self.sidebar = page.panes.list, page.panes.sidebar
        self.tree = tree
        self.sidebar.toggled = self.fold
        self.query = first.query
        self._branch: Branch | None = None  # the folder or source whose articles are listed
        self._outside: Query | None = None  # the view to go back to from the list of a source
        self._before: Query | None = None  # the view to go back to from the articles of a provider
        self.title = title
        self.titled: Callable[[str], str] = lambda title: title
        """Returns the name of the front page for the titles of the sources."""
        self.touched = False
        """Whether the person has done anything to the list yet."""
        self.indexing: Callable[[], bool] = lambda: False
        """Whether the first articles are still being read."""
        self.changed: Callable[[], None] = lambda: None
        """Called when another list, or the same with other numbers, is shown."""
        self.shown: Callable[[], bool] = lambda: False
        """Called after another list is shown: shows the story under its cursor; returns whether it is to come."""
        self.reloaded: Callable[[], None] = lambda: None
        """Called when the list was read anew."""
        self._facts: SidebarFacts | None = None
        self._request = 0  # the newest list that was asked for, by a key or not
        self._change = 0  # the newest one that a key asked for
        self._loading: asyncio.Event | None = None
        self._completing: asyncio.Event | None = None

    # -- showing a list --------------------------------------------------------

    def begin(self, first: Listing) -> None:
        """Show the list that was read before there was a screen."""
        self.list.empty_text = empty_words(self._page.keymap, self.query, indexing=self.indexing())
        self.list.show(first)
        self.changed()

    def begun(self, first: Listing) -> None:
        """Read what the first screen did not need: the rest of the list, and the topics."""
        if not first.complete:
            self._completing = asyncio.Event()
            self._complete(first.query)
        self._page.ask("sidebar", self.show_sidebar)

    def pending(self) -> Callable[[], Awaitable[object]] | None:
        """Return what waits until the list that a key asked for is shown, or ``None`` if none is on its way."""
        return None if self._loading is None else self._loading.wait

    def change(self, query: Query, *, keep: bool, counts: bool = False) -> None:
        """Show another list; with ``keep``, the cursor stays on its story; ``counts`` changes the topics' numbers."""
        self.query = query
        self.touched = True
        self._page.paint.hold()
        self._change += 1
        self._loading = self._loading or asyncio.Event()
        self._page.ask("list", self._load, query, self._change, keep=keep, counts=counts)

    async def _load(self, query: Query, change: int, *, keep: bool, counts: bool) -> None:
        try:
            await self.reload(query, keep=keep, counts=counts)
        finally:
            # The keys behind it go on, unless a newer list is on its way.
            if change == self._change and self._loading is not None:
                self._loading.set()
                self._loading = None

    async def reload(self, query: Query | None = None, *, keep: bool, counts: bool = False) -> None:
        """Read the list of ``query``, or the present one, and show it."""
        query = self.query if query is None else query
        self._request += 1
        request = self._request
        before = self.list.current_number()
        number = before if keep else None
        if number is None and not query.words:
            # The head of a list is read in no time, however long the list is.
            listing = await self._library.ask(self._library.first_page, query)
        else:
            listing = await self._library.ask(self._library.listing, query, number)
        if counts:
            await self.show_sidebar()
        if request != self._request:
            return
        now = self.list.current_number()
        # A key that was pressed meanwhile has moved the cursor: it stays there.
        number = now if keep or (query == self.list.listed and now != before) else None
        offset = None if number is None else self.list.current_offset()
        self.list.empty_text = empty_words(self._page.keymap, query, indexing=self.indexing())
        self.list.show(listing, keep=number, offset=offset)
        self._completing = None if listing.complete else asyncio.Event()
        self.reloaded()
        self.changed()
        if not self.shown():
            self._page.paint.show()
        if not listing.complete:
            self._page.after_refresh(self._complete, query)

    def _complete(self, query: Query) -> None:
        if self._completing is not None:
            self._page.ask("order", self._read_rest, query, self._request, self._completing)

    async def _read_rest(self, query: Query, request: int, completing: asyncio.Event) -> None:
        """Read the rest of a list whose head is shown."""
        try:
            order = await self._library.ask(self._library.reader.order, query)
            if request == self._request:
                self.list.complete(order)
                self.changed()
                self.shown()
        finally:
            completing.set()

    async def completed(self) -> None:
        """Wait until every story of the list is known, not only those of its head."""
        while len(self.list.order) < self.list.total and self._completing is not None:
            if self._completing.is_set():
                return  # the rest could not be read, and the error has been shown
            await self._completing.wait()

    async def show_sidebar(self) -> None:
        """Read the topics and their numbers, and show them."""
        if await self.tree.update():
            self._follow_branch()
        # The list of a source or provider has a window and folding of its own, which are not those of the topics.
        view = self.view
        counted = Query(window=view.window, folded=view.folded)
        facts = await self._library.ask(self._library.sidebar, counted, self.tree.groups())
        self.title = self.titled(facts.summary.title)
        self._facts = facts
        self.show_branches()
        self.changed()

    async def rows(self, numbers: Iterable[int]) -> dict[int, StoryRow]:
        """Read rows as the list shows them now."""
        return await self._library.ask(self._library.reader.listed, self.query, numbers)

    def show_branches(self) -> None:
        """Show the sidebar as it was read last, with the folders that are open now."""
        if self._facts is not None:
            rows = self.tree.rows(self._facts.sources, self._branch)
            self.sidebar.show(self._facts.topics, self._facts.saved, rows)

    async def supply(self, numbers: list[int]) -> None:
        """Read rows that came on the screen."""
        self.list.supply(await self.rows(numbers))

    async def refresh_rows(self, numbers: Iterable[int] | None = None) -> None:
        """Show the marks that articles have now: those ``numbers``, or all that the list knows."""
        pane = self._page.panes.story
        wanted = [row.article for row in self.list.known()] if numbers is None else list(numbers)
        self.list.supply(await self.rows(wanted))
        story = pane.story
        if story is not None:
            fresh = await self._library.ask(self._library.reader.story, story.row.article)
            if fresh is not None and pane.story is story:
                pane.view.update_marks(fresh)
                self._page.update_footer()
        await self.show_sidebar()

    async def switch(self, database: Path, sort: Sort) -> None:
        """Show the articles of another index in the present view; the cursor stays on its story if it is there."""
        row = self.list.current()
        await self._library.switch(database)
        self.query = query = self.view._replace(sort=sort, sources=())
        self._branch = self._outside = self._before = None
        self._request += 1
        number = None if row is None else await self._library.ask(self._library.reader.article_id, row.page)
        listing = await self._library.ask(self._library.listing, query, number)
        self.list.forget()
        self._page.panes.story.view.forget()
        self.list.empty_text = empty_words(self._page.keymap, query, indexing=True)
        self.list.show(listing, keep=number)
        self.reloaded()
        await self.show_sidebar()

    # -- another view ----------------------------------------------------------

    @property
    def view(self) -> Query:
        """The query whose order, window and folding are remembered: those of a source or provider are its own."""
        return self._outside or self._before or self.query

    def facts(self) -> list[str]:
        """Describe what the list shows, for the header."""
        return view_facts(self.query, self.list.total, "" if self._branch is None else self._branch.label)

    def follow_sidebar(self) -> None:
        """Show the stories of the topic or folder, or the articles of the source, under the cursor of the sidebar."""
        self.choose(self.sidebar.current())

    def choose(self, choice: Choice, *, keep: bool = False) -> None:
        """Show what a line of the sidebar stands for; with ``keep``, the cursor stays on its story.

        A source lists all its articles, the newest first, whatever the view is otherwise.
        """
        branch = choice.branch
        sources = () if branch is None else branch.sources
        query = self.view._replace(topic=choice.topic, filter=choice.filter, words=self.query.words, sources=sources)
        self._branch, self._outside, self._before = branch, None, None
        if branch is not None and not branch.is_folder:
            self._outside = query._replace(sources=())
            query = Query(Sort.NEWEST, folded=True, words=query.words, sources=sources)
        self.show_branches()
        self.change(query, keep=keep)

    def choose_provider(self, name: str) -> None:
        """Show all articles of a provider, the newest first, until :meth:`leave_topic`; a search goes on in them."""
        self._before = self._before or self.query
        self.change(Query(Sort.NEWEST, folded=True, provider=name, words=self.query.words), keep=True)

    def leave_topic(self) -> None:
        """Show the stories of all topics and sources again, or the view from which a provider was chosen."""
        if self._before is not None:
            query, self._before = self._before._replace(words=self.query.words), None
            self.change(query, keep=True)
        elif self.query.topic or self.query.filter is not Filter.ALL or self._branch is not None:
            self.sidebar.select(Choice())
            self.choose(Choice(), keep=True)

    def choose_source(self, location: str) -> bool:
        """Show the articles of a source and open the folders around it; return whether it is in the sidebar."""
        branch = self.tree.source(location)
        if branch is None:
            return False
        self.tree.reveal(branch)
        self._branch = branch  # shown even if it is read
        self.show_branches()
        self.sidebar.select(Choice(branch=branch))
        self.choose(Choice(branch=branch))
        return True

    async def is_all(self, location: str) -> bool:
        """Return whether all articles are from this source: then it has no list of its own, and all are listed."""
        titles = await self._library.ask(self._library.reader.source_titles)
        if list(titles) == [location]:
            self.leave_topic()
            return True
        return False

    def fold(self, branch: Branch | None = None, *, is_open: bool | None = None) -> bool:
        """Open or close a folder, by default the one under the cursor; return whether that changed anything.

        The list of what is inside a folder that is closed gives way to the list of the folder.
        """
        branch = branch or self.sidebar.current().branch
        if branch is None or not branch.is_folder or self.tree.is_open(branch.folder) is is_open:
            return False
        self.tree.set_open(branch.folder, is_open=not self.tree.is_open(branch.folder))
        before = self.sidebar.current()
        self.show_branches()
        if not self.sidebar.current().same(before):
            self.follow_sidebar()
        return True

    def to_folder(self) -> None:
        """Close the folder under the cursor of the sidebar, or go to the one around it."""
        branch = self.sidebar.current().branch
        if branch is None or self.fold(is_open=False):
            return
        outer = self.tree.around(branch)
        if outer is not None:
            self.sidebar.select(Choice(branch=outer))
            self.follow_sidebar()

    def _follow_branch(self) -> None:
        """Go on with the folder or source that is listed, as it is in another tree; leave it if it is gone."""
        if self._branch is None:
            return
        fresh = self.tree.find(self._branch)
        if fresh is None:
            self.leave_topic()
        elif fresh.sources != self._branch.sources:
            self.choose(Choice(branch=fresh), keep=True)
        self._branch = fresh

    def next_sort(self) -> None:
        """Show the next order: its top, unless the cursor was moved to a story or one is open; then it stays there."""
        keep = self.list.cursor > 0 or self._page.panes.active == "story"
        self.change(self.query._replace(sort=_next(self.query.sort)), keep=keep)

    def next_window(self) -> None:
        """Show the next window of time."""
        self.change(self.query._replace(window=_next(self.query.window)), keep=True, counts=True)

    def toggle_folded(self) -> None:
        """Show or hide folded articles."""
        self.change(self.query._replace(folded=not self.query.folded), keep=True, counts=True)

    def search(self, words: str) -> None:
        """Show the stories that have these words; none ends the search."""
        if words != self.query.words:
            self.change(self.query._replace(words=words), keep=not words)


def _next(value: Step) -> Step:
    """The value after this one of its enumeration; the first one after the last."""
    values = list(type(value))
    return values[(values.index(value) + 1) % len(values)]
