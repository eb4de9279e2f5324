"""The commands of the user that run now: they have sessions of their own, and are ended with this process."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from subprocess import Popen


class _Commands:
    def __init__(self) -> None:
        self.running: list[Popen[bytes]] = []
        self.starting = 0
        self.then: Callable[[], None] | None = None


_commands = _Commands()


def started(start: Callable[[], Popen[bytes]]) -> Popen[bytes]:
    """Return the process that ``start`` starts, in a session of its own; :func:`end` is to be called for it."""
    _commands.starting += 1
    try:
        process = start()
        _commands.running.append(process)
    finally:
        _commands.starting -= 1
        if _commands.then is not None:
            end_all(_commands.then)
    return process


def end(process: Popen[bytes]) -> None:
    """End a command if it still runs, and all that it has started in its session."""
    if process.poll() is None:
        _kill(process)
        process.wait()
    _commands.running.remove(process)


def end_all(then: Callable[[], None]) -> None:
    """End all commands that run, for a process that is about to end, and call ``then``.

    It may be called by the handler of a signal: a command that is being
    started at that moment is ended once it has been, and only then is ``then`` called.
    """
    if _commands.starting:
        _commands.then = then
        return
    for process in _commands.running:
        if process.returncode is None:  # not poll(), whose lock the interrupted code may hold
            _kill(process)
    then()


def _kill(process: Popen[bytes]) -> None:
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
