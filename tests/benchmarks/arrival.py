"""Measures of what just came: the first headlines of new feeds, and one article among many."""

from __future__ import annotations

import itertools
import random
import shutil
import statistics
import subprocess
import sys
import time
import zlib
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from tests.benchmarks.corpora import words
from tests.benchmarks.feed_server import Server, items, server, vocabulary
from tests.benchmarks.readers import Newsboat, NewsTui, readers
from tests.benchmarks.results import Figure
from tests.benchmarks.terminal import Terminal

if TYPE_CHECKING:
    from tests.benchmarks.measures import Bench

PACK = 12
ITEMS = 50
_DAYS = 120  # over which the many articles are spread
_STORY = 3  # articles, on average, that tell of one event
_EVENTS = 40  # that are told of at a time
_MADE_ANEW = 10.0  # seconds: an index that is up to date takes less


def pack(bench: Bench) -> Iterator[Figure]:
    """Add a starter pack of 12 feeds at the first start: from the first answer to the first headline."""
    ours, theirs = [], []
    with server(PACK, ITEMS) as served:
        program = _with_pack(bench.folder / "program", served.addresses(PACK, "pack"))
        for _ in range(bench.rounds):
            ours.append(1000 * _pack_added(bench, served, program))
            if Newsboat in readers():
                theirs.append(1000 * _newsboat_started(bench, served))
    name = f"first headlines after adding a pack of {PACK} feeds, from the first answer"
    note = f"{statistics.median(ours) / statistics.median(theirs):.2f} × newsboat" if theirs else ""
    yield Figure(name, "ms", tuple(ours), "≤ 500 ms", 500, note)
    if theirs:
        name = f"first articles of {PACK} feeds in newsboat, from the first answer"
        yield Figure(name, "ms", tuple(theirs), "comparison")


def _with_pack(folder: Path, addresses: list[str]) -> Path:
    """Copy the program to ``folder``, with ``addresses`` as its first starter pack."""
    import tui_reader
    from tui_reader.subscriptions.starter_packs import PACK_NAMES

    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(Path(tui_reader.__file__).parent, folder / "tui_reader")
    feeds = "".join(f'<outline type="rss" text="Paper {n}" xmlUrl="{each}"/>' for n, each in enumerate(addresses))
    head = "<head><title>Papers</title></head>"
    text = f'<?xml version="1.0"?><opml version="2.0">{head}<body>{feeds}</body></opml>'
    (folder / "tui_reader" / "subscriptions" / "packs" / f"{PACK_NAMES[0]}.opml").write_text(text)
    return folder


def _pack_added(bench: Bench, served: Server, program: Path) -> float:
    """Start without sources, add the first pack, and return the seconds from the first answer to a headline of it."""
    reader = NewsTui(bench.folder / "feeds", [], bench.env)
    starts = [" ".join(item.title.split()[:2]) for number in range(PACK) for item in items(number, ITEMS)]
    starts = [start for start in starts if len(start) >= 10]  # shorter ones could be anywhere
    served.forget_answers()
    # Safe path: the folder that this runs in has the program, too.
    env = {**reader.env, "PYTHONPATH": str(program), "PYTHONSAFEPATH": "1"}
    terminal = Terminal(reader.command, env)
    try:
        terminal.until(lambda text: "1 of " in text)  # the sample
        terminal.press_until(b"K", lambda text: "Papers" in text)
        terminal.press(b" ")
        terminal.send(b"\r")
        seen = terminal.started + terminal.until(lambda text: any(start in text for start in starts))
    finally:
        terminal.close()
    return seen - served.first_answer()


def _newsboat_started(bench: Bench, served: Server) -> float:
    """Start newsboat with the same feeds; return the seconds from the first answer to the first count of articles."""
    reader = Newsboat(bench.folder / "feeds", served.addresses(PACK, "pack"), bench.env)
    served.forget_answers()
    terminal = Terminal([*reader.command, "-r"], reader.env, folder=reader.folder)
    try:
        seen = terminal.started + terminal.until(lambda text: f"({ITEMS}/{ITEMS})" in text)
    finally:
        terminal.close()
    return seen - served.first_answer()


def one_more(bench: Bench) -> Iterator[Figure]:
    """One new article into an index of 50,000: from its file to its story."""
    count = bench.largest // 2
    source, articles = many(bench.folder / f"many-{count}", count)
    begin = time.perf_counter()
    bench.run("index", str(source))
    whole = time.perf_counter() - begin
    start = statistics.median(bench.seconds("--version") for _ in range(bench.runs))
    unchanged, inside, outside = [], [], []
    for number in range(bench.runs):
        unchanged.append(_update(bench, source))
        _write(source, f"new-{2 * number}", next(articles))
        inside.append(_update(bench, source) - unchanged[-1])
        _write(source, f"new-{2 * number + 1}", next(articles))
        outside.append(1000 * (bench.seconds("index", str(source)) - start))
    newest = bench.run("stories", str(source), "--sort", "newest", "--folded", "--limit", "1", "--json")
    if f"/new-{2 * bench.runs - 1}" not in newest:
        raise RuntimeError(f"the newest article is not the one that came last: {newest}")
    name = f"one new article into an index of {count:,}"
    yield Figure(f"{name}, file to story, in process", "ms", tuple(inside), "≤ 150 ms", 150)
    note = f"{statistics.median(unchanged):.0f} ms of it to look at the files"
    yield Figure(f"{name}, news-tui index, beyond start", "ms", tuple(outside), "", None, note)
    if whole > _MADE_ANEW:
        yield Figure(f"index of {count:,} articles made anew, an article", "ms", (1000 * whole / count,), "")


_UPDATE = """
import sys, time
from tui_reader.commands.indexing import update_steps
from tui_reader.config import folders
from tui_reader.pipeline import clusterer
from tui_reader.subscriptions.selection import select_sources
selection = select_sources(sys.argv[1:], folders())
begin = time.perf_counter()
for step in update_steps(selection): pass
assert not step.failures, step.failures
print(1000 * (time.perf_counter() - begin))
"""


def _update(bench: Bench, source: Path) -> float:
    """Update the index in a process that has started; return the milliseconds."""
    command = [sys.executable, "-c", _UPDATE, str(source)]
    return float(subprocess.run(command, env=bench.env, capture_output=True, check=True).stdout)


class Told(NamedTuple):
    """An article without heat: its stories are made here."""

    title: str
    excerpt: str
    published: datetime


def told(count: int) -> Iterator[Told]:
    """Yield articles without end, ``count`` of them in 120 days: each tells of an event, several of the same one."""
    rng = random.Random(50)
    known = vocabulary()
    start = datetime(2026, 5, 1, tzinfo=UTC)
    events = [words(rng, known, 30).split() for _ in range(_EVENTS)]
    for number in itertools.count():
        if not number % _STORY:
            events[rng.randrange(_EVENTS)] = words(rng, known, 30).split()
        event = events[rng.randrange(_EVENTS)]
        title = " ".join([*rng.sample(event[:8], 5), words(rng, known, 4)]).capitalize()
        excerpt = " ".join([*rng.sample(event, 20), words(rng, known, 20)]).capitalize()
        yield Told(title, excerpt, start + timedelta(days=_DAYS * number / count))


def many(folder: Path, count: int) -> tuple[Path, Iterator[Told]]:
    """Write ``count`` articles to ``folder``, unless they are there; return it and the articles that come next."""
    articles = told(count)
    news = folder / "_news"
    if (folder / "_config.yml").exists():
        for path in news.glob("new-*.md"):
            path.unlink()
        for _ in itertools.islice(articles, count):
            pass
        return folder, articles
    news.mkdir(parents=True)
    for number, article in enumerate(itertools.islice(articles, count)):
        _write(folder, str(number), article)
    (folder / "_config.yml").write_text('title: "Many articles"\n')
    return folder, articles


def _write(folder: Path, name: str, article: Told) -> None:
    address = f"https://paper{zlib.crc32(name.encode()) % 300}.example/{name}"
    (folder / "_news" / f"{name}.md").write_text(
        f'---\ntitle: "{article.title}"\nexcerpt: "{article.excerpt}"\nwebUrl: "{address}"\n'
        f"publishedDateTime: {article.published:%Y-%m-%dT%H:%M:%SZ}\n---\n"
    )
