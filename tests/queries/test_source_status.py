"""The status of subscriptions: local and remote, working and failing."""

from __future__ import annotations

import json
import statistics
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.collections import moment, write_article
from tui_reader.config import Folders
from tui_reader.errors import UsageError
from tui_reader.model.article import Article
from tui_reader.model.feed_entry import Entry
from tui_reader.pipeline.indexer import update_index
from tui_reader.queries.source_status import Health, SourceStatus, fetched_problem, source_status
from tui_reader.sources.http.caching import FetchState, after_failure, after_success
from tui_reader.storage.feed_store import FeedStore, FetchedSource
from tui_reader.storage.statistics import Volume
from tui_reader.subscriptions.edit import add_subscriptions
from tui_reader.subscriptions.selection import select_sources
from tui_reader.subscriptions.subscription import Subscription

NOW = 1_790_000_000
DAY = 86_400
WEEK = 7 * DAY
FEED = "https://example.org/feed"


@pytest.fixture
def here(tmp_path: Path) -> Folders:
    return Folders(*(tmp_path / name for name in ("config", "data", "cache", "state")))


@pytest.fixture
def store(here: Folders) -> Iterator[FeedStore]:
    with FeedStore.opened(here.fetched) as store:
        yield store


def put(store: FeedStore, address: str, state: FetchState | None = None, title: str = "", page: str = "") -> None:
    store.put_source(FetchedSource(address, title, page, state=json.dumps((state or FetchState()).as_json())))


def publish(store: FeedStore, address: str, *ages: int) -> None:
    """Store an article of each age, in seconds."""
    entries = [Entry(f"{place}", Article(f"No. {place}", published=NOW - age)) for place, age in enumerate(ages)]
    store.store_entries(address, entries, NOW)


def facts_of(here: Folders, source: Subscription) -> SourceStatus:
    add_subscriptions(here.sources, [source])
    return next(facts for facts in source_status(here, NOW) if facts.location == source.location)


def test_without_subscriptions_the_status_is_empty_and_no_file_is_created(here: Folders) -> None:
    assert source_status(here, NOW) == []
    assert not here.fetched.exists()


def test_a_source_that_was_never_fetched(here: Folders) -> None:
    facts = facts_of(here, Subscription("https://www.example.org/feed/"))
    assert (facts.health, facts.last_fetched, facts.articles, facts.next_fetch) == (Health.NEW, None, 0, 0)
    assert facts.title == "example.org/feed"
    assert not facts.is_broken


def test_a_source_that_works(here: Folders, store: FeedStore) -> None:
    put(store, FEED, after_success(FetchState(), status=200, headers={}, now=NOW - 600, every=0),
        title="The Example", page="https://example.org/news")  # fmt: skip
    publish(store, FEED, 0, DAY, 8 * DAY)
    facts = facts_of(here, Subscription(FEED, folder=("Outer", "Inner"), topics=("AI",)))
    assert facts == SourceStatus(
        FEED, FEED, "The Example", "", ("Outer", "Inner"), ("AI",), "feed", Health.FINE,
        website="https://example.org/news", last_fetched=NOW - 600, next_fetch=NOW + 1200, articles=3, per_week=1.5,
    )  # fmt: skip


def test_a_failing_source_has_its_last_success_and_the_start_of_failures(here: Folders, store: FeedStore) -> None:
    state = after_success(FetchState(), status=200, headers={}, now=NOW - 4 * DAY, every=0)
    state = after_failure(state, "it \x1b[31mburns", now=NOW - 3 * DAY)
    put(store, FEED, after_failure(state, "it \x1b[31mburns", now=NOW - 60))
    facts = facts_of(here, Subscription(FEED, title="Mine"))
    assert (facts.title, facts.custom_title) == ("Mine", "Mine")
    assert facts.is_broken
    assert facts.health is Health.FAILING
    assert (facts.last_fetched, facts.failing_since, facts.next_fetch) == (
        NOW - 4 * DAY,
        NOW - 3 * DAY,
        NOW - 60 + 3600,
    )
    assert facts.error == "it ␛[31mburns"


def test_the_next_fetch_follows_the_wait_that_a_source_asks_for(here: Folders, store: FeedStore) -> None:
    put(store, FEED, after_failure(FetchState(), "slow down", now=NOW, status=429, retry_after=7200))
    assert facts_of(here, Subscription(FEED)).next_fetch == NOW + 7200


def test_a_wait_stored_while_the_clock_was_wrong_is_ignored(here: Folders, store: FeedStore) -> None:
    put(store, FEED, FetchState(next_due=NOW + 400 * DAY, held_until=NOW + 400 * DAY, last_success=NOW + 399 * DAY))
    assert facts_of(here, Subscription(FEED)).next_fetch == 0


def test_the_interval_of_a_source_overrides_the_settings(here: Folders, store: FeedStore) -> None:
    here.config.mkdir()
    here.settings.write_text("[refresh]\nevery = 60\n")
    put(store, FEED, FetchState(last_success=NOW))
    assert facts_of(here, Subscription(FEED)).next_fetch == NOW + 3600
    other = f"{FEED}?other"
    put(store, other, FetchState(last_success=NOW))
    assert facts_of(here, Subscription(other, every=7200)).next_fetch == NOW + 7200


def test_a_source_that_is_gone_or_paused_has_no_next_fetch(here: Folders, store: FeedStore) -> None:
    put(store, FEED, after_failure(FetchState(), "gone", now=NOW, status=410))
    gone = facts_of(here, Subscription(FEED))
    assert (gone.health, gone.next_fetch, gone.is_broken) == (Health.GONE, None, True)
    other = f"{FEED}?other"
    put(store, other, after_failure(FetchState(), "no", now=NOW))
    paused = facts_of(here, Subscription(other, paused=True))
    assert (paused.health, paused.next_fetch, paused.is_broken) == (Health.PAUSED, None, False)


def test_local_sources(here: Folders, tmp_path: Path) -> None:
    (tmp_path / "things").mkdir()
    (tmp_path / "one.md").write_text("")
    (tmp_path / "many.tar.xz").write_bytes(b"")
    found = {
        name: facts_of(here, Subscription(str(tmp_path / name))) for name in ("things", "one.md", "many.tar.xz", "x")
    }
    assert [(facts.title, facts.kind, facts.health) for facts in found.values()] == [
        ("things", "folder", Health.FINE),
        ("one.md", "file", Health.FINE),
        ("many.tar.xz", "archive", Health.FINE),
        ("x", "file", Health.GONE),
    ]
    assert {(facts.articles, facts.website, facts.next_fetch) for facts in found.values()} == {(None, None, None)}


@pytest.mark.parametrize(
    ("location", "title", "kind", "page"),
    [
        ("github:owner/repo@main", "owner/repo@main", "archive", "https://github.com/owner/repo"),
        ("https://example.org/a.zip", "example.org/a.zip", "archive", "https://example.org/a.zip"),
        ("https://example.org/ai/api/news/index.json", "example.org/ai/api/news/index.json", "site API",
         "https://example.org/ai/"),
        ("https://example.org/f?token=hush", "example.org/f?token=…", "feed", None),
    ],
)  # fmt: skip
def test_kinds_of_remote_sources(here: Folders, location: str, title: str, kind: str, page: str | None) -> None:
    facts = facts_of(here, Subscription(location))
    assert (facts.title, facts.kind, facts.website) == (title, kind, page)


def test_the_status_contains_no_secrets(here: Folders, store: FeedStore) -> None:
    here.config.mkdir()
    here.sources.write_text('[[source]]\nlocation = "https://me:hush@example.org/f?api_key=hush"\n')
    (facts,) = source_status(here, NOW)
    assert "hush" not in repr(facts._replace(location=""))
    assert facts.address == "https://example.org/f?api_key=…"


def test_invalid_files_raise_an_error(here: Folders) -> None:
    here.config.mkdir()
    here.sources.write_text("source = 1")
    with pytest.raises(UsageError, match=r"sources\.toml"):
        source_status(here, NOW)


def test_nothing_is_known_of_a_damaged_feed_store_and_it_is_said_why(here: Folders) -> None:
    here.config.mkdir()
    here.sources.write_text(f'[[source]]\nlocation = "{FEED}"\n')
    assert fetched_problem(here) == ""
    here.data.mkdir()
    here.fetched.write_text("no database at all, whatever its name says" * 100)
    assert [(each.location, each.last_fetched) for each in source_status(here, NOW)] == [(FEED, None)]
    assert "fetched.db" in fetched_problem(here)


@pytest.mark.parametrize(
    "ages",
    [
        (0,),
        (-DAY,),
        (-DAY, DAY),
        (1, DAY, 6 * DAY, WEEK - 1, WEEK),
        tuple(range(0, 30 * WEEK, 5 * DAY)),
        (3 * WEEK, 11 * WEEK, 12 * WEEK, 13 * WEEK, 200 * WEEK),
    ],
)
def test_volumes_of_all_sources_equal_those_of_each(store: FeedStore, ages: tuple[int, ...]) -> None:
    for address in (FEED, f"{FEED}?other", f"{FEED}?empty"):
        put(store, address)
    publish(store, FEED, *ages)
    publish(store, f"{FEED}?other", 0, 1, 2)
    span = min(12, max(ages) // WEEK + 1)
    each = [sum(1 for age in ages if age >= 0 and age // WEEK == week) for week in range(max(1, span))]
    assert store.volumes(NOW) == {
        FEED: Volume(len(ages), statistics.median(each)),
        f"{FEED}?other": Volume(3, 3.0),
    }


def test_local_sources_are_counted_once_they_are_indexed(tmp_path: Path, here: Folders) -> None:
    for number in range(3):
        write_article(tmp_path / "news" / f"{number}.md", {"title": f"No. {number}", "publishedDateTime": moment(0)})
    add_subscriptions(here.sources, [Subscription(str(tmp_path / "news"))])
    (facts,) = source_status(here, NOW)
    assert (facts.articles, facts.per_week) == (None, None)
    selection = select_sources((), here)
    assert [step.finished for step in update_index(selection.database, selection.locations)][-1]
    (facts,) = source_status(here, NOW)
    assert facts.articles == 3
