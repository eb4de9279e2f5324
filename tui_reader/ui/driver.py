"""The terminal: an Esc that does not wait, and signals that end or suspend the reader with the terminal restored."""

from __future__ import annotations

import codecs
import os
import selectors
import signal
import termios
import threading
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from io import TextIOWrapper
from types import FrameType
from typing import Any, ParamSpec, TextIO, cast

from textual import constants
from textual.drivers.linux_driver import LinuxDriver

from tui_reader.ui.end_signals import ending_signals, exit_status
from tui_reader.ui.textual_private import keyboard_parser

P = ParamSpec("P")

ESC = "\x1b"
_LOOK = 0.1  # seconds between two looks for the end of the program, as in Textual
_GRACE = 3.0  # seconds after a signal in which a reader that hangs may end properly
_LAST_WRITE = 0.5  # seconds for restoring a terminal that may take no output
# What Textual turns on, turned off: pasting in brackets, no line wrap, the
# mouse, reports of the focus and the size, synchronised output, Kitty's
# keyboard, the alternate screen, a hidden cursor.
_RESTORE = (
    "\x1b[?2004l\x1b[?7h\x1b[?1000l\x1b[?1003l\x1b[?1015l\x1b[?1006l\x1b[?1016l"
    "\x1b[?1004l\x1b[?2048l\x1b[?2026l\x1b[<u\x1b[?1049l\x1b[?25h"
)


class KeyboardDriver(LinuxDriver):
    """Reads the keyboard and answers to signals.

    It tells a lone Esc from the beginning of a longer key as soon as its time
    is over; Textual's own loop looks every 100 ms, however short ``ESCDELAY``
    is. And it acts on signals in the event loop: in the handler itself, as in
    Textual, the terminal might be in the middle of a write.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - those of the driver
        super().__init__(*args, **kwargs)
        # Textual's thread for output would end with an error, and the app would wait for it forever.
        self._output = _Output(cast("TextIO", self._file), self._gone)
        self._file = cast("TextIOWrapper", self._output)
        self._has_terminal = False  # Textual's modes are on
        self._suspending = False
        self._ended = False

    # -- the terminal ------------------------------------------------------------

    def start_application_mode(self) -> None:
        """Take the terminal, and the signals that end the reader."""
        self._has_terminal = True
        super().start_application_mode()  # type: ignore[no-untyped-call]  # it has no types in Textual
        for number in ending_signals():
            signal.signal(number, self._end)

    def stop_application_mode(self) -> None:
        """Give the terminal back as it was."""
        if self._mouse_pixels:
            self._mouse_pixels = False
            self.write("\x1b[?1016l")
        super().stop_application_mode()
        self._has_terminal = False

    def _gone(self) -> None:
        """End the reader: its terminal is gone, and nobody is left to press the key for it."""
        with suppress(RuntimeError):  # the loop has ended already
            self._app.call_later(self._app.exit)

    # -- signals -----------------------------------------------------------------

    def _soon(self, function: Callable[P, object], *args: P.args, **kwargs: P.kwargs) -> None:
        """Call ``function`` in the event loop, unless that has ended."""
        with suppress(RuntimeError):
            self._loop.call_soon_threadsafe(partial(function, *args, **kwargs))

    def _end(self, number: int, _: FrameType | None) -> None:
        """End the reader as its own key does; if it hangs, or at a second signal, restore the terminal and exit."""
        if self._ended:
            self._end_now(number)
        self._ended = True
        timer = threading.Timer(_GRACE, self._end_now, (number,))
        timer.daemon = True
        timer.start()
        self._soon(self._app.exit, None, exit_status(number))

    def _end_now(self, number: int) -> None:
        if self._has_terminal:
            writing = threading.Thread(target=self._restore, daemon=True)
            writing.start()
            writing.join(_LAST_WRITE)
        os._exit(exit_status(number))

    def _restore(self) -> None:
        if self.attrs_before is not None:
            with suppress(termios.error):
                termios.tcsetattr(self.fileno, termios.TCSANOW, self.attrs_before)
        with suppress(OSError):
            os.write(self._output.fileno(), _RESTORE.encode())

    def _sigtstp_application(self, *_: object) -> None:
        """Suspend the reader; at once while another program has the terminal."""
        if self._auto_restart:
            self._soon(self._suspend)
        else:
            _stop()

    def _sigcont_application(self, *_: object) -> None:
        """Take the terminal again if the reader was stopped by a signal that cannot be caught."""
        if self._auto_restart and not self._suspending:
            self._soon(self._take_again)

    def _take_again(self) -> None:
        self.suspend_application_mode()
        self._resume()

    def _suspend(self) -> None:
        """Give the terminal back, stop until ``fg``, and take it again."""
        if self._suspending or not self._has_terminal:
            return
        self._suspending = True
        self._app.app_suspend_signal.publish(self._app)
        self.suspend_application_mode()
        # The processes of one job stop together: a script that runs the reader, too.
        signal.signal(signal.SIGTSTP, signal.SIG_IGN)
        os.killpg(os.getpgrp(), signal.SIGTSTP)
        _stop()
        signal.signal(signal.SIGTSTP, self._sigtstp_application)
        self._resume()
        self._suspending = False

    def _resume(self) -> None:
        """Take the terminal, as soon as it is ours, and draw everything anew."""
        with suppress(OSError):  # the terminal is gone, which the keyboard's thread will notice
            while os.tcgetpgrp(self.fileno) != os.getpgrp():
                _stop()  # continued in the background
        self.start_application_mode()
        self._app.call_later(self._resumed)

    def _resumed(self) -> None:
        self._app.app_resume_signal.publish(self._app)
        self._app.refresh(layout=True)

    # -- the keyboard --------------------------------------------------------------

    def run_input_thread(self) -> None:
        """Wait for input and pass it on."""
        parser = keyboard_parser(self._debug)
        decode = codecs.getincrementaldecoder("utf-8")("replace").decode
        text = ""
        with selectors.DefaultSelector() as selector:
            selector.register(self.fileno, selectors.EVENT_READ)
            while not self.exit_event.is_set():
                # One millisecond more: the parser looks at the clock itself.
                wait = constants.ESCAPE_DELAY + 0.001 if text.endswith(ESC) else _LOOK
                text = ""
                if selector.select(wait):
                    try:
                        data = os.read(self.fileno, 4096)
                    except OSError:
                        data = b""  # as Linux says it
                    if not data:
                        self._gone()
                        break
                    text = decode(data)
                    # After a part of a character there is no text yet, which the parser would take for the end.
                    for event in parser.feed(text) if text else ():
                        self.process_message(event)
                for event in parser.tick():
                    self.process_message(event)


class _Output:
    """The terminal's end of the output; what is written after the terminal has gone goes nowhere."""

    def __init__(self, file: TextIO, gone: Callable[[], object]) -> None:
        self._file = file
        self._gone = gone
        self._is_gone = False

    def write(self, text: str) -> None:
        self._try(self._file.write, text)

    def flush(self) -> None:
        self._try(self._file.flush)

    def fileno(self) -> int:
        return self._file.fileno()

    def _try(self, function: Callable[P, object], *args: P.args, **kwargs: P.kwargs) -> None:
        if not self._is_gone:
            try:
                function(*args, **kwargs)
            except OSError:
                self._is_gone = True
                self._gone()


def _stop() -> None:
    """Stop this process as its terminal would; where no shell could continue it, do nothing."""
    before = signal.signal(signal.SIGTSTP, signal.SIG_DFL)
    signal.pthread_kill(threading.get_ident(), signal.SIGTSTP)
    signal.signal(signal.SIGTSTP, before)
