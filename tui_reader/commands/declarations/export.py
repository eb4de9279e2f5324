"""The arguments of ``news-tui export``."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from argparse import ArgumentParser


def declare(parser: ArgumentParser) -> None:
    """Add the arguments to ``parser``."""
    parser.description = """\
Write your feeds as an OPML 2.0 file, which other readers import. Only sources
with a web address are included."""
    parser.add_argument(
        "file", nargs="?", default="-", metavar="FILE", help="the file to write; standard output if none is given"
    )
    parser.add_argument("--with-passwords", action="store_true", help="include user names and passwords in addresses")
