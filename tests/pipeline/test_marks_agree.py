"""Two readers and a server with random deeds, delays, losses, repetitions and kills: in the end all agree."""

from __future__ import annotations

import asyncio
import os
import random
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest

from tests.support.model_server import READ, STARRED, ModelClient, ModelServer
from tui_reader.config import Folders
from tui_reader.pipeline.account_sync import AccountSync, SyncAccount
from tui_reader.pipeline.fetch_result import FetchResult
from tui_reader.sources.sync.client import MarkKind
from tui_reader.storage.accounts import Accounts
from tui_reader.storage.connection import open_fetched, open_marks

COLUMN = {READ: "read", STARRED: "saved"}
SEEDS = int(os.environ.get("SYNC_SEEDS", "4"))
START = 1_790_000_000


class Killed(BaseException):
    """The process ends here."""


class Home:
    """A reader with files of its own, whose process can be killed between any two steps."""

    def __init__(self, folder: Path, name: str, world: World) -> None:
        self.folders = Folders(*(folder / name / each for each in ("config", "data", "cache", "state")))
        self.name = name
        self.world = world
        self.deeds: dict[tuple[int, MarkKind], tuple[bool, int]] = {}  # each with its place in the log of the server
        self.is_busy = False
        # Held open, so that no other connection is the last one, which writes all back to the disk.
        self.held = [open_marks(self.folders.marks), open_fetched(self.folders.fetched)]

    def close(self) -> None:
        for connection in self.held:
            connection.close()

    @contextmanager
    def db(self) -> Iterator[sqlite3.Connection]:
        with closing(open_marks(self.folders.marks)) as db:
            yield db

    def pages(self) -> dict[str, int]:
        with self.db() as db:
            return dict(db.execute("SELECT id, page FROM remote_entry").fetchall())

    def marks(self) -> dict[tuple[int, MarkKind], bool]:
        with self.db() as db:
            rows = {page: marks for page, *marks in db.execute("SELECT page, read, saved FROM mark")}
        pages = set(self.pages().values())
        return {
            (page, kind): rows.get(page, (None, None))[place] is not None
            for page in pages
            for place, kind in enumerate((READ, STARRED))
        }

    def act(self, page: int, kind: MarkKind, on: bool) -> None:
        """Do what the person does, with the statement of the marks."""
        if self.marks().get((page, kind)) == on:
            return
        with self.db() as db:
            (last,) = db.execute("SELECT coalesce(max(seq), 0) FROM sqlite_sequence").fetchone() or (0,)
            db.execute(
                f"INSERT INTO mark (page, address, {COLUMN[kind]}) VALUES (?, 'x', ?) "
                f"ON CONFLICT (page) DO UPDATE SET {COLUMN[kind]} = excluded.{COLUMN[kind]}",
                (page, self.world.now if on else None),
            )
            db.execute("UPDATE deed SET at = ? WHERE number > ?", (self.world.now, last))
        self.deeds[page, kind] = (on, len(self.world.server.log))

    async def sync(self, client: ModelClient, *, only_send: bool = False) -> bool:
        """Synchronise, or only send what was just done; return whether all went well."""
        if self.is_busy:
            return False  # one process at a time
        self.is_busy = True
        try:
            run = AccountSync(SyncAccount("home", str, lambda _: client), self.folders, now=self.world.now, age=START)
            if only_send:
                return not await run.send()
            results: list[FetchResult] = [result async for result in run.run()]
        finally:
            self.is_busy = False
        return not any(result.failure for result in results)

    def waiting(self) -> int:
        with Accounts.opened(self.folders.marks) as accounts:
            return accounts.waiting().get("home", 0)


class World:
    """Two homes, a server, a clock, and what happens by chance."""

    def __init__(self, folder: Path, seed: int, *, has_times: bool) -> None:
        self.chance = random.Random(seed)
        self.now = START
        self.server = ModelServer(has_times=has_times)
        self.server.now = self.now
        self.feeds = [self.server.add_feed(f"https://{name}.example/feed") for name in "ab"]
        self.homes = [Home(folder, name, self) for name in ("laptop", "desktop")]
        self.only_first: list[str] = []
        self.fuse: int | None = None
        self.depth = 0

    def step(self) -> None:
        """Kill the process if it is time."""
        if self.fuse is not None:
            self.fuse -= 1
            if self.fuse < 0:
                self.fuse = None
                raise Killed

    def pass_time(self) -> None:
        self.now += self.chance.randint(0, 3)
        self.server.now = self.now

    def deed(self) -> None:
        """Somebody marks something: in a home, or on the page of the server."""
        self.pass_time()
        kind, on = self.chance.choice((READ, READ, STARRED)), self.chance.random() < 0.6
        if self.chance.random() < 0.25 and self.server.entries:
            self.server.mark(self.chance.choice(list(self.server.entries)), kind, on)
            return
        home = self.chance.choice(self.homes)
        if pages := sorted(set(home.pages().values())):
            home.act(self.chance.choice(pages), kind, on)

    def arrival(self) -> None:
        """Something is published; now and then in the other feed too, later."""
        first, second = self.feeds
        if self.only_first and self.chance.random() < 0.5:
            link = self.only_first.pop(self.chance.randrange(len(self.only_first)))
            id = self.server.add_entry(second, link)
            self.server.entries[id].marks[READ] = self.chance.random() < 0.3  # somebody was quick
            return
        link = f"https://news.example/{self.server.position}"
        self.server.add_entry(first, link)
        self.only_first.append(link)

    async def meanwhile(self) -> None:
        """Something happens between an answer and its arrival."""
        if self.chance.random() < 0.25:
            self.deed()
        if self.chance.random() < 0.05 and self.depth == 0:
            await self.try_sync(self.chance.choice(self.homes))
        self.step()

    async def try_sync(self, home: Home) -> None:
        """Synchronise; the network loses something, or the process is killed."""
        self.depth += 1
        if self.depth == 1 and self.chance.random() < 0.25:
            self.fuse = self.chance.randint(0, 25)
        client = ModelClient(self.server, home.name, chance=self.chance, meanwhile=self.meanwhile)
        try:
            await home.sync(client, only_send=self.chance.random() < 0.3)
        finally:
            self.depth -= 1
            self.fuse = None if self.depth == 0 else self.fuse

    def check_no_deed_was_undone(self) -> None:
        """Only somebody else's deed, done on the server after one of a person arrived there, may undo that."""
        for home in self.homes:
            marks, pages = home.marks(), home.pages()
            for (page, kind), (on, since) in home.deeds.items():
                if marks[page, kind] == on:
                    continue
                ids = {id for id, at in pages.items() if at == page}
                log = [(by, is_on) for id, k, is_on, by in self.server.log[since:] if id in ids and k is kind]
                arrived = next((place for place, op in enumerate(log) if op == (home.name, on)), None)
                assert arrived is not None, "undone before the server knew of it"
                assert any(is_on != on for _, is_on in log[arrived:]), "undone by nobody"


@pytest.fixture
def each_step(monkeypatch: pytest.MonkeyPatch) -> Callable[[World], None]:
    """Make each step of storing one at which a process can be killed, before or after it."""

    def install(world: World) -> None:
        async def in_turn(function: Callable[..., Any], /, *args: Any, **options: Any) -> Any:
            world.step()
            result = function(*args, **options)
            world.step()
            return result

        monkeypatch.setattr("tui_reader.pipeline.account_sync.asyncio.to_thread", in_turn)

    return install


def agree(world: World) -> None:
    """All of the marks on both sides are the same, and nothing waits."""
    first, second = world.homes
    assert first.pages().keys() == second.pages().keys() == world.server.entries.keys()
    for home in world.homes:
        assert home.waiting() == 0
        marks, pages = home.marks(), home.pages()
        for entry in world.server.entries.values():
            assert {kind: marks[pages[entry.id], kind] for kind in (READ, STARRED)} == entry.marks
        with home.db() as db:
            rows = db.execute("SELECT id, read, starred, doubt FROM remote_entry").fetchall()
        for id, read, starred, doubt in rows:
            assert (read, starred, doubt) == (*world.server.entries[id].marks.values(), 0)


@pytest.mark.parametrize("has_times", [False, True])
def test_all_agree_in_the_end(tmp_path: Path, each_step: Callable[[World], None], has_times: bool) -> None:
    for seed in range(SEEDS):
        world = World(tmp_path / str(seed), seed, has_times=has_times)
        each_step(world)

        async def live(world: World = world) -> None:
            for _ in range(12):
                for _ in range(world.chance.randint(0, 3)):
                    world.chance.choice((world.deed, world.deed, world.arrival))()
                with suppress(Killed):
                    await world.try_sync(world.chance.choice(world.homes))
                if not has_times:
                    world.check_no_deed_was_undone()
            for home in world.homes * 4:  # nobody does anything now
                assert await home.sync(ModelClient(world.server, home.name))

        asyncio.run(live())
        agree(world)
        for home in world.homes:
            home.close()
