"""The starter packs: feeds on one subject, to add together."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import ClassVar

from textual.app import ComposeResult, RenderResult
from textual.binding import BindingType
from textual.containers import Horizontal
from textual.content import Content
from textual.strip import Strip
from textual.widget import Widget
from textual.widgets import Static

from tui_reader.config import Folders
from tui_reader.subscriptions.edit import add_subscriptions
from tui_reader.subscriptions.starter_packs import Pack, load_packs
from tui_reader.subscriptions.subscription import display_name
from tui_reader.ui.screens.modal import ListScreen
from tui_reader.ui.widgets.cells import clip, clip_middle, pad, wrap
from tui_reader.ui.widgets.frame import Frame
from tui_reader.ui.widgets.line_list import LineList
from tui_reader.ui.window_keys import bindings_of

_NUMBER = 5  # cells of the number of feeds
_COLUMN = 16  # cells of the narrowest column of feeds
_GAP = 2  # cells between two columns


class PackList(LineList):
    """The packs, one a line, to select from."""

    def __init__(self) -> None:
        super().__init__()
        self.packs: Sequence[Pack] = ()
        self.selected: set[int] = set()

    def count(self) -> int:
        """Return the number of packs."""
        return len(self.packs)

    def show(self, packs: Sequence[Pack]) -> None:
        """Show ``packs``."""
        self.packs = packs
        self.redraw(resize=True)

    def current(self) -> Pack | None:
        """Return the pack under the cursor."""
        return self.packs[self.cursor] if self.cursor < len(self.packs) else None

    def chosen(self) -> list[Pack]:
        """Return the selected packs."""
        return [self.packs[index] for index in sorted(self.selected)]

    def toggle(self) -> None:
        """Select or deselect the pack under the cursor."""
        if self.packs:
            self.selected ^= {self.cursor}
            self.redraw()

    def draw(self, index: int, width: int, selected: bool) -> list[Strip]:
        """Draw one pack."""
        pack, palette = self.packs[index], self.palette
        chosen = index in self.selected
        pieces = [
            self.bar(selected),
            ("✓ " if chosen else "· ", palette.accent if chosen else palette.faint),
            (pad(pack.name, width - 4 - _NUMBER), palette.bright if chosen or selected else palette.text),
            (pad(f"{len(pack.subscriptions):,}", _NUMBER, right=True), palette.muted),
        ]
        return [self.strip(pieces, width, selected)]


class PackDetails(Widget):
    """The description of a pack and its feeds."""

    def __init__(self) -> None:
        super().__init__()
        self._pack: Pack | None = None

    def show(self, pack: Pack | None) -> None:
        """Show ``pack``."""
        self._pack = pack
        self.refresh()

    def render(self) -> RenderResult:
        """Show the description, then the names of the feeds in as many columns as they need."""
        width, height = self.size.width, self.size.height
        pack = self._pack
        if pack is None:
            return ""
        lines = [*((line, "$muted") for line in wrap(pack.description, width)), ("", "")]
        names = [display_name(source) for source in pack.subscriptions]
        room = max(1, height - len(lines))
        columns = max(1, min(-(-len(names) // room), width // _COLUMN))
        cells = (width - _GAP * (columns - 1)) // columns
        rows = -(-len(names) // columns)
        if rows > room:
            last = room * columns - 1
            names[last:] = [f"… and {len(names) - last:,} more"]
            rows = room
        for row in range(rows):
            line = (" " * _GAP).join(pad(name, cells) for name in names[row::rows])  # down the columns
            lines.append((clip(line.rstrip(), width), "$text"))
        return Content("\n").join(Content.assemble(line) for line in lines)


class StarterPacksScreen(ListScreen[tuple[Pack, ...] | None]):
    """Offers the starter packs and adds the feeds of those selected.

    The result is the selected packs, an empty tuple if a source of the user's
    own was added instead, or ``None`` if nothing was added.
    """

    BINDINGS: ClassVar[list[BindingType]] = bindings_of("packs")
    window = "packs"

    def __init__(self, folders: Folders, *, first: bool = False) -> None:
        """``first`` greets a user who has no sources yet."""
        self._packs = PackList()
        super().__init__(self._packs)
        self._folders = folders
        self._first = first
        self._details = PackDetails()
        self._note = Static(id="packs-note", markup=False)

    def compose(self) -> ComposeResult:
        """Lay out the packs on the left, the feeds of one on the right."""
        with Frame("What would you like to read?" if self._first else "Starter packs") as frame:
            leave = "use the sample" if self._first else "close"
            self.show_hints(frame, ("select", "select"), ("add", "add"), ("add_own", "your own"), ("close", leave))
            yield self._note
            with Horizontal(id="packs"):
                yield self._packs
                yield self._details

    def on_mount(self) -> None:
        """Read the packs."""
        self._say("About a dozen feeds each, and topics to sort them")
        self._packs.focus()
        self.start(self._load(), group="load")

    async def _load(self) -> None:
        self._packs.show(await asyncio.to_thread(load_packs))
        self._details.show(self._packs.current())

    def _say(self, words: str, *, error: bool = False) -> None:
        words = clip_middle(words, self._note.size.width or len(words))
        self._note.update(Content.assemble((words, "$error" if error else "$muted")))

    def show_error(self, message: str) -> None:
        """Show why the feeds could not be added."""
        self._say(message, error=True)

    def on_line_list_moved(self, event: LineList.Moved) -> None:
        """Show the pack under the cursor."""
        event.stop()
        self._details.show(self._packs.current())

    def on_line_list_chosen(self, event: LineList.Chosen) -> None:
        """Select or deselect the pack that was clicked."""
        event.stop()
        self.action_select()

    def action_select(self) -> None:
        """Select or deselect the pack under the cursor, and show how many feeds are selected."""
        self._packs.toggle()
        chosen = self._packs.chosen()
        feeds = len({source.location for pack in chosen for source in pack.subscriptions})
        packs = "1 pack" if len(chosen) == 1 else f"{len(chosen)} packs"
        self._say(f"{packs}, {feeds:,} feeds · ⏎ to add them" if chosen else "Press Space to select a pack")

    def action_add(self) -> None:
        """Add the feeds of the selected packs."""
        chosen = self._packs.chosen()
        if chosen:
            self.start(self._add(chosen), group="add")
        else:
            self._say("No pack selected: press Space to select one")

    async def _add(self, packs: Sequence[Pack]) -> None:
        sources = [source for pack in packs for source in pack.subscriptions]
        await self.write(add_subscriptions, self._folders.sources, sources)
        self.close(tuple(packs))

    async def action_add_own(self) -> None:
        """Ask for the address of another source."""
        from tui_reader.ui.screens.add_source import AddSourceScreen

        await self.app.push_screen(AddSourceScreen(self._folders), self._own_added)

    def _own_added(self, added: bool | None) -> None:
        if added:
            self.close(())

    def action_close(self) -> None:
        """Close without adding anything more."""
        self.when_written(lambda: self.close(None))
