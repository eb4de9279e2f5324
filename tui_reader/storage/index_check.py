"""Checks an index thoroughly, without changing it."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

from tui_reader.errors import DamagedFile
from tui_reader.storage.connection import open_for_checking
from tui_reader.storage.errors import damage_found
from tui_reader.storage.schema import VERSION


def index_content(path: Path) -> str:
    """Say what is in the index at ``path``. Raises :class:`DamagedFile`, or another :class:`StoreError`."""
    with closing(open_for_checking(path)) as connection, damage_found(path):
        (version,) = connection.execute("PRAGMA user_version").fetchone()
        (found,) = connection.execute("PRAGMA quick_check(1)").fetchone()
        if found != "ok":
            raise DamagedFile(f"{path} is damaged ({found.splitlines()[-1]})", str(path))
        if version != VERSION:
            return "of another version: the next run builds it anew"
        (articles,) = connection.execute("SELECT count(*) FROM article WHERE indexed = 1").fetchone()
        return f"{articles:,} {'article' if articles == 1 else 'articles'}"
