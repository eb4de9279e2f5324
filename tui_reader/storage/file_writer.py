"""Stores files that were read, and removes files that no longer exist."""

from __future__ import annotations

import json
import sqlite3
from array import array
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from tui_reader.model.text import visible
from tui_reader.named_tuple import NamedTuple
from tui_reader.storage.article_writer import ArticleWriter, StoredPage, related_fingerprint
from tui_reader.storage.file_stamps import READ_AGAIN
from tui_reader.storage.listings import sortable
from tui_reader.storage.page_versions import PageVersion, Rank, owner_rank, resolve
from tui_reader.storage.statements import insert_into

if TYPE_CHECKING:
    from tui_reader.model.article import Article


class ReadFile(NamedTuple):
    """A file that was read: its article, or the problems that prevented one.

    ``key`` is a fingerprint of source and path, ``stamp`` one of size and time
    of change. ``entries`` are the related entries that were not known before,
    by fingerprint. ``problems`` are pairs of line (0 if unknown) and reason.
    ``since`` is when an entry of a feed was first listed, in seconds since
    1970; 0 for a file on the disk. ``left_out`` says why a file is no article
    though nothing is wrong with it. ``undated`` says what kind of file on the
    disk has no date, a ``note`` or another ``article``.
    """

    key: int
    stamp: int
    path: str
    article: Article | None
    entries: dict[int, Article]
    problems: tuple[tuple[int, str], ...] = ()
    since: int = 0
    left_out: str = ""
    undated: str = ""


class _FileRow(NamedTuple):
    key: int
    source_id: int
    stamp: int
    path: str
    article_id: int
    published: int | None
    shown: bool
    heat: int | None
    rated: bool
    since: int


_PUT_FILE = insert_into("file", _FileRow._fields, replace=True)


class FileWriter:
    """Writes files in batches; the caller opens the transaction, and calls :meth:`flush` at its end."""

    def __init__(self, connection: sqlite3.Connection, articles: ArticleWriter) -> None:
        self._db = connection
        self._articles = articles
        self.discard()

    def discard(self) -> None:
        """Forget the rows that are not written: their transaction was rolled back."""
        self._files: list[_FileRow] = []
        self._problems: list[tuple[int, int, str, int, str]] = []

    def flush(self) -> None:
        """Write the collected rows."""
        self._articles.flush()
        if self._files:
            self._db.executemany(_PUT_FILE, self._files)
        if self._problems:
            self._db.executemany(
                "INSERT INTO problem (source_id, file_key, path, line, reason) VALUES (?, ?, ?, ?, ?)", self._problems
            )
        self.discard()

    def store(self, source_id: int, files: Sequence[ReadFile]) -> None:
        """Store files that were read, with their articles and problems."""
        rows = self._db.execute(
            "SELECT key FROM file WHERE key IN (SELECT value FROM json_each(?))",
            (json.dumps([file.key for file in files]),),
        )
        known = {key for (key,) in rows}
        # Computed once: each takes longer than to write its row.
        files = [
            file if file.article is None else file._replace(article=file.article.with_page_ids()) for file in files
        ]
        self._articles.look_up(_pages(files))
        for file in files:
            self._store(source_id, file, is_known=file.key in known)
            known.add(file.key)

    def _store(self, source_id: int, file: ReadFile, *, is_known: bool) -> None:
        """Store one file; ``is_known`` says that it was read before."""
        path = visible(file.path)
        before = None
        if is_known:
            self.flush()
            before = self._db.execute("SELECT article_id, stamp FROM file WHERE key = ?", (file.key,)).fetchone()
            self._db.execute("DELETE FROM problem WHERE file_key = ?", (file.key,))
        self._problems += ((source_id, file.key, path, line, visible(reason)) for line, reason in file.problems)
        if file.article is None:
            if file.left_out and before is not None and before[0] is not None:
                self._release(before[0], file.key)
            # A broken file changes nothing: its article stays as it last was.
            self._db.execute(
                "INSERT INTO file (key, source_id, stamp, path, left_out) VALUES (?, ?, ?, ?, ?) "
                "ON CONFLICT (key) DO UPDATE SET stamp = excluded.stamp, left_out = excluded.left_out",
                (file.key, source_id, file.stamp, path, file.left_out),
            )
            return
        article = file.article
        pages = article.page_ids()
        related = self._articles.related_ids(article, file.entries)
        stored = self._articles.find(pages[0])
        if before is not None and before[0] is not None:
            if stored is None or before[0] != stored.article_id:
                self._release(before[0], file.key)
                stored = self._articles.find(pages[0])
            elif before[1] != READ_AGAIN:
                self._read_others_again(before[0], file.key)
        is_news = before is None or before[1] != READ_AGAIN
        if stored is None or not stored.indexed:
            article_id = self._articles.put(source_id, article, pages, related, stored and stored.article_id)
        else:
            self.flush()
            article_id = self._store_version(source_id, file, article, related, stored, is_news=is_news)
        self._files.append(
            _FileRow(
                key=file.key,
                source_id=source_id,
                stamp=file.stamp,
                path=path,
                article_id=article_id,
                published=article.published,
                shown=article.shown,
                heat=article.heat,
                rated=article.rated,
                since=file.since,
            )
        )

    def remove(self, keys: Iterable[int]) -> None:
        """Remove files, and the articles that no other file has."""
        for key in keys:
            row = self._db.execute("SELECT article_id FROM file WHERE key = ?", (key,)).fetchone()
            self._db.execute("DELETE FROM file WHERE key = ?", (key,))
            self._db.execute("DELETE FROM problem WHERE file_key = ?", (key,))
            if row is not None and row[0] is not None:
                self._release(row[0], key)

    def _store_version(
        self,
        source_id: int,
        file: ReadFile,
        article: Article,
        related: array[int],
        stored: StoredPage,
        *,
        is_news: bool,
    ) -> int:
        """Store a file's version of a page that has one, unless that is preferred; return the article's id."""
        article_id = stored.article_id
        others = self._other_versions(article_id, file.key, article.links.identity())
        if others:
            version = self._version(source_id, file, article)
            shown, heat = resolve([version, *others])
            if any(other.rank > version.rank for other in others):
                self._articles.mark_orphans(related, changed=is_news)
                self._articles.set_visibility(article_id, shown, heat)
                return article_id
            article = article._replace(shown=shown, heat=heat)
        is_changed = is_news and stored.fingerprint != related_fingerprint(article)
        self._articles.clear(article_id, changed=is_changed)
        return self._articles.put(source_id, article, article.page_ids(), related, article_id)

    def _version(self, source_id: int, file: ReadFile, article: Article) -> PageVersion:
        source = self._db.execute("SELECT location, page FROM source WHERE id = ?", (source_id,)).fetchone()
        rank = _rank(
            article.links.identity(),
            source,
            rated=article.rated,
            published=article.published,
            path=visible(file.path),
            since=file.since,
        )
        return PageVersion(rank, article.shown, article.heat)

    def _other_versions(self, article_id: int, key: int, page: str | None) -> list[PageVersion]:
        """Return the versions of the other files of a ``page``, except those that are to be read again."""
        rows = self._db.execute(
            "SELECT f.rated, f.published, f.path, f.since, s.location, s.page, f.shown, f.heat "
            "FROM file f JOIN source s ON s.id = f.source_id "
            "WHERE f.article_id = ? AND f.key <> ? AND f.stamp <> ?",
            (article_id, key, READ_AGAIN),
        )
        return [
            PageVersion(
                _rank(page, source, rated=bool(rated), published=published, path=path, since=since), bool(shown), heat
            )
            for rated, published, path, since, *source, shown, heat in rows
        ]

    def _read_others_again(self, article_id: int, key: int) -> None:
        """Have the other files of an article read again: another version may be preferred now."""
        self._db.execute("UPDATE file SET stamp = ? WHERE article_id = ? AND key <> ?", (READ_AGAIN, article_id, key))

    def _release(self, article_id: int, key: int) -> None:
        """Detach a file from an article, which goes unless another file has it too."""
        self._db.execute("UPDATE file SET article_id = NULL WHERE key = ?", (key,))
        self._read_others_again(article_id, key)
        if self._db.execute("SELECT 1 FROM file WHERE article_id = ?", (article_id,)).fetchone():
            (related,) = self._db.execute("SELECT related FROM article WHERE id = ?", (article_id,)).fetchone()
            self._articles.mark_orphans(array("I", related or b""), changed=True)
            self._articles.mark_orphans(self._articles.corrected_entries(article_id), changed=True)
        else:
            self._articles.unindex(article_id)


def _pages(files: Iterable[ReadFile]) -> Iterator[int]:
    """Return the pages of articles and related entries in files."""
    for file in files:
        if file.article is not None:
            yield file.article.page_ids()[0]
        for entry in file.entries.values():
            yield entry.page_ids()[0]


def _rank(
    page: str | None, source: Sequence[str], *, rated: bool, published: int | None, path: str, since: int
) -> Rank:
    """Return the rank of a version; ``source`` has the location and the website of its source."""
    location, website = source
    return Rank(
        is_collection=not rated and not since,
        owner=owner_rank(page, location, website),
        from_source=not rated,
        earliness=-since,
        location=location,
        published=sortable(published),
        path=path,
    )
