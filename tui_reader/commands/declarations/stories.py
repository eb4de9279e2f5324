"""The arguments of ``news-tui stories``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui_reader.commands.declarations.options import (
    add_filters,
    add_json,
    add_limit,
    add_order,
    add_search,
    add_sources,
    add_topic,
    add_view,
)

if TYPE_CHECKING:
    from argparse import ArgumentParser


def declare(parser: ArgumentParser) -> None:
    """Add the arguments to ``parser``."""
    parser.description = """\
Print the list of stories that the reader shows: heat, title, provider, date and
number of related articles of each."""
    add_sources(parser)
    add_view(parser)
    add_topic(parser)
    add_filters(parser)
    add_search(parser)
    add_order(parser)
    parser.add_argument("--folded", action="store_true", help="also print articles folded under a hotter story")
    add_limit(parser, "the maximum number of stories", default=-1)
    add_json(parser, "print one JSON object per line, with the keys of the front matter")
    parser.add_argument("--bodies", action="store_true", help="with --json: also print the texts, as Markdown")
    parser.set_defaults(error=parser.error)
