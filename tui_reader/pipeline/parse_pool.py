"""Parses the files of collections on as many processes as pay."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Container, Iterator, Sequence
from contextlib import ExitStack
from typing import TYPE_CHECKING, NamedTuple

from tui_reader.errors import ArticleError, SourceError
from tui_reader.sources.files.folder import read_file
from tui_reader.sources.files.stamp import FileStamp
from tui_reader.storage.index_writer import UNREADABLE, ReadFile
from tui_reader.stories.heat import with_heat

if TYPE_CHECKING:
    from concurrent.futures import Future, ProcessPoolExecutor

WORTH_A_PROCESS = 150
"""Files from which on a second process earns what its start costs (measured: 30 to 50 ms)."""

_IN_FLIGHT = 2  # jobs given to each process ahead of time


class Item(NamedTuple):
    """One file to parse: its key in the index, its stamp, and its bytes if they are at hand."""

    key: int
    stamp: FileStamp
    mark: int
    data: bytes | None = None


class Job(NamedTuple):
    """Some files of one collection, parsed in one go. ``root`` is where their paths start."""

    root: str
    items: Sequence[Item]


def parse_job(job: Job, known: Container[int]) -> list[ReadFile]:
    """Parse every file of ``job``; ``known`` are the related entries that need no parsing.

    What cannot be read comes back without an article, with line and reason.
    """
    return [_parse_item(job.root, item, known) for item in job.items]


def _parse_item(root: str, item: Item, known: Container[int]) -> ReadFile:
    # Here, because most starts find nothing to parse and need no YAML parser.
    from tui_reader.sources.files.front_matter import parse_article

    path = item.stamp.path
    try:
        data = read_file(root, path) if item.data is None else item.data
        found = parse_article(data, path.rpartition("/")[2], known)
    except ArticleError as error:
        return ReadFile(item.key, item.mark, path, None, {}, ((error.line, error.reason),))
    except OSError as error:
        return ReadFile(item.key, UNREADABLE, path, None, {}, ((0, f"cannot be read: {error.strerror}"),))
    problems = tuple((0, note) for note in found.article.notes)
    entries = {fingerprint: entry.with_page_ids() for fingerprint, entry in found.entries.items()}
    return ReadFile(item.key, item.mark, path, with_heat(found.article).with_page_ids(), entries, problems)


_seen: set[int] = set()  # in a worker process: the related entries it has sent back


def start_worker() -> None:
    """Prepare a process that parses: it leaves Ctrl+C to its parent, ends with it, and lets the screen go first."""
    import multiprocessing
    import signal
    import threading

    # Ctrl+C reaches every process of the terminal; the one that gives the jobs
    # decides what comes of it.
    signal.signal(signal.SIGINT, signal.SIG_IGN)

    # A worker waits for jobs for ever, so it has to notice by itself when the
    # process that gives them was killed.
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_end_with, args=(parent.sentinel,), daemon=True).start()
    # The person's keys come before the index.
    if hasattr(os, "nice"):
        os.nice(5)


def _end_with(sentinel: int) -> None:
    from multiprocessing.connection import wait

    wait([sentinel])
    os._exit(1)


def _work(job: Job) -> list[ReadFile]:
    results = []
    for item in job.items:
        file = _parse_item(job.root, item, _seen)
        _seen.update(file.entries)
        results.append(file)
    return results


def parse_here(jobs: Iterator[Job], known: Container[int]) -> Iterator[list[ReadFile]]:
    """Parse ``jobs`` one after the other in this process.

    ``known`` is looked at as each file comes, so it may grow meanwhile.
    """
    for job in jobs:
        yield parse_job(job, known)


def parse_side_by_side(queues: Sequence[Iterator[Job]]) -> Iterator[list[ReadFile]]:
    """Parse each queue of jobs in a process of its own; give results as they come.

    Files that lie side by side share most of their related entries, so each
    process gets one stretch of the collection and parses a text once. The
    results of one queue come in its order: an entry always comes before the
    articles that only name it. Raises :class:`SourceError` where a process is
    ended from outside.
    """
    import multiprocessing
    from concurrent.futures import BrokenExecutor, ProcessPoolExecutor, wait

    method = "fork" if "fork" in multiprocessing.get_all_start_methods() else "spawn"
    context = multiprocessing.get_context(method)
    with ExitStack() as stack:
        pools = [
            stack.enter_context(ProcessPoolExecutor(1, mp_context=context, initializer=start_worker)) for _ in queues
        ]
        waiting: list[deque[Future[list[ReadFile]]]] = [deque() for _ in queues]
        lanes = list(zip(pools, queues, waiting, strict=True))

        def feed(lane: tuple[ProcessPoolExecutor, Iterator[Job], deque[Future[list[ReadFile]]]]) -> None:
            pool, queue, futures = lane
            while len(futures) < _IN_FLIGHT and (job := next(queue, None)) is not None:
                futures.append(pool.submit(_work, job))

        try:
            for lane in lanes:
                feed(lane)
            while any(waiting):
                wait([futures[0] for futures in waiting if futures], return_when="FIRST_COMPLETED")
                for lane in lanes:
                    futures = lane[2]
                    while futures and futures[0].done():
                        yield futures.popleft().result()
                        feed(lane)
        except BrokenExecutor as error:
            reason = "a process that read its files was ended: start again, it goes on where it was"
            raise SourceError(reason) from error
        except KeyboardInterrupt:
            # It may have come while a job was being handed over, of which the
            # rest would be waited for on both sides.
            for child in multiprocessing.active_children():
                child.kill()
            raise
        finally:
            for pool in pools:
                pool.shutdown(wait=False, cancel_futures=True)
