"""Lets three readers, refreshes, additions, removals, mutes and marks happen at once: nothing is lost, all end well."""

from __future__ import annotations

import subprocess
import time
import tomllib
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from itertools import islice

from tests.campaign import marker
from tests.campaign.checks import check_files, check_index, check_log, config, data, listed, run, state, with_log
from tests.campaign.sources import serve
from tests.campaign.stage import Stage
from tests.campaign.world import FEEDS, NEWEST, World, make_world
from tests.support.servers import Loopback
from tests.ui.terminal import Terminal
from tests.ui.terminal import installed as terminal

_SECONDS, _SHORT_SECONDS = 25.0, 2.0
_READERS = 3
# All that moves, reads, lists and refreshes; nothing that takes back what another one did.
_KEYS = (
    "j",
    "k",
    "l",
    "h",
    "n",
    "\r",
    "\x1b",
    " ",
    "b",
    "g",
    "G",
    "]",
    "m",
    "f",
    "S",
    "t",
    "r",
    "R",
    ".",
    "T",
    "/",
    "L",
)
_PATIENCE = 120.0


def attempt(stage: Stage) -> None:
    """Let all of it happen for a while."""
    with stage.trying("three readers and five writers"), Loopback() as net:
        world = make_world(stage, net)
        acts = _Acts(world, stage)
        log = state(world.home) / "errors.log"
        with with_log(log), ExitStack() as readers, _marking(world, stage) as said:
            screens = [
                readers.enter_context(terminal(columns=100, lines=30, environ=world.home.environment))
                for _ in range(_READERS)
            ]
            end = time.monotonic() + (_SHORT_SECONDS if stage.short else _SECONDS)
            while time.monotonic() < end:
                acts.start_some()
                _press(stage.random.choice(screens), stage.random.choice(_KEYS))
            acts.finish()
            for screen in screens:
                screen.press("\x11")
                assert screen.until_ended() == 0, screen.text()
                assert b"Traceback" not in screen.written
                check_log(log)
                assert b"Internal error" not in screen.written
        _check(world, acts, said)


def _press(screen: Terminal, key: str) -> None:
    """Press a key and draw what has come meanwhile."""
    assert screen.process.poll() is None, f"a reader ended:\n{screen.text()}"
    screen.press(key)
    end = time.monotonic() + 0.02
    screen.until(lambda: time.monotonic() > end, "a moment")


@contextmanager
def _marking(world: World, stage: Stage) -> Iterator[list[marker.Change]]:
    """Mark articles during the block; the changes that were said to be stored come into the list at its end."""
    (index,) = world.home.index_files()
    marks, file = data(world.home) / "marks.db", stage.folder / "pages.json"
    pages = marker.write_pages(index, marks, file)
    seed = str(stage.random.random())
    said: list[marker.Change] = []
    command = marker.command(index, marks, file, seed)
    log, errors = stage.folder / "said", stage.folder / "said.errors"
    with (
        log.open("wb") as output,
        errors.open("wb") as complaints,
        subprocess.Popen(command, env=world.home.environment, stdout=output, stderr=complaints) as process,
    ):
        try:
            yield said
        finally:
            ended = process.poll()
            process.kill()
            process.wait()
            assert ended is None, f"the marker ended by itself: {errors.read_text(encoding='utf-8')[-3000:]}"
            *done, last = islice(marker.changes(seed, pages), log.read_bytes().count(b"\n") + 1)
            said += [change for change in done if (change.kind, change.what) != (last.kind, last.what)]


class _Acts:
    """Commands that run beside the readers, one of each kind at a time, and what they have acknowledged."""

    def __init__(self, world: World, stage: Stage) -> None:
        self._world = world
        self._random = stage.random
        self._running: dict[str, tuple[subprocess.Popen[str], str]] = {}
        self._newest = NEWEST
        self._made = 0
        self.added: set[str] = set()
        self.removed: set[str] = set()
        self.muted: set[str] = set()

    def start_some(self) -> None:
        """Note what has ended, and start what is not running."""
        for kind in ("refresh", "add", "remove", "mute"):
            if kind in self._running:
                if self._running[kind][0].poll() is not None:
                    self._note(kind)
            elif self._random.random() < 0.1:
                self._start(kind)

    def _start(self, kind: str) -> None:
        self._made += 1
        what = ""
        if kind == "refresh":
            self._newest += 1
            serve(self._world.site, FEEDS, self._newest)
            command = ["refresh", "--force"]
        elif kind == "add":
            (what,) = serve(self._world.site, 1, 5, f"/{self._made}")
            command = ["add", what]
        elif kind == "remove":
            if not self.added:
                return
            what = self._random.choice(sorted(self.added))
            command = ["remove", what]
        else:
            what = f"umbrella{self._made}"
            command = ["mute", what]
        self._running[kind] = self._world.home.start(*command), what

    def _note(self, kind: str) -> None:
        process, what = self._running.pop(kind)
        _, errors = process.communicate(timeout=_PATIENCE)
        assert "Traceback" not in errors, errors
        # A refresh may meet a source that was removed meanwhile.
        assert process.returncode == 0 or kind == "refresh", f"{kind} failed: {errors}"
        if kind == "add":
            self.added.add(what)
        elif kind == "remove":
            self.added.discard(what)
            self.removed.add(what)
        elif kind == "mute":
            self.muted.add(what)

    def finish(self) -> None:
        """Wait for what is running."""
        for kind in list(self._running):
            self._note(kind)


def _check(world: World, acts: _Acts, said: list[marker.Change]) -> None:
    """Assert that all that was acknowledged is there."""
    home = world.home
    check_files(home)
    written = tomllib.loads((config(home) / "sources.toml").read_text(encoding="utf-8"))["source"]
    locations = {source["location"] for source in written}
    assert acts.added <= locations, f"added, but not there: {acts.added - locations}"
    assert not acts.removed & locations, f"removed, but still there: {acts.removed & locations}"
    found = marker.stored(data(home) / "marks.db")
    assert all(("mute", word) in found for word in acts.muted), f"not muted: {acts.muted}"
    # The readers mark articles as read and unread too.
    last = {(change.kind, change.what): change for change in said if change.kind != "read"}
    lost = [change for change in last.values() if not marker.agrees(found, change)]
    assert said, "nothing was marked"
    assert not lost, f"said to be stored, but is not: {lost[:5]}"
    run(home, "refresh", "--offline")
    run(home, "mute", "--remove", *(str(word) for kind, word in found if kind == "mute"))
    now = listed(home)
    assert world.articles.keys() <= now.keys(), f"lost: {sorted(world.articles.keys() - now.keys())[:5]}"
    check_index(home)
