"""Damages each file in every way: all commands end with a sentence or work, and what was precious is still there."""

from __future__ import annotations

import hashlib
import os
import sqlite3
import tomllib
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from random import Random

from tests.campaign.checks import cache, check_log, check_words, config, data, listed, run, state
from tests.campaign.stage import Stage
from tests.campaign.world import FILTER, World, copied, make_world, marked
from tests.support.command import Home
from tests.support.servers import Loopback
from tests.ui.terminal import installed as terminal

_READING = (("stories",), ("topics",), ("sources",), ("export",), ("doctor",), ("refresh", "--offline"))
_WRITING = (("mute", "umbrella"), ("index",), ("refresh", "--force"), ("index", "--rebuild"))
_PRECIOUS = {"marks.db": "marks", "fetched.db": "fetched", "sources.toml": "sources", "views.toml": "views"}
"""Files of which copies are kept, and what ``doctor --restore`` calls each."""

_CONTENT = {
    "marks.db": tuple(f"SELECT * FROM {table}" for table in ("mark", "correction", "mute", "tag", "note", "filter")),
    "fetched.db": ("SELECT address FROM source", "SELECT source_id, key, article FROM entry"),
}


def attempt(stage: Stage) -> None:
    """Damage one file in some ways; the number of the attempt says which."""
    name = list(_FILES)[stage.number % len(_FILES)]
    round_, rounds = stage.number // len(_FILES), 4
    ways = [way for place, way in enumerate(_WAYS) if place % rounds == round_ % rounds]
    if stage.short:
        ways = [stage.random.choice(list(_WAYS))]
    with Loopback() as net:
        world = make_world(stage, net)
        for way in ways:
            with stage.trying(f"damage to {name}"):
                _damage(copied(world, way.replace(" ", "-")), name, way, stage)


def _damage(world: World, name: str, way: str, stage: Stage) -> None:
    home = world.home
    path = _FILES[name](home)
    others = {each: _content(each) for each in _kept(home) if each != path}
    _WAYS[way](path, stage.random)
    damaged, rows = _sum(path), _rows(path) if name in _PRECIOUS else set()
    try:
        for command in stage.random.sample(_READING, 3):
            check_words(home.run(*command))
        _open_reader(home)
        changed = [each.name for each, before in others.items() if _content(each) != before]
        assert not changed, f"damage to {name} changed {changed}"
        if name in _PRECIOUS and damaged and not (rows and rows <= _rows(path)):
            assert damaged in {_sum(each) for each in home.folder.rglob("*")}, f"{name} was thrown away"
        for command in stage.random.sample(_WRITING, 0 if stage.short else 2):
            check_words(home.run(*command))
        _recover(world, name, path)
    except AssertionError as error:
        raise AssertionError(f"{way}: {error}") from error


def _recover(world: World, name: str, path: Path) -> None:
    """Put the file right as a person is told to, and look whether all is there again."""
    home = world.home
    if name in _PRECIOUS:
        done = home.run("doctor", "--restore", _PRECIOUS[name])
        check_words(done)
        assert done.returncode == 0, f"not restored: {done.stderr}"
    elif name == "index":
        run(home, "index", "--rebuild")
    elif name == "download":
        check_words(home.run("refresh", "--force"))  # fetches it again
    elif name in {"config.toml", "view.json"}:
        _clear(path)
    run(home, "refresh", "--offline")
    run(home, "refresh", "--force")
    now = listed(home)
    assert world.articles.keys() <= now.keys(), f"lost: {sorted(world.articles.keys() - now.keys())[:5]}"
    assert world.marked() <= marked(now), f"lost marks: {world.marked() - marked(now)}"
    assert FILTER in run(home, "filter").stdout, "lost the filter"
    run(home, "stories", *(() if name == "config.toml" else ("--view", "Boats")))
    done = home.run("doctor")
    check_words(done)
    assert done.returncode == 0, f"something is wrong in the end: {done.stdout}{done.stderr}"


def _open_reader(home: Home) -> None:
    """Open the reader and quit; it may refuse to start, with a sentence."""
    with terminal("--offline", columns=100, lines=30, environ=home.environment) as screen:
        screen.until(lambda: screen.process.poll() is not None or "stor" in screen.text(), "the reader")
        if screen.process.poll() is None:
            screen.press("\x11")
        assert screen.until_ended() in {0, 1, 2}
        for bad in (b"Traceback", b"Internal error"):
            assert bad not in screen.written, screen.written[-3000:]
        check_log(state(home) / "errors.log")


def _kept(home: Home) -> list[Path]:
    """Return the files that no reading command may change."""
    return [data(home) / "marks.db", data(home) / "fetched.db", *config(home).glob("*.toml")]


def _content(path: Path) -> object:
    """Return what a file keeps for its user."""
    if path.suffix != ".db":
        return path.read_bytes()
    with closing(sqlite3.connect(path)) as connection:
        return [connection.execute(question).fetchall() for question in _CONTENT[path.name]]


def _rows(path: Path) -> set[object]:
    """Return what can still be read of a file. What has some of it left is used, and may be written."""
    rows: set[object] = set()
    try:
        if path.suffix != ".db":
            return {repr(tomllib.loads(path.read_text(encoding="utf-8")))}
        with closing(sqlite3.connect(path)) as connection:
            connection.text_factory = bytes
            for question in _CONTENT[path.name]:
                rows.update(connection.execute(question))
    except (OSError, ValueError, sqlite3.Error):
        pass  # so far and no further
    return rows


def _sum(path: Path) -> str:
    """Return a checksum of what is in a file; empty if there is none."""
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else ""


_FILES: dict[str, Callable[[Home], Path]] = {
    "index": lambda home: cache(home) / "kept.db",
    "marks.db": lambda home: data(home) / "marks.db",
    "fetched.db": lambda home: data(home) / "fetched.db",
    "sources.toml": lambda home: config(home) / "sources.toml",
    "views.toml": lambda home: config(home) / "views.toml",
    "config.toml": lambda home: config(home) / "config.toml",
    "view.json": lambda home: state(home) / "view.json",
    "download": lambda home: next(iter((data(home) / "downloads").iterdir())),
}
"""The files that are damaged, each with its place in a home."""


# -- ways to damage a file -------------------------------------------------------------


def _clear(path: Path) -> None:
    for suffix in ("", "-wal", "-shm"):
        each = Path(f"{path}{suffix}")
        if each.is_dir():
            each.rmdir()
        else:
            each.unlink(missing_ok=True)


def _overwrite(start: float, length: int, zeros: bool = False) -> Callable[[Path, Random], None]:
    """Return what overwrites ``length`` bytes from a part of the file on."""

    def damage(path: Path, random: Random) -> None:
        contents = bytearray(path.read_bytes())
        at = min(int(len(contents) * start) // 4096 * 4096, max(0, len(contents) - length))
        contents[at : at + length] = bytes(length) if zeros else random.randbytes(length)
        path.write_bytes(contents)

    return damage


def _cut(part: float, less: int = 0) -> Callable[[Path, Random], None]:
    def damage(path: Path, random: Random) -> None:
        os.truncate(path, int(path.stat().st_size * part) - less)

    return damage


def _version(number: int) -> Callable[[Path, Random], None]:
    def damage(path: Path, random: Random) -> None:
        if path.suffix == ".db":
            with closing(sqlite3.connect(path)) as connection:
                connection.execute(f"PRAGMA user_version = {number}")
        else:
            path.write_text(f"version = {number}\n", encoding="utf-8")

    return damage


def _replace(make: Callable[[Path], object]) -> Callable[[Path, Random], None]:
    def damage(path: Path, random: Random) -> None:
        _clear(path)
        make(path)

    return damage


def _other_database(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("CREATE TABLE recipe (title TEXT)")


def _log(garbage: bool) -> Callable[[Path, Random], None]:
    """Return what leaves a write-ahead log as after a crash, and damages or deletes it."""

    def damage(path: Path, random: Random) -> None:
        if path.suffix != ".db":
            path.with_name(f"{path.name}-wal").write_bytes(random.randbytes(5000))
            return
        crashed = path.with_name("crashed")
        with closing(sqlite3.connect(path)) as connection:
            connection.execute("PRAGMA journal_mode = WAL")
            with connection:
                connection.execute("CREATE TABLE IF NOT EXISTS later (x)")
            for suffix in ("", "-wal"):
                Path(f"{crashed}{suffix}").write_bytes(Path(f"{path}{suffix}").read_bytes())
        for suffix in ("", "-wal"):
            Path(f"{crashed}{suffix}").replace(f"{path}{suffix}")
        log = Path(f"{path}-wal")
        if garbage:
            log.write_bytes(random.randbytes(log.stat().st_size))
        else:
            log.unlink()

    return damage


_WAYS: dict[str, Callable[[Path, Random], None]] = {
    "0 bytes": _cut(0),
    "cut at a quarter": _cut(0.25),
    "cut in half": _cut(0.5),
    "last byte missing": _cut(1, 1),
    "zeros at the beginning": _overwrite(0, 100, zeros=True),
    "zeros in the middle": _overwrite(0.5, 4096, zeros=True),
    "noise at the beginning": _overwrite(0, 100),
    "noise in the middle": _overwrite(0.5, 300),
    "noise at the end": _overwrite(1, 300),
    "version 0": _version(0),
    "a newer version": _version(99),
    "a folder instead": _replace(Path.mkdir),
    "a link to nowhere": _replace(lambda path: path.symlink_to("nowhere")),
    "another database": _replace(_other_database),
    "a text instead": _replace(lambda path: path.write_text("Dear diary,\n", encoding="utf-8")),
    "write-ahead log deleted": _log(garbage=False),
    "noise in the write-ahead log": _log(garbage=True),
    "no permission": lambda path, random: path.chmod(0),
    "missing": _replace(lambda path: None),
}
"""Ways to damage a file, by name."""
