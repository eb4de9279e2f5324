"""The front page: owns what is shown and turns keys into questions to the library."""

from __future__ import annotations

import asyncio
import subprocess
import time
from collections.abc import Callable, Coroutine, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

from textual.app import ComposeResult
from textual.reactive import Reactive
from textual.screen import Screen
from textual.widget import Widget
from textual.widgets import Static

from tui_reader.config import View, save_view
from tui_reader.errors import NewsError
from tui_reader.model.progress import Progress
from tui_reader.model.query import Filter, Query, Sort, Window
from tui_reader.model.story import Story, StoryRow
from tui_reader.ui.controllers.corrections import CorrectionsController
from tui_reader.ui.controllers.links import LinksController
from tui_reader.ui.controllers.marks import MarksController
from tui_reader.ui.launch import REOPEN
from tui_reader.ui.paint_hold import BRIEF, PaintHold
from tui_reader.ui.session import Session
from tui_reader.ui.widgets.bars import FooterBar, HeaderBar
from tui_reader.ui.widgets.line_list import LineList
from tui_reader.ui.widgets.panes import Panes
from tui_reader.ui.widgets.story_list import StoryList
from tui_reader.ui.widgets.story_view import StoryView
from tui_reader.ui.widgets.topic_list import TopicList
from tui_reader.ui.words import empty_words, key_hints, new_words, progress_words, view_facts
from tui_reader.ui.worker_process import at_start, end_indexer, progress_of, start_indexer

if TYPE_CHECKING:
    from textual.worker import Worker

    from tui_reader.ui.widgets.search_box import SearchBox

Choice = TypeVar("Choice", Sort, Window)
P = ParamSpec("P")

_WATCH_SECONDS = 3.0  # between two looks for what another reader wrote
_AGAIN = 5.0  # seconds in which a second press means: really
_STRETCH = 200  # stories looked through at a time for an unread one


class FrontPage(Screen[None]):
    """Topics, stories and the story, and all that can be done with them."""

    focused: Reactive[Widget | None] = Reactive(None, repaint=False)
    """As in every screen, but another focus draws no more than the cursors of the two lists."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.keymap = session.keymap
        self._session = session
        self._library = session.library
        self._marks = MarksController(session.library)
        self._corrections = CorrectionsController(session.library, self._marks, self._regroup)
        self._regroup_after = self._show_after = False  # corrected while the indexer was under way
        self._query = session.first.query
        self._indexer = session.indexer
        self._edition = session.title
        self._request = 0
        self._leaving = False
        self._asked_all = float("-inf")
        self._touched = False
        self._waiting = 0  # new stories that the list does not show yet
        self._written = session.library.written
        for command in self.keymap.commands:
            for key in self.keymap.keys(command.id):
                # Textual gives screens keys of its own, Tab among them: here they are ours.
                self._bindings.key_to_bindings.pop(key, None)
                self._bindings.bind(key, command.id, command.hint, show=False)
        self._header = HeaderBar("")
        self._footer = FooterBar()
        self._panes = Panes()
        self._topics, self._list, self._story = self._panes.topics, self._panes.list, self._panes.story

    # -- making the page -----------------------------------------------------

    def compose(self) -> ComposeResult:
        """Header, panes, footer."""
        yield self._header
        if self._session.selection.is_sample:
            packs, add = self.keymap.label("packs"), self.keymap.label("add_source")
            text = f"This is the sample. Begin your own: {packs} has starter packs, {add} adds a feed, site or folder"
            yield Static(text, id="notice", markup=False)
        yield self._panes
        yield self._footer

    def on_mount(self) -> None:
        """Show the page that was read before the screen was there."""
        self._frame = PaintHold(self)
        self._links = LinksController(self.app, self._session.settings.browser, self.say)
        self._list.now = self._story.view.now = self._session.now
        self._list.empty_text = empty_words(self.keymap, self._query, indexing=self._indexer is not None)
        self._list.show(self._session.first)
        self._show_header()
        self.call_after_refresh(self._go_on)

    def _go_on(self) -> None:
        """Do what the first screen did not need."""
        if self._leaving:
            return  # a window in front of the page was answered, and another page opens
        self._preview()
        if not self._session.first.complete:
            self._ask("order", self._complete_list, self._query, self._request)
        self._ask("sidebar", self._show_sidebar)
        self._follow(self._indexer or self._start_indexer(*at_start(self._session.offline)))
        self._ask("watch", self._watch)

    def on_unmount(self) -> None:
        """Let the indexer go; what it stored stays."""
        self._leaving = True
        if self._indexer is not None:
            end_indexer(self._indexer)

    # -- asking the library ----------------------------------------------------

    def _ask(
        self, group: str, question: Callable[P, Coroutine[Any, Any, None]], *args: P.args, **kwargs: P.kwargs
    ) -> None:
        """Ask off the loop; a newer question of the same group replaces an older one."""
        answer = partial(self._answer, partial(question, *args, **kwargs))
        _: Worker[None] = self.run_worker(answer, group=group, exclusive=True, exit_on_error=False)

    def _do(self, deed: Callable[P, Coroutine[Any, Any, None]], *args: P.args, **kwargs: P.kwargs) -> None:
        """Do something that must come to its end, whatever is asked meanwhile."""
        answer = partial(self._answer, partial(deed, *args, **kwargs))
        _: Worker[None] = self.run_worker(answer, group="deeds", exit_on_error=False)

    async def _answer(self, question: Callable[[], Coroutine[Any, Any, None]]) -> None:
        try:
            await question()
        except NewsError as error:
            self.say(str(error), error=True)

    async def _story_of(self, number: int) -> Story | None:
        """Read a story; says so where it has left the index."""
        story = await self._library.ask(self._library.reader.story, number)
        if story is None:
            self.say("this article is no longer there")
        return story

    # -- the list ----------------------------------------------------------------

    async def _complete_list(self, query: Query, request: int) -> None:
        """Read the rest of a list of which the head is shown."""
        order = await self._library.ask(self._library.reader.order, query)
        if request == self._request:
            self._list.complete(order)
            self._show_footer()
            self._preview_if_other()

    async def _show_list(self, query: Query, *, keep: bool, counts: bool = False, indexing: bool = False) -> None:
        """Show another list; with ``keep``, the cursor stays on its story."""
        self._request += 1
        request = self._request
        self._query = query
        self._waiting = 0
        before = self._list.current_number()
        number = before if keep else None
        if number is None and not query.words:
            # What is at the top is read in no time, however long the list is.
            listing = await self._library.ask(self._library.first_page, query)
        else:
            listing = await self._library.ask(self._library.listing, query, number)
        if counts:
            await self._show_sidebar()
        if request != self._request:
            return
        now = self._list.current_number()
        # A key that was pressed meanwhile has moved the cursor: there it stays.
        number = now if keep or (query == self._list.listed and now != before) else None
        offset = None if number is None else self._list.current_offset()
        self._list.empty_text = empty_words(self.keymap, query, indexing=indexing)
        self._list.show(listing, keep=number, offset=offset)
        self._show_header()
        self._show_footer()
        if not self._preview_if_other():
            self._frame.show()
        if not listing.complete:
            self.call_after_refresh(self._ask, "order", self._complete_list, query, request)

    def on_story_list_rows_wanted(self, event: StoryList.RowsWanted) -> None:
        """Read rows that came on the screen."""
        self._do(self._supply, event.numbers)

    async def _supply(self, numbers: list[int]) -> None:
        self._list.supply(await self._library.ask(self._library.reader.rows, numbers))

    async def _show_sidebar(self) -> None:
        topics, edition, saved = await self._library.ask(self._library.sidebar, self._query)
        self._edition = edition.title
        self._topics.show(topics, saved)
        self._show_header()

    async def _watch(self) -> None:
        """Look whether another reader changed a mark, or another indexer the index."""
        while True:
            await asyncio.sleep(_WATCH_SECONDS)
            try:
                await self._look_around()
            except NewsError:
                continue  # said by whatever the person asks for next; the next look may do better

    async def _look_around(self) -> None:
        written = await self._library.ask(self._library.marks.version)
        if written == self._written:
            return
        if written[0] != self._written[0]:
            await self._take_news()
        await self._refresh_rows([row.article for row in self._list.known()])
        self._written = written

    async def _take_news(self) -> None:
        """Show what the index has now; where somebody reads, the list stays as it is and new stories are offered."""
        number = self._list.current_number()
        if not (self._touched and self._session.first.total and number is not None):
            await self._show_list(self._query, keep=self._touched, indexing=self._indexer is not None)
            return
        new, gone = await self._library.ask(self._library.difference, self._query, self._list.order)
        if gone:
            # No line may stand for a story that is no longer there.
            await self._show_list(self._query, keep=True)
        elif new != self._waiting:
            self._waiting = new
            self._show_status()

    async def _refresh_rows(self, numbers: Sequence[int]) -> None:
        """Show the marks that articles have now, wherever they are on the screen."""
        self._list.supply(await self._library.ask(self._library.reader.rows, numbers))
        story = self._story.story
        if story is not None:
            fresh = await self._library.ask(self._library.reader.story, story.row.article)
            if fresh is not None and self._story.story is story:
                self._story.view.update_marks(fresh)
                self._show_footer()
        await self._show_sidebar()

    def on_line_list_moved(self, event: LineList.Moved) -> None:
        """Follow the cursor of a list."""
        if isinstance(event.widget, StoryList):
            self._touched = True
            self._preview()
            self._show_footer()
        elif isinstance(event.widget, TopicList):
            topic, filter = event.widget.current()
            self._change_list(self._query._replace(topic=topic, filter=filter), keep=False)

    def on_line_list_chosen(self, event: LineList.Chosen) -> None:
        """Go on from the chosen line."""
        if isinstance(event.widget, StoryList):
            self._do(self._open_from_list)
        elif isinstance(event.widget, TopicList):
            self._go_to("list")

    # -- the story -----------------------------------------------------------------

    def _preview(self) -> None:
        """Show the story under the cursor; that alone does not make it read."""
        number = self._list.current_number()
        if number is None:
            self._story.begin(None)
            self._frame.show()
        else:
            self._frame.hold()
            self._ask("story", self._load, number, self._list.missing())

    def _preview_if_other(self) -> bool:
        """Show the story under the cursor unless it is shown, or somebody reads another one; whether it is to come."""
        shown = self._story.story
        if self._panes.active == "story" or self._story.history.places:
            return False
        if shown is not None and shown.row.article == self._list.current_number():
            return False
        self._preview()
        return True

    async def _load(self, number: int, rows: list[int]) -> None:
        """Show a story, and the rows of the list that came on the screen with it."""
        story, read = await self._library.ask(self._library.story, number, rows)
        self._list.supply(read)
        if story is not None and number == self._list.current_number():
            self._story.begin(story)
        self._frame.show()

    async def _open_from_list(self, step: int = 0) -> None:
        """Read the story under the cursor, or go on reading where one walked from it."""
        self._touched = True
        number = self._list.current_number()
        if number is None:
            return
        self._frame.hold()
        shown = self._story.story
        if not self._story.history.places and (shown is None or shown.row.article != number):
            story = await self._story_of(number)
            if story is None:
                return
            self._story.begin(story)
        self._go_to("story")
        if step:
            self.call_after_refresh(self._step_coverage, step)
        await self._mark_read(number, "reading")
        self._frame.show()
        self._ask("similar", self._find_similar, number)

    async def _find_similar(self, number: int) -> None:
        """Show what is like the open story, below its coverage, to who stays with it: others' keys do not wait."""
        await asyncio.sleep(_STAYS)
        if self._panes.active != "story":
            return
        rows = await self._library.ask(self._library.similar, number)
        story = self._story.story
        if story is not None and story.row.article == number:
            self._story.view.show_similar(rows)
            if self._panes.active == "story":
                self._show_footer()

    def on_story_view_entered(self, event: StoryView.Entered) -> None:
        """Go into an article of the coverage."""
        self._do(self._enter, event.row)

    async def _enter(self, row: StoryRow) -> None:
        self._frame.hold()
        await self._marks.read([row.article], "reading")
        story = await self._story_of(row.article)
        if story is not None:
            self._story.enter(story)
            self._go_to("story")
        await self._refresh_rows([row.article])
        self._frame.show()
        self._ask("similar", self._find_similar, row.article)

    async def _walk_back(self) -> None:
        place = self._story.history.back()
        if place is None:
            self._go_to("list")
            return
        story = await self._story_of(place.article)
        if story is not None:
            self._story.return_to(place, story)
            self._show_footer()

    def _step_coverage(self, by: int) -> None:
        if self._story.view.step(by):
            self._show_footer()
        else:
            self.say("nobody else wrote about this")

    # -- moving ----------------------------------------------------------------------

    def _go_to(self, pane: str) -> None:
        """Put the keyboard into a pane, and its keys at the bottom."""
        self._frame.hold(BRIEF)
        self._panes.go_to(pane)
        self._show_footer()

    def on_panes_changed(self) -> None:
        """Show the keys of the pane that the keyboard is in now."""
        self._show_footer()
        if self._story.story is not None:
            self._preview_if_other()

    def _move(self, by: int) -> None:
        if self._panes.move(by):
            self._frame.hold()

    def action_down(self) -> None:
        """Next line."""
        self._move(1)

    def action_up(self) -> None:
        """Previous line."""
        self._move(-1)

    def action_page_down(self) -> None:
        """A page down."""
        self._move(self._panes.page())

    def action_page_up(self) -> None:
        """A page up."""
        self._move(-self._panes.page())

    def action_first(self) -> None:
        """To the first."""
        self._move(-(10**9))

    def action_last(self) -> None:
        """To the last."""
        self._move(10**9)

    def action_next_pane(self) -> None:
        """To the pane on the right."""
        if self._panes.active == "topics":
            self._go_to("list")
        elif self._panes.active == "list":
            self._do(self._open_from_list)

    def action_previous_pane(self) -> None:
        """To the pane on the left."""
        self._go_to("list" if self._panes.active == "story" else "topics")

    def action_topics(self) -> None:
        """To the topics, or back from them."""
        self._go_to("list" if self._panes.active == "topics" else "topics")

    def action_open(self) -> None:
        """Go on from here."""
        view = self._story.view
        if self._panes.active == "list":
            self._do(self._open_from_list)
        elif self._panes.active == "story" and view.selected is None and view.coverage:
            self.action_next_related()
        else:
            self._panes.current().choose()

    def action_close(self) -> None:
        """Back to the list; there, end the search, then show all topics."""
        query = self._query
        if self._panes.active != "list":
            self._go_to("list")
        elif self._corrections.forget():
            self.say("merge: forgotten")
        elif query.words:
            self._end_search()
        elif query.topic or query.filter is not Filter.ALL:
            query = query._replace(topic="", filter=Filter.ALL)
            self._topics.select(query)
            self._change_list(query, keep=True)

    def action_next_related(self) -> None:
        """Next in the coverage."""
        self._coverage(1)

    def action_previous_related(self) -> None:
        """Previous in the coverage."""
        self._coverage(-1)

    def _coverage(self, by: int) -> None:
        if self._panes.active == "story":
            self._step_coverage(by)
        else:
            self._do(self._open_from_list, step=by)

    def action_back(self) -> None:
        """Back along the way."""
        if self._panes.active == "story":
            self._do(self._walk_back)
        else:
            self._go_to("list")

    def action_next_unread(self) -> None:
        """To the next unread story."""
        self._do(self._to_unread, 1)

    def action_previous_unread(self) -> None:
        """To the previous unread story."""
        self._do(self._to_unread, -1)

    async def _to_unread(self, by: int) -> None:
        order = self._list.order
        place = self._list.cursor + by
        while 0 <= place < len(order):
            stretch = (
                order[place : place + _STRETCH] if by > 0 else order[max(0, place - _STRETCH + 1) : place + 1][::-1]
            )
            rows = await self._library.ask(self._library.reader.rows, stretch)
            for offset, number in enumerate(stretch):
                if number in rows and not rows[number].read:
                    self._list.supply(rows)
                    self._list.move_to(place + by * offset)
                    if self._panes.active == "story":
                        self._story.history.clear()
                        await self._open_from_list()
                    return
            place += by * len(stretch)
        self.say("no unread story further on" if by > 0 else "no unread story before this one")

    # -- marks -------------------------------------------------------------------------

    def _here(self, deed: Callable[[StoryRow], Coroutine[Any, Any, None]]) -> None:
        """Do something with the article that is meant: the open one, else the list's."""
        story = self._story.story
        self._touched = True
        row = story.row if self._panes.active == "story" and story is not None else self._list.current()
        if row is not None:
            self._do(deed, row)

    async def _mark_read(self, number: int, words: str) -> None:
        if await self._marks.read([number], words):
            await self._refresh_rows([number])

    def action_toggle_read(self) -> None:
        """Mark as read or unread."""
        self._here(self._toggle_read)

    async def _toggle_read(self, row: StoryRow) -> None:
        words = await self._marks.toggle_read(row)
        await self._refresh_rows([row.article])
        self.say(words)

    def action_toggle_saved(self) -> None:
        """Save, or no longer."""
        self._here(self._toggle_saved)

    async def _toggle_saved(self, row: StoryRow) -> None:
        words = await self._marks.toggle_saved(row)
        await self._refresh_rows([row.article])
        self.say(words)

    def action_mark_all(self) -> None:
        """Mark all that the list shows as read."""
        self._do(self._mark_all, self._query)

    async def _mark_all(self, query: Query) -> None:
        changed = await self._marks.read_all(query)
        await self._refresh_rows([row.article for row in self._list.known()])
        undo = self.keymap.label("undo")
        self.say(f"{changed:,} marked as read · {undo} takes it back" if changed else "all of these were read already")

    def action_undo(self) -> None:
        """Take the last mark back."""
        self._do(self._undo)

    async def _undo(self) -> None:
        words = await self._marks.undo()
        if words is None:
            self.say("nothing to undo")
            return
        await self._refresh_rows([row.article for row in self._list.known()])
        self.say(f"undone: {words}")

    # -- stories -------------------------------------------------------------------------

    def action_why(self) -> None:
        """Say why the story has its heat and its coverage."""
        self._here(self._why)

    async def _why(self, row: StoryRow) -> None:
        from tui_reader.queries.explain import explain
        from tui_reader.ui.screens.explain import ExplainScreen

        story = await self._story_of(row.article)
        if story is not None:
            weights = self._session.settings.weights
            self.app.push_screen(
                ExplainScreen(await self._library.ask(explain, self._library.story_evidence, story, weights))
            )

    def action_split(self) -> None:
        """The chosen article is not of this story."""
        story = self._story.story
        if self._panes.active != "story" or story is None:
            self.say(f"open the story first: {self.keymap.label('split')} splits an article off its coverage")
        else:
            self._do(self._split, story, self._story.view.chosen_row())

    async def _split(self, story: Story, chosen: StoryRow | None) -> None:
        self.say(await self._corrections.split(story, chosen))

    def action_merge(self) -> None:
        """Merge two stories, pressed on one and then on the other."""
        self._here(self._merge)

    async def _merge(self, row: StoryRow) -> None:
        self.say(await self._corrections.merge(row, self.keymap.label("merge")))

    def _regroup(self) -> None:
        """Have the stories made anew, as corrected, from what is there: nobody is asked for news."""
        self._regroup_after = self._indexer is not None  # that one may have read the corrections before
        self._show_after = True
        if self._indexer is None:
            self._follow(self._start_indexer("--offline"))

    # -- links ---------------------------------------------------------------------------

    def action_open_browser(self) -> None:
        """Open the original page."""
        self._here(self._open_original)

    async def _open_original(self, row: StoryRow) -> None:
        story = await self._story_of(row.article)
        if story is not None and self._links.open(story.links.best()):
            await self._mark_read(row.article, "opened")

    def action_copy_link(self) -> None:
        """Copy the link."""
        self._here(self._copy_link)

    async def _copy_link(self, row: StoryRow) -> None:
        story = await self._story_of(row.article)
        if story is not None:
            self._links.copy(story.links.best())

    def action_links(self) -> None:
        """Show all links."""
        self._here(self._pick_link)

    async def _pick_link(self, row: StoryRow) -> None:
        story = await self._story_of(row.article)
        if story is not None:
            self._links.pick(story, lambda: self._do(self._read_outside, row))

    async def _read_outside(self, row: StoryRow) -> None:
        await self._mark_read(row.article, "opened")

    # -- the view --------------------------------------------------------------------------

    def _change_list(self, query: Query, *, keep: bool, counts: bool = False) -> None:
        """Ask for another list, and with ``counts`` for its topics' numbers; the next key already starts from it."""
        self._query = query
        self._touched = True
        self._frame.hold()
        self._ask("list", self._show_list, query, keep=keep, counts=counts)

    def _change_view(self, query: Query) -> None:
        other = (query.window, query.folded) != (self._query.window, self._query.folded)
        self._change_list(query, keep=True, counts=other)
        self._remember()

    def _remember(self) -> None:
        query = self._query
        path = self._session.folders.view
        try:
            save_view(path, View(query.sort, query.window, query.folded, self.app.theme))
        except OSError as error:
            self.say(f"{path.parent} cannot be written: {error.strerror}", error=True)

    def action_sort(self) -> None:
        """Next order."""
        self._change_view(self._query._replace(sort=_next(self._query.sort)))

    def action_window(self) -> None:
        """Next window."""
        self._change_view(self._query._replace(window=_next(self._query.window)))

    def action_folded(self) -> None:
        """Folded articles too, or no longer."""
        self._change_view(self._query._replace(folded=not self._query.folded))

    def action_theme(self) -> None:
        """Switch between dark and light."""
        self.app.theme = "news-light" if self.app.current_theme.dark else "news-dark"
        self._remember()

    def action_search(self) -> None:
        """Type words to look for."""
        from tui_reader.ui.widgets.search_box import SearchBox

        if self._panes.active != "list":
            self._go_to("list")
        found = self.query(SearchBox)
        box = found.first() if found else SearchBox(self._query.words)
        if not found:
            self.query_one("#list-pane").mount(box, before=0)
        box.focus()
        self._footer.show(key_hints(self.keymap, "search"), "")

    def on_search_box_typed(self, event: SearchBox.Typed) -> None:
        """Show what fits the words typed so far."""
        self._change_list(self._query._replace(words=event.words), keep=False)

    def on_search_box_done(self, event: SearchBox.Done) -> None:
        """Go to the results, or end the search."""
        if event.cancelled or not event.words.strip():
            self._end_search()
        else:
            self._go_to("list")

    def _end_search(self) -> None:
        self._go_to("list")
        # At once: when the box goes with the keyboard in it, Textual puts that anywhere else.
        self.set_focus(self._list)
        self.query("#search").remove()
        if self._query.words:
            self._change_list(self._query._replace(words=""), keep=True)

    # -- the index ---------------------------------------------------------------------------

    def _start_indexer(self, *options: str) -> subprocess.Popen[bytes]:
        self._indexer = start_indexer(self._session.selection, *options)
        return self._indexer

    def _follow(self, process: subprocess.Popen[bytes]) -> None:
        self._ask("indexer", self._follow_indexer, process)

    async def _follow_indexer(self, process: subprocess.Popen[bytes]) -> None:
        """Show how far the indexer is, and what it has stored, as it goes."""
        started = time.monotonic()
        rested = started
        before = self._list.total
        last = Progress()
        async for progress in progress_of(process):
            now = time.monotonic()
            if progress.changed or progress.sources_total or not progress.finished:
                self._show_status(progress_words(progress, now - started))
            news = progress.commits > last.commits and (progress.changed or progress.removed or not progress.finished)
            # A full screen that changes all the time is not read, and its keys wait.
            if news and (now > rested or self._list.total < self._list.page() or progress.finished):
                await self._take_news()
                await self._show_sidebar()
                rested = time.monotonic() + _NEWS_SECONDS
            last = progress
        self._indexer = None
        self._show_status()
        self._tell_end(last, self._list.total - before)
        await self._look_around()  # stories that were only put together anew count as no changed files
        if self._show_after and not self._regroup_after:
            self._show_after = False
            if self._waiting:
                self.action_show_new()  # what the person has just asked for is no news
        if self._regroup_after:
            self.call_next(self._regroup)

    def _tell_end(self, last: Progress, more: int) -> None:
        """Say what the indexer found, where there is something to say."""
        self._list.empty_text = empty_words(self.keymap, self._query, indexing=False)
        if not self._list.total:
            self._list.redraw()
        if last.failures:
            self.say(last.failures[0], error=True)
        elif not last.finished:
            self.say("indexing stopped early: the next refresh goes on where it was", error=True)
        elif last.changed and more > 0 and self._session.first.total:
            self.say("1 new story" if more == 1 else f"{more:,} new stories")
        elif self._footer.message == _LOOKING:
            self.say("nothing new")

    def _show_status(self, words: str = "") -> None:
        """Show how far the refresh is, or else how many stories came meanwhile."""
        if not words and self._waiting:
            words = new_words(self.keymap, self._waiting)
        self._header.show_status(words)

    def action_show_new(self) -> None:
        """Show the stories that came meanwhile; the cursor stays on its story."""
        if self._waiting:
            self._change_list(self._query, keep=True)
            self._waiting = 0
            self._show_status()
        else:
            self.say("nothing new came meanwhile")

    def action_refresh(self) -> None:
        """Look for what is new and changed."""
        self._refresh()

    def action_refresh_all(self) -> None:
        """Ask every source; pressed twice, those as well that want to be left alone."""
        now = time.monotonic()
        again = now - self._asked_all < _AGAIN
        self._asked_all = now
        self._refresh(*(("--force",) if again else ()))
        if not again and self._session.selection.kept and not self._session.offline:
            key = self.keymap.label("refresh_all")
            self.say(f"{_LOOKING} · {key} again: from all")

    def _refresh(self, *options: str) -> None:
        """Look for what is new, unless that is being done; with ``--force`` it begins anew."""
        if self._session.offline:
            options = at_start(offline=True)
        if self._indexer is not None and options:
            end_indexer(self._indexer)
            self._indexer = None
        if self._indexer is None:
            self.say(_OFFLINE if self._session.offline else _LOOKING)
            self._follow(self._start_indexer(*options))

    def action_packs(self) -> None:
        """Show the starter packs."""
        self._do(self._show_packs)

    async def _show_packs(self) -> None:
        from tui_reader.subscriptions.topics import add_topics
        from tui_reader.ui.screens.starter_packs import StarterPacksScreen

        folders = self._session.folders
        chosen = await self.app.push_screen_wait(StarterPacksScreen(folders, first=self._session.selection.is_sample))
        if chosen is None:
            return
        topics = [topic for pack in chosen for topic in pack.topics]
        try:
            await asyncio.to_thread(add_topics, folders.topics, topics)
        except OSError as error:
            self.say(f"{folders.topics} cannot be written: {error.strerror}", error=True)
            return
        self.reopen()

    def action_sources(self) -> None:
        """Show the sources."""
        self._do(self._show_sources)

    async def _show_sources(self) -> None:
        from tui_reader.ui.screens.sources import SourcesScreen

        if await self.app.push_screen_wait(SourcesScreen(self._session.folders)):
            self.reopen()

    def action_problems(self) -> None:
        """Show what could not be read."""
        self._do(self._show_problems)

    async def _show_problems(self) -> None:
        from tui_reader.ui.screens.problems import ProblemsScreen

        self.app.push_screen(ProblemsScreen(await self._library.ask(self._library.reader.problems)))

    def action_add_source(self) -> None:
        """Ask for a source and keep it."""
        self._do(self._add_source)

    async def _add_source(self) -> None:
        from tui_reader.ui.screens.add_source import AddSourceScreen

        if await self.app.push_screen_wait(AddSourceScreen(self._session.folders)):
            self.reopen()

    def reopen(self) -> None:
        """Leave this page for the one of the sources that are kept now."""
        self._leaving = True
        self.app.exit(REOPEN)

    # -- words ---------------------------------------------------------------------------------

    def say(self, message: str, *, error: bool = False) -> None:
        """Show a message at the bottom for a while."""
        self._footer.say(message, error=error)

    def _show_header(self) -> None:
        self._header.show(self._edition, view_facts(self._query, self._list.total))

    def _show_footer(self) -> None:
        place = f"{self._list.cursor + 1:,} of {self._list.total:,}" if self._list.total else ""
        view = self._story.view
        if self._panes.active == "story" and (view.selected is not None or self._story.history.places):
            place = view.whereabouts()
        searching = self.focused is not None and self.focused.id == "search"
        self._footer.show(key_hints(self.keymap, "search" if searching else self._panes.active), place)

    def action_help(self) -> None:
        """Show all keys."""
        from tui_reader.ui.screens.help import HelpScreen

        self.app.push_screen(HelpScreen(self.keymap))

    def action_palette(self) -> None:
        """Find a command by name."""
        self.app.action_command_palette()

    def action_quit(self) -> None:
        """Leave at once."""
        self.app.exit()


_STAYS = 0.1  # seconds on a story after which somebody reads it
_NEWS_SECONDS = 1.0  # between two looks at what the indexer has stored
_LOOKING = "looking for what is new"
_OFFLINE = "started with --offline: only what is on the disk is looked at"


def _next(value: Choice) -> Choice:
    """The value after this one of its enumeration, around."""
    values = list(type(value))
    return values[(values.index(value) + 1) % len(values)]
