"""The tables of the index, the marks and the feed store, each with its version."""

from __future__ import annotations

import re
import zlib

CONTENT_VERSION = 17
"""Raise it whenever what is stored in the index's tables changes: the index is then rebuilt."""

ALONE = -1
"""The story of an article that no other article may join; no page has this id."""

CORRECTED_WITH = "corrected with"
"""The state that has the fingerprint of the corrections that the stories of sources were listed with."""

CLUSTERED_DAY_SECONDS, CLUSTERED_DAY_OFFSET = 86_400, 86_400 * 1_000_000
"""The length of a day in ``clustered_day``, and what makes all dates positive."""

ALL_TOPICS = 0
"""The topic id of the list of all articles."""

USER_SOURCE = -1
"""The source id of the topics that the user defines."""

BEST_URL = "coalesce(original_url, web_url, amp_url, cdn_amp_url, title)"
"""The expression that articles published in the same second are sorted by."""

SCHEMA = """
-- Where articles come from. `stamp` is a fingerprint of the site data (of an
-- archive: the whole file) when it was last read. `page` is its website. `weight` is the one that the
-- quality of its articles was computed with, `rarity` what their heat gets if
-- the source seldom publishes.
CREATE TABLE source (
    id INTEGER PRIMARY KEY,
    location TEXT NOT NULL UNIQUE,
    position INTEGER NOT NULL,
    title TEXT NOT NULL DEFAULT '',
    root_topic TEXT NOT NULL DEFAULT '',
    page TEXT NOT NULL DEFAULT '',
    stamp INTEGER,
    weight TEXT NOT NULL DEFAULT 'normal',
    rarity INTEGER NOT NULL DEFAULT 0
);

-- Every file that was read, including those that could not be parsed. `key` is
-- a fingerprint of source and path, `stamp` one of size and time of change.
-- `published`, `shown`, `heat` and `rated` are those of the file itself: if
-- several files have the same page, they decide which one the article is from,
-- with `since`, when an entry of a feed was first listed. `left_out` says why
-- one is no article though nothing is wrong with it.
CREATE TABLE file (
    key INTEGER PRIMARY KEY,
    source_id INTEGER NOT NULL,
    stamp INTEGER NOT NULL,
    path TEXT NOT NULL,
    article_id INTEGER,
    published INTEGER,
    shown INTEGER,
    heat INTEGER,
    rated INTEGER,
    since INTEGER NOT NULL DEFAULT 0,
    left_out TEXT NOT NULL DEFAULT ''
);
CREATE INDEX file_left_out ON file (source_id, left_out) WHERE left_out <> '';
CREATE INDEX file_article ON file (article_id) WHERE article_id IS NOT NULL;
CREATE INDEX file_source ON file (source_id, key, stamp);
CREATE INDEX file_of_source ON file (source_id, article_id) WHERE article_id IS NOT NULL;
CREATE INDEX file_reread ON file (source_id) WHERE stamp = -1;

CREATE TABLE problem (
    id INTEGER PRIMARY KEY,
    source_id INTEGER NOT NULL,
    file_key INTEGER,                 -- NULL: the problem is in the site data
    path TEXT NOT NULL,
    line INTEGER NOT NULL,
    reason TEXT NOT NULL
);
CREATE INDEX problem_file ON problem (file_key);

-- What is told of the files of a source: their problems, and once for each
-- reason that some are no articles.
CREATE VIEW told AS
SELECT source_id, path, line, reason FROM problem
UNION ALL
SELECT source_id, min(path), 0, left_out || CASE count(*)
    WHEN 1 THEN '' WHEN 2 THEN ', like one other file' ELSE ', like ' || (count(*) - 1) || ' other files' END
FROM file WHERE left_out <> '' GROUP BY source_id, left_out;

-- All topics. Id 0 is not in the table: it stands for the list of all articles.
CREATE TABLE topic (
    id INTEGER PRIMARY KEY,
    key TEXT NOT NULL UNIQUE,         -- the name, case folded
    name TEXT NOT NULL
);

-- How the sources, and the user (source -1), define topics, in their order.
CREATE TABLE topic_definition (
    source_id INTEGER NOT NULL,
    position INTEGER NOT NULL,
    name TEXT NOT NULL,
    parent TEXT NOT NULL,
    shortname TEXT NOT NULL,
    identifier TEXT NOT NULL,
    description TEXT NOT NULL,
    keywords TEXT NOT NULL,           -- JSON list
    excluded TEXT NOT NULL,           -- JSON list
    PRIMARY KEY (source_id, position)
) WITHOUT ROWID;

-- One row per page. `indexed` is 0 for a page that is known only from the
-- related entries of other articles. `topics` are topic ids in the publisher's
-- order, separated by commas; `related` are article ids in the publisher's
-- order, 4 bytes each. `source_fingerprint` identifies the source text: if
-- `indexed` is 0, the related entry that the row was made from, otherwise the
-- sum of the fingerprints of the article's related entries. If `rated` is 1,
-- topics, quality, heat and related are computed by the indexer, and
-- `source_topics` are the topics that the source gives.
CREATE TABLE article (
    id INTEGER PRIMARY KEY,
    page INTEGER NOT NULL UNIQUE,
    indexed INTEGER NOT NULL,
    source_id INTEGER,
    title TEXT NOT NULL,
    excerpt TEXT NOT NULL,
    provider TEXT NOT NULL,
    domain TEXT NOT NULL,
    published INTEGER,
    quality INTEGER,
    heat INTEGER,
    shown INTEGER NOT NULL,
    kind TEXT NOT NULL,
    web_url TEXT,
    original_url TEXT,
    amp_url TEXT,
    cdn_amp_url TEXT,
    topics TEXT NOT NULL,
    images TEXT,                      -- JSON list
    video TEXT,
    related BLOB,
    source_fingerprint INTEGER,
    rated INTEGER NOT NULL,
    source_topics TEXT NOT NULL,      -- JSON list
    author TEXT NOT NULL,
    comments_url TEXT,
    page_key TEXT,                    -- where it does not follow from the address
    enclosures TEXT,                  -- JSON list of pairs of kind and address
    points INTEGER NOT NULL DEFAULT 0 -- what filters add to the quality, which has them
);
CREATE INDEX article_rated ON article (published) WHERE rated = 1;
CREATE INDEX article_sample ON article (page) WHERE rated = 1;
CREATE INDEX article_source ON article (source_id, published, rated) WHERE rated = 1;
CREATE INDEX article_points ON article (id, points) WHERE points <> 0;
CREATE TABLE body (
    article_id INTEGER PRIMARY KEY,
    text TEXT NOT NULL
);

-- The parts of the heat of stories that clustering made, by lead, besides the
-- quality; of stories from a source, what the articles added here contribute.
-- A story of one article has its outlet and its day (days since 1970): the
-- stories that one outlet alone tells on a day crowd each other.
CREATE TABLE heat_part (
    article_id INTEGER PRIMARY KEY,
    outlets INTEGER NOT NULL,
    further INTEGER NOT NULL,
    outlet_heat INTEGER NOT NULL,
    further_heat INTEGER NOT NULL,
    rarity INTEGER NOT NULL,
    crowding INTEGER NOT NULL,
    outlet TEXT,
    day INTEGER
);
CREATE INDEX heat_part_alone ON heat_part (outlet, day) WHERE outlet IS NOT NULL;

-- Stories that wait to be published: their articles have changed, or what else decides about lead and heat.
CREATE TABLE republish (
    story INTEGER PRIMARY KEY
);

-- For stories of a source: how many articles of other sources the indexer
-- appended to `related`, and how much heat they add.
CREATE TABLE added_coverage (
    article_id INTEGER PRIMARY KEY,
    articles INTEGER NOT NULL,
    heat INTEGER NOT NULL
);

-- Articles of sources with stories of their own that the user has corrected:
-- what the source says of them. `article` has them as they are corrected.
CREATE TABLE corrected (
    article_id INTEGER PRIMARY KEY,
    shown INTEGER NOT NULL,
    heat INTEGER,
    related BLOB
);

-- Every address of every article, as the id of its page.
CREATE TABLE address (
    page INTEGER NOT NULL,
    article_id INTEGER NOT NULL,
    PRIMARY KEY (page, article_id)
) WITHOUT ROWID;
CREATE INDEX address_article ON address (article_id);

-- Related entries that were parsed before, by the fingerprint of their text.
CREATE TABLE entry (
    fingerprint INTEGER PRIMARY KEY,
    article_id INTEGER NOT NULL
);
CREATE INDEX entry_article ON entry (article_id);

-- The reverse of `related`: the ids of the articles that list an article, 4
-- bytes each, in no order. One row per link would take three times the space
-- and time.
CREATE TABLE mention (
    target_id INTEGER PRIMARY KEY,
    articles BLOB NOT NULL
);

-- The lists: one row for each indexed article in each of its topics and in
-- topic 0. Each sort order has an index with all columns that lists are
-- filtered by, so that every list is read in order from one index.
-- `tiebreak` orders articles of the same second by address.
CREATE TABLE listing (
    topic_id INTEGER NOT NULL,
    article_id INTEGER NOT NULL,
    shown INTEGER NOT NULL,
    heat INTEGER,
    quality INTEGER,
    published INTEGER,
    trending INTEGER,
    tiebreak INTEGER NOT NULL DEFAULT 0,
    provider TEXT NOT NULL,
    page INTEGER NOT NULL,
    PRIMARY KEY (topic_id, article_id)
) WITHOUT ROWID;
CREATE INDEX by_heat ON listing (topic_id, heat DESC, published DESC, tiebreak, shown, page);
CREATE INDEX by_trending ON listing (topic_id, trending DESC, published DESC, tiebreak, shown, page);
CREATE INDEX by_newest ON listing (topic_id, published DESC, tiebreak, shown, page);
CREATE INDEX by_quality ON listing (topic_id, quality DESC, published DESC, tiebreak, shown, page);
CREATE INDEX by_provider ON listing (topic_id, provider, published DESC, tiebreak, shown, page);

-- The stories that clustering made: every rated article with a date, the page
-- of the first article of its story, and its text as a vector. Articles that
-- their source rates are here too if they are from the same time, each in the
-- story that its source assigns it to.
CREATE TABLE assignment (
    article_id INTEGER PRIMARY KEY,
    published INTEGER NOT NULL,
    page INTEGER NOT NULL,
    domain TEXT NOT NULL,
    story INTEGER NOT NULL,
    joined INTEGER NOT NULL,          -- the story that it was put in first, before that was merged into `story`
    vector BLOB NOT NULL,
    from_source INTEGER NOT NULL,     -- 1: the source assigned the story
    apart INTEGER NOT NULL,           -- 1: the user keeps a source of the article apart
    source_lead INTEGER NOT NULL      -- the page of the lead that the source lists it under, or 0
);
CREATE INDEX assignment_from_source ON assignment (article_id) WHERE from_source = 1;
CREATE INDEX assignment_apart ON assignment (article_id) WHERE apart = 1;
CREATE INDEX assignment_time ON assignment (published, page);
CREATE INDEX assignment_story ON assignment (story);
CREATE INDEX assignment_merged ON assignment (published) WHERE story <> joined;

-- What is compared first of all articles that others may join: for each day,
-- in order of time and page, ids of 4 bytes, dates of 8, how many trigrams each
-- title has in 1, and the stems of each in 40. A cache: days that are missing
-- are made when they are needed, and they are removed when their articles change.
CREATE TABLE clustered_day (
    day INTEGER PRIMARY KEY,
    articles BLOB NOT NULL,
    published BLOB NOT NULL,
    title_lengths BLOB NOT NULL,
    stems BLOB NOT NULL
);
CREATE TRIGGER assignment_inserted BEFORE INSERT ON assignment BEGIN
    DELETE FROM clustered_day WHERE day IN (
        (new.published + 86400000000) / 86400,
        (SELECT (published + 86400000000) / 86400 FROM assignment WHERE article_id = new.article_id)
    );
END;
CREATE TRIGGER assignment_deleted AFTER DELETE ON assignment BEGIN
    DELETE FROM clustered_day WHERE day = (old.published + 86400000000) / 86400;
END;
CREATE TRIGGER assignment_changed AFTER UPDATE OF published, page, vector, apart ON assignment BEGIN
    DELETE FROM clustered_day WHERE day IN (
        (old.published + 86400000000) / 86400, (new.published + 86400000000) / 86400
    );
END;
CREATE TRIGGER assignment_alone AFTER UPDATE OF story ON assignment WHEN (old.story = -1) <> (new.story = -1) BEGIN
    DELETE FROM clustered_day WHERE day = (new.published + 86400000000) / 86400;
END;

-- The stories that were merged into another, each when the article published
-- at that time was placed.
CREATE TABLE merged (
    old INTEGER PRIMARY KEY,
    new INTEGER NOT NULL,
    published INTEGER NOT NULL
);
CREATE INDEX merged_published ON merged (published);

-- The article that leads the story of each folded article that clustering put there.
CREATE TABLE folded (
    article_id INTEGER PRIMARY KEY,
    lead_id INTEGER NOT NULL
);
CREATE INDEX folded_lead ON folded (lead_id);

-- The times from which articles have to be clustered again, each with the
-- story (0: none) that lost an article.
CREATE TABLE recluster (
    published INTEGER NOT NULL,
    story INTEGER NOT NULL,
    PRIMARY KEY (published, story)
) WITHOUT ROWID;

-- Words that nearly all articles have; the vectors leave them out.
CREATE TABLE stop_word (
    word TEXT PRIMARY KEY
) WITHOUT ROWID;

-- Fingerprints and numbers that the stored stories and lists were made with.
CREATE TABLE state (
    name TEXT PRIMARY KEY,
    value INTEGER NOT NULL
) WITHOUT ROWID;

-- How many articles each topic lists, kept in step with `listing`.
CREATE TABLE topic_count (
    topic_id INTEGER NOT NULL,
    shown INTEGER NOT NULL,
    articles INTEGER NOT NULL,
    PRIMARY KEY (topic_id, shown)
) WITHOUT ROWID;

-- The seconds whose tiebreaks have to be set at the end of the run.
CREATE TABLE tiebreak_pending (
    published INTEGER PRIMARY KEY     -- the smallest integer stands for “no date”
);

-- Articles that may no longer be reachable, or (`changed`) whose related entry
-- may be gone; checked at the end of the run.
CREATE TABLE orphan (
    article_id INTEGER PRIMARY KEY,
    changed INTEGER NOT NULL
);

-- What articles are found by, as `searchable` makes it of their texts. These
-- tables have no texts: to remove a row takes what was put into it.
CREATE VIRTUAL TABLE search USING fts5 (
    title, excerpt, provider,
    content = '', tokenize = 'unicode61 remove_diacritics 2',
    prefix = '1 2 3', detail = full
);

-- The text that one reads of an article, its full text or else its body. The end of a run
-- puts bodies here that are in `unsearched`: it has all articles whose text is not here yet.
CREATE VIRTUAL TABLE text_search USING fts5 (
    text,
    content = '', tokenize = 'unicode61 remove_diacritics 2',
    detail = full
);
CREATE TABLE unsearched (
    article_id INTEGER PRIMARY KEY
);

-- The full texts of articles, as the feed store has them: `stamp` tells one from another.
CREATE TABLE full_text (
    article_id INTEGER PRIMARY KEY,
    stamp INTEGER NOT NULL,
    text TEXT NOT NULL
);
"""


def index_version(schema: str) -> int:
    """Return the version of an index with these tables; comments and spaces do not matter."""
    statements = " ".join(re.sub("--.*", "", schema).split())
    return zlib.crc32(f"{CONTENT_VERSION} {statements}".encode()) >> 1


VERSION = index_version(SCHEMA)
"""The version of the index: another one whenever its tables or :data:`CONTENT_VERSION` change."""

MARKS_VERSION = 9
"""Raise it with every change of the marks' tables, and migrate older files: marks cannot be rebuilt."""

MARKS_SCHEMA = """
-- Read and saved pages. `page` is the page id, `address` the page key that the
-- id can be computed from. `read` and `saved` are seconds since 1970, or NULL.
CREATE TABLE IF NOT EXISTS mark (
    page INTEGER PRIMARY KEY,
    address TEXT NOT NULL,
    read INTEGER,
    saved INTEGER
);
CREATE INDEX IF NOT EXISTS mark_saved ON mark (page) WHERE saved IS NOT NULL;

-- Pages that were read while other articles of their story were unread: they
-- say nothing of what the user knew of the story.
CREATE TABLE IF NOT EXISTS read_alone (
    page INTEGER PRIMARY KEY
);

-- Pairs of pages that the user split (`together` = 0) or merged (1); `one` is
-- the smaller page id.
CREATE TABLE IF NOT EXISTS correction (
    one INTEGER NOT NULL,
    other INTEGER NOT NULL,
    together INTEGER NOT NULL,
    PRIMARY KEY (one, other)
) WITHOUT ROWID;

-- What not to list: stories with a keyword in the title, of a provider (name
-- or domain), or of a topic.
CREATE TABLE IF NOT EXISTS mute (
    kind TEXT NOT NULL,               -- keyword, provider, topic
    word TEXT NOT NULL,               -- case folded
    PRIMARY KEY (kind, word)
) WITHOUT ROWID;

-- What the user calls pages, several words each. `key` is the tag case folded:
-- by it, two tags are the same. `address` is as in `mark`.
CREATE TABLE IF NOT EXISTS tag (
    page INTEGER NOT NULL,
    key TEXT NOT NULL,
    address TEXT NOT NULL,
    tag TEXT NOT NULL,
    PRIMARY KEY (page, key)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS tag_key ON tag (key);

-- What the user wrote on pages, in lines of plain text. `changed` is in seconds since 1970.
CREATE TABLE IF NOT EXISTS note (
    page INTEGER PRIMARY KEY,
    address TEXT NOT NULL,
    text TEXT NOT NULL,
    changed INTEGER NOT NULL
);

-- What is done with the articles that a query finds, of one source (its
-- location) or of all (an empty text). `argument` is the tag or the points.
CREATE TABLE IF NOT EXISTS filter (
    id INTEGER PRIMARY KEY,
    query TEXT NOT NULL,
    action TEXT NOT NULL,             -- mute, read, save, tag, raise, lower
    argument TEXT NOT NULL,
    source TEXT NOT NULL,
    paused INTEGER NOT NULL DEFAULT 0
);

-- The pages that a filter has seen: what it does once to each article is done
-- to no page a second time.
CREATE TABLE IF NOT EXISTS filtered (
    filter INTEGER NOT NULL,
    page INTEGER NOT NULL,
    PRIMARY KEY (filter, page)
) WITHOUT ROWID;

-- The indexes, by their generation, that a filter has seen: all that is in
-- another one was there before.
CREATE TABLE IF NOT EXISTS filter_index (
    filter INTEGER NOT NULL,
    generation INTEGER NOT NULL,
    PRIMARY KEY (filter, generation)
) WITHOUT ROWID;

-- The hooks that ran, each with the query that it had then, and the pages of the
-- stories that it was run for. `told` is in seconds since 1970.
CREATE TABLE IF NOT EXISTS hook (
    name TEXT PRIMARY KEY,
    query TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS hooked (
    hook TEXT NOT NULL,
    page INTEGER NOT NULL,
    told INTEGER NOT NULL,
    PRIMARY KEY (hook, page)
) WITHOUT ROWID;

-- How many articles each recent story had at the last visit.
CREATE TABLE IF NOT EXISTS coverage (
    page INTEGER PRIMARY KEY,
    articles INTEGER NOT NULL,
    seen INTEGER NOT NULL             -- seconds since 1970
);

-- The steps that can be undone, the newest last: what was done, with which
-- story if it was one, and what it changed as it was before, as JSON.
CREATE TABLE IF NOT EXISTS step (
    id INTEGER PRIMARY KEY,
    words TEXT NOT NULL,
    title TEXT NOT NULL,
    before TEXT NOT NULL
);

-- One row: until when, in seconds since 1970, only the lead of a story was
-- marked as read when it was opened; 0 if its other articles are marked too.
CREATE TABLE IF NOT EXISTS leads_only (
    until INTEGER NOT NULL
);
INSERT INTO leads_only SELECT (SELECT coalesce(max(read) + 1, 0) FROM mark)
    WHERE NOT EXISTS (SELECT 1 FROM leads_only);

-- Accounts on servers. `cursor` is where the entries go on that are still to
-- come; `server` what the server is. `problem` is the last failure as a
-- sentence, `problem_kind` what it was. Times are in seconds since 1970, or 0:
-- `few_since` is when the server first lacked most of the feeds that it had.
-- `identity` is who the account is on which server: all rows of the account are
-- about that. `refused` is a salted digest of the password that was refused.
CREATE TABLE IF NOT EXISTS account (
    name TEXT PRIMARY KEY,
    cursor TEXT NOT NULL DEFAULT '',
    server TEXT NOT NULL DEFAULT '',
    tried INTEGER NOT NULL DEFAULT 0,
    succeeded INTEGER NOT NULL DEFAULT 0,
    held_until INTEGER NOT NULL DEFAULT 0,
    few_since INTEGER NOT NULL DEFAULT 0,
    problem TEXT NOT NULL DEFAULT '',
    problem_kind TEXT NOT NULL DEFAULT '',
    identity TEXT NOT NULL DEFAULT '',
    refused TEXT NOT NULL DEFAULT ''
) WITHOUT ROWID;

-- The feeds of accounts, as both sides had them when they last agreed: title and
-- folder (a JSON list) on the server, and here. An empty `location`: it was
-- removed here, and the server cannot end the subscription.
CREATE TABLE IF NOT EXISTS remote_feed (
    account TEXT NOT NULL,
    id TEXT NOT NULL,
    location TEXT NOT NULL,
    title TEXT NOT NULL,
    folder TEXT NOT NULL,
    own_title TEXT NOT NULL,
    own_folder TEXT NOT NULL,
    PRIMARY KEY (account, id)
) WITHOUT ROWID;

-- The entries of accounts, by what the server calls them, each with its page
-- and the marks that were last agreed on with the server. `doubt` has a bit for
-- each mark (1 read, 2 starred) that was sent without an answer since.
CREATE TABLE IF NOT EXISTS remote_entry (
    account TEXT NOT NULL,
    id TEXT NOT NULL,
    feed TEXT NOT NULL,
    page INTEGER NOT NULL,
    address TEXT NOT NULL,            -- as in `mark`
    read INTEGER NOT NULL,
    starred INTEGER NOT NULL,
    doubt INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (account, id)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS remote_entry_page ON remote_entry (page);

-- What the user did with entries of accounts and the server does not know yet:
-- of each entry and kind (read, starred) the last deed. Numbers are never used
-- again, so a deed that was replaced while it was sent is not taken for sent.
CREATE TABLE IF NOT EXISTS deed (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    account TEXT NOT NULL,
    id TEXT NOT NULL,
    kind TEXT NOT NULL,
    done INTEGER NOT NULL,            -- 1: read or starred, 0: no longer
    at INTEGER NOT NULL,              -- seconds since 1970
    UNIQUE (account, id, kind)
);
"""


def _queue_deeds(column: str, kind: str) -> str:
    """Return the triggers that queue a deed with each mark in ``column``, in the transaction of whoever changes it."""
    change = """
CREATE TRIGGER IF NOT EXISTS mark_{column}_{name} AFTER {event} ON mark WHEN {condition} BEGIN
    DELETE FROM deed WHERE number IN (SELECT d.number FROM remote_entry e CROSS JOIN deed d
        ON d.account = e.account AND d.id = e.id AND d.kind = '{kind}' WHERE e.page = {row}.page);
    INSERT INTO deed (account, id, kind, done, at)
        SELECT account, id, '{kind}', {done}, CAST(strftime('%s', 'now') AS INTEGER)
        FROM remote_entry WHERE page = {row}.page;
END;
"""
    has, had = f"new.{column} IS NOT NULL", f"old.{column} IS NOT NULL"
    return "".join(
        change.format(column=column, kind=kind, name=name, event=event, condition=condition, row=row, done=done)
        for name, event, condition, row, done in (
            ("added", "INSERT", has, "new", "1"),
            ("changed", f"UPDATE OF {column}", f"({has}) <> ({had})", "new", has),
            ("removed", "DELETE", had, "old", "0"),
        )
    )


MARKS_SCHEMA += _queue_deeds("read", "read") + _queue_deeds("saved", "starred")

FETCHED_VERSION = 4
"""Raise it with every change of the tables below, and migrate older files: feeds cannot be fetched again."""

FETCHED_SCHEMA = """
-- Sources on the network. `state` is what the next request needs (ETag, dates,
-- waits) as JSON, `topics` are the topics that the source defines, as JSON, and
-- `notes` what could not be read of its last answer, as a JSON list.
CREATE TABLE IF NOT EXISTS source (
    id INTEGER PRIMARY KEY,
    address TEXT NOT NULL UNIQUE,
    title TEXT NOT NULL DEFAULT '',
    page TEXT NOT NULL DEFAULT '',
    root_topic TEXT NOT NULL DEFAULT '',
    topics TEXT NOT NULL DEFAULT '[]',
    state TEXT NOT NULL DEFAULT '{}',
    removed INTEGER NOT NULL DEFAULT 0,     -- the age of the store when the user removed it, or 0
    notes TEXT NOT NULL DEFAULT '[]'
);

-- One row per article and source. `page` is the id of its page, which never
-- changes, and `page_key` what the id was computed from, where that is not the
-- article's address; `key` is the same id, or another that an older version
-- gave. By `name`, `link`, `title` (fingerprints, 0 without one) and `dated`
-- (the date that the source gives) an article is recognised when it is listed
-- again; `name` is NULL if an older version stored it. `stamp` is the
-- fingerprint of `article`, a JSON object. Times are seconds since 1970.
CREATE TABLE IF NOT EXISTS entry (
    source_id INTEGER NOT NULL,
    key INTEGER NOT NULL,
    stamp INTEGER NOT NULL,
    page INTEGER NOT NULL,
    published INTEGER NOT NULL,
    first_seen INTEGER NOT NULL,
    last_listed INTEGER NOT NULL,
    article TEXT NOT NULL,
    page_key TEXT,
    name INTEGER,
    link INTEGER NOT NULL DEFAULT 0,
    title INTEGER NOT NULL DEFAULT 0,
    dated INTEGER,
    PRIMARY KEY (source_id, key)
) WITHOUT ROWID;
-- What is asked about all entries of a source at each refresh: without this, the texts would be read too.
CREATE INDEX IF NOT EXISTS entry_order ON entry (source_id, published DESC, key, stamp, last_listed);

-- The entries that were dropped, each with the age of the store: the index
-- drops these and no others, since a missing row can also mean that the file
-- was lost, or restored from a copy.
CREATE TABLE IF NOT EXISTS dropped (
    source_id INTEGER NOT NULL,
    key INTEGER NOT NULL,
    at INTEGER NOT NULL,
    PRIMARY KEY (source_id, key)
) WITHOUT ROWID;

-- The full texts of articles, by the id of their page: Markdown, made of the web
-- page at `address`. Without a text, `stamp` is 0. `problem` says why there is
-- none, or only the beginning of one, and `tried` is when the page was asked, in
-- seconds since 1970. With `on_disk`, a file has the article, so it does not go
-- with an entry.
CREATE TABLE IF NOT EXISTS full_text (
    page INTEGER PRIMARY KEY,
    stamp INTEGER NOT NULL,
    tried INTEGER NOT NULL,
    on_disk INTEGER NOT NULL,
    address TEXT NOT NULL,
    problem TEXT NOT NULL,
    text TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS full_text_stamp ON full_text (page, stamp) WHERE stamp <> 0;

-- One row: the age of the store, and the time of the clock when it was taken.
CREATE TABLE IF NOT EXISTS clock (
    seen INTEGER NOT NULL,
    age INTEGER NOT NULL
);
"""
