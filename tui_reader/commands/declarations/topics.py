"""The arguments of ``news-tui topics``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui_reader.commands.declarations.options import add_json, add_sources

if TYPE_CHECKING:
    from argparse import ArgumentParser


def declare(parser: ArgumentParser) -> None:
    """Add the arguments to ``parser``."""
    parser.description = """\
Print the topics as a tree, in the publisher's order, with the number of stories
and of unread stories in each. With --test, print which topics match a title, and
by which keywords: the topics of the sources and those in topics.toml."""
    add_sources(parser)
    parser.add_argument("--test", metavar="TITLE", help="print which topics match this title, and why")
    add_json(parser, "print one JSON object per line, with the keys of the topic files")
