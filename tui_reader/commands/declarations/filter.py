"""The arguments of ``news-tui filter``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui_reader.commands.declarations.options import add_in

if TYPE_CHECKING:
    from argparse import ArgumentParser


def declare(parser: ArgumentParser) -> None:
    """Add the arguments to ``parser``."""
    parser.description = """\
Do something with all articles that a QUERY finds, written as for the search:
hide them, mark them as read, save or tag them when they arrive, or raise or lower
their quality, and with it the heat of their stories. Without arguments, list the
filters and how many stories each finds. What is hidden is not deleted.

‘news-tui filter title:advert --mute --dry-run’ shows what would be hidden."""
    parser.add_argument("query", nargs="*", default=[], metavar="QUERY", help="what to find, as in the search")
    parser.add_argument("--mute", action="store_true", help="hide it from every list")
    parser.add_argument("--read", action="store_true", help="mark it as read when it arrives")
    parser.add_argument("--save", action="store_true", help="save it when it arrives")
    parser.add_argument("--tag", metavar="T", help="give it the tag T when it arrives")
    parser.add_argument("--raise", metavar="N", help="add N points to its quality")
    parser.add_argument("--lower", metavar="N", help="take N points off its quality")
    parser.add_argument("--source", default="", metavar="S", help="only articles of this source, by title or address")
    add_in(parser, "count in this folder, file or archive, and not in your sources")
    parser.add_argument("--now", action="store_true", help="read, save or tag what is there too")
    parser.add_argument("--dry-run", action="store_true", help="print what the filter would find, and make none")
    parser.add_argument("--list", action="store_true", help="list the filters and the mutes")
    for name in ("remove", "pause", "resume"):
        parser.add_argument(
            f"--{name}", action="append", default=[], metavar="N", help=f"{name} filter N of the list; repeatable"
        )
    parser.set_defaults(error=parser.error)
