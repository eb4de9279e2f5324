"""The arguments of ``news-tui refresh``."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from tui_reader.commands.declarations.options import add_asked, add_json

if TYPE_CHECKING:
    from argparse import ArgumentParser


def declare(parser: ArgumentParser) -> None:
    """Add the arguments to ``parser``."""
    parser.description = """\
Fetch new articles from your sources on the network, then update the index with
all your sources. A source is not fetched again earlier than it allows. Suits
cron: ‘news-tui refresh’.

Exit status: 0, or 1 if a source could not be fetched."""
    parser.add_argument(
        "sources",
        nargs="*",
        default=[],
        metavar="SOURCE",
        help="one of your sources, by address or title; all if none is given",
    )
    parser.add_argument("--force", action="store_true", help="ignore rate limits")
    parser.add_argument(
        "--due", action="store_true", help="skip sources fetched within the interval that refresh.every sets"
    )
    parser.add_argument("--offline", action="store_true", help="make no requests: only read what is on disk")
    add_json(parser, "print the progress only, one JSON object per line")
    add_asked(parser)
    parser.add_argument("--untold", action="store_true", help=argparse.SUPPRESS)  # the reader claims what it tells
