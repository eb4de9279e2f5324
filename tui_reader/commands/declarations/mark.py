"""The arguments of ``news-tui mark``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui_reader.commands.declarations.options import add_search

if TYPE_CHECKING:
    from argparse import ArgumentParser

MARKS = ("read", "unread", "saved", "unsaved", "tag", "untag", "note")
"""What articles can be marked as."""


def declare(parser: ArgumentParser) -> None:
    """Add the arguments to ``parser``."""
    parser.description = """\
Mark articles as read, unread, saved or unsaved; give them a tag or take it away;
or write a note on them. Name articles by address or id, with ‘-’ those on
standard input, or find them with --search. Read and unread are whole stories.
--dry-run changes nothing and says what would be. In the reader, z undoes it.

Exit status: 0, or 1 if an article is not in the index."""
    parser.add_argument("what", choices=MARKS, metavar="MARK", help=", ".join(MARKS))
    parser.add_argument(
        "words",
        nargs="*",
        default=[],
        metavar="ARTICLE",
        help="an address or id; tag and untag take the TAG first, note its TEXT",
    )
    add_search(parser)
    parser.add_argument("--dry-run", action="store_true", help="print what would be marked, and change nothing")
    parser.set_defaults(error=parser.error)
