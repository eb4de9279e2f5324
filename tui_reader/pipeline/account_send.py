"""Sends what was done here to the server of an account."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from tui_reader.sources.sync.client import MarkKind, SyncClient, in_batches
from tui_reader.sources.sync.errors import SyncError, SyncProblem
from tui_reader.storage.remote_marks import Deed, RemoteMarks

_MAX_REFUSED = 3  # deeds that a server does not understand; with more, it understands none


class MarkSender:
    """Sends the queue of one account, once."""

    def __init__(self, client: SyncClient, marks: RemoteMarks) -> None:
        self._client = client
        self._marks = marks
        self._refused: list[SyncError] = []

    async def send(self, since: int = 0) -> None:
        """Send what was done from ``since`` on, in seconds since 1970. Raises :class:`SyncError`.

        What the server does not accept stays in the queue, and does not hold up the rest.
        """
        for alike in await asyncio.to_thread(self._marks.queued, since):
            for deeds in in_batches(alike):
                await self._send_some(deeds)
        if self._refused:
            raise self._refused[0]

    async def _send_some(self, deeds: Sequence[Deed]) -> None:
        """Send deeds of one kind and direction, in halves if the server does not understand them."""
        await asyncio.to_thread(self._marks.sending, deeds)
        try:
            await self._client.mark(MarkKind(deeds[0].kind), [deed.id for deed in deeds], on=deeds[0].done)
        except SyncError as error:
            if error.problem is SyncProblem.UNSUPPORTED:
                await asyncio.to_thread(self._marks.give_up, deeds)
                self._refused.append(error)
            elif error.problem is not SyncProblem.PROTOCOL or len(self._refused) == _MAX_REFUSED:
                raise
            elif len(deeds) == 1:
                self._refused.append(error)
            else:
                half = len(deeds) // 2
                await self._send_some(deeds[:half])
                await self._send_some(deeds[half:])
            return
        await asyncio.to_thread(self._marks.acknowledge, deeds)
