"""Runs refresh and indexer as a child process, so that no key press ever waits for them."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
from collections.abc import AsyncGenerator, Sequence
from contextlib import ExitStack, aclosing, closing, suppress
from pathlib import Path
from typing import IO, Any

from tui_reader.config.settings_file import LENIENT
from tui_reader.model.progress import Progress
from tui_reader.subscriptions.selection import Selection

PROGRAM = (sys.executable, "-P", "-m")
"""What runs a module of the program. ``-P``: Python takes none from the folder that the reader was started in."""

_NICENESS = 5  # the keys come first
_LONGEST_LINE = 1 << 25  # bytes of one line: of progress less than 64 KiB, but the text of a page is one too


def start_indexer(selection: Selection, *options: str, log: Path | None = None) -> subprocess.Popen[bytes]:
    """Start updating the index of ``selection``; its output is the progress.

    For kept sources and accounts the network is asked as well: ``options`` are
    those of ``news-tui refresh``. Errors of the program itself are appended to ``log``.
    """
    if selection.kept or selection.has_accounts:
        return _start(["refresh", "--json", "--untold", *options], log)
    return _start(["index", "--json", "--", *selection.locations], log)


def start_sync(account: str, *, log: Path | None = None) -> subprocess.Popen[bytes]:
    """Start synchronising with an account; its output is the progress."""
    return _start(["account", "sync", "--json", "--asked", "--", account], log)


def start_sending(*, log: Path | None = None, outlives: bool = False) -> subprocess.Popen[bytes]:
    """Start sending what was just marked to the servers of accounts.

    Its output is one line of progress; with ``outlives``, there is none, and it goes on when the reader has ended.
    """
    return _start(["account", "sync", "--fresh"], log, outlives=outlives)


def start_download(selection: Selection, page: int, *, log: Path | None = None) -> subprocess.Popen[bytes]:
    """Start fetching the full text of the article at ``page``; its output is one line, before it updates the index."""
    locations = () if selection.kept else selection.locations
    return _start(["download", "--json", f"--page={page}", "--", *locations], log)


def start_export(
    selection: Selection, pages: bytes, form: str, target: str, title: str, *, log: Path | None = None
) -> subprocess.Popen[bytes]:
    """Start writing articles into the file ``target``; its output is how far that is, and at the end what came of it.

    ``pages`` are those of the articles, eight bytes each. ``title`` is that of
    the document.
    """
    import tempfile  # which takes its time, at every start

    options = ["--pages", f"--format={form}", f"--output={target}", f"--title={title}"]
    locations = () if selection.kept else selection.locations
    # In a file, since a pipe would have to be filled while the child reads.
    with tempfile.TemporaryFile() as file:
        file.write(pages)
        file.seek(0)
        return _start(["export", *options, *(f"--in={location}" for location in locations)], log, given=file)


def _start(
    what: Sequence[str], log: Path | None, given: IO[bytes] | None = None, *, outlives: bool = False
) -> subprocess.Popen[bytes]:
    """Start a command; one with standard input from the file ``given`` outlives the reader, and its terminal.

    With ``outlives`` too, and nobody listens to it.
    """
    command = [*PROGRAM, "tui_reader", *what]
    stdin = subprocess.DEVNULL if given is None else given
    with ExitStack() as stack:
        errors = stack.enter_context(_opened(log)) if log is not None else subprocess.DEVNULL
        process = subprocess.Popen(  # noqa: S603 - our own program, a list of arguments
            command,
            stdin=stdin,
            stdout=subprocess.DEVNULL if outlives else subprocess.PIPE,
            stderr=errors,
            start_new_session=outlives or given is not None,
            env=os.environ | {LENIENT: "1"},  # the reader has told of the mistakes
        )
    with suppress(ProcessLookupError):
        os.setpriority(os.PRIO_PROCESS, process.pid, _NICENESS)
    return process


def _opened(log: Path) -> IO[bytes]:
    """Open the log for a child; what cannot be written there goes nowhere."""
    from tui_reader.error_log import begin_log

    try:
        begin_log(log)
        return log.open("ab")
    except OSError:
        return open(os.devnull, "ab")


def at_start(offline: bool) -> tuple[str, ...]:
    """Return the options of the first refresh of a run: sources that were asked a short while ago are not due."""
    return ("--offline",) if offline else ("--due",)


async def progress_of(process: subprocess.Popen[bytes]) -> AsyncGenerator[Progress, None]:
    """Yield the progress of the child until it ends; end the child when this generator is closed.

    Listen inside :func:`contextlib.aclosing`, so that it is closed as soon as nobody listens any more.
    """
    progress = Progress()
    async with aclosing(objects_of(process)) as objects:
        async for fields in objects:
            progress = Progress.from_json(fields).after(progress)
            yield progress


async def last_of(process: subprocess.Popen[bytes]) -> Progress:
    """Return the last progress of a child process. Cancelling ends it."""
    last = Progress()
    async with aclosing(progress_of(process)) as steps:
        async for progress in steps:
            last = progress
    return last


async def objects_of(process: subprocess.Popen[bytes], *, end: bool = True) -> AsyncGenerator[dict[str, Any], None]:
    """Yield the JSON objects that the child prints, one a line, until it ends; see :func:`progress_of`.

    Without ``end``, a child to which nobody listens any more goes on.
    """
    pipe = process.stdout
    if pipe is None:
        raise ValueError("the child was started without a pipe")
    reader = asyncio.StreamReader(limit=_LONGEST_LINE)
    try:
        loop = asyncio.get_running_loop()
        transport, _ = await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), pipe)
        with closing(transport):
            while line := await reader.readline():
                yield json.loads(line)
        await asyncio.to_thread(process.wait)  # it has closed its output and is about to end
    finally:
        if end:
            end_indexer(process)
        else:
            pipe.close()


def end_indexer(process: subprocess.Popen[bytes]) -> None:
    """End the child now; what it stored stays, and its own children end with it. Does nothing if it has ended."""
    process.kill()
    process.wait()
    if process.stdout is not None:
        process.stdout.close()
