"""The front page: composes the panes, and routes keys and messages to its controllers."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.reactive import Reactive
from textual.widget import Widget
from textual.widgets import Static

from tui_reader.config import load_view
from tui_reader.errors import NewsError
from tui_reader.model.story import StoryRow
from tui_reader.subscriptions.selection import default_view, select_sources
from tui_reader.ui.action_queue import ActionQueue
from tui_reader.ui.controllers.browsing import Browsing
from tui_reader.ui.controllers.corrections import CorrectionsController
from tui_reader.ui.controllers.foot import Foot
from tui_reader.ui.controllers.full_text import FullTextController
from tui_reader.ui.controllers.links import LinksController
from tui_reader.ui.controllers.marks import MarksController
from tui_reader.ui.controllers.moving import Moving
from tui_reader.ui.controllers.notices import Notices
from tui_reader.ui.controllers.opinions import Opinions
from tui_reader.ui.controllers.page import Page
from tui_reader.ui.controllers.places import Places
from tui_reader.ui.controllers.reading import Reading
from tui_reader.ui.controllers.remembered_view import RememberedView
from tui_reader.ui.controllers.resuming import Resuming
from tui_reader.ui.controllers.search import Search
from tui_reader.ui.controllers.smart_views import SmartViews
from tui_reader.ui.controllers.source_tree import SourceTree
from tui_reader.ui.controllers.story_links import StoryLinks
from tui_reader.ui.controllers.updates import Updates
from tui_reader.ui.faults import Fault, ReportsFaults
from tui_reader.ui.keymap import bindings
from tui_reader.ui.paint_hold import PaintHold
from tui_reader.ui.painting import PaintedScreen
from tui_reader.ui.screens.dialogs import Dialogs
from tui_reader.ui.screens.settings_page import SettingsPage
from tui_reader.ui.session import Session
from tui_reader.ui.widgets.bars import FooterBar, HeaderBar
from tui_reader.ui.widgets.line_list import LineList
from tui_reader.ui.widgets.panes import Panes
from tui_reader.ui.widgets.sidebar import Sidebar
from tui_reader.ui.widgets.story_list import StoryList
from tui_reader.ui.widgets.story_view import StoryView

if TYPE_CHECKING:
    from textual.worker import Worker

    from tui_reader.ui.controllers.view_commands import ViewCommands


class FrontPage(ReportsFaults, SettingsPage, PaintedScreen[None], inherit_bindings=False):
    """Topics, stories and the open story.

    Every key runs a command of the keymap (:meth:`action_command`), one after
    the other in the queue :attr:`actions`.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        *bindings(),
        Binding("ctrl+c,super+c", "screen.copy_text", show=False),  # as in every screen of Textual
    ]

    class ActionsDone(Message):
        """All actions that were asked for are done: the keys that were held back can go on."""

    focused: Reactive[Widget | None] = Reactive(None, repaint=False)
    """As in every screen, but a change of focus only repaints the cursors of the lists."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.keymap, log, offline = session.keymap, session.folders.log, session.offline
        self._opened, self._session = time.monotonic(), session
        self._header = HeaderBar("")
        self._notice = Static(id="notice", markup=False)
        self._footer = FooterBar()
        self.panes = Panes(session.settings.measure)
        foot = Foot(self, self.panes, session.keymap, self._footer)
        self.paint = PaintHold(self)
        self.actions = ActionQueue(
            start=partial(self._start, group="actions"),
            pending=lambda: self.browsing.pending(),  # noqa: PLW0108 - made below
            fail=self._fail,
            released=lambda: self.app.post_message(self.ActionsDone()),
        )
        page = self._page = Page(
            library=session.library,
            keymap=session.keymap,
            settings=session.settings,
            panes=self.panes,
            paint=self.paint,
            say=self.say,
            start=partial(self._start, exclusive=True),
            update_footer=foot.show,
            after_refresh=self.call_after_refresh,
            call_next=self.call_next,
        )
        tree = SourceTree(page, session, lambda: self.updates.selection)
        self.browsing = Browsing(page, session, tree, SmartViews(page, session.folders.views))
        self.marks = MarksController(page, self.browsing)
        self.places = Places(page, session.folders.places)
        self.reading = Reading(page, self.browsing, self.marks, self.places)
        self.moving = Moving(page, self.browsing, self.reading)
        self.updates = Updates(
            page,
            self.browsing,
            session.selection,
            log=log,
            offline=offline,
            empty=not session.first.total,
        )
        self.corrections = CorrectionsController(page, self.marks, self.updates.regroup)
        self._dialogs = Dialogs(
            self,
            page,
            session,
            self.updates,
            swap=self._swap,
            run=self.actions.run,
            show_source=lambda location: self.actions.run(self.moving.to_source, location),
        )
        self.opinions = Opinions(
            page,
            self.browsing,
            self.marks,
            self.corrections,
            screens=self._dialogs,
            run=self.actions.run,
            sources=session.folders.sources,
        )
        self.notices = Notices(
            page,
            self.browsing,
            self.updates,
            self._notice,
            choose=self._dialogs.choose,
            run=self.actions.run,
            folders=session.folders,
        )
        links = LinksController(
            lambda: self._page.settings.browser,
            say=self.say,
            show_link=self._dialogs.link,
            app=lambda: self.app,
            start=page.ask,
        )
        self.links = StoryLinks(
            page, self.reading, links, self.actions, choose_link=self._dialogs.links, choose=self._dialogs.choose
        )
        self.full_text = FullTextController(page, self.reading, self.updates, log=log, offline=offline)
        self.view = RememberedView(self, page, self.browsing, session)
        self.search = Search(page, self.browsing, self.reading, self.actions, session.folders.searches)
        self.resuming = Resuming(self, page, session, reading=self.reading, updates=self.updates, run=self.actions.run)
        self._commands = self._all_commands()

    # -- making the page -------------------------------------------------------

    def compose(self) -> ComposeResult:
        """Lay out header, notice, panes and footer."""
        yield self._header
        yield self._notice
        yield self.panes
        yield self._footer

    def on_mount(self) -> None:
        """Show the page that was read before there was a screen."""
        self._show_ages()
        self.browsing.changed = self._list_changed
        self.browsing.shown = self.reading.preview_if_other
        self.browsing.reloaded = self.updates.listed
        self.updates.show_status = self._header.show_status
        self.updates.process = self._session.indexer
        self.app.app_suspend_signal.subscribe(self, lambda _: self.updates.suspend(), immediate=True)
        self.app.app_resume_signal.subscribe(self, lambda _: self.updates.resume(), immediate=True)
        self.notices.show()
        self.resuming.begin()
        self.call_after_refresh(self._go_on)

    def _go_on(self) -> None:
        """Do what the first screen did not need."""
        self.resuming.go_on()
        self.browsing.begun(self._session.first)
        self.updates.begin(self._session.indexer)

    async def on_unmount(self) -> None:
        """End the indexer; what it stored stays."""
        self.updates.stop()
        self.places.close()
        self.resuming.save()

    def _start(self, work: Callable[[], Coroutine[Any, Any, None]], *, group: str, exclusive: bool = False) -> None:
        # What goes wrong in it is reported by ReportsFaults, and the reader goes on.
        _: Worker[None] = self.run_worker(work, group=group, exclusive=exclusive, exit_on_error=False)

    # -- commands --------------------------------------------------------------

    def _all_commands(self) -> Mapping[str, Callable[[], Awaitable[object] | None]]:
        """Return what each command of the keymap does."""
        return {
            **self.moving.commands(),
            "close": self._close,
            **self.links.commands(self._on_row),
            **self._dialogs.commands(self._on_row),
            "full_text": partial(self._on_row, self.full_text.fetch),
            **self.marks.commands(self._on_row),
            **self.corrections.commands(self._on_row),
            **self.opinions.commands(self._on_row),
            **self.search.commands(),
            "save_view": lambda: self._views().save(),
            "views": lambda: self._views().manage(),
            **self.view.commands(),
            "pictures": lambda: self.pictures().toggle(),
            "refresh": self.updates.look_for_news,
            "refresh_all": self.updates.refresh_all,
            "show_new": self.updates.show_new,
            "restore": self.notices.restore,
            "themes": partial(self._dialogs.themes, self.view.use_theme),
            "suspend": lambda: self.app.action_suspend_process(),  # noqa: PLW0108 - there is no app yet
            "quit": lambda: self.app.exit(),  # noqa: PLW0108 - there is no app yet
        }

    def _views(self) -> ViewCommands:
        from tui_reader.ui.controllers.view_commands import ViewCommands  # not before the first picture

        path, run = self._session.folders.views, self.actions.run
        return ViewCommands(self._page, self.search, path, windows=self._dialogs, run=run)

    def action_command(self, name: str) -> None:
        """Run a command of the keymap after those that were asked for before it; quit at once."""
        if name == "quit":
            self._commands[name]()  # also while an action hangs
        else:
            self.actions.run(self._commands[name])

    def _on_row(self, action: Callable[[StoryRow], Coroutine[Any, Any, None]]) -> Awaitable[None] | None:
        """Do something with the article that is open, or else the one under the cursor."""
        self.browsing.touched = True
        row = self.reading.row()
        return None if row is None else action(row)

    def _fail(self, error: Exception) -> None:
        """Show an error that a person can do something about; report any other."""
        self.paint.show()
        if isinstance(error, NewsError):
            self.say(str(error), error=True)
        else:
            self.app.post_message(Fault(error))

    def _close(self) -> None:
        """Back to the list; there, cancel a merge, end the search, or leave the topic."""
        if self.panes.active != "list":
            self.reading.go_to("list")
        elif self.corrections.cancel_merge():
            self.say("Merge cancelled")
        elif self.search.is_open:
            self.actions.run(self.search.end)
        else:
            self.browsing.leave_topic()

    # -- messages of the widgets -------------------------------------------------

    def on_line_list_moved(self, event: LineList.Moved) -> None:
        """Follow a cursor that the mouse moved."""
        self.actions.run(self.moving.cursor_moved, event.widget)

    def on_line_list_chosen(self, event: LineList.Chosen) -> None:
        """Go on from a line that was clicked again."""
        if isinstance(event.widget, StoryList):
            self.actions.run(self.reading.open)
        elif isinstance(event.widget, Sidebar):
            self.actions.run(self.reading.go_to, "list")

    def on_story_list_rows_wanted(self, event: StoryList.RowsWanted) -> None:
        """Read rows that came on the screen."""
        self._start(partial(self._supply, event.numbers), group="rows")

    async def _supply(self, numbers: list[int]) -> None:
        try:
            await self.browsing.supply(numbers)
        except NewsError as error:
            self.say(str(error), error=True)

    def on_story_view_entered(self, event: StoryView.Entered) -> None:
        """Open an article of the coverage that was clicked again."""
        self.actions.run(self.reading.enter, event.row)

    @on(StoryView.Scrolled)
    @on(StoryView.Selected)
    def _follow_story(self) -> None:
        """Follow the text that was scrolled, and show which article of the coverage was clicked."""
        self.places.follow()
        self._page.update_footer()

    def on_panes_changed(self) -> None:
        """Follow the keyboard to another pane."""
        self.reading.pane_changed()

    # -- other sources -----------------------------------------------------------

    def _swap(self) -> None:
        """Show the sources that are kept now."""
        self.actions.run(self._swap_selection)

    async def _swap_selection(self) -> None:
        folders = self._session.folders
        selection = await asyncio.to_thread(select_sources, (), folders)
        sort = load_view(folders.view, lambda: default_view(selection, is_blog=False)).sort
        await self.updates.swap(selection, sort)
        await self.reading.carry_over()
        self.notices.show()

    # -- words -----------------------------------------------------------------

    def say(self, message: str, *, error: bool = False) -> None:
        """Show a message in the footer for a while."""
        self._footer.say(message, error=error)

    def _show_ages(self) -> None:
        """Count ages from the present moment; the session says when the reader was opened."""
        passed = int(time.monotonic() - self._opened)
        self.panes.list.now = self.panes.story.view.now = self._session.now + passed

    def _list_changed(self) -> None:
        self._show_ages()
        self._header.show(self.browsing.title, self.browsing.facts())
        self._page.update_footer()
