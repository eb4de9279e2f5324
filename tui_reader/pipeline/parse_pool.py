"""Parses article files, in worker processes where there are enough of them."""

from __future__ import annotations

import os
import sys
from collections import deque
from collections.abc import Container, Iterator, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING

from tui_reader.error_log import log_fault
from tui_reader.errors import ArticleError, SourceError
from tui_reader.named_tuple import NamedTuple
from tui_reader.sources.files.folder import read_file
from tui_reader.storage.file_stamps import UNREADABLE
from tui_reader.storage.file_writer import ReadFile
from tui_reader.stories.heat import with_heat

if TYPE_CHECKING:
    from multiprocessing.connection import Connection
    from multiprocessing.context import ForkContext, SpawnContext
    from queue import SimpleQueue

    from tui_reader.model.article import Article
    from tui_reader.sources.files.addresses.address import Addresses

WORTH_A_PROCESS = 150
"""Files from which on a worker process gains more than its start costs (measured: 30 to 50 ms)."""

_IN_FLIGHT = 2  # jobs sent to each worker ahead of time
_DEADLY = "reading it ended the process that reads files, twice; it will be tried again"
_MOST_DEATHS = 20  # of the workers of one queue


class Item(NamedTuple):
    """One file to parse: key, path and stamp as in the index, and its bytes if they were read already."""

    key: int
    path: str
    stamp: int
    data: bytes | None = None


class Job(NamedTuple):
    """Files of one collection to parse in one go; their paths are relative to ``root``.

    ``addresses`` make the addresses of their pages, if those are known.
    """

    root: str
    items: Sequence[Item]
    addresses: Addresses | None = None


def parse_job(job: Job, known: Container[int]) -> list[ReadFile]:
    """Parse every file of ``job``, except for the related entries whose fingerprints are ``known``.

    A file that cannot be read or parsed, even through a bug, is returned
    without an article, with line and reason.
    """
    return [_parse_item(job, item, known) for item in job.items]


def _parse_item(job: Job, item: Item, known: Container[int]) -> ReadFile:
    # Imported here because most runs find nothing to parse and need no YAML parser.
    from tui_reader.sources.files.article_file import LeftOut, parse_article
    from tui_reader.sources.files.metadata_file import with_metadata

    try:
        data = item.data
        if data is None:
            data = with_metadata(job.root, item.path, read_file(job.root, item.path))
        found = parse_article(data, item.path, known, job.addresses)
    except LeftOut as error:
        return ReadFile(item.key, item.stamp, item.path, None, {}, left_out=error.reason)
    except ArticleError as error:
        return ReadFile(item.key, item.stamp, item.path, None, {}, ((error.line, error.reason),))
    except OSError as error:
        reason = f"cannot be read: {error.strerror}"
        return ReadFile(item.key, UNREADABLE, item.path, None, {}, ((0, reason),))
    except Exception as error:  # noqa: BLE001 - logged and shown; the other files go on
        return ReadFile(item.key, item.stamp, item.path, None, {}, ((0, log_fault(error)),))
    problems = tuple((0, note) for note in found.article.notes)
    entries = {fingerprint: entry.with_page_ids() for fingerprint, entry in found.entries.items()}
    article = with_heat(_at_own_page(found.article, item.path)).with_page_ids()
    undated = ""
    if item.data is None and article.published is None:
        undated = "note" if found.is_note else "article"
    return ReadFile(item.key, item.stamp, item.path, article, entries, problems, undated=undated)


def _at_own_page(article: Article, path: str) -> Article:
    """Return an article with its path in the key of its page, if it has neither address nor date."""
    if article.published is not None or article.links.identity() is not None:
        return article
    return article.at_page(f"{article.page()}#{path}")


def parse_here(jobs: Iterator[Job], known: Container[int]) -> Iterator[list[ReadFile]]:
    """Parse ``jobs`` one after the other in this process.

    ``known`` is consulted for each file as it is parsed, so it may grow meanwhile.
    """
    for job in jobs:
        yield parse_job(job, known)


def parse_in_processes(queues: Sequence[Iterator[Job]]) -> Iterator[list[ReadFile]]:
    """Parse each queue of jobs in a worker process of its own; yield results as they arrive.

    Neighbouring files share most of their related entries, so each worker
    gets one stretch of the collection and parses each entry once. Results of
    one queue arrive in its order: an entry always arrives before the articles
    that only refer to it. A worker that dies is replaced, and what it had not
    answered is parsed again; a file that ends two workers is returned without
    an article. Raises :class:`SourceError` if workers die again and again.
    """
    from multiprocessing.connection import wait

    context = process_context()
    workers: list[_Worker] = []
    try:
        # All of them, before anything else: this process has no other thread yet.
        for queue in queues:
            workers.append(_Worker(context, queue))
        for worker in workers:
            worker.feed()
        while busy := {id(worker.results): worker for worker in workers if worker.jobs}:
            for ready in wait([worker.results for worker in busy.values()]):
                worker = busy[id(ready)]
                yield from worker.receive()
                worker.feed()
    finally:
        for worker in workers:
            worker.kill()


def has_processors() -> bool:
    """Return whether a second process can run beside this one."""
    return (os.cpu_count() or 1) > 1


def process_context() -> ForkContext | SpawnContext:
    """Return how to start a process from here: by fork where that is safe, otherwise by spawn.

    Forking takes a few milliseconds, spawning imports everything anew.
    """
    import multiprocessing

    return multiprocessing.get_context("fork") if can_fork() else multiprocessing.get_context("spawn")


def can_fork() -> bool:
    """Return whether a process can be forked safely from here.

    A fork copies only the calling thread: a lock that another one holds stays
    locked in the child forever. On macOS the system's own libraries have
    such threads, so forking is never safe there.
    """
    import threading

    return hasattr(os, "fork") and sys.platform != "darwin" and threading.active_count() == 1


class _Worker:
    """A worker process and the jobs it gets; replaced when it dies. Uses no thread in this process."""

    def __init__(self, context: ForkContext | SpawnContext, queue: Iterator[Job]) -> None:
        self._context = context
        self._queue = queue
        self._suspects: deque[Job] = deque()  # files that a worker may have died of, each a job
        self._deaths = 0
        self.jobs: deque[Job] = deque()
        """The jobs that were sent and whose results have not arrived."""
        self._start()

    def _start(self) -> None:
        inbox, self._outbox = self._context.Pipe(duplex=False)
        self.results, outbox = self._context.Pipe(duplex=False)
        self._process = self._context.Process(target=_run_worker, args=(inbox, outbox), daemon=True)
        self._process.start()
        # The worker then holds the only ones, so a pipe ends when the worker does.
        inbox.close()
        outbox.close()

    def feed(self) -> None:
        """Send jobs ahead, as long as there are any; a suspect alone, so that it is known what a worker died of."""
        if self._suspects:
            if not self.jobs:
                self._send(self._suspects[0])
            return
        while len(self.jobs) < _IN_FLIGHT and (job := next(self._queue, None)) is not None:
            self._send(job)

    def _send(self, job: Job) -> None:
        self.jobs.append(job)
        # If the worker is gone, its results end as well, and tell what was answered.
        with suppress(ConnectionError):
            self._outbox.send(job)

    def receive(self) -> Iterator[list[ReadFile]]:
        """Yield the next result, in the order of the jobs; if the worker has died, the file that ended two, if any.

        Raises what the worker raised.
        """
        try:
            result = self.results.recv()
        except (EOFError, OSError):
            yield from self._replace()
            return
        self.jobs.popleft()
        if self._suspects:
            self._suspects.popleft()
        if isinstance(result, BaseException):
            raise result
        yield result

    def _replace(self) -> Iterator[list[ReadFile]]:
        """Start another worker, and suspect every file that the one that died had not answered."""
        self._deaths += 1
        if self._deaths > _MOST_DEATHS:
            raise SourceError("the processes that read its files are killed again and again; run again to continue")
        self.kill()
        if self._suspects:
            (item,) = self._suspects.popleft().items
            yield [ReadFile(item.key, UNREADABLE, item.path, None, {}, ((0, _DEADLY),))]
        else:
            self._suspects.extend(job._replace(items=[item]) for job in self.jobs for item in job.items)
        self.jobs.clear()
        self._start()

    def kill(self) -> None:
        """End the process; it has nothing to tidy up."""
        self._process.kill()
        self._process.join()
        self._process.close()
        self._outbox.close()
        self.results.close()


# -- in the worker process -------------------------------------------------------


def start_worker() -> None:
    """Prepare a worker process: ignore Ctrl+C, end with the parent, run at a lower priority."""
    import multiprocessing
    import signal
    import threading

    # Ctrl+C reaches every process of the terminal; the parent decides what it means.
    signal.signal(signal.SIGINT, signal.SIG_IGN)

    # A worker waits for jobs forever, so it must notice that its parent was killed.
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_end_with, args=(parent.sentinel,), daemon=True).start()
    # The reader on the screen goes before the index.
    if hasattr(os, "nice"):
        os.nice(5)


def _end_with(sentinel: int) -> None:
    from multiprocessing.connection import wait

    wait([sentinel])
    os._exit(1)


def _run_worker(inbox: Connection[None, Job], outbox: Connection[bytes, None]) -> None:
    import pickle
    import threading
    import traceback
    from queue import SimpleQueue

    start_worker()
    jobs: SimpleQueue[Job] = SimpleQueue()
    results: SimpleQueue[bytes] = SimpleQueue()
    # Parent and worker must never wait for each other, however large a job or
    # a result is; so the pipes are served while the worker parses.
    threading.Thread(target=_receive, args=(inbox, jobs), daemon=True).start()
    threading.Thread(target=_send, args=(results, outbox), daemon=True).start()
    seen: set[int] = set()  # the related entries that were sent back
    while True:
        job = jobs.get()
        try:
            result = []
            for item in job.items:
                file = _parse_item(job, item, seen)
                seen.update(file.entries)
                result.append(file)
            data = pickle.dumps(result, pickle.HIGHEST_PROTOCOL)
        except Exception as error:  # noqa: BLE001 - the parent raises it
            error.add_note(traceback.format_exc())
            data = pickle.dumps(error)
        results.put(data)


def _receive(inbox: Connection[None, Job], jobs: SimpleQueue[Job]) -> None:
    try:
        while True:
            jobs.put(inbox.recv())
    except EOFError:
        os._exit(0)  # the parent is gone or needs no more


def _send(results: SimpleQueue[bytes], outbox: Connection[bytes, None]) -> None:
    try:
        while True:
            outbox.send_bytes(results.get())
    except ConnectionError:
        os._exit(1)  # the parent is gone
