"""The starter packs, to tick those whose feeds are to be kept: for whoever begins with nothing."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import ClassVar

from textual.app import ComposeResult, RenderResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.strip import Strip
from textual.widget import Widget
from textual.widgets import Static
from textual.worker import Worker

from tui_reader.config import Folders
from tui_reader.errors import NewsError
from tui_reader.subscriptions.edit import add_subscriptions
from tui_reader.subscriptions.starter_packs import Pack, load_packs
from tui_reader.subscriptions.subscription import display_name
from tui_reader.ui.widgets.cells import clip, clip_middle, pad, wrap
from tui_reader.ui.widgets.line_list import LineList

_NUMBER = 5
_GAP = 2  # cells between two columns of feeds


class PackList(LineList):
    """One line a pack: whether it is ticked, its name, and how many feeds it has."""

    def __init__(self) -> None:
        super().__init__()
        self.packs: Sequence[Pack] = ()
        self.ticked: set[int] = set()

    def count(self) -> int:
        """Number of packs."""
        return len(self.packs)

    def show(self, packs: Sequence[Pack]) -> None:
        """Show these packs, none of them ticked."""
        self.packs = packs
        self.redraw(resize=True)

    def current(self) -> Pack | None:
        """The pack under the cursor."""
        return self.packs[self.cursor] if self.cursor < len(self.packs) else None

    def wanted(self) -> list[Pack]:
        """The packs that are ticked."""
        return [self.packs[place] for place in sorted(self.ticked)]

    def tick(self) -> None:
        """Tick the pack under the cursor, or no longer."""
        if self.packs:
            self.ticked ^= {self.cursor}
            self.redraw()

    def draw(self, index: int, width: int, selected: bool) -> list[Strip]:
        """Draw one pack."""
        pack, palette = self.packs[index], self.palette
        ticked = index in self.ticked
        pieces = [
            self.bar(selected),
            ("✓ " if ticked else "· ", palette.accent if ticked else palette.faint),
            (pad(pack.name, width - 4 - _NUMBER), palette.bright if ticked or selected else palette.text),
            (pad(f"{len(pack.subscriptions):,}", _NUMBER, right=True), palette.muted),
        ]
        return [self.strip(pieces, width, selected)]


class PackDetails(Widget):
    """What a pack is about and the feeds in it."""

    def __init__(self) -> None:
        super().__init__()
        self._pack: Pack | None = None

    def show(self, pack: Pack | None) -> None:
        """Show a pack."""
        self._pack = pack
        self.refresh()

    def render(self) -> RenderResult:
        """Lay out the description and then the names of the feeds, in as many columns as they need."""
        width, height = self.size.width, self.size.height
        pack = self._pack
        if pack is None:
            return ""
        lines = [*((line, "$muted") for line in wrap(pack.description, width)), ("", "")]
        names = [display_name(source) for source in pack.subscriptions]
        room = max(1, height - len(lines))
        columns = max(1, min(-(-len(names) // room), width // 16))
        cells = (width - _GAP * (columns - 1)) // columns
        rows = -(-len(names) // columns)
        if rows > room:
            last = room * columns - 1
            names[last:] = [f"… and {len(names) - last:,} more"]
            rows = room
        for row in range(rows):
            # Down the columns, as one reads a list.
            line = (" " * _GAP).join(pad(name, cells) for name in names[row::rows])
            lines.append((clip(line.rstrip(), width), "$text"))
        return Content("\n").join(Content.assemble(line) for line in lines)


class StarterPacksScreen(ModalScreen[tuple[Pack, ...] | None]):
    """Offers the starter packs and keeps the feeds of those chosen.

    Gives back the chosen packs, none where a source of the person's own was
    added instead, and ``None`` where nothing was kept.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q", "close", show=False),
        Binding("j,down", "move(1)", show=False),
        Binding("k,up", "move(-1)", show=False),
        Binding("g,home", "move(-1000)", show=False),
        Binding("G,end", "move(1000)", show=False),
        Binding("space", "tick", show=False),
        Binding("enter", "keep", show=False),
        Binding("a,plus", "add", show=False),
    ]

    def __init__(self, folders: Folders, *, first: bool = False) -> None:
        """``first`` greets somebody who has nothing kept yet."""
        super().__init__()
        self._folders = folders
        self._first = first
        self._list = PackList()
        self._details = PackDetails()
        self._note = Static(id="packs-note", markup=False)

    def compose(self) -> ComposeResult:
        """Lay out the packs on the left, what is in them on the right."""
        with Vertical(classes="window") as window:
            window.border_title = "What would you like to read?" if self._first else "Starter packs"
            window.border_subtitle = (
                f"Space ticks · ⏎ keeps · a your own · Esc {'the sample' if self._first else 'closes'}"
            )
            yield self._note
            with Horizontal(id="packs"):
                yield self._list
                yield self._details

    def on_mount(self) -> None:
        """Read the packs."""
        self._say("Each pack: a dozen feeds, and topics to sort them.")
        self._list.focus()
        _: Worker[None] = self.run_worker(self._load(), exit_on_error=False)

    async def _load(self) -> None:
        self._list.show(await asyncio.to_thread(load_packs))
        self._details.show(self._list.current())

    def _say(self, words: str, *, error: bool = False) -> None:
        words = clip_middle(words, self._note.size.width or len(words))
        self._note.update(Content.assemble((words, "$error" if error else "$muted")))

    def on_line_list_moved(self, event: LineList.Moved) -> None:
        """Show the pack that the cursor went to."""
        event.stop()
        self._details.show(self._list.current())

    def on_line_list_chosen(self, event: LineList.Chosen) -> None:
        """A click on the selected pack ticks it."""
        event.stop()
        self.action_tick()

    def action_move(self, by: int) -> None:
        """Move the cursor."""
        self._list.move_to(self._list.cursor + by)

    def action_tick(self) -> None:
        """Tick the pack, or no longer, and say what the choice comes to."""
        self._list.tick()
        wanted = self._list.wanted()
        feeds = len({source.location for pack in wanted for source in pack.subscriptions})
        packs = "1 pack" if len(wanted) == 1 else f"{len(wanted)} packs"
        self._say(f"{packs}, {feeds:,} feeds: ⏎ keeps them." if wanted else "Space ticks the pack under the cursor.")

    def action_keep(self) -> None:
        """Keep the feeds of what is ticked."""
        wanted = self._list.wanted()
        if wanted:
            _: Worker[None] = self.run_worker(self._keep(wanted), group="keep", exit_on_error=False)
        else:
            self._say("Nothing is ticked yet: Space ticks the pack under the cursor.")

    async def _keep(self, wanted: Sequence[Pack]) -> None:
        sources = [source for pack in wanted for source in pack.subscriptions]
        try:
            await asyncio.to_thread(add_subscriptions, self._folders.sources, sources)
        except (NewsError, OSError) as error:
            self._say(str(error), error=True)
            return
        self.dismiss(tuple(wanted))

    def action_add(self) -> None:
        """Ask for a source of the person's own."""
        from tui_reader.ui.screens.add_source import AddSourceScreen

        self.app.push_screen(AddSourceScreen(self._folders), self._added)

    def _added(self, added: bool | None) -> None:
        if added:
            self.dismiss(())

    def action_close(self) -> None:
        """Leave without keeping anything."""
        self.dismiss(None)
