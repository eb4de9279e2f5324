"""The screen of the sources: how each of them is, and all that can be done with it."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Coroutine, Sequence
from functools import partial
from typing import Any, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container, Horizontal
from textual.content import Content
from textual.screen import Screen
from textual.widgets import Input, Static
from textual.worker import Worker

from tui_reader.config import Folders, load_settings
from tui_reader.errors import NewsError
from tui_reader.model.progress import Progress
from tui_reader.model.text import visible
from tui_reader.queries.source_status import Health, SourceStatus, source_status
from tui_reader.sources.locations import is_remote
from tui_reader.subscriptions.edit import SubscriptionChanges, change_subscription, remove_subscriptions
from tui_reader.subscriptions.selection import select_sources
from tui_reader.ui.controllers.links import LinksController
from tui_reader.ui.widgets.bars import HeaderBar
from tui_reader.ui.widgets.source_details import SourceDetails
from tui_reader.ui.widgets.source_footer import AnswerLine, KeyLine, Question
from tui_reader.ui.widgets.source_table import FOLDER_SIGN, SourceTable, TableHead
from tui_reader.ui.worker_process import progress_of, start_indexer

_MESSAGE_SECONDS = 6.0
_LOOK_SECONDS = 5.0  # between two looks for what a refresh found out


class SourcesScreen(Screen[bool]):
    """Shows the kept sources; gives back whether what is kept has changed."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q,L", "close", show=False),
        Binding("j,down", "move(1)", show=False),
        Binding("k,up", "move(-1)", show=False),
        Binding("pagedown,space,ctrl+f", "page(1)", show=False),
        Binding("pageup,b,ctrl+b", "page(-1)", show=False),
        Binding("g,home", "move(-1000000)", show=False),
        Binding("G,end", "move(1000000)", show=False),
        Binding("a,plus", "add", show=False),
        Binding("R", "rename", show=False),
        Binding("F", "file", show=False),
        Binding("t", "topics", show=False),
        Binding("p", "pause", show=False),
        Binding("d", "remove", show=False),
        Binding("r", "ask", show=False),
        Binding("f", "failing", show=False),
        Binding("enter,o", "open", show=False),
    ]

    def __init__(self, folders: Folders) -> None:
        super().__init__()
        self._folders = folders
        self._facts: Sequence[SourceStatus] | None = None
        self._changed = self._only_broken = False
        self._doomed = self._patient = self._asking = ""  # locations: d, or r, was pressed once; is being asked
        self._question: Question | None = None
        self._head = HeaderBar("Sources")
        self._table = SourceTable()
        self._details = SourceDetails()
        self._keys = KeyLine()
        self._prompt = Horizontal(
            Static(id="source-question", markup=False),
            AnswerLine(id="source-answer", select_on_focus=False),
            id="prompt",
        )

    def compose(self) -> ComposeResult:
        """Lay out the table, the details below or beside it, and the keys."""
        yield self._head
        with Container(id="sources-body"):
            with Container(id="sources-table"):
                yield TableHead()
                yield self._table
            yield self._details
        yield self._prompt
        yield self._keys

    def on_mount(self) -> None:
        """Look how the sources are, now and again."""
        self._table.focus()
        self._look_again()
        self.set_interval(_LOOK_SECONDS, self._look_again)

    # -- what is shown -----------------------------------------------------------

    def _do(self, deed: Coroutine[Any, Any, None], group: str) -> None:
        _: Worker[None] = self.run_worker(deed, group=group, exit_on_error=False)

    def _look_again(self) -> None:
        self._do(self._look(), "look")

    async def _look(self) -> None:
        now = int(time.time())
        try:
            facts = await asyncio.to_thread(source_status, self._folders, now)
        except NewsError as error:
            self.say(str(error), error=True)
            return
        self._facts = sorted(facts, key=lambda each: ([name.casefold() for name in each.folder], each.title.casefold()))
        self._show(now)

    def _show(self, now: int) -> None:
        facts = self._facts or ()
        broken = [each for each in facts if each.is_broken]
        paused = sum(each.health is Health.PAUSED for each in facts)
        every = f"{len(facts):,} source{'' if len(facts) == 1 else 's'}"
        if self._only_broken:
            self._head.show("Sources", [f"{len(broken):,} failing of {every}"])
            self._head.show_status("f shows all")
        else:
            self._head.show("Sources", [*([f"{paused:,} paused"] if paused else []), every])
            self._head.show_status(f"{len(broken):,} failing · f shows them" if broken else "")
        self._table.show(broken if self._only_broken else facts, now)
        self._show_details()

    def _show_details(self) -> None:
        empty = "" if self._facts is None else "Nothing is kept yet: a adds a source."
        if self._facts and self._only_broken:
            empty = "No source fails any more: f shows all."
        self._details.show(self._table.current(), self._table.now, empty)

    def on_line_list_moved(self) -> None:
        """Show the source that the cursor went to."""
        self._doomed = self._patient = ""
        self._show_details()

    def say(self, message: str, *, error: bool = False) -> None:
        """Show a message at the bottom for a while."""
        self._keys.say(message, error=error)
        self.set_timer(_MESSAGE_SECONDS, lambda: self._keys.forget(message))

    # -- moving ------------------------------------------------------------------

    def action_move(self, by: int) -> None:
        """Move the cursor."""
        self._table.move_to(self._table.cursor + by)

    def action_page(self, by: int) -> None:
        """Move the cursor by a page."""
        self.action_move(by * self._table.page())

    def action_failing(self) -> None:
        """Show only the sources that fail, or all again."""
        self._only_broken = not self._only_broken
        self._show(self._table.now)

    def action_open(self) -> None:
        """Open the page of the source in the browser."""
        facts = self._table.current()
        if facts is not None:
            self._do(self._open(facts), "open")

    async def _open(self, facts: SourceStatus) -> None:
        if facts.page is None:
            self.say("this source has no page that a browser could show")
            return
        try:
            settings = await asyncio.to_thread(load_settings, self._folders.settings)
        except NewsError as error:
            self.say(str(error), error=True)
            return
        LinksController(self.app, settings.browser, self.say).open(facts.page)

    def on_line_list_chosen(self) -> None:
        """A click on the selected source opens its page."""
        self.action_open()

    def action_close(self) -> None:
        """Leave the question at the bottom, or the screen."""
        if self._question is not None:
            self._end_question()
        else:
            self.dismiss(self._changed)

    # -- changing what is kept -------------------------------------------------------

    def _change(self, deed: Callable[[], object], words: str) -> None:
        self._do(self._make(deed, words), "change")

    async def _make(self, deed: Callable[[], object], words: str) -> None:
        try:
            await asyncio.to_thread(deed)
        except (NewsError, OSError) as error:
            self.say(str(error), error=True)
            return
        self._changed = True
        self.say(words)
        await self._look()

    def action_pause(self) -> None:
        """Ask the source no more, or again."""
        facts = self._table.current()
        if facts is None:
            return
        if not is_remote(facts.location):
            self.say("this source is on the disk: there is nobody to ask")
            return
        paused = facts.health is not Health.PAUSED
        words = f"paused {facts.title}: p asks it again" if paused else f"{facts.title} is asked again"
        self._change(partial(change_subscription, self._folders.sources, facts.location, paused=paused), words)

    def action_remove(self) -> None:
        """Keep the source no longer, where the key is pressed twice."""
        facts = self._table.current()
        if facts is None:
            return
        if self._doomed != facts.location:
            self._doomed = facts.location
            self.say(f"d again removes {facts.title}; what is saved of it stays")
            return
        self._doomed = ""
        self._change(partial(remove_subscriptions, self._folders.sources, [facts.location]), f"removed {facts.title}")

    def action_add(self) -> None:
        """Ask for a source and keep it."""
        from tui_reader.ui.screens.add_source import AddSourceScreen

        self.app.push_screen(AddSourceScreen(self._folders), self._added)

    def _added(self, added: bool | None) -> None:
        if added:
            self._changed = True
            self._look_again()

    # -- questions at the bottom -----------------------------------------------------

    def action_rename(self) -> None:
        """Ask what the source is to be called."""
        self._ask_for("title", lambda facts: facts.own_title or facts.title, lambda text: {"title": text})

    def action_file(self) -> None:
        """Ask for the folder of the source."""
        self._ask_for(
            "folder (Outer / Inner)",
            lambda facts: FOLDER_SIGN.join(facts.folder),
            lambda text: {"folder": _parted(text, "/")},
        )

    def action_topics(self) -> None:
        """Ask for the topics of the source."""
        self._ask_for(
            "topics (with commas)",
            lambda facts: ", ".join(facts.topics),
            lambda text: {"topics": _parted(text, ",")},
        )

    def _ask_for(
        self, words: str, present: Callable[[SourceStatus], str], read: Callable[[str], SubscriptionChanges]
    ) -> None:
        facts = self._table.current()
        if facts is None:
            return
        self._question = Question(facts.location, words, present(facts), read)
        self._prompt.query_one(Static).update(Content(f" {words}: "))
        line = self._prompt.query_one(AnswerLine)
        line.value = self._question.present
        line.cursor_position = len(line.value)
        self.add_class("-asking")
        line.focus()

    def _end_question(self) -> None:
        self._question = None
        self.remove_class("-asking")
        self._table.focus()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Take the answer; one that changes nothing is none."""
        event.stop()
        question, text = self._question, visible(event.value.strip())
        self._end_question()
        if question is not None and text != question.present:
            deed = partial(change_subscription, self._folders.sources, question.location, **question.read(text))
            self._change(deed, f"{question.words.partition(' (')[0]}: {text or 'as the source says'}")

    # -- asking a source ---------------------------------------------------------------

    def action_ask(self) -> None:
        """Ask the source for what is new; pressed again, also one that wants to be left alone."""
        facts = self._table.current()
        if facts is None:
            return
        if not is_remote(facts.location):
            self.say("this source is on the disk: every refresh looks at it")
        elif facts.health is Health.PAUSED:
            self.say("this source is paused: p asks it again")
        elif self._asking:
            self.say("one at a time: the last one has not answered yet")
        else:
            self._asking = facts.location
            self.say(f"asking {facts.title} …")
            self._do(self._ask(facts, *(("--force",) if self._patient == facts.location else ())), "ask")
            self._patient = ""

    async def _ask(self, facts: SourceStatus, *options: str) -> None:
        """Refresh one source in a process of its own, and say what came of it."""
        last = Progress()
        try:
            selection = await asyncio.to_thread(select_sources, (), self._folders)
            async for step in progress_of(start_indexer(selection, *options, facts.location)):
                last = step
        except (NewsError, OSError) as error:
            self.say(str(error), error=True)
            return
        finally:
            self._asking = ""
        await self._look()
        now = next((each for each in self._facts or () if each.location == facts.location), facts)
        if last.failures:
            self.say(now.error if now.is_broken else last.failures[-1], error=True)
        elif not last.finished:
            self.say("the refresh stopped early: r tries again", error=True)
        elif not last.sources_total:
            self._patient = facts.location
            self.say(f"{facts.title} wants to be left alone for now: r again asks it all the same")
        else:
            self.say(f"{facts.title}: {last.new:,} new" if last.new else f"{facts.title}: nothing new")


def _parted(text: str, sign: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(part.strip() for part in text.split(sign) if part.strip()))
