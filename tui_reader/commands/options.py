"""Reads the options of one command; wrong ones end it with one line and status 2."""

from __future__ import annotations

import argparse
from typing import NoReturn

from tui_reader import __version__
from tui_reader.model.text import visible


class Options(argparse.ArgumentParser):
    """The options of one command. ``name`` is empty for the reader itself."""

    def __init__(self, name: str, usage: str, about: str) -> None:
        prog = f"news-tui {name}".rstrip()
        super().__init__(
            prog=prog,
            usage=f"{prog} {usage}",
            description=about,
            formatter_class=argparse.RawDescriptionHelpFormatter,
            allow_abbrev=False,
        )
        if not name:
            self.add_argument("--version", action="version", version=f"news-tui {__version__}")

    def sources(self) -> None:
        """Take any number of sources."""
        self.add_argument(
            "sources", nargs="*", metavar="SOURCE", help="a folder, file or archive; without, what is kept"
        )

    def json(self, help_text: str) -> None:
        """Take ``--json``."""
        self.add_argument("--json", action="store_true", help=help_text)

    def error(self, message: str) -> NoReturn:
        """Say in one line what is wrong and how to get help."""
        self.exit(2, f"news-tui: {visible(message)}: see ‘{self.prog} --help’\n")


def at_least_zero(text: str) -> int:
    """Read a count; raises :class:`argparse.ArgumentTypeError`."""
    if not text.isdecimal():
        raise argparse.ArgumentTypeError(f"{text!r} is no count")
    return int(text)
