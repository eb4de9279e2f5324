"""The windows above the page: keys, links, problems, adding a source."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from rich.style import Style
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.strip import Strip
from textual.widgets import Input, Static

from tui_reader.model.story import Problem
from tui_reader.ui.cells import clip, pad, width_of, wrap
from tui_reader.ui.commands import Registry
from tui_reader.ui.line_list import LineList

_CLOSE = Binding("escape,q", "close", "close")


class HelpWindow(ModalScreen[None]):
    """All keys, from the registry, group by group."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q,question_mark,f1,enter", "close", "close"),
        Binding("j,down", "scroll(1)", show=False),
        Binding("k,up", "scroll(-1)", show=False),
        Binding("space,pagedown", "scroll(10)", show=False),
        Binding("b,pageup", "scroll(-10)", show=False),
    ]

    def __init__(self, registry: Registry) -> None:
        super().__init__()
        self._registry = registry

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

    def action_scroll(self, lines: int) -> None:
        """Scroll the list of keys."""
        self.query_one(VerticalScroll).scroll_relative(y=lines, animate=False)

    def action_close(self) -> None:
        """Leave the window."""
        self.dismiss()


class LinkWindow(ModalScreen[None]):
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
                    (pad(kind, 11), self.inks.muted),
                    (clip(url, width - 13), self.inks.bright),
                ],
                width,
                selected,
            )
        ]


class LinksWindow(ModalScreen[tuple[str, str] | None]):
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
            self.strip([bar, (place, self.inks.bright)], width, selected),
            self.strip([bar, ("  ", Style()), (clip(problem.reason, room - 2), self.inks.muted)], width, selected),
        ]


class ProblemsWindow(ModalScreen[None]):
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


class AddSourceWindow(ModalScreen[str | None]):
    """Asks for a folder, file or archive; gives back what was typed."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "close", "close")]

    def __init__(self, kept: Sequence[str], wrong: str = "", typed: str = "") -> None:
        super().__init__()
        self._kept = kept
        self._wrong = wrong
        self._typed = typed

    def compose(self) -> ComposeResult:
        """Show the line to type into and what is kept already."""
        with Vertical(classes="window") as window:
            window.border_title = "Add a source"
            window.border_subtitle = "⏎ keeps it · Esc closes"
            yield Input(self._typed, placeholder="folder, file or archive of articles", id="source-path")
            kept = (
                "\n".join(["Kept:", *(f"  {location}" for location in self._kept)])
                if self._kept
                else "Nothing is kept yet."
            )
            note = f"{self._wrong}\n\n{kept}" if self._wrong else kept
            yield Static(
                Content("\n".join(line for part in note.split("\n") for line in wrap(part, 90))),
                id="source-note",
                markup=False,
            )

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Leave with what was typed."""
        event.stop()
        self.dismiss(event.value.strip() or None)

    def action_close(self) -> None:
        """Leave without adding anything."""
        self.dismiss(None)
