"""News: follows the indexer and other readers, offers new stories, and swaps the sources that are shown."""

from __future__ import annotations

import asyncio
import subprocess
import time
from collections.abc import Awaitable, Callable, Sequence
from contextlib import aclosing
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from tui_reader.errors import NewsError
from tui_reader.model.progress import Progress
from tui_reader.model.query import Sort
from tui_reader.subscriptions.selection import Selection
from tui_reader.ui.controllers.browsing import Browsing
from tui_reader.ui.controllers.page import Page
from tui_reader.ui.widgets.body_text import prepare
from tui_reader.ui.words import empty_words, failure_words, new_words, progress_words
from tui_reader.ui.worker_process import at_start, end_indexer, progress_of, start_indexer

if TYPE_CHECKING:
    from tui_reader.ui.controllers.sending import Sending

_WATCH_SECONDS = 3.0  # between two looks for what another reader wrote
_AGAIN = 5.0  # seconds in which a second press of the key means: really
_NEWS_SECONDS = 1.0  # between two looks at what the indexer has stored
_REFRESHING = "Refreshing"
_OFFLINE = "Started with --offline: only sources on the disk are read"
_NOTHING_OFFLINE = "Nothing new on the disk; with --offline, no feed is asked"


class Updates:
    """Runs one refresh at a time in a child process and shows what it finds."""

    def __init__(
        self,
        page: Page,
        browsing: Browsing,
        selection: Selection,
        *,
        log: Path,
        offline: bool,
        empty: bool,
    ) -> None:
        """``log`` takes the errors of the child. ``empty`` says that there was nothing to show at the start."""
        self.selection = selection
        self.process: subprocess.Popen[bytes] | None = None
        self.show_status: Callable[[str], None] = lambda words: None
        self.looked_at_files: Callable[[], None] = lambda: None
        """Called when it is known again whether the marks are there."""
        self.look_at_settings: Callable[[], Awaitable[None]] | None = None
        self.look_for_sources: Callable[[], Awaitable[None]] | None = None
        """Called when a refresh may have brought the first sources."""
        self._page = page
        self._library = page.library
        self._browsing = self.browsing = browsing
        self._list = page.panes.list
        self._log = log
        browsing.titled = lambda title: self.selection.title(page.settings.title, title)
        self._offline = offline
        self._empty = empty
        self._waiting = 0  # new stories that the list does not show yet
        self._regroup_after = False  # corrected while the indexer was running: it may have read the corrections before
        self._show_after = False  # what is found is what the person has just asked for, and is shown at once
        self._goes_on = False  # the refresh brings the sources that the next swap shows, so that does not end it
        self._suspended = False  # the indexer was ended because the reader was suspended
        self._asked = False  # the person asked for the refresh that is running
        self._asked_all = float("-inf")
        self._noticed: set[str] = set()  # what is said once: it stays true at every refresh
        self._failed: frozenset[str] = frozenset()  # what the last refresh could not do
        self._started = time.monotonic()  # when the last refresh began
        self._versions = page.library.versions
        browsing.indexing = lambda: self._empty and self.running()

    @cached_property
    def _sending(self) -> Sending:
        from tui_reader.ui.controllers.sending import Sending  # not before the first picture

        return Sending(self._page, self._log, self._tell_failures)

    def running(self) -> bool:
        """Whether an indexer is running."""
        return self.process is not None

    # -- the child process -----------------------------------------------------

    def begin(self, process: subprocess.Popen[bytes] | None) -> None:
        """Follow the indexer that was started before the screen, or start one; and watch for other readers."""
        if self.process is process is None:
            self._start(*at_start(self._offline))
        elif process is not None and self.process is process:
            self._follow(process)
        # Otherwise a key that was pressed before has begun a refresh, which goes on.
        self._page.ask("watch", self._watch)

    def stop(self) -> None:
        """End the indexer; what it stored stays."""
        process, self.process = self.process, None
        if process is not None:
            end_indexer(process)

    def leave(self) -> subprocess.Popen[bytes] | None:
        """Let what the person has just marked be sent when the reader has ended, by the process that is returned."""
        return None if self._offline else self._sending.leave()

    def suspend(self) -> None:
        """End the indexer while the reader is suspended: stopped or unheard, it would keep others from the index."""
        self._suspended |= self.running()
        self.stop()

    def resume(self) -> None:
        """Go on with what :meth:`suspend` ended."""
        if self._suspended and self.process is None:
            self._start(*at_start(self._offline))
        self._suspended = False

    def _start(self, *options: str) -> None:
        self._started = time.monotonic()
        self.process = start_indexer(self.selection, *options, log=self._log)
        self._follow(self.process)

    def _follow(self, process: subprocess.Popen[bytes]) -> None:
        self._page.ask("indexer", self._follow_indexer, process)

    async def _follow_indexer(self, process: subprocess.Popen[bytes]) -> None:
        """Show how far the indexer is, and what it has stored, as it goes."""
        before, query = self._list.total, self._browsing.query
        last = Progress()
        if self._empty and self.selection.kept:
            self._page.ask("prepare", asyncio.to_thread, prepare)
        try:
            last = await self._progress(process)
        finally:
            # However that ended, the next refresh can begin.
            end_indexer(process)
            is_current = self.process is process
            if is_current:
                self.process = None
                self._show_waiting()
        if not is_current:
            return  # another one has begun meanwhile
        more = self._list.total - before if self._browsing.query == query else 0
        self._say_end(last, max(more, self._waiting))
        if last.untold:
            from tui_reader.ui.notifier import notifier  # seldom needed

            await self._library.ask(self._library.tell, last.untold, notifier(self._page.panes.app))
        if last.finished and self.selection.kept:
            await self._library.ask(self._library.marks.carry_over)
            await self._library.ask(self._library.marks.complete_stories)
        # Stories that were only clustered anew count as no changed files.
        if not await self._look_around() and last.sources_total:
            await self._browsing.show_sidebar()  # a source may fail, or work again, though nothing is new
        await self._after()
        if last.finished and self.selection.has_accounts and self.look_for_sources is not None:
            await self.look_for_sources()

    async def _progress(self, process: subprocess.Popen[bytes]) -> Progress:
        started = rested = time.monotonic()
        last = Progress()
        is_first = self.selection.has_accounts
        async with aclosing(progress_of(process)) as steps:
            async for progress in steps:
                now = time.monotonic()
                if progress.changed or progress.sources_total or not progress.finished:
                    self.show_status(progress_words(progress, now - started))
                # A full screen that changes all the time is not read, and its keys wait.
                in_time = now > rested or self._list.total < self._list.page() or progress.finished
                if is_first and last.new and progress.commits > last.commits and self.look_for_sources is not None:
                    is_first, self._goes_on = False, True
                    await self.look_for_sources()
                elif progress.has_news(last) and in_time:
                    await self._show_progress()
                    rested = time.monotonic() + _NEWS_SECONDS
                last = progress
        return last

    async def _show_progress(self) -> None:
        """Show what the indexer has stored so far."""
        try:
            await self._take_news()
            await self._browsing.show_sidebar()
        except NewsError as error:
            self._page.say(str(error), error=True)  # the next look may do better

    async def _after(self) -> None:
        if self._regroup_after:
            self._regroup_after = False
            self._page.call_next(self.regroup)  # outside the worker that a new refresh replaces
        elif self._show_after:
            self._show_after = False
            if self._waiting:
                self.show_new()
            else:
                await self._browsing.reload(keep=self._browsing.touched)  # the same stories, perhaps in another order

    def _say_end(self, last: Progress, more: int) -> None:
        """Say what the indexer found, if there is something to say."""
        self._list.empty_text = empty_words(self._page.keymap, self._browsing.query, indexing=False)
        if not self._list.total:
            self._list.redraw()
        notices = [notice for notice in last.notices if notice not in self._noticed]
        self._noticed.update(notices)
        # A server that is down for hours is told of once, and whenever somebody asks.
        is_told = bool(last.failures) and not self._asked and self._failed.issuperset(last.failures)
        self._failed = frozenset(last.failures)
        if (last.failures and not is_told) or notices:
            words = [failure_words(self._page.keymap, last.failures)] if not is_told and last.failures else []
            self._page.say(" · ".join([*words, *notices]), error=True)
        elif not last.finished:
            self._page.say(f"Indexing stopped early; the next refresh continues (see {self._log})", error=True)
        elif last.changed and more > 0 and not self._empty:
            self._page.say("1 new story" if more == 1 else f"{more:,} new stories")
        elif self._asked:
            self._page.say(_NOTHING_OFFLINE if self._offline else "Nothing new")
        self._asked = False
        self._empty = self._empty and not self._list.total

    def _tell_failures(self, failures: Sequence[str]) -> None:
        """Tell what could not be sent, unless the person knows it."""
        if not self._failed.issuperset(failures):
            self._page.say(failure_words(self._page.keymap, failures), error=True)
        self._failed |= frozenset(failures)

    # -- news ------------------------------------------------------------------

    async def _watch(self) -> None:
        """Look for changes of other readers and indexers, and refresh now and then."""
        while True:
            await asyncio.sleep(_WATCH_SECONDS)
            is_time = time.monotonic() - self._started >= self._page.settings.refresh_every
            is_wanted = (self.selection.kept or self.selection.has_accounts) and not self._offline
            if is_time and self.process is None and is_wanted:
                self._start(*at_start(self._offline))
            try:
                if is_wanted and self.process is None:  # a refresh sends all that waits
                    await self._sending.look()
                if self.look_at_settings is not None:
                    await self.look_at_settings()
                await self._look_around()
            except NewsError:
                continue  # shown by whatever the person asks for next; the next look may do better

    async def _look_around(self) -> bool:
        """Show what others have changed in the index or the marks; return whether there was something."""
        if await self._library.ask(self._library.look_at_files):
            await self._browsing.switch(self.selection.database, self._browsing.view.sort)
        self.looked_at_files()
        await self._browsing.look_at_views()
        versions = await self._library.ask(self._library.marks.version)
        if versions == self._versions:
            return False
        if versions[0] != self._versions[0]:
            await self._take_news()
        await self._browsing.refresh_rows()
        self._versions = versions
        return True

    async def _take_news(self) -> None:
        """Show what the index has now; where somebody reads, the list stays as it is and new stories are offered."""
        browsing = self._browsing
        wait = browsing.pending()
        if wait is not None:
            await wait()  # the list that a key asked for comes first
        is_read = browsing.touched or self._list.scroll_offset.y > 0  # the wheel moves no cursor
        if self._empty or not is_read or self._list.current_number() is None:
            await browsing.reload(keep=browsing.touched)
            return
        query, order = browsing.query, self._list.order
        new, gone = await self._library.ask(self._library.difference, query, order)
        if browsing.query != query or self._list.order is not order:
            return  # another list was shown meanwhile, with all that is new
        if gone:
            # No line may show a story that is no longer there.
            await browsing.reload(keep=True)
            self._waiting = 0
        else:
            self._waiting = new
        self._show_waiting()

    def _show_waiting(self) -> None:
        """Show how many stories came meanwhile, unless a refresh is running."""
        if not self.running():
            self.show_status(new_words(self._page.keymap, self._waiting) if self._waiting else "")

    def listed(self) -> None:
        """Note that the list was read anew: no story waits to be shown."""
        self._waiting = 0
        self._show_waiting()

    def show_new(self) -> None:
        """Show the stories that came meanwhile, the heat by now and the numbers of the topics; the cursor stays."""
        if not self._waiting:
            self._page.say("No new stories to show")
        self._browsing.change(self._browsing.query, keep=True, counts=True)

    # -- refreshing ------------------------------------------------------------

    def look_for_news(self, *options: str) -> None:
        """Refresh, unless a refresh is running; with options, it begins anew."""
        if self._offline:
            options = at_start(offline=True)
        if self.process is not None and options:
            self.stop()
        if self.process is None:
            self._page.say(_OFFLINE if self._offline else _REFRESHING)
            self._asked = True
            self._start("--asked", *options)

    def refresh_all(self) -> None:
        """Refresh all sources; pressed again soon, also those whose rate limit has not passed."""
        now = time.monotonic()
        again = now - self._asked_all < _AGAIN
        self._asked_all = now
        self.look_for_news(*(("--force",) if again else ()))
        if not again and self.selection.kept and not self._offline:
            key = self._page.keymap.label("refresh_all")
            self._page.say(f"{_REFRESHING} · {key} again: ignore rate limits")

    def regroup(self) -> None:
        """Cluster the stories anew, as corrected, from what is stored: no source is asked."""
        self._regroup_after = self.process is not None
        self._show_after = True
        if self.process is None:
            self._start("--offline")

    # -- other sources -----------------------------------------------------------

    async def swap(self, selection: Selection, sort: Sort) -> None:
        """Show another selection of sources: the place, the search, the history and undo stay.

        ``sort`` is the order in which the other selection is listed.
        """
        goes_on, self._goes_on = self._goes_on and self.running(), False
        if not goes_on:
            self.stop()
        other = selection.database != self.selection.database
        self.selection = selection
        if other:
            await self._browsing.switch(selection.database, sort)
            self._versions = await self._library.ask(self._library.marks.version)
            self._empty = not self._list.total
            self._waiting = 0
        self._show_after = True
        self._asked = False
        if not goes_on:
            self._start(*at_start(self._offline))
