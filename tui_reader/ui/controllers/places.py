"""Remembers where one was in long texts, for as long as they are not read to their end."""

from __future__ import annotations

import asyncio
import json
from contextlib import suppress
from pathlib import Path
from threading import Lock

from tui_reader.private_files import write_atomically
from tui_reader.ui.controllers.page import Page

_KEPT = 1000  # texts


class Places:
    """Follows the text that is scrolled, and goes back to its place when it is opened again.

    A place is what :meth:`StoryView.place` returns. The file has those of the
    texts read last, by the page of the article. Another reader may write it
    too, so only what has changed here is put into what is there.
    """

    def __init__(self, page: Page, path: Path) -> None:
        self._page = page
        self._path = path
        self._view = page.panes.story.view
        self._stored: dict[int, int] = {}
        self._changed: dict[int, int] = {}  # 0 where there is nothing to go back to
        self._unsaved = False
        self._lock = Lock()

    def begin(self) -> None:
        """Read the file, aside."""
        self._page.ask("read places", self._read)

    async def _read(self) -> None:
        self._stored = await asyncio.to_thread(load_places, self._path)

    def follow(self) -> None:
        """Note the place in the text that is being read."""
        story = self._view.story
        if self._page.panes.active != "story" or story is None:
            return
        progress = self._view.progress()
        if progress is None:
            return  # nothing to scroll, or it is not on the screen yet
        place = 0 if progress.percent == 100 else self._view.place()
        if place != self._of(story.row.page):
            self._changed[story.row.page] = place
            self._unsaved = True

    def go_back(self) -> None:
        """Go to the place in the text that has just been opened, if there is one."""
        story = self._view.story
        place = 0 if story is None else self._of(story.row.page)
        if place:
            self._page.panes.story.go_to_place(place)
            top = self._page.keymap.label("first")
            self._page.say("You were here" + (f" · {top} goes to the top" if top else ""))

    def _of(self, page: int) -> int:
        return self._changed.get(page, self._stored.get(page, 0))

    def save(self) -> None:
        """Write what has changed, aside: a text has been left."""
        if self._unsaved:
            self._unsaved = False
            self._page.ask("places", self._write)

    async def _write(self) -> None:
        try:
            await asyncio.to_thread(self._put)
        except OSError as error:
            self._page.say(f"{self._path.parent} cannot be written: {error.strerror}", error=True)

    def close(self) -> None:
        """Write what has changed since the last text was left."""
        if self._unsaved:
            with suppress(OSError):  # there is no screen left to say so on
                self._put()

    def _put(self) -> None:
        with self._lock:
            places = load_places(self._path)
            for page, place in self._changed.copy().items():
                places.pop(page, None)
                if place:
                    places[page] = place
            kept = list(places.items())[-_KEPT:]
            write_atomically(self._path, json.dumps(kept) + "\n", private=True)


def load_places(path: Path) -> dict[int, int]:
    """Return the places in the file at ``path`` by page, the last one last; empty where it is missing or damaged."""
    try:
        raw = json.loads(path.read_text(encoding="utf-8"))
        return {int(page): max(0, int(place)) for page, place in raw}
    except (OSError, ValueError, KeyError, TypeError, RecursionError, OverflowError):
        return {}  # not worth an error message: the text opens at its top
