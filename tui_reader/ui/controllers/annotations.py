"""Tags and notes: asks for those of an article, stores them, and shows them."""

from __future__ import annotations

import time
from functools import partial
from typing import TYPE_CHECKING, Protocol

from tui_reader.model.story import StoryRow
from tui_reader.storage.marks import Marks
from tui_reader.ui.controllers.browsing import Browsing
from tui_reader.ui.controllers.marks import MarksController
from tui_reader.ui.controllers.page import Page

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from tui_reader.model.tags import Annotation
    from tui_reader.storage.tags import TagCount


class AskAnnotation(Protocol):
    """Opens the window for tags and a note."""

    async def __call__(
        self, title: str, before: Annotation, known: Sequence[TagCount], done: Callable[[Annotation], None]
    ) -> None:
        """Call ``done`` with what was changed; ``known`` are the tags that there are."""


class Annotations:
    """Changes tags and note of the article that a key is about, so that it can be undone."""

    def __init__(self, page: Page, browsing: Browsing, marks: MarksController, ask: AskAnnotation) -> None:
        self._page = page
        self._library = page.library
        self._browsing = browsing
        self._marks = marks
        self._ask = ask

    async def edit(self, row: StoryRow) -> None:
        """Ask for tags and note of an article: the one that is selected in the coverage, or else the story.

        Raises :class:`StoreError`.
        """
        from tui_reader.model.tags import Annotation

        row = self._page.selected(row)
        if not row.indexed:
            self._page.say("This article is known only from the coverage of others: tag the story that lists it")
            return
        tags = self._library.marks.tags
        before = Annotation(await self._library.ask(tags.of, row.page), await self._library.ask(tags.note, row.page))
        known = await self._library.ask(tags.all)

        def done(after: Annotation) -> None:
            self._page.ask("annotation", self._store, row, before, after)

        await self._ask(row.title, before, known, done)

    async def _store(self, row: StoryRow, before: Annotation, after: Annotation) -> None:
        words = _words(before, after)
        marks = self._library.marks
        if not await self._marks.change(words, row.title, partial(_change, marks, row.article, after)):
            self._page.say("Tags and note stay as they are")
            return
        await self._browsing.refresh_rows([row.article])
        undo = self._page.keymap.label("undo")
        stored = await self._library.ask(marks.tags.of, row.page) if after.tags != before.tags else ()
        tags = " ".join(f"#{tag}" for tag in stored)
        self._page.say(f"{words.capitalize()}{f' {tags}' if tags else ''} · {undo} undoes it")


def _change(marks: Marks, article: int, wanted: Annotation) -> bool:
    is_tagged = marks.tags.set_tags(article, wanted.tags)
    return bool(marks.tags.set_note([article], wanted.note, int(time.time()))) or is_tagged


def _words(before: Annotation, after: Annotation) -> str:
    """Return what is done, as the message and the undo call it."""
    if after.tags == before.tags:
        return "noted" if after.note else "note removed"
    return "tagged" if after.tags else "tags removed"
