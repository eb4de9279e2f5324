"""The arguments of ``news-tui read``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui_reader.commands.declarations.options import add_reader_options, add_sources

if TYPE_CHECKING:
    from argparse import ArgumentParser


def declare(parser: ArgumentParser) -> None:
    """Add the arguments to ``parser``."""
    parser.description = """\
Open the reader. ‘news-tui SOURCE’ does the same without the word ‘read’, unless
SOURCE is named like a command: a folder called ‘index’ is ‘./index’.

‘news-tui --help’ lists the other commands."""
    add_sources(parser)
    add_reader_options(parser)
