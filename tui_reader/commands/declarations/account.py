"""The arguments of ``news-tui account``."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from tui_reader.commands.declarations.options import add_asked, add_json

if TYPE_CHECKING:
    from argparse import ArgumentParser

ACTIONS = ("list", "add", "sync", "password", "remove")
"""What can be done with accounts."""


def declare(parser: ArgumentParser) -> None:
    """Add the arguments to ``parser``."""
    parser.description = """\
Accounts on servers, with which feeds and marks are synchronised. On a terminal,
add asks for what is missing. Without one, the password is the first line of the
standard input. An account is added only if the server takes the password.

  list                 print the accounts and their state; also without ACTION
  add KIND [ADDRESS]   add an account; KIND is freshrss, miniflux, theoldreader,
                       bazqux, inoreader, tt-rss, coldsweat, google-reader, fever
  sync [ACCOUNT...]    synchronise now
  password ACCOUNT     replace the password
  remove ACCOUNT       remove the account; its feeds stay, as feeds of your own

Exit status: 0, or 1 if an account cannot be used."""
    parser.add_argument("action", nargs="?", choices=ACTIONS, default="list", metavar="ACTION", help="as above")
    parser.add_argument("words", nargs="*", default=[], metavar="ACCOUNT", help="a name; for add, KIND and ADDRESS")
    parser.add_argument("--name", default="", help="of add: what to call the account")
    parser.add_argument("--user", default="", help="of add: the user name; none for an API key of Miniflux")
    parser.add_argument(
        "--password-command", default="", metavar="COMMAND", help="of add and password: prints it in its first line"
    )
    parser.add_argument("--with-feeds", action="store_true", help="of remove: remove its feeds too")
    add_asked(parser)
    parser.add_argument("--fresh", action="store_true", help=argparse.SUPPRESS)  # the reader sends what was just marked
    add_json(parser, "of list and sync: print one JSON object per line")
    parser.set_defaults(error=parser.error)
