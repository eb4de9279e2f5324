"""Add a source by its address."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from rich.style import Style
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.strip import Strip
from textual.widgets import Input, Static

from tui_reader.config import Folders
from tui_reader.errors import NewsError
from tui_reader.model.text import visible
from tui_reader.ui.screens.modal import PickList
from tui_reader.ui.widgets.cells import clip, clip_middle, wrap
from tui_reader.ui.widgets.line_list import LineList

if TYPE_CHECKING:
    from textual.worker import Worker

    from tui_reader.queries.find_sources import Candidate


class CandidateList(PickList):
    """The sources that a name may mean, to tick those that are to be kept."""

    def __init__(self) -> None:
        super().__init__()
        self.candidates: Sequence[Candidate] = ()
        self.ticked: set[int] = set()

    def count(self) -> int:
        """Number of candidates."""
        return len(self.candidates)

    def show(self, candidates: Sequence[Candidate]) -> None:
        """Show these, none of them ticked."""
        self.candidates = candidates
        self.ticked.clear()
        self.cursor = 0
        self.redraw(resize=True)
        self.refresh(layout=True)

    def tick(self) -> None:
        """Tick the one under the cursor, or no longer."""
        self.ticked ^= {self.cursor}
        self.redraw()

    def wanted(self) -> list[Candidate]:
        """Those that are ticked; without any, the one under the cursor."""
        return [self.candidates[place] for place in sorted(self.ticked or {self.cursor})]

    def height_for(self, width: int) -> int:
        """The title on one line, kind and address on the next."""
        return 2

    def draw(self, index: int, width: int, selected: bool) -> list[Strip]:
        """Draw one candidate."""
        from tui_reader.queries.source_status import shown_address

        candidate, palette, bar = self.candidates[index], self.palette, self.bar(selected)
        tick = ("✓ ", palette.accent) if index in self.ticked else ("· ", palette.faint)
        place = shown_address(candidate.location)
        title = [(clip(visible(candidate.title) or place, width - 4), palette.bright)]
        facts = [(clip_middle(f"{candidate.kind} · {place}", width - 4), palette.muted)]
        return [
            self.strip([bar, tick, *title], width, selected),
            self.strip([bar, ("  ", Style()), *facts], width, selected),
        ]


class AddSourceScreen(ModalScreen[bool]):
    """Asks for a source until there is one to keep; gives back whether one was kept."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "close", "close"),
        Binding("j,down", "move(1)", show=False),
        Binding("k,up", "move(-1)", show=False),
        Binding("space", "tick", show=False),
        Binding("enter", "keep", show=False),
    ]

    def __init__(self, folders: Folders) -> None:
        super().__init__()
        self._folders = folders
        self._looking: Worker[None] | None = None

    def compose(self) -> ComposeResult:
        """Show the line to type into, what there is to say about it, and room for what is found."""
        with Vertical(classes="window") as window:
            window.border_title = "Add a source"
            yield Input(placeholder="address of a site, page or feed, or a folder, file or archive", id="source-path")
            yield Static(id="source-note", markup=False)
            yield CandidateList()

    def on_mount(self) -> None:
        """Begin with nothing found."""
        self._begin("github:OWNER/REPO takes a collection from GitHub, @name@server an account of Mastodon.")

    def _begin(self, note: str, *, wrong: bool = False) -> None:
        """Wait for a name."""
        self._show(note, "⏎ looks there · Esc closes", wrong=wrong)
        self.query_one(CandidateList).display = False
        self.query_one(Input).focus()

    def _show(self, note: str, keys: str, *, wrong: bool = False) -> None:
        self.query_one(Vertical).border_subtitle = keys
        lines = "\n".join(line for part in note.split("\n") for line in wrap(part, 90))
        self.query_one("#source-note", Static).update(Content.assemble((lines, "$error" if wrong else "$muted")))

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Look at what was typed; nothing typed means nothing wanted."""
        event.stop()
        name = event.value.strip()
        if not name:
            self.dismiss(False)
        elif self._looking is None:
            self._looking = self.run_worker(self._look(name), group="look", exit_on_error=False)

    async def _look(self, name: str) -> None:
        from tui_reader.ui.controllers.add_source import aside, look, place_of

        self._show(f"looking at {place_of(name)} …", "Esc gives up")
        try:
            found = await aside(partial(look, name, self._folders))
        except (NewsError, OSError) as error:
            self._looking = None
            self._begin(str(error), wrong=True)
            return
        self._looking = None
        if len(found) == 1:
            await self._keep(found)
            return
        self._show("There are several. Which of them?", "Space ticks · ⏎ keeps · Esc goes back")
        candidates = self.query_one(CandidateList)
        candidates.display = True
        candidates.show(found)
        candidates.focus()

    async def _keep(self, wanted: Sequence[Candidate]) -> None:
        from tui_reader.ui.controllers.add_source import keep

        try:
            added = await asyncio.to_thread(keep, wanted, self._folders)
        except (NewsError, OSError) as error:
            self._begin(str(error), wrong=True)
            return
        if added:
            self.dismiss(True)
        else:
            self._begin("This source is kept already." if len(wanted) == 1 else "These sources are kept already.")

    def action_move(self, by: int) -> None:
        """Move the cursor among what was found."""
        candidates = self.query_one(CandidateList)
        candidates.move_to(candidates.cursor + by)

    def action_tick(self) -> None:
        """Tick what is under the cursor, or no longer."""
        self.query_one(CandidateList).tick()

    def action_keep(self) -> None:
        """Keep what is ticked."""
        self.run_worker(self._keep(self.query_one(CandidateList).wanted()), group="keep", exit_on_error=False)

    def on_line_list_chosen(self, event: LineList.Chosen) -> None:
        """A click on the selected candidate ticks it."""
        event.stop()
        self.action_tick()

    def action_close(self) -> None:
        """Give up looking, or go back to the line, or leave without adding anything."""
        if self._looking is not None:
            self._looking.cancel()
            self._looking = None
            self._begin("Given up.")
        elif self.query_one(CandidateList).display:
            self._begin("")
        else:
            self.dismiss(False)
