"""Requests over a connection on which HTTP/2 was agreed; imported only then, because httpcore takes 60 ms."""

from __future__ import annotations

import logging
from collections.abc import AsyncGenerator, Iterator
from contextlib import contextmanager

import httpcore

from tui_reader.sources.http.connection import Connection, Headers, Reply
from tui_reader.sources.http.errors import Disconnected, NotHttp, NotSendable, TimedOut
from tui_reader.sources.http.url import Url

# At level DEBUG, these log headers with passwords and cookies.
for _name in ("httpcore", "hpack"):
    logging.getLogger(_name).setLevel(logging.INFO)

_KEPT_SECONDS = 5.0  # that a connection may wait for the next request


class Http2:
    """A connection that several requests share."""

    def __init__(self, connection: Connection, url: Url) -> None:
        self._connection = connection
        scheme, host, port = url.origin
        origin = httpcore.Origin(scheme.encode(), host.encode(), port)
        self._http = httpcore.AsyncHTTP2Connection(origin, _Stream(connection), keepalive_expiry=_KEPT_SECONDS)
        self.users = 0

    def is_usable(self) -> bool:
        """Return whether further requests can be sent."""
        if self._connection.has_ended or not self._http.is_available():
            return False
        return self.users > 0 or not self._http.has_expired()

    async def get(self, url: Url, headers: Headers, seconds: float) -> Reply:
        """Send a request, and return the answer; each step may take ``seconds``. Raises :class:`TransportError`."""
        scheme, host, port = url.origin
        request = httpcore.Request(
            "GET",
            httpcore.URL(scheme=scheme.encode(), host=host.encode(), port=port, target=url.target.encode()),
            headers=headers,
            extensions={"timeout": {"read": seconds, "write": seconds}},
        )
        with _our_errors():
            response = await self._http.handle_async_request(request)
        return Reply(response.status, [(name.lower(), value) for name, value in response.headers], _body(response))

    def finish(self) -> bool:
        """Return whether further requests can be sent, now that nothing is under way."""
        return self.is_usable()

    def close(self) -> None:
        """Close the connection at once."""
        self._connection.close()


async def _body(response: httpcore.Response) -> AsyncGenerator[bytes, None]:
    with _our_errors():
        try:
            async for piece in response.aiter_stream():
                yield piece
        finally:
            await response.aclose()


@contextmanager
def _our_errors() -> Iterator[None]:
    try:
        yield
    except httpcore.TimeoutException as error:
        raise TimedOut from error
    except (httpcore.NetworkError, httpcore.ConnectionNotAvailable) as error:
        raise Disconnected from error
    except httpcore.LocalProtocolError as error:
        raise NotSendable(str(error)) from error
    except httpcore.ProtocolError as error:
        # A connection that is closed before the answer is told as that by no type of its own.
        raise (Disconnected if "disconnected" in str(error) else NotHttp) from error


class _Stream(httpcore.AsyncNetworkStream):
    """The bytes of a connection, as httpcore wants them."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ASYNC109
        try:
            return await self._connection.receive(timeout or 0)
        except TimedOut as error:
            raise httpcore.ReadTimeout from error
        except Disconnected as error:
            raise httpcore.ReadError from error

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ASYNC109
        try:
            await self._connection.write(buffer, timeout or 0)
        except TimedOut as error:
            raise httpcore.WriteTimeout from error

    async def aclose(self) -> None:
        self._connection.close()

    def get_extra_info(self, info: str) -> None:
        return None
