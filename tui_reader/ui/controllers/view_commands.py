"""Saves what is listed as a smart view, and opens the window with all of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Protocol

from tui_reader.model.query import Filter, Query
from tui_reader.ui.choice import Choice
from tui_reader.ui.controllers.page import Page
from tui_reader.ui.controllers.search import Search
from tui_reader.ui.widgets.sidebar import ViewRow


class Windows(Protocol):
    """Opens windows."""

    async def ask(
        self, title: str, save: Callable[[str], object], done: Callable[[str], None], *, note: str = ""
    ) -> None:
        """Ask for one line; call ``save`` with the answer, in a thread, then ``done``; ``note`` stands below it."""

    async def views(self, now: Callable[[], Sequence[ViewRow]], picked: Callable[[str], None]) -> None:
        """Show the views; call ``picked`` with the name of the one to list, or an empty string."""


class ViewCommands:
    """What the keys for smart views do."""

    def __init__(self, page: Page, search: Search, path: Path, *, windows: Windows, run: Callable[..., None]) -> None:
        """``path`` is that of the file with the views; ``run`` queues an action."""
        self._page = page
        self._browsing = search.browsing
        self._search = search
        self._run = run
        self._windows = windows
        self._path = path

    async def save(self) -> None:
        """Ask for a name, and save what is listed under it. Raises :class:`QueryError` for a wrong search."""
        if self._search.is_open and self._search.error is not None:
            raise self._search.error  # the list is still that of the words before
        query = listed_query(self._browsing.query, self._browsing.choice)
        if query:
            await self._windows.ask("Save as a view: its name", partial(self._add, query), self._saved, note=query)
        else:
            key = self._page.keymap.label("search")
            self._page.say(f"All stories need no view: search first ({key}), or go to a topic")

    def _add(self, query: str, name: str) -> None:
        from tui_reader.subscriptions.views import SmartView, add_view

        add_view(self._path, SmartView(name, query))

    def _saved(self, name: str) -> None:
        self._run(self._show, name, f"Saved as the view {name}")

    async def manage(self) -> None:
        """Open the window with the views."""
        await self._windows.views(self._browsing.views.rows, lambda name: self._run(self._show, name))

    async def _show(self, name: str, message: str = "") -> None:
        """Show the views as they are now, and list the one called ``name``."""
        await self._browsing.show_sidebar()
        view = next((view for view in self._browsing.views.views if view.name == name), None)
        if view is None:
            return
        await self._search.end()
        self._browsing.go_to(Choice(view=view))
        if message:
            self._page.say(message)


def listed_query(query: Query, choice: Choice) -> str:
    """Return the query for what is listed, whatever its order and window; empty for all stories.

    Raises :class:`QueryError` if words were typed that cannot be read.
    """
    from tui_reader.model.expression import Expression, Field, Text, all_of, to_text
    from tui_reader.model.expression_parser import parse
    from tui_reader.model.source_tree import folder_path

    parts: list[Expression | None] = [parse(query.within)]
    branch = choice.branch if query.sources else None
    if query.topic:
        parts.append(Field("topic", "=", query.topic))
    if query.filter is not Filter.ALL:
        parts.append(Field("is", "=", query.filter))
    if query.provider:
        parts.append(Text(query.provider, "provider", phrase=True))
    if branch is not None:
        folder = Field("folder", "=", folder_path(branch.folder))
        parts.append(folder if branch.is_folder else Field("source", "=", branch.label))
    words = parse(query.words)
    found = [part for part in parts if part is not None]
    if not found:
        return query.words.strip() if words is not None else ""  # as it was typed
    return to_text(all_of([*found, *([] if words is None else [words])]))
