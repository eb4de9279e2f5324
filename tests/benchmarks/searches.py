"""Measures of many articles with bodies: each key of a search, beside a bare query of SQLite, and commands."""

from __future__ import annotations

import json
import os
import sqlite3
import statistics
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from tests.benchmarks.corpora import WITH_BODIES
from tests.benchmarks.results import Figure

if TYPE_CHECKING:
    from tests.benchmarks.measures import Bench
    from tui_reader.ui.library import Library

_READ = 5_000  # articles that are marked as read


class Case(NamedTuple):
    """A query, and what SQLite is asked for the same by itself.

    ``bare`` are queries of the full-text tables, or else the condition on ``listing``.
    """

    name: str
    query: str
    bare: tuple[str, ...] = ()
    condition: str = ""


def searches(bench: Bench) -> Iterator[Figure]:
    """Search 100,000 articles with bodies: from each key of a query to the rows, without drawing them."""
    env, index = _subscribed(bench)
    marks = bench.folder / "searches-marks.db"
    command = [sys.executable, "-m", "tests.benchmarks.searches", str(index), str(marks), str(bench.rounds)]
    done = subprocess.run(command, env=env, capture_output=True, text=True, check=True)
    measured = [json.loads(line) for line in done.stdout.splitlines()]
    articles = f"{bench.largest:,} articles with bodies"
    for each in measured:
        note = f"{each['found']:,} stories; SQLite alone {statistics.median(each['floor']):.1f} ms"
        yield Figure(f"search of {articles}: {each['name']}", "ms", tuple(each["whole"]), "≤ 50 ms", 50, note)
    every = tuple(value for each in measured for value in each["keys"])
    yield Figure(f"search of {articles}: each key of these", "ms", every, "≤ 50 ms", 50, of="p95")
    with sqlite3.connect(index) as connection:
        (searched,) = connection.execute("SELECT sum(length(block)) FROM text_search_data").fetchone()
        (text,) = connection.execute("SELECT sum(length(CAST(text AS BLOB))) FROM body").fetchone()
    yield Figure("search index of bodies", "% of their text", (100 * searched / text,), "")


def large_commands(bench: Bench) -> Iterator[Figure]:
    """Commands for many articles with bodies, whole processes beside a list of one story, and their memory."""
    env, index = _subscribed(bench)
    with sqlite3.connect(index) as connection:
        often = cases(connection)[-1].query
        (newest,) = connection.execute("SELECT published FROM article ORDER BY published DESC LIMIT 1").fetchone()
    month = f"{datetime.fromtimestamp(newest - 31 * 86_400, UTC):%Y-%m-%d}"
    commands = {
        "digest of a month": ["digest", "--since", month],
        "digest of a month, all of it": ["digest", "--since", month, "--limit", "100000"],
        "export of 1,000 stories, HTML": ["export", "--format", "html", "--limit", "1000"],
        "export of 1,000 stories, EPUB": ["export", "--format", "epub", "--limit", "1000"],
        "preview of a filter, a word of most texts": ["filter", often, "--mute", "--dry-run"],
        "mark as read by a word of most texts, tried": ["mark", "read", "--search", often, "--dry-run"],
    }
    articles = f"{bench.largest:,} articles with bodies"
    start: list[float] = []
    taken: dict[str, list[float]] = {name: [] for name in commands}
    memory = dict.fromkeys(commands, 0.0)
    for _ in range(bench.rounds):
        start.append(_whole(["stories", "--limit", "1"], env)[0])
        for name, arguments in commands.items():
            seconds, most = _whole(arguments, env)
            taken[name].append(seconds)
            memory[name] = max(memory[name], most)
    yield Figure(f"{articles}, news-tui stories --limit 1", "s", tuple(start), "baseline")
    for name in commands:
        goal, limit = "≤ 2 s more", statistics.median(start) + 2
        yield Figure(f"{articles}, {name}", "s", tuple(taken[name]), goal, limit, f"{memory[name]:.0f} MB")


def _whole(arguments: Sequence[str], env: Mapping[str, str]) -> tuple[float, float]:
    """Run a command; return the seconds that it takes, and the most memory it had, in MB."""
    command = [sys.executable, "-m", "tui_reader", *arguments]
    begin = time.perf_counter()
    pid = os.posix_spawn(
        sys.executable, command, env, file_actions=[(os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0)]
    )
    _, status, used = os.wait4(pid, 0)
    seconds = time.perf_counter() - begin
    if code := os.waitstatus_to_exitcode(status):
        raise RuntimeError(f"{' '.join(arguments)} ended with {code}")
    return seconds, used.ru_maxrss / 1000


def _subscribed(bench: Bench) -> tuple[dict[str, str], Path]:
    """Return a home whose only source are articles with bodies, and its index."""
    source = bench.collection(WITH_BODIES[bench.largest])
    env = bench.home("home-bodies")
    home = Path(env["HOME"])
    (home / ".config" / "news-tui" / "sources.toml").write_text(f"[[source]]\nlocation = {json.dumps(str(source))}\n")
    subprocess.run([sys.executable, "-m", "tui_reader", "index"], env=env, capture_output=True, check=True)
    return env, home / ".cache" / "news-tui" / "kept.db"


def cases(connection: sqlite3.Connection) -> list[Case]:
    """Return the queries, made of words of the index."""
    some_of = "SELECT title FROM article WHERE shown = 1 AND id % ((SELECT max(id) FROM article) / 1000) = 0"
    titles = [row[0] for row in connection.execute(some_of)]
    ranked = [word for word, _ in Counter(" ".join(titles).lower().split()).most_common() if word.isascii()]
    often, some, other = ranked[0], next(each for each in ranked[40:] if len(each) > 5), ranked[60]
    first, second = next(title for title in titles[len(titles) // 2 :] if title.isascii()).lower().split()[:2]
    chinese = next(title for title in titles if not title.isascii())[-8:-5]
    (newest,) = connection.execute("SELECT published FROM article ORDER BY published DESC LIMIT 1").fetchone()
    since = datetime(datetime.fromtimestamp(newest, UTC).year - 1, 6, 1, tzinfo=UTC)
    return [
        Case("the beginning of a word", some[:4], (f'"{some[:4]}"*',)),
        Case("two words", f"{some} {other}", (f'"{some}"* "{other}"*',)),
        Case("a phrase", f'"{first} {second}"', (f'"{first} {second}"',)),
        Case("title:", f"title:{some}", (f'title : "{some}"*',)),
        Case("provider:", "provider:17", ('provider : "17"*',)),
        Case("OR", f"{some} OR {other}", (f'"{some}"* OR "{other}"*',)),
        Case("a negation", f"{some} -{often}", (f'"{some}"* NOT "{often}"*',)),
        Case(
            "is:unread heat:>100",
            "is:unread heat:>100",
            condition="heat > 100 AND NOT EXISTS "
            "(SELECT 1 FROM marks.mark m WHERE m.page = listing.page AND m.read IS NOT NULL)",
        ),
        Case("after:", f"after:{since:%Y-%m-%d}", condition=f"published >= {since.timestamp():.0f}"),
        Case("three Chinese characters", chinese, (f'"{" ".join(chinese)}"',)),
        Case("a word of most texts", often, (f'"{often}"*',)),
    ]


def main() -> None:
    """Measure the index and marks that are named; print a JSON object for each query."""
    index, marks, rounds = Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3])
    _read_some(index, marks)
    with sqlite3.connect(index) as connection:
        connection.execute("ATTACH ? AS marks", (str(marks),))
        for case in cases(connection):
            floor, keys, whole = [], [], []
            for _ in range(rounds):
                floor.append(_bare(connection, case))
                found, typed = _typed(index, marks, case.query)
                keys += typed
                whole.append(typed[-1])
            print(json.dumps({"name": case.name, "floor": floor, "keys": keys, "whole": whole, "found": found}))


def _open(index: Path, marks: Path) -> Library:
    from tui_reader.ui.library import Library

    return Library(index, marks)


def _read_some(index: Path, marks: Path) -> None:
    library = _open(index, marks)
    from tui_reader.model.query import Query

    order = library.reader.order(Query())
    library.marks.set_read(order[:: max(1, len(order) // _READ)], 1)
    library.close()


def _typed(index: Path, marks: Path, query: str) -> tuple[int, list[float]]:
    """Type a query into a reader that has not searched before; return how many it finds, and milliseconds a key."""
    from tui_reader.errors import QueryError
    from tui_reader.model.expression_parser import parse
    from tui_reader.model.query import Query

    library = _open(index, marks)
    library.first_page(Query())
    library.reader.prepare_search(Query())
    found, taken = 0, []
    for end in range(1, len(query) + 1):
        wanted = Query(words=query[:end])
        if query[end - 1] == ":":
            # as the search box does
            library.reader.prepare_condition(query[:end].rpartition(" ")[2].strip(":"))
        try:
            parse(wanted.words)
        except QueryError:
            continue  # not typed to its end: the list stays as it is
        begin = time.perf_counter()
        found = library.listing(wanted).total
        taken.append(1000 * (time.perf_counter() - begin))
    library.close()
    return found, taken


def _bare(connection: sqlite3.Connection, case: Case) -> float:
    """Let SQLite find and count the articles by itself; return the milliseconds."""
    begin = time.perf_counter()
    if case.condition:
        connection.execute(f"SELECT count(*) FROM listing WHERE topic_id = 0 AND {case.condition}").fetchone()
    for query in case.bare:
        for table in ("search",) if " : " in query else ("search", "text_search"):
            connection.execute(f"SELECT count(*) FROM {table} WHERE {table} MATCH ?", (query,)).fetchone()
    return 1000 * (time.perf_counter() - begin)


if __name__ == "__main__":
    main()
