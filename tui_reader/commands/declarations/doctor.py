"""The arguments of ``news-tui doctor``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui_reader.commands.declarations.options import at_least_zero

if TYPE_CHECKING:
    from argparse import ArgumentParser


def declare(parser: ArgumentParser) -> None:
    """Add the arguments to ``parser``."""
    parser.description = """\
Check the files of news-tui, each in one line, and list the copies of those that
cannot be rebuilt. The exit status is 1 if something has to be done. A FILE is
marks, fetched, sources, views or accounts; what is replaced is set aside, never
deleted."""
    parser.add_argument("--restore", default="", metavar="FILE", help="put a copy in the place of FILE")
    parser.add_argument(
        "copy",
        nargs="?",
        type=at_least_zero,
        metavar="COPY",
        help="number of the copy for --restore (default: the newest that is sound)",
    )
    parser.add_argument(
        "--set-aside", default="", metavar="FILE", help="rename FILE and its copies, so that an empty one is begun"
    )
    parser.add_argument(
        "--put-back", action="store_true", help="store articles in fetched.db again that only the index has"
    )
    parser.set_defaults(error=parser.error)
