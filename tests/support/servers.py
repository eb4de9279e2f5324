"""Real web servers on loopback addresses, with scripted answers and a record of what was asked."""

from __future__ import annotations

import gzip
import socket
import threading
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, NamedTuple, Self
from urllib.parse import urlsplit

import brotli  # type: ignore[import-untyped]

PATIENCE = 60.0
"""Seconds after which a wait in a test is given up: a failure, not a pace."""


class Asked(NamedTuple):
    """One request: headers have names in lower case."""

    path: str
    headers: Mapping[str, str]


class Handler(BaseHTTPRequestHandler):
    """Answers with what its site has at the path, and speaks HTTP/1.1 with connections kept open."""

    protocol_version = "HTTP/1.1"
    server: _Server

    def do_GET(self) -> None:
        self.server.site.answer(self)

    def log_message(self, format: str, *args: Any) -> None:
        """Print nothing: tests read the record."""

    def send(self, status: int, headers: Mapping[str, str], body: bytes = b"") -> None:
        """Send an answer whole; without a Content-Length among ``headers`` its own is sent."""
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        if "content-length" not in {name.lower() for name in headers} and status not in {204, 304}:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


Answer = Callable[[Handler], None]


class _Server(ThreadingHTTPServer):
    daemon_threads = False
    request_queue_size = 64

    def __init__(self, site: Site, host: str) -> None:
        self.site = site
        self.open_sockets: set[socket.socket] = set()
        super().__init__((host, 0), Handler)

    def process_request(self, request: Any, client_address: Any) -> None:
        self.open_sockets.add(request)
        self.site.connections += 1
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        self.open_sockets.discard(request)
        super().shutdown_request(request)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Pass over a reader that went away in the middle, as readers of endless answers do."""

    def stop(self) -> None:
        self.shutdown()
        for each in list(self.open_sockets):
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
        self.server_close()


class Site:
    """One server: put answers at paths, and read ``asked`` for what came."""

    def __init__(self, host: str, over: threading.Event) -> None:
        self.asked: list[Asked] = []
        self.connections = 0
        self.most_at_once = 0
        self.over = over
        self._answers: dict[str, Answer] = {}
        self._inside = 0
        self._changed = threading.Condition()
        self._server = _Server(self, host)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), name=f"site {host}")
        self._thread.start()
        self.host = host
        self.port = self._server.server_address[1]

    def url(self, path: str = "/", *, host: str = "", user: str = "") -> str:
        """The address of ``path``, by another name of the host or with ``name:password`` if wanted."""
        return f"http://{user + '@' if user else ''}{host or self.host}:{self.port}{path}"

    def paths(self) -> list[str]:
        """The paths asked for, in order."""
        return [each.path for each in self.asked]

    def wait_until_asked(self, count: int) -> None:
        """Wait until ``count`` requests have come."""
        with self._changed:
            assert self._changed.wait_for(lambda: len(self.asked) >= count, PATIENCE), "nobody asked"

    def stop(self) -> None:
        self._server.stop()
        self._thread.join()

    def answer(self, handler: Handler) -> None:
        path = handler.path
        with self._changed:
            self.asked.append(Asked(path, {name.lower(): value for name, value in handler.headers.items()}))
            self._inside += 1
            self.most_at_once = max(self.most_at_once, self._inside)
            self._changed.notify_all()
        try:
            found = self._answers.get(path) or self._answers.get(urlsplit(path).path)
            if found:
                found(handler)
            else:
                handler.send(404, {}, b"nothing here")
        finally:
            with self._changed:
                self._inside -= 1
                self._changed.notify_all()

    # What can be put at a path.

    def put(self, path: str, *answers: Answer) -> str:
        """Put answers at ``path``, one for each request and the last for all further; returns the address."""
        left = list(answers)

        def answer(handler: Handler) -> None:
            with self._changed:
                now = left.pop(0) if len(left) > 1 else left[0]
            now(handler)

        self._answers[path] = answer
        return self.url(path)

    def page(
        self,
        path: str,
        body: bytes = b"",
        status: int = 200,
        *,
        kind: str = "application/xml",
        coding: str = "",
        etag: str = "",
        headers: Mapping[str, str] | None = None,
    ) -> str:
        """Put a page, packed with ``coding``; with an ``etag``, it answers 304 to who knows it."""
        return self.put(path, page(body, status, kind=kind, coding=coding, etag=etag, headers=headers))

    def redirect(self, path: str, to: str, status: int = 302) -> str:
        """Put a redirect; ``to`` is sent as it is."""
        return self.put(path, page(status=status, headers={"Location": to}))

    def hang(self, path: str) -> str:
        """Put an answer that never begins."""
        return self.put(path, lambda _: self._wait_for_the_end())

    def slow(self, path: str, body: bytes, seconds: float) -> str:
        """Put an answer that comes byte by byte, each after ``seconds``."""

        def answer(handler: Handler) -> None:
            handler.send(200, {"Content-Length": str(len(body))})
            for at in range(len(body)):
                if self.over.wait(seconds):
                    return
                handler.wfile.write(body[at : at + 1])

        return self.put(path, answer)

    def endless(self, path: str, piece: bytes = b"x" * 65536, coding: str = "") -> str:
        """Put an answer in chunks, plain or packed with ``gzip``, that does not end before its reader goes away."""

        def answer(handler: Handler) -> None:
            handler.send_response(200)
            handler.send_header("Transfer-Encoding", "chunked")
            if coding:
                handler.send_header("Content-Encoding", coding)
            handler.end_headers()
            for part in _packed_for_ever(piece, coding):
                if self.over.is_set():
                    break
                handler.wfile.write(b"%x\r\n%b\r\n" % (len(part), part))
            handler.close_connection = True

        return self.put(path, answer)

    def truncated(self, path: str, body: bytes, missing: int = 100, headers: Mapping[str, str] | None = None) -> str:
        """Put an answer that promises ``missing`` bytes more than come."""

        def answer(handler: Handler) -> None:
            handler.send(200, {"Content-Length": str(len(body) + missing), **(headers or {})}, body)
            handler.close_connection = True

        return self.put(path, answer)

    def hang_up(self, path: str, *, times: int, then: Answer) -> str:
        """Put a path that breaks the connection off without an answer, ``times`` times."""

        def answer(handler: Handler) -> None:
            handler.close_connection = True

        return self.put(path, *[answer] * times, then)

    def crowd(self, path: str, too_many: int, seconds: float = 0.3) -> str:
        """Put a page that holds everybody until ``too_many`` are there, or for ``seconds`` once in all.

        ``most_at_once`` then says how many would have come.
        """
        opened = threading.Event()

        def answer(handler: Handler) -> None:
            with self._changed:
                if not opened.is_set():
                    self._changed.wait_for(lambda: self._inside >= too_many or opened.is_set(), seconds)
                    opened.set()
                    self._changed.notify_all()
            handler.send(200, {}, b"in")

        return self.put(path, answer)

    def _wait_for_the_end(self) -> None:
        self.over.wait(PATIENCE)


class Loopback:
    """Servers on loopback addresses that all end with the ``with`` block."""

    def __init__(self) -> None:
        self._over = threading.Event()
        self._sites: list[Site] = []

    def site(self, host: str = "127.0.0.1") -> Site:
        """Start another server, at a port of its own."""
        site = Site(host, self._over)
        self._sites.append(site)
        return site

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._over.set()
        for site in self._sites:
            site.stop()


def page(
    body: bytes = b"",
    status: int = 200,
    *,
    kind: str = "application/xml",
    coding: str = "",
    etag: str = "",
    headers: Mapping[str, str] | None = None,
) -> Answer:
    """An answer of ``body``, packed with ``coding``, with an ``etag`` to ask by."""
    sent = {"Content-Type": kind, **({"ETag": etag} if etag else {}), **(headers or {})}
    if coding:
        sent["Content-Encoding"] = coding
    packed = pack(body, coding)

    def answer(handler: Handler) -> None:
        if etag and handler.headers.get("If-None-Match") == etag:
            handler.send(304, {"ETag": etag})
        else:
            handler.send(status, sent, packed)

    return answer


def pack(body: bytes, coding: str) -> bytes:
    """Pack ``body`` with ``gzip``, ``deflate`` or ``br``."""
    if coding == "gzip":
        return gzip.compress(body)
    if coding == "deflate":
        return zlib.compress(body)
    if coding == "br":
        return bytes(brotli.compress(body, quality=5))
    return body


def _packed_for_ever(piece: bytes, coding: str) -> Iterator[bytes]:
    if not coding:
        while True:
            yield piece
    packer = zlib.compressobj(wbits=16 + zlib.MAX_WBITS)
    while True:
        yield packer.compress(piece) + packer.flush(zlib.Z_SYNC_FLUSH)
