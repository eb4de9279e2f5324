"""The line below the header: that marks are damaged or gone, that a setting is wrong, or that this is the sample."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from textual.content import Content
from textual.widgets import Static

from tui_reader.config import Folders
from tui_reader.errors import NewsError, StoreError
from tui_reader.ui.controllers.browsing import Browsing
from tui_reader.ui.controllers.page import Page
from tui_reader.ui.controllers.updates import Updates
from tui_reader.ui.words import no_marks_words, sample_words

if TYPE_CHECKING:
    from tui_reader.queries.checks import KeptCopy

_ANEW = "Begin with no marks"


class Choose(Protocol):
    """Offers choices, and calls back with the index of the one chosen."""

    def __call__(
        self, title: str, choices: Sequence[tuple[str, str]], picked: Callable[[int], None]
    ) -> Awaitable[None]:
        """Show them."""


class Notices:
    """Says what stays true until something is done about it, and offers the copies of lost marks."""

    def __init__(
        self,
        page: Page,
        browsing: Browsing,
        updates: Updates,
        line: Static,
        *,
        choose: Choose,
        run: Callable[..., None],
        folders: Folders,
    ) -> None:
        """``run`` puts an action into the queue of the page."""
        self._page = page
        self._browsing = browsing
        self._updates = updates
        self._line = line
        self._choose = choose
        self._run = run
        self._folders = folders
        self._lost = ""  # what was said of the marks last
        self.wrong_settings = ""  # what is wrong in config.toml
        updates.looked_at_files = self._look

    def _look(self) -> None:
        if self._page.library.no_marks != self._lost:
            self.show()

    def show(self) -> None:
        """Show what is to be said now, or nothing."""
        self._lost = lost = self._page.library.no_marks
        sample = self._updates.selection.is_sample
        error = no_marks_words(self._page.keymap, lost) if lost else self.wrong_settings
        self._line.display = bool(error) or sample
        self._line.set_class(bool(error), "-error")
        self._line.update(Content(error or sample_words(self._page.keymap)))

    async def restore(self) -> None:
        """Offer the copies of marks that are damaged or gone. Raises :class:`StoreError`."""
        if not self._page.library.no_marks:
            self._page.say("Your marks are sound: ‘news-tui doctor’ lists their copies")
            return
        from tui_reader.queries.checks import list_copies

        copies = await asyncio.to_thread(list_copies, self._folders, "marks")
        copies = [copy for copy in copies if not copy.problem]
        choices = [(f"Copy of {_moment(copy.when)}", copy.words) for copy in copies]
        choices.append((_ANEW, "the file is set aside" if self._folders.marks.exists() else ""))
        await self._choose("Restore your marks", choices, lambda index: self._run(self._restore, copies, index))

    async def _restore(self, copies: Sequence[KeptCopy], index: int) -> None:
        library = self._page.library
        words = copies[index].words if index < len(copies) else "none"
        aside = await asyncio.to_thread(_put_in_place, self._folders, copies[index].number if copies[index:] else None)
        if library.no_marks:
            await library.ask(library.attach_marks)
        await self._browsing.reload(keep=True, counts=True)
        self.show()
        if library.no_marks:
            raise StoreError(library.no_marks)
        kept = f" · the file from before is {aside.name}" if aside is not None else ""
        self._page.say(f"Your marks: {words}{kept}")


def _put_in_place(folders: Folders, number: int | None) -> Path | None:
    """Restore a copy, or begin with no marks; return where the file is that was there."""
    from tui_reader.storage.copies import kept_files
    from tui_reader.storage.restore import begin_anew, restore

    (kept,) = (kept for kept in kept_files(folders) if kept.name == "marks")
    try:
        return begin_anew(kept) if number is None else restore(kept, number)[1]
    except OSError as error:
        raise NewsError(f"{error.filename or kept.path} cannot be written: {error.strerror}") from error


def _moment(when: float) -> str:
    return time.strftime("%Y-%m-%d %H:%M", time.localtime(when))
