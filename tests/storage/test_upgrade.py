"""Marks and fetched articles that an earlier version wrote can still be read and changed.

The SQL is what that version left in its files. It must never be edited:
if a change breaks these tests, migrate the files in the code.
"""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tui_reader.errors import StoreError
from tui_reader.model.article import Article
from tui_reader.model.feed_entry import Entry
from tui_reader.model.links import Links, Provider
from tui_reader.model.topic import Topic
from tui_reader.storage.accounts import Accounts, AccountState
from tui_reader.storage.connection import attach_marks, open_fetched, open_index
from tui_reader.storage.feed_store import FeedStore, FetchedSource, StoreResult
from tui_reader.storage.marks import Marks, corrections, kept_pages
from tui_reader.storage.migrations import FETCHED_MIGRATIONS, _fetched_2

MARKS = """
CREATE TABLE correction (
    one INTEGER NOT NULL,
    other INTEGER NOT NULL,
    together INTEGER NOT NULL,
    PRIMARY KEY (one, other)
) WITHOUT ROWID;
INSERT INTO "correction" VALUES(5,6,1);
INSERT INTO "correction" VALUES(6,7,0);
CREATE TABLE coverage (
    page INTEGER PRIMARY KEY,
    articles INTEGER NOT NULL,
    seen INTEGER NOT NULL             -- seconds since 1970
);
INSERT INTO "coverage" VALUES(5,3,1600000000);
CREATE TABLE mark (
    page INTEGER PRIMARY KEY,
    address TEXT NOT NULL,
    read INTEGER,
    saved INTEGER
);
INSERT INTO "mark" VALUES(5,'a.example/1',100,200);
CREATE TABLE mute (
    kind TEXT NOT NULL,               -- keyword, provider, topic
    word TEXT NOT NULL,               -- case folded
    PRIMARY KEY (kind, word)
) WITHOUT ROWID;
INSERT INTO "mute" VALUES('keyword','rain');
CREATE INDEX mark_saved ON mark (page) WHERE saved IS NOT NULL;
PRAGMA user_version = 3;
"""

ACCOUNTS = MARKS.replace(
    "PRAGMA user_version = 3;",
    """
CREATE TABLE account (
    name TEXT PRIMARY KEY,
    cursor TEXT NOT NULL DEFAULT '',
    server TEXT NOT NULL DEFAULT '',
    tried INTEGER NOT NULL DEFAULT 0,
    succeeded INTEGER NOT NULL DEFAULT 0,
    held_until INTEGER NOT NULL DEFAULT 0,
    few_since INTEGER NOT NULL DEFAULT 0,
    problem TEXT NOT NULL DEFAULT '',
    problem_kind TEXT NOT NULL DEFAULT ''
) WITHOUT ROWID;
INSERT INTO account VALUES('Home','c1','Miniflux 2.2.5',5,6,7,8,'it is down','DOWN');
PRAGMA user_version = 8;
""",
)

FETCHED = """
CREATE TABLE entry (
    source_id INTEGER NOT NULL,
    key INTEGER NOT NULL,
    stamp INTEGER NOT NULL,
    page INTEGER NOT NULL,
    published INTEGER NOT NULL,
    first_seen INTEGER NOT NULL,
    last_listed INTEGER NOT NULL,
    article TEXT NOT NULL,
    PRIMARY KEY (source_id, key)
) WITHOUT ROWID;
INSERT INTO "entry" VALUES(1,-7089315489433409718,553019414206952293,-7089315489433409718,1600000000,1600000100,
1600000100,'["Title","Excerpt","Body",1600000000,["https://a.example/1","https://b.example/1",null,null],"video",7,27,'
|| 'false,["A","a.example"],["One"],["https://a.example/i.png"],null,[1],[],[],false,["X"],"p"]');
CREATE TABLE source (
    id INTEGER PRIMARY KEY,
    address TEXT NOT NULL UNIQUE,
    title TEXT NOT NULL DEFAULT '',
    page TEXT NOT NULL DEFAULT '',
    root_topic TEXT NOT NULL DEFAULT '',
    topics TEXT NOT NULL DEFAULT '[]',
    state TEXT NOT NULL DEFAULT '{}',
    removed INTEGER NOT NULL DEFAULT 0      -- 1: no longer kept; stays for what is saved of it
);
INSERT INTO "source" VALUES(1,'https://a.example/feed','A','https://a.example/','AI',
'[["Rain", "Weather", "R", "rain", "Wet", ["rain"], ["train"]]]','{"etag": "x"}',0);
PRAGMA user_version = 1;
"""

FEED = "https://a.example/feed"
SOURCE = FetchedSource(
    FEED,
    "A",
    "https://a.example/",
    "AI",
    (Topic("Rain", "Weather", "R", "rain", "Wet", ("rain",), ("train",)),),
    '{"etag": "x"}',
)
ARTICLE = Article(
    "Title",
    "Excerpt",
    "Body",
    1_600_000_000,
    Links("https://a.example/1", "https://b.example/1"),
    "video",
    quality=7,
    heat=27,
    shown=False,
    provider=Provider("A", "a.example"),
    topics=("One",),
    images=("https://a.example/i.png",),
    related=(1,),
    source_topics=("X",),
    key="b.example/1#p",
)


OLDER_ENTRIES = """
INSERT INTO entry VALUES(1,11,12,-1891912979071583761,1600000100,1600000100,1600000100,
'["No link, no date","","",1600000100,'
|| '[null,null,null,null],"article",null,null,true,["",""],[],[],null,[],[],[]]');
INSERT INTO entry VALUES(1,21,22,-1891912979071583761,1600000100,1600000100,1600000100,
'["No link, no date","","",1600000100,'
|| '[null,null,null,null],"article",null,null,true,["",""],[],[],null,[],[],[],false,[],""]');
INSERT INTO entry VALUES(1,31,32,33,1600000000,1600000100,1600000100,'["damaged');
"""
"""More entries of that version: two of one page under different names, and a damaged one."""


def written(path: Path, script: str) -> Path:
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(script)
    return path


def test_marks_are_read_and_changed(tmp_path: Path) -> None:
    path = written(tmp_path / "marks.db", MARKS)
    assert corrections(path) == (((6, 7),), ((5, 6),))
    assert kept_pages(path) == {5}
    with closing(open_index(tmp_path / "index.db")) as connection:
        attach_marks(connection, path)
        marks = Marks(connection)
        assert marks.mutes() == [("keyword", "rain")]
        assert marks.last_step() is None
        with marks.step("corrected"):
            marks.correct({(7, 6): None, (6, 5): False})
        with marks.step("unmuted"):
            assert marks.unmute("keyword", "Rain")
        for words in ("unmuted", "corrected"):
            step = marks.last_step()
            assert step is not None
            assert step.words == words
            assert marks.undo(step)
        assert corrections(path) == (((6, 7),), ((5, 6),))
        marks.correct({(7, 6): None})
        assert marks.unmute("keyword", "Rain")
        marks.record_coverage(1_600_000_001)
        assert connection.execute("SELECT * FROM marks.mark").fetchall() == [(5, "a.example/1", 100, 200)]
        assert connection.execute("SELECT * FROM marks.coverage").fetchall() == [(5, 3, 1_600_000_000)]
    assert corrections(path) == ((), ((5, 6),))


def test_marks_of_an_older_version_take_tags(tmp_path: Path) -> None:
    path = written(tmp_path / "marks.db", MARKS)
    with closing(open_index(tmp_path / "index.db")) as connection:
        attach_marks(connection, path)
        marks = Marks(connection)
        assert marks.tags.all() == []
        assert marks.tags.of(5) == ()
        assert marks.mutes() == [("keyword", "rain")]
    assert kept_pages(path) == {5}


def test_accounts_of_an_older_version_are_gone_on_with(tmp_path: Path) -> None:
    path = written(tmp_path / "marks.db", ACCOUNTS)
    state = AccountState("Home", "c1", "Miniflux 2.2.5", 5, 6, 7, 8, "it is down", "DOWN")
    with Accounts.opened(path) as accounts:
        assert accounts.state("Home") == state
        assert not accounts.begin("Home", "ann on one")
        assert not accounts.begin("Home", "ann on two")
        assert accounts.state("Home") == state._replace(identity="ann on one")
    assert kept_pages(path) == {5}


def test_fetched_articles_are_read_and_changed(tmp_path: Path) -> None:
    with FeedStore.opened(written(tmp_path / "fetched.db", FETCHED)) as store:
        assert store.sources() == {FEED: SOURCE}
        ((key, _),) = store.stamps(FEED)
        assert store.articles(FEED, [key]) == {key: ARTICLE}
        now = 1_600_000_200
        assert store.store_entries(FEED, [Entry("n1", ARTICLE)], now, now) == StoreResult(0, 0, all_known=True)
        changed = ARTICLE._replace(title="Another title")
        assert store.store_entries(FEED, [Entry("n1", changed)], now, now) == StoreResult(0, 1, all_known=True)
        store.put_source(SOURCE._replace(title="B"))
        assert store.sources()[FEED].title == "B"
        assert store.articles(FEED, [key]) == {key: changed}


@pytest.mark.parametrize("older", ["", FETCHED, "made by version 2"])
def test_a_refresh_without_news_reads_no_texts(tmp_path: Path, older: str) -> None:
    path = tmp_path / "fetched.db"
    if older.startswith("made"):
        with FeedStore.opened(path) as store:
            store.store_entries(FEED, [Entry("n1", ARTICLE)], 1_600_000_200)
        written(path, "DROP INDEX entry_order; PRAGMA user_version = 2")
    elif older:
        written(path, older)
    plans: list[str] = []
    with closing(open_fetched(path)) as connection:
        store = FeedStore(connection)
        store.put_source(SOURCE)
        asked: list[str] = []
        connection.set_trace_callback(asked.append)
        store.stamps(FEED)
        store.mark_listed(FEED, 1_600_000_300)
        store.overdue([FEED], age=1_600_000_300, keep=10**9, most=100)
        connection.set_trace_callback(None)
        for question in asked:
            if question.startswith("SELECT") and "entry" in question:
                rows = connection.execute(f"EXPLAIN QUERY PLAN {question}").fetchall()
                plans += [row[3] for row in rows if " entry " in row[3]]
    assert len(plans) == 3
    assert all("COVERING INDEX entry_order" in plan for plan in plans), plans


def test_all_fetched_articles_are_migrated_or_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = written(tmp_path / "fetched.db", FETCHED + OLDER_ENTRIES)
    before = path.read_bytes()
    with monkeypatch.context() as patched:
        patched.setitem(FETCHED_MIGRATIONS, 2, broken)
        with pytest.raises(StoreError, match="interrupted"), FeedStore.opened(path):
            pass
    assert path.read_bytes()[100:] == before[100:]  # the header has counted the attempt
    with FeedStore.opened(path) as store:
        keys = [key for key, _ in store.stamps(FEED)]
        damaged = 31
        found = store.articles(FEED, [key for key in keys if key != damaged])
        assert sorted(article.title for article in found.values()) == ["No link, no date", "No link, no date", "Title"]
        assert len({article.page_ids()[0] for article in found.values()}) == 3
        with pytest.raises(StoreError, match="can no longer be read"):
            store.articles(FEED, [damaged])
    with FeedStore.opened(path) as again:
        assert [key for key, _ in again.stamps(FEED)] == keys


def broken(connection: sqlite3.Connection) -> None:
    _fetched_2(connection)
    raise sqlite3.OperationalError("interrupted")


@pytest.mark.parametrize("listed", ["as before", "under other names", "without names"])
def test_articles_of_an_older_version_stay_the_same_pages(tmp_path: Path, listed: str) -> None:
    now = 1_600_000_200
    articles = [
        Article(f"Title {at}", "", "", 1_600_000_000 + at, Links(web=f"https://a.example/{at}")) for at in range(9)
    ]
    rows = [
        f"INSERT INTO entry VALUES(1,{page},{at},{page},{article.published},1600000100,1600000100,"
        f"'{json.dumps(article[:16])}');"
        for at, article in enumerate(articles)
        for page in article.page_ids()
    ]
    path = written(tmp_path / "fetched.db", FETCHED + "DELETE FROM entry;" + "".join(rows))
    names = {"as before": "n{}", "under other names": "https://a.example/?p={}", "without names": ""}
    with FeedStore.opened(path) as store:
        entries = [Entry(names[listed].format(at), article) for at, article in enumerate(articles)]
        assert store.store_entries(FEED, entries, now, now) == StoreResult(0, 0, all_known=True)
        # From then on, an entry is known by its name.
        moved = [
            each._replace(article=each.article._replace(links=Links(web=f"https://b.example/{at}")))
            for at, each in enumerate(entries)
        ]
        assert store.store_entries(FEED, moved, now + 1, now) == StoreResult(0, 9, all_known=True)
        assert {page for page, _ in store.stamps(FEED)} == {article.page_ids()[0] for article in articles}


def test_fields_of_a_newer_version_are_ignored(tmp_path: Path) -> None:
    path = written(tmp_path / "fetched.db", FETCHED)
    with FeedStore.opened(path) as store:
        ((page, _),) = store.stamps(FEED)
    written(path, """UPDATE entry SET article = json_set(article, '$.mood', 'good', '$.links.qr', 'x')""")
    with FeedStore.opened(path) as store:
        assert store.articles(FEED, [page]) == {page: ARTICLE}
    written(path, "PRAGMA user_version = 99")
    with pytest.raises(StoreError, match="written by a newer news-tui"), FeedStore.opened(path):
        pass
