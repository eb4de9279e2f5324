"""Make or change a filter, with a preview of what it finds."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal
from textual.content import Content
from textual.strip import Strip
from textual.widgets import Input, Static

from tui_reader.errors import NewsError
from tui_reader.model.article_filter import ON_ARRIVAL
from tui_reader.model.story import StoryRow
from tui_reader.ui.controllers.filters import Draft, Filters
from tui_reader.ui.screens.modal import FittedList, ModalWindow
from tui_reader.ui.widgets.cells import clip, pad, width_of
from tui_reader.ui.widgets.frame import Frame
from tui_reader.ui.widgets.line_input import LineInput
from tui_reader.ui.window_keys import bindings_of
from tui_reader.ui.words import sentence

if TYPE_CHECKING:
    from tui_reader.queries.filter_preview import FilterPreview


class FoundList(FittedList):
    """The newest articles that the filter finds, one a line."""

    can_focus = False
    beside = 10

    def __init__(self) -> None:
        super().__init__()
        self._rows: Sequence[StoryRow] = ()

    def count(self) -> int:
        """Return the number of articles."""
        return len(self._rows)

    def show(self, rows: Sequence[StoryRow]) -> None:
        """Show other articles."""
        self._rows = rows
        self.show_others()

    def draw(self, index: int, width: int, selected: bool) -> list[Strip]:
        """Draw one article with its provider at the right edge."""
        row = self._rows[index]
        name = clip(row.provider.name, width // 3)
        room = width - width_of(name) - 2
        parts = [(pad(clip(row.title, room), room), self.palette.text), (f"  {name}", self.palette.muted)]
        return [self.strip(parts, width, False)]


class FilterScreen(ModalWindow[Draft | None]):
    """Asks for a query and what to do with what it finds; the result is the draft that was applied."""

    BINDINGS: ClassVar[list[BindingType]] = bindings_of("filter")
    window = "filter"

    def __init__(self, draft: Draft, filters: Filters) -> None:
        super().__init__()
        self._draft = draft
        self._filters = filters
        # What was found for the person is refined, and what is done with it is chosen anew.
        self._query = LineInput(
            draft.query, placeholder="what to find, as in the search", id="filter-query", select_on_focus=False
        )
        self._does = LineInput(draft.does, placeholder="mute, read, save, tag NAME, raise N, lower N", id="filter-does")
        self._where = Static(id="filter-where", markup=False)
        self._note = Static(id="filter-note", markup=False)
        self._found = FoundList()

    def compose(self) -> ComposeResult:
        """Lay out the two fields, what the filter is limited to, and what it finds."""
        with Frame("Filter" if self._draft.before is None else "Change the filter") as frame:
            self.show_hints(
                frame, ("apply", "apply"), ("previous/next", "what it does"), ("other_field", "field"),
                ("close", "close"),
            )  # fmt: skip
            for label, field in (("Find", self._query), ("Do", self._does)):
                with Horizontal(classes="filter-field"):
                    yield Static(label, markup=False)
                    yield field
            yield self._where
            yield self._note
            yield self._found

    def on_mount(self) -> None:
        """Show what the filter finds."""
        self._query.focus()
        self._show()

    def on_input_changed(self, event: Input.Changed) -> None:
        """Follow what is typed."""
        event.stop()
        draft = self._typed()
        if draft != self._draft:
            self._draft = draft
            self._show()

    def _typed(self) -> Draft:
        """Return the draft as it is in the fields."""
        return self._draft._replace(query=self._query.value, does=self._does.value)

    def _show(self) -> None:
        """Show what the draft is, and find out what it finds."""
        draft = self._draft
        parts = []
        if draft.source:
            where, other = (f"only {draft.source_title}", "all") if draft.only_source else ("all sources", "only this")
            parts.append(self._switched(where, "source", other))
        if draft.does.startswith(tuple(ON_ARRIVAL)):
            both, later = "what is there, and what arrives", "what arrives from now on"
            parts.append(self._switched(both, "now", "only new") if draft.now else self._switched(later, "now", "all"))
        self._where.update(Content.assemble((" · ".join(parts), "$muted")))
        self._where.display = bool(parts)
        self.workers.cancel_group(self, "preview")
        self.start(self._preview(draft), group="preview")

    def _switched(self, words: str, command: str, other: str) -> str:
        """Return what holds now, with the key that changes it."""
        label = self.label(command)
        return f"{words} ({label}: {other})" if label else words

    async def _preview(self, draft: Draft) -> None:
        found = await self._filters.preview(draft)
        if draft == self._draft:
            self._show_found(found)

    def _show_found(self, found: FilterPreview) -> None:
        self._say(f"It {found.words}")
        self._found.show(found.newest)

    def _say(self, words: str, *, error: bool = False) -> None:
        self._note.update(Content.assemble((words, "$error" if error else "$accent")))

    def show_error(self, message: str) -> None:
        """Show what is wrong with the draft; what was found before stays. What is still to be typed is not wrong."""
        self._say(sentence(message), error=bool(self._query.value.strip()))

    def action_page(self, by: int) -> None:
        """Show further articles that the filter finds, where there is not room for all."""
        self._found.scroll_relative(y=by * max(1, self._found.size.height - 1), animate=False)

    async def action_apply(self) -> None:
        """Apply the filter, if it is one."""
        draft = self._typed()
        try:
            await self._filters.preview(draft)
        except NewsError as error:
            self.show_error(str(error))
        else:
            self.close(draft)

    def action_cycle(self, by: int) -> None:
        """Take the next of the usual actions."""
        self._does.value = self._draft.next_action(by).does

    def action_other_field(self) -> None:
        """Go to the other field."""
        (self._query if self._does.has_focus else self._does).focus()

    def action_toggle_now(self) -> None:
        """Do it with what is there too, or not."""
        self._draft = self._draft._replace(now=not self._draft.now)
        self._show()

    def action_toggle_source(self) -> None:
        """Limit the filter to one source, or not."""
        if self._draft.source:
            self._draft = self._draft._replace(only_source=not self._draft.only_source)
            self._show()

    def action_close(self) -> None:
        """Close without a filter."""
        self.close(None)
