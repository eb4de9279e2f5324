"""One module a command, named as the command, and one in ``declarations`` with its arguments.

To add a command: name it here, declare its arguments in ``declarations``, and
write the function that runs it, of the same name, in a module of the same name.
"""

from __future__ import annotations

import keyword
from collections.abc import Callable
from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from argparse import Namespace

DEFAULT = "read"
"""The command that runs when the first argument is no command."""

COMMANDS = {
    "read": "open the reader; runs without a command too",
    "serve": "show the reader in a browser",
    "stories": "print the list of stories",
    "topics": "print the topics and how many stories each has",
    "show": "print an article with its text and its coverage",
    "digest": "print what is new since some time, or send it by mail",
    "similar": "print the articles most similar to one",
    "index": "update the index from the sources on disk",
    "refresh": "fetch new articles from your sources",
    "download": "fetch the full texts of stories, to read them offline",
    "add": "add feeds, pages with feeds, sites, archives or folders",
    "remove": "remove sources",
    "sources": "list your sources",
    "account": "synchronise feeds and marks with a server",
    "import": "add the feeds of an OPML file",
    "export": "write stories as a document, or your feeds as an OPML file",
    "mute": "hide stories by word, provider or topic",
    "filter": "mute, mark, save, tag, raise or lower what a query finds",
    "mark": "mark articles as read or saved, tag them, write notes",
    "undo": "undo the last mark, tag, note, correction or filter",
    "config": "print the settings and where each comes from",
    "doctor": "check all files, and restore a copy of one",
    "completions": "print the completions for your shell",
}
"""Each command and its line in ``news-tui --help``."""


def handler(command: str) -> Callable[[Namespace], int]:
    """Import the function that runs ``command``: it takes the parsed arguments and returns the exit status."""
    name = module_name(command)
    function: Callable[[Namespace], int] = getattr(import_module(f"tui_reader.commands.{name}"), name)
    return function


def module_name(command: str) -> str:
    """Return the name of the modules of ``command``."""
    return f"{command}_" if keyword.iskeyword(command) else command
