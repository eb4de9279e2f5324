"""Measures of many feeds on local servers: each beside newsboat, in turns in one run."""

from __future__ import annotations

import re
import statistics
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from tests.benchmarks.feed_server import SLOW_SECONDS, Server, server
from tests.benchmarks.readers import NewsTui, Refreshed, readers
from tests.benchmarks.results import Figure
from tests.benchmarks.terminal import Terminal, moves

if TYPE_CHECKING:
    from tests.benchmarks.measures import Bench

FEEDS = 200
ITEMS = 50
SLOW_HOSTS = 50
GROWTH = (50, 100, 200, 500, 1_000)
_REFRESHING = re.compile(r"of [\d,]+ sources|clustering stories")  # in the header

Turns = Mapping[str, tuple[Sequence[Refreshed], Sequence[Refreshed]]]


def feeds(bench: Bench) -> Iterator[Figure]:
    """Refresh 200 feeds in a new home, and again when nothing is new."""
    with server(FEEDS, ITEMS) as served:
        first, again = _in_turns(bench, served.addresses(FEEDS), bench.rounds)
    name = f"{FEEDS} feeds of {ITEMS}"
    read, made = (_seconds(first["news-tui"], field) for field in ("read", "ended"))
    peer = _median(first.get("newsboat"))
    yield _beside(f"{name}, first refresh, all can be read", read, 1.0, peer)
    yield _beside(f"{name}, first refresh, stories made", made, 1.5, peer)
    quiet = _seconds(again["news-tui"])
    note = _ratio(quiet, _median(again.get("newsboat")))
    yield Figure(f"{name}, nothing new (304)", "s", quiet, "≤ 0.4 s", 0.4, note)
    if peer:
        yield Figure(f"{name}, first refresh, newsboat", "s", _seconds(first["newsboat"]), "comparison")
        yield Figure(f"{name}, nothing new (304), newsboat", "s", _seconds(again["newsboat"]), "comparison")


def slow_hosts(bench: Bench) -> Iterator[Figure]:
    """Refresh 50 hosts that take a second each."""
    with server(SLOW_HOSTS, ITEMS) as served:
        first, _ = _in_turns(bench, served.addresses(SLOW_HOSTS, "slow"), bench.rounds, again=False, threads=64)
    name = f"{SLOW_HOSTS} hosts of {SLOW_SECONDS:g} s"
    ours = _seconds(first["news-tui"], "read")
    yield Figure(f"{name}, all can be read", "s", ours, "≤ 2.2 s", 2.2, _ratio(ours, _median(first.get("newsboat"))))
    if "newsboat" in first:
        yield Figure(f"{name}, newsboat", "s", _seconds(first["newsboat"]), "comparison")


def growth(bench: Bench) -> Iterator[Figure]:
    """First refreshes of 50 to 1,000 feeds: the time a feed stays the same if the work is linear."""
    sizes = [size for size in GROWTH if size <= bench.most_feeds] or [GROWTH[0]]
    floor: float | None = None
    with server(sizes[-1], ITEMS) as served:
        for size in sizes:
            rounds = max(1, bench.rounds * FEEDS // size) if size > FEEDS else bench.rounds
            first, _ = _in_turns(bench, served.addresses(size), min(rounds, bench.rounds), again=False)
            each = tuple(1000 * one.ended / size for one in first["news-tui"])
            peer = _median(first.get("newsboat"))
            note = f"newsboat {1000 * peer / size:.1f} ms" if peer else ""
            goal, limit = ("", None) if floor is None or size < 1_000 else ("≤ 1.2 × 200 feeds", floor * 1.2)
            yield Figure(f"first refresh of {size:,} feeds of {ITEMS}, a feed", "ms", each, goal, limit, note)
            if size == FEEDS:
                floor = statistics.median(each)


def memory(bench: Bench) -> Iterator[Figure]:
    """The memory of a first refresh of 300 feeds of 100 articles."""
    count, length = min(300, bench.most_feeds), 100
    with server(count, length) as served:
        reader = NewsTui(bench.folder / "feeds", served.addresses(count), bench.env)
        done = _checked(reader.refresh(), count * length)
    name = f"memory of the first refresh, {count} feeds of {length}"
    yield Figure(name, "MB", (done.memory / 1e6,), "≤ 150 MB", 150)
    yield Figure(f"{name}, each process beside it", "MB", (done.helpers / 1e6,), "")


def keys_while_refreshing(bench: Bench) -> Iterator[Figure]:
    """Key presses while 200 feeds are refreshed."""
    with server(FEEDS, ITEMS) as served:
        times = [seconds for _ in range(bench.rounds) for seconds in _keys(bench, served)]
    if not times:
        raise RuntimeError("the header told of no refresh: no key was pressed")
    name = f"key press while {FEEDS} feeds are refreshed"
    yield Figure(name, "ms", tuple(times), "", None)
    yield Figure(name, "ms", tuple(times), "≤ 33 ms", 33, of="p95")


def _keys(bench: Bench, served: Server) -> Iterator[float]:
    """Move through the articles of half of the sources while the others are fetched; yield milliseconds a key."""
    addresses = served.addresses(FEEDS)
    half = len(addresses) // 2
    reader = NewsTui(bench.folder / "feeds", addresses[:half], bench.env)
    reader.refresh()
    reader.add(addresses[half:])
    terminal = Terminal([*reader.command], reader.env)

    def refreshing(text: str) -> bool:
        return _REFRESHING.search(text.split("\n", 1)[0]) is not None

    try:
        terminal.until(lambda text: "1 of " in text)
        terminal.until(refreshing)
        for seconds in moves(terminal, refreshing):
            yield seconds * 1000
    finally:
        terminal.close()


def _in_turns(
    bench: Bench, addresses: Sequence[str], rounds: int, *, again: bool = True, threads: int = 20
) -> tuple[dict[str, list[Refreshed]], dict[str, list[Refreshed]]]:
    """Refresh in a new home, and ``again``, ``rounds`` times; return both by the name of the reader."""
    first: dict[str, list[Refreshed]] = defaultdict(list)
    second: dict[str, list[Refreshed]] = defaultdict(list)
    for _ in range(rounds):
        for make in readers():
            reader = make(bench.folder / "feeds", addresses, bench.env, threads=threads)
            first[reader.name].append(_checked(reader.refresh(), len(addresses) * ITEMS))
            if again:
                second[reader.name].append(reader.refresh())
            print(f"{reader.name}: {len(addresses)} feeds in {first[reader.name][-1].ended:.2f} s", file=sys.stderr)
    return first, second


def _checked(done: Refreshed, expected: int) -> Refreshed:
    """Return ``done``, unless it did not fetch everything: then it would be no measure of it."""
    if done.memory and done.new != expected:
        raise RuntimeError(f"{done.new:,} of {expected:,} articles came")
    return done


def _seconds(done: Iterable[Refreshed], field: str = "ended") -> tuple[float, ...]:
    return tuple(getattr(one, field) for one in done)


def _median(done: Sequence[Refreshed] | None) -> float | None:
    return statistics.median(one.ended for one in done) if done else None


def _ratio(ours: Sequence[float], peer: float | None) -> str:
    return f"{statistics.median(ours) / peer:.2f} × newsboat" if peer else ""


def _beside(name: str, ours: tuple[float, ...], most: float, peer: float | None) -> Figure:
    """Return a figure whose goal is ``most`` times that of newsboat."""
    return Figure(name, "s", ours, f"≤ {most} × newsboat", peer and peer * most, _ratio(ours, peer))
