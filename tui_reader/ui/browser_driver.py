"""The page in a browser that shows the reader: draws on it, reads what is typed, and lets the browser do things."""

from __future__ import annotations

import asyncio
import os
import selectors
import time
from collections.abc import Iterable, Iterator
from concurrent.futures import Future
from contextlib import suppress
from typing import Any

from textual import constants
from textual.drivers.web_driver import WebDriver
from textual.message import Message
from textual.theme import Theme

from tui_reader.ui.textual_private import KeyboardParser, keyboard_parser

_ANSWER_SECONDS = 3.0  # after which the page is taken for one that does not answer
_LOOK = 0.1  # seconds between two looks for the end of the program, as in Textual
_ESC = "\x1b"
_STDIN = 0
_HEAD = 5  # bytes of a packet before its content: its kind, and the length of what follows
_OF_THIS_PROCESS = ("TEXTUAL_DRIVER", "COLUMNS", "ROWS")


class BrowserDriver(WebDriver):
    """Draws on the page and reads from it, through the pipes of the server.

    Unlike Textual's, it ends the reader with the page, also when the server
    was killed; and it asks the page to do something, and waits for the answer.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - those of the driver
        super().__init__(*args, **kwargs)
        for name in _OF_THIS_PROCESS:
            os.environ.pop(name, None)  # what the reader starts has no page
        self._is_gone = False
        self._write = self._write_all  # type: ignore[assignment]  # it returns nothing
        self._asked: dict[int, Future[str]] = {}
        self._last = 0

    # -- what the page does --------------------------------------------------------

    async def open_page(self, url: str) -> str:
        """Open ``url`` in a new tab of the browser; return why it was not opened, or an empty string."""
        return await self._ask("open", url)

    async def copy(self, text: str) -> str:
        """Copy ``text`` to the clipboard of the browser; return why it was not copied, or an empty string."""
        return await self._ask("copy", text)

    async def _ask(self, what: str, text: str) -> str:
        self._last += 1
        number = self._last
        answer = self._asked[number] = Future()
        answer.set_running_or_notify_cancel()  # the thread for the input sets it
        self.write_meta({"type": what, "text": text, "number": number})
        try:
            return await asyncio.wait_for(asyncio.wrap_future(answer), _ANSWER_SECONDS)
        except TimeoutError:
            return "The browser did not answer"
        finally:
            del self._asked[number]

    def on_meta(self, packet_type: str, payload: dict[str, object]) -> None:
        """Take a message of the page."""
        if packet_type != "done":
            super().on_meta(packet_type, payload)
            return
        answer = self._asked.get(int(str(payload["number"])))
        if answer is not None and not answer.done():
            answer.set_result(str(payload["problem"]))

    # -- drawing -------------------------------------------------------------------

    def start_application_mode(self) -> None:
        """Take the page, in the colour of the theme."""
        super().start_application_mode()
        self._app.theme_changed_signal.subscribe(self._app, self._colour, immediate=True)
        self._colour(self._app.current_theme)

    def _colour(self, theme: Theme) -> None:
        """Give what is left beside the last cell of a line the colour of the theme."""
        self.write_meta({"type": "colour", "text": self._app.theme_variables.get("background", "#000000")})

    def _write_all(self, data: bytes) -> None:
        view = memoryview(data)
        while view and not self._is_gone:
            try:
                view = view[os.write(self.fileno, view) :]
            except OSError:
                self._gone()

    def _gone(self) -> None:
        """End the reader: the page is gone, and nobody is left to press the key for it."""
        self._is_gone = True
        with suppress(RuntimeError):  # the loop has ended already
            self._app.call_later(self._app.exit)

    # -- typing --------------------------------------------------------------------

    def run_input_thread(self) -> None:
        """Wait for packets and pass them on."""
        parser = keyboard_parser(self._debug)
        waiting = bytearray()
        with selectors.DefaultSelector() as selector:
            selector.register(_STDIN, selectors.EVENT_READ)
            while not self.exit_event.is_set():
                if selector.select(_LOOK):
                    data = os.read(_STDIN, 65536)
                    if not data:
                        self._gone()
                        break
                    waiting += data
                    for kind, content in _packets(waiting):
                        if kind == b"D":
                            self._type(parser, content.decode(errors="replace"))
                        else:
                            self._on_meta(kind.decode(), content)
                self._pass_on(parser.tick())

    def _type(self, parser: KeyboardParser, text: str) -> None:
        """Pass on a key, or what was pasted. It comes as a whole: what follows a lone Esc is another key."""
        self._pass_on(parser.feed(text) if text else ())
        if text == _ESC:
            time.sleep(constants.ESCAPE_DELAY + 0.001)  # the parser looks at the clock, and this thread only types
            self._pass_on(parser.tick())

    def _pass_on(self, events: Iterable[Message]) -> None:
        for event in events:
            self.process_message(event)


def _packets(waiting: bytearray) -> Iterator[tuple[bytes, bytes]]:
    """Take the packets that are complete off what has come, each as its kind and its content."""
    while len(waiting) >= _HEAD:
        end = _HEAD + int.from_bytes(waiting[1:_HEAD], "big")
        if len(waiting) < end:
            break
        packet = bytes(waiting[:1]), bytes(waiting[_HEAD:end])
        del waiting[:end]
        yield packet
