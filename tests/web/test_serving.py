"""The command ``news-tui serve``: where it listens, its password, and that nothing is left behind when it ends."""

from __future__ import annotations

import asyncio
import os
import re
import signal
import subprocess
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from aiohttp import ClientSession, WSMsgType

from tests.support.command import Home
from tests.web.chromium import PATIENCE, until
from tui_reader.ui.remote import BROWSER_DRIVER


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """An empty home, in which the sample is read."""
    return Home(tmp_path / "home")


def readers(home: Home) -> list[int]:
    """Return the numbers of the readers on pages that run in a home, and of what they have started."""
    wanted = {f"TEXTUAL_DRIVER={BROWSER_DRIVER}".encode(), f"HOME={home.folder}".encode()}
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if wanted <= set((process / "environ").read_bytes().split(b"\0")):
                found.append(int(process.name))
        except OSError:
            continue  # it has ended, or is somebody else's
    return found


@asynccontextmanager
async def page_of(server: subprocess.Popen[str]) -> AsyncIterator[None]:
    """Open a page, whose reader shows what it has."""
    assert server.stdout is not None
    address = re.findall(r"http://\S+", server.stdout.readline())[0]
    assert address.startswith("http://127.0.0.1:")
    async with ClientSession() as session, asyncio.timeout(PATIENCE):
        headers = {"Origin": address.rstrip("/")}
        socket = await session.ws_connect(f"{address}ws?width=140&height=40", headers=headers)
        drawn = b""
        while b"TOPICS" not in drawn:
            message = await socket.receive()
            assert message.type in {WSMsgType.BINARY, WSMsgType.TEXT}, message
            drawn += message.data if message.type is WSMsgType.BINARY else b""
        yield


@pytest.mark.parametrize(
    ("number", "status"), [pytest.param(signal.SIGINT, 0, id="Ctrl+C"), pytest.param(signal.SIGKILL, -9, id="kill -9")]
)
async def test_no_reader_is_left_when_the_server_ends(home: Home, number: int, status: int) -> None:
    with home.start("serve", "--port", "0", "--offline") as server:
        try:
            async with page_of(server):
                assert readers(home)
                os.kill(server.pid, number)
                await until(lambda: not readers(home), "the end of the reader")
            assert server.wait(PATIENCE) == status
        finally:
            server.kill()


def test_others_need_the_password_that_is_printed(home: Home) -> None:
    with home.start("serve", "--host", "0.0.0.0", "--port", "0") as server:
        assert server.stdout is not None
        lines = [server.stdout.readline() for _ in range(3)]
        assert re.search(r"password, until then: [\w-]{20}$", lines[1].strip())
        assert "docs/serve.md" in lines[2]
        server.send_signal(signal.SIGTERM)
        assert server.wait() == 0


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--port", "99999"), "is not a port"),
        (("--password-command", "false"), "false failed with status 1"),
        (("--password-command", "'"), "is no command"),
        (("--password-command", " "), "is empty"),
        (("--public-url", "example.org"), "such as https://news.example.org"),
        (("--view", "nothing"), "nothing"),
        (("./not/there",), "not/there"),
        (("--host", "192.0.2.1", "--password-command", "echo 1"), "choose another --port"),
    ],
)
def test_what_cannot_be_served_is_said_at_once(home: Home, arguments: tuple[str, ...], said: str) -> None:
    done = home.run("serve", *arguments)
    assert done.returncode in {1, 2}
    assert said in done.stderr
    assert done.stderr.count("\n") == 1


def test_the_reader_alone_still_needs_a_terminal(home: Home) -> None:
    done = home.run("read")
    assert done.returncode == 1
    assert "needs a terminal" in done.stderr
