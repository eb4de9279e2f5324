"""The server without a browser: whom it answers, what it gives away, and what becomes of the readers."""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager

import pytest
from aiohttp import WSMsgType, WSServerHandshakeError
from aiohttp.test_utils import TestClient, TestServer
from aiohttp.web import Application, Request

from tui_reader.errors import UsageError
from tui_reader.web import gate, visitor
from tui_reader.web.gate import Gate, is_loopback, public_address
from tui_reader.web.server import Server

PASSWORD = "correct horse"

READER = """
import json, os, sys
def read(): return sys.stdin.buffer.read(5)
def send(kind, content): os.write(1, kind + len(content).to_bytes(4, "big") + content)
def say(**message): send(b"M", json.dumps(message).encode())
os.write(1, b"__GANGLION__\\n")
send(b"D", f"{os.environ['COLUMNS']}x{os.environ['ROWS']} {os.environ.get('NEWS_TUI_PASSWORD')}".encode())
while head := read():
    content = sys.stdin.buffer.read(int.from_bytes(head[1:], "big"))
    if head[:1] == b"D":
        if content == b"q": say(type="exit"); break
        if content.startswith(b"http") or b":" in content: say(type="open", text=content.decode(), number=1)
        send(b"D", content.decode().upper().encode())
    else:
        message = json.loads(content)
        if message["type"] == "quit" and "hangs" not in sys.argv: break
        send(b"D", content)
"""
"""A reader that writes in capitals what is typed, opens addresses, and writes down what it is told."""


@asynccontextmanager
async def serving(gate: Gate, *arguments: str) -> AsyncIterator[TestClient[Request, Application]]:
    server = Server([sys.executable, "-c", READER, *arguments], gate)
    async with TestClient(TestServer(server.app())) as client:
        yield client


@pytest.fixture
async def client() -> AsyncIterator[TestClient[Request, Application]]:
    """A client of a server without a password."""
    async with serving(Gate("")) as client:
        yield client


@pytest.fixture
async def stranger(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[TestClient[Request, Application]]:
    """A client of a server with a password."""
    monkeypatch.setattr(gate, "_WAIT", 0.0)
    async with serving(Gate(PASSWORD)) as client:
        yield client


def of(client: TestClient[Request, Application]) -> dict[str, str]:
    """Return the headers of a page of this server."""
    return {"Origin": str(client.make_url("/")).rstrip("/")}


async def refused(client: TestClient[Request, Application], headers: Mapping[str, str]) -> bool:
    """Whether no socket is opened for a page that sends these headers."""
    try:
        async with client.ws_connect("/ws", headers=headers):
            return False
    except WSServerHandshakeError as error:
        assert error.status == 403
        return True


# -- what it gives away ----------------------------------------------------------------


async def test_the_page_allows_itself_alone(client: TestClient[Request, Application]) -> None:
    page = await client.get("/")
    assert page.status == 200
    rules = dict(rule.strip().split(" ", 1) for rule in page.headers["Content-Security-Policy"].split(";"))
    assert rules["default-src"] == "'none'"
    assert rules["script-src"] == rules["connect-src"] == rules["font-src"] == "'self'"
    assert rules["frame-ancestors"] == "'none'"
    assert page.headers["Referrer-Policy"] == "no-referrer"
    text = await page.text()
    assert "://" not in text
    assert "<script>" not in text


@pytest.mark.parametrize("path", ["/static/page.js", "/static/page.css", "/terminal/js/textual.js"])
async def test_the_files_of_the_page_are_there(client: TestClient[Request, Application], path: str) -> None:
    assert (await client.get(path)).status == 200


@pytest.mark.parametrize(
    "path",
    [
        "/static/",
        "/terminal/",
        "/terminal/js",
        "/static/%2e%2e/server.py",
        "/static/..%2fserver.py",
        "/static//etc/passwd",
        "/download/1",
    ],
)
async def test_nothing_else_is(client: TestClient[Request, Application], path: str) -> None:
    from yarl import URL

    assert (await client.get(URL(path, encoded=True))).status in {403, 404}


# -- whom it answers -------------------------------------------------------------------


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "localhost.evil.example:80", "", "[::1"])
async def test_a_name_that_somebody_else_pointed_here_is_refused(
    client: TestClient[Request, Application], host: str
) -> None:
    assert (await client.get("/", headers={"Host": host})).status == 403
    assert await refused(client, {"Host": host, "Origin": f"http://{host}"})


@pytest.mark.parametrize("origin", ["http://evil.example", "null", "", "http://127.0.0.1:1", "http://localhost"])
async def test_a_page_of_another_site_gets_no_reader(client: TestClient[Request, Application], origin: str) -> None:
    assert await refused(client, {"Origin": origin})


async def test_a_program_that_names_no_page_gets_no_reader(client: TestClient[Request, Application]) -> None:
    assert await refused(client, {})


async def test_without_the_password_there_is_only_the_sign_in(stranger: TestClient[Request, Application]) -> None:
    page = await stranger.get("/", allow_redirects=False)
    assert (page.status, page.headers["Location"]) == (303, "login")
    assert await refused(stranger, of(stranger))
    assert (await stranger.get("/download/1")).status == 403
    wrong = await stranger.post("/login", data={"password": "correct horsf"}, headers=of(stranger))
    assert wrong.status == 403
    assert "The password is wrong." in await wrong.text()
    assert await refused(stranger, of(stranger) | {"Cookie": f"news-tui-{stranger.port}=guess"})


async def test_the_password_opens_the_page_and_its_socket(stranger: TestClient[Request, Application]) -> None:
    done = await stranger.post("/login", data={"password": PASSWORD}, headers=of(stranger))
    assert done.status == 200
    assert 'id="terminal"' in await done.text()
    cookie = done.history[0].headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    async with stranger.ws_connect("/ws?width=90&height=30", headers=of(stranger)) as socket:
        # The password is no business of what the reader starts.
        assert await socket.receive_bytes() == b"90x30 None"


async def test_another_site_cannot_sign_in(stranger: TestClient[Request, Application]) -> None:
    headers = {"Origin": "http://evil.example"}
    done = await stranger.post("/login", data={"password": PASSWORD}, headers=headers)
    assert done.status == 403
    assert "Set-Cookie" not in done.headers


async def test_many_wrong_passwords_at_once_are_refused(
    stranger: TestClient[Request, Application], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gate, "_MOST_WAITING", 0)
    done = await stranger.post("/login", data={"password": PASSWORD}, headers=of(stranger))
    assert done.status == 429


def test_the_names_of_a_proxy_are_known() -> None:
    public = public_address("https://News.Example.org")
    gate = Gate(PASSWORD, {"here"}, public)
    assert gate.is_encrypted
    assert [gate.knows_host(host) for host in ("news.example.org", "HERE:80", "192.0.2.1:8000", "[::1]:8000")] == [
        True
    ] * 4
    assert gate.knows_origin("https://news.example.org", "127.0.0.1:8000")
    assert not gate.knows_origin("https://news.example.org.evil.example", "127.0.0.1:8000")
    assert not Gate(PASSWORD).knows_host("news.example.org")


@pytest.mark.parametrize(
    "url", ["news.example.org", "ftp://news.example.org", "https://", "https://a b", "https://[::"]
)
def test_a_public_url_that_is_none_is_refused(url: str) -> None:
    with pytest.raises(UsageError, match="--public-url"):
        public_address(url)


def test_what_is_loopback() -> None:
    hosts = ("127.0.0.1", "127.8.8.8", "::1", "localhost", "0.0.0.0", "::", "192.0.2.1", "example.org", "")
    assert [is_loopback(host) for host in hosts] == [True] * 4 + [False] * 5


# -- the readers -----------------------------------------------------------------------


async def test_keys_and_sizes_go_in_and_drawings_come_out(client: TestClient[Request, Application]) -> None:
    async with client.ws_connect("/ws?width=9999999&height=x", headers=of(client)) as socket:
        assert await socket.receive_bytes() == b"80x24 None"
        for nonsense in ("", "[", "{}", "[1]", '["stdin", 1]', '["resize", {"width": "1", "height": 2}]', "[" * 5000):
            await socket.send_str(nonsense)
        await socket.send_bytes(b"x")
        await socket.send_json(["stdin", "ü"])
        assert (await socket.receive_bytes()).decode() == "Ü"
        await socket.send_json(["resize", {"width": 10**9, "height": -1}])
        assert await socket.receive_bytes() == b'{"type": "resize", "width": 1000, "height": 1}'
        await socket.send_json(["done", {"number": 1, "problem": ""}])
        assert await socket.receive_bytes() == b'{"type": "done", "number": 1, "problem": ""}'


async def test_only_addresses_of_the_web_are_opened(client: TestClient[Request, Application]) -> None:
    async with client.ws_connect("/ws", headers=of(client)) as socket:
        await socket.receive_bytes()
        for address in ("javascript:alert(1)", "file:///etc/passwd", "data:text/html,x"):
            await socket.send_json(["stdin", address])
            assert (await socket.receive()).type is WSMsgType.BINARY
        await socket.send_json(["stdin", "https://example.org/"])
        opened = {"type": "open", "text": "https://example.org/", "number": 1}
        assert await socket.receive_json() == ["open", opened]


async def test_the_page_ends_with_its_reader(client: TestClient[Request, Application]) -> None:
    async with client.ws_connect("/ws", headers=of(client)) as socket:
        await socket.receive_bytes()
        await socket.send_json(["stdin", "q"])
        ended = await socket.receive()
        assert (ended.type, ended.extra) == (WSMsgType.CLOSE, "The reader has ended.")


async def test_a_reader_that_hangs_is_killed_with_its_page(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(visitor, "_GRACE", 0.2)
    async with serving(Gate(""), "hangs") as client:
        async with client.ws_connect("/ws", headers=of(client)) as socket:
            await socket.receive_bytes()
        async with client.ws_connect("/ws", headers=of(client)) as socket:  # which waits for the end of the other
            assert await socket.receive_bytes() == b"80x24 None"


async def test_too_many_pages_are_refused(
    client: TestClient[Request, Application], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tui_reader.web.server.MOST_VISITORS", 0)
    async with client.ws_connect("/ws", headers=of(client)) as socket:
        assert "Too many pages" in str((await socket.receive()).extra)
