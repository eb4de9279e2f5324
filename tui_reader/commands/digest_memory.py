"""Remembers how far the digest of a view went, in a file of its own for each."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from zlib import crc32

from tui_reader.model.query import Query
from tui_reader.model.text import visible
from tui_reader.private_files import write_atomically
from tui_reader.queries.digest import Since


class DigestMemory:
    """How far the digest of one query over one set of sources went."""

    def __init__(self, folder: Path, sources: str, query: Query) -> None:
        """``sources`` is the name of their index."""
        self._query = json.dumps([sources, *query])
        # The name is for people, the checksum makes it unique.
        words = f"{query.within} {query.words}".lower()
        name = "".join(char if char.isalnum() else "-" for char in words)[:40].strip("-")
        self._path = folder / f"{name or 'all'}-{crc32(self._query.encode()):08x}.json"

    def load(self) -> Since | None:
        """Return how far the last one went, or ``None`` if this is the first, or the file is damaged."""
        try:
            fields = json.loads(self._path.read_text(encoding="utf-8"))
            generation = fields["generation"]
            return Since(int(fields["moment"]), None if generation is None else int(generation), int(fields["largest"]))
        except FileNotFoundError:
            return None
        except (OSError, ValueError, KeyError, TypeError, RecursionError) as error:
            print(
                f"news-tui: {visible(str(self._path))} cannot be read, so this is the last day: {error}",
                file=sys.stderr,
            )
            return None

    def save(self, since: Since) -> None:
        """Remember that everything up to ``since`` was told. Raises :class:`OSError`."""
        write_atomically(self._path, json.dumps({**since._asdict(), "of": self._query}) + "\n")
