"""Parses responses in a process beside this one, which is replaced when it dies."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Iterator
from concurrent.futures import BrokenExecutor, Executor, ProcessPoolExecutor
from contextlib import contextmanager

from tui_reader.errors import SourceError
from tui_reader.pipeline.parse_pool import process_context, start_worker
from tui_reader.sources.feeds.response import ParsedResponse, parse_response

_DEADLY = "reading it ended the process that reads feeds, twice; it will be tried again later"

Parse = Callable[[bytes, str, str, int], ParsedResponse]


class FeedProcess:
    """A process that parses responses.

    When it dies, because the system is out of memory or a parser crashed,
    every response that was waiting is parsed again, one at a time in a second
    process. Only a response that ends that one too is at fault.
    """

    def __init__(self, parse: Parse = parse_response) -> None:
        self._shared = _Replaceable(parse)
        self._suspects = _Replaceable(parse)
        self._one_at_a_time = asyncio.Lock()

    def start(self) -> None:
        """Start the process now: the executor forks it before it starts its own threads."""
        self._shared.start()

    async def parse(self, body: bytes, content_type: str, address: str, now: int) -> ParsedResponse:
        """Return what :func:`parse_response` does. Raises :class:`SourceError`, also if the response ends a process."""
        try:
            return await self._shared.run(body, content_type, address, now)
        except BrokenExecutor:
            pass  # whichever response the process was busy with
        async with self._one_at_a_time:
            try:
                return await self._suspects.run(body, content_type, address, now)
            except BrokenExecutor as error:
                raise SourceError(_DEADLY) from error

    def close(self, *, wait: bool) -> None:
        """End the processes; with ``wait``, and their threads, so that this process can fork again."""
        self._shared.close(wait=wait)
        self._suspects.close(wait=wait)


class _Replaceable:
    """An executor with one process, started when it is needed and replaced when it is broken."""

    def __init__(self, parse: Parse) -> None:
        self._parse = parse
        self._executor: Executor | None = None

    def start(self) -> None:
        self._running().submit(os.getpid).result()

    def _running(self) -> Executor:
        if self._executor is None:
            self._executor = ProcessPoolExecutor(1, mp_context=process_context(), initializer=start_worker)
        return self._executor

    async def run(self, body: bytes, content_type: str, address: str, now: int) -> ParsedResponse:
        executor = self._running()
        loop = asyncio.get_running_loop()
        try:
            return await loop.run_in_executor(executor, self._parse, body, content_type, address, now)
        except BrokenExecutor:
            if self._executor is executor:
                self._executor = None
            executor.shutdown(wait=False)
            raise

    def close(self, *, wait: bool) -> None:
        if self._executor is not None:
            self._executor.shutdown(wait=wait, cancel_futures=True)


@contextmanager
def feed_process() -> Iterator[FeedProcess]:
    """Start a process that parses responses, and end it with the block."""
    process = FeedProcess()
    finished = False
    try:
        process.start()
        yield process
        finished = True
    finally:
        # After a full run its threads are gone, too, so that the indexer can fork.
        process.close(wait=finished)
