"""Measures of an account on a server: its first synchronisation, beside the server alone."""

from __future__ import annotations

import statistics
import subprocess
import time
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import httpx

from tests.benchmarks.feed_server import items
from tests.benchmarks.readers import NewsTui
from tests.benchmarks.results import Figure
from tests.benchmarks.terminal import Terminal
from tests.support.google_reader_server import PASSWORD, USER, Dialect, GoogleReaderServer
from tests.support.servers import Loopback, Request, Site

if TYPE_CHECKING:
    from tests.benchmarks.measures import Bench

_FEEDS = 20
_SHOWN = 50  # the newest entries, which come first


def account(bench: Bench) -> Iterator[Figure]:
    """Synchronise with a new account; then send the server the same requests again, without doing anything else."""
    count = bench.largest // 10
    alone, read, made, shown = [], [], [], []
    with Loopback() as net:
        site = net.site()
        server = filled(site, count)
        for _ in range(bench.rounds):
            reader = _with_account(bench, site)
            asked = len(site.requests)
            done = reader.refresh()
            if done.new != count:
                raise RuntimeError(f"{done.new:,} of {count:,} entries came")
            alone.append(_answered(site, site.requests[asked:]))
            read.append(done.read)
            made.append(done.ended)
            shown.append(_first_headline(_with_account(bench, site), server))
    floor = statistics.median(alone)
    name = f"account of {count:,} entries"
    yield Figure(f"{name}, its server alone", "s", tuple(alone), "baseline")
    note = f"{statistics.median(read) / floor:.1f} × its server"
    yield Figure(f"{name}, first refresh, all can be read", "s", tuple(read), "≤ 2 × its server", 2 * floor, note)
    yield Figure(f"{name}, first refresh, stories made", "s", tuple(made), "")
    yield Figure(f"{name}, first headline, from the start of the reader", "s", tuple(shown), "≤ 1 s", 1.0)


def filled(site: Site, count: int) -> GoogleReaderServer:
    """Make a server as FreshRSS is, with so many entries of 20 feeds, which came in turns."""
    server = GoogleReaderServer(site, Dialect.FRESHRSS)
    feeds = [server.add_feed(f"https://paper{number}.example/feed", f"Paper {number}") for number in range(_FEEDS)]
    told = [items(number, -(-count // _FEEDS)) for number in range(_FEEDS)]
    came = int(time.time()) - count
    for number in range(count):
        (item,) = server.add(feeds[number % _FEEDS], came=came + number)
        entry = next(told[number % _FEEDS])
        item.title, item.html = entry.title, f"<p>{entry.text}</p>"
    return server


def _with_account(bench: Bench, site: Site) -> NewsTui:
    """Add the account in a new home."""
    reader = NewsTui(bench.folder / "account", [], bench.env)
    address = site.url(Dialect.FRESHRSS.prefix)
    command = [*reader.command, "account", "add", "freshrss", address, "--user", USER, "--name", "Home"]
    subprocess.run(command, env=reader.env, input=f"{PASSWORD}\n", text=True, capture_output=True, check=True)
    return reader


def _answered(site: Site, requests: Sequence[Request]) -> float:
    """Send these requests again, one after the other; return the seconds."""
    with httpx.Client(trust_env=False, timeout=60) as client:
        begin = time.perf_counter()
        for each in requests:
            headers = {name: value for name, value in each.headers.items() if name != "host"}
            client.request("POST" if each.body else "GET", site.url(each.path), content=each.body, headers=headers)
        return time.perf_counter() - begin


def _first_headline(reader: NewsTui, server: GoogleReaderServer) -> float:
    """Start the reader; return the seconds until one of the newest entries is on the screen."""
    starts = [" ".join(item.title.split()[:2]) for item in server.items[-_SHOWN:]]
    starts = [start for start in starts if len(start) >= 10]  # shorter ones could be anywhere
    terminal = Terminal(reader.command, reader.env)
    try:
        return terminal.until(lambda text: any(start in text for start in starts))
    finally:
        terminal.close()
