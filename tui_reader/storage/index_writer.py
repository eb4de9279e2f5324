"""Writes an index: its sources and their files, one transaction per batch."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from tui_reader.model.story import Problem
from tui_reader.model.text import visible
from tui_reader.model.topic import Topic
from tui_reader.storage.article_writer import ArticleWriter
from tui_reader.storage.clusters import Clusters
from tui_reader.storage.connection import prepare_bulk_write
from tui_reader.storage.errors import raises_store_error, store_errors
from tui_reader.storage.file_stamps import READ_AGAIN, FileStamps
from tui_reader.storage.file_writer import FileWriter, ReadFile
from tui_reader.storage.full_texts import FullTexts
from tui_reader.storage.generations import begin_generation
from tui_reader.storage.indexed_texts import count_unsearched, search_bodies, update_texts
from tui_reader.storage.known_files import KnownFiles
from tui_reader.storage.listings import Listings
from tui_reader.storage.schema import USER_SOURCE
from tui_reader.storage.source_stories import SourceStories
from tui_reader.storage.topics import has_definitions, replace_definitions
from tui_reader.storage.transactions import transaction

_STORIES = "stories"  # the name of the stamp of the rules that all stories are made by
_ENTRIES = "entries of "  # with the id of a source, the name of the stamp of its entries


class IndexWriter:
    """Writes to an index. Only one process may do so at a time (see ``exclusive_lock``)."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._db = connection
        self._listings = Listings(connection)
        self._articles = ArticleWriter(connection, self._listings)
        self._files = FileWriter(connection, self._articles)
        self._is_prepared = False

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Run the block in one transaction that is rolled back if it raises."""
        with store_errors(self._db), self._transaction():
            yield

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        is_part = self._db.in_transaction
        try:
            with transaction(self._db):
                yield
                self._files.flush()
                # Once for each transaction: the search index would be written in as many pieces,
                # also because most other statements make SQLite write what it has of it.
                if not is_part or self._listings.is_full():
                    self._listings.flush()
        except BaseException:
            self.discard()
            raise

    def discard(self) -> None:
        """Forget what an exception kept from being written, after its transaction was rolled back."""
        self._files.discard()
        self._articles.reset()
        self._listings.discard()

    def clusters(self) -> Clusters:
        """Return the store of the stories that clustering makes."""
        return Clusters(self._db, self._listings, self._articles.topic_id)

    def source_stories(self) -> SourceStories:
        """Return the store of the stories that come from sources."""
        return SourceStories(self._db, self.clusters())

    @raises_store_error
    def prepare_bulk_write(self) -> None:
        """Use more memory for faster writes; call it before :meth:`store`."""
        if not self._is_prepared:
            prepare_bulk_write(self._db)
            self._is_prepared = True

    # -- settings --------------------------------------------------------

    @raises_store_error
    def set_half_life(self, half_life: int) -> None:
        """Set the seconds over which heat halves in the order “hot”."""
        self._listings.half_life = half_life
        row = self._db.execute("SELECT value FROM state WHERE name = 'half-life'").fetchone()
        if row is not None and row[0] == half_life:
            return
        with self._transaction():
            if row is not None:
                self._listings.set_half_life(half_life)
            self._db.execute("INSERT OR REPLACE INTO state (name, value) VALUES ('half-life', ?)", (half_life,))

    @raises_store_error
    def set_user_topics(self, topics: Sequence[Topic]) -> None:
        """Replace the topics that the user defines."""
        if not has_definitions(self._db, USER_SOURCE, topics):
            with self._transaction():
                replace_definitions(self._db, USER_SOURCE, topics)

    # -- sources ---------------------------------------------------------

    @raises_store_error
    def set_sources(self, locations: Sequence[str]) -> dict[str, int]:
        """Make ``locations``, in this order, the sources of the index; return their ids.

        Everything from other sources is removed.
        """
        with self._transaction():
            begin_generation(self._db)
            known = dict(self._db.execute("SELECT location, id FROM source ORDER BY position"))
            if [*known] == [*locations]:
                return known
            for location in known.keys() - set(locations):
                self._remove_source(known[location])
            for position, location in enumerate(locations):
                self._db.execute(
                    "INSERT INTO source (location, position) VALUES (?, ?) "
                    "ON CONFLICT (location) DO UPDATE SET position = excluded.position "
                    "WHERE position <> excluded.position",
                    (location, position),
                )
            return self.source_ids()

    @raises_store_error
    def path(self) -> Path:
        """Return where the index is."""
        return Path(self._db.execute("SELECT file FROM pragma_database_list WHERE name = 'main'").fetchone()[0])

    @raises_store_error
    def source_ids(self) -> dict[str, int]:
        """Return the ids of the sources of the index, by location."""
        return dict(self._db.execute("SELECT location, id FROM source"))

    def _remove_source(self, source_id: int) -> None:
        self._unsettle()
        keys = [row[0] for row in self._db.execute("SELECT key FROM file WHERE source_id = ?", (source_id,))]
        self._files.remove(keys)
        for table in ("topic_definition", "problem"):
            self._db.execute(f"DELETE FROM {table} WHERE source_id = ?", (source_id,))
        self.set_entries_stamp(source_id, None)
        self.known_files(source_id).set_parts({})
        self._db.execute("DELETE FROM source WHERE id = ?", (source_id,))

    @raises_store_error
    def source_stamp(self, source_id: int) -> int | None:
        """Return the stamp that the source had when it was last read, or ``None``."""
        row = self._db.execute("SELECT stamp FROM source WHERE id = ?", (source_id,)).fetchone()
        return None if row is None else row[0]

    @raises_store_error
    def set_source_stamp(self, source_id: int, stamp: int) -> None:
        """Store the stamp of a source that was read completely."""
        self._db.execute("UPDATE source SET stamp = ? WHERE id = ?", (stamp, source_id))

    @raises_store_error
    def sources_read(self) -> dict[int, tuple[int, int]]:
        """Return the stamps of the sources that were read to the end, with those of their entries, by id.

        Those of which something is to be read again are left out.
        """
        return {
            source_id: (stamp, entries)
            for source_id, stamp, entries in self._db.execute(
                "SELECT id, stamp, value FROM source JOIN state ON name = ? || id WHERE stamp IS NOT NULL "
                f"AND id NOT IN (SELECT source_id FROM file WHERE stamp = {READ_AGAIN})",
                (_ENTRIES,),
            )
        }

    @raises_store_error
    def has_entries(self, source_id: int, stamp: int) -> bool:
        """Return whether the files of a source are its entries with this ``stamp``, and none is to be read again."""
        row = self._db.execute("SELECT value FROM state WHERE name = ?", (f"{_ENTRIES}{source_id}",)).fetchone()
        if row is None or row[0] != stamp:
            return False
        again = f"SELECT EXISTS (SELECT 1 FROM file WHERE source_id = ? AND stamp = {READ_AGAIN})"
        return not self._db.execute(again, (source_id,)).fetchone()[0]

    @raises_store_error
    def set_entries_stamp(self, source_id: int, stamp: int | None) -> None:
        """Note that the files of a source are its entries with this ``stamp``; ``None``: compare them."""
        name = f"{_ENTRIES}{source_id}"
        if stamp is None:
            self._db.execute("DELETE FROM state WHERE name = ?", (name,))
        else:
            self._db.execute("INSERT OR REPLACE INTO state (name, value) VALUES (?, ?)", (name, stamp))

    @raises_store_error
    def set_site(
        self,
        source_id: int,
        title: str,
        root_topic: str,
        topics: Sequence[Topic],
        problems: Sequence[Problem],
        *,
        page: str = "",
    ) -> None:
        """Store the site data of a source: its title, website, topics and the problems in reading them."""
        with self._transaction():
            self._set_website(source_id, page)
            self._db.execute("UPDATE source SET title = ?, root_topic = ? WHERE id = ?", (title, root_topic, source_id))
            replace_definitions(self._db, source_id, topics)
            # The publisher's spelling of a name is preferred to that in an article.
            self._db.executemany(
                "INSERT INTO topic (key, name) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET name = excluded.name",
                ((topic.name.casefold(), topic.name) for topic in topics),
            )
            self._db.execute("DELETE FROM problem WHERE source_id = ? AND file_key IS NULL", (source_id,))
            self._db.executemany(
                "INSERT INTO problem (source_id, path, line, reason) VALUES (?, ?, ?, ?)",
                ((source_id, visible(problem.path), problem.line, visible(problem.reason)) for problem in problems),
            )

    def _set_website(self, source_id: int, page: str) -> None:
        """Store the website of a source, and have the pages that it shares with others read again if it changed."""
        cursor = self._db.execute("UPDATE source SET page = ? WHERE id = ? AND page <> ?", (page, source_id, page))
        if cursor.rowcount > 0:
            self._db.execute(
                "UPDATE file SET stamp = ? WHERE article_id IN (SELECT mine.article_id FROM file mine "
                "JOIN file other ON other.article_id = mine.article_id AND other.source_id <> mine.source_id "
                "WHERE mine.source_id = ?)",
                (READ_AGAIN, source_id),
            )

    @raises_store_error
    def root_topics(self) -> dict[int, str]:
        """Return the root topic of each site that has one, by source id."""
        return dict(self._db.execute("SELECT id, root_topic FROM source WHERE root_topic <> ''"))

    # -- files -----------------------------------------------------------

    def file_stamps(self, source_id: int) -> FileStamps:
        """Return the stamps of the files of a source that were read before."""
        return self.known_files(source_id).stamps()

    def known_files(self, source_id: int) -> KnownFiles:
        """Return what the index has of the files of a source."""
        return KnownFiles(self._db, source_id)

    @raises_store_error
    def known_entries(self) -> dict[int, int]:
        """Return the article ids of the related entries that need no parsing, by fingerprint."""
        return self._articles.known_entries()

    @raises_store_error
    def store(self, source_id: int, files: Sequence[ReadFile]) -> None:
        """Store a batch of files in one transaction."""
        with self._transaction():
            self._unsettle()
            self._files.store(source_id, files)

    @raises_store_error
    def remove_files(self, keys: Sequence[int]) -> None:
        """Remove files that no longer exist, and the articles that no other file has."""
        with self._transaction():
            self._unsettle()
            self._files.remove(keys)

    # -- whether stories are made --------------------------------------------

    @raises_store_error
    def has_stories(self, stamp: int) -> bool:
        """Return whether all stories are made of the articles as they are, by rules with this ``stamp``."""
        row = self._db.execute(
            "SELECT value FROM state WHERE name = ? "
            "AND NOT EXISTS (SELECT 1 FROM recluster) AND NOT EXISTS (SELECT 1 FROM republish)",
            (_STORIES,),
        ).fetchone()
        return row is not None and row[0] == stamp

    @raises_store_error
    def set_stories(self, stamp: int | None) -> None:
        """Note that all stories are made, by rules with this ``stamp``; ``None``: that they may not be.

        The first change of an article forgets it, in the same transaction.
        """
        self._unsettle()
        if stamp is not None:
            self._db.execute("INSERT INTO state (name, value) VALUES (?, ?)", (_STORIES, stamp))

    def _unsettle(self) -> None:
        self._db.execute("DELETE FROM state WHERE name = ?", (_STORIES,))

    # -- the end of a run --------------------------------------------------

    @raises_store_error
    def update_texts(self, store: FullTexts | None) -> int:
        """Give the articles the full texts that the feed store has for them; return how many changed."""
        with self._transaction():
            return update_texts(self._db, store)

    @raises_store_error
    def count_unsearched(self) -> int:
        """Return how many bodies their articles are not found by yet."""
        return count_unsearched(self._db)

    @raises_store_error
    def search_bodies(self) -> int:
        """Let some articles be found by their bodies; return how many, 0 if all are."""
        with self._transaction():
            return search_bodies(self._db)

    @raises_store_error
    def settle(self) -> list[tuple[int, str]]:
        """Delete pages that nothing leads to any more.

        Return the files to read again, as pairs of source id and path, because
        an article that they share a page with or mention has changed or gone.
        Read them and call this method again, until it returns none.
        """
        with self._transaction():
            before = self._db.total_changes
            self._articles.prune_orphans()
            if self._db.total_changes > before:
                self._unsettle()
            again = self._db.execute(f"SELECT source_id, path FROM file WHERE stamp = {READ_AGAIN}").fetchall()
        return [(int(source_id), str(path)) for source_id, path in again]

    @raises_store_error
    def finish(self, *, is_last: bool = True) -> None:
        """Sort articles of the same second; with the last run, move what was written into the index file."""
        with self._transaction():
            self._listings.set_tiebreaks()
            self._listings.set_clock()
        if is_last:
            self._db.execute("PRAGMA wal_checkpoint(PASSIVE)")
