"""The bytes of the keyboard as the driver reads them."""

from __future__ import annotations

import fcntl
import os
import termios
import threading
import time
from array import array
from typing import cast

from textual import events
from textual.app import App
from textual.message import Message

from tests.ui.terminal import PATIENCE
from tui_reader.ui.driver import KeyboardDriver


class FakeApp:
    """Takes what the driver asks of the app."""

    def __init__(self) -> None:
        self.ended = False

    def exit(self) -> None:
        self.ended = True

    def call_later(self, function: object) -> None:
        assert function == self.exit
        self.exit()


class Keyboard(KeyboardDriver):
    """Reads from a pipe."""

    def __init__(self, app: FakeApp, descriptor: int) -> None:
        self._app = cast(App[object], app)
        self._debug = False
        self.fileno = descriptor
        self.exit_event = threading.Event()
        self.keys: list[str] = []

    def process_message(self, message: Message) -> None:
        if isinstance(message, events.Key):
            self.keys.append(message.character or "")


def until_read(descriptor: int) -> None:
    """Wait until a pipe is empty."""
    waiting = array("i", [1])
    end = time.monotonic() + PATIENCE
    while waiting[0]:
        assert time.monotonic() < end, "nobody reads the pipe"
        fcntl.ioctl(descriptor, termios.FIONREAD, waiting)


def test_a_character_that_arrives_in_parts_is_one_key_and_only_the_end_of_input_ends_the_app() -> None:
    app = FakeApp()
    reading, writing = os.pipe()
    keyboard = Keyboard(app, reading)
    thread = threading.Thread(target=keyboard.run_input_thread)
    thread.start()
    try:
        for byte in "añz€".encode():
            os.write(writing, bytes([byte]))
            until_read(reading)
    finally:
        os.close(writing)
        thread.join()
        os.close(reading)
    assert keyboard.keys == ["a", "ñ", "z", "€"]
    assert app.ended
