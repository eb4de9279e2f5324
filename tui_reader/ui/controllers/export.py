"""Exports the story of a key, or the whole list, into a file: asks what and where, and writes it in the background."""

from __future__ import annotations

import re
from array import array
from collections.abc import Awaitable, Callable
from contextlib import aclosing
from pathlib import Path

from tui_reader.model.query import Filter, Query
from tui_reader.model.story import StoryRow
from tui_reader.named_tuple import NamedTuple
from tui_reader.subscriptions.selection import Selection
from tui_reader.ui.choice import Choice
from tui_reader.ui.controllers.page import Choose, Page
from tui_reader.ui.worker_process import objects_of, start_export

AskPath = Callable[[str, Callable[[str], None]], Awaitable[None]]
"""Asks for the path of a file, with one to begin with, and calls back with it."""

_FORMS = (
    ("markdown", "as Markdown", ".md"),
    ("html", "as a web page", ".html"),
    ("epub", "as a book", ".epub"),
    ("text", "as plain text", ".txt"),
    ("json", "as JSON, one story a line", ".json"),
)
_LONGEST_NAME = 60  # characters
_NO_NAME = re.compile(r"[\W_]+")
_STRETCH = 2000  # articles looked up together, so that keys are answered in between


class _Wanted(NamedTuple):
    """What is to be written: a story (or the list, where there is none), its form, and the suffix of its file."""

    row: StoryRow | None
    form: str
    suffix: str


class ExportController:
    """Answers the key for exports."""

    def __init__(
        self,
        page: Page,
        selection: Selection,
        log: Path,
        *,
        choose: Choose,
        ask_path: AskPath,
        run: Callable[..., None],
        choice: Choice,
    ) -> None:
        """``selection`` are the sources that are shown; ``log`` takes the errors of the child that writes.

        ``run`` queues an action that was chosen; ``choice`` is the line of the sidebar that is listed.
        """
        self._page = page
        self._run = run
        self._choose = choose
        self._ask_path = ask_path
        self._selection = selection
        self._log = log
        self._query = page.panes.list.listed or Query()
        self._choice = choice

    async def ask(self, row: StoryRow) -> None:
        """Offer the story and the list in each form."""
        total = self._page.panes.list.count()
        wanted = [_Wanted(row, form, suffix) for form, _, suffix in _FORMS]
        lines = [(f"This story {name}", suffix) for _, name, suffix in _FORMS]
        if total > 1:
            wanted += [_Wanted(None, form, suffix) for form, _, suffix in _FORMS]
            lines += [(f"The list, {total:,} stories, {name}", suffix) for _, name, suffix in _FORMS]

        def picked(index: int) -> None:
            self._run(self._ask_where, wanted[index])

        await self._choose("Export", lines, picked)

    async def _ask_where(self, wanted: _Wanted) -> None:
        title = wanted.row.title if wanted.row is not None else self._list_title() or "stories"
        path = default_path(title, wanted.suffix)
        # One export does not replace another that is under way.
        await self._ask_path(path, lambda target: self._page.ask(f"export {target}", self._write, wanted, target))

    async def _write(self, wanted: _Wanted, target: str) -> None:
        """Let a child write the file, and say how far it is and where it went."""
        pages = await self._pages(wanted)
        title = wanted.row.title if wanted.row is not None else self._list_title()
        self._page.say(f"Writing {target} …")
        process = start_export(self._selection, pages.tobytes(), wanted.form, target, title, log=self._log)
        last: dict[str, object] = {}
        async with aclosing(objects_of(process, end=False)) as objects:
            async for last in objects:
                if "done" in last:
                    self._page.say(f"Writing {target}: {last['done']:,} of {last['total']:,} stories")
        if problem := last.get("problem"):
            self._page.say(f"Not exported: {problem}", error=True)
        elif written := last.get("written"):
            number = last["stories"]
            what = "" if number == 1 else f" {number:,} stories"
            self._page.say(f"Exported{what} to {_from_home(str(written))}")
        else:
            self._page.say(f"The export stopped early (see {self._log})", error=True)

    def _list_title(self) -> str:
        """Return what was searched for, or the name of what is listed; empty for all stories."""
        query = self._query
        if query.filter is Filter.READ:
            return query.words or "history"
        return query.words or self._choice.place(query) or ("" if query.filter is Filter.ALL else query.filter.value)

    async def _pages(self, wanted: _Wanted) -> array[int]:
        """Return the pages of what is to be written, in the order of the list."""
        if wanted.row is not None:
            return array("q", [wanted.row.page])
        library = self._page.library
        order = await library.ask(library.reader.order, self._query)
        pages = array("q")
        for start in range(0, len(order), _STRETCH):
            stretch = order[start : start + _STRETCH]
            found = await library.ask(library.reader.pages, stretch)
            pages.extend(found[number] for number in stretch if number in found)
        return pages


def _from_home(path: str) -> str:
    """Return a path as people write it: ``~`` for their home."""
    home = f"{Path.home()}/"
    return f"~/{path.removeprefix(home)}" if path.startswith(home) else path


def default_path(title: str, suffix: str) -> str:
    """Return a path for a file about ``title``: in the person's documents, or else in the current folder."""
    documents = Path("~/Documents")
    try:
        folder = documents if documents.expanduser().is_dir() else Path.cwd()
    except FileNotFoundError:  # the current folder was deleted
        folder = Path("~")
    name = _NO_NAME.sub("-", title.lower()).strip("-")
    if len(name) > _LONGEST_NAME:
        name = name[: _LONGEST_NAME + 1].rpartition("-")[0] or name[:_LONGEST_NAME]
    return str(folder / f"{name or 'story'}{suffix}")
