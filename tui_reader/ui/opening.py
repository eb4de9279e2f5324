"""What the reader opens with, read before there is a screen: the front page, a view, or where it was left."""

from __future__ import annotations

import time

from tui_reader.config import Folders, Settings, View
from tui_reader.errors import QueryError, UsageError
from tui_reader.named_tuple import NamedTuple
from tui_reader.subscriptions.selection import Selection
from tui_reader.ui.choice import Choice
from tui_reader.ui.left import Left, load_left
from tui_reader.ui.library import Library, Listing


class Opening(NamedTuple):
    """The head of the list that is shown first; where the reader goes on, if it does, and the article to begin at."""

    first: Listing
    left: Left | None = None
    begin_at: int | None = None


def read_opening(
    library: Library, selection: Selection, folders: Folders, settings: Settings, view: View, *, name: str = ""
) -> Opening:
    """Read the view called ``name``; else where the reader was left lately; else the front page.

    What is empty by now, such as the list of a source that was removed, is no
    place to go on. Raises :class:`StoreError`, and :class:`UsageError` if
    there is no such view.
    """
    front_page = view.query()
    left = _named(folders, name) if name else _left_lately(folders, selection, settings)
    if left is not None:
        try:
            first, begin_at = library.opening_page_around(left.query(front_page), left.page, left.row)
        except QueryError as error:
            if name:
                raise UsageError(f"the view ‘{name}’ cannot be listed: {error}") from error
        else:
            if first.total or name:
                return Opening(first, left, begin_at)
    return Opening(library.opening_page(front_page))


def _named(folders: Folders, name: str) -> Left:
    from tui_reader.subscriptions.views import find_view, load_views

    return Left(choice=Choice(view=find_view(load_views(folders.views), name)))


def _left_lately(folders: Folders, selection: Selection, settings: Settings) -> Left | None:
    left = load_left(folders.left, selection.database.name) if settings.resume else None
    if left is None or not 0 <= time.time() - left.when <= settings.resume:
        return None
    view = left.choice.view
    return left if view is None or not view.problem else None
