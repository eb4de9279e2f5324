"""A terminal in which the installed command runs: a real pseudo-terminal, and a screen that understands it."""

from __future__ import annotations

import fcntl
import os
import pty
import select
import struct
import subprocess
import sys
import sysconfig
import termios
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import pyte

from tests.support import forking
from tests.support.forking import Forked

PATIENCE = 60.0
"""Seconds to wait for anything: a loaded machine is slow, and only a failure ever takes so long."""

# The terminal is the one that the program belongs to, as it would be in a
# shell: it hears when its size changes and when its window is closed.
# ``nohup`` and other parents of the tests ignore SIGHUP, and children inherit that.
_LOGIN = (
    # As in a shell: what runs the tests may ignore signals, and so would all that it starts.
    "import os, signal, sys; [signal.signal(each, signal.SIG_DFL) for each in (signal.SIGHUP, signal.SIGINT)]; "
    "os.login_tty(0); os.execv(sys.argv[1], sys.argv[1:])"
)


def command() -> list[str]:
    """Return the installed ``news-tui``, or what runs it where its script is not beside this Python."""
    script = Path(sysconfig.get_path("scripts")) / "news-tui"
    return [str(script)] if script.exists() else [sys.executable, "-m", "tui_reader"]


class _Screen(pyte.Screen):
    """A screen that is empty whenever a program takes it or gives it back.

    pyte has no alternate screen: what the reader drew would stay to be seen
    while another program has the terminal, and a test that waits for the
    reader to draw it again would not wait.
    """

    _ALTERNATE = 1049

    def set_mode(self, *modes: int, **options: Any) -> None:
        """Set modes of the terminal, such as the alternate screen."""
        super().set_mode(*modes, **options)
        self._clear_for(modes)

    def reset_mode(self, *modes: int, **options: Any) -> None:
        """Take modes of the terminal back."""
        super().reset_mode(*modes, **options)
        self._clear_for(modes)

    def _clear_for(self, modes: tuple[int, ...]) -> None:
        if self._ALTERNATE in modes:
            self.erase_in_display(2)


class Terminal:
    """A program in a terminal of its own: what it draws, and the keys it is given."""

    def __init__(self, process: subprocess.Popen[bytes], master: int, slave: int, columns: int, lines: int) -> None:
        self.process = process
        self.written = b""
        """All that the program ever sent to the terminal."""
        self._is_unseen = False  # whether nothing was drawn since the last key
        self._master = master
        self._slave = slave
        self._screen = _Screen(columns, lines)
        self._stream = pyte.ByteStream(self._screen)

    def text(self) -> str:
        """Return what is on the screen."""
        # The ``display`` of pyte fails while a character of two cells is half overwritten.
        lines, columns = range(self._screen.lines), range(self._screen.columns)
        return "\n".join("".join(self._screen.buffer[y][x].data for x in columns) for y in lines)

    def sees(self, *texts: str) -> bool:
        """Whether all of ``texts`` are on the screen."""
        text = self.text()
        return all(part in text for part in texts)

    def press(self, keys: str) -> None:
        """Type ``keys``, in the bytes that a terminal sends for them."""
        os.write(self._master, keys.encode())
        self._is_unseen = True

    def resize(self, columns: int, lines: int) -> None:
        """Give the terminal another size."""
        self._screen.resize(lines, columns)
        _set_size(self._master, columns, lines)

    def until(self, condition: Callable[[], object], what: str) -> None:
        """Show what the program draws until ``condition``; fails with the screen where it does not come about."""
        end = time.monotonic() + PATIENCE
        while not condition():
            if time.monotonic() > end:
                raise AssertionError(f"waited in vain for {what}:\n{self.text()}")
            self._draw()

    def until_seen(self, *texts: str) -> None:
        """Wait until all of ``texts`` are on the screen."""
        self._until_drawn(lambda: self.sees(*texts), " and ".join(map(repr, texts)))

    def until_gone(self, text: str) -> None:
        """Wait until ``text`` is no longer on the screen."""
        self._until_drawn(lambda: not self.sees(text), f"the end of {text!r}")

    def _until_drawn(self, condition: Callable[[], object], what: str) -> None:
        # What holds before the answer to a key is drawn says nothing about the answer: the test would not wait for it.
        assert not (self._is_unseen and condition()), f"{what} came about before the last key:\n{self.text()}"
        self.until(condition, what)

    def until_ended(self) -> int:
        """Wait for the end of the program and return its exit status."""
        self.until(lambda: self.process.poll() is not None, "the end of the program")
        while self._draw():
            pass
        return self.process.returncode

    def settings(self) -> list[Any]:
        """Return how the terminal is set: echo, line by line, and so on."""
        return termios.tcgetattr(self._slave)

    def hang_up(self) -> None:
        """Take the terminal away, as when its window is closed."""
        os.close(self._master)
        os.close(self._slave)
        self._master = self._slave = -1

    def close(self) -> None:
        """End the program if it still runs, and give the terminal back."""
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        if self._master >= 0:
            self.hang_up()

    def _draw(self) -> bool:
        """Draw what has come; False where nothing came for a moment."""
        ready, _, _ = select.select([self._master], [], [], 0.02)
        if not ready:
            return False
        self._is_unseen = False
        data = os.read(self._master, 65536)
        self.written += data
        self._stream.feed(data)
        return True


def _set_size(descriptor: int, columns: int, lines: int) -> None:
    fcntl.ioctl(descriptor, termios.TIOCSWINSZ, struct.pack("HHHH", lines, columns, 0, 0))


def run(*arguments: str, environ: Mapping[str, str]) -> str:
    """Run ``news-tui``, which must succeed, and return its output."""
    words = [*arguments]
    files: dict[str, Any] = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    done = forking.run(words, [*command(), *words], PATIENCE, env=dict(environ), text=True, **files)
    assert done.returncode == 0, done.stderr
    return str(done.stdout)


@contextmanager
def terminal(
    *arguments: str, columns: int, lines: int, environ: Mapping[str, str], program: Sequence[str] = ()
) -> Iterator[Terminal]:
    """Open a terminal of that size in which ``news-tui`` runs, or another ``program``, with ``arguments``."""
    master, slave = pty.openpty()
    _set_size(slave, columns, lines)
    login = [sys.executable, "-IS", "-c", _LOGIN, *(program or command()), *arguments]
    files: dict[str, Any] = {"stdin": slave, "stdout": slave, "stderr": slave, "env": dict(environ)}
    process = subprocess.Popen(login, **files) if program else Forked(arguments, login, terminal=True, **files)
    found = Terminal(process, master, slave, columns, lines)
    try:
        yield found
    finally:
        found.close()


installed = partial(terminal, program=command())
"""Open a terminal in which the installed command runs, started as a shell does: for tests of start and end."""
