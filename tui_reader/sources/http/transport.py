"""Connections to many hosts, with a check that only trusted origins reach a private network (SSRF)."""

from __future__ import annotations

import asyncio
import ipaddress
import os
import socket
import ssl
import threading
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from functools import cache
from typing import Protocol, TypeAlias

from tui_reader.model.networks import is_public
from tui_reader.sources.http.connection import Connection, Headers, Reply, reach, start
from tui_reader.sources.http.errors import AttemptError, Disconnected, ErrorKind, TimedOut, classify_lookup_error
from tui_reader.sources.http.url import Origin, Url

Resolver: TypeAlias = Callable[[str, int], Awaitable[list[str]]]
"""Resolves a host and a port to IP addresses, best first. Raises :class:`OSError`."""

_MAX_ADDRESSES = 4  # tried per host
_ADDRESS_SECONDS = 3.0  # for each address but the last, because IPv6 routes are often broken


@cache
def _certificates() -> ssl.SSLContext:
    """Return the certificate authorities, and the protocols to agree on. Loading them takes 0.1 s: they are cached."""
    file, folder = os.environ.get("SSL_CERT_FILE"), os.environ.get("SSL_CERT_DIR")
    if not file and not folder:
        import certifi

        file = certifi.where()
    context = ssl.create_default_context(cafile=file or None, capath=None if file else folder)
    context.set_alpn_protocols(["http/1.1", "h2"])
    return context


_Key: TypeAlias = tuple[Origin, bool]
"""An origin, and whether it is trusted."""


class _Open(Protocol):
    """An open connection, with HTTP/1.1 or HTTP/2. ``users`` counts the requests that it serves."""

    users: int

    async def get(self, url: Url, headers: Headers, seconds: float) -> Reply: ...
    def finish(self) -> bool: ...
    def is_usable(self) -> bool: ...
    def close(self) -> None: ...


class Transport:
    """Sends requests, over connections that are kept for the next one to the same origin.

    Trusted origins have connections of their own: otherwise, a redirect could
    reuse one into a private network that a trusted source opened. Where a
    server wants HTTP/2, all requests to it share one connection. Nothing keeps
    cookies or logs addresses.
    """

    def __init__(self, resolve: Resolver, *, most: int) -> None:
        """``most`` connections are open at a time, those included that wait for the next request."""
        self._resolve = resolve
        self._most = most
        self._busy = 0
        self._idle: dict[_Key, _Open] = {}  # one for each origin, the longest idle first
        self._shared: dict[_Key, _Open] = {}  # those in use that serve further requests
        self._asking: dict[_Key, asyncio.Lock] = {}  # held while it is found out whether a server wants HTTP/2
        self._without_http2: set[_Key] = set()

    @asynccontextmanager
    async def send(
        self, url: Url, headers: Mapping[str, str], *, trusted: bool, connect_seconds: float, step_seconds: float
    ) -> AsyncIterator[Reply]:
        """Send a GET request and yield the answer with its body unread.

        ``trusted`` allows a private network. Raises :class:`AttemptError`
        where the host does not exist or is not allowed, and
        :class:`TransportError`.
        """
        key = url.origin, trusted
        # In Latin-1, as they came: the value of an ETag may be anything.
        raw = [(name.encode(), value.encode("latin-1", "replace")) for name, value in headers.items()]
        self._busy += 1
        try:
            connection = await self._connection(key, url, connect_seconds)
            try:
                reply = await connection.get(url, raw, step_seconds)
                try:
                    yield reply
                finally:
                    await reply.body.aclose()
            finally:
                self._put_back(key, connection)
        finally:
            self._busy -= 1

    async def aclose(self) -> None:
        """Close all connections."""
        for connection in (*self._idle.values(), *self._shared.values()):
            connection.close()
        await asyncio.sleep(0)  # asyncio closes the sockets in the next round of the loop

    # -- which connection --------------------------------------------------------

    async def _connection(self, key: _Key, url: Url, seconds: float) -> _Open:
        """Return an open connection for one more request."""
        if url.scheme == "http" or key in self._without_http2:
            return self._open_one(key) or await self._new(key, url, seconds)
        async with self._asking.setdefault(key, asyncio.Lock()):
            return self._open_one(key) or await self._new(key, url, seconds)

    def _open_one(self, key: _Key) -> _Open | None:
        shared = self._shared.get(key)
        if shared is not None:
            if shared.is_usable():
                shared.users += 1
                return shared
            del self._shared[key]  # whoever uses it closes it
        idle = self._idle.pop(key, None)
        if idle is None:
            return None
        if not idle.is_usable():
            idle.close()
            return None
        return self._taken(key, idle)

    async def _new(self, key: _Key, url: Url, seconds: float) -> _Open:
        while self._idle and self._busy + len(self._idle) > self._most:
            self._idle.pop(next(iter(self._idle))).close()
        connection = await self._connect(url, trusted=key[1], seconds=seconds)
        if connection.speaks_http2:
            from tui_reader.sources.http.http2 import Http2

            return self._taken(key, Http2(connection, url))
        self._without_http2.add(key)
        return self._taken(key, connection)

    def _taken(self, key: _Key, connection: _Open) -> _Open:
        connection.users = 1
        if not isinstance(connection, Connection):
            self._shared[key] = connection
        return connection

    def _put_back(self, key: _Key, connection: _Open) -> None:
        connection.users -= 1
        if connection.users:
            return
        if self._shared.get(key) is connection:
            del self._shared[key]
        if not connection.finish():
            connection.close()
            return
        before = self._idle.pop(key, None)
        if before is not None:
            before.close()
        self._idle[key] = connection

    # -- new connections ---------------------------------------------------------

    async def _connect(self, url: Url, *, trusted: bool, seconds: float) -> Connection:
        """Resolve a host once, and connect to an IP address that was checked."""
        _, host, port = url.origin
        tls = _certificates() if url.scheme == "https" else None
        try:
            async with asyncio.timeout(seconds):
                addresses = await self._resolve(host, port)
        except TimeoutError as error:
            raise AttemptError(ErrorKind.OFFLINE, "its name cannot be resolved in time; are you online?") from error
        except (OSError, UnicodeError) as error:
            raise classify_lookup_error(error) from error
        allowed = [each for each in addresses if trusted or is_public(each)][:_MAX_ADDRESSES]
        if not allowed:
            raise AttemptError(
                ErrorKind.PRIVATE,
                f"{host} is in a private network, and you did not name it yourself; if you trust it, add its address",
            )
        for each in allowed[:-1]:
            try:
                return await start(await reach(each, port, min(seconds, _ADDRESS_SECONDS)), seconds, tls, host)
            except (Disconnected, TimedOut):
                continue
        return await start(await reach(allowed[-1], port, seconds), seconds, tls, host)


def _is_numeric(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


async def resolve_host(host: str, port: int) -> list[str]:
    """Return the IP addresses of ``host``. Raises :class:`OSError`.

    Resolution cannot be cancelled, so it runs in a daemon thread: one that
    hangs delays neither other work nor the exit of the program.
    """
    if _is_numeric(host):
        return [host]
    loop = asyncio.get_running_loop()
    result: asyncio.Future[list[str]] = loop.create_future()

    def deliver(addresses: list[str], error: Exception | None) -> None:
        if result.done():
            return
        if error:
            result.set_exception(error)
        else:
            result.set_result(addresses)

    def run() -> None:
        addresses: list[str] = []
        failure: Exception | None = None
        try:
            addresses = [str(entry[4][0]) for entry in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
        except (OSError, UnicodeError) as error:
            failure = error
        if not loop.is_closed():
            loop.call_soon_threadsafe(deliver, addresses, failure)

    threading.Thread(target=run, name=f"resolve {host}", daemon=True).start()
    return await result
