"""Opens the reader: reads the first page before anything of the screen is imported."""

from __future__ import annotations

import gc
import os
import sys
import time
from contextlib import closing, suppress

from tui_reader.config import Folders, Settings, load_view
from tui_reader.model.source_tree import ListedSource
from tui_reader.subscriptions.selection import Selection, default_view
from tui_reader.ui.end_signals import exiting_on_signals
from tui_reader.ui.keymap import Keymap
from tui_reader.ui.library import Library
from tui_reader.ui.opening import read_opening
from tui_reader.ui.session import Session
from tui_reader.ui.worker_process import at_start, end_indexer, start_indexer


def run_reader(
    selection: Selection, folders: Folders, settings: Settings, *, offline: bool = False, view_name: str = ""
) -> int:
    """Show the front page, or a view, until the person quits; return the exit status.

    ``offline`` asks no source for news.

    Raises :class:`StoreError` and :class:`UsageError` before the screen is taken.
    """
    keymap = Keymap(settings.keys)
    with (
        exiting_on_signals(),
        closing(Library(selection.database, folders.marks, new_coverage=settings.new_coverage)) as library,
    ):
        view = load_view(folders.view, lambda: default_view(selection, is_blog=library.reader.is_blog()))
        library.reader.places = lambda: _places(selection, folders, library)
        opening = read_opening(library, selection, folders, settings, view, name=view_name)
        first = opening.first
        title = selection.title(settings.title, library.reader.summary().title)
        # With nothing to show yet, the indexer starts while the screen is being made.
        indexer = None if first.total else start_indexer(selection, *at_start(offline), log=folders.log)
        try:
            # Threads take turns every millisecond: Python's five would be seen when the library answers.
            sys.setswitchinterval(0.001)
            # Milliseconds after which a lone Esc is the key and not the beginning of another: as tmux since 3.5.
            os.environ.setdefault("ESCDELAY", "10")

            from tui_reader.ui.app import NewsApp

            # What has been imported stays. To look at its 40,000 objects takes the garbage collector longer than
            # a key press may take, and it would do so in the midst of one.
            gc.freeze()
            now = int(time.time())
            session = Session(
                selection,
                folders,
                settings,
                keymap,
                view,
                library,
                first,
                now,
                indexer,
                title,
                offline,
                opening.left,
                opening.begin_at,
            )
            app = NewsApp(session)
            app.run()
        finally:
            if indexer is not None:
                end_indexer(indexer)
        library.leave(int(time.time()))
        app.front_page.updates.leave()
    with suppress(OSError):  # where nothing can be written, nothing has to be cleaned up
        folders.drop_old_indexes(app.front_page.updates.selection.database)
    return app.return_code or 0


def _places(selection: Selection, folders: Folders, library: Library) -> list[ListedSource]:
    """Return the sources as a search can name them before they are in the sidebar."""
    from tui_reader.queries.listed_sources import listed_sources

    return listed_sources(selection, folders, library.reader.source_titles())
