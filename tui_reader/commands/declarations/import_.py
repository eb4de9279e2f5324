"""The arguments of ``news-tui import``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui_reader.commands.declarations.options import add_private

if TYPE_CHECKING:
    from argparse import ArgumentParser


def declare(parser: ArgumentParser) -> None:
    """Add the arguments to ``parser``."""
    parser.description = """\
Add the feeds of OPML files, which other readers export, with their folders. With
‘-’, read from standard input. Commands in a file are never run."""
    parser.add_argument("files", nargs="+", metavar="FILE", help="an OPML file, its address, or ‘-’")
    add_private(parser, "a list names")
