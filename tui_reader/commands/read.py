"""``news-tui [SOURCE…]``: opens the reader on the screen."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from tui_reader.commands.options import Options
from tui_reader.errors import NewsError


def read(arguments: Sequence[str]) -> int:
    """Open the reader; raises :class:`NewsError` where there is no terminal to show it."""
    options = Options("", "[SOURCE…]", "Open the reader; ‘news-tui --help’ lists the other commands.")
    options.sources()
    named = options.parse_intermixed_args(arguments).sources
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise NewsError("the reader needs a terminal: ‘news-tui stories’ prints the same list anywhere")
    from tui_reader.config import folders, load_settings
    from tui_reader.edition import choose_edition

    here = folders()
    opening = choose_edition(named, here)
    settings = load_settings(here.settings)
    from tui_reader.ui.launch import run_reader

    return run_reader(opening, here, settings)
