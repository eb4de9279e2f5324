"""The arguments of ``news-tui add``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui_reader.commands.declarations.options import add_private, add_sources

if TYPE_CHECKING:
    from argparse import ArgumentParser


def declare(parser: ArgumentParser) -> None:
    """Add the arguments to ``parser``."""
    parser.description = """\
Add sources, which open together when none is named: folders, files and archives
of articles, or addresses of feeds, of pages with feeds, of sites with an API, of
archives, or github:OWNER/REPO[@REF]. If a page has several feeds, you are asked
which to add. The exit status is 1 if one of the sources cannot be added; the
others are."""
    add_sources(parser, required=True)
    parser.add_argument("--title", default="", help="the title to show for it")
    parser.add_argument("--folder", default="", help="the folder to put it in; / separates nested folders")
    parser.add_argument("--all", action="store_true", help="add every feed of a page")
    parser.add_argument("--account", default="", metavar="ACCOUNT", help="subscribe on the server of this account")
    add_private(parser, "a page names")
