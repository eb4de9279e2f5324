"""The window for the tags and the note of an article."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.content import Content
from textual.suggester import Suggester
from textual.widgets import Input, Static, TextArea

from tui_reader.errors import NewsError
from tui_reader.model.tags import Annotation, clean_note, split_tags, tag_key
from tui_reader.storage.tags import TagCount
from tui_reader.ui.screens.modal import ModalWindow
from tui_reader.ui.widgets.cells import clip
from tui_reader.ui.widgets.frame import Frame
from tui_reader.ui.widgets.line_input import LineInput
from tui_reader.ui.window_keys import bindings_of

_MOST_SHOWN = 40  # tags that are listed below the line


class Completion:
    """Completes the last tag of a line by those that there are, the most used first."""

    def __init__(self, known: Sequence[TagCount]) -> None:
        self._known = [each.tag for each in sorted(known, key=lambda each: -each.articles)]

    def matching(self, line: str) -> list[str]:
        """Return the tags that begin as the last one of ``line`` does, without those that it has already."""
        before, _, last = line.rpartition(",")
        start = tag_key(last.strip(" #"))
        has = {tag_key(part.strip(" #")) for part in before.split(",")}
        return [tag for tag in self._known if tag_key(tag).startswith(start) and tag_key(tag) not in has]

    def completed(self, line: str) -> str | None:
        """Return ``line`` with its last tag complete, or ``None`` if there is nothing to complete."""
        last = line.rpartition(",")[2].strip(" #")
        found = self.matching(line) if last else []
        if not found or found[0] == last or line.endswith(" "):
            return None
        return line[: len(line) - len(last)] + found[0]


class _Suggestions(Suggester):
    """Shows behind the cursor what Tab completes."""

    def __init__(self, completion: Completion) -> None:
        super().__init__(use_cache=False, case_sensitive=True)
        self._completion = completion

    async def get_suggestion(self, value: str) -> str | None:
        """Return the whole line with its last tag complete."""
        return self._completion.completed(value)


class AnnotationScreen(ModalWindow[Annotation | None]):
    """Asks for tags, separated by commas, and a note; the result is what to store, ``None`` for nothing."""

    BINDINGS: ClassVar[list[BindingType]] = bindings_of("annotation")
    window = "annotation"

    def __init__(self, title: str, before: Annotation, known: Sequence[TagCount]) -> None:
        super().__init__()
        self._before = before
        self._completion = Completion(known)
        self._warned = False  # that what was typed is about to be lost
        self._frame = Frame(clip(title, 60))
        self._tags = LineInput(
            self._line_of_tags(before),
            placeholder="tags, separated by commas",
            suggester=_Suggestions(self._completion),
            select_on_focus=False,  # another tag is added to those that are there
        )
        self._line = Static(id="annotation-tags", markup=False)
        self._note = TextArea(before.note, soft_wrap=True, tab_behavior="focus", show_line_numbers=False)

    @staticmethod
    def _line_of_tags(annotation: Annotation) -> str:
        """Return the tags as they stand in the line, with a comma before the one that is to come."""
        return "".join(f"{tag}, " for tag in annotation.tags)

    def compose(self) -> ComposeResult:
        """Lay out the line of tags, those that there are, and the note."""
        with self._frame:
            yield self._tags
            yield self._line
            yield self._note

    def on_mount(self) -> None:
        """Begin with the tags."""
        self._tags.focus()
        self._show_known()

    @on(Input.Changed)
    def _show_known(self) -> None:
        """Show which tags there are that begin as the last one does."""
        self._warned = False
        found = self._completion.matching(self._tags.value)
        self._show(" · ".join(found[:_MOST_SHOWN]) + (" …" if len(found) > _MOST_SHOWN else ""))

    @on(TextArea.Changed)
    def _note_changed(self) -> None:
        self._warned = False

    def _show(self, text: str, *, error: bool = False) -> None:
        self._line.update(Content.assemble((text or " ", "$error" if error else "$muted")))

    def on_descendant_focus(self) -> None:
        """Show what the keys do where the keyboard is."""
        if self._note.has_focus:
            hints = (("store", "store"), ("complete", "to the tags"), ("close", "close"))
        else:
            hints = (("store_tags", "store"), ("complete", "complete, to the note"), ("close", "close"))
        self.show_hints(self._frame, *hints)

    def action_forward(self) -> None:
        """Complete the tag, or else go to the other field."""
        completed = self._completion.completed(self._tags.value) if self._tags.has_focus else None
        if completed is None or self._tags.cursor_position < len(self._tags.value):
            self.action_other()
        else:
            self._tags.value = completed
            self._tags.cursor_position = len(completed)

    def action_other(self) -> None:
        """Go to the other field."""
        (self._tags if self._note.has_focus else self._note).focus()

    def _typed(self) -> Annotation:
        """Return what was typed. Raises :class:`UsageError`."""
        return Annotation(split_tags(self._tags.value), clean_note(self._note.text))

    def action_store(self) -> None:
        """Close with what was typed, or say what is wrong with it."""
        try:
            typed = self._typed()
        except NewsError as error:
            self.show_error(str(error))
        else:
            self.close(typed)

    def show_error(self, message: str) -> None:
        """Show what is wrong."""
        self._show(message, error=True)

    def action_close(self) -> None:
        """Close without storing anything; if something was changed, only when asked twice."""
        unchanged = (self._tags.value, self._note.text) == (self._line_of_tags(self._before), self._before.note)
        if unchanged or self._warned:
            self.close(None)
        else:
            self._warned = True
            self._show(self.hints(("close", "again drops what you typed"), ("store", "stores it")), error=True)
