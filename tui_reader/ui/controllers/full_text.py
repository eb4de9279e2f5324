"""Fetches the full text of a story from its page, in a child process, and shows it."""

from __future__ import annotations

import re
from contextlib import aclosing
from pathlib import Path

from tui_reader.model.story import StoryRow
from tui_reader.ui.controllers.page import Page
from tui_reader.ui.controllers.reading import Reading
from tui_reader.ui.controllers.updates import Updates
from tui_reader.ui.words import sentence
from tui_reader.ui.worker_process import objects_of, start_download

_OFFLINE = "Started with --offline: no page is fetched"
_ADDRESS = re.compile(r"https?://\S+: ")  # at the start of a reason: the story is on the screen
_STOPPED = "Fetching the page stopped early"


class FullTextController:
    """Answers the key for full texts: the story opens, and its text comes when the page has answered."""

    def __init__(self, page: Page, reading: Reading, updates: Updates, *, log: Path, offline: bool) -> None:
        """``log`` takes the errors of the child. With ``offline``, no page is fetched."""
        self._page = page
        self._reading = reading
        self._updates = updates
        self._log = log
        self._offline = offline
        self.running = 0
        """How many pages are being fetched."""

    async def fetch(self, row: StoryRow) -> None:
        """Open a story, and fetch its full text; one that is there already is fetched anew."""
        if self._page.panes.active != "story":
            await self._reading.open()
        if self._offline:
            self._page.say(_OFFLINE)
            return
        story = self._page.panes.story.story
        is_full = story is not None and story.row.page == row.page and story.is_full
        self._page.say("Fetching the page anew …" if is_full else "Fetching the page …")
        self._page.ask(f"full text {row.page}", self._follow, row)

    async def _follow(self, row: StoryRow) -> None:
        """Show what the child tells of the page; it goes on until the index has the text too."""
        told = False
        self.running += 1
        try:
            process = start_download(self._updates.selection, row.page, log=self._log)
            async with aclosing(objects_of(process)) as objects:
                async for fields in objects:
                    told = True
                    self._show(row, fields.get("text") or "", fields.get("problem") or "")
        finally:
            self.running -= 1
        if not told:
            self._page.say(f"{_STOPPED} (see {self._log})", error=True)

    def _show(self, row: StoryRow, text: str, problem: str) -> None:
        view = self._page.panes.story.view
        if text and view.story is not None and view.story.row.page == row.page:
            view.update_marks(view.story._replace(body=text, is_full=True))
        if problem:
            reason = _ADDRESS.sub("", problem, count=1)
            self._page.say(sentence(reason) if text else f"No full text: {reason}", error=True)
        else:
            from tui_reader.model.words import count_words

            self._page.say(f"Full text of {count_words(text):,} words")
