"""The search box above the list, and the line below it: what is wrong, or what can be typed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, Protocol

from rich.highlighter import Highlighter
from rich.style import Style
from rich.text import Text
from textual.app import RenderResult
from textual.binding import BindingType
from textual.content import Content
from textual.geometry import Size
from textual.widget import Widget
from textual.widgets import Input

from tui_reader.ui.widgets.cells import clip, width_of, wrap
from tui_reader.ui.widgets.line_input import LineInput
from tui_reader.ui.window_keys import bindings_of

_WRONG = Style(bold=True, underline=True)
_MOST_LINES = 3  # of a message


class Typist(Protocol):
    """Does what somebody types into the search box asks for."""

    def typed(self, words: str, cursor: int) -> None:
        """Search for what is typed so far."""

    def done(self, words: str) -> None:
        """Go to the results; without words, end the search."""

    def complete(self, words: str, cursor: int) -> tuple[str, int] | None:
        """Return the words with the one at the cursor complete, and where the cursor is then, if it can be."""

    def recall(self, by: int, words: str) -> str | None:
        """Return the search before (-1) or after (1) the present one; ``None`` if there is none."""


class _Mistake(Highlighter):
    """Lights the part of a query that cannot be understood."""

    def __init__(self) -> None:
        self.place: tuple[int, int] | None = None

    def highlight(self, text: Text) -> None:
        """Light it."""
        if self.place is not None:
            text.stylize(_WRONG, *self.place)


class SearchBox(LineInput):
    """Tells what is typed after each key, and when it is done.

    They are calls rather than messages: the keyboard has left the box before
    the next key arrives.
    """

    BINDINGS: ClassVar[list[BindingType]] = bindings_of("search_box")
    window: ClassVar[str] = "search_box"
    """Its name in the registry of windows."""

    def __init__(self, words: str, typist: Typist) -> None:
        self._mistake = _Mistake()
        super().__init__(words, placeholder="words, or fields such as title:", id="search", highlighter=self._mistake)
        self._typist = typist

    def on_input_changed(self, event: Input.Changed) -> None:
        """Search for what is typed so far."""
        event.stop()
        self._typist.typed(event.value, self.cursor_position)

    def mark(self, place: tuple[int, int] | None) -> None:
        """Light the part that is wrong, or none."""
        if place != self._mistake.place:
            self._mistake.place = place
            self.refresh()

    def set_words(self, words: str, cursor: int | None = None) -> None:
        """Show other words, with the cursor at a place in them, or at their end."""
        self.value = words
        self.cursor_position = len(words) if cursor is None else cursor

    def action_done(self) -> None:
        """Go to the results."""
        self._typist.done(self.value if self.value.strip() else "")

    def action_complete(self) -> None:
        """Complete the word at the cursor; where that cannot be, go to the results."""
        completed = self._typist.complete(self.value, self.cursor_position)
        if completed is None:
            self.action_done()
        else:
            self.set_words(*completed)

    def action_recall(self, by: int) -> None:
        """Show an earlier search, or a later one; below the last, go to the results."""
        words = self._typist.recall(by, self.value)
        if words is not None:
            self.set_words(words)
        elif by > 0:
            self.action_done()

    def action_cancel(self) -> None:
        """End the search."""
        self._typist.done("")


class SearchLine(Widget):
    """One line that is there as long as the search box is, so that nothing moves when it says something.

    Only a message that fits in no line, however short, takes more of them.
    """

    def __init__(self) -> None:
        super().__init__(id="search-line")
        self._says: tuple[tuple[str, ...], tuple[str, ...], str] = (("",), (), "")

    def say(self, *forms: str, error: bool = False) -> None:
        """Say what is wrong, or in passing what is still to be typed: the first of the ``forms`` that fits."""
        self._show(forms, (), "$error" if error else "$muted")

    def offer(self, words: Sequence[str], *, key: str = "") -> None:
        """Show what can be typed here; ``key`` takes the first of it."""
        self._show((key,), tuple(words), "$muted")

    def _show(self, forms: tuple[str, ...], words: tuple[str, ...], style: str) -> None:
        if (forms, words, style) != self._says:
            self._says = (forms, words, style)
            self.refresh(layout=len(self._lines(self.size.width)) != self.size.height)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """Return the number of lines that are said."""
        return len(self._lines(width))

    def _lines(self, width: int) -> list[str]:
        """Return the lines of the message; one where words are offered."""
        forms, words, _ = self._says
        short = next((form for form in forms if width_of(form) <= width - 2), None)
        return [forms[0]] if words else wrap(forms[-1], width - 2, _MOST_LINES) if short is None else [short]

    def render(self) -> RenderResult:
        """Lay out a message, or as many words as fit."""
        (text, *_), words, style = self._says
        room = self.size.width - 2
        if not words:
            return Content("\n").join(Content.assemble(" ", (line, style)) for line in self._lines(self.size.width))
        parts: list[str | tuple[str, str]] = [" "]
        if text:
            parts += [(text, "bold $text"), " "]
            room -= width_of(text) + 1
        for place, word in enumerate(words):
            if place and width_of(word) > room:
                break
            parts += [(clip(word, room), "$accent" if text and not place else style), "  "]
            room -= width_of(word) + 2
        return Content.assemble(*parts)
