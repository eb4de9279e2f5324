"""The filters: what each finds, what it does with that, and the actions on it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.strip import Strip
from textual.widgets import Static

from tui_reader.errors import NewsError
from tui_reader.model.article_filter import ArticleFilter
from tui_reader.ui.controllers.filters import Draft, Entry, Filters
from tui_reader.ui.screens.modal import FittedList, ListScreen
from tui_reader.ui.widgets.cells import clip, pad, width_of
from tui_reader.ui.widgets.frame import Frame
from tui_reader.ui.widgets.line_list import LineList
from tui_reader.ui.window_keys import bindings_of

_DOES = 12  # cells
_NUMBER = 7


class FilterList(FittedList):
    """The filters and mutes, one a line."""

    beside = 2

    def __init__(self) -> None:
        super().__init__()
        self.entries: Sequence[Entry] = ()

    def count(self) -> int:
        """Return the number of filters."""
        return len(self.entries)

    def show(self, entries: Sequence[Entry]) -> None:
        """Show other filters; the cursor stays as far as it can."""
        self.entries = entries
        self.cursor = min(self.cursor, max(0, len(entries) - 1))
        self.show_others()

    def draw(self, index: int, width: int, selected: bool) -> list[Strip]:
        """Draw one filter: how many stories, what it does, its query, and what it is limited to."""
        entry, palette = self.entries[index], self.palette
        number = "wrong" if entry.stories is None else f"{entry.stories:,}"
        is_off = entry.filter is not None and entry.filter.paused
        remark = " · ".join(part for part in (entry.source_title, "off" if is_off else "") if part)
        room = width - _NUMBER - _DOES - width_of(remark) - 6
        parts = [
            self.bar(selected),
            (pad(number, _NUMBER, right=True) + "  ", palette.muted),
            (pad(clip(_does(entry.filter), _DOES), _DOES), palette.muted if is_off else palette.accent),
            (pad(clip(_query(entry), room), room), palette.muted if is_off else palette.bright),
            (f" {remark} ", palette.muted),
        ]
        return [self.strip(parts, width, selected)]


def _does(each: ArticleFilter | None) -> str:
    return "mute" if each is None else each.does


def _query(entry: Entry) -> str:
    return f"{entry.mute[0]} {entry.mute[1]}" if entry.filter is None else entry.filter.query or "everything"


class FiltersScreen(ListScreen[None]):
    """Lists the filters, and turns them on and off, changes and removes them."""

    BINDINGS: ClassVar[list[BindingType]] = bindings_of("filters")
    window = "filters"

    def __init__(self, filters: Filters) -> None:
        self._list = FilterList()
        super().__init__(self._list)
        self._filters = filters
        self._note = Static("", id="filters-note", markup=False)

    def compose(self) -> ComposeResult:
        """Show the filters, or how to make one."""
        with Frame("Filters") as frame:
            self.show_hints(
                frame, ("change", "change"), ("switch", "on/off"), ("remove", "remove"),
                ("add", "new"), ("undo", "undo"), ("close", "close"),
            )  # fmt: skip
            yield self._note
            yield self._list

    def on_mount(self) -> None:
        """Read the filters."""
        self._list.focus()
        self.start(self._show(), group="filters")

    def _do(self, action: Callable[[], Awaitable[str | None]]) -> None:
        """Change something, then show the filters as they are now, and what the action says."""
        self._filters.run(partial(self._then_show, action))

    async def _then_show(self, action: Callable[[], Awaitable[str | None]]) -> None:
        try:
            said = await action()
            await self._show()
            if said and self.is_attached:
                self._say(said)
        except NewsError as error:
            self.show_error(str(error))

    async def _show(self) -> None:
        entries = await self._filters.entries()
        if self.is_attached:
            self._list.show(entries)
            self._say("" if entries else self._none())

    def _none(self) -> str:
        """Say which keys make a filter: that of this window, and the one on a story."""
        keys = [key for key in (self.label("add"), self.keymap.label("about")) if key]
        return (
            "No filters yet"
            + (f": {keys[0]} makes one" if keys else "")
            + (f", and so does ‘{keys[1]}’ on a story." if len(keys) > 1 else ".")
        )

    def _say(self, words: str) -> None:
        self._note.update(words)
        self._note.display = bool(words)

    def show_error(self, message: str) -> None:
        """Show why something was not done."""
        self._say(message)

    def _current(self) -> Entry | None:
        entries = self._list.entries
        return entries[self._list.cursor] if self._list.cursor < len(entries) else None

    def action_switch(self) -> None:
        """Turn the filter under the cursor off, or on."""
        entry = self._current()
        if entry is not None and entry.filter is None:
            self._say(
                "A mute is on as long as it is there: "
                + self.hints(("remove", "removes it"), ("undo", "brings it back"))
            )
        elif entry is not None:
            self._do(lambda: self._filters.toggle(entry))

    def action_remove(self) -> None:
        """Remove the filter under the cursor; it can be undone."""
        entry = self._current()
        if entry is not None:
            self._do(lambda: self._filters.remove(entry))

    def action_undo(self) -> None:
        """Undo the last step."""
        self._do(self._filters.undo)

    async def action_add(self) -> None:
        """Make another filter, of the search if there is one."""
        await self._ask(await self._filters.draft_of_search())

    async def action_change(self) -> None:
        """Change the filter under the cursor."""
        entry = self._current()
        if entry is None:
            return
        if entry.filter is None:
            self._say("A mute cannot be changed: " + self.hints(("remove", "removes it"), ("add", "makes a filter")))
            return
        each = entry.filter
        is_limited = bool(each.source)
        draft = Draft(each.query, each.does, each.source, entry.source_title, only_source=is_limited, before=each)
        await self._ask(draft)

    async def _ask(self, draft: Draft) -> None:
        from tui_reader.ui.screens.filter import FilterScreen

        await self.app.push_screen(FilterScreen(draft, self._filters), self._asked)

    def _asked(self, draft: Draft | None) -> None:
        if draft is not None:
            self._do(lambda: self._filters.make(draft))

    async def on_line_list_chosen(self, event: LineList.Chosen) -> None:
        """Change the filter that was clicked again."""
        event.stop()
        await self.action_change()

    def action_close(self) -> None:
        """Close the window."""
        self.close(None)
