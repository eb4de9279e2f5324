"""The smart views in the sidebar: reads them again when their file changes, and counts their stories aside."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from tui_reader.errors import NewsError, QueryError, UsageError
from tui_reader.model.query import Query
from tui_reader.model.story import ViewCount
from tui_reader.private_files import stamp_of
from tui_reader.ui.controllers.page import Page
from tui_reader.ui.widgets.sidebar import ViewRow

if TYPE_CHECKING:
    from tui_reader.subscriptions.views import SmartView

_QUIET = 0.2  # seconds before the stories of the views are counted


class SmartViews:
    """The views of the file, in its order; those that are not valid are there too, and told once."""

    def __init__(self, page: Page, path: Path) -> None:
        self._page = page
        self._path = path
        self._stamp: tuple[int, ...] | None = None  # before they are read
        self._told: set[str] = set()
        self._counts: dict[SmartView, ViewCount] = {}
        self.views: tuple[SmartView, ...] = ()

    def rows(self) -> list[ViewRow]:
        """Return what the sidebar shows of them."""
        return [ViewRow(view, self._counts.get(view)) for view in self.views]

    def find(self, view: SmartView) -> SmartView | None:
        """Return the same view as it is now: by its name, or by its query if it was renamed; ``None`` if it is gone."""
        by_name = next((each for each in self.views if each.name == view.name), None)
        return by_name or next((each for each in self.views if each.query == view.query), None)

    def check(self, view: SmartView | None) -> None:
        """Raise :class:`UsageError` if a view is one that cannot be listed."""
        if view is not None and view.problem:
            raise UsageError(view.problem)

    def words(self, view: SmartView, error: UsageError) -> str:
        """Say why a view cannot be listed."""
        return view.problem or f"The view ‘{view.name}’ cannot be listed: {error}"

    async def update(self) -> bool:
        """Read the views again if their file has changed; return whether they may be others."""
        stamp = await asyncio.to_thread(stamp_of, self._path)
        if stamp == self._stamp:
            return False
        is_first, self._stamp, before = self._stamp is None, stamp, self.views
        try:
            self.views = await asyncio.to_thread(self._load) if stamp else ()
        except NewsError as error:
            self._tell(str(error))  # the views from before stay: the file is about to be mended
            return False
        for view in self.views:
            if view.problem:
                self._tell(view.problem)
        return is_first or self.views != before

    def _load(self) -> tuple[SmartView, ...]:
        from tui_reader.subscriptions.views import load_views  # takes a while, and the first screen is there

        return load_views(self._path)

    def _tell(self, problem: str) -> None:
        if problem not in self._told:
            self._told.add(problem)
            # The footer has one line: what is wrong matters more than the folder.
            self._page.say(problem.replace(f"{self._path.parent}/", ""), error=True)

    # -- numbers ---------------------------------------------------------------

    def count(self, query: Query, shown: Callable[[], None]) -> None:
        """Count the stories of each view aside, in the window and with the folding of ``query``, and call ``shown``."""
        if self.views:
            self._page.ask("view counts", self._count, query, shown)

    async def _count(self, query: Query, shown: Callable[[], None]) -> None:
        await asyncio.sleep(_QUIET)  # whoever goes on pressing keys is served first: a newer count replaces this one
        library = self._page.library
        before = dict(self._counts)
        self._counts = {view: count for view, count in before.items() if view in self.views}
        for view in self.views:
            if view.problem:
                continue
            try:
                # One question for each view: a key that is pressed meanwhile is answered before the next one.
                self._counts[view] = await library.ask(library.reader.view_count, view.apply(query))
            except QueryError:
                self._counts.pop(view, None)  # it names what is not there: told when the view is listed
        if self._counts != before:
            shown()
