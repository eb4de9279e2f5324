"""Fetches feeds and archives: bounded in time, bytes and redirects, and kept out of private networks."""

from __future__ import annotations

import asyncio
import base64
import errno
import ipaddress
import logging
import os
import random
import socket
import ssl
import tempfile
import threading
import time
import zlib
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass
from enum import Enum, auto
from functools import cache
from pathlib import Path
from types import TracebackType
from typing import NamedTuple, Self, TypeAlias, TypeVar
from urllib.parse import unquote

import brotli  # type: ignore[import-untyped]
import httpcore
import httpx

from tui_reader import __version__
from tui_reader.errors import SourceError
from tui_reader.model.text import visible
from tui_reader.model.urls import safe_url
from tui_reader.sources.politeness import GONE, NOT_MODIFIED, TOO_MANY, asked_wait, without_secrets

PROJECT_ADDRESS = "https://github.com/news-tui/news-tui"
"""Where a site's owner reads who it is that asks."""

USER_AGENT = f"news-tui/{__version__} (+{PROJECT_ADDRESS})"

Origin: TypeAlias = tuple[str, str, int]
"""Scheme, host and port: who gets a password, and who is trusted with a private network."""

Resolver: TypeAlias = Callable[[str, int], Awaitable[list[str]]]
"""From a host and a port to numeric addresses, the best first; raises :class:`OSError`."""

_Result = TypeVar("_Result")

# In detail these write down headers, and with them passwords and cookies.
for _talkative in ("httpcore", "hpack"):
    logging.getLogger(_talkative).setLevel(logging.INFO)

_PIECE = 64 * 1024  # bytes that are unpacked at once
_FOLLOWED = frozenset({301, 302, 303, 307, 308})
_FOR_GOOD = frozenset({301, 308})
_WORTH_A_RETRY = frozenset({502, 503, 504})
_LONGEST_RETRY_WAIT = 5.0  # seconds; a site that asks for more is left alone until next time
_ADDRESSES_TRIED = 4
_ADDRESS_SECONDS = 3.0  # for every address of a host but the last, so that a dead IPv6 route costs little
# What goes along to other hosts: nothing of it tells who asks.
_GOES_ALONG = frozenset({"accept", "accept-language", "if-none-match", "if-modified-since"})
_FEEDS = "application/atom+xml, application/rss+xml, application/feed+json, application/xml;q=0.9, */*;q=0.8"
_NAT64 = ipaddress.ip_network("64:ff9b::/96")
_GLOBAL_UNICAST = ipaddress.ip_network("2000::/3")
_MEMBERS = 1000  # parts of one gzip body; more are made to waste time
_CUT_OFF = "it broke off before its end; it will be tried again later"


class Kind(Enum):
    """What went wrong. Where every source answers ``OFFLINE``, one line says it for all of them."""

    OFFLINE = auto()  # no names can be looked up, or no network can be reached
    NAME = auto()  # there is no host of this name; some systems say so when they are offline
    REFUSED = auto()  # nobody answers at the host, or the connection broke off before an answer
    TIMEOUT = auto()
    TLS = auto()
    PROTOCOL = auto()  # what answers does not speak HTTP
    STATUS = auto()  # an answer that is an error; ``status`` has its number
    REDIRECTS = auto()  # too many, in a circle, or to nowhere
    PRIVATE = auto()  # it leads into a network that is not public
    TOO_LARGE = auto()
    TRUNCATED = auto()
    DAMAGED = auto()  # it cannot be unpacked
    ADDRESS = auto()  # no address of the web
    DISK = auto()  # a download cannot be stored


class FetchError(SourceError):
    """A source could not be fetched; the message is a sentence without name and password.

    ``status`` is the number of the answer, where there was one, and
    ``retry_after`` the seconds after which the site wants to be asked again.
    """

    def __init__(self, words: str, kind: Kind, status: int | None = None, retry_after: float | None = None) -> None:
        super().__init__(words)
        self.kind = kind
        self.status = status
        self.retry_after = retry_after


@dataclass(frozen=True, slots=True)
class NetLimits:
    """How much a fetch may take: seconds, bytes after unpacking, and requests at a time.

    ``total_seconds`` and ``archive_seconds`` are for all that one call of
    ``get`` or ``download`` does, redirects and the retry included, but not for
    waiting until other requests are done.
    """

    connect_seconds: float = 10
    read_seconds: float = 20
    total_seconds: float = 60
    archive_seconds: float = 1800
    retry_seconds: float = 1
    feed_bytes: int = 32 * 1024**2
    archive_bytes: int = 512 * 1024**2
    redirects: int = 5
    at_once: int = 20
    at_once_per_host: int = 4


class Response(NamedTuple):
    """An answer of status 2xx or 304.

    ``url`` is where the body came from. ``headers`` have names in lower case
    and values byte for byte (as Latin-1). ``body`` is unpacked, and empty for a
    download. ``moved`` is where the permanent redirects (301, 308) at the
    beginning of the way lead, or ``None``.
    """

    url: str
    status: int
    headers: Mapping[str, str]
    body: bytes
    moved: str | None


class _FailureError(Exception):
    """What goes wrong on the way, without the address; ``again`` where a second try may help."""

    def __init__(
        self,
        kind: Kind,
        words: str,
        *,
        again: bool = False,
        status: int | None = None,
        retry_after: float | None = None,
    ) -> None:
        super().__init__(words)
        self.kind, self.words, self.again = kind, words, again
        self.status, self.retry_after = status, retry_after


@dataclass
class _Order:
    """One call of ``get`` or ``download``, and what is left of its time."""

    address: httpx.URL
    headers: Mapping[str, str]
    authorization: str | None
    limit: int
    own: frozenset[Origin]
    seconds_left: float
    archive: bool = False
    at: httpx.URL | None = None


class Fetcher:
    """Fetches from many hosts side by side, within :class:`NetLimits`; an async context manager.

    Cookies are neither kept nor sent, and nothing is logged. Proxies of the
    environment are not used, because what a proxy connects to cannot be
    checked. Certificates are trusted that ``certifi`` lists, or those of
    ``SSL_CERT_FILE`` and ``SSL_CERT_DIR`` where these are set.
    """

    def __init__(self, limits: NetLimits | None = None, *, resolve: Resolver | None = None) -> None:
        self._limits = limits = limits or NetLimits()
        self._total = asyncio.Semaphore(limits.at_once)
        self._hosts: dict[str, asyncio.Semaphore] = {}
        self._transport = _Transport(limits, resolve or look_up)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._transport.aclose()

    async def get(
        self,
        address: str,
        *,
        headers: Mapping[str, str] | None = None,
        limit: int | None = None,
        auth: tuple[str, str] | None = None,
        own: tuple[str, ...] = (),
    ) -> Response:
        """Return what ``address`` holds; raises :class:`FetchError`.

        ``headers`` are sent as well, such as those of
        :func:`~tui_reader.sources.politeness.conditions`; all but those and
        ``accept`` to the address's own host only. ``limit`` is in bytes after
        unpacking. ``auth``, name and password, stands in for those in the
        address. ``own`` are addresses that the person has chosen: only where
        they are may be a private network.
        """
        limits = self._limits
        order = _order(address, headers, auth, own, limit=limit or limits.feed_bytes, seconds=limits.total_seconds)

        async def attempt() -> Response:
            body = bytearray()
            response = await self._follow(order, body.extend)
            return response._replace(body=bytes(body))

        return await self._twice(order, attempt)

    async def download(
        self,
        address: str,
        path: Path,
        *,
        headers: Mapping[str, str] | None = None,
        limit: int | None = None,
        auth: tuple[str, str] | None = None,
        own: tuple[str, ...] = (),
    ) -> Response:
        """Store what ``address`` holds at ``path``, whole or not at all; else as :meth:`get`.

        With status 304, ``path`` stays as it is.
        """
        limits = self._limits
        order = _order(address, headers, auth, own, limit=limit or limits.archive_bytes, seconds=limits.archive_seconds)
        order.archive = True

        async def attempt() -> Response:
            with _stored(path) as store:
                response = await self._follow(order, store.write)
                store.keep = response.status != NOT_MODIFIED
            return response

        return await self._twice(order, attempt)

    async def _twice(self, order: _Order, attempt: Callable[[], Awaitable[_Result]]) -> _Result:
        try:
            try:
                return await attempt()
            except _FailureError as failure:
                if not failure.again:
                    raise
                # Not all at once again: where they failed together, it was for being together.
                pause = random.uniform(0.5, 1.5) * self._limits.retry_seconds  # noqa: S311
                await asyncio.sleep(max(pause, failure.retry_after or 0))
            return await attempt()
        except _FailureError as failure:
            shown = without_secrets(str(order.address))
            if order.at not in {None, order.address}:
                shown += f" (which led to {without_secrets(str(order.at))})"
            words = f"{visible(shown)}: {failure.words}"
            raise FetchError(words, failure.kind, failure.status, failure.retry_after) from failure

    async def _follow(self, order: _Order, write: Callable[[bytes], object]) -> Response:
        """Go the way of redirects to its end, and write what is there."""
        url, moved, for_good = order.address, None, True
        seen = {url}
        while True:
            order.at = url
            async with self._answer(order, url) as answer:
                status = answer.status_code
                if status not in _FOLLOWED or "location" not in answer.headers:
                    headers = _headers(answer)
                    _check_status(status, headers, order)
                    if status == NOT_MODIFIED:
                        await _finish(answer)
                    else:
                        async for piece in _received(answer, order):
                            write(piece)
                    return Response(str(url), status, headers, b"", moved)
                await _finish(answer)
            step = _redirected(url, answer)
            # Who moves from https to http for good is more likely somebody on the line.
            for_good = for_good and status in _FOR_GOOD and (step.scheme == "https" or url.scheme == "http")
            if for_good:
                moved = str(step)
            if step in seen:
                raise _FailureError(Kind.REDIRECTS, "its redirects lead in a circle; the site has to mend that")
            seen.add(step)
            if len(seen) > self._limits.redirects + 1:
                raise _FailureError(
                    Kind.REDIRECTS,
                    f"it redirects more than {self._limits.redirects} times; give the address at the end",
                )
            url = step

    @asynccontextmanager
    async def _answer(self, order: _Order, url: httpx.URL) -> AsyncIterator[httpx.Response]:
        """The answer of one host, as soon as it may be asked; all that goes wrong comes out as one error."""
        origin = _origin(url)
        same = origin == _origin(order.address)
        headers = {"user-agent": USER_AGENT, "accept": _FEEDS}
        headers["accept-encoding"] = "identity" if order.archive else "gzip, deflate, br"
        headers |= {name.lower(): value for name, value in order.headers.items() if same or name.lower() in _GOES_ALONG}
        if same and order.authorization:
            headers["authorization"] = order.authorization
        # Given here, because httpx would first put the name into letters, and not every name can be.
        headers["host"] = url.netloc.decode("ascii")
        limits = self._limits
        request = httpx.Request(
            "GET",
            url,
            # Byte for byte what came: httpx would take text for ASCII only.
            headers=[(name.encode(), value.encode("latin-1", "replace")) for name, value in headers.items()],
            extensions={
                "own": origin in order.own,
                "timeout": {
                    "connect": limits.connect_seconds,
                    "read": limits.read_seconds,
                    "write": limits.read_seconds,
                },
            },
        )
        host = self._hosts.setdefault(_host(url), asyncio.Semaphore(limits.at_once_per_host))
        async with host, self._total:
            began = time.monotonic()
            try:
                async with asyncio.timeout(max(0, order.seconds_left)):
                    answer = await self._transport.handle_async_request(request)
                    try:
                        yield answer
                    finally:
                        await answer.aclose()
            except (httpcore.TimeoutException, httpcore.NetworkError, httpcore.ProtocolError) as error:
                raise _understood(error) from error
            except TimeoutError as error:
                raise _FailureError(Kind.TIMEOUT, "it took too long in all; it will be tried again later") from error
            finally:
                order.seconds_left -= time.monotonic() - began


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


class _Transport(httpx.AsyncBaseTransport):
    """Keeps the connections to public networks apart from those into the person's own.

    Were there one pool, a redirect could use a connection into a private
    network that the person's own source had opened. There is no client of
    httpx around it: that one keeps cookies, and logs every address.
    """

    def __init__(self, limits: NetLimits, resolve: Resolver) -> None:
        self._limits = limits
        self._resolve = resolve
        self._pools: dict[tuple[bool, bool], httpcore.AsyncConnectionPool] = {}

    def _pool(self, *, own: bool, secure: bool) -> httpcore.AsyncConnectionPool:
        if (own, secure) not in self._pools:
            self._pools[own, secure] = httpcore.AsyncConnectionPool(
                ssl_context=_certificates() if secure else None,
                max_connections=self._limits.at_once,
                # Every request looks at each that rests, and few hosts have more than one source.
                max_keepalive_connections=self._limits.at_once_per_host,
                keepalive_expiry=5,
                http2=True,
                network_backend=_Network(self._resolve, only_public=not own),
            )
        return self._pools[own, secure]

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        url = request.url
        pool = self._pool(own=request.extensions["own"], secure=url.scheme == "https")
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
            raise _FailureError(Kind.OFFLINE, "its name could not be looked up in time; are you online?") from error
        except (OSError, UnicodeError) as error:
            raise _not_found(error) from error
        allowed = [each for each in found if not self._only_public or is_public(each)][:_ADDRESSES_TRIED]
        if not allowed:
            raise _FailureError(
                Kind.PRIVATE,
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


async def look_up(host: str, port: int) -> list[str]:
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


def _order(
    address: str,
    headers: Mapping[str, str] | None,
    auth: tuple[str, str] | None,
    own: tuple[str, ...],
    *,
    limit: int,
    seconds: float,
) -> _Order:
    url = _url(address)
    if url is None:
        shown = visible(without_secrets(address))
        raise FetchError(f"{shown}: no address of the web: it has to begin with https:// or http://", Kind.ADDRESS)
    if auth is None and url.userinfo:
        name, _, password = url.userinfo.decode("ascii").partition(":")
        auth = unquote(name), unquote(password)
    basic = "Basic " + base64.b64encode(":".join(auth).encode()).decode() if auth else None
    kept = {origin for each in own if (mine := _url(each)) for origin in _own_origins(mine)}
    return _Order(url.copy_with(username=None, password=None), headers or {}, basic, limit, frozenset(kept), seconds)


def _url(address: str) -> httpx.URL | None:
    safe = safe_url(address)
    try:
        url = httpx.URL(safe) if safe else None
    except httpx.InvalidURL:
        return None
    return url if url and url.raw_host else None


def _host(url: httpx.URL) -> str:
    """The host as it is looked up: not all names of that form can be put into the letters they stand for."""
    return url.raw_host.decode("ascii")


def _origin(url: httpx.URL) -> Origin:
    return url.scheme, _host(url), url.port or (443 if url.scheme == "https" else 80)


def _own_origins(url: httpx.URL) -> set[Origin]:
    """Where a source of the person's may be: its own place, and its like with TLS."""
    origin = _origin(url)
    return {origin, ("https", _host(url), 443)} if origin == ("http", _host(url), 80) else {origin}


def _redirected(url: httpx.URL, answer: httpx.Response) -> httpx.URL:
    raw = next(value for name, value in answer.headers.raw if name.lower() == b"location")
    try:
        text = raw.decode()
    except UnicodeDecodeError:
        text = raw.decode("latin-1")
    try:
        # A fragment makes no other page; name and password are never taken from a site.
        step = _url(str(url.join(text).copy_with(username=None, password=None, fragment=None)))
    except (httpx.InvalidURL, ValueError):
        step = None
    if step is None:
        raise _FailureError(Kind.REDIRECTS, "it redirects to what is no address of the web; the site has to mend that")
    return step


def _headers(answer: httpx.Response) -> dict[str, str]:
    """Names in lower case and values byte for byte; what came in parts is put together (RFC 9110, section 5.2)."""
    headers: dict[str, str] = {}
    for raw_name, raw_value in answer.headers.raw:
        name, value = raw_name.decode("latin-1").lower(), raw_value.decode("latin-1")
        headers[name] = f"{headers[name]}, {value}" if name in headers else value
    return headers


def _check_status(status: int, headers: Mapping[str, str], order: _Order) -> None:
    """Raise for an answer that is an error, in words for the person."""
    if 200 <= status < 300 and status != 206:
        return
    if status == NOT_MODIFIED and {"if-none-match", "if-modified-since"} & {name.lower() for name in order.headers}:
        return
    words = _STATUS_WORDS.get(status) or (
        f"the site is in trouble ({status}); it will be tried again later"
        if status >= 500
        else f"the site answers with status {status}; check the address in a browser"
    )
    wait = asked_wait(headers, time.time())
    again = status in _WORTH_A_RETRY and (wait or 0) <= _LONGEST_RETRY_WAIT
    raise _FailureError(Kind.STATUS, words, again=again, status=status, retry_after=wait)


_STATUS_WORDS = {
    401: "the site asks for a name and a password (401); give them with the source",
    403: "the site does not let us in (403); check in a browser whether it asks for an account",
    404: "there is nothing at this address (404); check it in a browser",
    GONE: "it is gone for good (410); remove the source",
    TOO_MANY: "the site asks us to wait (429); it will be tried again later",
}


def _understood(error: Exception) -> _FailureError:
    """What an error of the connection means to a person."""
    causes = list(_causes(error))
    numbers = {cause.errno for cause in causes if isinstance(cause, OSError)}
    failure = _FailureError(Kind.REFUSED, "nobody answers there; it will be tried again later", again=True)
    if any(isinstance(cause, ssl.SSLCertVerificationError) for cause in causes):
        words = "its certificate cannot be trusted; check the address and the clock of this computer"
        failure = _FailureError(Kind.TLS, words)
    elif any(isinstance(cause, ssl.SSLError) for cause in causes):
        failure = _FailureError(Kind.TLS, "no secure connection could be made; check the address in a browser")
    elif isinstance(error, httpcore.TimeoutException):
        failure = _FailureError(Kind.TIMEOUT, "it did not answer in time; it will be tried again later", again=True)
    elif numbers & {errno.ENETUNREACH, errno.ENETDOWN}:
        failure = _FailureError(Kind.OFFLINE, "no network can be reached; are you online?", again=True)
    elif isinstance(error, httpcore.LocalProtocolError):
        failure = _FailureError(Kind.PROTOCOL, f"it cannot be asked for like this: {visible(str(error))}")
    elif isinstance(error, httpcore.RemoteProtocolError) and "disconnected" not in str(error):
        failure = _FailureError(Kind.PROTOCOL, "what answers there does not speak HTTP; check the address")
    return failure


def _not_found(error: OSError | UnicodeError) -> _FailureError:
    if isinstance(error, socket.gaierror) and error.errno not in {socket.EAI_NONAME, socket.EAI_NODATA}:
        return _FailureError(Kind.OFFLINE, "its name could not be looked up; are you online?", again=True)
    return _FailureError(Kind.NAME, "there is no site of this name; check the address")


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        if isinstance(error, BaseExceptionGroup):
            for each in error.exceptions:
                yield from _causes(each)
        error = error.__cause__ or error.__context__


def _window(coding: str, start: bytes) -> int:
    """The number by which zlib knows what it is given; ``start`` are the first two bytes."""
    if coding != "deflate":
        return 16 + zlib.MAX_WBITS
    # RFC 9110 means zlib's form (RFC 1950), but some servers send the bare one.
    with_header = start[0] & 0x0F == zlib.DEFLATED and int.from_bytes(start) % 31 == 0
    return zlib.MAX_WBITS if with_header else -zlib.MAX_WBITS


class _Inflating:
    """Unpacks gzip and deflate piece by piece, however much comes of a few bytes."""

    def __init__(self, coding: str) -> None:
        self._coding = coding
        self._machine: zlib._Decompress | None = None
        self._waiting = b""
        self._members = 0

    def feed(self, data: bytes) -> Iterator[bytes]:
        data, self._waiting = self._waiting + data, b""
        while data:
            if self._machine is None:
                if len(data) < 2:
                    self._waiting = data
                    return
                self._machine = zlib.decompressobj(_window(self._coding, data[:2]))
                self._members += 1
                if self._members > _MEMBERS:
                    raise zlib.error("too many members")
            piece = self._machine.decompress(data, _PIECE)
            yield piece
            data = self._machine.unconsumed_tail
            while not data and len(piece) == _PIECE:
                piece = self._machine.decompress(b"", _PIECE)
                yield piece
            if self._machine.eof:
                data = self._machine.unused_data
                if self._coding == "deflate" or not data.startswith(b"\x1f"):
                    return  # what follows the end, such as zeros that fill it up, is nothing
                self._machine = None

    def ended(self) -> bool:
        return self._machine is not None and self._machine.eof and not self._waiting


class _Brotli:
    """Unpacks brotli piece by piece."""

    def __init__(self) -> None:
        self._machine = brotli.Decompressor()

    def feed(self, data: bytes) -> Iterator[bytes]:
        yield self._machine.process(data, output_buffer_limit=_PIECE)
        while not self._machine.can_accept_more_data():
            yield self._machine.process(b"", output_buffer_limit=_PIECE)

    def ended(self) -> bool:
        return bool(self._machine.is_finished())


class _AsItIs:
    """Passes on what is not packed."""

    def feed(self, data: bytes) -> Iterator[bytes]:
        yield data

    def ended(self) -> bool:
        return True


def _unpacker(answer: httpx.Response, order: _Order) -> _Inflating | _Brotli | _AsItIs:
    coding = answer.headers.get("content-encoding", "").strip().lower()
    # Some servers call the compression of a .tar.gz one of the way there.
    of_the_file = order.archive and order.at is not None and order.at.path.lower().endswith((".gz", ".tgz"))
    if coding in {"", "identity"} or (of_the_file and coding in {"gzip", "x-gzip"}):
        return _AsItIs()
    if coding in {"gzip", "x-gzip", "deflate"}:
        return _Inflating(coding)
    if coding == "br":
        return _Brotli()
    raise _FailureError(Kind.DAMAGED, f"it is packed in a way that was not asked for ({visible(coding[:40])})")


async def _received(answer: httpx.Response, order: _Order) -> AsyncIterator[bytes]:
    """The body, unpacked and counted; what is too long, too short or damaged is refused."""
    unpacker = _unpacker(answer, order)
    came = given = 0
    try:
        async for data in answer.aiter_raw():
            came += len(data)
            for piece in unpacker.feed(data):
                given += len(piece)
                # The bytes that came count as well: what unpacks to nothing has no end either.
                if max(came, given) > order.limit:
                    raise _FailureError(Kind.TOO_LARGE, f"it is larger than {_size(order.limit)} and was not read")
                if piece:
                    yield piece
    except (zlib.error, brotli.error) as error:
        raise _FailureError(Kind.DAMAGED, "it came damaged and cannot be unpacked") from error
    except (httpcore.RemoteProtocolError, httpcore.ReadError) as error:
        again = isinstance(error, httpcore.ReadError)
        raise _FailureError(Kind.TRUNCATED, _CUT_OFF, again=again) from error
    if came and not unpacker.ended():
        raise _FailureError(Kind.TRUNCATED, _CUT_OFF)


async def _finish(answer: httpx.Response) -> None:
    """Read a short body that nobody needs, so that its connection can serve the next request."""
    length = answer.headers.get("content-length", "")
    if answer.status_code == NOT_MODIFIED or (length.isascii() and length.isdigit() and len(length) < 5):
        with suppress(httpcore.NetworkError, httpcore.ProtocolError, httpcore.TimeoutException):
            async for _ in answer.aiter_raw():
                continue


def _size(count: int) -> str:
    return f"{count // 1024**2} MB" if count >= 1024**2 else f"{count} bytes"


@dataclass
class _Store:
    write: Callable[[bytes], object]
    keep: bool = False


@contextmanager
def _stored(path: Path) -> Iterator[_Store]:
    """A file beside ``path`` that takes its place if it is to be kept."""
    try:
        number, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
        try:
            with os.fdopen(number, "wb") as file:
                store = _Store(file.write)
                yield store
            if store.keep:
                Path(name).replace(path)
        finally:
            Path(name).unlink(missing_ok=True)
    except OSError as error:
        words = f"it cannot be stored at {visible(str(path))}: {error.strerror}"
        raise _FailureError(Kind.DISK, words) from error
