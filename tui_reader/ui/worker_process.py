"""Runs refresh and indexer as a child process, so that no key press ever waits for them."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import closing, suppress

from tui_reader.model.progress import Progress
from tui_reader.subscriptions.selection import Selection

_BEHIND_THE_KEYS = 5  # the niceness of who works while somebody reads


def start_indexer(selection: Selection, *options: str) -> subprocess.Popen[bytes]:
    """Start bringing the index of ``selection`` up to date; progress is its output.

    Where it is of what is kept, the network is asked as well: ``options`` are
    those of ``news-tui refresh``.
    """
    what = ["refresh", *options, "--json"] if selection.kept else ["index", "--json", "--", *selection.locations]
    command = [sys.executable, "-m", "tui_reader", *what]
    process = subprocess.Popen(  # noqa: S603 - our own program, a list of arguments
        command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    )
    with suppress(ProcessLookupError):
        os.setpriority(os.PRIO_PROCESS, process.pid, _BEHIND_THE_KEYS)
    return process


def at_start(offline: bool) -> tuple[str, ...]:
    """The options with which the first refresh of a run is started: what was asked a while ago is left alone."""
    return ("--offline",) if offline else ("--due",)


async def progress_of(process: subprocess.Popen[bytes]) -> AsyncIterator[Progress]:
    """Give the child's progress as it comes; ends with the child, and ends it where nobody listens any more."""
    pipe = process.stdout
    if pipe is None:
        raise ValueError("the indexer was started without a pipe")
    reader = asyncio.StreamReader()
    try:
        loop = asyncio.get_running_loop()
        transport, _ = await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), pipe)
        with closing(transport):
            while line := await reader.readline():
                yield Progress.from_json(json.loads(line))
        await asyncio.to_thread(process.wait)  # whoever has said all is about to end
    finally:
        end_indexer(process)


def end_indexer(process: subprocess.Popen[bytes]) -> None:
    """End the child now; what it stored stays, and its own children end with it."""
    process.kill()
    process.wait()  # of what is killed nothing is left to wait for
    if process.stdout is not None:
        process.stdout.close()
