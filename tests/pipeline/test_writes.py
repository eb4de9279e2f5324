"""Small changes of the feed store wait for large ones, and the network does not."""

from __future__ import annotations

import asyncio
import sqlite3
from contextlib import closing
from functools import partial
from pathlib import Path

import pytest

from tui_reader.pipeline import writes
from tui_reader.pipeline.writes import Writes
from tui_reader.storage.feed_store import FeedStore, FetchedSource

SOURCE = FetchedSource("https://paper.example/")


def test_nobody_waits_in_the_loop_while_a_large_answer_is_stored(tmp_path: Path) -> None:
    path = tmp_path / "fetched.db"

    async def run(store: FeedStore, other: sqlite3.Connection) -> None:
        other.execute("BEGIN IMMEDIATE")
        writing = asyncio.create_task(Writes(store).add(lambda: store.put_source(SOURCE)))
        for _ in range(5):  # what the network does meanwhile
            await asyncio.sleep(0.02)
            assert not writing.done()
        other.execute("COMMIT")
        await writing

    with FeedStore.opened(path) as store, closing(sqlite3.connect(path, isolation_level=None)) as other:
        asyncio.run(run(store, other))
        assert store.sources() == {SOURCE.address: SOURCE}


def test_the_last_change_that_is_expected_is_stored_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writes, "_SECONDS", 3600)

    async def run(store: FeedStore) -> None:
        waiting = Writes(store, lambda: 2)
        others = [SOURCE._replace(address=f"https://paper{number}.example/") for number in range(2)]
        await asyncio.gather(*(waiting.add(partial(store.put_source, other)) for other in others))

    with FeedStore.opened(tmp_path / "fetched.db") as store:
        asyncio.run(run(store))
        assert len(store.sources()) == 2
