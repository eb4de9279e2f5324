"""The command line: finds out what is wanted and turns every failure into one line and a status.

Nothing heavy is imported before it is known what to do, so that ``--version``
and mistakes answer at once.
"""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Callable, Sequence
from importlib import import_module

from tui_reader import __version__

HELP = """\
news-tui: the front page of your field, in your terminal

  news-tui [SOURCE…]             open the reader
  news-tui stories [SOURCE…]     print the list of stories
  news-tui topics [SOURCE…]      print the topics and how much is in them
  news-tui similar URL           print what is most like an article
  news-tui index [SOURCE…]       bring the index up to date
  news-tui refresh [SOURCE…]     ask the kept sources for what is new
  news-tui add SOURCE…           keep sources: they open when none is named
  news-tui remove SOURCE…        keep sources no longer
  news-tui sources               list what is kept
  news-tui import FILE…          keep the feeds of another reader's list (OPML)
  news-tui export [FILE]         write the kept feeds as such a list
  news-tui mute [WORD…]          hide what has a word, a provider or a topic
  news-tui COMMAND --help        say more about a command
  news-tui --version             print the version

A SOURCE is a folder of Markdown files with front matter (a site with _news or
_posts, or just a folder), one such file, or an archive of them. To keep, it can
be the address of a feed, of a page with feeds, of a site with an API, of an
archive, or github:OWNER/REPO[@REF]: ‘news-tui add lwn.net’. Without SOURCE,
what is kept opens; with nothing kept, a sample.
"""

_FAILED = 1
_INTERRUPTED = 130  # 128 + SIGINT, as shells have it


def main(argv: list[str] | None = None) -> int:
    """Do what the arguments ask and return the exit status: 0, 1 for a failure, 2 for wrong usage."""
    arguments = sys.argv[1:] if argv is None else argv
    _prepare_output()
    try:
        status = _run(arguments)
        sys.stdout.flush()
    except BrokenPipeError:
        # Whoever read our output has seen enough (`| head`).
        _discard_output()
        return 0
    except KeyboardInterrupt:
        return _INTERRUPTED
    except Exception as error:
        reason = _reason(error)
        if reason is None:
            raise
        print(f"news-tui: {reason}", file=sys.stderr)
        _discard_output()
        return _FAILED
    return status


def _prepare_output() -> None:
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None:
            # The caller closed it (`>&-`): what is written goes nowhere.
            setattr(sys, name, open(os.devnull, "w"))  # noqa: SIM115  (lives as long as the process)
        elif hasattr(stream, "reconfigure"):
            # No terminal's encoding may end the program over a title.
            stream.reconfigure(errors="backslashreplace")


def _discard_output() -> None:
    """Let what is still to be written out go nowhere, so that the exit is quiet."""
    try:
        sys.stdout.flush()
    except OSError:
        null = os.open(os.devnull, os.O_WRONLY)
        os.dup2(null, sys.stdout.fileno())


def _reason(error: Exception) -> str | None:
    """Return in one line what to tell the person, or ``None`` for a fault of the program."""
    from tui_reader.errors import NewsError
    from tui_reader.model.text import visible

    if isinstance(error, NewsError):
        return visible(str(error))
    if isinstance(error, OSError):
        place = error.filename or "something cannot be read or written"
        return visible(f"{place}: {error.strerror or error}")
    return None


def _run(arguments: Sequence[str]) -> int:
    first = arguments[0] if arguments else ""
    if first == "--version":
        print(f"news-tui {__version__}")
        return 0
    if first in {"-h", "--help"}:
        print(HELP, end="")
        return 0
    # Imports make much that stays: looking through it for garbage again and
    # again is a tenth of the time of a short command.
    gc.set_threshold(20_000)
    command = _command(first)
    if command is not None:
        return command(arguments[1:])
    from tui_reader.commands.read import read

    return read(arguments)


# Each subcommand, its module in `commands` and the function that runs it.
_COMMANDS = {
    "index": ("index", "index"),
    "refresh": ("refresh", "refresh"),
    "stories": ("stories", "stories"),
    "topics": ("topics", "topics"),
    "similar": ("similar", "similar"),
    "mute": ("mute", "mute"),
    "add": ("sources", "add"),
    "remove": ("sources", "remove"),
    "sources": ("sources", "sources"),
    "import": ("opml", "import_feeds"),
    "export": ("opml", "export_feeds"),
}


def _command(name: str) -> Callable[[Sequence[str]], int] | None:
    """Return what runs the subcommand ``name``; only its module is imported."""
    if name not in _COMMANDS:
        return None
    module, function = _COMMANDS[name]
    command: Callable[[Sequence[str]], int] = getattr(import_module(f"tui_reader.commands.{module}"), function)
    return command
