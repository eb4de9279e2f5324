"""Runs coldsweat, a server with the Fever API, on a loopback address, and uses its own pages."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from html import unescape
from pathlib import Path
from typing import IO, Self

import httpx

USER, PASSWORD = "reader@example.org", "a long password"
_COMMAND = (sys.executable, "-c", "import coldsweat; coldsweat.cli()")
_ADDRESS = re.compile(r"Running on (http://127\.0\.0\.1:\d+)")
_ENTRY = re.compile(r'<li data-entry="\d+" class="entry ([^"]*)">.*?href="/entries/\d+[^"]*">(.*?)</a>', re.DOTALL)


@contextmanager
def coldsweat(folder: Path, opml: str) -> Iterator[str]:
    """Set a server up in ``folder`` with the feeds of ``opml``, run it, and return its address."""
    environment = {
        **os.environ,
        "FLASK_DATABASE_URL": f"sqlite:///{folder / 'coldsweat.db'}",
        "FLASK_SECRET_KEY": "of this test",
        # It asks another server for the icons of feeds, which a test must not reach.
        "HTTPS_PROXY": "http://127.0.0.1:9",
        "PYTHONWARNINGS": "ignore",
    }
    subscriptions = folder / "subscriptions.opml"
    subscriptions.write_text(opml, encoding="utf-8")
    for arguments in (["setup", USER, "-p", PASSWORD], ["import", str(subscriptions), USER, "-f"]):
        subprocess.run([*_COMMAND, *arguments], env=environment, check=True, capture_output=True)
    with subprocess.Popen(
        [*_COMMAND, "run", "-p", "0"],
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    ) as server:
        assert server.stderr
        rest = threading.Thread(target=_read_all, args=(server.stderr,))
        try:
            address = next(found[1] for line in server.stderr if (found := _ADDRESS.search(line)))
            rest.start()
            yield address
        finally:
            server.terminate()
            if rest.ident:
                rest.join()


def _read_all(stream: IO[str]) -> None:
    for _ in stream:
        pass


class Pages:
    """The pages of the server, as a person sees them who has signed in."""

    def __init__(self, address: str) -> None:
        self._client = httpx.Client(base_url=address, trust_env=False)
        answer = self._client.post("/login", data={"email": USER, "password": PASSWORD, "next": "/"})
        assert answer.headers.get("location") == "/"

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._client.close()

    def subscribe(self, address: str) -> None:
        """Add a feed, which is fetched at once."""
        self._client.post("/feeds/add/1", data={"self_link": address}).raise_for_status()

    def shown(self, which: str) -> dict[str, frozenset[str]]:
        """Return how entries are marked by their titles: the newest of those that are ``unread``, ``saved`` or all."""
        page = self._client.get("/entries", params={"filter": which}).raise_for_status().text
        return {unescape(title): frozenset(marks.split()) for marks, title in _ENTRY.findall(page)}
