"""Fetches the full texts of the new articles of some sources, as a generator of progress."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path

from tui_reader.config import Folders
from tui_reader.model.progress import Progress
from tui_reader.pipeline.text_run import TextRun, index_texts
from tui_reader.storage.connection import open_index
from tui_reader.storage.text_wishes import WishReader

_NEWEST = 50  # articles of a source that get their text with a refresh: what is older was not new any more


def source_texts(index: Path, locations: Sequence[str], folders: Folders) -> Iterator[Progress]:
    """Fetch the full texts that the newest articles of the sources at ``locations`` lack, and put them into the index.

    A page that gives none is no failure of its source: the key for full texts
    says why. Raises :class:`StoreError` and :class:`UsageError`.
    """
    run = TextRun(folders)
    with closing(open_index(index)) as connection:
        reader = WishReader(connection)
        wishes = [wish for location in locations for wish in reader.newest(location, _NEWEST)]
    wishes = run.open_wishes(wishes)
    if not wishes:
        return
    progress = Progress(texts_total=len(wishes))
    yield progress
    for result in run.run(wishes):
        if result is not None:
            found = progress.texts_found + result.has_text
            progress = progress._replace(texts_done=progress.texts_done + 1, texts_found=found)
            yield progress
    if progress.texts_found:
        index_texts(index, folders.fetched)
        yield progress._replace(commits=1)
