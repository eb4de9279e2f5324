"""The arguments of ``news-tui similar``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui_reader.commands.declarations.options import add_json, add_limit, add_sources

if TYPE_CHECKING:
    from argparse import ArgumentParser


def declare(parser: ArgumentParser) -> None:
    """Add the arguments to ``parser``."""
    parser.description = """\
Rank the articles most similar to the one at URL by title and excerpt, with a
score from 0 to 1. With ‘-’, read URLs from standard input, one per line. The exit
status is 1 if a URL is not in the index."""
    parser.add_argument("url", metavar="URL", help="the address of an article, or ‘-’")
    add_sources(parser)
    add_limit(parser, "the maximum number of articles (default: 5)", default=5)
    add_json(
        parser, "print one JSON object per URL: the url, and a list ‘similar’ of objects with webUrl, title and score"
    )
