"""The arguments of ``news-tui remove``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui_reader.commands.declarations.options import add_sources

if TYPE_CHECKING:
    from argparse import ArgumentParser


def declare(parser: ArgumentParser) -> None:
    """Add the arguments to ``parser``."""
    parser.description = """\
Remove sources, named by title, path or address. What you read and saved in them
stays marked."""
    add_sources(parser, required=True)
