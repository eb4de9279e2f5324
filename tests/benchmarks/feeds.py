"""Refresh many feeds from local servers, with newsboat for comparison if it is installed."""

from __future__ import annotations

import asyncio
import json
import multiprocessing
import random
import re
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from functools import cache
from multiprocessing.connection import Connection
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from tests.benchmarks.corpora import words
from tests.benchmarks.results import Figure
from tests.benchmarks.terminal import Terminal, moves

if TYPE_CHECKING:
    from tests.benchmarks.measures import Bench

FEEDS = 200
ITEMS = 50
SLOW_HOSTS = 50
SLOW_SECONDS = 1.0
_REFRESHING = re.compile(r"of \d+ sources|clustering stories")  # in the header
THREADS = 20  # of newsboat: as many as news-tui has requests at a time
_FAST_HOSTS = 50  # a few feeds on each host, as in real lists
# Words have the letter frequencies of English (per thousand). Texts made of a few
# syllables would all be similar and form one story.
_LETTERS = dict(zip("etaoinshrdlcumwfgypbvkjxqz", (
    127, 91, 82, 75, 70, 67, 63, 61, 60, 43, 40, 28, 28, 24, 24, 22, 20, 20, 19, 15, 10, 8, 2, 2, 1, 1,
), strict=True))  # fmt: skip


@cache
def _vocabulary() -> list[str]:
    rng = random.Random(20260901)
    return ["".join(rng.choices([*_LETTERS], [*_LETTERS.values()], k=rng.randint(2, 10))) for _ in range(9000)]


def feed(number: int) -> bytes:
    """Return feed ``number``, the same in every run."""
    rng = random.Random(number)
    start = datetime(2026, 9, 1, tzinfo=UTC)
    vocabulary = _vocabulary()
    items = []
    for place in range(ITEMS):
        date = format_datetime(start - timedelta(minutes=rng.randrange(60 * 24 * 30)), usegmt=True)
        link = f"https://paper{number}.example/{place}"
        items.append(
            f"<item><title>{words(rng, vocabulary, 9).capitalize()}</title><link>{link}</link><guid>{link}</guid>"
            f"<pubDate>{date}</pubDate><description>&lt;p&gt;{words(rng, vocabulary, 60)}&lt;/p&gt;"
            "</description></item>"
        )
    head = f"<title>Paper {number}</title><link>https://paper{number}.example/</link><description>d</description>"
    text = f'<?xml version="1.0"?><rss version="2.0"><channel>{head}{"".join(items)}</channel></rss>'
    return text.encode()


def _answers() -> dict[bytes, tuple[bytes, bytes]]:
    """Return the full response and the 304 response by path, so that serving them takes no time."""
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
    """Serve the feeds from another process; yield the port."""
    here, there = multiprocessing.Pipe()
    process = multiprocessing.get_context("spawn").Process(target=_serve, args=(there,), daemon=True)
    process.start()
    try:
        yield here.recv()
    finally:
        process.kill()
        process.join()


class Taken(NamedTuple):
    """Seconds from the start of a refresh until all articles can be read and searched, and until it has ended."""

    read: float
    ended: float


class _Peer:
    """A reader to measure: the command that refreshes its feeds, and where it runs."""

    def __init__(self, name: str, command: list[str], folder: Path, env: dict[str, str]) -> None:
        self.name = name
        self.command = command
        self.folder = folder
        self.env = env

    def taken(self) -> Taken:
        """Refresh, and return how long it took. news-tui prints its progress as JSON lines."""
        begin = time.perf_counter()
        read = 0.0
        with subprocess.Popen(
            self.command, cwd=self.folder, env=self.env, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        ) as process:
            for line in process.stdout or ():
                step = json.loads(line) if line.startswith(b"{") else {}
                if (
                    not read
                    and step.get("asking")
                    and step["asked"] == step["asking"] <= step["changed"] >= step["new"]
                ):
                    read = time.perf_counter() - begin
        if process.returncode:
            raise RuntimeError(f"{self.name} ended with {process.returncode}")
        ended = time.perf_counter() - begin
        return Taken(read or ended, ended)


def _ours(folder: Path, addresses: list[str], env: dict[str, str]) -> _Peer:
    config = folder / ".config" / "news-tui"
    config.mkdir(parents=True)
    text = "".join(f"[[source]]\nlocation = {json.dumps(address)}\n" for address in addresses)
    (config / "sources.toml").write_text(text)
    command = [sys.executable, "-m", "tui_reader", "refresh", "--json"]
    return _Peer("news-tui", command, Path.cwd(), env | {"HOME": str(folder)})


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


def _in_turns(bench: Bench, addresses: list[str], rounds: int) -> dict[str, tuple[list[Taken], list[Taken]]]:
    """Refresh twice in a new home, ``rounds`` times; return the times of the first and second refresh by reader."""
    taken: dict[str, tuple[list[Taken], list[Taken]]] = {}
    for _ in range(rounds):
        for make in (_ours, _newsboat):
            folder = bench.folder / "feeds"
            shutil.rmtree(folder, ignore_errors=True)
            peer = make(folder, addresses, bench.env)
            if peer is not None:
                for times in taken.setdefault(peer.name, ([], [])):
                    times.append(peer.taken())
    return taken


def feeds(bench: Bench) -> Iterator[Figure]:
    """Refresh 200 feeds twice, refresh 50 hosts that take a second each, and press keys during a refresh."""
    rounds = max(1, bench.runs // 3)
    with server() as port:
        many = [f"http://127.0.1.{1 + number % _FAST_HOSTS}:{port}/{number}" for number in range(FEEDS)]
        slow = [f"http://127.0.2.{1 + number}:{port}/{number}" for number in range(SLOW_HOSTS)]
        quick, waiting = _in_turns(bench, many, rounds), _in_turns(bench, slow, rounds)
        keys = [seconds for _ in range(rounds) for seconds in _keys(bench, many)]
    name, hosts = f"{FEEDS} feeds of {ITEMS}", f"{SLOW_HOSTS} hosts of {SLOW_SECONDS:g} s"
    ours, theirs = (quick.get(reader, ([], [])) for reader in ("news-tui", "newsboat"))
    peer = statistics.median(one.ended for one in theirs[0]) if theirs[0] else None
    yield Figure(f"{name}, first refresh, all can be read", "s", _read(ours[0]), "≤ 1.0 × newsboat", peer)
    yield Figure(f"{name}, first refresh, stories made", "s", _ended(ours[0]), "")
    yield Figure(f"{name}, nothing new", "s", _ended(ours[1]), "≤ 0.4 s", 0.4)
    yield Figure(f"{hosts}, all can be read", "s", _read(waiting["news-tui"][0]), "≤ 2.5 s", 2.5)
    if theirs[0]:
        yield Figure(f"{name}, first refresh, newsboat", "s", _ended(theirs[0]), "comparison")
        yield Figure(f"{name}, nothing new, newsboat", "s", _ended(theirs[1]), "comparison")
        yield Figure(f"{hosts}, newsboat", "s", _ended(waiting["newsboat"][0]), "comparison")
    yield Figure(f"key press while {FEEDS} feeds are refreshed", "ms", tuple(keys), "≤ 50 ms", 50, of="p95")


def _read(times: list[Taken]) -> tuple[float, ...]:
    return tuple(one.read for one in times)


def _ended(times: list[Taken]) -> tuple[float, ...]:
    return tuple(one.ended for one in times)


def _keys(bench: Bench, addresses: list[str]) -> Iterator[float]:
    """Move through the articles of half of the sources while the others are fetched; yield milliseconds a key."""
    folder = bench.folder / "feeds"
    shutil.rmtree(folder, ignore_errors=True)
    half = len(addresses) // 2
    peer = _ours(folder, addresses[:half], bench.env)
    peer.taken()
    with (folder / ".config" / "news-tui" / "sources.toml").open("a") as sources:
        sources.writelines(f"[[source]]\nlocation = {json.dumps(address)}\n" for address in addresses[half:])
    terminal = Terminal([sys.executable, "-m", "tui_reader"], peer.env)
    terminal.until(lambda text: "1 of " in text)
    try:
        terminal.until(lambda text: _REFRESHING.search(text.split("\n", 1)[0]) is not None)
        for seconds in moves(terminal, lambda text: _REFRESHING.search(text.split("\n", 1)[0]) is not None):
            yield seconds * 1000
    finally:
        terminal.close()
