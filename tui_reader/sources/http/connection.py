"""One connection to a server, and the HTTP/1.1 requests that are sent over it, one after the other."""

from __future__ import annotations

import asyncio
import socket
import time
from collections.abc import AsyncGenerator, Sequence
from typing import TYPE_CHECKING

import h11

from tui_reader.named_tuple import NamedTuple
from tui_reader.sources.http.errors import Disconnected, NotHttp, NotSendable, TimedOut

if TYPE_CHECKING:
    import ssl

    from tui_reader.sources.http.url import Url

_MOST_WAITING = 256 * 1024  # bytes that are received ahead
_MAX_HEAD = 100 * 1024  # bytes of the head of an answer
_KEPT_SECONDS = 5.0  # that a connection may wait for the next request

Headers = Sequence[tuple[bytes, bytes]]


class Reply(NamedTuple):
    """The head of an answer, with its names in lower case, and the body that is still to be read."""

    status: int
    headers: Headers
    body: AsyncGenerator[bytes, None]


class Connection(asyncio.Protocol):
    """A connection, and the bytes that have come over it; made by :func:`start`.

    Its methods raise the kinds of :class:`TransportError`. asyncio calls those
    of :class:`asyncio.Protocol`.
    """

    users = 0

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._http: h11.Connection | None = None
        self._received: list[bytes] = []
        self._waiting_bytes = 0
        self._has_ended = False
        self._error: Exception | None = None
        self._reader: asyncio.Future[None] | None = None
        self._writer: asyncio.Future[None] | None = None
        self._is_full = False
        self._idle_since = 0.0

    # -- called by asyncio -------------------------------------------------------

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the transport."""
        assert isinstance(transport, asyncio.Transport)  # noqa: S101 - for the type
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        """Keep the bytes until they are asked for; take no more where these are many."""
        self._received.append(data)
        self._waiting_bytes += len(data)
        if self._waiting_bytes > _MOST_WAITING:
            self._transport.pause_reading()
        _wake(self._reader)

    def eof_received(self) -> None:
        """Note that no more will come."""
        self._has_ended = True
        _wake(self._reader)

    def connection_lost(self, error: Exception | None) -> None:
        """Note that no more will come, because of this error if there was one."""
        self._has_ended = True
        self._error = error
        _wake(self._reader)
        _wake(self._writer)

    def pause_writing(self) -> None:
        """Note that the server does not take what is sent."""
        self._is_full = True

    def resume_writing(self) -> None:
        """Note that it does again."""
        self._is_full = False
        _wake(self._writer)

    # -- bytes -------------------------------------------------------------------

    @property
    def speaks_http2(self) -> bool:
        """Whether HTTP/2 was agreed on with TLS."""
        tls: ssl.SSLObject | None = self._transport.get_extra_info("ssl_object")
        return tls is not None and tls.selected_alpn_protocol() == "h2"

    @property
    def has_ended(self) -> bool:
        """Whether the server has closed the connection, or it broke."""
        return self._has_ended

    async def receive(self, seconds: float) -> bytes:
        """Return what has come, or comes first within ``seconds``; nothing at the end."""
        while not self._received:
            if self._error is not None:
                raise Disconnected from self._error
            if self._has_ended:
                return b""
            self._reader = self._loop.create_future()
            await self._within(seconds, self._reader)
        data = b"".join(self._received) if len(self._received) > 1 else self._received[0]
        self._received.clear()
        if self._waiting_bytes > _MOST_WAITING:
            self._transport.resume_reading()
        self._waiting_bytes = 0
        return data

    async def write(self, data: bytes, seconds: float) -> None:
        """Send ``data``; wait where the server does not take it. If it is lost, the next answer is too."""
        if self._has_ended:
            return
        self._transport.write(data)
        while self._is_full and not self._has_ended:
            self._writer = self._loop.create_future()
            await self._within(seconds, self._writer)

    async def _within(self, seconds: float, future: asyncio.Future[None]) -> None:
        # A fifth of the time of asyncio.timeout, and this is waited for at every step of every request.
        timer = self._loop.call_later(seconds, _time_out, future)
        try:
            await future
        finally:
            timer.cancel()

    def close(self) -> None:
        """Close the connection at once."""
        self._transport.abort()

    # -- HTTP/1.1 ----------------------------------------------------------------

    async def get(self, url: Url, headers: Headers, seconds: float) -> Reply:
        """Send a request, and return the answer; each step may take ``seconds``."""
        if self._http is None:
            self._http = h11.Connection(h11.CLIENT, max_incomplete_event_size=_MAX_HEAD)
        try:
            data = self._http.send(h11.Request(method=b"GET", target=url.target.encode("ascii"), headers=[*headers]))
        except h11.LocalProtocolError as error:
            raise NotSendable(str(error)) from error
        self._http.send(h11.EndOfMessage())
        await self.write(data or b"", seconds)
        while True:
            event = await self._event(seconds)
            if isinstance(event, h11.Response):
                return Reply(event.status_code, list(event.headers), self._body(seconds))

    async def _body(self, seconds: float) -> AsyncGenerator[bytes, None]:
        while isinstance(event := await self._event(seconds), h11.Data):
            yield bytes(event.data)

    async def _event(self, seconds: float) -> h11.Event | type[h11.PAUSED]:
        http = self._http
        assert http is not None  # noqa: S101 - for the type
        while True:
            try:
                event = http.next_event()
            except h11.RemoteProtocolError as error:
                raise NotHttp(str(error)) from error
            if event is not h11.NEED_DATA:
                return event  # type: ignore[return-value]  # the check above leaves the others
            data = await self.receive(seconds)
            if not data and http.their_state is h11.SEND_RESPONSE:
                raise Disconnected
            http.receive_data(data)

    def finish(self) -> bool:
        """End the request; return whether another one can be sent."""
        http = self._http
        if http is None or http.our_state is not h11.DONE or http.their_state is not h11.DONE:
            return False
        if http.trailing_data[0]:
            return False
        http.start_next_cycle()
        self._idle_since = time.monotonic()
        return self.is_usable()

    def is_usable(self) -> bool:
        """Return whether a connection that waits for the next request is open, and nothing came over it meanwhile."""
        return not (self._has_ended or self._received) and time.monotonic() < self._idle_since + _KEPT_SECONDS


async def reach(address: str, port: int, seconds: float) -> socket.socket:
    """Return a socket that is connected to an IP address. Raises :class:`TransportError`."""
    try:
        made = socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET, socket.SOCK_STREAM)
        try:
            made.setblocking(False)
            async with asyncio.timeout(seconds):
                await asyncio.get_running_loop().sock_connect(made, (address, port))
        except BaseException:
            made.close()
            raise
    except TimeoutError as error:
        raise TimedOut from error
    except OSError as error:
        raise Disconnected from error
    return made


async def start(made: socket.socket, seconds: float, tls: ssl.SSLContext | None, host: str) -> Connection:
    """Start a connection on a socket; with ``tls``, the server has to prove that it is ``host``.

    Raises :class:`TransportError`.
    """
    name = host if tls else None
    try:
        try:
            async with asyncio.timeout(seconds):
                _, connection = await asyncio.get_running_loop().create_connection(
                    Connection, sock=made, ssl=tls, server_hostname=name
                )
        except BaseException:
            made.close()
            raise
    except TimeoutError as error:
        raise TimedOut from error
    except OSError as error:
        raise Disconnected from error
    return connection


def _wake(future: asyncio.Future[None] | None) -> None:
    if future is not None and not future.done():
        future.set_result(None)


def _time_out(future: asyncio.Future[None]) -> None:
    if not future.done():
        future.set_exception(TimedOut())
