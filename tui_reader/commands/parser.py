"""The command line, parsed: imports what the command that is called declares, and nothing heavy."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from importlib import import_module
from typing import Any, NoReturn

from tui_reader.commands import COMMANDS, DEFAULT, module_name
from tui_reader.commands.declarations.options import add_reader_options
from tui_reader.model.text import visible

_LITERAL = "\0"
"""Marks the arguments after ``--`` while argparse reads them; no real argument can contain it."""


class _HelpFormatter(argparse.RawDescriptionHelpFormatter):
    """Prints the list of commands without a line of its own for their metavar, so that the help fits on a screen."""

    def add_argument(self, action: argparse.Action) -> None:
        super().add_argument(action)
        if isinstance(action, argparse._SubParsersAction):
            # argparse forgets that commands are indented, and breaks the line of the longest.
            longest = max(map(len, action.choices)) + self._current_indent + self._indent_increment
            self._action_max_length = max(self._action_max_length, longest)

    def _format_action(self, action: argparse.Action) -> str:
        text = super()._format_action(action)
        return text.partition("\n")[2] if isinstance(action, argparse._SubParsersAction) else text


class Parser(argparse.ArgumentParser):
    """An argument parser that reports errors in one line, with exit status 2."""

    def __init__(self, **options: Any) -> None:  # noqa: ANN401  (passed on as they are)
        super().__init__(formatter_class=_HelpFormatter, allow_abbrev=False, **options)

    def parse_words(self, words: Sequence[str]) -> argparse.Namespace:
        """Parse options and positional arguments in any order; after ``--`` everything is positional."""
        # argparse itself loses ``--`` where options and positional arguments are mixed.
        end = words.index("--") if "--" in words else len(words)
        literal = [_LITERAL + word for word in words[end + 1 :]]
        parsed = self.parse_intermixed_args([*words[:end], *literal])
        for name, value in vars(parsed).items():
            if isinstance(value, str):
                setattr(parsed, name, value.removeprefix(_LITERAL))
            elif isinstance(value, list):
                setattr(parsed, name, [word.removeprefix(_LITERAL) for word in value])
        return parsed

    def error(self, message: str) -> NoReturn:
        """Print in one line what is wrong and where to find help, and exit with status 2."""
        self.exit(2, f"news-tui: {visible(message.replace(_LITERAL, ''))}: see ‘{self.prog} --help’\n")


def parse(words: Sequence[str]) -> argparse.Namespace:
    """Parse the command line; the result has the name of the command as ``command``.

    The first word names the command; if it does not, the words are arguments of
    the reader. Exits after ``--help``, ``--version`` and errors.
    """
    first = words[0] if words else ""
    if first in {"-h", "--help", "--version"}:
        # The help needs the names of the commands, not their arguments.
        build_parser(complete=False).parse_args([first])
    command, arguments = (first, words[1:]) if first in COMMANDS else (DEFAULT, words)
    # Only the parser of this command: each of the others would take half a millisecond.
    parser = Parser(prog=f"news-tui {command}")
    _declaration(command)(parser)
    parsed = parser.parse_words(arguments)
    parsed.command = command
    return parsed


def build_parser(*, complete: bool = True) -> Parser:
    """Return the parser of the whole command line, for its help; ``complete`` with the arguments of all commands."""
    parser = Parser(
        prog="news-tui",
        usage="news-tui [COMMAND] [SOURCE ...] [--offline]",
        description="Read SOURCEs: folders, files, archives; or those you added, or else a sample.",
    )
    add_reader_options(parser)
    commands = parser.add_subparsers(
        prog="news-tui", title="commands (‘news-tui COMMAND --help’ describes one)", metavar="COMMAND"
    )
    for name, summary in COMMANDS.items():
        command = commands.add_parser(name, help=summary)
        if complete:
            _declaration(name)(command)
    return parser


def _declaration(command: str) -> Callable[[argparse.ArgumentParser], None]:
    """Import the function that declares the arguments of ``command``."""
    module = import_module(f"tui_reader.commands.declarations.{module_name(command)}")
    function: Callable[[argparse.ArgumentParser], None] = module.declare
    return function
