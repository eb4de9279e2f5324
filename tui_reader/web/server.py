"""The web server: the page with the reader, its files, the sign-in, and a socket for each page that is open."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import textual_serve
from aiohttp import WSCloseCode, WSMsgType, web

from tui_reader.errors import NewsError
from tui_reader.model.urls import safe_url
from tui_reader.ui.end_signals import ending_signals
from tui_reader.web.gate import Gate, TooManyTries
from tui_reader.web.visitor import Visitor

MOST_VISITORS = 20
"""Pages that can be open at once: each has a process of some 80 MB."""

_HEARTBEAT = 15.0  # seconds after which a page that is gone is noticed
_FAREWELL = 2.0  # seconds in which a page has to answer that it closes
_ENDING = 6.0  # seconds that a new page waits for the readers of pages that were closed
_LONGEST_MESSAGE = 4 << 20  # bytes that a page may send at once: what is pasted
_LARGEST_FORM = 16 << 10  # bytes
_MOST_CELLS = 1000  # columns, or lines
_HEADERS = {
    # The style sheet of xterm.js is made by its script.
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; font-src 'self'; img-src data:; "
        "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
_OWN = Path(__file__).parent / "static"
_TERMINAL = Path(textual_serve.__file__).parent / "static"
# What anybody may have: how the sign-in looks, and a terminal that everybody knows.
_OPEN = ("/login", "/static/", "/terminal/")


class Server:
    """Serves readers that ``command`` starts, to whom the ``gate`` lets in."""

    def __init__(self, command: Sequence[str], gate: Gate) -> None:
        self._command = command
        self._gate = gate
        self._sockets: set[web.WebSocketResponse] = set()
        self._ending: set[asyncio.Task[None]] = set()

    def app(self) -> web.Application:
        """Return the server as aiohttp runs it."""
        app = web.Application(middlewares=[self._guard], client_max_size=_LARGEST_FORM)
        app.add_routes(
            [
                web.get("/", self._page),
                web.get("/login", self._login_page),
                web.post("/login", self._login),
                web.get("/ws", self._socket),
                web.static("/static", _OWN),
                web.static("/terminal", _TERMINAL),
            ]
        )
        app.on_response_prepare.append(_add_headers)
        app.on_shutdown.append(self._close)
        app.on_cleanup.append(self._ended)
        return app

    # -- who may come in ---------------------------------------------------------

    @web.middleware
    async def _guard(self, request: web.Request, handler: Callable[[web.Request], Any]) -> web.StreamResponse:
        """Answer no request for another host, no page of another site, and nobody without the password."""
        if not self._gate.knows_host(request.host):
            raise web.HTTPForbidden(text="This server has another name: see --public-url of ‘news-tui serve’.")
        does_something = request.method != "GET" or request.path == "/ws"
        if does_something and not self._gate.knows_origin(request.headers.get("Origin", ""), request.host):
            raise web.HTTPForbidden(text="This request does not come from a page of this server.")
        if not request.path.startswith(_OPEN) and not self._gate.knows_token(self._token(request)):
            if request.path == "/":
                raise web.HTTPSeeOther("login")
            raise web.HTTPForbidden(text="Sign in first.")
        response: web.StreamResponse = await handler(request)
        return response

    def _token(self, request: web.Request) -> str:
        return request.cookies.get(_cookie_of(request), "")

    async def _login_page(self, _: web.Request) -> web.Response:
        return _html("login.html")

    async def _login(self, request: web.Request) -> web.Response:
        form = await request.post()
        try:
            token = await self._gate.sign_in(str(form.get("password", "")))
        except TooManyTries:
            return _html("login.html", "Too many wrong passwords: try again in a few seconds.", 429)
        if token is None:
            return _html("login.html", "The password is wrong.", 403)
        response = web.HTTPSeeOther("./")
        encrypted = self._gate.is_encrypted or request.secure
        response.set_cookie(_cookie_of(request), token, httponly=True, samesite="Lax", secure=encrypted)
        raise response

    # -- the page ------------------------------------------------------------------

    async def _page(self, _: web.Request) -> web.Response:
        return _html("page.html")

    async def _socket(self, request: web.Request) -> web.WebSocketResponse:
        """Run a reader as long as the page is open."""
        socket = web.WebSocketResponse(timeout=_FAREWELL, heartbeat=_HEARTBEAT, max_msg_size=_LONGEST_MESSAGE)
        await socket.prepare(request)
        if len(self._sockets) >= MOST_VISITORS:
            await socket.close(code=WSCloseCode.TRY_AGAIN_LATER, message=b"Too many pages are open: close one.")
            return socket
        self._sockets.add(socket)
        try:
            if self._ending:  # a page that is loaded again goes on where the reader before was left
                await asyncio.wait(self._ending, timeout=_ENDING)
            await self._visit(socket, _cells(request, "width", 80), _cells(request, "height", 24))
        finally:
            self._sockets.discard(socket)
        return socket

    async def _visit(self, socket: web.WebSocketResponse, columns: int, lines: int) -> None:
        visitor = await Visitor.start(self._command, columns, lines)
        speaking = asyncio.create_task(self._speak(visitor, socket))
        try:
            await _hear(visitor, socket)
        finally:
            ending = asyncio.create_task(_end(visitor, speaking))
            self._ending.add(ending)
            ending.add_done_callback(self._ending.discard)
            await asyncio.shield(ending)

    async def _speak(self, visitor: Visitor, socket: web.WebSocketResponse) -> None:
        """Send the page what the reader draws and says, until the reader ends; then the page ends too."""

        async def drawn(content: bytes) -> None:
            # What is drawn for a page that is gone is dropped: the reader must not wait for it.
            with suppress(ConnectionError):
                await socket.send_bytes(content)

        async def said(message: dict[str, Any]) -> None:
            if _is_sound(message):
                with suppress(ConnectionError):
                    await socket.send_json([message["type"], message])

        await visitor.listen(drawn, said)
        await socket.close(message=b"The reader has ended.")

    async def _ended(self, _: web.Application) -> None:
        """Wait until all readers have ended."""
        if self._ending:
            await asyncio.wait(self._ending)

    async def _close(self, _: web.Application) -> None:
        """End all readers."""
        closing = (
            socket.close(code=WSCloseCode.GOING_AWAY, message=b"The server has ended.") for socket in self._sockets
        )
        await asyncio.gather(*list(closing))


async def _hear(visitor: Visitor, socket: web.WebSocketResponse) -> None:
    """Give the reader what the page sends, until it is closed; what is no message is ignored."""
    async for message in socket:
        if message.type is not WSMsgType.TEXT:
            continue
        try:
            match json.loads(message.data):
                case ["stdin", str(text)]:
                    await visitor.type(text)
                case ["resize", {"width": int(columns), "height": int(lines)}]:
                    await visitor.tell("resize", width=_within(columns), height=_within(lines))
                case ["focus" | "blur" as what]:
                    await visitor.tell(what)
                case ["done", {"number": int(number), "problem": str(problem)}]:
                    await visitor.tell("done", number=number, problem=problem[:200])
        except (ValueError, RecursionError):
            continue


async def _end(visitor: Visitor, speaking: asyncio.Task[None]) -> None:
    await visitor.end()
    await speaking


def _is_sound(message: dict[str, Any]) -> bool:
    """Return whether a message of the reader is for the page: what it opens is an address of the web."""
    what, text = message.get("type"), message.get("text")
    return what in {"copy", "colour"} or (what == "open" and safe_url(text) == text)


def _cells(request: web.Request, name: str, usual: int) -> int:
    text = request.query.get(name, "")
    return _within(int(text)) if text.isascii() and text.isdecimal() and len(text) < 5 else usual


def _within(cells: int) -> int:
    return min(max(cells, 1), _MOST_CELLS)


def _cookie_of(request: web.Request) -> str:
    """Return the name of the cookie: it has the port, because all ports of a host share their cookies."""
    return f"news-tui-{request.url.port}"


def _html(name: str, words: str = "", status: int = 200) -> web.Response:
    text = (_OWN / name).read_text(encoding="utf-8").replace("<!-- words -->", words)
    return web.Response(text=text, content_type="text/html", status=status, headers={"Cache-Control": "no-store"})


async def _add_headers(_: web.Request, response: web.StreamResponse) -> None:
    response.headers.update(_HEADERS)
    response.headers.setdefault("Cache-Control", "no-cache")


async def run(server: Server, host: str, port: int, started: Callable[[int], object]) -> None:
    """Serve until a signal ends it; ``started`` is called with the port. Raises :class:`NewsError`."""
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    runner = web.AppRunner(server.app(), access_log=None, shutdown_timeout=_ENDING)
    await runner.setup()
    try:
        site = web.TCPSite(runner, host, port)
        try:
            await site.start()
        except OSError as error:
            raise NewsError(f"{host}:{port} cannot be listened on ({error.strerror}): choose another --port") from error
        for number in ending_signals():
            loop.add_signal_handler(number, stopped.set)
        started(runner.addresses[0][1])
        sys.stdout.flush()
        await stopped.wait()
    finally:
        await runner.cleanup()
