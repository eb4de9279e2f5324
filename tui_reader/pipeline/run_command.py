"""Runs a command of the user: no shell, and bounds for its time, its input and its output."""

from __future__ import annotations

import os
import selectors
import signal
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import PurePath
from typing import IO

from tui_reader.model.text import clean_text
from tui_reader.named_tuple import NamedTuple
from tui_reader.pipeline import running_commands
from tui_reader.private_files import umask_before

MOST_OUTPUT = 16 << 20
"""Bytes that a command may write before it is ended."""

_KEPT = 4096  # bytes of what it writes, to quote its first line
_CHUNK = 1 << 16
_LOOK_SECONDS = 0.2  # between two looks whether it has ended, if what it writes to is still open
_LONGEST_LINE = 200  # characters that are quoted
_NOT_FOUND, _NOT_EXECUTABLE = 127, 126
_TOO_LONG = "took too long and was ended"


class Outcome(NamedTuple):
    """What became of a command: ``problem`` is empty if it ended well, ``said`` the first line that it wrote."""

    problem: str
    said: str = ""


def run_command(arguments: Sequence[str], story: bytes, seconds: float) -> Outcome:
    """Run a command with ``story`` on its standard input, for so many ``seconds`` at most; return what became of it.

    What it writes is read and dropped, except for the first line. It has a
    session of its own, so that with it all that it has started can be ended.
    """
    outcome, _ = _run(arguments, story, seconds)
    if outcome.problem.endswith(_TOO_LONG):
        return outcome._replace(problem=f"{outcome.problem}: timeout in config.toml gives it more seconds")
    return outcome


def read_command(arguments: Sequence[str], seconds: float) -> tuple[Outcome, bytes]:
    """Run a command in the same way, without input; return the beginning of what it printed too, 4 KB at most.

    That may be a secret: the outcome quotes nothing but its errors.
    """
    return _run(arguments, b"", seconds, is_secret=True)


def _run(arguments: Sequence[str], story: bytes, seconds: float, *, is_secret: bool = False) -> tuple[Outcome, bytes]:
    """Return what became of a command, and the beginning of what it printed."""
    name = PurePath(arguments[0]).name
    try:
        process = running_commands.started(lambda: _popen(arguments, bool(story)))
    except (OSError, ValueError) as error:
        return Outcome(_not_started(arguments[0], error)), b""
    with process:
        talk = _Talk(process, story)
        try:
            why = talk.listen(time.monotonic() + seconds)
        finally:
            running_commands.end(process)
    said = _first_line(talk.errors) or ("" if is_secret else _first_line(talk.printed))
    if not why and process.returncode:
        why = _failure(process.returncode)
    return Outcome(f"{name} {why}" if why else "", said), bytes(talk.printed)


def _popen(arguments: Sequence[str], has_input: bool) -> subprocess.Popen[bytes]:
    return subprocess.Popen(  # noqa: S603 - a fixed list of arguments, and no shell
        arguments,
        stdin=subprocess.PIPE if has_input else subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
        umask=umask_before(),
    )


@contextmanager
def interrupts_left_to_others() -> Iterator[None]:
    """Leave Ctrl+C to the command that has the terminal: it reaches this process too, which would end."""
    # A handler that does nothing, and not SIG_IGN: the command would inherit that.
    before = signal.signal(signal.SIGINT, lambda *_: None)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def run_in_terminal(arguments: Sequence[str], story: bytes) -> str:
    """Run a command that has this terminal until it ends; return why it failed, or an empty string.

    Where there is a ``story``, the command has it on its standard input.
    """
    try:
        ended = subprocess.run(  # noqa: S603 - as above
            arguments, input=story or None, check=False, umask=umask_before()
        )
    except (OSError, ValueError) as error:
        return _not_started(arguments[0], error)
    name = PurePath(arguments[0]).name
    return f"{name} {_failure(ended.returncode)}" if ended.returncode else ""


def _not_started(name: str, error: OSError | ValueError) -> str:
    if isinstance(error, FileNotFoundError):
        return f"there is no command ‘{clean_text(name)}’: is it installed, and on your PATH?"
    reason = error.strerror if isinstance(error, OSError) else str(error)
    return f"{clean_text(name)} cannot be started: {reason}"


def _failure(status: int) -> str:
    if status < 0:
        return f"was ended by signal {-status}"
    hints = {_NOT_FOUND: ": it did not find a command", _NOT_EXECUTABLE: ": it could not run a command"}
    return f"failed with status {status}{hints.get(status, '')}"


class _Talk:
    """Writes to a command and reads what it writes, without waiting for either."""

    def __init__(self, process: subprocess.Popen[bytes], story: bytes) -> None:
        self._process = process
        self._rest = memoryview(story)
        self.errors = bytearray()
        self.printed = bytearray()
        self._kept: dict[int, bytearray] = {}
        self._read = 0
        self._selector = selectors.DefaultSelector()
        for stream, kept in ((process.stderr, self.errors), (process.stdout, self.printed)):
            if stream is not None:
                self._register(stream, selectors.EVENT_READ)
                self._kept[stream.fileno()] = kept
        if process.stdin is not None:
            self._register(process.stdin, selectors.EVENT_WRITE)

    def _register(self, stream: IO[bytes], event: int) -> None:
        os.set_blocking(stream.fileno(), False)
        self._selector.register(stream, event)

    def listen(self, end: float) -> str:
        """Serve the command until it has ended; return why it did not end by itself, or an empty string.

        What it left running in the background may hold its output open: that is not waited for.
        """
        with self._selector:
            while self._process.poll() is None:
                left = end - time.monotonic()
                if left <= 0:
                    return _TOO_LONG
                if not self._selector.get_map():
                    with suppress(subprocess.TimeoutExpired):
                        self._process.wait(left)
                    continue
                for key, _ in self._selector.select(min(left, _LOOK_SECONDS)):
                    self._serve(key)
                if self._read > MOST_OUTPUT:
                    return f"wrote more than {MOST_OUTPUT >> 20} MB and was ended"
            self._read_rest()
        return ""

    def _read_rest(self) -> None:
        """Read what the command has written before it ended, as much as is kept of it."""
        for _ in range(_KEPT):
            ready = self._selector.select(0) if self._selector.get_map() else []
            written = [key for key, _ in ready if key.events == selectors.EVENT_READ]
            if not written or self._read > MOST_OUTPUT:
                return
            for key in written:
                self._serve(key)

    def _serve(self, key: selectors.SelectorKey) -> None:
        if self._process.stdin is not None and key.fileobj is self._process.stdin:
            self._write(self._process.stdin)
            return
        part = os.read(key.fd, _CHUNK)
        kept = self._kept[key.fd]
        kept += part[: _KEPT - len(kept)]
        self._read += len(part)
        if not part:
            self._selector.unregister(key.fileobj)

    def _write(self, stream: IO[bytes]) -> None:
        try:
            self._rest = self._rest[os.write(stream.fileno(), self._rest[:_CHUNK]) :]
        except BlockingIOError:
            return
        except BrokenPipeError:
            self._rest = self._rest[:0]  # it does not want to know: most that need no story do not read it
        if not self._rest:
            self._selector.unregister(stream)
            with suppress(BrokenPipeError):
                stream.close()


def _first_line(written: bytearray) -> str:
    """Return the first line with anything in it, to be quoted."""
    for line in written.decode(errors="replace").splitlines():
        if cleaned := clean_text(line):
            return cleaned if len(cleaned) <= _LONGEST_LINE else f"{cleaned[:_LONGEST_LINE]}…"
    return ""
