"""The arguments of ``news-tui serve``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui_reader.commands.declarations.options import add_sources

if TYPE_CHECKING:
    from argparse import ArgumentParser


def declare(parser: ArgumentParser) -> None:
    """Add the arguments to ``parser``."""
    parser.description = """\
Show the reader in a browser, until Ctrl+C. Only this machine reaches it, unless
--host says otherwise: then it asks for a password. The command of
--password-command prints it, or the variable NEWS_TUI_PASSWORD has it; else one
is made and shown once. With one of the first two, this machine is asked too."""
    add_sources(parser)
    parser.add_argument("--port", type=_port, default=8000, metavar="N", help="the port (default: 8000; 0: a free one)")
    parser.add_argument(
        "--host",
        default="127.0.0.1",
        metavar="ADDRESS",
        help="the address to listen on, such as 0.0.0.0 for all (default: 127.0.0.1)",
    )
    parser.add_argument(
        "--public-url", default="", metavar="URL", help="the address that browsers see, where a proxy is in front"
    )
    parser.add_argument("--password-command", default="", metavar="COMMAND", help="a command that prints the password")
    parser.add_argument("--offline", action="store_true", help="make no requests for news over the network")
    parser.add_argument("--view", default="", metavar="NAME", help="open with this view of views.toml")


def _port(text: str) -> int:
    """Return the port that ``text`` is. Raises :class:`argparse.ArgumentTypeError`."""
    from argparse import ArgumentTypeError

    if not (text.isascii() and text.isdecimal() and len(text) < 6 and int(text) < 65536):
        raise ArgumentTypeError(f"{text!r} is not a port: a number up to 65535")
    return int(text)
