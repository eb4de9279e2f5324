"""``news-tui [SOURCE…]``: open the reader."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

from tui_reader.errors import NewsError
from tui_reader.ui.remote import in_a_browser

if TYPE_CHECKING:
    from argparse import Namespace


def read(arguments: Namespace) -> int:
    """Open the reader; raises :class:`NewsError` if there is no terminal."""
    return open_reader(arguments.sources, offline=arguments.offline, view_name=arguments.view)


def open_reader(sources: Sequence[str], *, offline: bool, view_name: str = "") -> int:
    """Open the reader on ``sources``, with a view if named; raises :class:`NewsError` if there is no terminal."""
    if not (sys.stdin.isatty() and sys.stdout.isatty()) and not in_a_browser(os.environ):
        raise NewsError("the reader needs a terminal: ‘news-tui stories’ prints the same list anywhere")
    from tui_reader.config import folders, read_settings
    from tui_reader.subscriptions.selection import select_sources

    here = folders()
    selection = select_sources(sources, here)
    found = read_settings(here.settings)
    from tui_reader.ui.launch import run_reader
    from tui_reader.ui.settings_review import review

    # What is wrong in the file counts as not set; the reader shows it.
    return run_reader(selection, here, review(found).settings, offline=offline, view_name=view_name)
