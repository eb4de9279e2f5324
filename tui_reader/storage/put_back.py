"""Puts articles back into the feed store that only the index still has."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing
from pathlib import Path

from tui_reader.model.article import Article
from tui_reader.model.links import Enclosure, Links, Provider
from tui_reader.named_tuple import NamedTuple
from tui_reader.storage.connection import open_for_checking, open_index
from tui_reader.storage.errors import raises_store_error
from tui_reader.storage.feed_store import FeedStore

_SIGN, _ALL_BITS = 1 << 63, 1 << 64


class _Row(NamedTuple):
    """What the index has of an article that a feed listed; ``name`` is that of its file."""

    name: str
    title: str
    excerpt: str
    body: str | None
    published: int | None
    original_url: str | None
    web_url: str | None
    amp_url: str | None
    cdn_amp_url: str | None
    kind: str
    provider: str
    domain: str
    images: str | None
    video: str | None
    source_topics: str
    topics: str
    rated: bool
    quality: int | None
    heat: int | None
    shown: bool
    author: str
    comments_url: str | None
    page_key: str | None
    enclosures: str | None

    def key(self) -> int:
        """Return the key in the feed store, which the name of the file was made from."""
        number = int(self.name, 16)
        return number - _ALL_BITS if number >= _SIGN else number

    def article(self, topics: Mapping[int, str]) -> Article:
        """Return the article as its feed listed it: without what the indexer added. ``topics`` are names by id."""
        article = Article(
            self.title,
            self.excerpt,
            self.body or "",
            self.published,
            Links(self.original_url, self.web_url, self.amp_url, self.cdn_amp_url),
            self.kind,
            provider=Provider(self.provider, self.domain),
            topics=tuple(json.loads(self.source_topics)),
            images=tuple(json.loads(self.images or "[]")),
            video=self.video,
            author=self.author,
            comments=self.comments_url,
            key=self.page_key or "",
            enclosures=tuple(Enclosure(*each) for each in json.loads(self.enclosures or "[]")),
        )
        if self.rated:
            return article
        names = tuple(topics[int(number)] for number in self.topics.split(",") if number)
        return article._replace(topics=names, quality=self.quality, heat=self.heat, shown=bool(self.shown))


@raises_store_error
def missing_articles(index: Path, fetched: Path) -> dict[str, list[int]]:
    """Return the keys of the articles that an index has and the feed store lacks without having dropped them.

    They are grouped by the address of their source. Neither file is changed. Raises :class:`StoreError`.
    """
    with closing(open_for_checking(index)) as connection, closing(open_for_checking(fetched)) as fetched_connection:
        return {address: list(rows) for address, rows in _missing(connection, FeedStore(fetched_connection))}


@raises_store_error
def put_back(index: Path, store: FeedStore, age: int) -> int:
    """Store the articles again that :func:`missing_articles` finds; return how many.

    ``age`` is that of the store (see :meth:`FeedStore.age`). Raises :class:`StoreError`.
    """
    with closing(open_index(index)) as connection:
        titles: dict[str, str] = dict(connection.execute("SELECT location, title FROM source"))
        topics: dict[int, str] = dict(connection.execute("SELECT id, name FROM topic"))
        count = 0
        for address, rows in _missing(connection, store):
            articles = {key: row.article(topics) for key, row in rows.items()}
            count += store.put_back(address, titles[address], articles, age)
    return count


def _missing(connection: sqlite3.Connection, store: FeedStore) -> Iterator[tuple[str, dict[int, _Row]]]:
    """Yield the address of each source that lacks articles, and what the index has of them, by key."""
    elsewhere = {"name": "f.path", "body": "b.text"}
    columns = ", ".join(elsewhere.get(column, f"a.{column}") for column in _Row._fields)
    sources = connection.execute("SELECT id, location FROM source ORDER BY position").fetchall()
    for number, address in sources:
        rows = connection.execute(
            f"SELECT {columns} FROM file f JOIN article a ON a.id = f.article_id "
            "LEFT JOIN body b ON b.article_id = a.id WHERE f.source_id = ?",
            (number,),
        )
        known = {key for key, _ in store.stamps(address)} | set(store.dropped(address))
        found = {(row := _Row._make(values)).key(): row for values in rows if _is_entry(values[0])}
        missing = {key: row for key, row in found.items() if key not in known}
        if missing:
            yield address, missing


def _is_entry(name: str) -> bool:
    """Return whether a file of the index is an entry of the feed store rather than a file on the disk."""
    return len(name) == 16 and all(char in "0123456789abcdef" for char in name)
