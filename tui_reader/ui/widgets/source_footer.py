"""The footer of the sources screen: its keys or a message, and the prompt."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import ClassVar

from textual.app import RenderResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widgets import Input

from tui_reader.named_tuple import NamedTuple
from tui_reader.queries.source_status import SourceStatus
from tui_reader.subscriptions.edit import SubscriptionChanges
from tui_reader.ui.widgets.bars import MessageBar
from tui_reader.ui.widgets.cells import clip_middle, width_of, wrap
from tui_reader.ui.widgets.source_table import FOLDER_SEPARATOR

HINTS = (
    ("list", "list"), ("add", "add"), ("rename", "rename"), ("folder", "folder"), ("topics", "topics"),
    ("weight", "weight"), ("apart", "apart"), ("full_text", "texts"), ("selector", "selector"), ("pause", "pause"),
    ("remove", "remove"), ("refresh", "refresh"), ("failing", "failing"), ("open_browser", "site"),
    ("accounts", "account"), ("close", "back"),
)  # fmt: skip
"""The commands of the screen in its footer, each with a word."""


class KeyLine(MessageBar):
    """The keys of the screen, or a message."""

    keys: Sequence[tuple[str, str]] = ()
    """Each key with a word for what it does."""

    def render(self) -> RenderResult:
        """Lay the keys out in as many lines as they need."""
        width, height = self.size.width - 2, self.size.height
        if self.message:
            lines = wrap(self.message, width) if height > 1 else [clip_middle(self.message, width)]
            return Content("\n").join(Content.assemble(" ", (line, self.message_style)) for line in lines[:height])
        pieces: list[str | tuple[str, str]] = [" "]
        taken = 0
        for key, word in self.keys:
            length = width_of(f"{key} {word}")
            if taken and taken + 2 + length > width:
                pieces.append("\n ")
                taken = 0
            pieces += ["  " if taken else "", (key, "bold $text"), " ", (word, "$muted")]
            taken += length + (2 if taken else 0)
        return Content.assemble(*pieces)


class AnswerLine(Input):
    """The input of the prompt; Tab does not leave it."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("tab,shift+tab", "stay", show=False)]

    def action_stay(self) -> None:
        """Keep the focus."""


class Question(NamedTuple):
    """A question about a source, asked in the prompt.

    ``label`` names the field, ``hint`` its format, ``value`` is the present
    value as text, and ``changes`` turns the answer into changes.
    """

    location: str
    label: str
    hint: str
    value: str
    changes: Callable[[str], SubscriptionChanges]


def question_about(field: str, source: SourceStatus) -> Question:
    """Return the question that asks for a new ``title``, ``folder``, ``topics`` or ``selector`` of a source."""
    if field == "folder":
        return Question(
            source.location, "Folder", "Outer / Inner", FOLDER_SEPARATOR.join(source.folder), _folder_change
        )
    if field == "selector":
        return Question(source.location, "Selector of the text", "CSS, of its pages", source.selector, _selector_change)
    if field == "topics":
        return Question(source.location, "Topics", "comma-separated", ", ".join(source.topics), _topics_change)
    return Question(source.location, "Title", "", source.custom_title or source.title, _title_change)


def _title_change(text: str) -> SubscriptionChanges:
    return {"title": text}


def _folder_change(text: str) -> SubscriptionChanges:
    return {"folder": _split(text, "/")}


def _topics_change(text: str) -> SubscriptionChanges:
    return {"topics": _split(text, ",")}


def _selector_change(text: str) -> SubscriptionChanges:
    return {"selector": text}


def _split(text: str, separator: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(part.strip() for part in text.split(separator) if part.strip()))
