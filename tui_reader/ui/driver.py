"""Reads the keyboard as Textual does, with an Esc that does not wait for a tenth of a second."""

from __future__ import annotations

import codecs
import os
import selectors

from textual import constants
from textual.drivers.linux_driver import LinuxDriver

from tui_reader.ui.textual_private import keyboard_parser

ESC = "\x1b"
_LOOK = 0.1  # seconds between two looks for the end of the program, as in Textual


class KeyboardDriver(LinuxDriver):
    """Tells a lone Esc from the beginning of a longer key as soon as its time is over.

    Textual's own loop looks every 100 ms, however short ``ESCDELAY`` is.
    """

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
                    data = os.read(self.fileno, 4096)
                    if not data:
                        # The terminal is gone, and nobody is left to press the key for it.
                        self._app.call_later(self._app.exit)
                        break
                    text = decode(data)
                    # After a part of a character there is no text yet, which the parser would take for the end.
                    for event in parser.feed(text) if text else ():
                        self.process_message(event)
                for event in parser.tick():
                    self.process_message(event)
