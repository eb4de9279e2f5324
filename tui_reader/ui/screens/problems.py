"""The files that could not be read."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from rich.style import Style
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.strip import Strip
from textual.widgets import Static

from tui_reader.model.counted import counted
from tui_reader.model.story import Problem
from tui_reader.ui.screens.modal import FittedList, ListScreen
from tui_reader.ui.widgets.cells import clip, clip_start
from tui_reader.ui.widgets.frame import Frame
from tui_reader.ui.window_keys import bindings_of


class ProblemList(FittedList):
    """Files and lines, each with the reason below."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__()
        self._problems = problems

    def count(self) -> int:
        """Return the number of problems."""
        return len(self._problems)

    def height_for(self, width: int) -> int:
        """Return two lines: the file and the reason."""
        return 2

    def draw(self, index: int, width: int, selected: bool) -> list[Strip]:
        """Draw one problem."""
        problem = self._problems[index]
        path = problem.path + (f":{problem.line}" if problem.line else "")
        bar = self.bar(selected)
        return [
            self.strip([bar, (clip_start(path, width - 3), self.palette.bright)], width, selected),
            self.strip([bar, ("  ", Style()), (clip(problem.reason, width - 5), self.palette.muted)], width, selected),
        ]


class ProblemsScreen(ListScreen[None]):
    """Lists what could not be read, and why."""

    BINDINGS: ClassVar[list[BindingType]] = bindings_of("problems")
    window = "problems"

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__(ProblemList(problems))

    def compose(self) -> ComposeResult:
        """Show the problems, or say that there are none."""
        count = self.items.count()
        with Frame(counted(count, "problem") if count else "Problems") as frame:
            self.show_hints(frame, *([("down/up", "move")] if count else []), ("close", "close"))
            yield self.items if count else Static(self._none(), markup=False)

    def _none(self) -> str:
        """Say that all could be read, and which key shows the sources: some may not have answered."""
        key = self.keymap.label("sources")
        return "All files could be read." + (f" {key} shows how your sources are." if key else "")

    def action_close(self) -> None:
        """Close the window."""
        self.close(None)
