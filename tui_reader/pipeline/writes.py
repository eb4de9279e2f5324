"""Collects small changes of the feed store for a moment, and stores them in one transaction."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable

from tui_reader.errors import StoreBusy
from tui_reader.storage.feed_store import FeedStore

_SECONDS = 0.02  # that a change waits for others
_PATIENCE = 150.0  # seconds that changes wait while a large answer is stored: more than one may take


class Writes:
    """Changes of ``store`` that wait for each other, as long as further ones are expected."""

    def __init__(self, store: FeedStore, expected: Callable[[], int] = lambda: sys.maxsize) -> None:
        """``expected`` returns how many changes may come at most, with those that wait."""
        self._store = store
        self._expected = expected
        self._waiting: list[tuple[Callable[[], None], asyncio.Future[None]]] = []
        self._since = 0.0  # when the first of them came, by the clock of the loop

    async def add(self, write: Callable[[], None]) -> None:
        """Wait until ``write`` was called and what it has changed is stored. Raises what it or the store raises."""
        loop = asyncio.get_running_loop()
        if not self._waiting:
            self._since = loop.time()
            loop.call_later(_SECONDS, self._store_all)
        done: asyncio.Future[None] = loop.create_future()
        self._waiting.append((write, done))
        if len(self._waiting) == self._expected():
            loop.call_soon(self._store_all)  # there is nothing to wait for
        await done

    def _store_all(self) -> None:
        if not self._waiting:
            return  # they were stored before their time
        loop = asyncio.get_running_loop()
        error: Exception | None = None
        try:
            with self._store.together(wait=loop.time() > self._since + _PATIENCE):
                for write, _ in self._waiting:
                    write()
        except StoreBusy:
            loop.call_later(_SECONDS, self._store_all)  # to wait here would hold up the network
            return
        except Exception as raised:  # noqa: BLE001 - raised where each of them is waited for
            error = raised
        waiting, self._waiting = self._waiting, []
        for _, done in waiting:
            if done.done():
                continue  # nobody waits any more
            if error is None:
                done.set_result(None)
            else:
                done.set_exception(error)
