"""A pseudo-terminal that runs a program, presses keys, and times what appears on the screen."""

from __future__ import annotations

import fcntl
import os
import pty
import select
import signal
import struct
import termios
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

import pyte

QUIET = 0.05
"""Seconds without output after which a frame counts as complete."""


class Terminal:
    """Run a program in a terminal of ``columns`` × ``rows`` cells and emulate its screen.

    Output is timestamped when it arrives and emulated afterwards, so the
    emulator's own time is not measured.
    """

    def __init__(
        self,
        command: Sequence[str],
        env: Mapping[str, str],
        columns: int = 120,
        rows: int = 40,
        folder: Path | None = None,
    ) -> None:
        self.screen = pyte.Screen(columns, rows)
        self._stream = pyte.ByteStream(self.screen)
        self._pending: list[tuple[float, bytes]] = []
        self.started = time.perf_counter()
        self.pid, self._fd = pty.fork()
        if self.pid == 0:
            if folder is not None:
                os.chdir(folder)
            os.execvpe(command[0], list(command), dict(env))
        fcntl.ioctl(self._fd, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def _read(self, seconds: float) -> bool:
        ready, _, _ = select.select([self._fd], [], [], seconds)
        if not ready:
            return False
        try:
            data = os.read(self._fd, 1 << 16)
        except OSError:
            return False
        self._pending.append((time.perf_counter(), data))
        return bool(data)

    def text(self) -> str:
        """Return the text on the screen, line by line."""
        self._take()
        return "\n".join(self.screen.display)

    def _take(self) -> None:
        for _, data in self._pending:
            self._feed(data)
        self._pending.clear()

    def _feed(self, data: bytes) -> None:
        # The emulator does not support the private forms of these sequences.
        self._stream.feed(data.replace(b"\x1b[>", b"\x1b[?").replace(b"\x1b[=", b"\x1b[?"))

    def until(self, seen: Callable[[str], bool], seconds: float = 60.0) -> float:
        """Return the seconds from the start to the first output after which ``seen`` holds.

        Raises :class:`TimeoutError` with the screen's text.
        """
        end = time.perf_counter() + seconds
        while time.perf_counter() < end:
            self._read(0.05)
            while self._pending:
                stamp, data = self._pending.pop(0)
                self._feed(data)
                if seen("\n".join(self.screen.display)):
                    return stamp - self.started
        raise TimeoutError("\n".join(self.screen.display))

    def settle(self, quiet: float = 0.4, seconds: float = 20.0) -> None:
        """Wait until nothing has been written for ``quiet`` seconds."""
        end = time.perf_counter() + seconds
        while time.perf_counter() < end and self._read(quiet):
            pass
        self._take()

    def send(self, key: bytes) -> None:
        """Press a key and wait for nothing."""
        os.write(self._fd, key)

    def press(self, key: bytes, seconds: float = 5.0) -> float:
        """Press a key; return the seconds until the last byte of what it put on the screen."""
        while self._read(0):
            pass
        begin = time.perf_counter()
        os.write(self._fd, key)
        last = begin
        while self._read(QUIET if last > begin else seconds):
            last = self._pending[-1][0]
            if last - begin > seconds:
                break
        return last - begin

    def press_until(
        self, key: bytes, seen: Callable[[str], bool], seconds: float = 10.0, *, settled: bool = True
    ) -> float:
        """Press a key; return the seconds until ``seen`` holds. ``settled`` waits for other output to end first."""
        if settled:
            self.settle(quiet=0.1)
        begin = time.perf_counter()
        os.write(self._fd, key)
        return self.until(seen, seconds) - (begin - self.started)

    def memory(self) -> int:
        """Return the resident memory of the program and its children, in bytes."""
        total = 0
        waiting = [self.pid]
        while waiting:
            pid = waiting.pop()
            try:
                status = Path(f"/proc/{pid}/status").read_text()
                waiting += map(int, Path(f"/proc/{pid}/task/{pid}/children").read_text().split())
            except OSError:
                continue
            for line in status.splitlines():
                if line.startswith("VmRSS:"):
                    total += int(line.split()[1]) * 1024
        return total

    def close(self) -> None:
        """Terminate the program."""
        try:
            os.kill(self.pid, signal.SIGTERM)
            for _ in range(100):
                if os.waitpid(self.pid, os.WNOHANG)[0]:
                    break
                self._read(0.02)
            else:
                os.kill(self.pid, signal.SIGKILL)
                os.waitpid(self.pid, 0)
        except (ProcessLookupError, ChildProcessError):
            pass
        os.close(self._fd)


def moves(terminal: Terminal, busy: Callable[[str], bool]) -> Iterator[float]:
    """Move the cursor while ``busy`` holds; yield the seconds until each move is visible.

    A move is detected in the story pane, which is drawn in the same frame as
    the cursor. New stories change the list, but never the story pane.
    """

    def story(text: str) -> str:
        return " ".join(line.rpartition("│")[2].strip() for line in text.splitlines()[1:8])

    pressed = 0
    while True:
        terminal.settle(quiet=0.01)  # a frame that is only half drawn would count as a change
        text = terminal.text()
        if not busy(text):
            return
        before = story(text)
        # Down and up again, so that every key moves.
        key = (b"j", b"k")[pressed % 2]
        yield terminal.press_until(key, lambda text, before=before: story(text) != before, settled=False)  # type: ignore[misc]
        pressed += 1
