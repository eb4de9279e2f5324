"""The list of stories: which view it shows, its rows, the sidebar beside it, and the search."""

from __future__ import annotations

import asyncio
from array import array
from collections.abc import Awaitable, Callable, Iterable
from pathlib import Path

from tui_reader.errors import QueryError, UsageError
from tui_reader.model.query import Filter, Query, Sort
from tui_reader.model.source_tree import Branch
from tui_reader.model.story import StoryRow
from tui_reader.ui.choice import Choice
from tui_reader.ui.controllers.page import Page
from tui_reader.ui.controllers.smart_views import SmartViews
from tui_reader.ui.controllers.source_tree import SourceTree
from tui_reader.ui.library import Listing, SidebarFacts
from tui_reader.ui.session import Session
from tui_reader.ui.words import empty_words, view_facts


class Browsing:
    """Owns the query of the list and everything that is read for it.

    A view that a key asks for is read in the background, and a newer one
    replaces it; :meth:`pending` tells the queue of actions what to wait for
    before the next key that needs the list. A view that is read because the
    index changed waits for nobody, and nobody for it: a cursor that was moved
    meanwhile stays where it is.
    """

    def __init__(self, page: Page, session: Session, tree: SourceTree, views: SmartViews) -> None:
        self._page = page
        self._library = page.library
        self.list, self.sidebar = page.panes.list, page.panes.sidebar
        self.tree = tree
        self.views = views
        self.sidebar.toggled = self.fold
        self.query = session.first.query
        self.choice = Choice() if session.left is None else session.left.choice
        """The line of the sidebar that is listed."""
        # The view to go back to from a list that has one of its own.
        self._outside = session.view.query() if self.choice.is_apart else None
        self._before: Query | None = None  # the list to go back to from a provider, or from what was read
        self.title = session.title
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
        self.listed: Callable[[Listing], None] = lambda listing: None
        self.refused: Callable[[Query, QueryError], None] = lambda query, error: None
        self.widen: Callable[[], bool] = lambda: False
        self.to_list: Callable[[], None] = lambda: None
        """Called before a list that a key on a story asked for is shown: moves the keyboard there."""
        self.reloaded: Callable[[], None] = lambda: None
        """Called when the list was read anew."""
        self._facts: SidebarFacts | None = None
        self._request = 0  # the newest list that was asked for, by a key or not
        self._change = 0  # the newest one that a key asked for
        self._loading: asyncio.Event | None = None
        self._completing: asyncio.Event | None = None

    # -- showing a list --------------------------------------------------------

    def begin(self, first: Listing, keep: int | None = None, offset: int | None = None) -> None:
        """Show the list that was read before there was a screen, with an article at a line of the screen."""
        self.list.empty_text = empty_words(self._page.keymap, self.query, indexing=self.indexing())
        self.list.show(first, keep=keep, offset=offset)
        self.changed()

    def begun(self, first: Listing) -> None:
        """Read what the first screen did not need: the rest of the list, and the topics."""
        if not first.complete:
            self._completing = asyncio.Event()
            self._complete(first.query)
        self._page.ask("sidebar", self._show_first_sidebar)

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
        except QueryError as error:
            if change == self._change:
                self.refused(query, error)
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
        listing, problem = await self._read(query, number)
        if counts:
            await self.show_sidebar()
        if request != self._request:
            return
        now = self.list.current_number()
        # A key that was pressed meanwhile has moved the cursor: it stays there.
        number = now if keep or (query == self.list.listed and now != before) else None
        offset = None if number is None else self.list.current_offset()
        self.list.empty_text = problem or empty_words(self._page.keymap, query, indexing=self.indexing())
        self.listed(listing)
        self.list.show(listing, keep=number, offset=offset)
        self._completing = None if listing.complete else asyncio.Event()
        self.reloaded()
        self.changed()
        if not self.shown():
            self._page.paint.show()
        if not listing.complete:
            self._page.after_refresh(self._complete, query)

    async def _read(self, query: Query, number: int | None) -> tuple[Listing, str]:
        """Read a list; that of a smart view which cannot be listed is empty, and the reason is returned beside it."""
        try:
            self.views.check(self.choice.view if self._before is None else None)
            if number is None and not query.searches:
                # The head of a list is read in no time, however long the list is.
                return await self._library.ask(self._library.first_page, query), ""
            return await self._library.ask(self._library.listing, query, number), ""
        except UsageError as error:
            if self.choice.view is None or query.words.strip():
                raise
            return Listing(query, 0, array("I"), {}), self.views.words(self.choice.view, error)

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

    async def _show_first_sidebar(self) -> None:
        await self.show_sidebar()
        self.sidebar.select(self.choice)

    async def show_sidebar(self) -> None:
        """Read the topics and their numbers, and show them."""
        if await self.tree.update():
            self._follow_branch()
        if await self.views.update():
            self._follow_smart_view()
        counted = self._counted()
        facts = await self._library.ask(self._library.sidebar, counted, self.tree.groups())
        self.title = self.titled(facts.summary.title)
        self._facts = facts
        self.show_branches()
        self.changed()
        self.views.count(counted, self.show_branches)

    def _counted(self) -> Query:
        """What the numbers of the sidebar are about: the list of a source or provider has a window of its own."""
        view = self.view
        return Query(view.sort, view.window, view.folded)

    async def look_at_views(self) -> None:
        """Show the smart views anew if their file has changed."""
        if await self.views.update():
            self._follow_smart_view()
            self.show_branches()
            self.views.count(self._counted(), self.show_branches)

    async def rows(self, numbers: Iterable[int]) -> dict[int, StoryRow]:
        """Read rows as the list shows them now."""
        return await self._library.ask(self._library.reader.listed, self.query, numbers)

    def show_branches(self) -> None:
        """Show the sidebar as it was read last, with the folders that are open now."""
        if self._facts is not None:
            rows = self.tree.rows(self._facts.sources, self.choice.branch)
            self.sidebar.show(self._facts.topics, self._facts.saved, rows, self.views.rows())

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
        self.query = query = self.view._replace(sort=sort, sources=(), within="")
        self.choice, self._outside, self._before = Choice(query.topic, query.filter), None, None
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
        return view_facts(self.query, self.list.total, self.choice.label)

    def follow_sidebar(self) -> None:
        """Show the stories of the topic, folder or view, or the articles of the source, under the sidebar's cursor."""
        self.choose(self.sidebar.current())

    def choose(self, choice: Choice, *, keep: bool = False) -> None:
        """Show what a line of the sidebar stands for; with ``keep``, the cursor stays on its story."""
        outside = self.view._replace(words=self.query.words)
        query = choice.query(outside)
        self.choice, self._before = choice, None
        self._outside = Choice().query(outside) if choice.is_apart else None
        self.show_branches()
        self.change(query, keep=keep)

    def go_to(self, choice: Choice, *, keep: bool = False) -> None:
        """Show what a line of the sidebar stands for, and move the cursor of the sidebar there."""
        self.choose(choice, keep=keep)
        self.sidebar.select(choice)  # now it is there, even if it is read

    def choose_provider(self, name: str) -> None:
        """Show all articles of a provider, the newest first, until :meth:`leave_topic`; a search goes on in them."""
        self._step_aside(Query(Sort.NEWEST, folded=True, provider=name), keep=True)

    def choose_history(self) -> None:
        """Show what was read, the last read first, until :meth:`leave_topic`; a search goes on in it."""
        if self.query.filter is Filter.READ:
            self.to_list()
            self.leave_topic()
        else:
            self._step_aside(Query(Sort.NEWEST, filter=Filter.READ), keep=False)

    def _step_aside(self, query: Query, *, keep: bool) -> None:
        self.to_list()
        self._before = self._before or self.query
        self.change(query._replace(words=self.query.words), keep=keep)

    @property
    def is_aside(self) -> bool:
        """Whether the list is another than that of the sidebar: a search, a provider, or what was read."""
        return bool(self.query.words) or self._before is not None

    def leave_topic(self) -> None:
        """Show the stories of all topics and sources again, or the list that a provider or the history replaced."""
        if self._before is not None:
            query, self._before = self._before._replace(words=self.query.words), None
            self.change(query, keep=True)
        elif self.choice != Choice():
            self.go_to(Choice(), keep=True)

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

    def _follow_branch(self) -> None:
        """Go on with the folder or source that is listed, as it is in another tree; leave it if it is gone."""
        branch = self.choice.branch
        if branch is None:
            return
        fresh = self.tree.find(branch)
        if fresh is None:
            self.leave_topic()
        elif fresh.sources != branch.sources:
            self.choose(Choice(branch=fresh), keep=True)
        else:
            self.choice = Choice(branch=fresh)

    def _follow_smart_view(self) -> None:
        """Go on with the view that is listed, as its file has it now; leave it if it is gone."""
        view = self.choice.view
        if view is None:
            return
        fresh = self.views.find(view)
        if fresh is None:
            self.leave_topic()
        elif fresh != view:
            self.choose(Choice(view=fresh), keep=True)

    def search(self, words: str) -> None:
        """Show the stories that have these words; none ends the search."""
        if words != self.query.words:
            self.change(self.query._replace(words=words), keep=not words)
