"""The arguments of ``news-tui export``."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from tui_reader.commands.declarations.options import (
    add_filters,
    add_images,
    add_in,
    add_limit,
    add_order,
    add_topic,
    add_view,
)

if TYPE_CHECKING:
    from argparse import ArgumentParser


def declare(parser: ArgumentParser) -> None:
    """Add the arguments to ``parser``."""
    parser.description = """\
Write the stories that a QUERY finds, with their texts and their coverage, as one
document that needs nothing else; without a QUERY, all that are listed. The name
of the file tells the format, if --format does not.

‘news-tui export FILE.opml’ writes your feeds as an OPML 2.0 file, which other
readers import; with a QUERY, ‘--format opml’ writes those that have an article of
what it finds. Only sources with a web address are included."""
    parser.add_argument(
        "query",
        nargs="*",
        default=[],
        metavar="QUERY",
        help="what to look for, as in the reader; or a FILE for your feeds",
    )
    parser.add_argument(
        "--format",
        dest="form",
        choices=("markdown", "html", "text", "json", "epub", "opml"),
        default="",
        help="the format",
    )
    parser.add_argument("--output", default="", metavar="FILE", help="the file to write (default: standard output)")
    parser.add_argument("--force", action="store_true", help="replace FILE without asking")
    add_in(parser, "a folder, file or archive to export from (default: your sources)")
    add_view(parser)
    add_topic(parser)
    add_filters(parser)
    add_order(parser)
    add_limit(parser, "the maximum number of stories", default=-1)
    add_images(parser)
    parser.add_argument("--with-passwords", action="store_true", help="include user names and passwords in addresses")
    # For the reader.
    parser.add_argument("--pages", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--title", default="", help=argparse.SUPPRESS)
