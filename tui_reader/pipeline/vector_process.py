"""Makes the vectors of many articles, in a process beside this one where that pays."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from contextlib import suppress
from itertools import islice
from typing import TYPE_CHECKING

from tui_reader.pipeline.parse_pool import has_processors, process_context, start_worker
from tui_reader.stories.similarity import vector

if TYPE_CHECKING:
    from multiprocessing.connection import Connection
    from queue import Queue

WORTH_A_PROCESS = 1000
"""Articles from which on a process gains more than its start costs."""

_CHUNK = 100  # vectors sent at once
_AHEAD = 40  # chunks that the process is ahead, at most; 2.4 MB

Text = tuple[str, str]  # title and excerpt


def packed_vectors(texts: Sequence[Text], stop_words: frozenset[str]) -> Generator[bytes]:
    """Yield the packed vector of each text, in order.

    A process that dies is not replaced: the rest is made here, so an exception
    of a text is raised here too.
    """
    made = 0
    if len(texts) >= WORTH_A_PROCESS and has_processors():
        for packed in _made_beside(texts, stop_words):
            yield packed
            made += 1
    for title, excerpt in islice(texts, made, None):
        yield vector(title, excerpt, stop_words).pack()


def _made_beside(texts: Sequence[Text], stop_words: frozenset[str]) -> Generator[bytes]:
    """Yield packed vectors as a process sends them, until it has sent all or dies."""
    context = process_context()
    results, outbox = context.Pipe(duplex=False)
    process = context.Process(target=_make, args=(outbox, texts, stop_words), daemon=True)
    process.start()
    outbox.close()  # the process has the only one, so the pipe ends when the process does
    try:
        while True:
            yield from results.recv()
    except (EOFError, OSError):
        return
    finally:
        process.kill()
        process.join()
        process.close()
        results.close()


# -- in the process --------------------------------------------------------------


def _make(outbox: Connection[list[bytes], None], texts: Sequence[Text], stop_words: frozenset[str]) -> None:
    import threading
    from queue import Queue

    start_worker()
    chunks: Queue[list[bytes] | None] = Queue(_AHEAD)
    # The pipe holds few vectors: without a thread, nothing is made while the parent stores what it has.
    sender = threading.Thread(target=_send, args=(outbox, chunks))
    sender.start()
    # The parent makes what it does not get, and raises the exception then.
    with suppress(Exception):
        for start in range(0, len(texts), _CHUNK):
            chunk = texts[start : start + _CHUNK]
            chunks.put([vector(title, excerpt, stop_words).pack() for title, excerpt in chunk])
    chunks.put(None)
    sender.join()


def _send(outbox: Connection[list[bytes], None], chunks: Queue[list[bytes] | None]) -> None:
    import os

    try:
        while (chunk := chunks.get()) is not None:
            outbox.send(chunk)
    except ConnectionError:
        os._exit(1)  # the parent is gone
