"""Connections to many hosts: each is looked up once and checked, and none leads a stranger into a private network."""

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
import httpx

from tui_reader.sources.http.errors import AttemptError, ErrorKind, classify_lookup_error

Origin: TypeAlias = tuple[str, str, int]
"""Scheme, host and port: who gets a password, and who is trusted with a private network."""

Resolver: TypeAlias = Callable[[str, int], Awaitable[list[str]]]
"""From a host and a port to numeric addresses, the best first; raises :class:`OSError`."""

# In detail these write down headers, and with them passwords and cookies.
for _talkative in ("httpcore", "hpack"):
    logging.getLogger(_talkative).setLevel(logging.INFO)

_ADDRESSES_TRIED = 4
_ADDRESS_SECONDS = 3.0  # for every address of a host but the last, so that a dead IPv6 route costs little
_NAT64 = ipaddress.ip_network("64:ff9b::/96")
_GLOBAL_UNICAST = ipaddress.ip_network("2000::/3")


class _Bytes(httpx.AsyncByteStream):
    """The body of an answer, as it comes from the connection."""

    def __init__(self, answer: httpcore.Response) -> None:
        self._answer = answer

    async def __aiter__(self) -> AsyncIterator[bytes]:
        async for part in self._answer.aiter_stream():
            yield part

    async def aclose(self) -> None:
        await self._answer.aclose()


@cache
def _certificates() -> ssl.SSLContext:
    """Read once: it takes a tenth of a second."""
    return httpx.create_ssl_context()


class Transport(httpx.AsyncBaseTransport):
    """Keeps the connections to public networks apart from those into the person's own.

    Were there one pool, a redirect could use a connection into a private
    network that the person's own source had opened. There is no client of
    httpx around it: that one keeps cookies, and logs every address.
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
                # Every request looks at each that rests, and few hosts have more than one source.
                max_keepalive_connections=self._at_once_per_host,
                keepalive_expiry=5,
                http2=True,
                network_backend=_Network(self._resolve, only_public=not trusted),
            )
        return self._pools[trusted, secure]

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Return the answer, its body still to be read.

        The extension ``trusted`` of ``request`` says whether it may go into a
        private network. Raises :class:`AttemptError` where the host is not
        found or may not be connected to, and else the errors of httpcore.
        """
        url = request.url
        pool = self._pool(trusted=request.extensions["trusted"], secure=url.scheme == "https")
        answer = await pool.handle_async_request(
            httpcore.Request(
                request.method,
                httpcore.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path),
                headers=request.headers.raw,
                extensions=request.extensions,
            )
        )
        return httpx.Response(
            answer.status, headers=answer.headers, stream=_Bytes(answer), extensions=answer.extensions
        )

    async def aclose(self) -> None:
        """Close all connections."""
        for pool in self._pools.values():
            await pool.aclose()


class _Network(httpcore.AsyncNetworkBackend):
    """Looks a host up once, and connects to the very address that it has checked."""

    def __init__(self, resolve: Resolver, *, only_public: bool) -> None:
        self._resolve = resolve
        self._only_public = only_public
        self._sockets = httpcore.AnyIOBackend()

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
                found = await self._resolve(host, port)
        except TimeoutError as error:
            raise AttemptError(ErrorKind.OFFLINE, "its name could not be looked up in time; are you online?") from error
        except (OSError, UnicodeError) as error:
            raise classify_lookup_error(error) from error
        allowed = [each for each in found if not self._only_public or is_public(each)][:_ADDRESSES_TRIED]
        if not allowed:
            raise AttemptError(
                ErrorKind.PRIVATE,
                f"{host} leads into a private network, where only a source that you added yourself may be",
            )
        for each in allowed[:-1]:
            short = _ADDRESS_SECONDS if timeout is None else min(timeout, _ADDRESS_SECONDS)
            try:
                return await self._sockets.connect_tcp(each, port, short, local_address, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout):
                continue
        return await self._sockets.connect_tcp(allowed[-1], port, timeout, local_address, socket_options)

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)


def _is_numeric(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


async def resolve_host(host: str, port: int) -> list[str]:
    """Return the numeric addresses of ``host``; raises :class:`OSError`.

    In a thread that nobody waits for: a look-up cannot be stopped, and one
    that hangs must neither hold up leaving the reader nor other work.
    """
    if _is_numeric(host):
        return [host]
    loop = asyncio.get_running_loop()
    result: asyncio.Future[list[str]] = loop.create_future()

    def deliver(found: list[str], error: Exception | None) -> None:
        if result.done():
            return
        if error:
            result.set_exception(error)
        else:
            result.set_result(found)

    def work() -> None:
        found: list[str] = []
        failed: Exception | None = None
        try:
            found = [str(entry[4][0]) for entry in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
        except (OSError, UnicodeError) as error:
            failed = error
        if not loop.is_closed():
            loop.call_soon_threadsafe(deliver, found, failed)

    threading.Thread(target=work, name=f"look up {host}", daemon=True).start()
    return await result


def is_public(address: str) -> bool:
    """Whether a numeric address is one of the public internet (RFC 6890 and IANA's registries as Python has them).

    An IPv6 address that stands for an IPv4 one (mapped, NAT64, 6to4) is as
    public as that.
    """
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return False
    if isinstance(ip, ipaddress.IPv6Address):
        inner = ip.ipv4_mapped or ip.sixtofour
        if inner is None and ip in _NAT64:
            inner = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
        if inner is None:
            return ip in _GLOBAL_UNICAST and ip.is_global and ip.scope_id is None
        ip = inner
    return ip.is_global and not ip.is_multicast and not ip.is_reserved


def host_of(url: httpx.URL) -> str:
    """Return the host as it is looked up: not all names of that form can be put into the letters they stand for."""
    return url.raw_host.decode("ascii")


def origin_of(url: httpx.URL) -> Origin:
    """Return where ``url`` is, with the port it has by default where it names none."""
    return url.scheme, host_of(url), url.port or (443 if url.scheme == "https" else 80)


def trusted_origins(url: httpx.URL) -> set[Origin]:
    """Return where a source of the person's may be: its own place, and its like with TLS."""
    origin = origin_of(url)
    return {origin, ("https", host_of(url), 443)} if origin == ("http", host_of(url), 80) else {origin}
