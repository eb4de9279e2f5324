"""Reports faults of the reader's own: a traceback in a log file, one line on the screen."""

from __future__ import annotations

import time
import traceback
from pathlib import Path
from typing import Any

from textual.app import App
from textual.message import Message
from textual.worker import Worker, WorkerState

MAX_LOG_BYTES = 1_000_000
"""Size at which a new log is begun; the one before stays beside it as ``errors.log.1``."""


class Fault(Message):
    """Tells the app of an exception that nobody expected."""

    def __init__(self, error: BaseException) -> None:
        super().__init__()
        self.error = error


class ReportsFaults:
    """A mixin for screens: an exception that ends one of their workers is reported, and the reader goes on."""

    app: App[Any]

    def on_worker_state_changed(self, event: Worker.StateChanged) -> None:
        """Report a worker that failed; errors meant for a person never end a worker."""
        if event.state is WorkerState.ERROR and event.worker.error is not None:
            self.app.post_message(Fault(event.worker.error))


def log_fault(path: Path, error: BaseException) -> str:
    """Write the traceback of ``error`` to the log at ``path``; return the message to show."""
    text = "".join(traceback.format_exception(error))
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.exists() and path.stat().st_size > MAX_LOG_BYTES:
            path.replace(path.with_name(f"{path.name}.1"))
        with path.open("a", encoding="utf-8", errors="backslashreplace") as log:
            log.write(f"{time.strftime('%Y-%m-%d %H:%M:%S')}\n{text}\n")
    except OSError as unwritable:
        return f"Internal error: {type(error).__name__}; {path} cannot be written: {unwritable.strerror}"
    return f"Internal error, written to {path}; please report"
