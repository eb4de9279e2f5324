"""The files that could not be read."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from rich.style import Style
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.strip import Strip
from textual.widgets import Static

from tui_reader.model.story import Problem
from tui_reader.ui.screens.modal import CLOSE, PickList
from tui_reader.ui.widgets.cells import clip, width_of


class ProblemList(PickList):
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
        CLOSE,
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
