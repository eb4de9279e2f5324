"""Says why the feed store lacks entries that it never dropped, and what brings them back."""

from __future__ import annotations

from pathlib import Path

from tui_reader.errors import DamagedFile
from tui_reader.storage.copies import check_fetched


def why_entries_are_missing(store: Path) -> str:
    """Return a sentence about the feed store at ``store``, from which entries of the index are missing.

    All of the file is read: where a page of it is damaged, SQLite may list
    fewer rows and report nothing.
    """
    try:
        check_fetched(store)
    except DamagedFile as error:
        return f"{error}: all articles stay in the index, and ‘news-tui doctor’ says what helps"
    return (
        f"{store} no longer has all the articles that were fetched: "
        "they stay in the index, and ‘news-tui doctor --put-back’ stores them again"
    )
