"""An update that finds nothing new looks at all sources together, and makes no stories again."""

from __future__ import annotations

from collections import Counter
from itertools import islice
from pathlib import Path

import pytest

from tests.support.index import dump
from tui_reader.model.article import Article
from tui_reader.model.feed_entry import Entry
from tui_reader.model.links import Links
from tui_reader.model.preferences import Preferences
from tui_reader.model.progress import Progress
from tui_reader.pipeline import clusterer, indexer, publisher
from tui_reader.pipeline.clusterer import Clusterer
from tui_reader.pipeline.indexer import update_index
from tui_reader.sources.locations import RemotePaths
from tui_reader.storage.connection import open_index
from tui_reader.storage.feed_store import FeedStore, FetchedSource
from tui_reader.storage.open_files import Connection

NOW = 1_790_000_000
TITLES = ("A storm closes the port of Rotterdam", "Port of Rotterdam closed by a storm", "Version 3.5 is faster")


class Desk:
    """A feed store with some feeds, each of which lists the same three titles, and indexes of it."""

    def __init__(self, folder: Path, feeds: int = 3) -> None:
        self.folder = folder
        self.remote = RemotePaths(folder / "fetched.db", folder / "downloads")
        self.index = folder / "index.db"
        self.locations = [f"https://feed{number}.example/rss" for number in range(feeds)]
        for location in self.locations:
            self.list(location, *TITLES)

    def list(self, location: str, *titles: str) -> None:
        with FeedStore.opened(self.remote.store) as store:
            store.put_source(FetchedSource(location))
            entries = [
                Entry(title, Article(title, published=NOW - place * 60, links=Links(web=f"{location}/{title[:7]}")))
                for place, title in enumerate(titles)
            ]
            store.store_entries(location, entries, NOW)

    def update(self, preferences: Preferences | None = None, index: Path | None = None) -> Progress:
        *_, last = update_index(index or self.index, self.locations, self.remote, preferences=preferences)
        assert not last.failures
        return last

    def anew(self, preferences: Preferences | None = None) -> dict[str, object]:
        index = self.folder / "anew.db"
        index.unlink(missing_ok=True)
        self.update(preferences, index)
        return dump(index)


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


@pytest.fixture
def runs(monkeypatch: pytest.MonkeyPatch) -> list[None]:
    """Grows by one whenever stories are made."""
    made: list[None] = []
    run = Clusterer.run

    def counted(self: Clusterer) -> object:
        made.append(None)
        return run(self)

    monkeypatch.setattr(Clusterer, "run", counted)
    return made


def statements(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    found: Counter[str] = Counter()

    def traced(path: Path) -> Connection:
        connection = open_index(path)
        connection.set_trace_callback(lambda statement: found.update([" ".join(statement.split()[:3])]))
        return connection

    with monkeypatch.context() as patch:
        patch.setattr(indexer, "open_index", traced)
        assert desk.update().changed == 0
    return found


def test_more_sources_without_news_take_no_more_statements(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    counts = []
    for feeds in (3, 12):
        folder = tmp_path / str(feeds)
        folder.mkdir()
        desk = Desk(folder, feeds)
        desk.update()
        progress = desk.update()  # notes that the index has all entries
        assert (progress.done, progress.total) == (3 * feeds, 3 * feeds)
        counts.append(statements(desk, monkeypatch))
    assert counts[1].total() == counts[0].total(), counts


def test_stories_are_made_again_only_after_a_change(desk: Desk, runs: list[None]) -> None:
    def made(preferences: Preferences | None = None) -> bool:
        before = len(runs)
        desk.update(preferences)
        is_made = len(runs) > before
        assert dump(desk.index) == desk.anew(preferences)
        return is_made

    other = Preferences(sources_apart=frozenset(desk.locations[:1]))
    assert made()
    assert not made()
    desk.list(desk.locations[0], *TITLES, "Storm: the port of Rotterdam stays closed")
    assert made()
    assert not made()
    assert made(other)
    assert not made(other)
    assert made()
    desk.locations.pop()
    assert made()
    assert not made()


def test_stories_of_a_run_that_was_stopped_are_made_by_the_next(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clusterer, "_STEP_SECONDS", 0.0)
    monkeypatch.setattr(publisher, "_BATCH", 1)
    other = Preferences(sources_apart=frozenset(desk.locations[:1]))
    desk.update()
    before = dump(desk.index)
    steps = len(list(update_index(desk.folder / "count.db", desk.locations, desk.remote, preferences=other)))
    for stop in range(1, steps):
        run = update_index(desk.index, desk.locations, desk.remote, preferences=other)
        for _ in islice(run, stop):
            pass
        del run
        desk.update()  # with the preferences before
        assert dump(desk.index) == before, stop
