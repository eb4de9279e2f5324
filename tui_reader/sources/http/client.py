"""Fetches feeds and archives within limits of time, size, redirects and concurrency."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

from tui_reader.model.text import visible
from tui_reader.named_tuple import NamedTuple
from tui_reader.sources.http.caching import NOT_MODIFIED
from tui_reader.sources.http.connection import Reply
from tui_reader.sources.http.decoding import read_body
from tui_reader.sources.http.download import temporary_download
from tui_reader.sources.http.errors import (
    RETRY_LATER,
    AttemptError,
    ErrorKind,
    FetchError,
    TransportError,
    check_status,
    classify_connection_error,
)
from tui_reader.sources.http.redaction import redact_url
from tui_reader.sources.http.request import FetchRequest, new_request, redirect_target
from tui_reader.sources.http.sockets import affordable
from tui_reader.sources.http.transport import Resolver, Transport, resolve_host
from tui_reader.sources.http.url import Url

_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_PERMANENT = frozenset({301, 308})


@dataclass(frozen=True, eq=False, repr=False)  # each method that is made takes a millisecond to compile
class NetLimits:
    """Limits of a fetch: seconds, bytes after decompression, and concurrent requests.

    ``total_seconds`` and ``archive_seconds`` apply to a whole call of ``get``
    or ``download`` with its redirects and retry, but not to the time spent
    waiting for other requests. ``max_concurrent`` is about sockets, of which
    the system may allow fewer; ``max_concurrent_per_host`` is politeness.
    """

    connect_seconds: float = 10
    read_seconds: float = 20
    total_seconds: float = 60
    archive_seconds: float = 1800
    retry_seconds: float = 1
    feed_bytes: int = 32 * 1024**2
    archive_bytes: int = 512 * 1024**2
    redirects: int = 5
    max_concurrent: int = 64
    max_concurrent_per_host: int = 4


class Response(NamedTuple):
    """A response with status 2xx or 304.

    - ``url``: the address after redirects.
    - ``headers``: names in lower case, values as Latin-1.
    - ``body``: decompressed; empty for a download.
    - ``moved``: the target of the permanent redirects (301, 308) that come
      before any temporary one, or ``None``.
    """

    url: str
    status: int
    headers: Mapping[str, str]
    body: bytes
    moved: str | None


class Fetcher:
    """An async HTTP client for many hosts. Use it as a context manager.

    It keeps no cookies and logs nothing. It ignores proxies in the
    environment, because the private-network check cannot see where a proxy
    connects to. Certificates are verified with ``certifi``, or with
    ``SSL_CERT_FILE`` and ``SSL_CERT_DIR`` where these are set.
    """

    def __init__(
        self,
        limits: NetLimits | None = None,
        *,
        resolve: Resolver | None = None,
        ready: Callable[[], Awaitable[None]] | None = None,
    ) -> None:
        """``ready`` is waited for before each request: it holds them back while there is enough to do."""
        self._ready = ready
        self._limits = limits = limits or NetLimits()
        at_once = affordable(limits.max_concurrent)
        self._total = asyncio.Semaphore(at_once)
        self._hosts: dict[str, asyncio.Semaphore] = {}
        self._transport = Transport(
            resolve or resolve_host,
            most=at_once,
        )

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
        trusted: tuple[str, ...] = (),
    ) -> Response:
        """Fetch ``address``. Raises :class:`FetchError`.

        ``headers`` are added to the request; after a redirect to another host,
        only conditional headers and ``accept`` are sent. ``limit`` is the
        largest body in bytes. ``auth``, a user name and a password, replaces
        those in the address. ``trusted`` are addresses that the user chose:
        only their hosts may be in a private network.
        """
        limits = self._limits
        request = new_request(
            address, headers, auth, trusted, limit=limit or limits.feed_bytes, seconds=limits.total_seconds
        )

        async def attempt() -> Response:
            body = bytearray()
            response = await self._follow(request, body.extend)
            return response._replace(body=bytes(body))

        return await self._with_retry(request, attempt)

    async def download(
        self,
        address: str,
        path: Path,
        *,
        headers: Mapping[str, str] | None = None,
        limit: int | None = None,
        auth: tuple[str, str] | None = None,
        trusted: tuple[str, ...] = (),
    ) -> Response:
        """Fetch ``address`` into the file at ``path``, replacing it only when complete; see :meth:`get`.

        After status 304, the file is unchanged.
        """
        limits = self._limits
        request = new_request(
            address,
            headers,
            auth,
            trusted,
            limit=limit or limits.archive_bytes,
            seconds=limits.archive_seconds,
            archive=True,
        )

        async def attempt() -> Response:
            with temporary_download(path) as download:
                response = await self._follow(request, download.write)
                download.keep = response.status != NOT_MODIFIED
            return response

        return await self._with_retry(request, attempt)

    async def _with_retry(self, request: FetchRequest, attempt: Callable[[], Awaitable[Response]]) -> Response:
        try:
            try:
                return await attempt()
            except AttemptError as error:
                if not error.retryable:
                    raise
                # Vary the pause: requests that failed together should not be repeated together.
                pause = random.uniform(0.5, 1.5) * self._limits.retry_seconds  # noqa: S311
                await asyncio.sleep(max(pause, error.retry_after or 0))
            return await attempt()
        except AttemptError as error:
            shown = redact_url(request.address.text)
            if request.current not in {None, request.address}:
                shown += f" (which led to {redact_url(request.current.text)})"
            message = f"{visible(shown)}: {error.message}"
            raise FetchError(message, error.kind, error.status, error.retry_after) from error

    async def _follow(self, request: FetchRequest, write: Callable[[bytes], object]) -> Response:
        """Follow redirects and write the body of the last response."""
        url, moved, permanent = request.address, None, True
        seen = {url}
        while True:
            request.current = url
            async with self._send(request, url) as reply:
                status, headers = reply.status, _headers(reply)
                if status not in _REDIRECTS or "location" not in headers:
                    check_status(status, headers, request.headers)
                    if status == NOT_MODIFIED:
                        await _drain(reply, headers)
                    else:
                        # Some servers declare the compression of a .tar.gz file as a content encoding.
                        keep_gzip = request.archive and url.target.partition("?")[0].lower().endswith((".gz", ".tgz"))
                        async for piece in read_body(
                            reply.body,
                            headers.get("content-encoding", ""),
                            request.limit,
                            archive=request.archive,
                            keep_gzip=keep_gzip,
                        ):
                            write(piece)
                    return Response(url.text, status, headers, b"", moved)
                await _drain(reply, headers)
            target = redirect_target(url, reply)
            # A permanent move from https to http is more likely an attack on the connection.
            permanent = permanent and status in _PERMANENT and (target.scheme == "https" or url.scheme == "http")
            if permanent:
                moved = target.text
            if target in seen:
                raise AttemptError(ErrorKind.REDIRECTS, "it redirects in a circle; only the site can fix that")
            seen.add(target)
            if len(seen) > self._limits.redirects + 1:
                message = f"it redirects more than {self._limits.redirects} times; give the final address"
                raise AttemptError(ErrorKind.REDIRECTS, message)
            url = target

    @asynccontextmanager
    async def _send(self, request: FetchRequest, url: Url) -> AsyncIterator[Reply]:
        """Send a request as soon as the limits allow, and yield the response with its body still unread.

        Raises :class:`AttemptError`, also for errors while the body is read.
        """
        limits = self._limits
        trusted, headers = url.origin in request.trusted, request.headers_for(url)
        host = self._hosts.setdefault(url.host, asyncio.Semaphore(limits.max_concurrent_per_host))
        async with host, self._total:
            if self._ready is not None:
                await self._ready()
            started = time.monotonic()
            try:
                async with (
                    asyncio.timeout(max(0, request.seconds_left)),
                    self._transport.send(
                        url,
                        headers,
                        trusted=trusted,
                        connect_seconds=limits.connect_seconds,
                        step_seconds=limits.read_seconds,
                    ) as reply,
                ):
                    yield reply
            except TransportError as error:
                raise classify_connection_error(error) from error
            except TimeoutError as error:
                raise AttemptError(ErrorKind.TIMEOUT, f"it took too long; {RETRY_LATER}") from error
            finally:
                request.seconds_left -= time.monotonic() - started


def _headers(reply: Reply) -> dict[str, str]:
    """Return headers with names in lower case, values as Latin-1, and repeated ones joined (RFC 9110, section 5.2)."""
    headers: dict[str, str] = {}
    for raw_name, raw_value in reply.headers:
        name, value = raw_name.decode("latin-1"), raw_value.decode("latin-1")
        headers[name] = f"{headers[name]}, {value}" if name in headers else value
    return headers


async def _drain(reply: Reply, headers: Mapping[str, str]) -> None:
    """Read a short unused body, so that the connection can be used again."""
    length = headers.get("content-length", "")
    if reply.status == NOT_MODIFIED or (length.isascii() and length.isdigit() and len(length) < 5):
        with suppress(TransportError):
            async for _ in reply.body:
                continue
