"""Reads the options of one command; wrong ones end it with one line and status 2."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from typing import NoReturn

from tui_reader import __version__
from tui_reader.model.text import visible


class Options(argparse.ArgumentParser):
    """The options of one command. ``name`` is empty for the reader itself."""

    def __init__(self, name: str, usage: str, about: str) -> None:
        prog = f"news-tui {name}".rstrip()
        self._needs_source = False
        super().__init__(
            prog=prog,
            usage=f"{prog} {usage}",
            description=about,
            formatter_class=argparse.RawDescriptionHelpFormatter,
            allow_abbrev=False,
        )
        if not name:
            self.add_argument("--version", action="version", version=f"news-tui {__version__}")

    def sources(self, *, required: bool = False) -> None:
        """Take any number of sources; at least one where they are ``required``."""
        self._needs_source = required
        help_text = "a folder, file or archive" + ("" if required else "; without, what is kept")
        self.add_argument("sources", nargs="*", metavar="SOURCE", help=help_text)

    def json(self, help_text: str) -> None:
        """Take ``--json``."""
        self.add_argument("--json", action="store_true", help=help_text)

    def read(self, arguments: Sequence[str]) -> argparse.Namespace:
        """Return what ``arguments`` say; options may stand between sources, and ``--`` ends them."""
        words = list(arguments)
        # argparse forgets about ``--`` where it takes options between sources.
        end = words.index("--") if "--" in words else len(words)
        found = self.parse_intermixed_args(words[:end])
        if end < len(words):
            if "sources" not in found:
                self.error(f"unrecognized arguments: {' '.join(words[end + 1 :])}")
            found.sources += words[end + 1 :]
        if self._needs_source and not found.sources:
            self.error("name a SOURCE")
        return found

    def error(self, message: str) -> NoReturn:
        """Say in one line what is wrong and how to get help."""
        self.exit(2, f"news-tui: {visible(message)}: see ‘{self.prog} --help’\n")


def at_least_zero(text: str) -> int:
    """Read a count; raises :class:`argparse.ArgumentTypeError`."""
    if not text.isdecimal():
        raise argparse.ArgumentTypeError(f"{text!r} is no count")
    return int(text)
