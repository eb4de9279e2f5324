"""The searches of before, to be recalled with the arrow keys."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

from tui_reader.model.expression_parser import MAX_LENGTH
from tui_reader.private_files import write_atomically
from tui_reader.ui.controllers.page import Page

_KEPT = 200  # searches


class EarlierSearches:
    """Goes back and forth through the searches that led to results, and keeps the last of them in a file.

    Another reader may write the file too: a search is added to what is there.
    """

    def __init__(self, page: Page, path: Path) -> None:
        self._page = page
        self._path = path
        self._searches: list[str] = []  # the last one last
        self._at = 0  # how far back one has gone
        self._draft = ""  # what was typed before

    def begin(self) -> None:
        """Begin at what is typed now, and read the file, aside."""
        self._at = 0
        self._page.ask("read searches", self._read)

    async def _read(self) -> None:
        self._searches = await asyncio.to_thread(load_searches, self._path)

    def recall(self, by: int, words: str) -> str | None:
        """Return the search before (-1) or after (1) the one that is shown; ``None`` if there is none."""
        if not self._at:
            self._draft = words.strip()
        at = self._at - by
        others = self._others()
        if not 0 <= at <= len(others) or at == self._at:
            return None
        self._at = at
        return others[-at] if at else self._draft

    def typed(self, words: str) -> None:
        """Note what is shown now: another text than the one recalled is a new search."""
        others = self._others()
        # Another reader may have written the file meanwhile: there may be fewer.
        if self._at > len(others) or (self._at and words != others[-self._at]):
            self._at = 0

    def _others(self) -> list[str]:
        """Return the searches without the one that stood in the box already."""
        return [search for search in self._searches if search != self._draft]

    def add(self, words: str) -> None:
        """Keep a search that was done."""
        self._at = 0
        words = words.strip()
        if words and words != next(reversed(self._searches), ""):
            self._searches = _with(self._searches, words)
            self._page.ask("searches", self._write, words)

    async def _write(self, words: str) -> None:
        try:
            await asyncio.to_thread(self._put, words)
        except OSError as error:
            self._page.say(f"{self._path.parent} cannot be written: {error.strerror}", error=True)

    def _put(self, words: str) -> None:
        kept = _with(load_searches(self._path), words)
        write_atomically(self._path, json.dumps(kept, ensure_ascii=False) + "\n", private=True)


def _with(searches: list[str], words: str) -> list[str]:
    return [*(search for search in searches if search != words), words][-_KEPT:]


def load_searches(path: Path) -> list[str]:
    """Return the searches in the file at ``path``, the last one last; none where it is missing or damaged."""
    try:
        raw = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return []  # not worth an error message: there is nothing to recall
    if not isinstance(raw, list):
        return []
    return [search for search in raw if isinstance(search, str) and 0 < len(search) <= MAX_LENGTH][-_KEPT:]
