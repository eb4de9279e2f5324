"""Connections to many hosts, with a check that only trusted origins reach a private network (SSRF)."""

from __future__ import annotations

import asyncio
import ipaddress
import logging
import socket
import ssl
import threading
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from functools import cache
from typing import TypeAlias

import httpcore

from tui_reader.model.networks import is_public
from tui_reader.sources.http.errors import AttemptError, ErrorKind, classify_lookup_error
from tui_reader.sources.http.quick_httpx import httpx

Origin: TypeAlias = tuple[str, str, int]
"""Scheme, host and port."""

Resolver: TypeAlias = Callable[[str, int], Awaitable[list[str]]]
"""Resolves a host and a port to IP addresses, best first. Raises :class:`OSError`."""

# At level DEBUG, these log headers with passwords and cookies.
for _name in ("httpcore", "hpack"):
    logging.getLogger(_name).setLevel(logging.INFO)

_MAX_ADDRESSES = 4  # tried per host
_ADDRESS_SECONDS = 3.0  # for each address but the last, because IPv6 routes are often broken


class _RawBody(httpx.AsyncByteStream):
    """The undecoded body of a response."""

    def __init__(self, response: httpcore.Response) -> None:
        self._response = response

    async def __aiter__(self) -> AsyncIterator[bytes]:
        async for part in self._response.aiter_stream():
            yield part

    async def aclose(self) -> None:
        await self._response.aclose()


@cache
def _certificates() -> ssl.SSLContext:
    """Return the certificate authorities. Loading them takes 0.1 s, so they are cached."""
    return httpx.create_ssl_context()


class Transport(httpx.AsyncBaseTransport):
    """Sends requests, with separate connection pools for trusted and other origins.

    In a shared pool, a redirect could reuse a connection into a private
    network that a trusted source opened. This transport is used without
    httpx's client, which keeps cookies and logs addresses.
    """

    def __init__(self, resolve: Resolver, *, max_concurrent: int, max_concurrent_per_host: int) -> None:
        self._resolve = resolve
        self._at_once = max_concurrent
        self._at_once_per_host = max_concurrent_per_host
        self._pools: dict[tuple[bool, bool], httpcore.AsyncConnectionPool] = {}

    def _pool(self, *, trusted: bool, secure: bool) -> httpcore.AsyncConnectionPool:
        if (trusted, secure) not in self._pools:
            self._pools[trusted, secure] = httpcore.AsyncConnectionPool(
                ssl_context=_certificates() if secure else None,
                max_connections=self._at_once,
                # Every request checks all idle connections, and few hosts have more than one source.
                max_keepalive_connections=self._at_once_per_host,
                keepalive_expiry=5,
                http2=True,
                network_backend=_Network(self._resolve, only_public=not trusted),
            )
        return self._pools[trusted, secure]

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send ``request`` and return the response with its body unread.

        The request extension ``trusted`` allows a private network. Raises
        :class:`AttemptError` where the host does not exist or is not allowed,
        and the errors of httpcore.
        """
        url = request.url
        pool = self._pool(trusted=request.extensions["trusted"], secure=url.scheme == "https")
        response = await pool.handle_async_request(
            httpcore.Request(
                request.method,
                httpcore.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path),
                headers=request.headers.raw,
                extensions=request.extensions,
            )
        )
        return httpx.Response(
            response.status, headers=response.headers, stream=_RawBody(response), extensions=response.extensions
        )

    async def aclose(self) -> None:
        """Close all connections."""
        for pool in self._pools.values():
            await pool.aclose()


class _Network(httpcore.AsyncNetworkBackend):
    """Resolves a host once, and connects to the IP address that it checked."""

    def __init__(self, resolve: Resolver, *, only_public: bool) -> None:
        self._resolve = resolve
        self._only_public = only_public
        self._backend = httpcore.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        try:
            async with asyncio.timeout(timeout):
                addresses = await self._resolve(host, port)
        except TimeoutError as error:
            raise AttemptError(ErrorKind.OFFLINE, "its name cannot be resolved in time; are you online?") from error
        except (OSError, UnicodeError) as error:
            raise classify_lookup_error(error) from error
        allowed = [each for each in addresses if not self._only_public or is_public(each)][:_MAX_ADDRESSES]
        if not allowed:
            raise AttemptError(
                ErrorKind.PRIVATE,
                f"{host} is in a private network, and you did not name it yourself; if you trust it, add its address",
            )
        for each in allowed[:-1]:
            seconds = _ADDRESS_SECONDS if timeout is None else min(timeout, _ADDRESS_SECONDS)
            try:
                return await self._backend.connect_tcp(each, port, seconds, local_address, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout):
                continue
        return await self._backend.connect_tcp(allowed[-1], port, timeout, local_address, socket_options)

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)


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


def host_of(url: httpx.URL) -> str:
    """Return the host in ASCII, because not every IDNA name can be decoded."""
    return url.raw_host.decode("ascii")


def origin_of(url: httpx.URL) -> Origin:
    """Return the origin of ``url``, with the default port where it has none."""
    return url.scheme, host_of(url), url.port or (443 if url.scheme == "https" else 80)


def trusted_origins(url: httpx.URL) -> set[Origin]:
    """Return the origins that a trusted address allows: its own, and the same host with TLS."""
    origin = origin_of(url)
    return {origin, ("https", host_of(url), 443)} if origin == ("http", host_of(url), 80) else {origin}
