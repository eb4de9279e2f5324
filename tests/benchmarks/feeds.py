"""Refreshing many feeds from servers on the loopback, beside newsboat where it is installed."""

from __future__ import annotations

import asyncio
import json
import multiprocessing
import random
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from multiprocessing.connection import Connection
from pathlib import Path
from typing import TYPE_CHECKING

from tests.benchmarks.results import Figure

if TYPE_CHECKING:
    from tests.benchmarks.measures import Bench

FEEDS = 200
ITEMS = 50
SLOW_HOSTS = 50
SLOW_SECONDS = 1.0
THREADS = 20  # newsboat's, as many as there are requests at a time here
_FAST_HOSTS = 50  # as with real feeds, few are on one host
_SYLLABLES = (
    "ba", "con", "da", "el", "fir", "gra", "ho", "in", "ju", "ker", "lo", "mi", "nor", "ou", "pre", "qui", "ra", "sto",
    "tur", "ul", "ver", "wa", "yen", "za",
)  # fmt: skip


def _words(rng: random.Random, count: int) -> str:
    return " ".join("".join(rng.choices(_SYLLABLES, k=rng.randint(1, 4))) for _ in range(count))


def feed(number: int) -> bytes:
    """The feed of this number: the same at every run."""
    rng = random.Random(number)
    start = datetime(2026, 9, 1, tzinfo=UTC)
    items = []
    for place in range(ITEMS):
        date = format_datetime(start - timedelta(minutes=rng.randrange(60 * 24 * 30)), usegmt=True)
        link = f"https://paper{number}.example/{place}"
        items.append(
            f"<item><title>{_words(rng, 9).capitalize()}</title><link>{link}</link><guid>{link}</guid>"
            f"<pubDate>{date}</pubDate><description>&lt;p&gt;{_words(rng, 60)}&lt;/p&gt;</description></item>"
        )
    head = f"<title>Paper {number}</title><link>https://paper{number}.example/</link><description>d</description>"
    text = f'<?xml version="1.0"?><rss version="2.0"><channel>{head}{"".join(items)}</channel></rss>'
    return text.encode()


def _answers() -> dict[bytes, tuple[bytes, bytes]]:
    """What is sent to who knows nothing, and to who asks with the ETag, by path; made before anybody asks."""
    made = {}
    for number in range(FEEDS):
        body, tag = feed(number), b'ETag: "%d"\r\n' % number
        kind = b"Content-Type: application/rss+xml\r\nContent-Length: %d\r\n\r\n" % len(body)
        made[b"/%d" % number] = (
            b"HTTP/1.1 200 OK\r\n" + tag + kind + body,
            b"HTTP/1.1 304 Not Modified\r\n" + tag + b"\r\n",
        )
    return made


def _serve(ready: Connection) -> None:
    answers = _answers()

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, wait: float) -> None:
        try:
            while True:
                request = await reader.readuntil(b"\r\n\r\n")
                if wait:
                    await asyncio.sleep(wait)
                whole, unchanged = answers[request.split(b" ", 2)[1]]
                writer.write(unchanged if b"if-none-match" in request.lower() else whole)
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()

    async def run() -> None:
        async def fast(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await talk(reader, writer, 0)

        async def slow(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await talk(reader, writer, SLOW_SECONDS)

        first = await asyncio.start_server(fast, "127.0.1.1", 0)
        port = first.sockets[0].getsockname()[1]
        servers = [first]
        servers += [await asyncio.start_server(fast, f"127.0.1.{host}", port) for host in range(2, _FAST_HOSTS + 1)]
        servers += [await asyncio.start_server(slow, f"127.0.2.{host}", port) for host in range(1, SLOW_HOSTS + 1)]
        ready.send(port)
        await asyncio.Event().wait()

    asyncio.run(run())


@contextmanager
def server() -> Iterator[int]:
    """A process that serves the feeds; gives its port."""
    here, there = multiprocessing.Pipe()
    process = multiprocessing.get_context("spawn").Process(target=_serve, args=(there,), daemon=True)
    process.start()
    try:
        yield here.recv()
    finally:
        process.kill()
        process.join()


class _Peer:
    """A reader that is measured: how it is given feeds, and how it refreshes them."""

    def __init__(self, name: str, command: list[str], folder: Path, env: dict[str, str]) -> None:
        self.name = name
        self.command = command
        self.folder = folder
        self.env = env

    def seconds(self) -> float:
        """Refresh, and return how long it took."""
        begin = time.perf_counter()
        subprocess.run(self.command, cwd=self.folder, env=self.env, capture_output=True, check=True)
        return time.perf_counter() - begin


def _ours(folder: Path, addresses: list[str], env: dict[str, str]) -> _Peer:
    config = folder / ".config" / "news-tui"
    config.mkdir(parents=True)
    text = "".join(f"[[source]]\nlocation = {json.dumps(address)}\n" for address in addresses)
    (config / "sources.toml").write_text(text)
    return _Peer("news-tui", [sys.executable, "-m", "tui_reader", "refresh"], Path.cwd(), env | {"HOME": str(folder)})


def _newsboat(folder: Path, addresses: list[str], env: dict[str, str]) -> _Peer | None:
    program = shutil.which("newsboat")
    if program is None:
        print("newsboat is not installed: skipped", file=sys.stderr)
        return None
    folder.mkdir()
    (folder / "urls").write_text("\n".join(addresses) + "\n")
    (folder / "config").write_text(f"reload-threads {THREADS}\nmax-items 0\n")
    command = [program, "-C", "config", "-u", "urls", "-c", "cache.db", "-x", "reload"]
    return _Peer("newsboat", command, folder, env | {"HOME": str(folder)})


def _in_turns(bench: Bench, addresses: list[str], rounds: int) -> dict[str, list[list[float]]]:
    """Refresh twice with a new home, so many ``rounds``; return the seconds of first and second, by reader."""
    taken: dict[str, list[list[float]]] = {}
    for _ in range(rounds):
        for make in (_ours, _newsboat):
            folder = bench.folder / "feeds"
            shutil.rmtree(folder, ignore_errors=True)
            peer = make(folder, addresses, bench.env)
            if peer is not None:
                times = taken.setdefault(peer.name, [[], []])
                for each in times:
                    each.append(peer.seconds())
    return taken


def feeds(bench: Bench) -> Iterator[Figure]:
    """Refresh 200 feeds for the first time and again, and 50 hosts that take a second each."""
    rounds = max(1, bench.runs // 3)
    with server() as port:
        many = [f"http://127.0.1.{1 + number % _FAST_HOSTS}:{port}/{number}" for number in range(FEEDS)]
        slow = [f"http://127.0.2.{1 + number}:{port}/{number}" for number in range(SLOW_HOSTS)]
        quick, waiting = _in_turns(bench, many, rounds), _in_turns(bench, slow, rounds)
    name = f"{FEEDS} feeds of {ITEMS}"
    yield from _figures(f"{name}, first refresh", quick, lambda times: times[0])
    yield from _figures(f"{name}, nothing new", quick, lambda times: times[1])
    yield from _figures(f"{SLOW_HOSTS} hosts of {SLOW_SECONDS:g} s", waiting, lambda times: times[0])


def _figures(
    name: str, taken: dict[str, list[list[float]]], which: Callable[[list[list[float]]], list[float]]
) -> Iterator[Figure]:
    for reader, times in taken.items():
        peer = reader != "news-tui"
        yield Figure(f"{name}, {reader}" if peer else name, "s", tuple(which(times)), "a peer" if peer else "")
