"""Stores the full texts of articles with what was fetched, by the pages of the articles."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from tui_reader.model.fingerprint import fingerprint
from tui_reader.model.full_text import FullText
from tui_reader.storage.connection import open_fetched, open_for_checking
from tui_reader.storage.errors import raises_store_error
from tui_reader.storage.statements import insert_into
from tui_reader.storage.transactions import transaction

_COLUMNS = ("page", "stamp", "tried", "on_disk", "address", "problem", "text")
_MAX_STAMP = 1 << 62


class FullTexts:
    """The full texts in the feed store."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._db = connection

    @classmethod
    @contextmanager
    def opened(cls, path: Path) -> Iterator[FullTexts]:
        """Open the feed store at ``path`` during the block; create it if it is missing. Raises :class:`StoreError`."""
        with closing(open_fetched(path)) as connection:
            yield cls(connection)

    @classmethod
    @contextmanager
    def to_read(cls, path: Path) -> Iterator[FullTexts | None]:
        """Open the feed store as it is, which changes nothing; ``None`` if it has none. Raises :class:`StoreError`."""
        if not path.exists():
            yield None
            return
        with closing(open_for_checking(path)) as connection:
            texts = cls(connection)
            yield texts if texts._are_there() else None

    @raises_store_error
    def _are_there(self) -> bool:
        """Return whether the file has the table: an older version may have written it, and it may be empty."""
        found = self._db.execute("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'full_text'")
        return found.fetchone() is not None

    @raises_store_error
    def put(self, texts: Iterable[FullText]) -> None:
        """Store what pages gave. One that gives nothing now keeps the text that it gave before."""
        with transaction(self._db):
            self._db.executemany(
                f"{insert_into('full_text', _COLUMNS)} ON CONFLICT (page) DO UPDATE SET "
                "tried = excluded.tried, on_disk = max(on_disk, excluded.on_disk), problem = excluded.problem, "
                "stamp = CASE WHEN excluded.stamp THEN excluded.stamp ELSE stamp END, "
                "text = CASE WHEN excluded.stamp THEN excluded.text ELSE text END, "
                "address = CASE WHEN excluded.stamp THEN excluded.address ELSE address END",
                (
                    (each.page, _stamp(each.text), each.tried, each.on_disk, each.address, each.problem, each.text)
                    for each in texts
                ),
            )

    @raises_store_error
    def stamps(self) -> dict[int, int]:
        """Return the stamp of each text, by page."""
        return dict(self._db.execute("SELECT page, stamp FROM full_text WHERE stamp <> 0"))

    @raises_store_error
    def texts(self, pages: Iterable[int]) -> dict[int, tuple[int, str]]:
        """Return stamp and text of those of these pages that have one."""
        rows = self._db.execute(
            "SELECT page, stamp, text FROM full_text WHERE stamp <> 0 AND page IN (SELECT value FROM json_each(?))",
            (json.dumps(list(pages)),),
        )
        return {page: (stamp, text) for page, stamp, text in rows}

    @raises_store_error
    def tried(self, pages: Iterable[int]) -> dict[int, tuple[int, bool]]:
        """Return when each of these pages was asked, in seconds since 1970, and whether it has a text."""
        rows = self._db.execute(
            "SELECT page, tried, stamp <> 0 FROM full_text WHERE page IN (SELECT value FROM json_each(?))",
            (json.dumps(list(pages)),),
        )
        return {page: (tried, bool(has_text)) for page, tried, has_text in rows}


def _stamp(text: str) -> int:
    """Return a number that tells a text from another; 0 for none."""
    return fingerprint(text.encode(errors="replace")) % _MAX_STAMP + 1 if text else 0
