"""Errors of a server that reading is synchronised with, as sentences that say what to do."""

from __future__ import annotations

from enum import Enum, auto

from tui_reader.errors import SourceError


class SyncProblem(Enum):
    """What went wrong; it decides whether, and when, it is tried again."""

    PASSWORD = auto()  # wrong, or a second factor is asked for: not tried again until the account changes
    RATE_LIMIT = auto()
    DOWN = auto()  # no network, no answer, or an answer that says so
    CERTIFICATE = auto()
    VERSION = auto()  # the server does not speak this protocol, or not this version
    UNSUPPORTED = auto()  # the protocol has no way to do this
    PROTOCOL = auto()  # an answer that makes no sense


class SyncError(SourceError):
    """A server did not do what it was asked; ``retry_after`` is the wait in seconds that it asked for."""

    def __init__(self, message: str, problem: SyncProblem, retry_after: float | None = None) -> None:
        super().__init__(message)
        self.problem = problem
        self.retry_after = retry_after
