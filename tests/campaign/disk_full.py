"""Fills the disk to its last pages before each kind of write: the message says so, and nothing stored is lost."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.campaign.checks import check_files, check_index, check_words, config, data, listed, run
from tests.campaign.sources import serve
from tests.campaign.stage import Stage
from tests.campaign.world import FEEDS, NEWEST, World, copied, make_world, marked
from tests.support.collections import article_fields, file_name, write_article
from tests.support.command import Home
from tests.support.servers import Loopback

_DISK_BYTES = 24 << 20
_PAGE = 4096
_STEPS, _SHORT_STEPS = 6, 1  # how many sizes are tried at most
_SAYS_FULL = re.compile(r"\bfull\b|quota|File too large|No space left")
_BAD_ADVICE = re.compile(r"damaged|rebuild|move .* away|delete|permission")


def attempt(stage: Stage) -> None:
    """Let one kind of write meet a full disk, with more and more room until it succeeds."""
    name = list(_WORKS)[stage.number % len(_WORKS)]
    with Loopback() as net, _small_disk(stage) as mounted:
        world = make_world(stage, net, "disk/template")
        how = "a full disk" if mounted else "a quota"
        room = stage.random.randrange(4) * _PAGE
        for _ in range(_SHORT_STEPS if stage.short else _STEPS):
            done = False
            with stage.trying(f"{how} at {name}"):
                done = _meets_limit(copied(world, "home"), name, room, stage, mounted=mounted)
            shutil.rmtree(stage.folder / "disk" / "home")
            if done:
                break
            room += stage.random.randrange(1, 24) * _PAGE


@contextmanager
def _small_disk(stage: Stage) -> Iterator[bool]:
    """Mount a small disk at ``disk``; where one may not, or every other time, it is a folder: ``False``."""
    disk = stage.folder / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={_DISK_BYTES}", "tmpfs", str(disk)]
    wanted = stage.number // len(_WORKS) % 2 == 0 and shutil.which("mount") is not None
    mounted = wanted and subprocess.run(mount, capture_output=True, check=False).returncode == 0
    try:
        yield mounted
    finally:
        if mounted:
            subprocess.run(["umount", str(disk)], check=True)


def _meets_limit(world: World, name: str, room: int, stage: Stage, *, mounted: bool) -> bool:
    """Work with ``room`` bytes left; return whether that was enough. What was there before must be there after."""
    home = world.home
    command = _WORKS[name](world, stage)
    before = (config(home) / "sources.toml").read_bytes()
    if mounted:
        filler = _fill(home.folder.parent, room)
        done = home.run(*command)
        _check_message(home, done, mounted=True)
        for reading in (("stories",), ("sources",)):
            _check_message(home, home.run(*reading), mounted=True)
        filler.unlink()
    else:
        words = " ".join(f"'{word}'" for word in map(str, command))
        done = home.shell(f"ulimit -f {room // 1024}; exec $NEWS {words}")
        _check_message(home, done, mounted=False)
    check_files(home)
    sources = (config(home) / "sources.toml").read_bytes()
    assert sources == before or (name == "add" and done.returncode == 0), "sources.toml changed"
    run(home, "refresh", "--offline")
    run(home, *command)
    now = listed(home)
    assert world.articles.keys() <= now.keys(), f"lost: {sorted(world.articles.keys() - now.keys())[:5]}"
    assert world.marked() <= marked(now), f"lost marks: {world.marked() - marked(now)}"
    check_index(home)
    return done.returncode == 0


def _check_message(home: Home, done: subprocess.CompletedProcess[str], *, mounted: bool) -> None:
    check_words(done)
    if done.returncode == 0:
        return
    assert _SAYS_FULL.search(done.stderr), f"does not say that the disk is full: {done.stderr}"
    assert str(home.folder) in done.stderr, f"does not name the file: {done.stderr}"
    assert not _BAD_ADVICE.search(done.stderr), f"wrong advice: {done.stderr}"
    if mounted:
        assert "the disk is full" in done.stderr or "No space left" in done.stderr, done.stderr


def _fill(disk: Path, room: int) -> Path:
    """Write a file that leaves ``room`` bytes of the disk; return it."""
    filler = disk / "filler"
    with filler.open("wb") as file:
        free = os.statvfs(disk)
        file.write(bytes(max(0, free.f_bavail * free.f_frsize - room)))
    return filler


# -- what is written -------------------------------------------------------------------


def _refresh(world: World, stage: Stage) -> list[str]:
    serve(world.site, FEEDS, NEWEST + 10)
    return ["refresh", "--force"]


def _index(world: World, stage: Stage) -> list[str]:
    for number in range(12, 40):
        write_article(world.collection / "_news" / file_name(number), article_fields(number, 40))
    return ["index"]


def _mute(world: World, stage: Stage) -> list[str]:
    return ["mute", *(f"umbrella {number}" for number in range(400))]


def _add(world: World, stage: Stage) -> list[str]:
    (address,) = serve(world.site, 1, 3, "/more")
    return ["add", address]


def _copies(world: World, stage: Stage) -> list[str]:
    shutil.rmtree(data(world.home) / "copies", ignore_errors=True)
    return ["refresh", "--offline"]


_WORKS: dict[str, Callable[[World, Stage], list[str]]] = {
    "refresh": _refresh,
    "index": _index,
    "a new index": lambda world, stage: ["index", "--rebuild"],
    "mute": _mute,
    "add": _add,
    "copies": _copies,
}
"""What is written, as a command; each prepares what there is to write."""
