"""What one run of the reader begins with, put together before there is a screen."""

from __future__ import annotations

import subprocess

from tui_reader.config import Folders, Settings, View
from tui_reader.named_tuple import NamedTuple
from tui_reader.subscriptions.selection import Selection
from tui_reader.ui.keymap import Keymap
from tui_reader.ui.left import Left
from tui_reader.ui.library import Library, Listing


class Session(NamedTuple):
    """The sources that are opened first, and everything that serves them.

    ``first`` is the head of the list, which has been read; ``now`` is the
    moment, in seconds since 1970, that ages are counted from; ``indexer`` is
    the child process that was started early because there was nothing to show
    yet; ``title`` is the name of the front page; with ``offline`` no source is
    asked for news. ``left`` is where the reader goes on, if it does: ``first``
    is of that list, and the cursor begins at the article ``begin_at``.
    """

    selection: Selection
    folders: Folders
    settings: Settings
    keymap: Keymap
    view: View
    library: Library
    first: Listing
    now: int
    indexer: subprocess.Popen[bytes] | None = None
    title: str = ""
    offline: bool = False
    left: Left | None = None
    begin_at: int | None = None
