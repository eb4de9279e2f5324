"""A headless Chromium, driven by its DevTools protocol: keys and mouse go in, what the page draws comes out."""

from __future__ import annotations

import asyncio
import base64
import json
import re
import shutil
import subprocess
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pyte
from aiohttp import ClientSession, ClientWebSocketResponse

PATIENCE = 60.0
"""Seconds to wait for anything: a loaded machine is slow, and only a failure ever takes so long."""

PROGRAM = next((path for name in ("chromium", "chromium-browser", "google-chrome") if (path := shutil.which(name))), "")
"""Where Chromium is; empty where there is none."""

_LOOK = 0.01  # seconds between two looks
_FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-extensions",
    "--disable-sync",
    "--remote-debugging-port=0",
    # There is no network but this machine's.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
)
_KEYS = {"Enter": ("Enter", 13, "\r"), "Escape": ("Escape", 27, ""), "Tab": ("Tab", 9, "")}
_CONTROL = 2


async def until(condition: Callable[[], object], what: str) -> None:
    """Wait until ``condition``; fails if it does not come about."""
    try:
        async with asyncio.timeout(PATIENCE):
            while not condition():  # noqa: ASYNC110 - all kinds of things are waited for
                await asyncio.sleep(_LOOK)
    except TimeoutError:
        raise AssertionError(f"waited in vain for {what}") from None


class Tab:
    """A tab: the screen of its terminal, made of what the socket received, and all that it asked for."""

    def __init__(self, browser: Chromium, session: str) -> None:
        self._browser = browser
        self._session = session
        self.requests: list[str] = []
        """The addresses that were asked for."""
        self.sockets: list[str] = []
        """Those of the sockets that were opened."""
        self.problems: list[str] = []
        """What the console and the browser complain of."""
        self._screen = pyte.Screen(80, 24)
        self._stream = pyte.ByteStream(self._screen)

    async def call(self, method: str, **parameters: Any) -> dict[str, Any]:
        """Call a method of the protocol for this tab and return its result."""
        return await self._browser.call(method, self._session, **parameters)

    async def run(self, script: str) -> Any:
        """Return what a script returns, as if the person had just done something."""
        done = await self.call(
            "Runtime.evaluate", expression=script, awaitPromise=True, returnByValue=True, userGesture=True
        )
        assert "exceptionDetails" not in done, done
        return done["result"].get("value")

    async def size(self, width: int, height: int) -> None:
        """Give the window another size, in pixels."""
        await self.call(
            "Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=False
        )

    async def go(self, address: str) -> None:
        """Open an address."""
        await self.call("Page.navigate", url=address)

    async def press(self, *keys: str) -> None:
        """Press keys, one after the other: characters, or names such as Enter and Control+p."""
        for key in keys:
            name = key.removeprefix("Control+")
            plain, code, text = _KEYS.get(name, (name, ord(name[-1].upper()), name))
            modifiers = _CONTROL if key != name else 0
            facts = {"key": plain, "windowsVirtualKeyCode": code, "modifiers": modifiers}
            if plain.isalpha() and len(plain) == 1:
                facts["code"] = f"Key{plain.upper()}"
            pressed = {"text": text} if text and not modifiers else {}
            await self.call("Input.dispatchKeyEvent", type="keyDown", **facts, **pressed)
            await self.call("Input.dispatchKeyEvent", type="keyUp", **facts)

    async def click(self, column: int, line: int) -> None:
        """Click a cell of the terminal."""
        screen = "document.querySelector('.xterm-screen')"
        width, height = await self.run(f"[{screen}.clientWidth, {screen}.clientHeight]")
        x = (column + 0.5) * width / self._screen.columns
        y = (line + 0.5) * height / self._screen.lines
        for what in ("mousePressed", "mouseReleased"):
            await self.call("Input.dispatchMouseEvent", type=what, x=x, y=y, button="left", clickCount=1)

    async def picture(self) -> bytes:
        """Return what the window shows, as PNG."""
        return base64.b64decode((await self.call("Page.captureScreenshot"))["data"])

    # -- the terminal ----------------------------------------------------------

    def lines(self) -> list[str]:
        """Return the text of the terminal, line by line."""
        lines, columns = range(self._screen.lines), range(self._screen.columns)
        return ["".join(self._screen.buffer[y][x].data for x in columns) for y in lines]

    def sees(self, *texts: str) -> bool:
        """Whether all of ``texts`` are in the terminal."""
        text = "\n".join(self.lines())
        return all(each in text for each in texts)

    async def until_seen(self, *texts: str) -> None:
        """Wait until all of ``texts`` are in the terminal."""
        try:
            await until(lambda: self.sees(*texts), "")
        except AssertionError:
            raise AssertionError(f"waited in vain for {texts}: {self.problems}\n" + "\n".join(self.lines())) from None

    async def until_gone(self, text: str) -> None:
        """Wait until ``text`` is no longer in the terminal."""
        await until(lambda: not self.sees(text), f"the end of {text!r}")

    async def until_ended(self, why: str) -> None:
        """Wait until the page says that its reader has ended, and ``why``."""
        shown = "document.getElementById('ended').open && document.getElementById('why').textContent"
        async with asyncio.timeout(PATIENCE):
            while await self.run(shown) != why:  # noqa: ASYNC110 - the page does not tell
                await asyncio.sleep(_LOOK)

    def place_of(self, text: str) -> tuple[int, int]:
        """Return the column and the line at which ``text`` stands first."""
        return next((line.index(text), y) for y, line in enumerate(self.lines()) if text in line)

    def heard(self, method: str, facts: dict[str, Any]) -> None:
        """Take an event of the protocol."""
        if method == "Network.requestWillBeSent":
            self.requests.append(facts["request"]["url"])
        elif method == "Network.webSocketCreated":
            self.sockets.append(facts["url"])
            size = parse_qs(urlsplit(facts["url"]).query)
            self._screen.reset()
            self._screen.resize(int(size["height"][0]), int(size["width"][0]))
        elif method == "Network.webSocketFrameSent":
            what, *rest = json.loads(facts["response"]["payloadData"])
            if what == "resize":
                self._screen.resize(rest[0]["height"], rest[0]["width"])
        elif method == "Network.webSocketFrameReceived" and facts["response"]["opcode"] == 2:
            self._stream.feed(base64.b64decode(facts["response"]["payloadData"]))
        elif method == "Runtime.exceptionThrown":
            self.problems.append(str(facts["exceptionDetails"]))
        elif method == "Log.entryAdded":
            self.problems.append(str(facts["entry"]))


class Chromium:
    """The browser, with tabs of its own for each person."""

    def __init__(self, socket: ClientWebSocketResponse) -> None:
        self._socket = socket
        self._last = 0
        self._waiting: dict[int, asyncio.Future[dict[str, Any]]] = {}
        self._tabs: dict[str, Tab] = {}
        self.targets: list[str] = []
        """The addresses of tabs, in the order in which they were opened or changed."""

    async def call(self, method: str, session: str = "", **parameters: Any) -> dict[str, Any]:
        """Call a method of the protocol and return its result."""
        self._last += 1
        message = {"id": self._last, "method": method, "params": parameters} | (
            {"sessionId": session} if session else {}
        )
        answer = self._waiting[self._last] = asyncio.get_running_loop().create_future()
        await self._socket.send_json(message)
        return await asyncio.wait_for(answer, PATIENCE)

    async def listen(self) -> None:
        """Take answers and events."""
        async for message in self._socket:
            facts = json.loads(message.data)
            if "id" in facts:
                answer = self._waiting.pop(facts["id"])
                if "error" in facts:
                    answer.set_exception(AssertionError(facts["error"]))
                else:
                    answer.set_result(facts["result"])
            elif facts["method"] in {"Target.targetCreated", "Target.targetInfoChanged"}:
                self.targets.append(facts["params"]["targetInfo"]["url"])
            elif (tab := self._tabs.get(facts.get("sessionId", ""))) is not None:
                tab.heard(facts["method"], facts["params"])

    @asynccontextmanager
    async def tab(self, width: int = 1280, height: int = 800, *, may_copy: str = "") -> AsyncIterator[Tab]:
        """Open a tab of somebody who has none yet, and close it; pages of ``may_copy`` can read the clipboard."""
        context = (await self.call("Target.createBrowserContext"))["browserContextId"]
        if may_copy:
            permissions = ["clipboardReadWrite", "clipboardSanitizedWrite"]
            await self.call(
                "Browser.grantPermissions", origin=may_copy, permissions=permissions, browserContextId=context
            )
        target = (await self.call("Target.createTarget", url="about:blank", browserContextId=context))["targetId"]
        session = (await self.call("Target.attachToTarget", targetId=target, flatten=True))["sessionId"]
        tab = self._tabs[session] = Tab(self, session)
        for domain in ("Page", "Network", "Runtime", "Log"):
            await tab.call(f"{domain}.enable")
        await tab.size(width, height)
        try:
            yield tab
        finally:
            await self.call("Target.disposeBrowserContext", browserContextId=context)


@asynccontextmanager
async def chromium(folder: Path, *flags: str) -> AsyncIterator[Chromium]:
    """Start Chromium with its files in ``folder``, and end it."""
    command = [PROGRAM, *_FLAGS, *flags, f"--user-data-dir={folder}", "about:blank"]
    process = await asyncio.create_subprocess_exec(*command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    assert process.stderr is not None
    errors = process.stderr
    try:
        async with asyncio.timeout(PATIENCE):
            while not (found := re.search(rb"DevTools listening on (ws://\S+)", await errors.readline())):
                assert not errors.at_eof(), "Chromium did not start"
        drain = asyncio.create_task(errors.read())
        async with ClientSession() as session, session.ws_connect(found[1].decode(), max_msg_size=0) as socket:
            browser = Chromium(socket)
            listening = asyncio.create_task(browser.listen())
            await browser.call("Target.setDiscoverTargets", discover=True)
            yield browser
            with suppress(AssertionError, ConnectionError):
                await browser.call("Browser.close")
            await listening
            await drain
    finally:
        if process.returncode is None:
            with suppress(ProcessLookupError):
                process.kill()
        await process.wait()
