"""Makes the vectors of many articles and finds their neighbours, in processes beside this one where that pays."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from contextlib import ExitStack, suppress
from itertools import chain, islice
from typing import TYPE_CHECKING, Any

from tui_reader.named_tuple import NamedTuple
from tui_reader.pipeline.parse_pool import has_processors, process_context, start_worker
from tui_reader.stories.neighbours import Comparer, Neighbours
from tui_reader.stories.rules import GroupedArticle, Rules
from tui_reader.stories.similarity import Packed, Vector, packed_vector, unpack

if TYPE_CHECKING:
    from multiprocessing.connection import Connection
    from queue import Queue

WORTH_A_PROCESS = 1000
"""Articles from which on a process gains more than its start costs."""

_CHUNK = 100  # articles sent at once
_AHEAD = 40  # chunks that a process is ahead of the next, at most; 2.4 MB

Text = tuple[str, str]  # title and excerpt


class Arrival(NamedTuple):
    """An article in order of time; ``packed`` is its vector if that is stored.

    One that is not ``compared`` is in no story with others.
    """

    published: int
    domain: str
    packed: bytes
    compared: bool


class Compared(NamedTuple):
    """The packed vector of an article, and its neighbours if they were found."""

    packed: bytes
    neighbours: Neighbours | None


def compared(
    arrivals: Sequence[Arrival],
    texts: Callable[[], Iterable[Text]],
    stop_words: frozenset[str],
    earlier: Iterable[Arrival] = (),
) -> Generator[Compared]:
    """Yield each article with its vector, in order.

    ``texts`` returns the texts of those without one; ``earlier`` are the
    articles before all of them. The processes are one that makes vectors, and
    one that finds neighbours. One that dies is not replaced: the rest is made
    here, so an exception of a text is raised here too.
    """
    done = 0
    if len(arrivals) >= WORTH_A_PROCESS and has_processors():
        for one in _made_beside(arrivals, texts(), stop_words, earlier):
            yield one
            done += 1
    rest = _vectors(islice(texts(), sum(not one.packed for one in arrivals[:done]), None), stop_words)
    for arrival in islice(arrivals, done, None):
        yield Compared(arrival.packed or next(rest), None)


def _vectors(texts: Iterable[Text], stop_words: frozenset[str]) -> Iterator[bytes]:
    return (packed_vector(title, excerpt, stop_words) for title, excerpt in texts)


def _made_beside(
    arrivals: Sequence[Arrival], texts: Iterable[Text], stop_words: frozenset[str], earlier: Iterable[Arrival]
) -> Generator[Compared]:
    """Yield articles as a process sends them, until it has sent all or dies."""
    with ExitStack() as stack:
        vectors = _started(stack, _make_vectors, list(texts), stop_words)
        results = _started(stack, _find_neighbours, vectors, list(earlier), arrivals)
        # The second process has the only one: the first notices when that ends.
        vectors.close()
        with suppress(EOFError, OSError):
            while True:
                for packed, similar, titled in results.recv():
                    yield Compared(packed, Neighbours(similar, titled))


def _started(stack: ExitStack, target: Callable[..., None], *arguments: object) -> Connection[Any, Any]:
    """Start a process that ends with ``stack``; return what it sends."""
    context = process_context()
    results, outbox = context.Pipe(duplex=False)
    process = context.Process(target=target, args=(outbox, *arguments), daemon=True)
    process.start()
    outbox.close()  # the process has the only one, so the pipe ends when the process does
    stack.callback(process.close)
    stack.callback(process.join)
    stack.callback(process.kill)
    stack.callback(results.close)
    return results


# -- in the processes ------------------------------------------------------------


def _make_vectors(outbox: Connection[Any, Any], texts: Sequence[Text], stop_words: frozenset[str]) -> None:
    _send_all(outbox, _vectors(texts, stop_words))


def _find_neighbours(
    outbox: Connection[Any, Any], inbox: Connection[Any, Any], earlier: Sequence[Arrival], arrivals: Sequence[Arrival]
) -> None:
    _send_all(outbox, _found(chain.from_iterable(iter(inbox.recv, None)), earlier, arrivals))


def _found(
    vectors: Iterator[bytes], earlier: Sequence[Arrival], arrivals: Sequence[Arrival]
) -> Iterator[tuple[bytes, dict[int, float], Sequence[int]]]:
    """Yield the vector of each article, and its neighbours."""
    articles = {at: _article(one, Packed(one.packed)) for at, one in enumerate(earlier)}
    times = [one.published for one in articles.values()]
    comparer = Comparer(Rules(), articles, times)
    for arrival in arrivals:
        packed = arrival.packed or next(vectors)
        if not arrival.compared:
            yield packed, {}, ()
            continue
        article = _article(arrival, unpack(packed))
        yield packed, *comparer.neighbours(article)
        articles[len(times)] = article
        times.append(article.published)


def _article(one: Arrival, text: Vector | Packed) -> GroupedArticle:
    # Pages and stories are no matter here.
    return GroupedArticle(0, one.published, one.domain, text, 0)


def _send_all(outbox: Connection[Any, Any], results: Iterator[Any]) -> None:
    """Send results in chunks. If they cannot be made, the parent makes the rest itself, and raises the exception."""
    import threading
    from queue import Queue

    start_worker()
    chunks: Queue[list[Any] | None] = Queue(_AHEAD)
    # A pipe holds few vectors: without a thread, nothing is made while the other end is busy.
    sender = threading.Thread(target=_send, args=(outbox, chunks))
    sender.start()
    with suppress(Exception):
        while chunk := list(islice(results, _CHUNK)):
            chunks.put(chunk)
    chunks.put(None)
    sender.join()


def _send(outbox: Connection[Any, Any], chunks: Queue[list[Any] | None]) -> None:
    import os

    try:
        while (chunk := chunks.get()) is not None:
            outbox.send(chunk)
    except ConnectionError:
        os._exit(1)  # the parent is gone
