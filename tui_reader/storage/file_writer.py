"""Stores files that were read, and removes files that no longer exist."""

from __future__ import annotations

import sqlite3
from array import array
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, NamedTuple

from tui_reader.model.text import visible
from tui_reader.storage.article_writer import ArticleWriter, related_fingerprint
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
    1970; 0 for a file on the disk.
    """

    key: int
    stamp: int
    path: str
    article: Article | None
    entries: dict[int, Article]
    problems: tuple[tuple[int, str], ...] = ()
    since: int = 0


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
    """Writes one file at a time; the caller opens the transaction."""

    def __init__(self, connection: sqlite3.Connection, articles: ArticleWriter) -> None:
        self._db = connection
        self._articles = articles

    def store(self, source_id: int, file: ReadFile) -> None:
        """Store a file that was read, with its article and problems."""
        before = self._db.execute("SELECT article_id, stamp FROM file WHERE key = ?", (file.key,)).fetchone()
        path = visible(file.path)
        self._set_problems(source_id, file, path, is_known=before is not None)
        if file.article is None:
            # A broken file changes nothing: its article stays as it last was.
            self._db.execute(
                "INSERT INTO file (key, source_id, stamp, path) VALUES (?, ?, ?, ?) "
                "ON CONFLICT (key) DO UPDATE SET stamp = excluded.stamp",
                (file.key, source_id, file.stamp, path),
            )
            return
        article = file.article
        related = self._articles.related_ids(article, file.entries)
        row = self._db.execute("SELECT id, indexed FROM article WHERE page = ?", article.page_ids()[:1]).fetchone()
        if before is not None and before[0] is not None:
            if row is None or before[0] != row[0]:
                self._release(before[0], file.key)
            elif before[1] != READ_AGAIN:
                self._read_others_again(before[0], file.key)
        is_news = before is None or before[1] != READ_AGAIN
        article_id = self._store_article(source_id, file, article, related, row, is_news=is_news)
        self._db.execute(
            _PUT_FILE,
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
            ),
        )

    def remove(self, keys: Iterable[int]) -> None:
        """Remove files, and the articles that no other file has."""
        for key in keys:
            row = self._db.execute("SELECT article_id FROM file WHERE key = ?", (key,)).fetchone()
            self._db.execute("DELETE FROM file WHERE key = ?", (key,))
            self._db.execute("DELETE FROM problem WHERE file_key = ?", (key,))
            if row is not None and row[0] is not None:
                self._release(row[0], key)

    def _set_problems(self, source_id: int, file: ReadFile, path: str, *, is_known: bool) -> None:
        if is_known:
            self._db.execute("DELETE FROM problem WHERE file_key = ?", (file.key,))
        if file.problems:
            self._db.executemany(
                "INSERT INTO problem (source_id, file_key, path, line, reason) VALUES (?, ?, ?, ?, ?)",
                ((source_id, file.key, path, line, visible(reason)) for line, reason in file.problems),
            )

    def _store_article(
        self,
        source_id: int,
        file: ReadFile,
        article: Article,
        related: array[int],
        row: tuple[int, int] | None,
        *,
        is_news: bool,
    ) -> int:
        """Store a file's version of its page, unless another file's version is preferred; return the article's id.

        ``row`` has id and ``indexed`` of the page's present row.
        """
        article_id, indexed = row or (None, False)
        if article_id is not None and indexed:
            others = self._other_versions(article_id, file.key, article.links.identity())
            if others:
                version = self._version(source_id, file, article)
                shown, heat = resolve([version, *others])
                if any(other.rank > version.rank for other in others):
                    self._articles.mark_orphans(related, changed=is_news)
                    self._articles.set_visibility(article_id, shown, heat)
                    return article_id
                article = article._replace(shown=shown, heat=heat)
            (fingerprint,) = self._db.execute(
                "SELECT source_fingerprint FROM article WHERE id = ?", (article_id,)
            ).fetchone()
            self._articles.clear(article_id, changed=is_news and fingerprint != related_fingerprint(article))
        return self._articles.put(source_id, article, related, article_id)

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
