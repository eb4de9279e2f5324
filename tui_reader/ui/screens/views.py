"""The smart views in a window: list, rename, change, move and delete them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import ClassVar, TypeVar, Unpack

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.content import Content
from textual.strip import Strip
from textual.widgets import Static

from tui_reader.model.query import Sort, Window
from tui_reader.model.story import ViewCount
from tui_reader.model.text import visible
from tui_reader.subscriptions.views import (
    SmartView,
    ViewChanges,
    add_view,
    change_view,
    check_query,
    load_views,
    move_view,
    remove_view,
)
from tui_reader.ui.screens.modal import FittedList, ListScreen
from tui_reader.ui.screens.question import QuestionScreen
from tui_reader.ui.widgets.cells import clip, pad, width_of
from tui_reader.ui.widgets.frame import Frame
from tui_reader.ui.widgets.line_list import LineList
from tui_reader.ui.widgets.sidebar import BROKEN, ViewRow
from tui_reader.ui.window_keys import bindings_of
from tui_reader.ui.words import sort_words, window_words

Step = TypeVar("Step", Sort, Window)

_HINTS = (
    ("choose", "list"), ("add", "add"), ("change_query", "query"), ("rename", "rename"),
    ("move_down/move_up", "move"), ("delete", "delete"), ("close", "close"),
)  # fmt: skip
_EXAMPLE = 'Such as  title:kernel OR "open source" is:unread'


class ViewList(FittedList):
    """The views, each with its query below."""

    beside = 3

    def __init__(self, rows: Sequence[ViewRow]) -> None:
        super().__init__()
        self.item_height = 2
        self._counts = {row.view.query: row.numbers for row in rows}
        self.views = [row.view for row in rows]

    def count(self) -> int:
        """Return the number of views."""
        return len(self.views)

    def height_for(self, width: int) -> int:
        """Return two lines: the name, and the query."""
        return 2

    def current(self) -> SmartView | None:
        """Return the view under the cursor."""
        return self.views[self.cursor] if self.views else None

    def show(self, views: Sequence[SmartView], name: str) -> None:
        """Show ``views``, with the cursor on the one called ``name`` if it is there."""
        self.views = list(views)
        names = [view.name for view in views]
        self.cursor = names.index(name) if name in names else max(0, min(self.cursor, len(names) - 1))
        self.show_others()
        self.keep_in_view()

    def draw(self, index: int, width: int, selected: bool) -> list[Strip]:
        """Draw one view."""
        view, palette, bar = self.views[index], self.palette, self.bar(selected)
        facts = _facts(view, self._counts.get(view.query))
        room = width - width_of(facts) - 4
        name = (pad(clip(view.name, room), room), palette.bright)
        text, style = (view.problem, palette.accent) if view.problem else (view.query, palette.muted)
        return [
            self.strip([bar, name, (f" {facts} ", palette.muted)], width, selected),
            self.strip([bar, (clip(visible(text), width - 2), style)], width, selected),
        ]


def _facts(view: SmartView, count: ViewCount | None) -> str:
    """Return what is fixed for a view, and its numbers."""
    if view.problem:
        return BROKEN
    fixed = [sort_words(view.sort)] if view.sort else []
    fixed += [window_words(view.window)] if view.window else []
    numbers = [] if count is None else [f"{count.unread:,} unread of {count.stories:,}"]
    return " · ".join([*fixed, *numbers])


def _next(values: Sequence[Step], now: Step | None) -> Step | None:
    """Return the value after the present one; the first after none, and none after the last."""
    place = 0 if now is None else values.index(now) + 1
    return values[place] if place < len(values) else None


class ViewsScreen(ListScreen[str | None]):
    """Lists the views and changes them; the result is the name of the one to list, or ``None``."""

    BINDINGS: ClassVar[list[BindingType]] = bindings_of("views")
    window = "views"

    items: ViewList

    def __init__(self, path: Path, rows: Sequence[ViewRow]) -> None:
        """``path`` is that of the file with the views."""
        super().__init__(ViewList(rows))
        self._path = path
        self._delete_next = ""  # the name of the view that a second d deletes
        self._note = Static(id="views-note", markup=False)

    def compose(self) -> ComposeResult:
        """Show the views."""
        with Frame("Views") as frame:
            self.show_hints(frame, *_HINTS)
            yield self.items
            yield self._note

    def on_mount(self) -> None:
        """Read the file: it may have been changed by hand."""
        self.say("" if self.items.views else self._empty())
        self._reload("")

    def _empty(self) -> str:
        """Say which keys make a view: that of this window, and the one in a search."""
        add, save = self.label("add"), self.keymap.label("save_view")
        ways = [f"{add} adds one"] if add else []
        ways += [f"{save} in a search saves what is typed as a view"] if save else []
        return "No views yet" + (f": {', and '.join(ways)}." if ways else ".")

    def say(self, message: str, *, error: bool = False) -> None:
        """Show a message below the list."""
        self._note.display = bool(message)
        self._note.update(Content.assemble((message, "$error" if error else "$muted")))

    def show_error(self, message: str) -> None:
        """Show why the file could not be read or written."""
        self.say(message, error=True)

    # -- changing the file -------------------------------------------------------

    def _reload(self, name: str, message: str = "") -> None:
        self.start(self._read(name, message), group="read")

    async def _read(self, name: str, message: str) -> None:
        views = await asyncio.to_thread(load_views, self._path)
        now = self.items.current()
        self.items.show(views, name or ("" if now is None else now.name))
        self.say(message or ("" if views else self._empty()))

    def _edit(self, edit: Callable[[], object], name: str, message: str = "") -> None:
        """Change the file, and show what is in it then, with the cursor on the view called ``name``."""
        self.start(self._write(edit, name, message), group="edit")

    async def _write(self, edit: Callable[[], object], name: str, message: str) -> None:
        await self.write(edit)
        await self._read(name, message)

    def _ask(self, title: str, save: Callable[[str], object], *, value: str = "", note: str = "") -> None:
        screen = QuestionScreen(title, save, value=value, note=note)
        self.app.push_screen(screen, lambda answer: self._reload(answer or ""))

    def action_add(self) -> None:
        """Ask for the query of another view, then for its name."""
        screen = QuestionScreen("Query of the new view", check_query, note=_EXAMPLE)
        self.app.push_screen(screen, lambda query: self._ask_name(query) if query else None)

    def _ask_name(self, query: str) -> None:
        self._ask("Name of the new view", lambda name: add_view(self._path, SmartView(name, query)), note=query)

    def action_change_query(self) -> None:
        """Ask for another query of the view."""
        view = self.items.current()
        if view is not None:
            save = partial(self._save_query, view.name)
            self._ask(f"Query of {view.name}", save, value=view.query)

    def action_rename(self) -> None:
        """Ask for another name of the view."""
        view = self.items.current()
        if view is not None:
            save = partial(self._save_name, view.name)
            self._ask(f"Rename {view.name}", save, value=view.name)

    def _save_query(self, name: str, query: str) -> None:
        change_view(self._path, name, query=query)

    def _save_name(self, before: str, name: str) -> None:
        change_view(self._path, before, name=name)

    def action_next_sort(self) -> None:
        """Fix the next order for the view, or after the last one none."""
        view = self.items.current()
        if view is not None:
            sort = _next(list(Sort), view.sort)
            self._change(view.name, sort_words(sort) if sort else "order", sort=sort)

    def action_next_window(self) -> None:
        """Fix the next window for the view, or after the last one none."""
        view = self.items.current()
        if view is not None:
            window = _next(list(Window), view.window)
            self._change(view.name, window_words(window) if window else "window", window=window)

    def _change(self, name: str, words: str, /, **changes: Unpack[ViewChanges]) -> None:
        """Fix something for a view, or no longer."""
        is_fixed = any(changes.values())
        said = f"Always {words}" if is_fixed else f"In the {words} that is chosen in the list"
        self._edit(partial(change_view, self._path, name, **changes), name, said)

    def action_move_view(self, by: int) -> None:
        """Move the view up or down."""
        view = self.items.current()
        if view is not None:
            self._edit(partial(move_view, self._path, view.name, by), view.name)

    def action_delete(self) -> None:
        """Delete the view if the key is pressed twice."""
        view = self.items.current()
        if view is None:
            return
        if self._delete_next != view.name:
            self._delete_next = view.name
            self.say(f"Press {self.label('delete')} again to delete {view.name}")
            return
        self._delete_next = ""
        self._edit(partial(remove_view, self._path, view.name), "", f"Deleted {view.name}")

    # -- moving ------------------------------------------------------------------

    def on_line_list_moved(self) -> None:
        """Forget what a second key would have done."""
        self._delete_next = ""

    def on_line_list_chosen(self, event: LineList.Chosen) -> None:
        """List the view that was clicked again."""
        event.stop()
        self.action_choose()

    def action_choose(self) -> None:
        """Close, and list the view under the cursor."""
        view = self.items.current()
        if view is not None:
            self.when_written(lambda: self.close(view.name))

    def action_close(self) -> None:
        """Close the window."""
        self.when_written(lambda: self.close(None))
