"""The arguments of ``news-tui download``."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from tui_reader.commands.declarations.options import add_filters, add_json, add_limit, add_sources, add_topic, add_view

if TYPE_CHECKING:
    from argparse import ArgumentParser

DOWNLOADS = 100
"""Most pages that are fetched if nothing else is said."""


def declare(parser: ArgumentParser) -> None:
    """Add the arguments to ``parser``."""
    parser.description = """\
Fetch the pages of unread stories and keep the full texts of their articles, which
are shown and searched from then on: before a journey, say. The hottest come
first, and those that have their text are left out. Ctrl+C keeps what is there.

Exit status: 0, or 1 if a page gave no text."""
    add_sources(parser)
    add_view(parser)
    add_topic(parser)
    add_filters(parser)
    parser.add_argument("--saved", action="store_true", help="only what you saved, read or not")
    add_limit(parser, f"the maximum number of pages (default: {DOWNLOADS})", default=DOWNLOADS)
    parser.add_argument("--page", type=int, default=0, metavar="ID", help=argparse.SUPPRESS)  # for the reader
    add_json(parser, "print one JSON object per page: title, url, text as Markdown, problem")
