"""Kills commands and readers at random moments: what was acknowledged before is there, and a later run finishes."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import time
import tomllib
from collections.abc import Callable
from contextlib import closing
from itertools import islice
from pathlib import Path

from tests.campaign import marker
from tests.campaign.checks import check_files, check_index, config, copies_of, data, listed, run, stories_of
from tests.campaign.sources import packed, serve
from tests.campaign.stage import Stage
from tests.campaign.world import make_world, marked
from tests.storage.test_upgrade import FEED, FETCHED, MARKS
from tests.support.collections import article_fields, file_name, make_collection, write_article
from tests.support.command import Home
from tests.support.servers import Loopback
from tests.ui.terminal import Terminal
from tests.ui.terminal import installed as terminal

_ARTICLES = 60
_FEEDS = 3
_FILTERED = "ferry OR harbour"
_KILLS = 4  # of one attempt


def attempt(stage: Stage) -> None:
    """Kill one kind of work a few times, each time in the state that the kill before left."""
    names = list(_WORK)
    name = names[stage.number % len(names)]
    kills = 1 if stage.short else _KILLS
    with stage.trying(name, kills):
        _WORK[name](stage, kills)


class _Killer:
    """Kills processes after a random part of the time that the first of them took."""

    def __init__(self, stage: Stage, home: Home, *arguments: str | Path) -> None:
        self._random = stage.random
        self._home = home
        start = time.monotonic()
        run(home, *arguments)
        self._seconds = time.monotonic() - start

    def kill(self, *arguments: str | Path) -> list[str]:
        """Start a command, kill it at a random moment, and return the lines that it had printed."""
        with self._home.start(*arguments) as process:
            return kill(process, self._seconds * self._random.uniform(0.1, 1.1))


def kill(process: subprocess.Popen[str], after: float) -> list[str]:
    """Kill a process after so many seconds; return the complete lines that it printed."""
    try:
        printed, errors = process.communicate(timeout=after)
    except subprocess.TimeoutExpired:
        process.kill()
        printed, errors = process.communicate()
    assert "Traceback" not in errors, errors[-3000:]
    assert process.returncode in {0, 1, -signal.SIGKILL}, f"ended with {process.returncode}: {errors}"
    return printed.splitlines()[: printed.count("\n")]


# -- the index ---------------------------------------------------------------------


def _index_folder(stage: Stage, kills: int) -> None:
    home, site = stage.home(), make_collection(stage.folder / "site", _ARTICLES)
    killer = _Killer(stage, home, "index", site)
    for _ in range(kills):
        _change_files(stage, site)
        rebuild = ["--rebuild"] * (stage.random.random() < 0.3)
        killer.kill("index", *rebuild, site)
        check_files(home)
        run(home, "index", site)
        check_index(home, site)


def _change_files(stage: Stage, site: Path) -> None:
    for number in stage.random.sample(range(_ARTICLES + 20), 20):
        path = site / "_news" / file_name(number)
        if path.exists() and stage.random.random() < 0.3:
            path.unlink()
        else:
            write_article(path, article_fields(number, _ARTICLES + 20, quality=stage.random.randrange(90)))


def _index_archive(stage: Stage, kills: int) -> None:
    suffix = stage.random.choice((".zip", ".tar.gz"))
    home, site, archive = stage.home(), make_collection(stage.folder / "site", _ARTICLES), stage.folder / f"a{suffix}"
    killer = _Killer(stage, home, "index", packed(site, archive))
    for _ in range(kills):
        _change_files(stage, site)
        killer.kill("index", packed(site, archive))
        check_files(home)
        run(home, "index", archive)
        check_index(home, archive)


def _index_feeds(stage: Stage, kills: int) -> None:
    with Loopback() as net:
        home = stage.home()
        run(home, "add", *serve(net.site(), _FEEDS, newest=30))
        run(home, "refresh")
        killer = _Killer(stage, home, "index", "--rebuild")
        before = listed(home)
        for _ in range(kills):
            killer.kill("index", "--rebuild")
            check_files(home)
            assert listed(home) == before, "another list than before the kill"
            check_index(home)


# -- refreshing and adding -----------------------------------------------------------


def _refresh(stage: Stage, kills: int) -> None:
    with Loopback() as net:
        home, site, newest = stage.home(), net.site(), 10
        run(home, "add", *serve(site, _FEEDS, newest))
        killer = _Killer(stage, home, "refresh", "--force")
        known = set(listed(home))
        for _ in range(kills):
            newest += stage.random.randrange(5, 15)
            serve(site, _FEEDS, newest)
            lines = killer.kill("refresh", "--force", "--json")
            stored = max((json.loads(line)["new"] for line in lines), default=0)
            check_files(home)
            # The sources go on: what was stored before the kill is in no feed any more.
            newest += stage.random.choice((0, 0, 30))
            serve(site, _FEEDS, newest)
            run(home, "refresh", "--offline")
            now = set(listed(home))
            assert known <= now, f"lost: {sorted(known - now)[:5]}"
            assert len(now) >= len(known) + stored, f"{stored} were stored, but only {len(now) - len(known)} are new"
            run(home, "refresh", "--force")
            known = set(listed(home))
            assert now <= known, f"lost by the next refresh: {sorted(now - known)[:5]}"
            check_index(home)


def _refresh_with_filters(stage: Stage, kills: int) -> None:
    """Kill refreshes that apply filters and run a hook; a person takes back what a filter did."""
    with Loopback() as net:
        home, site, newest = stage.home(), net.site(), 10
        told = stage.folder / "told"
        config(home).mkdir(parents=True)
        command = f'["sh", "-c", "cat >> {told}"]'
        hook = f'new = {{query = "is:unread", command = {command}, input = "url", most = 100}}'
        (config(home) / "config.toml").write_text(f"[hooks]\n{hook}\n", encoding="utf-8")
        run(home, "add", *serve(site, _FEEDS, newest))
        run(home, "refresh", "--force")
        run(home, "filter", "--save", _FILTERED)
        run(home, "filter", "--tag", "boat", _FILTERED)
        killer = _Killer(stage, home, "refresh", "--force")
        before = set(listed(home))
        unsaved: set[str] = set()
        for _ in range(kills):
            newest += stage.random.randrange(5, 15)
            serve(site, _FEEDS, newest)
            killer.kill("refresh", "--force", "--json")
            check_files(home)
            run(home, "refresh", "--force")
            found = listed(home, "--search", _FILTERED)
            new = found.keys() - before
            saved = {address for address, story in found.items() if story["saved"]}
            assert saved == new - unsaved, f"saved: {sorted(saved)}, to be saved: {sorted(new - unsaved)}"
            assert {address for address, story in found.items() if story["tags"]} == new, "not tagged once each"
            back = stage.random.sample(sorted(saved), min(2, len(saved)))
            if back:
                run(home, "mark", "unsaved", *back)
                unsaved |= set(back)
        lines = run(home, "filter").stdout.splitlines()
        assert len(lines) == 2, f"filters are lost: {lines}"
        _check_told(home, told, before, kills)


def _check_told(home: Home, told: Path, before: set[str], kills: int) -> None:
    """Assert that the hook ran for each new story, and once; a second time only if its command was killed."""
    ran = told.read_text(encoding="utf-8").split() if told.exists() else []
    twice = len(ran) - len(set(ran))
    assert twice <= kills, f"{twice} stories were told twice, after {kills} kills"
    assert not before & set(ran), f"told, though there before: {sorted(before & set(ran))}"
    for address, story in stories_of(home).items():
        members = {address, *(each["webUrl"] for each in story["related"])}
        assert members & (before | set(ran)), f"never told: {address}"


def _add_and_remove(stage: Stage, kills: int) -> None:
    with Loopback() as net:
        home = stage.home()
        addresses = serve(net.site(), 3 + 2 * kills, newest=5)
        killer = _Killer(stage, home, "add", *addresses[:3])
        there, maybe = set(addresses[:3]), set[str]()
        for number in range(3, len(addresses), 2):
            if stage.random.random() < 0.3 and there:
                gone = stage.random.choice(sorted(there))
                printed = killer.kill("remove", gone)
                there.discard(gone)
                if not printed:
                    maybe.add(gone)
            else:
                pair = addresses[number : number + 2]
                printed = killer.kill("add", *pair)
                confirmed = {each for each in pair if any(each in line for line in printed)}
                there |= confirmed
                maybe |= set(pair) - confirmed
            check_files(home)
            sources = tomllib.loads((config(home) / "sources.toml").read_text(encoding="utf-8"))
            found = {source["location"] for source in sources.get("source", [])}  # none, once all were removed
            assert there <= found <= there | maybe, f"confirmed: {there}, perhaps: {maybe}, there: {found}"
        run(home, "refresh", "--force")
        check_index(home)


# -- marks -------------------------------------------------------------------------


def _mark(stage: Stage, kills: int) -> None:
    home, site = stage.home(), make_collection(stage.folder / "site", _ARTICLES)
    run(home, "index", site)
    (index,) = home.index_files()
    marks = data(home) / "marks.db"
    pages = marker.write_pages(index, marks, stage.folder / "pages.json")
    expected: dict[tuple[str, object], marker.Change] = {}
    for number in range(kills):
        seed = f"{stage.random.random()} {number}"
        command = marker.command(index, marks, stage.folder / "pages.json", seed)
        with subprocess.Popen(command, env=home.environment, stdout=subprocess.PIPE, encoding="utf-8") as process:
            assert process.stdout is not None
            printed = [process.stdout.readline() for _ in range(stage.random.randrange(1, 60))]
            process.kill()
            printed += process.stdout
        assert all(line.endswith("\n") for line in printed), "ended by itself"
        check_files(home)
        *done, last = islice(marker.changes(seed, pages), len(printed) + 1)
        expected |= {(change.kind, change.what): change for change in done}
        # The change that was being made may be there or not.
        expected.pop((last.kind, last.what), None)
        found = marker.stored(marks)
        lost = [change for change in expected.values() if not marker.agrees(found, change)]
        assert not lost, f"said to be stored, but is not: {lost[:5]}"


def _mark_in_reader(stage: Stage, kills: int) -> None:
    home, site = stage.home(), make_collection(stage.folder / "site", _ARTICLES)
    run(home, "index", site)
    order = [story["webUrl"] for story in home.objects("stories", site)]
    saved: set[str] = set()
    for _ in range(kills):
        with terminal(str(site), columns=100, lines=30, environ=home.environment) as screen:
            screen.until_seen(f"1 of {len(order)}")
            places = stage.random.randrange(2, 6)
            for place in range(places):
                screen.press("s")
                screen.until(lambda: "aved" in _footer(screen), "the word that it is saved")
                saved ^= {order[place]}
                screen.press("j")
                screen.until_seen(f"{place + 2} of {len(order)}")
            screen.press("s")
            end = time.monotonic() + stage.random.uniform(0, 0.05)
            screen.until(lambda end=end: time.monotonic() > end, "the moment")  # type: ignore[misc]
            os.kill(screen.process.pid, signal.SIGKILL)
        check_files(home)
        now = {address for address, story in listed(home, site).items() if story["saved"]}
        # The last one may be saved or not: nobody has seen it.
        assert saved - {order[places]} == now - {order[places]}, f"marked: {saved}, there: {now}"
        saved = now


def _footer(screen: Terminal) -> str:
    return screen.text().splitlines()[-1]


def _migrate(stage: Stage, kills: int) -> None:
    """Open files of older versions, with so much in them that it takes a while; the related entries are left out."""
    home = stage.home()
    config(home).mkdir(parents=True)
    (config(home) / "sources.toml").write_text(f'[[source]]\nlocation = "{FEED}"\n', encoding="utf-8")
    rows = stage.random.randrange(200, 2000)
    for _ in range(kills):
        data(home).mkdir(parents=True, exist_ok=True)
        for name, script in (("marks.db", MARKS), ("fetched.db", FETCHED.replace("null,[1],", "null,[],"))):
            path = data(home) / name
            for suffix in ("", "-wal", "-shm"):
                Path(f"{path}{suffix}").unlink(missing_ok=True)
            with closing(sqlite3.connect(path)) as connection:
                connection.executescript(script)
                _fill(connection, rows)
        with home.start("refresh", "--offline") as process:
            kill(process, stage.random.uniform(0.1, 0.8))
        check_files(home)
        run(home, "refresh", "--offline")
        for name, table in (("marks.db", "mark"), ("fetched.db", "entry")):
            with closing(sqlite3.connect(data(home) / name)) as connection:
                ((count,),) = connection.execute(f"SELECT count(*) FROM {table}")
            assert count == rows + 1, f"{name} had {rows + 1} rows, and has {count}"


def _copy(stage: Stage, kills: int) -> None:
    """Kill the run that makes the copies of the day."""
    with Loopback() as net:
        world = make_world(stage, net)
        home = world.home
        killer = _Killer(stage, home, "refresh", "--offline")
        for _ in range(kills):
            _age_copies(home, days=2)
            killer.kill("refresh", "--offline")
            check_files(home)
            assert copies_of(home, "marks.db"), "no copy is left"
            run(home, "refresh", "--offline")
        assert world.marked() <= marked(listed(home))


def _age_copies(home: Home, days: int) -> None:
    """Let the copies be so old that new ones are due; also change what is copied."""
    run(home, "mute", f"umbrella {time.monotonic_ns()}")
    for path in (data(home) / "copies").iterdir():
        changed = path.stat().st_mtime - days * 86_400
        os.utime(path, (changed, changed))


def _restore(stage: Stage, kills: int) -> None:
    """Kill the restoring of a copy in the place of damaged marks."""
    with Loopback() as net:
        world = make_world(stage, net)
        home, marks = world.home, data(world.home) / "marks.db"
        killer = _Killer(stage, home, "doctor")
        for number in range(kills):
            damaged = stage.random.randbytes(3000 + number)
            marks.write_bytes(damaged)
            killer.kill("doctor", "--restore", "marks")
            there = [path.read_bytes() for path in data(home).rglob("*") if path.is_file()]
            assert damaged in there, "the damaged file was thrown away"
            assert copies_of(home, "marks.db"), "no copy is left"
            if marks.exists() and marks.read_bytes() != damaged:
                check_files(home)
            run(home, "doctor", "--restore", "marks")
            check_files(home)
            assert world.marked() <= marked(listed(home)), "the restored marks are not complete"


def _fill(connection: sqlite3.Connection, rows: int) -> None:
    """Add copies of the only row of a file that an older version wrote."""
    with connection:
        tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        if "mark" in tables:
            marks = ((number, f"b.example/{number}") for number in range(1000, 1000 + rows))
            connection.executemany("INSERT INTO mark VALUES (?, ?, 100, NULL)", marks)
        else:
            connection.executemany(
                "INSERT INTO entry SELECT source_id, :n, :n, :n, published + 60 * :n, first_seen, last_listed, "
                "replace(replace(article, '/1\"', '/' || :n || '\"'), 'Title', 'Title ' || :n) "
                "FROM entry WHERE key < 0",
                ({"n": number} for number in range(1000, 1000 + rows)),
            )


_WORK: dict[str, Callable[[Stage, int], None]] = {
    "kill of marking": _mark,
    "kill of a reader that marks": _mark_in_reader,
    "kill of refresh": _refresh,
    "kill of index, a folder": _index_folder,
    "kill of the restoring of a copy": _restore,
    # The short form goes as far as here.
    "kill of index, an archive": _index_archive,
    "kill of index, feeds": _index_feeds,
    "kill of a refresh with filters and a hook": _refresh_with_filters,
    "kill of add and remove": _add_and_remove,
    "kill of a migration": _migrate,
    "kill of the making of copies": _copy,
}
"""What is killed, by its name in the table."""
