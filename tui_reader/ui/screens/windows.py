"""The windows above the page: keys, links, problems, adding a source."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from rich.style import Style
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.strip import Strip
from textual.widgets import Input, Static

from tui_reader.config import Folders
from tui_reader.errors import NewsError
from tui_reader.model.story import Problem
from tui_reader.model.text import visible
from tui_reader.ui.keymap import Keymap
from tui_reader.ui.widgets.cells import clip, clip_middle, pad, width_of, wrap
from tui_reader.ui.widgets.line_list import LineList

if TYPE_CHECKING:
    from textual.worker import Worker

    from tui_reader.queries.find_sources import Candidate

_CLOSE = Binding("escape,q", "close", "close")


class ScrollScreen(ModalScreen[None]):
    """A text to scroll in, until a key closes it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("j,down", "scroll(1)", show=False),
        Binding("k,up", "scroll(-1)", show=False),
        Binding("space,pagedown", "scroll(10)", show=False),
        Binding("b,pageup", "scroll(-10)", show=False),
        Binding("g,home", "scroll(-100000)", show=False),
        Binding("G,end", "scroll(100000)", show=False),
    ]

    def action_scroll(self, lines: int) -> None:
        """Scroll by lines."""
        self.query_one(VerticalScroll).scroll_relative(y=lines, animate=False)

    def action_close(self) -> None:
        """Leave the window."""
        self.dismiss()


class HelpScreen(ScrollScreen):
    """All keys, from the keymap, group by group."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape,q,question_mark,f1,enter", "close", "close")]

    def __init__(self, keymap: Keymap) -> None:
        super().__init__()
        self._registry = keymap

    def compose(self) -> ComposeResult:
        """Lay out one line a command."""
        lines: list[Content] = []
        group = ""
        for command in self._registry.commands:
            if command.group != group:
                group = command.group
                lines.append(Content.assemble(*(["\n"] if lines else []), (group.upper(), "bold $muted")))
            keys = self._registry.labels(command.id)
            lines.append(Content.assemble((pad(keys, 18), "bold $accent"), " ", (command.help, "$text")))
        with VerticalScroll(classes="window") as window:
            window.border_title = "Keys"
            window.border_subtitle = "Esc closes · remap them in config.toml"
            yield Static(Content("\n").join(lines), markup=False)


class LinkScreen(ModalScreen[None]):
    """Shows one link whole, where it cannot be opened."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape,q,enter,o", "close", "close")]

    def __init__(self, url: str, why: str) -> None:
        super().__init__()
        self._url = url
        self._why = why

    def compose(self) -> ComposeResult:
        """Show why there is a window, then the link in as many lines as it takes."""
        with Vertical(classes="window") as window:
            window.border_title = "Copied"
            window.border_subtitle = "Esc closes"
            yield Static(Content.assemble((self._url, "$accent"), "\n\n", (self._why, "$muted")), markup=False)

    def action_close(self) -> None:
        """Leave the window."""
        self.dismiss()


class _PickList(LineList):
    """Lines to choose from inside a window."""

    def get_content_height(self, *_: object) -> int:
        """As high as its lines."""
        return self.count() * self.item_height


class LinkList(_PickList):
    """The links of a story, each with its kind."""

    def __init__(self, links: Sequence[tuple[str, str]]) -> None:
        super().__init__()
        self._links = links

    def count(self) -> int:
        """Number of links."""
        return len(self._links)

    def draw(self, index: int, width: int, selected: bool) -> list[Strip]:
        """Draw one link on one line."""
        kind, url = self._links[index]
        return [
            self.strip(
                [
                    self.bar(selected),
                    (pad(kind, 11), self.palette.muted),
                    (clip(url, width - 13), self.palette.bright),
                ],
                width,
                selected,
            )
        ]


class LinksScreen(ModalScreen[tuple[str, str] | None]):
    """Gives back what to do (``open`` or ``copy``) with which link."""

    BINDINGS: ClassVar[list[BindingType]] = [
        _CLOSE,
        Binding("j,down", "move(1)", show=False),
        Binding("k,up", "move(-1)", show=False),
        Binding("enter,o", "pick('open')", "open"),
        Binding("y", "pick('copy')", "copy"),
    ]

    def __init__(self, links: Sequence[tuple[str, str]]) -> None:
        super().__init__()
        self._links = links

    def compose(self) -> ComposeResult:
        """Show the links in a window as high as they need."""
        with Vertical(classes="window") as window:
            window.border_title = "Links"
            window.border_subtitle = "⏎ opens · y copies · Esc closes"
            yield LinkList(self._links)

    def action_move(self, by: int) -> None:
        """Move the cursor."""
        links = self.query_one(LinkList)
        links.move_to(links.cursor + by)

    def action_pick(self, what: str) -> None:
        """Leave with the link under the cursor."""
        self.dismiss((what, self._links[self.query_one(LinkList).cursor][1]))

    def on_line_list_chosen(self, event: LineList.Chosen) -> None:
        """A click on the selected link opens it."""
        event.stop()
        self.action_pick("open")

    def action_close(self) -> None:
        """Leave without choosing."""
        self.dismiss(None)


class ProblemList(_PickList):
    """What could not be read: file and line, then the reason."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__()
        self._problems = problems

    def count(self) -> int:
        """Number of problems."""
        return len(self._problems)

    def height_for(self, width: int) -> int:
        """The file on one line, the reason on the next."""
        return 2

    def draw(self, index: int, width: int, selected: bool) -> list[Strip]:
        """Draw one problem."""
        problem = self._problems[index]
        place = problem.path + (f":{problem.line}" if problem.line else "")
        room = width - 3
        # The end of a path says more than its beginning.
        while width_of(place) > room:
            place = "…" + place[max(2, width_of(place) - room + 1) :]
        bar = self.bar(selected)
        return [
            self.strip([bar, (place, self.palette.bright)], width, selected),
            self.strip([bar, ("  ", Style()), (clip(problem.reason, room - 2), self.palette.muted)], width, selected),
        ]


class ProblemsScreen(ModalScreen[None]):
    """Lists what could not be read, and why."""

    BINDINGS: ClassVar[list[BindingType]] = [
        _CLOSE,
        Binding("j,down", "move(1)", show=False),
        Binding("k,up", "move(-1)", show=False),
        Binding("space,pagedown", "move(8)", show=False),
        Binding("b,pageup", "move(-8)", show=False),
        Binding("g,home", "move(-100000)", show=False),
        Binding("G,end", "move(100000)", show=False),
    ]

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__()
        self._problems = problems

    def compose(self) -> ComposeResult:
        """Show the problems, or that there are none."""
        with Vertical(classes="window") as window:
            count = len(self._problems)
            window.border_title = "1 problem" if count == 1 else f"{count:,} problems"
            window.border_subtitle = "Esc closes"
            if self._problems:
                yield ProblemList(self._problems)
            else:
                yield Static("Everything could be read.", markup=False)

    def action_move(self, by: int) -> None:
        """Move the cursor."""
        for problems in self.query(ProblemList):
            problems.move_to(problems.cursor + by)

    def action_close(self) -> None:
        """Leave the window."""
        self.dismiss()


class CandidateList(_PickList):
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
