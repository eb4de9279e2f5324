"""The index's tables, as one commented text with a version."""

VERSION = 9
"""Goes up with every change of the schema or of what is stored in it; the index is then built anew."""

ALONE = -1
"""The story of an article that others do not join; no page has this number."""

ALL_TOPICS = 0
"""The topic id of the list of everything."""

ADDRESS = "coalesce(original_url, web_url, amp_url, cdn_amp_url, title)"
"""What articles of the same second are ordered by."""

SCHEMA = """
-- Where articles come from. `stamp` sums up what the source looked like when
-- its site data (or, for an archive, all of it) were last read.
CREATE TABLE source (
    id INTEGER PRIMARY KEY,
    location TEXT NOT NULL UNIQUE,
    position INTEGER NOT NULL,
    title TEXT NOT NULL DEFAULT '',
    root_topic TEXT NOT NULL DEFAULT '',
    stamp INTEGER
);

-- Every file that was read, sound or not. `key` is a fingerprint of source and
-- path, `stamp` one of size and time of change. `published`, `shown` and `heat`
-- are the file's own: when two files are one page, they decide what wins, and
-- what the source rates itself goes before what is `rated` here.
CREATE TABLE file (
    key INTEGER PRIMARY KEY,
    source_id INTEGER NOT NULL,
    stamp INTEGER NOT NULL,
    path TEXT NOT NULL,
    article_id INTEGER,
    published INTEGER,
    shown INTEGER,
    heat INTEGER,
    rated INTEGER
);
CREATE INDEX file_article ON file (article_id) WHERE article_id IS NOT NULL;
CREATE INDEX file_source ON file (source_id, key, stamp);
CREATE INDEX file_again ON file (source_id) WHERE stamp = -1;  -- to be read again

CREATE TABLE problem (
    id INTEGER PRIMARY KEY,
    source_id INTEGER NOT NULL,
    file_key INTEGER,                 -- NULL: about the site's own data
    path TEXT NOT NULL,
    line INTEGER NOT NULL,
    reason TEXT NOT NULL
);
CREATE INDEX problem_file ON problem (file_key);

-- The subjects: id 0 stands for all of them. `definition` is what a source
-- says of a topic, in the publisher's order.
CREATE TABLE topic (
    id INTEGER PRIMARY KEY,
    key TEXT NOT NULL UNIQUE,         -- the name, case folded
    name TEXT NOT NULL
);
CREATE TABLE definition (
    source_id INTEGER NOT NULL,
    position INTEGER NOT NULL,
    name TEXT NOT NULL,
    parent TEXT NOT NULL,
    shortname TEXT NOT NULL,
    identifier TEXT NOT NULL,
    description TEXT NOT NULL,
    keywords TEXT NOT NULL,           -- JSON list
    excluded TEXT NOT NULL,             -- JSON list
    PRIMARY KEY (source_id, position)
) WITHOUT ROWID;

-- One row a page. `own` is 0 for a page that is known only because articles
-- list it as related. `topics` are topic ids in the publisher's order, comma
-- between; `related` are article ids in the publisher's order, 4 bytes each.
CREATE TABLE article (
    id INTEGER PRIMARY KEY,
    page INTEGER NOT NULL UNIQUE,
    own INTEGER NOT NULL,
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
    told INTEGER,                     -- own = 0: the fingerprint of the entry that its text is
                                      -- from; own = 1: a sum of those of its related entries
    rated INTEGER NOT NULL,           -- 1: topics, quality, heat and related are worked out here
    source_topics TEXT NOT NULL          -- of a rated article: the source's own, as JSON
);
CREATE INDEX article_rated ON article (published) WHERE rated = 1;
CREATE INDEX article_sample ON article (page) WHERE rated = 1;
CREATE TABLE body (
    article_id INTEGER PRIMARY KEY,
    text TEXT NOT NULL
);

-- Stories that their source made, how many articles of other sources were put
-- at the end of their `related` here, and the heat that those add.
CREATE TABLE joined (
    article_id INTEGER PRIMARY KEY,
    articles INTEGER NOT NULL,
    heat INTEGER NOT NULL
);

-- Every address (as the number of its page key) of every article.
CREATE TABLE address (
    page INTEGER NOT NULL,
    article_id INTEGER NOT NULL,
    PRIMARY KEY (page, article_id)
) WITHOUT ROWID;
CREATE INDEX address_article ON address (article_id);

-- The texts of related entries that were parsed before, by fingerprint.
CREATE TABLE entry (
    fingerprint INTEGER PRIMARY KEY,
    article_id INTEGER NOT NULL
);
CREATE INDEX entry_article ON entry (article_id);

-- `related` the other way round: the articles that list this one, 4 bytes
-- each, in no order. A row a link would take three times the room and time.
CREATE TABLE mention (
    target_id INTEGER PRIMARY KEY,
    articles BLOB NOT NULL
);

-- The lists: a row for every own article in every one of its topics and in
-- topic 0. One index for each order, each holding all that a list is filtered
-- by, so that any view is read in order from one index. `tie` orders articles
-- of the same second by address.
CREATE TABLE listing (
    topic_id INTEGER NOT NULL,
    article_id INTEGER NOT NULL,
    shown INTEGER NOT NULL,
    heat INTEGER,
    quality INTEGER,
    published INTEGER,
    hot INTEGER,
    tie INTEGER NOT NULL DEFAULT 0,
    provider TEXT NOT NULL,
    page INTEGER NOT NULL,
    PRIMARY KEY (topic_id, article_id)
) WITHOUT ROWID;
CREATE INDEX by_heat ON listing (topic_id, heat DESC, published DESC, tie, shown, page);
CREATE INDEX by_hot ON listing (topic_id, hot DESC, published DESC, tie, shown, page);
CREATE INDEX by_newest ON listing (topic_id, published DESC, tie, shown, page);
CREATE INDEX by_quality ON listing (topic_id, quality DESC, published DESC, tie, shown, page);
CREATE INDEX by_provider ON listing (topic_id, provider, published DESC, tie, shown, page);

-- The stories that are worked out here: every rated article with a date, the
-- page of the first article of its story, and its text as a vector; beside
-- them those of the same time that their source rates, each in the story that
-- its source has it in. `unplaced` are the moments from which on articles are
-- to be placed anew, and the story (0: none) that lost one there.
CREATE TABLE place (
    article_id INTEGER PRIMARY KEY,
    published INTEGER NOT NULL,
    page INTEGER NOT NULL,
    domain TEXT NOT NULL,
    story INTEGER NOT NULL,
    vector BLOB NOT NULL,
    given INTEGER NOT NULL            -- 1: its source rates it
);
CREATE INDEX place_given ON place (article_id) WHERE given = 1;
CREATE INDEX place_time ON place (published, page);
CREATE INDEX place_story ON place (story);
CREATE TABLE unplaced (
    published INTEGER NOT NULL,
    story INTEGER NOT NULL,
    PRIMARY KEY (published, story)
) WITHOUT ROWID;
CREATE TABLE common_word (
    word TEXT PRIMARY KEY             -- that nearly all articles have: left out of the vectors
) WITHOUT ROWID;
CREATE TABLE remembered (
    name TEXT PRIMARY KEY,            -- what the stories were worked out with, as fingerprints
    value INTEGER NOT NULL
) WITHOUT ROWID;

-- How many articles each topic lists, kept up with the listing.
CREATE TABLE topic_count (
    topic_id INTEGER NOT NULL,
    shown INTEGER NOT NULL,
    articles INTEGER NOT NULL,
    PRIMARY KEY (topic_id, shown)
) WITHOUT ROWID;
-- The seconds whose ties have to be put in order when indexing is done.
CREATE TABLE untied (
    published INTEGER PRIMARY KEY     -- the smallest number stands for “no date”
);

-- The articles that may be left with nothing that leads to them, or (`changed`)
-- with a text that no entry tells any more; looked at when indexing is done.
CREATE TABLE loose (
    article_id INTEGER PRIMARY KEY,
    changed INTEGER NOT NULL
);

CREATE VIRTUAL TABLE search USING fts5 (
    title, excerpt, provider,
    content = 'article', content_rowid = 'id',
    tokenize = 'unicode61 remove_diacritics 2',
    prefix = '1 2 3', detail = none
);
"""

MARKS_VERSION = 3
"""Goes up with every change of the marks' tables; older files are migrated, never dropped."""

MARKS_SCHEMA = """
-- What only the person knows. `page` is the number of the page's key, `address`
-- the page in words, so that the numbers can be made anew from it.
-- `read` and `saved` are the seconds since 1970 when that was done, or NULL.
CREATE TABLE IF NOT EXISTS mark (
    page INTEGER PRIMARY KEY,
    address TEXT NOT NULL,
    read INTEGER,
    saved INTEGER
);
CREATE INDEX IF NOT EXISTS mark_saved ON mark (page) WHERE saved IS NOT NULL;

-- Pages that belong apart (`together` = 0) or into one story (1), as the
-- person said; `one` is the smaller number.
CREATE TABLE IF NOT EXISTS correction (
    one INTEGER NOT NULL,
    other INTEGER NOT NULL,
    together INTEGER NOT NULL,
    PRIMARY KEY (one, other)
) WITHOUT ROWID;

-- What is not to be listed: stories with a keyword in the title, of a
-- provider (name or domain), or of a topic.
CREATE TABLE IF NOT EXISTS mute (
    kind TEXT NOT NULL,               -- keyword, provider, topic
    word TEXT NOT NULL,               -- case folded
    PRIMARY KEY (kind, word)
) WITHOUT ROWID;

-- How many articles each of the newer stories had when the person was last here.
CREATE TABLE IF NOT EXISTS coverage (
    page INTEGER PRIMARY KEY,
    articles INTEGER NOT NULL,
    seen INTEGER NOT NULL             -- seconds since 1970
);
"""

FETCHED_VERSION = 1
"""Goes up with every change of the tables below; older files are migrated, never dropped."""

FETCHED_SCHEMA = """
-- What came over the network and cannot be fetched again: feeds forget. The
-- index is made from it as it is from files. `state` is what has to be known
-- to ask politely again, as JSON; `topics` the source's own topics, as JSON.
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

-- One row an article and source. `key` is the number of its page (or of what
-- the feed calls it), `stamp` the fingerprint of `article`, which is JSON.
-- Times are seconds since 1970.
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
"""
