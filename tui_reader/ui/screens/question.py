"""A window that asks for one line, and stays open until it could be saved."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.content import Content
from textual.widgets import Static

from tui_reader.model.text import visible
from tui_reader.ui.screens.modal import ModalWindow
from tui_reader.ui.widgets.frame import Frame
from tui_reader.ui.widgets.line_input import LineInput
from tui_reader.ui.window_keys import bindings_of
from tui_reader.ui.words import sentence


class QuestionScreen(ModalWindow[str | None]):
    """Asks for a line of text; the result is what was saved, or ``None``."""

    BINDINGS: ClassVar[list[BindingType]] = bindings_of("question")
    window = "question"

    def __init__(self, title: str, save: Callable[[str], object], *, note: str = "", value: str = "") -> None:
        """``save`` is called with the answer in a thread, and its error shown.

        ``note`` stands below the line, ``value`` in it.
        """
        super().__init__()
        self._title = title
        self._save = save
        self._text = note
        self._answer = LineInput(value, id="question-answer", select_on_focus=False)
        self._note = Static(id="question-note", markup=False)

    def compose(self) -> ComposeResult:
        """Show the line and the note."""
        with Frame(self._title) as frame:
            self.show_hints(frame, ("save", "save"), ("close", "cancel"))
            yield self._answer
            yield self._note

    def on_mount(self) -> None:
        """Wait for an answer."""
        self._show(self._text)
        self._answer.focus()

    def _show(self, note: str, *, error: bool = False) -> None:
        self._note.update(Content.assemble((note, "$error" if error else "$muted")))

    def show_error(self, message: str) -> None:
        """Show why the answer could not be saved, and wait for another."""
        self._show(sentence(message), error=True)

    def action_save(self) -> None:
        """Save the answer; close if there is none."""
        answer = visible(self._answer.value.strip())
        if answer:
            self.start(self._finish(answer), group="save")
        else:
            self.close(None)

    async def _finish(self, answer: str) -> None:
        await self.write(partial(self._save, answer))
        self.close(answer)

    def action_close(self) -> None:
        """Close without an answer."""
        self.when_written(lambda: self.close(None))
