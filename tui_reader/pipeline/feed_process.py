"""Parses and stores answers in a process beside this one, which is replaced when it dies or never ends."""

from __future__ import annotations

import asyncio
import pickle
import socket
import struct
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, Generic, Protocol, Self, TypeVar

from tui_reader.errors import SourceError, StoreError
from tui_reader.pipeline.parse_pool import process_context, start_worker
from tui_reader.storage.feed_store import FeedStore

if TYPE_CHECKING:
    from multiprocessing.connection import Connection
    from multiprocessing.process import BaseProcess


class Stored(Protocol):
    """What was stored of an answer."""

    def again(self) -> Self:
        """Return this, where the same may have been stored before by a process that died."""
        ...


A = TypeVar("A")
S = TypeVar("S", bound=Stored)

_DEADLY = "reading it ended the process that reads feeds, twice; it will be tried again later"
_ENDLESS = "reading it did not end within {:g} minutes; report it to the publisher"
_SECONDS = 120.0  # for one answer, the largest of which take some seconds
_LENGTH = struct.Struct("!Q")


class _Died(Exception):
    """The process has ended before it answered."""


class FeedProcess(Generic[A, S]):
    """A process that parses answers and stores what they list in the feed store at ``path``, by a function for both.

    When it dies, because the system is out of memory or a parser crashed,
    every answer that was waiting is given to a second process, one at a time.
    Only an answer that ends that one too is at fault. What was stored stays:
    an answer that is stored again changes nothing.
    """

    def __init__(
        self, path: Path, store: Callable[[FeedStore, A], S], *, seconds: float = _SECONDS, at_once: bool = True
    ) -> None:
        """``seconds`` is how long one answer may take. ``at_once``, the parser is loaded before the first one comes."""
        self._path = path
        self._at_once = at_once
        self._store = store
        self._seconds = seconds
        self._shared: _Child[A, S] | None = None
        self._suspects: _Child[A, S] | None = None
        self._one_at_a_time = asyncio.Lock()

    def start(self) -> None:
        """Start the process now, while this one can be forked: before it has threads, or the feed store is open."""
        self._shared = self._living(None)

    async def store(self, answer: A) -> S:
        """Return what the store function does, and raise what it raises.

        Raises :class:`SourceError` also if the answer ends a process, or takes too long.
        """
        self._shared = self._living(self._shared)
        try:
            return await self._shared.run(answer)
        except _Died:
            pass  # whichever answer the process was busy with
        async with self._one_at_a_time:
            self._suspects = self._living(self._suspects)
            try:
                stored = await self._suspects.run(answer)
            except _Died as error:
                raise SourceError(_DEADLY) from error
        return stored.again()

    def _living(self, child: _Child[A, S] | None) -> _Child[A, S]:
        if child is not None and not child.is_dead:
            return child
        if child is not None:
            child.end()
        return _Child(self._path, self._store, self._seconds, at_once=self._at_once)

    async def disconnect(self) -> None:
        """Take nothing more from the processes; to be called in the loop that they were used in."""
        for child in (self._shared, self._suspects):
            if child is not None:
                await child.disconnect()

    def close(self) -> None:
        """End the processes."""
        for child in (self._shared, self._suspects):
            if child is not None:
                child.end()


@contextmanager
def feed_process(
    path: Path, store: Callable[[FeedStore, A], S], *, at_once: bool = True
) -> Iterator[FeedProcess[A, S]]:
    """Start a process that stores answers in the feed store at ``path``, and end it with the block."""
    process = FeedProcess(path, store, at_once=at_once)
    try:
        process.start()
        yield process
    finally:
        process.close()


class _Child(Generic[A, S]):
    """A process, and the answers that it was given; it takes one after the other."""

    def __init__(self, path: Path, store: Callable[[FeedStore, A], S], seconds: float, *, at_once: bool) -> None:
        self._seconds = seconds
        self._waiting: deque[asyncio.Future[S]] = deque()
        self._sending = asyncio.Lock()
        self._given = asyncio.Event()
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None
        self._receiver: asyncio.Task[None] | None = None
        self.is_dead = False
        context = process_context()
        here, there = context.Pipe()
        self._process: BaseProcess = context.Process(target=_serve, args=(there, path, store, at_once), daemon=True)
        self._process.start()
        there.close()  # the child then has the only one, so this end notices when it is gone
        self._socket = socket.socket(fileno=socket.dup(here.fileno()))
        here.close()

    async def run(self, answer: A) -> S:
        """Return what the process has stored, and raise what it raised. Raises :class:`_Died` if it has ended."""
        future: asyncio.Future[S] = asyncio.get_running_loop().create_future()
        try:
            async with self._sending:
                if self._streams is None:
                    self._streams = await asyncio.open_unix_connection(sock=self._socket)
                    self._receiver = asyncio.create_task(self._receive(*self._streams))
                if self.is_dead:
                    raise _Died
                self._waiting.append(future)
                self._given.set()
                data = pickle.dumps(answer, pickle.HIGHEST_PROTOCOL)
                writer = self._streams[1]
                writer.writelines((_LENGTH.pack(len(data)), data))
                with suppress(ConnectionError):  # the receiver notices it too
                    await writer.drain()
            return await future
        finally:
            future.cancel()  # if this was cancelled meanwhile, nobody waits for it any more

    async def _receive(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Hand over the results as they come, in the order of the answers."""
        try:
            while True:
                while not self._waiting:
                    self._given.clear()
                    await self._given.wait()
                async with asyncio.timeout(self._seconds):
                    (length,) = _LENGTH.unpack(await reader.readexactly(_LENGTH.size))
                    result = pickle.loads(await reader.readexactly(length))  # noqa: S301 - from our own process
                self._hand_over(result)
        except TimeoutError:
            self._hand_over(SourceError(_ENDLESS.format(self._seconds / 60)))
        except (asyncio.IncompleteReadError, ConnectionError):
            pass  # it has died
        finally:
            self.is_dead = True
            self._process.kill()
            writer.transport.abort()  # to close it would wait for what is still to be sent
            while self._waiting:
                self._hand_over(_Died())

    def _hand_over(self, result: S | BaseException) -> None:
        future = self._waiting.popleft()
        if future.done():
            return  # nobody waits for it any more
        if isinstance(result, BaseException):
            future.set_exception(result)
        else:
            future.set_result(result)

    async def disconnect(self) -> None:
        """Give up what is still waited for, and close the connection."""
        if self._receiver is not None:
            self._receiver.cancel()
            await asyncio.gather(self._receiver, return_exceptions=True)
            await asyncio.sleep(0)  # the transport closes its socket in the next round of the loop

    def end(self) -> None:
        """End the process; it has nothing to tidy up: what it has not stored by now is rolled back."""
        self._process.kill()
        self._process.join()
        self._process.close()
        self._socket.close()


# -- in the process ----------------------------------------------------------------


def _serve(connection: Connection, path: Path, store: Callable[[FeedStore, Any], Stored], at_once: bool) -> None:
    """Store answers as they come; started by fork, this runs before anything has opened the feed store."""
    start_worker()
    if at_once:
        # While the first answers are on their way; the parser takes a while to import.
        import tui_reader.sources.feeds.response  # noqa: F401 - used by the store function

    here = socket.socket(fileno=socket.dup(connection.fileno()))
    connection.close()
    with ExitStack() as resources:
        opened: FeedStore | None = None
        while (data := _received(here)) is not None:
            result: Stored | Exception
            try:
                if opened is None:
                    opened = resources.enter_context(FeedStore.opened(path))
                result = store(opened, pickle.loads(data))  # noqa: S301 - from the process that started this one
            except Exception as error:  # noqa: BLE001 - the parent raises it
                result = _portable(error)
            data = pickle.dumps(result, pickle.HIGHEST_PROTOCOL)
            here.sendall(_LENGTH.pack(len(data)))
            here.sendall(data)


def _received(here: socket.socket) -> bytes | None:
    """Return the next answer, or ``None`` when there are no more."""
    length = _exactly(here, _LENGTH.size)
    return None if length is None else _exactly(here, *_LENGTH.unpack(length))


def _exactly(here: socket.socket, length: int) -> bytes | None:
    data = bytearray(length)
    view = memoryview(data)
    while view:
        count = here.recv_into(view)
        if not count:
            return None
        view = view[count:]
    return bytes(data)


def _portable(error: Exception) -> Exception:
    """Return an error that can be sent to another process: itself, if possible, with its traceback as a note."""
    import traceback

    if isinstance(error, StoreError):
        return StoreError(str(error))
    if isinstance(error, SourceError):
        return error
    note = traceback.format_exc()
    try:
        pickle.loads(pickle.dumps(error))  # noqa: S301 - what was made of it just now
    except Exception:  # noqa: BLE001 - its note says all of it
        error = RuntimeError(f"{type(error).__name__}: {error}")
    error.add_note(note)
    return error
