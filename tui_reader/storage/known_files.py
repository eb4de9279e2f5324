"""What an index has of the files of a source: their stamps, and digests of parts of a folder that it has all of."""

from __future__ import annotations

import json
import sqlite3
from array import array
from collections.abc import Mapping, Sequence

from tui_reader.storage.errors import raises_store_error
from tui_reader.storage.file_stamps import READ_AGAIN, FileStamps
from tui_reader.storage.transactions import transaction


class KnownFiles:
    """The files of one source that were read before. The digests of parts are in the table ``state``."""

    def __init__(self, connection: sqlite3.Connection, source_id: int) -> None:
        self._db = connection
        self._source_id = source_id
        self._name = f"part of {source_id}: "

    @raises_store_error
    def parts(self) -> dict[int, int]:
        """Return the digests that were stored with :meth:`set_parts`; none if any file is to be read again."""
        again = f"SELECT EXISTS (SELECT 1 FROM file WHERE source_id = ? AND stamp = {READ_AGAIN})"
        return {} if self._db.execute(again, (self._source_id,)).fetchone()[0] else self._stored()

    def _stored(self) -> dict[int, int]:
        rows = self._db.execute(
            "SELECT name, value FROM state WHERE name >= ? AND name < ?", (self._name, f"{self._name}~")
        )
        return {int(name.removeprefix(self._name)): digest for name, digest in rows}

    @raises_store_error
    def set_parts(self, digests: Mapping[int, int]) -> None:
        """Store the digests of the parts of which the index has all files; those of all others are forgotten."""
        before = self._stored()
        if before == digests:
            return
        with transaction(self._db):
            self._db.executemany(
                "DELETE FROM state WHERE name = ?", [(f"{self._name}{number}",) for number in before.keys() - digests]
            )
            self._db.executemany(
                "INSERT OR REPLACE INTO state (name, value) VALUES (?, ?)",
                [
                    (f"{self._name}{number}", digest)
                    for number, digest in digests.items()
                    if before.get(number) != digest
                ],
            )

    @raises_store_error
    def count(self) -> int:
        """Return the number of files."""
        row = self._db.execute("SELECT count(*) FROM file WHERE source_id = ?", (self._source_id,)).fetchone()
        return int(row[0])

    @raises_store_error
    def stamps(self, keys: Sequence[int] | None = None) -> FileStamps:
        """Return the stamps of the files with these ``keys``, ``None`` for all."""
        query, values = "SELECT key, stamp FROM file WHERE source_id = ?", [str(self._source_id)]
        if keys is not None:
            query += " AND key IN (SELECT value FROM json_each(?))"
            values.append(json.dumps(keys))
        found, stamps = array("q"), array("q")
        for key, stamp in self._db.execute(f"{query} ORDER BY key", values):
            found.append(key)
            stamps.append(stamp)
        return FileStamps(found, stamps)
