"""The measures: each runs the installed program and yields figures."""

from __future__ import annotations

import json
import os
import random
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from tests.benchmarks.accounts import account
from tests.benchmarks.arrival import one_more, pack
from tests.benchmarks.corpora import BIG_COLLECTION, SIZES, Shape, make
from tests.benchmarks.feeds import feeds, growth, keys_while_refreshing, memory, slow_hosts
from tests.benchmarks.results import Figure
from tests.benchmarks.searches import large_commands, searches
from tests.benchmarks.terminal import Terminal, moves

PAGE_DOWN = b"\x1b[6~"
NEWS = [sys.executable, "-m", "tui_reader"]
BARE = [sys.executable, "-m", "tests.benchmarks.bare"]


class Bench:
    """A folder for collections and home folders, and the number of runs of each measure."""

    def __init__(self, folder: Path, runs: int, largest: int, most_feeds: int = 1_000) -> None:
        self.folder = folder
        self.runs = runs
        self.largest = largest
        self.most_feeds = most_feeds
        self.env = self.home("home")

    @property
    def rounds(self) -> int:
        """The number of runs of a measure that takes long."""
        return max(1, self.runs // 3)

    def home(self, name: str) -> dict[str, str]:
        """Return the environment for a home folder, which is made if needed."""
        path = self.folder / name
        settings = path / ".config" / "news-tui" / "config.toml"
        settings.parent.mkdir(parents=True, exist_ok=True)
        settings.write_text('pictures = "off"\n')  # they are on hosts that do not exist
        env = {name: os.environ[name] for name in ("PATH", "LANG") if name in os.environ}
        return env | {"HOME": str(path), "TERM": "xterm-256color", "COLORTERM": "truecolor", "LANG": "C.UTF-8"}

    def collection(self, shape: Shape) -> Path:
        """Return the collection of ``shape``; generate it if needed."""
        return make(self.folder / shape.folder, shape)

    def run(self, *arguments: str) -> str:
        """Run ``news-tui`` and return its output."""
        done = subprocess.run([*NEWS, *arguments], env=self.env, capture_output=True, text=True, check=True)
        return done.stdout

    def seconds(self, *arguments: str) -> float:
        """Run ``news-tui`` and return how long it took, in seconds."""
        begin = time.perf_counter()
        self.run(*arguments)
        return time.perf_counter() - begin

    def headline(self, source: Path) -> str:
        """Return the first words of the first story's title."""
        first = json.loads(self.run("stories", str(source), "--limit", "1", "--json"))
        return " ".join(first["title"].split()[:2])

    def drop_indexes(self) -> None:
        """Delete all indexes."""
        shutil.rmtree(Path(self.env["HOME"]) / ".cache", ignore_errors=True)

    def open(self, source: Path) -> Terminal:
        """Open the reader on ``source``."""
        return Terminal([*NEWS, str(source)], self.env)

    def opened(self, source: Path) -> Terminal:
        """Open the reader and wait until the screen is complete."""
        title = self.headline(source)
        terminal = self.open(source)
        terminal.until(lambda text: title in text)
        terminal.settle(quiet=1.5)
        return terminal


def first_screen(bench: Bench) -> Iterator[Figure]:
    """From launch to the first title, alternating with the bare app."""
    sizes = [size for size in SIZES if size <= bench.largest]
    titles = {}
    for size in sizes:
        source = bench.collection(SIZES[size])
        bench.run("index", str(source))
        titles[size] = bench.headline(source)
    bare: list[float] = []
    news: dict[int, list[float]] = {size: [] for size in sizes}
    memory: dict[int, list[float]] = {size: [] for size in sizes}
    for _ in range(bench.runs):
        with_bare = Terminal(BARE, bench.env)
        bare.append(with_bare.until(lambda text: "Row number 9" in text) * 1000)
        with_bare.close()
        for size in sizes:
            terminal = bench.open(bench.collection(SIZES[size]))
            news[size].append(terminal.until(lambda text, title=titles[size]: title in text) * 1000)  # type: ignore[misc]
            peak = terminal.memory()
            for _ in range(20):
                terminal.settle(quiet=0.05, seconds=0.05)
                peak = max(peak, terminal.memory())
            memory[size].append(peak / 1e6)
            terminal.close()
    floor = statistics.median(bare)
    yield Figure("bare Textual app, first screen", "ms", tuple(bare), "baseline")
    for size in sizes:
        ratio = statistics.median(news[size]) / floor
        name = f"first screen, {size:,} articles, warm"
        yield Figure(name, "ms", tuple(news[size]), "≤ 1.3 × bare", floor * 1.3, f"{ratio:.2f} × bare")
    for size in sizes:
        yield Figure(f"memory, reader open, {size:,} articles", "MB", tuple(memory[size]), "≤ 70 MB", 70)


def newsboat(bench: Bench) -> Iterator[Figure]:
    """First screen and list of newsboat, with the same number of articles in one feed."""
    program = shutil.which("newsboat")
    if program is None:
        print("newsboat is not installed: skipped", file=sys.stderr)
        return
    count = bench.largest
    folder = bench.folder / f"newsboat-{count}"
    if not folder.exists():
        folder.mkdir()
        (folder / "urls").write_text(f"file://{folder}/feed.xml\n")
        (folder / "config").write_text("max-items 0\nkeep-articles-days 0\n")
        with (folder / "feed.xml").open("w") as feed:
            feed.write('<?xml version="1.0"?><rss version="2.0"><channel><title>Collection</title>')
            for number in range(count):
                feed.write(
                    f"<item><title>Headline number {number} of many in this feed</title><guid>g{number}</guid>"
                    f"<link>https://example.org/{number}</link><description>{'Words of it. ' * 20}</description>"
                    f"<pubDate>Wed, 01 Jan 2020 {number % 24:02}:{number % 60:02}:00 GMT</pubDate></item>"
                )
            feed.write("</channel></rss>")
        command = [program, "-C", "config", "-u", "urls", "-c", "cache.db", "-x", "reload"]
        subprocess.run(command, cwd=folder, env=bench.env, check=True)
    command = [program, "-C", str(folder / "config"), "-u", str(folder / "urls"), "-c", str(folder / "cache.db")]
    launch, opened, keys = [], [], []
    for _ in range(max(3, bench.runs // 3)):
        terminal = Terminal(command, bench.env)
        launch.append(terminal.until(lambda text: "Collection" in text) * 1000)
        begin = launch[-1] + terminal.press_until(b"\r", lambda text: "Headline number" in text, 60) * 1000
        opened.append(begin)
        keys += [terminal.press(b"j") * 1000 for _ in range(10)]
        terminal.close()
    yield Figure(f"newsboat, first screen (one feed), {count:,} articles", "ms", tuple(launch), "comparison")
    yield Figure(f"newsboat, launch to list, {count:,} articles", "ms", tuple(opened), "comparison")
    yield Figure(f"newsboat, key j, {count:,} articles", "ms", tuple(keys), "comparison")


def keys(bench: Bench) -> Iterator[Figure]:
    """Key presses in the largest collection: from the key to the last byte that it draws."""
    source = bench.collection(SIZES[bench.largest])
    bench.run("index", str(source))
    bare = Terminal(BARE, bench.env)
    bare.until(lambda text: "Row number 9" in text)
    bare.settle()
    floor = [bare.press(b"\x1b[B") * 1000 for _ in range(10 * bench.runs)]
    bare.close()
    terminal = bench.opened(source)
    times = list(_key_presses(terminal, bench.runs))
    terminal.close()
    yield Figure("bare Textual app, key press", "ms", tuple(floor), "baseline")
    name = f"key press, {bench.largest:,} articles"
    yield Figure(name, "ms", tuple(times), "≤ 16 ms", 16)
    yield Figure(name, "ms", tuple(times), "≤ 33 ms", 33, of="p95")


def _key_presses(terminal: Terminal, rounds: int) -> Iterator[float]:
    """Move, page, jump, change topic, open and go back; yield seconds a key."""
    for _ in range(rounds):
        for key in (
            b"j",
            b"j",
            PAGE_DOWN,
            b"j",
            b"G",
            b"g",
            b"\r",
            b"\x1b",
            b"T",
            b"j",
            b"\r",
            b"j",
            b"j",
            b"\r",
            b"\x1b",
        ):
            took = terminal.press(key, seconds=1.0) * 1000
            # A key without effect, such as at the end of a list, draws nothing.
            if took:
                yield took
        for key in (b"T", b"g", b"\r", b"g"):
            terminal.press(key)


def keys_while_indexing(bench: Bench) -> Iterator[Figure]:
    """Key presses while a cold index of the big collection runs."""
    source = bench.collection(BIG_COLLECTION)
    times: list[float] = []
    peaks: list[float] = []
    for _ in range(max(2, bench.runs // 4)):
        bench.drop_indexes()
        terminal = bench.open(source)
        terminal.until(lambda text: "1 of " in text)
        peak = 0
        for taken in moves(terminal, lambda text: "/s" in text.splitlines()[0]):
            times.append(taken * 1000)
            peak = max(peak, terminal.memory())
        terminal.settle()
        peaks.append(peak / 1e6)
        terminal.close()
    if not times:
        raise RuntimeError("the header told of no indexing: no key was pressed")
    yield Figure("key press while a cold index runs", "ms", tuple(times), "≤ 33 ms", 33, of="p95")
    yield Figure("memory while indexing, reader and indexer", "MB", tuple(peaks), "≤ 250 MB", 250)


def search(bench: Bench) -> Iterator[Figure]:
    """Search as you type: from the key to the results."""
    source = bench.collection(SIZES[bench.largest])
    bench.run("index", str(source))
    terminal = bench.opened(source)
    title = json.loads(bench.run("stories", str(source), "--limit", "1", "--json"))["title"].split()
    times: list[float] = []
    for word in title[: max(3, bench.runs // 2)]:
        terminal.press(b"/")
        typed = ""
        for letter in word[:5].lower():
            typed += letter
            seen = f"“{typed}”"
            times.append(terminal.press_until(letter.encode(), lambda text, seen=seen: seen in text) * 1000)  # type: ignore[misc]
        terminal.press(b"\x1b")
        terminal.settle(quiet=0.3)
    terminal.close()
    yield Figure(f"search as you type, {bench.largest:,} articles", "ms", tuple(times), "≤ 50 ms", 50)


def changing(bench: Bench) -> Iterator[Figure]:
    """Another topic, order or window: from the key to the list."""
    source = bench.collection(SIZES[bench.largest])
    bench.run("index", str(source))
    terminal = bench.opened(source)
    words = {
        b"S": ["newest first", "by quality", "by provider", "hot now", "by heat"],
        b"t": ["a month", "a week", "a day", "all time"],
    }
    for key, facts in words.items():
        times = []
        for _ in range(max(1, bench.runs // 3)):
            for fact in facts:
                seen: Callable[[str], bool] = lambda text, fact=fact: fact in text.splitlines()[0]  # type: ignore[misc]  # noqa: E731
                times.append(terminal.press_until(key, seen) * 1000)
        name = "another order" if key == b"S" else "another window"
        yield Figure(f"{name}, {bench.largest:,} articles", "ms", tuple(times), "≤ 50 ms", 50)
    terminal.press(b"T")
    terminal.press(b"g")
    times = []
    for _ in range(max(2, bench.runs // 2)):
        for key in (b"j", b"j", b"j", b"j", b"k", b"k", b"k", b"k"):
            times.append(terminal.press(key) * 1000)
    terminal.close()
    yield Figure(f"another topic, {bench.largest:,} articles", "ms", tuple(times), "≤ 50 ms", 50)


def cold_index(bench: Bench) -> Iterator[Figure]:
    """A cold index of the big collection, compared with python-frontmatter parsing the same files."""
    source = bench.collection(BIG_COLLECTION)
    cold = []
    for _ in range(max(3, bench.runs // 3)):
        bench.drop_indexes()
        cold.append(bench.seconds("index", str(source)))
    beside = _frontmatter(source, statistics.median(cold))
    yield Figure("cold index, 139 MB, 4,958 articles", "s", tuple(cold), "≤ 3 s", 3.0, beside)
    shown = []
    for _ in range(max(3, bench.runs // 3)):
        bench.drop_indexes()
        terminal = bench.open(source)
        shown.append(terminal.until(lambda text: "1 of " in text))
        terminal.close()
    yield Figure("headlines on the screen, cold index", "s", tuple(shown), "≤ 0.6 s", 0.6)
    bench.run("index", str(source))
    start = [bench.seconds("--version") for _ in range(bench.runs)]
    base = statistics.median(start)
    again = [(bench.seconds("index", str(source)) - base) * 1000 for _ in range(bench.runs)]
    yield Figure("index again, nothing changed, beyond start", "ms", tuple(again), "≤ 60 ms", 60)
    changed = []
    files = sorted((source / "_news").iterdir())
    rng = random.Random(4)
    for _ in range(max(3, bench.runs // 2)):
        for path in rng.sample(files, 10):
            path.write_text(path.read_text().replace("category: news", "category:  news"))
        changed.append((bench.seconds("index", str(source)) - base) * 1000)
    yield Figure("index again, 10 files changed, beyond start", "ms", tuple(changed), "≤ 150 ms", 150)


def short_commands(bench: Bench) -> Iterator[Figure]:
    """Commands that print a few lines, each in turns with Python itself: whole processes."""
    source = bench.collection(BIG_COLLECTION)
    bench.run("index", str(source))
    commands = {
        "python -c pass": [sys.executable, "-c", "pass"],
        "python -c 'import sqlite3'": [sys.executable, "-c", "import sqlite3"],
        "news-tui --version": [*NEWS, "--version"],
        "news-tui stories --limit 20": [*NEWS, "stories", str(source), "--limit", "20"],
        "news-tui topics": [*NEWS, "topics", str(source)],
        "news-tui sources": [*NEWS, "sources"],
    }
    times: dict[str, list[float]] = {name: [] for name in commands}
    for _ in range(2 * bench.runs):
        for name, command in commands.items():
            begin = time.perf_counter()
            subprocess.run(command, env=bench.env, capture_output=True, check=True)
            times[name].append(1000 * (time.perf_counter() - begin))
    floor = statistics.median(times["python -c 'import sqlite3'"])
    goals = {"news-tui --version": 60, "news-tui stories --limit 20": 120}
    for name, values in times.items():
        if name.startswith("python"):
            yield Figure(name, "ms", tuple(values), "baseline")
            continue
        limit = goals.get(name)
        note = f"{statistics.median(values) / floor:.1f} × python with sqlite3"
        yield Figure(name, "ms", tuple(values), f"≤ {limit} ms" if limit else "", limit, note)


def _frontmatter(source: Path, ours: float) -> str:
    """Return how long python-frontmatter takes: the time for every tenth file, times ten."""
    code = (
        "import sys, time, pathlib, frontmatter\n"
        "files = sorted(pathlib.Path(sys.argv[1]).iterdir())[::10]\n"
        "begin = time.perf_counter()\n"
        "for path in files: frontmatter.load(path)\n"
        "print((time.perf_counter() - begin) * 10)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(source / "_news")], capture_output=True, text=True, check=False
    )
    if done.returncode:
        print("python-frontmatter is not installed: skipped", file=sys.stderr)
        return ""
    theirs = float(done.stdout)
    return f"python-frontmatter, parsing only: {theirs:.1f} s ({theirs / ours:.1f} ×; from every tenth file)"


def index_size(bench: Bench) -> Iterator[Figure]:
    """Bytes of the index beyond the text that it stores."""
    source = bench.collection(SIZES[bench.largest])
    bench.run("index", str(source))
    (path,) = (Path(bench.env["HOME"]) / ".cache" / "news-tui").glob(f"opened-{source.name}-*.db")
    code = (
        "import sqlite3, sys\n"
        "db = sqlite3.connect(sys.argv[1])\n"
        "columns = 'title excerpt provider domain kind web_url original_url amp_url cdn_amp_url images'.split()\n"
        "sizes = ' + '.join(f'coalesce(length(cast({c} as blob)), 0)' for c in columns)\n"
        "print(*db.execute(f'SELECT count(*), sum({sizes}) FROM article').fetchone())\n"
    )
    done = subprocess.run([sys.executable, "-c", code, str(path)], capture_output=True, text=True, check=True)
    articles, text = map(int, done.stdout.split())
    beyond = (path.stat().st_size - text) / articles
    yield Figure(f"index beyond the text, {bench.largest:,} articles", "bytes an article", (beyond,), "≤ 1,500", 1500)


MEASURES: dict[str, Callable[[Bench], Iterator[Figure]]] = {
    "screen": first_screen,
    "newsboat": newsboat,
    "keys": keys,
    "search": search,
    "searches": searches,
    "large": large_commands,
    "changing": changing,
    "size": index_size,
    "indexing": keys_while_indexing,
    "cold": cold_index,
    "commands": short_commands,
    "feeds": feeds,
    "slow": slow_hosts,
    "pack": pack,
    "refreshing": keys_while_refreshing,
    "memory": memory,
    "growth": growth,
    "one": one_more,
    "account": account,
}
