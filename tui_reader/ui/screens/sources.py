"""The subscribed sources: their state, and the actions on them."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Sequence
from functools import partial
from typing import ClassVar, Unpack

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Container, Horizontal
from textual.content import Content
from textual.widgets import Input, Static

from tui_reader.config import Folders, read_settings
from tui_reader.model.text import visible
from tui_reader.model.weights import Weight
from tui_reader.named_tuple import NamedTuple
from tui_reader.pipeline.retention import remove_sources
from tui_reader.queries.source_status import Health, SourceStatus, fetched_problem, source_status
from tui_reader.sources.locations import is_remote
from tui_reader.subscriptions.edit import SubscriptionChanges, change_subscription
from tui_reader.ui.controllers.links import LinksController
from tui_reader.ui.controllers.refresh_source import outcome, refresh_source
from tui_reader.ui.screens.links import show_link
from tui_reader.ui.screens.modal import ChildScreen
from tui_reader.ui.widgets.bars import HeaderBar
from tui_reader.ui.widgets.source_details import SourceDetails
from tui_reader.ui.widgets.source_footer import HINTS, AnswerLine, KeyLine, Question, question_about
from tui_reader.ui.widgets.source_table import SourceTable, TableHeader
from tui_reader.ui.window_keys import bindings_of

_WEIGHTS = (Weight.NORMAL, Weight.MORE, Weight.LESS)
_POLL_SECONDS = 5.0  # between two looks at what a refresh has stored


class SourcesResult(NamedTuple):
    """What the sources screen leads to.

    ``changed`` is true if other sources are subscribed, or the same are filed
    or fetched otherwise; ``regroup`` if only their influence on stories has
    changed. ``chosen`` is the location of the source to list, or empty.
    """

    changed: bool = False
    regroup: bool = False
    chosen: str = ""


class SourcesScreen(ChildScreen[SourcesResult]):
    """Lists the subscribed sources and changes them."""

    BINDINGS: ClassVar[list[BindingType]] = bindings_of("sources")
    window = "sources"

    def __init__(self, folders: Folders, *, offline: bool) -> None:
        """``offline`` asks a server for something only when a key says so."""
        super().__init__()
        self._folders = folders
        self._offline = offline
        self._sources: Sequence[SourceStatus] | None = None
        self._result_so_far = SourcesResult()
        self._only_failing = False
        self._remove_next = ""  # the location that a second d removes
        self._force_next = ""  # the location that a second r refreshes in spite of its rate limit
        self._refreshing = ""  # a location
        self._question: Question | None = None
        self._header = HeaderBar("Sources")
        self._table = SourceTable()
        self._details = SourceDetails()
        self._keys = KeyLine()
        self._label = Static(id="source-question", markup=False)
        self._answer = AnswerLine(id="source-answer", select_on_focus=False)

    def compose(self) -> ComposeResult:
        """Lay out the table, the details below or beside it, and the footer."""
        yield self._header
        with Container(id="sources-body"):
            with Container(id="sources-table"):
                yield TableHeader()
                yield self._table
            yield self._details
        yield Horizontal(self._label, self._answer, id="prompt")
        yield self._keys

    def on_mount(self) -> None:
        """Read the state of the sources, now and every few seconds."""
        labels = ((self.label(command), word) for command, word in HINTS)
        self._keys.keys = [hint for hint in labels if hint[0]]
        self._table.focus()
        self._update()
        self.set_interval(_POLL_SECONDS, self._update)
        self.start(self._warn(), group="warn")

    # -- what is shown -----------------------------------------------------------

    def _update(self) -> None:
        self.start(self._read(), group="read")

    async def _read(self) -> None:
        now = int(time.time())
        sources = await asyncio.to_thread(source_status, self._folders, now)
        self._sources = sorted(
            sources, key=lambda each: ([name.casefold() for name in each.folder], each.title.casefold())
        )
        self._show(now)

    async def _warn(self) -> None:
        """Say why nothing is known of what was fetched, if so."""
        if problem := await asyncio.to_thread(fetched_problem, self._folders):
            self.say(visible(problem), error=True)

    def _show(self, now: int) -> None:
        sources = self._sources or ()
        broken = [each for each in sources if each.is_broken]
        paused = sum(each.health is Health.PAUSED for each in sources)
        total = f"{len(sources):,} source{'' if len(sources) == 1 else 's'}"
        if self._only_failing:
            self._header.show("Sources", [f"{len(broken):,} failing of {total}"])
            self._header.show_status("f shows all")
        else:
            self._header.show("Sources", [*([f"{paused:,} paused"] if paused else []), total])
            self._header.show_status(f"{len(broken):,} failing · f shows them" if broken else "")
        self._table.show(broken if self._only_failing else sources, now)
        self._show_details()

    def _show_details(self) -> None:
        empty = "" if self._sources is None else "No sources yet: press a to add one."
        if self._sources and self._only_failing:
            empty = "No source is failing: press f to show all."
        self._details.show(self._table.current(), self._table.now, empty)

    def on_line_list_moved(self) -> None:
        """Show the source under the cursor."""
        self._remove_next = self._force_next = ""
        self._show_details()

    def say(self, message: str, *, error: bool = False) -> None:
        """Show a message in the footer for a while."""
        self._keys.say(message, error=error)

    def show_error(self, message: str) -> None:
        """Show why something failed."""
        self.say(message, error=True)

    # -- moving ------------------------------------------------------------------

    def action_move(self, by: int) -> None:
        """Move the cursor by lines."""
        self._table.move_to(self._table.cursor + by)

    def action_page(self, by: int) -> None:
        """Move the cursor by pages."""
        self.action_move(by * self._table.page())

    def action_toggle_failing(self) -> None:
        """Show only failing sources, or all."""
        self._only_failing = not self._only_failing
        self._show(self._table.now)

    def action_open(self) -> None:
        """Open the web page of the source in the browser."""
        source = self._table.current()
        if source is None:
            return
        if source.website is None:
            self.say("This source has no web page")
        else:
            self.start(self._open(source.website), group="open")

    async def _open(self, url: str) -> None:
        settings = (await asyncio.to_thread(read_settings, self._folders.settings)).settings
        links = LinksController(
            lambda: settings.browser,
            say=self.say,
            show_link=partial(show_link, self.app),
            app=lambda: self.app,
            start=lambda name, work: self.start(work(), group=name),
        )
        links.open(url)

    def action_choose(self) -> None:
        """Close the screen and list the articles of the source."""
        source = self._table.current()
        if source is not None:
            self.when_written(lambda: self.close(self._result_so_far._replace(chosen=source.location)))

    def on_line_list_chosen(self) -> None:
        """List the articles of the source that was clicked."""
        self.action_choose()

    def action_close(self) -> None:
        """Leave the prompt, or close the screen."""
        if self._question is not None:
            self._end_question()
        else:
            self.when_written(lambda: self.close(self._result_so_far))

    # -- changing the subscriptions ------------------------------------------------

    async def _apply(self, edit: Callable[[], object], message: str, *, regroup: bool = False) -> None:
        await self.write(edit)
        so_far = self._result_so_far
        self._result_so_far = so_far._replace(regroup=True) if regroup else so_far._replace(changed=True)
        self.say(message)
        await self._read()

    def _change(
        self, location: str, message: str, /, *, regroup: bool = False, **changes: Unpack[SubscriptionChanges]
    ) -> None:
        """Change a source; with ``regroup``, what it does to stories."""
        edit = partial(change_subscription, self._folders.sources, location, **changes)
        self.start(self._apply(edit, message, regroup=regroup), group="edit")

    def action_next_weight(self) -> None:
        """Let the articles of the source count more, less, or as others do."""
        source = self._table.current()
        if source is not None:
            weight = _WEIGHTS[(_WEIGHTS.index(source.weight) + 1) % len(_WEIGHTS)]
            what = "as others do" if weight is Weight.NORMAL else f"{weight.value} than others"
            self._change(source.location, f"The articles of {source.title} count {what}", regroup=True, weight=weight)

    def action_toggle_apart(self) -> None:
        """Keep the articles of the source apart from stories, or no longer."""
        source = self._table.current()
        if source is not None:
            apart = not source.apart
            how = "are never folded into stories" if apart else "can be folded into stories again"
            self._change(source.location, f"The articles of {source.title} {how}", regroup=True, apart=apart)

    def action_toggle_full_text(self) -> None:
        """Fetch the full texts of the source with every refresh, or no longer."""
        source = self._table.current()
        if source is not None:
            how = "no longer fetched" if source.full_text else "fetched with every refresh"
            self._change(source.location, f"The full texts of {source.title} are {how}", full_text=not source.full_text)

    def action_toggle_paused(self) -> None:
        """Pause or resume refreshing the source."""
        source = self._table.current()
        if source is None:
            return
        if not is_remote(source.location):
            self.say("Local sources cannot be paused")
            return
        paused = source.health is not Health.PAUSED
        message = f"Paused {source.title} · p to resume" if paused else f"Resumed {source.title}"
        self._change(source.location, message, paused=paused)

    def action_remove(self) -> None:
        """Remove the source if the key is pressed twice."""
        source = self._table.current()
        if source is None:
            return
        if self._remove_next != source.location:
            self._remove_next = source.location
            self.say(f"Press d again to remove {source.title}; saved articles stay")
            return
        self._remove_next = ""
        edit = partial(remove_sources, self._folders, [source.location])
        self.start(self._apply(edit, f"Removed {source.title}"), group="edit")

    async def action_add(self) -> None:
        """Ask for the address of another source."""
        from tui_reader.ui.screens.add_source import AddSourceScreen

        await self.app.push_screen(AddSourceScreen(self._folders), self._added)

    async def action_accounts(self) -> None:
        """Show the accounts."""
        from tui_reader.ui.screens.accounts import AccountsScreen

        await self.app.push_screen(AccountsScreen(self._folders, offline=self._offline), self._added)

    def _added(self, added: bool | None) -> None:
        if added:
            self._result_so_far = self._result_so_far._replace(changed=True)
            self._update()

    # -- the prompt ----------------------------------------------------------------

    def action_ask(self, field: str) -> None:
        """Ask for the title, the folder, the topics of the source, or for the selector of its texts."""
        source = self._table.current()
        if source is not None:
            self._ask(question_about(field, source))

    def _ask(self, question: Question) -> None:
        self._question = question
        hint = f" ({question.hint})" if question.hint else ""
        self._label.update(Content(f" {question.label}{hint}: "))
        self._answer.value = question.value
        self._answer.cursor_position = len(question.value)
        self.add_class("-asking")
        self._answer.focus()

    def _end_question(self) -> None:
        self._question = None
        self.remove_class("-asking")
        self._table.focus()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Apply the answer if it changes something."""
        event.stop()
        question, text = self._question, visible(event.value.strip())
        self._end_question()
        if question is not None and text != question.value:
            message = f"{question.label}: {text or 'as set by the source'}"
            self._change(question.location, message, **question.changes(text))

    # -- refreshing ------------------------------------------------------------------

    def action_refresh_source(self) -> None:
        """Refresh the source; if pressed again, ignore its rate limit."""
        source = self._table.current()
        if source is None:
            return
        if not is_remote(source.location):
            self.say("Local sources are read by every refresh")
        elif source.health is Health.PAUSED:
            self.say("This source is paused · p to resume")
        elif self._refreshing:
            self.say("Another source is still being refreshed")
        else:
            force = self._force_next == source.location
            self._refreshing, self._force_next = source.location, ""
            self.say(f"Refreshing {source.title} …")
            self.start(self._refresh_source(source, force=force), group="refresh")

    async def _refresh_source(self, source: SourceStatus, *, force: bool) -> None:
        try:
            progress = await refresh_source(self._folders, source.location, force=force)
        finally:
            self._refreshing = ""
        await self._read()
        now = next((each for each in self._sources or () if each.location == source.location), source)
        if progress.finished and not progress.failures and not progress.sources_total:
            self._force_next = source.location
        message, is_error = outcome(progress, now)
        self.say(message, error=is_error)
