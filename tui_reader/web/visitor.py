"""The process of the reader that a page shows: begins with the page, and ends with it."""

from __future__ import annotations

import asyncio
import json
import os
import signal
from asyncio.subprocess import PIPE, Process
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from typing import Any

from tui_reader.ui.remote import BROWSER_DRIVER

PASSWORD = "NEWS_TUI_PASSWORD"  # noqa: S105 - the name of a variable
"""The variable with the password; what the reader starts does not see it."""

_GRACE = 5.0  # seconds in which a reader may end by itself
_READY = b"__GANGLION__\n"  # what Textual's driver writes first
_DATA, _MESSAGE = b"D", b"M"
# What would tell the reader about the terminal that the server was started in.
_OF_A_TERMINAL = (
    "TMUX",
    "STY",
    "KITTY_WINDOW_ID",
    "KONSOLE_VERSION",
    "LC_TERMINAL",
    "TERM_PROGRAM_VERSION",
    "COLORFGBG",
    "LINES",
)


class Visitor:
    """A reader that sends what it draws, and takes keys, as Textual's driver for the web does: in packets.

    A packet has a letter for its kind, the length of what follows as four
    bytes, and then what is drawn or typed, or a message as JSON.
    """

    def __init__(self, process: Process) -> None:
        self._process = process

    @classmethod
    async def start(cls, command: Sequence[str], columns: int, lines: int) -> Visitor:
        """Start a reader of that size. Raises :class:`OSError`."""
        return cls(
            await asyncio.create_subprocess_exec(
                *command,
                stdin=PIPE,
                stdout=PIPE,  # what goes wrong is told where the server was started
                env=environment(os.environ, columns, lines),
                start_new_session=True,  # Ctrl+C is for the server, which ends the readers
            )
        )

    async def listen(
        self, drawn: Callable[[bytes], Awaitable[object]], said: Callable[[dict[str, Any]], Awaitable[object]]
    ) -> None:
        """Pass on what the reader draws and what it says, until it ends."""
        output = self._process.stdout
        if output is None:
            raise ValueError("the reader was started without a pipe")
        with suppress(asyncio.IncompleteReadError):  # the reader has ended
            await output.readuntil(_READY)
            while True:
                kind = await output.readexactly(1)
                content = await output.readexactly(int.from_bytes(await output.readexactly(4), "big"))
                if kind == _DATA:
                    await drawn(content)
                elif kind == _MESSAGE:
                    await said(json.loads(content))

    async def type(self, text: str) -> None:
        """Give the reader what was typed."""
        await self._send(_DATA, text.encode(errors="replace"))

    async def tell(self, what: str, **facts: object) -> None:
        """Send the reader a message."""
        await self._send(_MESSAGE, json.dumps({"type": what, **facts}).encode())

    async def _send(self, kind: bytes, content: bytes) -> None:
        if self._process.stdin is not None:
            with suppress(ConnectionError):  # it has ended
                self._process.stdin.write(kind + len(content).to_bytes(4, "big") + content)
                await self._process.stdin.drain()

    async def end(self) -> None:
        """Let the reader end as its own key does; kill one that hangs, with all that it has started."""
        try:
            async with asyncio.timeout(_GRACE):
                await self.tell("quit")
                await self._process.wait()
        except TimeoutError:
            with suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)
            await self._process.wait()


def environment(environ: Mapping[str, str], columns: int, lines: int) -> dict[str, str]:
    """Return the environment of a reader on a page of that size: xterm.js draws it, with all colours."""
    kept = {name: value for name, value in environ.items() if name not in {PASSWORD, *_OF_A_TERMINAL}}
    return kept | {
        "TEXTUAL_DRIVER": BROWSER_DRIVER,
        "TEXTUAL_COLOR_SYSTEM": "truecolor",
        "TERM": "xterm-256color",
        "TERM_PROGRAM": "textual",
        "COLORTERM": "truecolor",
        "COLUMNS": str(columns),
        "ROWS": str(lines),
    }
