"""The arguments of ``news-tui index``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui_reader.commands.declarations.options import add_json, add_sources

if TYPE_CHECKING:
    from argparse import ArgumentParser


def declare(parser: ArgumentParser) -> None:
    """Add the arguments to ``parser``."""
    parser.description = """\
Update the index: only new and changed files are read, and nothing is fetched
over the network. An interrupted run continues where it stopped.

Exit status: 0, or 1 if a source cannot be read at all."""
    add_sources(parser)
    parser.add_argument("-v", "--verbose", action="store_true", help="list every problem as FILE:LINE: reason")
    parser.add_argument(
        "--rebuild", action="store_true", help="build a new index, which replaces the old one at the end"
    )
    add_json(parser, "print the progress only, one JSON object per line")
