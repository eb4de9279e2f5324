"""The folders and sources in the sidebar: what they are, which folders are open, and what is shown of them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping

from tui_reader.config import load_open_folders, save_open_folders
from tui_reader.model.source_tree import Branch, ListedSource, source_tree
from tui_reader.private_files import status_of
from tui_reader.storage.source_articles import SourceCount, Sources
from tui_reader.subscriptions.selection import Selection
from tui_reader.ui.controllers.page import Page
from tui_reader.ui.session import Session
from tui_reader.ui.widgets.sidebar import BranchRow

_MANY = 30  # sources with which folders are closed until they are opened


class SourceTree:
    """The tree of the selection that is open; empty for a selection of one source."""

    def __init__(self, page: Page, session: Session, selection: Callable[[], Selection]) -> None:
        """``selection`` returns the sources that are shown now."""
        self._page = page
        self._folders = session.folders
        self._selection = selection
        self._open = load_open_folders(self._folders.sidebar)
        self._versions: tuple[object, ...] = ()
        self._sources: list[ListedSource] = []
        self.branches: list[Branch] = []
        """All folders and sources, from top to bottom."""

    async def update(self) -> bool:
        """Read the sources again if they may have changed; return whether the tree is another."""
        selection, library = self._selection(), self._page.library
        titles = await library.ask(library.reader.source_titles)
        versions = (selection, titles, await asyncio.to_thread(self._stamps))
        if versions == self._versions:
            self._name_places()  # the index may be another one
            return False
        before = self.branches
        several = len(selection.locations) > 1
        self._sources = await asyncio.to_thread(self._read, selection, titles) if several else []
        self.branches = source_tree(self._sources)
        self._versions = versions
        self._name_places()
        return self.branches != before

    def _name_places(self) -> None:
        """Let a search find the articles of sources and folders by their names in the tree."""
        if sources := self._sources:
            self._page.library.reader.places = lambda: sources

    def _read(self, selection: Selection, titles: Mapping[str, str]) -> list[ListedSource]:
        from tui_reader.queries.listed_sources import listed_sources  # takes a while, and the first screen is there

        return listed_sources(selection, self._folders, titles)

    def _stamps(self) -> list[int]:
        """Return when the subscriptions and the feed store were written."""
        fetched = self._folders.fetched
        paths = (self._folders.sources, fetched, fetched.with_name(fetched.name + "-wal"))
        return [status.st_mtime_ns if status else 0 for status in map(status_of, paths)]

    def groups(self) -> list[Sources]:
        """Return the sources of each branch, to be counted."""
        return [branch.sources for branch in self.branches]

    def rows(self, counts: Mapping[Sources, SourceCount], chosen: Branch | None) -> list[BranchRow]:
        """Return what the sidebar shows: all but what is in closed folders, and perhaps what is read.

        The branch that is ``chosen`` is shown in any case, unless its folder is closed.
        """
        rows: list[BranchRow] = []
        closed: tuple[str, ...] | None = None
        for branch in self.branches:
            around = branch.folder[:-1] if branch.is_folder else branch.folder
            if closed is not None and around[: len(closed)] == closed:
                continue
            closed = None
            is_open = branch.is_folder and self.is_open(branch.folder)
            if branch.is_folder and not is_open:
                closed = branch.folder
            unread = counts[branch.sources].unread if branch.sources in counts else 0
            if unread or self._page.settings.read_feeds != "hide" or _is_around(branch, chosen):
                rows.append(BranchRow(branch, unread, is_open))
        return rows

    def find(self, branch: Branch) -> Branch | None:
        """Return the same folder or source in the present tree, or ``None`` if it is no longer there."""
        if branch.is_folder:
            return next((each for each in self.branches if each.is_folder and each.folder == branch.folder), None)
        return self.source(*branch.sources)

    def source(self, location: str) -> Branch | None:
        """Return the branch of a source, or ``None`` if it is not in the tree."""
        return next((each for each in self.branches if not each.is_folder and each.sources == (location,)), None)

    def around(self, branch: Branch) -> Branch | None:
        """Return the folder that a branch is in, or ``None``."""
        folder = branch.folder[:-1] if branch.is_folder else branch.folder
        return next((each for each in self.branches if each.is_folder and each.folder == folder), None)

    # -- open and closed folders -------------------------------------------------

    def is_open(self, folder: tuple[str, ...]) -> bool:
        """Return whether a folder is open: as the user left it, or else unless there are many sources."""
        sources = sum(not branch.is_folder for branch in self.branches)
        return self._open.get(folder, sources <= _MANY)

    def set_open(self, folder: tuple[str, ...], *, is_open: bool) -> None:
        """Open or close a folder, and remember it."""
        self._open[folder] = is_open
        try:
            save_open_folders(self._folders.sidebar, self._open)
        except OSError as error:
            self._page.say(f"{self._folders.sidebar.parent} cannot be written: {error.strerror}", error=True)

    def reveal(self, branch: Branch) -> None:
        """Open the folders around a branch."""
        outer = self.around(branch)
        while outer is not None:
            if not self.is_open(outer.folder):
                self.set_open(outer.folder, is_open=True)
            outer = self.around(outer)


def _is_around(branch: Branch, chosen: Branch | None) -> bool:
    """Return whether a branch is the chosen one, or a folder around it."""
    if chosen is None:
        return False
    if branch.is_folder:
        return chosen.folder[: len(branch.folder)] == branch.folder
    return not chosen.is_folder and branch.sources == chosen.sources
