"""The search: its box above the list, what is wrong with a query, and how it ends."""

from __future__ import annotations

import re
from collections.abc import Awaitable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from tui_reader.errors import QueryError
from tui_reader.model.query import Query
from tui_reader.named_tuple import NamedTuple
from tui_reader.ui.action_queue import ActionQueue
from tui_reader.ui.controllers.browsing import Browsing
from tui_reader.ui.controllers.found import Found
from tui_reader.ui.controllers.page import Action, Page
from tui_reader.ui.controllers.reading import Reading
from tui_reader.ui.words import sentence

if TYPE_CHECKING:
    from tui_reader.ui.completion import Candidates, Names
    from tui_reader.ui.controllers.earlier_searches import EarlierSearches

_ENDS = 4  # mistakes at the end that are left out
_MEANT = "did you mean"
_FIELD = re.compile(r"\b([A-Za-z]+):\Z")  # where its value is to be typed
_OPERATORS = frozenset({"AND", "OR", "NOT"})
_HALF_TYPED = re.compile(r"[<>=]{0,2}[\d*][\d*./:T-]{0,30}")  # a number, a date, or a range of them


class _Understood(NamedTuple):
    """What is understood of what is typed: the query to search for, and what is wrong.

    ``is_half_typed`` says that a date or number counts as far as it goes.
    """

    query: str | None
    error: QueryError | None
    is_half_typed: bool = False


class Search:
    """Opens and closes the search box, and searches for what is typed; what is wrong leaves the list as it is."""

    def __init__(self, page: Page, browsing: Browsing, reading: Reading, actions: ActionQueue, earlier: Path) -> None:
        """``earlier`` is the file with the searches of before."""
        self._page = page
        self.browsing = browsing
        self._reading = reading
        self._actions = actions
        self._path = earlier
        self._earlier: EarlierSearches | None = None
        self._names: Names | None = None  # that are completed; only while there is a box
        self._candidates: Candidates | None = None
        self._typed = ("", 0)  # what is in the box, and where the cursor is
        self.error: QueryError | None = None
        """What is wrong with what is in the box."""
        self._is_half_typed = False
        self.found = Found(page, browsing)
        browsing.refused = self._refused

    def commands(self) -> dict[str, Action]:
        """Return what the commands of the search do."""
        return {
            "search": self.open,
            "next_hit": lambda: self.found.to_hit(1),
            "previous_hit": lambda: self.found.to_hit(-1),
        }

    @property
    def is_open(self) -> bool:
        """Whether there are words, or a box to type them in: the mouse can leave it empty."""
        return bool(self.browsing.query.words) or self._page.panes.has_search_box

    def open(self) -> Awaitable[None]:
        """Open the search box, or go back to it."""
        if self._page.panes.active != "list":
            self._reading.go_to("list")
        return self._focus()

    async def _focus(self) -> None:
        from tui_reader.ui.completion import Names
        from tui_reader.ui.controllers.earlier_searches import EarlierSearches

        self._earlier = self._earlier or EarlierSearches(self._page, self._path)
        self._earlier.begin()
        self._names = Names({})
        box = await self._page.panes.open_search(self.browsing.query.words, self)
        self._understand(box.value, box.cursor_position)
        self._page.ask("prepare search", self._prepare)
        self._page.update_footer()

    async def _prepare(self) -> None:
        """Let the library get ready while the first letter is being typed."""
        library = self._page.library
        await library.ask(library.reader.prepare_search, self.browsing.query)

    async def _prepare_condition(self, field: str) -> None:
        """Let the library get ready while the value of a field is being typed."""
        library = self._page.library
        await library.ask(library.reader.prepare_condition, field)

    # -- typing ------------------------------------------------------------------

    def typed(self, words: str, cursor: int) -> None:
        """Search for what is typed so far, if it can be understood."""
        if self._names is None:
            return  # the search has ended: the box may tell of the last key after that
        if self._earlier is not None:
            self._earlier.typed(words)
        understood = self._understand(words, cursor)
        if field := _FIELD.search(words, 0, cursor):
            self._page.ask("prepare condition", self._prepare_condition, field[1].lower())
        if understood is not None:
            self.browsing.search(understood)

    def _understand(self, words: str, cursor: int) -> str | None:
        """Say what is wrong with a query, or what can be typed; return the query to search for."""
        self._typed = (words, cursor)
        found, self.error, self._is_half_typed = _understood(words)
        self._show(is_typing=True)
        return found

    def _refused(self, query: Query, error: QueryError) -> None:
        """Say what is wrong with a query that could be parsed, but names something that there is not.

        The list stays as it is, with the words that were searched for before.
        """
        before = self.browsing.list.listed or query
        self.browsing.query = query._replace(words="" if before.words == query.words else before.words)
        self._page.paint.show()
        if query.words != _understood(self._typed[0]).query:
            return  # something else has been typed meanwhile
        self.error = error
        self._show(is_typing=True)

    def _show(self, *, is_typing: bool) -> None:
        """Show what is wrong or can be typed; what is not finished while somebody is typing is no mistake."""
        from tui_reader.ui.completion import OVERVIEW, candidates

        bar = None if self._names is None else self._page.panes.search_bar()
        if bar is None or self._names is None:
            return
        box, line = bar
        words, cursor = self._typed
        error = self.error
        self._candidates = found = candidates(words, cursor, self._names)
        self._read_names()
        if error is not None and not (is_typing and _is_unfinished(error, words, cursor)):
            box.mark((error.start, max(error.end, error.start + 1)))
            line.say(sentence(str(error)), _brief(error), error=True)
            return
        box.mark(None)
        if found is not None:
            line.offer(found.words, key=self._page.keymap.window_label("search_box", "complete"))
        elif error is not None and not self._is_half_typed:
            line.say(_brief(error).partition(", not ‘")[0])
        elif not words:
            line.offer(OVERVIEW)
        else:
            line.say("")

    def _read_names(self) -> None:
        """Read the names of topics, providers and others once the first of their fields is typed."""
        if self._names is not None and not self._names.are_read and ":" in self._typed[0]:
            self._names.are_read = True
            self._page.ask("names", self._ask_names)

    async def _ask_names(self) -> None:
        from tui_reader.ui.completion import Names

        library = self._page.library
        names = Names(await library.ask(library.search_names))
        if self._names is None:
            return  # the search has ended meanwhile
        self._names = names
        self._names.are_read = True
        self._show(is_typing=True)

    def complete(self, words: str, cursor: int) -> tuple[str, int] | None:
        """Return the words with the one at the cursor complete, and where the cursor is then, if it can be."""
        if self._candidates is None or self._typed[0] != words:
            return None
        return self._candidates.accepted(words)

    def recall(self, by: int, words: str) -> str | None:
        """Return the search before (-1) or after (1) the present one; ``None`` if there is none."""
        return None if self._earlier is None else self._earlier.recall(by, words)

    # -- the end -----------------------------------------------------------------

    def done(self, words: str) -> None:
        """Go to the results, or end the search if there are no words; a wrong query stays to be mended."""
        if not words:
            self._actions.run(self.end)
            return
        self._typed = (words, len(words))
        if self.error is None:
            self.browsing.search(_closed(words))
            self._actions.run(self._to_results, words)
        else:
            self._show(is_typing=False)

    def _to_results(self, words: str) -> None:
        """Go to the results once they are there; where there are none, widen the view if that was offered.

        Where that was not offered either, stay: what is typed next is meant for the box.
        """
        if self.error is not None:
            self._show(is_typing=False)
            return
        if self._earlier is not None:
            self._earlier.add(words)
        if self.found.widen() or self.browsing.list.total:
            self._reading.go_to("list")

    def end(self) -> Awaitable[None]:
        """Close the search box, and show all stories again; a new one can be opened once the box is gone."""
        self.error = self._names = None
        self._reading.go_to("list")
        gone = self._page.panes.close_search()
        self.browsing.search("")
        return gone


def _is_unfinished(error: QueryError, words: str, cursor: int) -> bool:
    """Whether what is wrong may just not have been typed to its end yet."""
    if cursor < len(words):
        return False
    if error.end == len(words):
        return True
    return error.end == len(words.rstrip()) and words[error.start : error.end] in _OPERATORS


def _brief(error: QueryError) -> str:
    """Return what is meant, in few words: where it is wrong is lit in the box."""
    message = str(error)
    _, meant, rest = message.partition(_MEANT)
    field, takes, values = message.partition(": takes ")
    return sentence(meant + rest if meant else values if takes and field.isalpha() else message)


def _understood(words: str) -> _Understood:
    """Return what is understood of ``words``: if the end is wrong, or not typed yet, the query before that."""
    first: QueryError | None = None
    for _ in range(_ENDS):
        try:
            return _Understood(_closed(words), first)
        except QueryError as error:
            first = first or error
            if len(words[error.start :].split()) > 1:
                break  # something else follows
            if (query := _with_half(words, error)) is not None:
                return _Understood(query, first, is_half_typed=True)
            words = words[: error.start].rstrip(" -(")
    return _Understood(None, first)


def _with_half(words: str, error: QueryError) -> str | None:
    """Return the query with as much of a date or number at its end as means something; ``None`` if nothing does.

    So ``before:2021-0`` goes on listing what ``before:2021`` did, until the month is there.
    """
    if error.end < len(words) or not _HALF_TYPED.fullmatch(words, error.start):
        return None
    for end in range(len(words) - 1, error.start, -1):
        with suppress(QueryError):
            return _closed(words[:end])
    return None


def _closed(words: str) -> str:
    """Return a query with the parentheses closed that are still open. Raises :class:`QueryError`."""
    from tui_reader.model.expression_parser import MAX_DEPTH, parse

    for missing in range(MAX_DEPTH):
        closed = words + ")" * missing
        try:
            parse(closed)
        except QueryError as error:
            if words[error.start : error.end] != "(":
                raise
        else:
            return closed
    parse(words)
    return words
