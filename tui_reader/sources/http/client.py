"""Fetches feeds and archives: bounded in time, bytes and redirects."""

from __future__ import annotations

import asyncio
import base64
import os
import random
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import NamedTuple, Self, TypeVar
from urllib.parse import unquote

import httpcore
import httpx

from tui_reader import __version__
from tui_reader.model.text import visible
from tui_reader.model.urls import safe_url
from tui_reader.sources.http.caching import NOT_MODIFIED
from tui_reader.sources.http.decoding import read_body
from tui_reader.sources.http.errors import (
    RETRY_LATER,
    AttemptError,
    ErrorKind,
    FetchError,
    check_status,
    classify_connection_error,
)
from tui_reader.sources.http.redaction import redact_url
from tui_reader.sources.http.transport import (
    Origin,
    Resolver,
    Transport,
    host_of,
    origin_of,
    resolve_host,
    trusted_origins,
)

PROJECT_ADDRESS = "https://github.com/news-tui/news-tui"
"""Where a site's owner reads who it is that asks."""

USER_AGENT = f"news-tui/{__version__} (+{PROJECT_ADDRESS})"

_Result = TypeVar("_Result")

_FOLLOWED = frozenset({301, 302, 303, 307, 308})
_FOR_GOOD = frozenset({301, 308})
# What goes along to other hosts: nothing of it tells who asks.
_GOES_ALONG = frozenset({"accept", "accept-language", "if-none-match", "if-modified-since"})
_FEEDS = "application/atom+xml, application/rss+xml, application/feed+json, application/xml;q=0.9, */*;q=0.8"


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
    max_concurrent: int = 20
    max_concurrent_per_host: int = 4


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


@dataclass
class _Order:
    """One call of ``get`` or ``download``, and what is left of its time."""

    address: httpx.URL
    headers: Mapping[str, str]
    authorization: str | None
    limit: int
    trusted: frozenset[Origin]
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
        self._total = asyncio.Semaphore(limits.max_concurrent)
        self._hosts: dict[str, asyncio.Semaphore] = {}
        self._transport = Transport(
            resolve or resolve_host,
            max_concurrent=limits.max_concurrent,
            max_concurrent_per_host=limits.max_concurrent_per_host,
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
        """Return what ``address`` holds; raises :class:`FetchError`.

        ``headers`` are sent as well, such as those of
        :func:`~tui_reader.sources.http.caching.conditions`; all but those and
        ``accept`` to the address's own host only. ``limit`` is in bytes after
        unpacking. ``auth``, name and password, stands in for those in the
        address. ``trusted`` are addresses that the person has chosen: only where
        they are may be a private network.
        """
        limits = self._limits
        order = _order(address, headers, auth, trusted, limit=limit or limits.feed_bytes, seconds=limits.total_seconds)

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
        trusted: tuple[str, ...] = (),
    ) -> Response:
        """Store what ``address`` holds at ``path``, whole or not at all; else as :meth:`get`.

        With status 304, ``path`` stays as it is.
        """
        limits = self._limits
        order = _order(
            address, headers, auth, trusted, limit=limit or limits.archive_bytes, seconds=limits.archive_seconds
        )
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
            except AttemptError as failure:
                if not failure.again:
                    raise
                # Not all at once again: where they failed together, it was for being together.
                pause = random.uniform(0.5, 1.5) * self._limits.retry_seconds  # noqa: S311
                await asyncio.sleep(max(pause, failure.retry_after or 0))
            return await attempt()
        except AttemptError as failure:
            shown = redact_url(str(order.address))
            if order.at not in {None, order.address}:
                shown += f" (which led to {redact_url(str(order.at))})"
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
                    check_status(status, headers, order.headers)
                    if status == NOT_MODIFIED:
                        await _finish(answer)
                    else:
                        # Some servers call the compression of a .tar.gz one of the way there.
                        keep_gzip = order.archive and url.path.lower().endswith((".gz", ".tgz"))
                        async for piece in read_body(answer, order.limit, keep_gzip=keep_gzip):
                            write(piece)
                    return Response(str(url), status, headers, b"", moved)
                await _finish(answer)
            step = _redirected(url, answer)
            # Who moves from https to http for good is more likely somebody on the line.
            for_good = for_good and status in _FOR_GOOD and (step.scheme == "https" or url.scheme == "http")
            if for_good:
                moved = str(step)
            if step in seen:
                raise AttemptError(ErrorKind.REDIRECTS, "its redirects lead in a circle; the site has to mend that")
            seen.add(step)
            if len(seen) > self._limits.redirects + 1:
                raise AttemptError(
                    ErrorKind.REDIRECTS,
                    f"it redirects more than {self._limits.redirects} times; give the address at the end",
                )
            url = step

    @asynccontextmanager
    async def _answer(self, order: _Order, url: httpx.URL) -> AsyncIterator[httpx.Response]:
        """The answer of one host, as soon as it may be asked; all that goes wrong comes out as one error."""
        origin = origin_of(url)
        same = origin == origin_of(order.address)
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
                "trusted": origin in order.trusted,
                "timeout": {
                    "connect": limits.connect_seconds,
                    "read": limits.read_seconds,
                    "write": limits.read_seconds,
                },
            },
        )
        host = self._hosts.setdefault(host_of(url), asyncio.Semaphore(limits.max_concurrent_per_host))
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
                raise classify_connection_error(error) from error
            except TimeoutError as error:
                raise AttemptError(ErrorKind.TIMEOUT, f"it took too long in all; {RETRY_LATER}") from error
            finally:
                order.seconds_left -= time.monotonic() - began


def _order(
    address: str,
    headers: Mapping[str, str] | None,
    auth: tuple[str, str] | None,
    trusted: tuple[str, ...],
    *,
    limit: int,
    seconds: float,
) -> _Order:
    url = _url(address)
    if url is None:
        shown = visible(redact_url(address))
        words = f"{shown}: no address that can be opened: one looks like https://example.org/feed"
        raise FetchError(words, ErrorKind.ADDRESS)
    if auth is None and url.userinfo:
        name, _, password = url.userinfo.decode("ascii").partition(":")
        auth = unquote(name), unquote(password)
    basic = "Basic " + base64.b64encode(":".join(auth).encode()).decode() if auth else None
    kept = {origin for each in trusted if (mine := _url(each)) for origin in trusted_origins(mine)}
    return _Order(url.copy_with(username=None, password=None), headers or {}, basic, limit, frozenset(kept), seconds)


def _url(address: str) -> httpx.URL | None:
    safe = safe_url(address)
    try:
        url = httpx.URL(safe) if safe else None
    except httpx.InvalidURL:
        return None
    return url if url and url.raw_host else None


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
        raise AttemptError(
            ErrorKind.REDIRECTS, "it redirects to what is no address of the web; the site has to mend that"
        )
    return step


def _headers(answer: httpx.Response) -> dict[str, str]:
    """Names in lower case and values byte for byte; what came in parts is put together (RFC 9110, section 5.2)."""
    headers: dict[str, str] = {}
    for raw_name, raw_value in answer.headers.raw:
        name, value = raw_name.decode("latin-1").lower(), raw_value.decode("latin-1")
        headers[name] = f"{headers[name]}, {value}" if name in headers else value
    return headers


async def _finish(answer: httpx.Response) -> None:
    """Read a short body that nobody needs, so that its connection can serve the next request."""
    length = answer.headers.get("content-length", "")
    if answer.status_code == NOT_MODIFIED or (length.isascii() and length.isdigit() and len(length) < 5):
        with suppress(httpcore.NetworkError, httpcore.ProtocolError, httpcore.TimeoutException):
            async for _ in answer.aiter_raw():
                continue


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
        raise AttemptError(ErrorKind.DISK, words) from error
