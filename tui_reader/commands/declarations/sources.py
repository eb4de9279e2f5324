"""The arguments of ``news-tui sources``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui_reader.commands.declarations.options import add_json

if TYPE_CHECKING:
    from argparse import ArgumentParser


def declare(parser: ArgumentParser) -> None:
    """Add the arguments to ``parser``."""
    parser.description = """\
List your sources: articles, articles a week, the last fetch, and what is wrong
with those that fail."""
    add_json(parser, "print one JSON object per line: location, whether it exists, and its status")
