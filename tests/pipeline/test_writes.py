"""Small changes of the feed store wait for large ones, and the network does not."""

from __future__ import annotations

import asyncio
import sqlite3
from contextlib import closing
from pathlib import Path

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
