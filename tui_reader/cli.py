"""The command line: parse the arguments, run the command, report an error in one line.

Modules are imported only when they are needed, so that ``--version`` and usage
errors answer at once.
"""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Sequence

from tui_reader import __version__

_FAILED = 1
_WITH_FILES = frozenset({"import", "export"})
_INTERRUPTED = 130  # 128 + SIGINT, the status that shells report


def main(argv: list[str] | None = None) -> int:
    """Run a command and return the exit status: 0, 1 for a failure, 2 for wrong usage."""
    arguments = sys.argv[1:] if argv is None else argv
    _prepare_output()
    try:
        status = _run(arguments)
        sys.stdout.flush()
    except BrokenPipeError:
        # The process that read our output has ended, such as `head`.
        _discard_output()
        return 0
    except KeyboardInterrupt:
        return _INTERRUPTED
    except Exception as error:  # noqa: BLE001 - shown, and logged if it is a bug
        for line in _reason(error):
            print(f"news-tui: {line}", file=sys.stderr)
        _discard_output()
        return _FAILED
    return status


def _run(arguments: Sequence[str]) -> int:
    if list(arguments) == ["--version"]:
        print(f"news-tui {__version__}")
        return 0
    from tui_reader.private_files import keep_files_private

    keep_files_private()
    # Imports create many objects that stay: collecting garbage among them again
    # and again takes a tenth of the time of a short command.
    gc.set_threshold(20_000)
    from tui_reader.commands import COMMANDS, handler

    _check(arguments)

    if not any(word.startswith("-") for word in arguments) and (not arguments or arguments[0] not in COMMANDS):
        # The reader without options is started without argparse, which takes 10 ms to import.
        from tui_reader.commands.read import open_reader

        return open_reader(arguments, offline=False)
    from tui_reader.commands.parser import parse

    parsed = parse(arguments)
    return handler(parsed.command)(parsed)


def _check(arguments: Sequence[str]) -> None:
    """Raise :class:`UsageError` for an argument that is no text; only the file of an OPML list may have such a name."""
    may_be_bytes = bool(arguments) and arguments[0] in _WITH_FILES
    for word in arguments:
        if word.isascii() and "\0" not in word:
            continue
        try:
            word.encode(errors="surrogateescape" if may_be_bytes else "strict")
            sound = "\0" not in word
        except UnicodeEncodeError:
            sound = False
        if not sound:
            from tui_reader.errors import UsageError
            from tui_reader.model.text import visible

            raise UsageError(f"‘{visible(word)}’ is not UTF-8 text: correct it, or rename the file")


def _prepare_output() -> None:
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None:
            # The caller closed it (`>&-`): discard what is written.
            setattr(sys, name, open(os.devnull, "w"))  # noqa: SIM115  (open until the process ends)
        elif hasattr(stream, "reconfigure"):
            # A title that the terminal's encoding lacks must not end the program.
            stream.reconfigure(errors="backslashreplace")


def _discard_output() -> None:
    """Discard output that is still buffered, so that the exit prints no error."""
    try:
        sys.stdout.flush()
    except OSError:
        null = os.open(os.devnull, os.O_WRONLY)
        os.dup2(null, sys.stdout.fileno())


def _reason(error: Exception) -> list[str]:
    """Return an error as lines for the user, one for each mistake in a file; a bug is logged."""
    from tui_reader.errors import NewsError
    from tui_reader.model.text import visible

    if isinstance(error, NewsError):
        return [visible(line) for line in str(error).splitlines()] or [type(error).__name__]
    if isinstance(error, OSError):
        place = error.filename or "cannot read or write"
        return [visible(f"{place}: {error.strerror or error}")]
    if isinstance(error, EOFError):
        return ["there was no answer, so nothing was done"]
    from tui_reader.error_log import log_fault

    return [visible(log_fault(error))]
