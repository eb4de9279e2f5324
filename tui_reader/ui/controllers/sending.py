"""Sends what the person marks to the servers of accounts, a few seconds after the last mark."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from tui_reader.ui.controllers.page import Page
from tui_reader.ui.worker_process import last_of, start_sending

_PAUSE = 300.0  # seconds between two times: each takes five requests, and some servers allow 100 a day


class Sending:
    """Looks now and then whether marks wait to be sent, and lets a child process send them.

    What cannot be sent, or is too old to be sent by itself, waits for the next refresh.
    """

    def __init__(self, page: Page, log: Path, failed: Callable[[Sequence[str]], None]) -> None:
        """``log`` takes the errors of the child; ``failed`` is called with what went wrong, as sentences."""
        self._page = page
        self._log = log
        self._failed = failed
        self._seen = 0  # the newest deed at the last look
        self._sent = 0  # the newest one that was sent, or tried
        self._next = 0.0
        self._is_sending = False

    async def look(self) -> None:
        """Begin to send if something waits and the person has marked nothing more since the last look."""
        library = self._page.library
        newest = await library.ask(library.newest_deed)
        is_quiet, self._seen = newest == self._seen, newest
        if is_quiet and newest > self._sent and not self._is_sending and time.monotonic() >= self._next:
            self._sent, self._is_sending = newest, True
            self._page.ask("send", self._send)

    async def _send(self) -> None:
        try:
            last = await last_of(start_sending(log=self._log))
        finally:
            self._is_sending = False
            self._next = time.monotonic() + _PAUSE
        if last.failures:
            self._failed(last.failures)

    def leave(self) -> subprocess.Popen[bytes] | None:
        """Let a process that outlives the reader send what waits; return it, or ``None`` if nothing does.

        Whoever closes the reader may close the machine, and go on reading on another one.
        """
        return start_sending(log=self._log, outlives=True) if self._page.library.has_deeds() else None
