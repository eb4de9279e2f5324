"""``news-tui [SOURCE…]``: opens the reader on the screen."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from tui_reader.errors import NewsError


def _named(arguments: Sequence[str]) -> tuple[Sequence[str], bool]:
    """Return the sources, and whether to stay offline; what reads options is imported only where there are some."""
    if not any(argument.startswith("-") for argument in arguments):
        return arguments, False
    from tui_reader.commands.options import Options

    options = Options("", "[SOURCE…] [--offline]", "Open the reader; ‘news-tui --help’ lists the other commands.")
    options.sources()
    options.add_argument("--offline", action="store_true", help="ask no source on the network")
    chosen = options.read(arguments)
    return chosen.sources, chosen.offline


def read(arguments: Sequence[str]) -> int:
    """Open the reader; raises :class:`NewsError` where there is no terminal to show it."""
    named, offline = _named(arguments)
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise NewsError("the reader needs a terminal: ‘news-tui stories’ prints the same list anywhere")
    from tui_reader.config import folders, load_settings
    from tui_reader.subscriptions.selection import select_sources

    here = folders()
    selection = select_sources(named, here)
    settings = load_settings(here.settings)
    from tui_reader.ui.launch import run_reader

    return run_reader(selection, here, settings, offline=offline)
