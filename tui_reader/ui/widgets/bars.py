"""The header, the footer, and the messages shown in a footer for a while."""

from __future__ import annotations

from collections.abc import Sequence

from rich.segment import Segment
from textual.app import RenderResult
from textual.content import Content
from textual.strip import Strip
from textual.style import Style
from textual.timer import Timer
from textual.widget import Widget

from tui_reader.ui.widgets.cells import clip, clip_middle, width_of

MESSAGE_SECONDS = 6.0
"""Seconds for which a message is shown."""

_KEY, _WORD = "bold $text", "$muted"  # styles of a key, and of its label


class HeaderBar(Widget):
    """Shows the title, the facts of the view, and the state of the index."""

    def __init__(self, title: str) -> None:
        super().__init__()
        self._title = title
        self._facts: tuple[str, ...] = ()
        self._status = ""

    def show(self, title: str, facts: Sequence[str]) -> None:
        """Show a title and facts about the view, the most important one last."""
        if (title, tuple(facts)) != (self._title, self._facts):
            self._title, self._facts = title, tuple(facts)
            self.refresh()

    def show_status(self, status: str) -> None:
        """Show the progress of the index, or nothing if ``status`` is empty."""
        if status != self._status:
            self._status = status
            self.refresh()

    def render(self) -> RenderResult:
        """Lay out title, facts and status; if they do not fit, leave out the first facts."""
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


class MessageBar(Widget):
    """A bar that shows a message in place of its usual content for a while."""

    def __init__(self) -> None:
        super().__init__()
        self._message = ""
        self._is_error = False
        self._timer: Timer | None = None

    @property
    def message(self) -> str:
        """The message being shown, or an empty string."""
        return self._message

    def say(self, message: str, *, error: bool = False, seconds: float | None = None) -> None:
        """Show ``message`` for ``seconds``, or a while, even if it is the one being shown."""
        if self._timer is not None:
            self._timer.stop()
        seconds = MESSAGE_SECONDS if seconds is None else seconds
        self._timer = self.set_timer(seconds, self.clear_message) if message else None
        if (message, error) != (self._message, self._is_error):
            self._message, self._is_error = message, error
            self.refresh()

    def clear_message(self) -> None:
        """Show the usual content again."""
        self.say("")

    @property
    def message_style(self) -> str:
        """The style of the message being shown."""
        return "$error" if self._is_error else "$accent"


class FooterBar(MessageBar):
    """Shows the most useful keys, or a message; on the right, the position in the list."""

    def __init__(self) -> None:
        super().__init__()
        self._hints: tuple[tuple[str, str], ...] = ()
        self._position = ""

    def show(self, hints: Sequence[tuple[str, str]], position: str) -> None:
        """Show keys with their labels, the most important first, and a position."""
        hints = tuple(hints)
        if (hints, position) != (self._hints, self._position):
            self._hints, self._position = hints, position
            self.refresh()

    def render(self) -> RenderResult:
        """Lay out the message and the position."""
        width = self.size.width - 2
        position = self._position
        room = width - width_of(position) - 2
        if width_of(self.message) > room:
            position, room = "", width
        text = clip_middle(self.message, room)
        gap = " " * (width - width_of(text) - width_of(position))
        return Content.assemble(" ", (text, self.message_style), gap, (position, "$muted"), " ")

    def render_line(self, y: int) -> Strip:
        """Draw keys and position directly, as they are drawn again at every key; a message can be selected."""
        if self.message:
            return super().render_line(y)
        base = self.visual_style
        styles = {name: (base + Style.parse(name)).rich_style for name in ("", _KEY, _WORD)}
        strip = Strip([Segment(text, styles[name]) for text, name in self._pieces() if text])
        return strip.adjust_cell_length(self.size.width, styles[""])

    def _pieces(self) -> list[tuple[str, str]]:
        """Return keys, their labels and the position with the styles of each; keys that do not fit are left out."""
        width = self.size.width - 2
        room = width - width_of(self._position) - 2
        pieces = [(" ", "")]
        taken = 0
        for key, word in self._hints:
            length = width_of(key) + 1 + width_of(word) + (3 if taken else 0)
            if taken + length > room:
                continue
            pieces += [("   " if taken else "", ""), (key, _KEY), (" ", ""), (word, _WORD)]
            taken += length
        gap = " " * (width - taken - width_of(self._position))
        return [*pieces, (gap, ""), (self._position, _WORD), (" ", "")]
