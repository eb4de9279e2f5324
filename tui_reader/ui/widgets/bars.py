"""The line at the top and the line at the bottom."""

from __future__ import annotations

from collections.abc import Sequence

from textual.app import RenderResult
from textual.content import Content
from textual.widget import Widget

from tui_reader.ui.widgets.cells import clip, clip_middle, width_of


class HeaderBar(Widget):
    """Says what is shown: edition, topic, window, order, number; and how the index stands."""

    def __init__(self, title: str) -> None:
        super().__init__()
        self._title = title
        self._facts: tuple[str, ...] = ()
        self._status = ""

    def show(self, title: str, facts: Sequence[str]) -> None:
        """Show the edition's name and the facts of the present view, the most important last."""
        if (title, tuple(facts)) != (self._title, self._facts):
            self._title, self._facts = title, tuple(facts)
            self.refresh()

    def show_status(self, status: str) -> None:
        """Show how far the index is; empty when there is nothing to say."""
        if status != self._status:
            self._status = status
            self.refresh()

    def render(self) -> RenderResult:
        """Lay the three parts out; where they do not fit, the first facts go."""
        width = self.size.width - 2
        status = clip(self._status, width // 2)
        facts = list(self._facts)
        gaps = 3 if status else 1
        while facts and width_of(self._title) + width_of(" · ".join(facts)) + width_of(status) + 2 * gaps > width:
            facts.pop(0)
        middle = " · ".join(facts)
        title = clip(self._title, width - width_of(middle) - width_of(status) - 2 * gaps)
        room = width - width_of(title) - width_of(middle) - width_of(status)
        left = room // 2 if status else room
        return Content.assemble(
            " ", (title, "bold $bright"), " " * max(1, left), (middle, "$muted"),
            " " * (room - left if status else 0), (status, "$accent"), " ",
        )  # fmt: skip


class FooterBar(Widget):
    """Shows the keys that matter here, or what just happened; at the right, the place in the list."""

    def __init__(self) -> None:
        super().__init__()
        self._hints: tuple[tuple[str, str], ...] = ()
        self._place = ""
        self._message = ""
        self._is_error = False

    def show(self, hints: Sequence[tuple[str, str]], place: str) -> None:
        """Show these keys with their words, the most important first."""
        hints = tuple(hints)
        if (hints, place) != (self._hints, self._place):
            self._hints, self._place = hints, place
            self.refresh()

    def say(self, message: str, *, error: bool = False) -> None:
        """Show a message in place of the keys; an empty one brings the keys back."""
        if (message, error) != (self._message, self._is_error):
            self._message, self._is_error = message, error
            self.refresh()

    def forget(self, message: str) -> None:
        """Bring the keys back if ``message`` is still what is shown."""
        if self._message == message:
            self.say("")

    @property
    def message(self) -> str:
        """The message that is being shown."""
        return self._message

    def render(self) -> RenderResult:
        """Lay out keys and place; keys that do not fit are left out."""
        width = self.size.width - 2
        place = self._place
        room = width - width_of(place) - 2
        if self._message:
            if width_of(self._message) > room:
                place, room = "", width
            text = clip_middle(self._message, room)
            style = "$error" if self._is_error else "$accent"
            return Content.assemble(
                " ", (text, style), " " * (width - width_of(text) - width_of(place)), (place, "$muted"), " "
            )
        pieces: list[str | tuple[str, str]] = [" "]
        taken = 0
        for key, word in self._hints:
            length = width_of(key) + 1 + width_of(word) + (3 if taken else 0)
            if taken + length > room:
                continue
            pieces += ["   " if taken else "", (key, "bold $text"), " ", (word, "$muted")]
            taken += length
        pieces += [" " * (width - taken - width_of(place)), (place, "$muted"), " "]
        return Content.assemble(*pieces)
