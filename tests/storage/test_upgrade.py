"""Marks and fetched articles that an earlier version wrote can still be read and changed.

The SQL is what that version left in its files. It must never be edited:
if a change breaks these tests, migrate the files in the code.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from tui_reader.model.article import Article
from tui_reader.model.feed_entry import Entry
from tui_reader.model.links import Links, Provider
from tui_reader.model.topic import Topic
from tui_reader.storage.connection import attach_marks, open_index
from tui_reader.storage.feed_store import FeedStore, FetchedSource, StoreResult
from tui_reader.storage.marks import Marks, corrections, saved_pages

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
    part="p",
)


def written(path: Path, script: str) -> Path:
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(script)
    return path


def test_marks_are_read_and_changed(tmp_path: Path) -> None:
    path = written(tmp_path / "marks.db", MARKS)
    assert corrections(path) == (((6, 7),), ((5, 6),))
    assert saved_pages(path) == {5}
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
