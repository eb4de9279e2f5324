"""The arguments of ``news-tui mute``."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from argparse import ArgumentParser


def declare(parser: ArgumentParser) -> None:
    """Add the arguments to ``parser``."""
    parser.description = """\
Hide stories with a WORD in the title, from a provider (name or domain), or in a
topic. Nothing is deleted, and --remove shows them again. Without arguments, list
what is muted and how many stories each entry hides."""
    parser.add_argument("words", nargs="*", default=[], metavar="WORD", help="a word, or a phrase in quotes")
    parser.add_argument("--provider", action="append", default=[], metavar="NAME", help="a provider's name or domain")
    parser.add_argument("--topic", action="append", default=[], metavar="NAME", help="a topic's name")
    parser.add_argument("--list", action="store_true", help="list what is muted afterwards")
    parser.add_argument("--remove", action="store_true", help="unmute what is named")
    parser.set_defaults(error=parser.error)
