"""The signals that end the reader as its own key does: everything is kept, and the terminal is restored."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

_ENDING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def ending_signals() -> list[signal.Signals]:
    """Return the signals that end the reader, without those that its parent ignores, as ``nohup`` does."""
    return [number for number in _ENDING if signal.getsignal(number) is not signal.SIG_IGN]


def exit_status(number: int) -> int:
    """Return the exit status for the end by a signal, as shells report it."""
    return 128 + number


@contextmanager
def exiting_on_signals() -> Iterator[None]:
    """Raise :class:`SystemExit` at these signals while there is no screen; the driver of the screen has its own way."""

    def leave(number: int, _: FrameType | None) -> None:
        raise SystemExit(exit_status(number))

    before = {number: signal.signal(number, leave) for number in ending_signals()}
    try:
        yield
    finally:
        for number, previous in before.items():
            signal.signal(number, previous)
