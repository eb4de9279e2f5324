"""Makes feeds, the same in every run, and serves them from a process of its own."""

from __future__ import annotations

import asyncio
import multiprocessing
import random
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from functools import cache, partial
from multiprocessing.connection import Connection
from typing import NamedTuple

from tests.benchmarks.corpora import words

SLOW_SECONDS = 1.0
PACK_STEP = 0.1  # seconds: the first host of a pack answers after so many, the second after twice as many
_FAST_HOSTS = 50  # a few feeds on each host, as in real lists
_SLOW_HOSTS = 50
_PACK_HOSTS = 12
_GROUPS = {"fast": (1, _FAST_HOSTS), "slow": (2, _SLOW_HOSTS), "pack": (3, _PACK_HOSTS)}
# Words have the letter frequencies of English (per thousand). Texts made of a few
# syllables would all be similar and form one story.
_LETTERS = dict(zip("etaoinshrdlcumwfgypbvkjxqz", (
    127, 91, 82, 75, 70, 67, 63, 61, 60, 43, 40, 28, 28, 24, 24, 22, 20, 20, 19, 15, 10, 8, 2, 2, 1, 1,
), strict=True))  # fmt: skip


@cache
def vocabulary() -> list[str]:
    """Return 9,000 made words."""
    rng = random.Random(20260901)
    return ["".join(rng.choices([*_LETTERS], [*_LETTERS.values()], k=rng.randint(2, 10))) for _ in range(9000)]


class Item(NamedTuple):
    """An entry of a made feed."""

    title: str
    link: str
    published: datetime
    text: str


def items(number: int, count: int) -> Iterator[Item]:
    """Yield the entries of feed ``number``."""
    rng = random.Random(number)
    start = datetime(2026, 9, 1, tzinfo=UTC)
    known = vocabulary()
    for place in range(count):
        published = start - timedelta(minutes=rng.randrange(60 * 24 * 30))
        link = f"https://paper{number}.example/{place}"
        yield Item(words(rng, known, 9).capitalize(), link, published, words(rng, known, 60))


def feed(number: int, count: int) -> bytes:
    """Return feed ``number`` with ``count`` entries."""
    listed = "".join(
        f"<item><title>{item.title}</title><link>{item.link}</link><guid>{item.link}</guid>"
        f"<pubDate>{format_datetime(item.published, usegmt=True)}</pubDate>"
        f"<description>&lt;p&gt;{item.text}&lt;/p&gt;</description></item>"
        for item in items(number, count)
    )
    head = f"<title>Paper {number}</title><link>https://paper{number}.example/</link><description>d</description>"
    return f'<?xml version="1.0"?><rss version="2.0"><channel>{head}{listed}</channel></rss>'.encode()


def _answers(feeds: int, count: int) -> dict[bytes, tuple[bytes, bytes]]:
    """Return the full response and the 304 response by path, so that serving them takes no time."""
    made = {}
    for number in range(feeds):
        body, tag = feed(number, count), b'ETag: "%d"\r\n' % number
        kind = b"Content-Type: application/rss+xml\r\nContent-Length: %d\r\n\r\n" % len(body)
        made[b"/%d" % number] = (
            b"HTTP/1.1 200 OK\r\n" + tag + kind + body,
            b"HTTP/1.1 304 Not Modified\r\n" + tag + b"\r\n",
        )
    return made


def _serve(parent: Connection, feeds: int, count: int) -> None:
    answers = _answers(feeds, count)

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, *, wait: float, tell: bool) -> None:
        try:
            while True:
                request = await reader.readuntil(b"\r\n\r\n")
                asked = time.perf_counter()
                if wait:
                    await asyncio.sleep(wait)
                whole, unchanged = answers[request.split(b" ", 2)[1]]
                writer.write(unchanged if b"if-none-match" in request.lower() else whole)
                if tell:
                    parent.send((asked, time.perf_counter()))
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()

    async def run() -> None:
        port = 0
        servers = []
        for group, (network, hosts) in _GROUPS.items():
            for host in range(1, hosts + 1):
                wait = {"fast": 0.0, "slow": SLOW_SECONDS, "pack": PACK_STEP * host}[group]
                handle = partial(talk, wait=wait, tell=group == "pack")
                server = await asyncio.start_server(handle, f"127.0.{network}.{host}", port)
                servers.append(server)
                port = port or server.sockets[0].getsockname()[1]
        parent.send(port)
        await asyncio.Event().wait()

    asyncio.run(run())


class Server:
    """The process that serves feeds."""

    def __init__(self, port: int, pipe: Connection) -> None:
        self._port = port
        self._pipe = pipe
        self._since = 0.0

    def addresses(self, count: int, group: str = "fast") -> list[str]:
        """Return the addresses of ``count`` feeds, spread over the hosts of ``group``: fast, slow or pack.

        A slow host takes :data:`SLOW_SECONDS`, the hosts of a pack one after the other.
        """
        network, hosts = _GROUPS[group]
        return [f"http://127.0.{network}.{1 + number % hosts}:{self._port}/{number}" for number in range(count)]

    def forget_answers(self) -> None:
        """Forget when the hosts of the pack answered, and what they are still to answer."""
        self._since = time.perf_counter()

    def first_answer(self) -> float:
        """Return when the first host of the pack answered, in seconds of :func:`time.perf_counter`."""
        while self._pipe.poll(10):
            asked, answered = self._pipe.recv()
            if asked > self._since:
                return float(answered)
        raise TimeoutError("no feed of the pack was asked for")


@contextmanager
def server(feeds: int, count: int) -> Iterator[Server]:
    """Serve so many feeds of ``count`` entries."""
    here, there = multiprocessing.Pipe()
    process = multiprocessing.get_context("spawn").Process(target=_serve, args=(there, feeds, count), daemon=True)
    process.start()
    try:
        yield Server(here.recv(), here)
    finally:
        process.kill()
        process.join()
