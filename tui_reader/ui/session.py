"""What one run of the reader is about, put together before there is a screen."""

from __future__ import annotations

import subprocess
from typing import NamedTuple

from tui_reader.config import Folders, Settings, View
from tui_reader.subscriptions.selection import Selection
from tui_reader.ui.keymap import Keymap
from tui_reader.ui.library import Library, Listing


class Session(NamedTuple):
    """The front page that is opened, and all that serves it.

    ``first`` is the head of the list, read already; ``now`` is the moment, in
    seconds since 1970, that ages are counted from; ``indexer`` is the child
    that was started early because there was nothing to show yet; ``title`` is
    the edition's name; ``offline`` asks nobody for news.
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
