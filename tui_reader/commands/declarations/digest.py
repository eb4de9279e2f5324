"""The arguments of ``news-tui digest``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui_reader.commands.declarations.options import (
    add_filters,
    add_limit,
    add_query,
    add_sources,
    add_topic,
    add_view,
)

if TYPE_CHECKING:
    from argparse import ArgumentParser


def declare(parser: ArgumentParser) -> None:
    """Add the arguments to ``parser``."""
    parser.description = """\
Print the top stories that are new, who tells them, and what is new in those that
were known. ‘--since last’ goes on where the last digest of the same stories
ended, which suits cron. ‘--format mail’ is a complete message for ‘sendmail -t’.

Exit status: 0, also if a source could not be read; 3 if nothing is new, with
--quiet-if-empty; 1 if the command of --send failed: the next one tells it again."""
    add_sources(parser)
    parser.add_argument(
        "--since",
        default="1d",
        metavar="WHEN",
        help="‘last’, an age such as 12h, 1d or 2w before the newest article, or a date (default: 1d)",
    )
    add_query(parser)
    add_view(parser)
    add_topic(parser)
    add_filters(parser)
    add_limit(parser, "the maximum number of stories (default: 20)", default=20)
    parser.add_argument(
        "--format",
        dest="form",
        choices=("text", "markdown", "html", "json", "mail"),
        default="text",
        help="the format (default: text)",
    )
    parser.add_argument(
        "--to", default="", metavar="ADDRESS", help="whom the mail is to (default: you, on this machine)"
    )
    parser.add_argument("--from", dest="sender", default="", metavar="ADDRESS", help="whom the mail is from")
    parser.add_argument("--quiet-if-empty", action="store_true", help="print nothing if nothing is new")
    parser.add_argument(
        "--send",
        default="",
        metavar="COMMAND",
        help="give it to a command, such as ‘sendmail -t’, in place of printing it",
    )
    parser.set_defaults(error=parser.error)
