"""Connections to many hosts, with a check that only trusted origins reach a private network (SSRF)."""

from __future__ import annotations

import asyncio
import ipaddress
import logging
import socket
import ssl
import threading
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping
from contextlib import asynccontextmanager
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
_MOST_IDLE = 16  # hosts to which a connection stays open though nobody waits for it
_ADDRESS_SECONDS = 3.0  # for each address but the last, because IPv6 routes are often broken


@cache
def _certificates() -> ssl.SSLContext:
    """Return the certificate authorities. Loading them takes 0.1 s, so they are cached."""
    return httpx.create_ssl_context()


class Transport:
    """Sends requests, with a connection pool for each origin, and others for those that are trusted.

    In a shared pool, a redirect could reuse a connection into a private
    network that a trusted source opened; and each request would look at the
    connections to all hosts. This is used without httpx's client, which keeps
    cookies and logs addresses.
    """

    def __init__(self, resolve: Resolver, *, max_concurrent_per_host: int) -> None:
        self._resolve = resolve
        self._at_once = max_concurrent_per_host
        self._pools: dict[tuple[Origin, bool], _Pool] = {}
        self._idle: dict[tuple[Origin, bool], None] = {}  # the pools that nobody uses, the longest first

    def _pool(self, origin: Origin, *, trusted: bool) -> _Pool:
        scheme, _, _ = origin
        return _Pool(
            ssl_context=_certificates() if scheme == "https" else None,
            max_connections=self._at_once,
            max_keepalive_connections=1,
            keepalive_expiry=5,
            http2=True,
            network_backend=_Network(self._resolve, only_public=not trusted),
        )

    @asynccontextmanager
    async def send(
        self, url: httpx.URL, headers: Mapping[str, str], *, trusted: bool, timeouts: Mapping[str, float]
    ) -> AsyncIterator[httpcore.Response]:
        """Send a GET request and yield the response with its body unread; close it after the block.

        ``trusted`` allows a private network. Raises :class:`AttemptError`
        where the host does not exist or is not allowed, and the errors of
        httpcore.
        """
        key = origin_of(url), trusted
        pool = self._pools.get(key)
        if pool is None:
            pool = self._pools[key] = self._pool(key[0], trusted=trusted)
        pool.users += 1
        self._idle.pop(key, None)
        try:
            response = await pool.handle_async_request(
                httpcore.Request(
                    "GET",
                    httpcore.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path),
                    # As bytes, because httpcore encodes text values as ASCII.
                    headers=[(name.encode(), value.encode("latin-1", "replace")) for name, value in headers.items()],
                    extensions={"timeout": timeouts},
                )
            )
            try:
                yield response
            finally:
                await response.aclose()
        finally:
            pool.users -= 1
            if not pool.users:
                self._idle[key] = None
                if len(self._idle) > _MOST_IDLE:
                    longest = next(iter(self._idle))
                    del self._idle[longest]
                    await self._pools.pop(longest).aclose()

    async def aclose(self) -> None:
        """Close all connections."""
        for pool in self._pools.values():
            await pool.aclose()


class _Pool(httpcore.AsyncConnectionPool):
    """The connections to one origin, and how many requests use them."""

    users = 0


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
