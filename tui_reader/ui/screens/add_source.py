"""Add a source by its address."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from rich.style import Style
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.content import Content
from textual.strip import Strip
from textual.widgets import Static

from tui_reader.config import Folders
from tui_reader.model.text import visible
from tui_reader.ui.screens.modal import FittedList, ModalWindow
from tui_reader.ui.widgets.cells import clip, clip_middle, wrap
from tui_reader.ui.widgets.frame import Frame
from tui_reader.ui.widgets.line_input import LineInput
from tui_reader.ui.widgets.line_list import LineList
from tui_reader.ui.window_keys import bindings_of

if TYPE_CHECKING:
    from textual.worker import Worker

    from tui_reader.queries.find_sources import FoundSource

_NOTE_WIDTH = 90  # cells
_HINT = "Also: github:OWNER/REPO for a collection on GitHub, @name@server for a Mastodon account."


class CandidateList(FittedList):
    """The sources found at an address, to select from."""

    beside = 6

    def __init__(self) -> None:
        super().__init__()
        self.candidates: Sequence[FoundSource] = ()
        self.selected: set[int] = set()

    def count(self) -> int:
        """Return the number of candidates."""
        return len(self.candidates)

    def show(self, candidates: Sequence[FoundSource]) -> None:
        """Show ``candidates``, none of them selected."""
        self.candidates = candidates
        self.selected.clear()
        self.cursor = 0
        self.show_others()

    def toggle(self) -> None:
        """Select or deselect the candidate under the cursor."""
        self.selected ^= {self.cursor}
        self.redraw()

    def chosen(self) -> list[FoundSource]:
        """Return the selected candidates, or the one under the cursor if none is selected."""
        return [self.candidates[index] for index in sorted(self.selected or {self.cursor})]

    def height_for(self, width: int) -> int:
        """Return two lines: the title, and kind and address."""
        return 2

    def draw(self, index: int, width: int, selected: bool) -> list[Strip]:
        """Draw one candidate."""
        from tui_reader.queries.source_status import shown_address

        candidate, palette, bar = self.candidates[index], self.palette, self.bar(selected)
        tick = ("✓ ", palette.accent) if index in self.selected else ("· ", palette.faint)
        address = shown_address(candidate.location)
        title = (clip(visible(candidate.title) or address, width - 4), palette.bright)
        facts = (clip_middle(f"{candidate.kind} · {address}", width - 4), palette.muted)
        return [
            self.strip([bar, tick, title], width, selected),
            self.strip([bar, ("  ", Style()), facts], width, selected),
        ]


class AddSourceScreen(ModalWindow[bool]):
    """Asks for an address and adds the source found there; the result is whether one was added."""

    BINDINGS: ClassVar[list[BindingType]] = bindings_of("add_source")
    window = "add_source"

    def __init__(self, folders: Folders) -> None:
        super().__init__()
        self._folders = folders
        self._search: Worker[None] | None = None
        self._warned: tuple[str, ...] = ()  # the locations that the note warns of
        self._frame = Frame("Add a source")
        self._address = LineInput(placeholder="URL of a site or feed, or a folder, file, archive", id="source-path")
        self._note = Static(id="source-note", markup=False)
        self._candidates = CandidateList()

    def compose(self) -> ComposeResult:
        """Lay out the address line, a note, and the sources found."""
        self._candidates.display = False
        with self._frame:
            yield self._address
            yield self._note
            yield self._candidates

    def on_mount(self) -> None:
        """Wait for an address."""
        self._ask(_HINT)

    def _ask(self, note: str, *, error: bool = False) -> None:
        """Wait for an address."""
        self._show_note(note, ("add", "look up"), ("close", "close"), error=error)
        self._candidates.display = False
        self._address.focus()

    def _show_note(self, note: str, *hints: tuple[str, str], error: bool = False) -> None:
        self.show_hints(self._frame, *hints)
        lines = "\n".join(line for part in note.split("\n") for line in wrap(part, _NOTE_WIDTH))
        self._note.update(Content.assemble((lines, "$error" if error else "$muted")))

    def show_error(self, message: str) -> None:
        """Show why no source was found or added, and wait for another address."""
        self._search = None
        self._ask(message, error=True)

    def _look_up(self) -> None:
        """Look the address up; close if there is none."""
        address = self._address.value.strip()
        if not address:
            self.close(False)
        elif self._search is None:
            self._search = self.start(self._find(address), group="find")

    async def _find(self, address: str) -> None:
        from tui_reader.ui.controllers.add_source import display_host, find_candidates, run_in_daemon_thread

        self._show_note(f"Looking at {display_host(address)} …", ("close", "cancel"))
        found = await run_in_daemon_thread(partial(find_candidates, address, self._folders))
        self._search = None
        if len(found) == 1 and not found[0].is_private:
            await self._add(found)
            return
        if len(found) == 1:
            self._warn(found)
        else:
            self._warned = ()
            self._show_note(
                "There are several sources. Which ones?", ("select", "select"), ("add", "add"), ("close", "back")
            )
        self._candidates.display = True
        self._candidates.show(found)
        self._candidates.focus()

    def _warn(self, candidates: Sequence[FoundSource]) -> None:
        """Ask whether sources in a private network are meant, which the person did not name."""
        from tui_reader.ui.controllers.add_source import display_host

        self._warned = tuple(each.location for each in candidates)
        hosts = " and ".join(dict.fromkeys(display_host(each) for each in self._warned))
        self._show_note(
            f"{candidates[0].named_by} names {hosts}, in your private network. Add it only if you know it.",
            ("add", "add"),
            ("close", "back"),
            error=True,
        )

    async def _add(self, candidates: Sequence[FoundSource]) -> None:
        from tui_reader.ui.controllers.add_source import add_candidates

        if await self.write(add_candidates, candidates, self._folders):
            self.close(True)
        elif len(candidates) == 1:
            self._ask("This source has already been added")
        else:
            self._ask("These sources have already been added")

    def action_move(self, by: int) -> None:
        """Move the cursor in the list of candidates."""
        self._candidates.move_to(self._candidates.cursor + by)

    def action_select(self) -> None:
        """Select or deselect the candidate under the cursor."""
        if self._candidates.display:
            self._candidates.toggle()

    def action_add(self) -> None:
        """Look the address up, or add the selected candidates; ask first where one is in a private network."""
        if not self._candidates.display:
            self._look_up()
            return
        chosen = self._candidates.chosen()
        private = [each for each in chosen if each.is_private]
        if private and self._warned != tuple(each.location for each in private):
            self._warn(private)
        else:
            self.start(self._add(chosen), group="add")

    def on_line_list_chosen(self, event: LineList.Chosen) -> None:
        """Select or deselect the candidate that was clicked."""
        event.stop()
        self.action_select()

    def action_close(self) -> None:
        """Cancel the search, go back to the address, or close."""
        self.when_written(self._go_back)

    def _go_back(self) -> None:
        if self._search is not None:
            self._search.cancel()
            self._search = None
            self._ask("Cancelled")
        elif self._candidates.display:
            self._ask(_HINT)
        else:
            self.close(False)
