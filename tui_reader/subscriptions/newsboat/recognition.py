"""Recognises files of newsboat that are given in place of a list of feeds, and says what to do with them."""

from __future__ import annotations

import shlex
from itertools import islice
from pathlib import Path

from tui_reader.model.text import visible
from tui_reader.subscriptions.newsboat.config_file import is_directive
from tui_reader.subscriptions.newsboat.lines import MAX_BYTES, lines_of

_DATABASE = b"SQLite format 3\0"
_FEEDS = ("http://", "https://", "query:", "exec:", "filter:", "file://")
_LOOKED_AT = 200  # lines


def newsboat_advice(data: bytes, path: Path | None) -> str:
    """Return what a file of newsboat is, and how to import it, as the end of a sentence; empty for any other file.

    ``path`` is where the file is, ``None`` for one that is only a stream.
    """
    what = _kind(data)
    if not what:
        return ""
    is_found = path is not None and (path.parent / "urls").is_file()
    folder = shlex.quote(visible(str(path.parent))) if path is not None and is_found else "FOLDER"
    return f"{what}: ‘news-tui import --newsboat {folder}’ reads the files ‘urls’ and ‘config’ of a folder"


def _kind(data: bytes) -> str:
    if data.startswith(_DATABASE):
        return "a database, such as newsboat's cache, and has no list of feeds"
    lines = list(islice(lines_of(data[:MAX_BYTES], "", is_config=True), _LOOKED_AT))
    if lines and lines[0].words[0].startswith(_FEEDS):
        return "a list of addresses, as newsboat has it"
    return "a configuration of newsboat" if any(is_directive(line.words[0]) for line in lines) else ""
