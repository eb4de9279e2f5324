"""Writes the tracebacks of internal errors, and what nobody may see at once, to ``errors.log``, from any process."""

from __future__ import annotations

import time
from contextlib import suppress
from pathlib import Path

from tui_reader.config import folders
from tui_reader.private_files import status_of

MAX_LOG_BYTES = 1_000_000
"""Size at which a new log is begun; the one before stays beside it as ``errors.log.1``."""


def log_fault(error: BaseException, path: Path | None = None) -> str:
    """Write the traceback of ``error`` to the log at ``path``, or to the user's; return the message to show."""
    import traceback  # its import takes 5 ms of every command

    path = path or folders().log
    text = "".join(traceback.format_exception(error))
    try:
        begin_log(path)
        with path.open("a", encoding="utf-8", errors="backslashreplace") as log:
            log.write(f"{time.strftime('%Y-%m-%d %H:%M:%S')}\n{text}\n")
    except OSError as unwritable:
        return f"Internal error: {type(error).__name__}; {path} cannot be written: {unwritable.strerror}"
    return f"Internal error, written to {path}; please report"


def log_problem(problem: str, path: Path) -> None:
    """Write a line about something that went wrong elsewhere to the log at ``path``, if that can be written."""
    with suppress(OSError):
        begin_log(path)
        with path.open("a", encoding="utf-8", errors="backslashreplace") as log:
            log.write(f"{time.strftime('%Y-%m-%d %H:%M:%S')} {problem}\n")


def begin_log(path: Path) -> None:
    """Make the folder of the log; put a log that is full aside. Raises :class:`OSError`."""
    path.parent.mkdir(parents=True, exist_ok=True)
    status = status_of(path)
    if status is not None and status.st_size > MAX_LOG_BYTES:
        path.replace(path.with_name(f"{path.name}.1"))
