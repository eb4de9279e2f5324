"""Asks for the file to write an export into."""

from __future__ import annotations

import asyncio
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.content import Content
from textual.widgets import Input, Static

from tui_reader.sources.locations import named_path
from tui_reader.ui.screens.modal import ModalWindow
from tui_reader.ui.widgets.cells import wrap
from tui_reader.ui.widgets.frame import Frame
from tui_reader.ui.widgets.line_input import LineInput
from tui_reader.ui.window_keys import bindings_of

_NOTE_WIDTH = 90  # cells


class ExportPathScreen(ModalWindow[str]):
    """A line with a path; the result is the path, empty if the person closed it."""

    BINDINGS: ClassVar[list[BindingType]] = bindings_of("export_path")
    window = "export_path"

    def __init__(self, path: str) -> None:
        super().__init__()
        self._path = LineInput(path, id="export-path", select_on_focus=False)
        self._note = Static(id="export-note", markup=False)
        self._warned = ""  # the path of which the note says that it exists

    def compose(self) -> ComposeResult:
        """Lay out the line and a note."""
        with Frame("Export to") as frame:
            self.show_hints(frame, ("write", "write"), ("close", "close"))
            yield self._path
            yield self._note

    def on_mount(self) -> None:
        """Wait for a path."""
        self._path.focus()
        # A cursor that goes to the end shows the name, if the path is longer than the line.
        self._path.cursor_position = 0
        self.call_after_refresh(self._path.action_end)

    def on_input_changed(self, event: Input.Changed) -> None:
        """Take back what was said of another path."""
        event.stop()
        if event.value.strip() != self._warned:
            self._note.update("")
            self._warned = ""

    def action_write(self) -> None:
        """Close with the path; close without one if the line is empty."""
        typed = self._path.value.strip()
        if typed in {"", self._warned}:
            self.close(typed)
        else:
            self.start(self._look(typed), group="look")

    async def _look(self, typed: str) -> None:
        """Close with a path, unless it is one of a file that is there: ask once whether to replace that."""
        problem = await asyncio.to_thread(_problem, typed)
        if problem is None:
            self.close(typed)
            return
        if problem == _EXISTS:
            problem = f"{_EXISTS}: {self.label('write')} once more replaces it"
            self._warned = typed
        self.show_error(problem)

    def show_error(self, message: str) -> None:
        """Show why nothing can be written there."""
        self._note.update(Content.assemble(("\n".join(wrap(message, _NOTE_WIDTH)), "$error")))

    def action_close(self) -> None:
        """Close without a path."""
        self.close("")


_EXISTS = "This file exists already"


def _problem(typed: str) -> str | None:
    """Return why a file is not to be written there, or ``None``. Raises :class:`NewsError` and :class:`OSError`."""
    path = named_path(typed)
    if path.is_dir():
        return "This is a folder: name a file in it"
    if not path.parent.is_dir():
        return f"There is no folder {path.parent}"
    return _EXISTS if path.exists() else None
