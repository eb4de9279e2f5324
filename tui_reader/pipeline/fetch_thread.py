"""Runs an asynchronous generator in a thread with a loop of its own, and hands over what it yields."""

from __future__ import annotations

import asyncio
import sys
import threading
from collections.abc import AsyncGenerator, Callable, Iterator
from contextlib import aclosing, contextmanager, suppress
from queue import Empty, SimpleQueue
from typing import Generic, TypeVar

from tui_reader.named_tuple import NamedTuple

T = TypeVar("T")

# Seconds after which a thread that computes lets the other one go on. The usual
# 5 ms would be waited for each time that the network has something.
_SWITCH = 0.001


class _Ended(NamedTuple):
    """The end of the generator, and what it has raised."""

    error: BaseException | None = None


class FetchThread(Generic[T]):
    """A thread in which ``results`` runs, from the start to the end of the block.

    It goes on while the caller does something else, so whoever waits for a
    network is never late because of the work between two results.
    """

    def __init__(self, results: Callable[[], AsyncGenerator[T, None]]) -> None:
        self._results = results
        self._handed: SimpleQueue[T | _Ended] = SimpleQueue()
        self._loop = asyncio.new_event_loop()
        self._task: asyncio.Task[None] | None = None
        self._thread = threading.Thread(target=self._run, name="fetch", daemon=True)

    @classmethod
    @contextmanager
    def running(cls, results: Callable[[], AsyncGenerator[T, None]]) -> Iterator[FetchThread[T]]:
        """Run ``results`` during the block; leaving it cancels what is not finished, and waits for that."""
        made = cls(results)
        usual = sys.getswitchinterval()
        sys.setswitchinterval(_SWITCH)
        made._thread.start()
        try:
            yield made
        finally:
            sys.setswitchinterval(usual)
            made._loop.call_soon_threadsafe(made._cancel)
            made._thread.join()
            made._loop.close()

    def results(self, tick: float) -> Iterator[list[T]]:
        """Yield what the generator has yielded since the last step; nothing after each ``tick`` seconds without any.

        Raises what the generator raises.
        """
        while True:
            results: list[T] = []
            ended: _Ended | None = None
            with suppress(Empty):
                found = self._handed.get(timeout=tick)
                while not isinstance(found, _Ended):
                    results.append(found)
                    found = self._handed.get_nowait()
                ended = found
            if results or ended is None:
                yield results
            if ended is not None:
                if ended.error is not None:
                    raise ended.error
                return

    def _cancel(self) -> None:
        if self._task is not None:
            self._task.cancel()

    # -- in the thread -----------------------------------------------------------

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        self._task = self._loop.create_task(self._forward())
        with suppress(asyncio.CancelledError):
            self._loop.run_until_complete(self._task)
        self._loop.run_until_complete(self._loop.shutdown_asyncgens())
        self._loop.run_until_complete(self._loop.shutdown_default_executor())

    async def _forward(self) -> None:
        try:
            async with aclosing(self._results()) as results:
                async for result in results:
                    self._handed.put(result)
        except BaseException as error:
            self._handed.put(_Ended(error))
            if isinstance(error, Exception):
                return  # the other thread raises it
            raise
        self._handed.put(_Ended())
