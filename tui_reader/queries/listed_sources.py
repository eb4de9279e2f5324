"""Lists the sources of a selection with their titles and folders, for the sidebar and the commands."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from tui_reader.config import Folders
from tui_reader.model.source_tree import ListedSource
from tui_reader.model.text import visible
from tui_reader.queries.source_status import broken_sources, short_address
from tui_reader.sources.locations import is_remote
from tui_reader.subscriptions.selection import Selection
from tui_reader.subscriptions.subscription import load_subscriptions


def listed_sources(selection: Selection, folders: Folders, titles: Mapping[str, str]) -> list[ListedSource]:
    """Return the sources of ``selection`` in their order.

    ``titles`` are those that the sources give themselves, by location. Raises
    :class:`UsageError` if ``sources.toml`` is not valid, and
    :class:`StoreError` if the feed store cannot be read.
    """
    subscriptions = {source.location: source for source in load_subscriptions(folders.sources) if selection.kept}
    broken = broken_sources(folders) if selection.kept else frozenset()
    found = []
    for location in selection.locations:
        own = subscriptions.get(location)
        title = (own.title if own else "") or visible(titles.get(location, "")) or _name(location)
        found.append(ListedSource(location, title, own.folder if own else (), location in broken))
    return found


def _name(location: str) -> str:
    return short_address(location) if is_remote(location) else visible(Path(location).name) or visible(location)
