"""Lets articles be found by their bodies: the last step of an update; the next one goes on where it was stopped."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from tui_reader.storage.connection import open_index
from tui_reader.storage.index_writer import IndexWriter
from tui_reader.storage.locks import exclusive_lock


def search_bodies(writer: IndexWriter) -> Iterator[None]:
    """Put all bodies that the search index lacks into it, one transaction for each step."""
    if not writer.count_unsearched():
        return
    writer.prepare_bulk_write()
    while writer.search_bodies():
        yield


def search_bodies_of(index: Path) -> Iterator[None]:
    """Do so in the index at ``index``; waits while another process updates it."""
    with exclusive_lock(index), closing(open_index(index)) as connection:
        yield from search_bodies(IndexWriter(connection))
