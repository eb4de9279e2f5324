"""Holds requests back while too much of what was fetched is not stored yet, so that memory stays bounded."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager

MAX_BYTES = 8 * 1024 * 1024
"""Bytes of answers that wait to be parsed, above which no further request is sent."""


class Backlog:
    """The answers that are fetched and not stored yet; belongs to one loop."""

    def __init__(self, most: int = MAX_BYTES) -> None:
        self._most = most
        self._bytes = 0
        self._room = asyncio.Event()
        self._room.set()

    async def room(self) -> None:
        """Wait until there is room for further answers."""
        await self._room.wait()

    @contextmanager
    def holding(self, size: int) -> Iterator[None]:
        """Count an answer of ``size`` bytes during the block."""
        self._count(size)
        try:
            yield
        finally:
            self._count(-size)

    def _count(self, size: int) -> None:
        self._bytes += size
        if self._bytes > self._most:
            self._room.clear()
        else:
            self._room.set()
