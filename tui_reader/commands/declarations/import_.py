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
‘-’, read from standard input. Commands in a file are never run.

From a folder of newsboat, with --newsboat the one that newsboat uses, come feeds
with their tags, query feeds as views, ignore-article rules as filters, and lines
for config.toml; what became of each line is printed."""
    parser.add_argument(
        "files", nargs="*", default=[], metavar="FILE", help="an OPML file, its address, ‘-’, or a folder of newsboat"
    )
    parser.add_argument("--newsboat", action="store_true", help="read newsboat's own files")
    parser.add_argument("--dry-run", action="store_true", help="of newsboat: print what would be done, and do nothing")
    add_private(parser, "a list names")
    parser.set_defaults(error=parser.error)
