"""Web servers on loopback addresses, with scripted responses and a record of requests."""

from __future__ import annotations

import gzip
import socket
import ssl
import threading
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import TracebackType
from typing import Any, NamedTuple, Self
from urllib.parse import urlsplit

import brotli  # type: ignore[import-untyped]

PATIENCE = 60.0
"""Seconds after which a wait fails. Successful tests do not depend on it."""

CERTIFICATE = Path(__file__).with_name("loopback.pem")
"""The certificate of servers with TLS, which is its own authority: for ``SSL_CERT_FILE``."""


class Request(NamedTuple):
    """A recorded request. Header names are in lower case."""

    path: str
    headers: Mapping[str, str]
    body: bytes = b""


class Handler(BaseHTTPRequestHandler):
    """Answers requests with the response of its site, over persistent HTTP/1.1 connections."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # else a body waits 40 ms behind its headers, on a connection that stays open
    server: _Server
    body = b""

    def do_GET(self) -> None:
        self.body = b""  # a connection has one handler for all its requests
        self.server.site.answer(self)

    def do_POST(self) -> None:
        self.body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
        self.server.site.answer(self)

    do_PUT = do_DELETE = do_POST

    def log_message(self, format: str, *args: Any) -> None:
        """Print nothing. Tests read the record instead."""

    def send(self, status: int, headers: Mapping[str, str], body: bytes = b"") -> None:
        """Send a complete response, with a Content-Length unless ``headers`` has one."""
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        if "content-length" not in {name.lower() for name in headers} and status not in {204, 304}:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


Responder = Callable[[Handler], None]


class _Server(ThreadingHTTPServer):
    daemon_threads = False
    request_queue_size = 64

    def __init__(self, site: Site, host: str, *, tls: bool) -> None:
        self.site = site
        self.open_sockets: set[socket.socket] = set()
        super().__init__((host, 0), Handler)
        if tls:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(CERTIFICATE)
            self.socket = context.wrap_socket(self.socket, server_side=True)

    def process_request(self, request: Any, client_address: Any) -> None:
        self.open_sockets.add(request)
        self.site.connections += 1
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        self.open_sockets.discard(request)
        super().shutdown_request(request)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Ignore clients that disconnect, as those of endless responses do."""

    def stop(self) -> None:
        self.shutdown()
        for each in list(self.open_sockets):
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
        self.server_close()


class Site:
    """One server. Put responses at paths, and read ``requests`` for the requests.

    ``otherwise`` answers at all other paths.
    """

    def __init__(self, host: str, stopped: threading.Event, *, tls: bool = False) -> None:
        self._scheme = "https" if tls else "http"
        self.requests: list[Request] = []
        self.connections = 0
        self.most_concurrent = 0
        self.stopped = stopped
        self.otherwise: Responder = page(b"nothing here", 404)
        self._responders: dict[str, Responder] = {}
        self._active = 0
        self._changed = threading.Condition()
        self._server = _Server(self, host, tls=tls)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), name=f"site {host}")
        self._thread.start()
        self.host = host
        self.port = self._server.server_address[1]

    def url(self, path: str = "/", *, host: str = "", user: str = "") -> str:
        """Return the address of ``path``, optionally with another host name or with credentials."""
        return f"{self._scheme}://{user + '@' if user else ''}{host or self.host}:{self.port}{path}"

    def paths(self) -> list[str]:
        """Return the requested paths in order."""
        return [each.path for each in self.requests]

    def wait_for_requests(self, count: int) -> None:
        """Wait for ``count`` requests."""
        with self._changed:
            assert self._changed.wait_for(lambda: len(self.requests) >= count, PATIENCE), "too few requests"

    def stop(self) -> None:
        self._server.stop()
        self._thread.join()

    def answer(self, handler: Handler) -> None:
        path = handler.path
        with self._changed:
            headers = {name.lower(): value for name, value in handler.headers.items()}
            self.requests.append(Request(path, headers, handler.body))
            self._active += 1
            self.most_concurrent = max(self.most_concurrent, self._active)
            self._changed.notify_all()
        try:
            found = self._responders.get(path) or self._responders.get(urlsplit(path).path)
            (found or self.otherwise)(handler)
        finally:
            with self._changed:
                self._active -= 1
                self._changed.notify_all()

    # Responses for a path.

    def put(self, path: str, *answers: Responder) -> str:
        """Put responses at ``path``, one for each request and the last for the rest; return the address."""
        left = list(answers)

        def answer(handler: Handler) -> None:
            with self._changed:
                now = left.pop(0) if len(left) > 1 else left[0]
            now(handler)

        self._responders[path] = answer
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
        """Put a page, compressed with ``coding``. With an ``etag``, matching requests get 304."""
        return self.put(path, page(body, status, kind=kind, coding=coding, etag=etag, headers=headers))

    def redirect(self, path: str, to: str, status: int = 302) -> str:
        """Put a redirect. ``to`` is sent unchanged."""
        return self.put(path, page(status=status, headers={"Location": to}))

    def hang(self, path: str) -> str:
        """Put a response that never starts."""
        return self.put(path, lambda _: self._wait_for_stop())

    def slow(self, path: str, body: bytes, seconds: float) -> str:
        """Put a response that is sent byte by byte, each after ``seconds``."""

        def answer(handler: Handler) -> None:
            handler.send(200, {"Content-Length": str(len(body))})
            for at in range(len(body)):
                if self.stopped.wait(seconds):
                    return
                handler.wfile.write(body[at : at + 1])

        return self.put(path, answer)

    def endless(self, path: str, piece: bytes = b"x" * 65536, coding: str = "") -> str:
        """Put a chunked response, optionally compressed with ``gzip``, that ends when the client disconnects."""

        def answer(handler: Handler) -> None:
            handler.send_response(200)
            handler.send_header("Transfer-Encoding", "chunked")
            if coding:
                handler.send_header("Content-Encoding", coding)
            handler.end_headers()
            for part in _endless_chunks(piece, coding):
                if self.stopped.is_set():
                    break
                handler.wfile.write(b"%x\r\n%b\r\n" % (len(part), part))
            handler.close_connection = True

        return self.put(path, answer)

    def truncated(self, path: str, body: bytes, missing: int = 100, headers: Mapping[str, str] | None = None) -> str:
        """Put a response that announces ``missing`` bytes more than it sends."""

        def answer(handler: Handler) -> None:
            handler.send(200, {"Content-Length": str(len(body) + missing), **(headers or {})}, body)
            handler.close_connection = True

        return self.put(path, answer)

    def hang_up(self, path: str, *, times: int, then: Responder) -> str:
        """Close the connection without a response, ``times`` times, then send ``then``."""

        def answer(handler: Handler) -> None:
            handler.close_connection = True

        return self.put(path, *[answer] * times, then)

    def crowd(self, path: str, too_many: int, seconds: float = 0.3, body: bytes = b"in") -> str:
        """Put a page that delays responses until there are ``too_many`` requests, or one less for ``seconds``.

        ``most_concurrent`` is then the number of concurrent requests, however slow they are to come.
        """
        opened = threading.Event()

        def are_here(number: int) -> bool:
            return self._active >= number or opened.is_set()

        def answer(handler: Handler) -> None:
            with self._changed:
                if not opened.is_set():
                    self._changed.wait_for(partial(are_here, too_many - 1), PATIENCE)
                    self._changed.wait_for(partial(are_here, too_many), seconds)
                    opened.set()
                    self._changed.notify_all()
            handler.send(200, {}, body)

        return self.put(path, answer)

    def _wait_for_stop(self) -> None:
        self.stopped.wait(PATIENCE)


class Loopback:
    """Servers on loopback addresses that stop at the end of the ``with`` block."""

    def __init__(self) -> None:
        self._stopped = threading.Event()
        self._sites: list[Site] = []

    def site(self, host: str = "127.0.0.1", *, tls: bool = False) -> Site:
        """Start a server on a port of its own."""
        site = Site(host, self._stopped, tls=tls)
        self._sites.append(site)
        return site

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stopped.set()
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
) -> Responder:
    """Return a response with ``body``, compressed with ``coding``, and with an ``etag``."""
    sent = {"Content-Type": kind, **({"ETag": etag} if etag else {}), **(headers or {})}
    if coding:
        sent["Content-Encoding"] = coding
    packed = compress(body, coding)

    def answer(handler: Handler) -> None:
        if etag and handler.headers.get("If-None-Match") == etag:
            handler.send(304, {"ETag": etag})
        else:
            handler.send(status, sent, packed)

    return answer


def compress(body: bytes, coding: str) -> bytes:
    """Compress ``body`` with ``gzip``, ``deflate`` or ``br``."""
    if coding == "gzip":
        return gzip.compress(body)
    if coding == "deflate":
        return zlib.compress(body)
    if coding == "br":
        return bytes(brotli.compress(body, quality=5))
    return body


def _endless_chunks(piece: bytes, coding: str) -> Iterator[bytes]:
    if not coding:
        while True:
            yield piece
    packer = zlib.compressobj(wbits=16 + zlib.MAX_WBITS)
    while True:
        yield packer.compress(piece) + packer.flush(zlib.Z_SYNC_FLUSH)
