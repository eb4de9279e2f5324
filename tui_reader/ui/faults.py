"""Reports faults of the reader's own to the app, which logs them and shows one line."""

from __future__ import annotations

from typing import Any

from textual.app import App
from textual.message import Message
from textual.worker import Worker, WorkerState


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
