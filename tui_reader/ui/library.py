"""Asks the index and the marks off the screen's loop, on one thread with one connection."""

from __future__ import annotations

import asyncio
import os
import time
from array import array
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, ParamSpec, TypeVar

from tui_reader.errors import DamagedFile
from tui_reader.model.query import Filter, Query
from tui_reader.model.story import IndexSummary, Story, StoryRow, TopicCount
from tui_reader.model.trending import Cooling, number_shown
from tui_reader.named_tuple import NamedTuple
from tui_reader.storage.attached_marks import follow_marks, settle_marks
from tui_reader.storage.connection import attach_marks_if_sound, attach_no_marks, open_index
from tui_reader.storage.generations import generation
from tui_reader.storage.index_reader import IndexReader
from tui_reader.storage.marks import Marks
from tui_reader.storage.similar import SimilarReader
from tui_reader.storage.source_articles import SourceCount, Sources
from tui_reader.storage.story_evidence import StoryEvidence
from tui_reader.stories.heat import heat_limits

if TYPE_CHECKING:
    from tui_reader.model.progress import Untold
    from tui_reader.storage.export import ExportedStory
    from tui_reader.storage.undo import Step

P = ParamSpec("P")
R = TypeVar("R")

AHEAD = 120
"""Rows read around a place in the list, so that scrolling finds them there."""

SCREENFUL = 48
"""Rows read of what a search finds before it is shown."""


class Listing(NamedTuple):
    """A list as the index gave it: the numbers in order (all, or the first of them) and some rows.

    ``leads`` has the lead of the article to keep in view, if that is folded now.
    ``cooling`` is how its heat fades. ``limits`` are the heats at which the
    colours change, the same for the head of a list and for all of it.
    """

    query: Query
    total: int
    order: array[int]
    rows: dict[int, StoryRow]
    leads: Mapping[int, int] = {}
    cooling: Cooling = Cooling(0)
    limits: tuple[int, ...] = ()

    @property
    def complete(self) -> bool:
        """Whether ``order`` holds the whole list."""
        return len(self.order) == self.total


class SidebarFacts(NamedTuple):
    """What the sidebar shows: the topics with their numbers, how many articles are saved, and counts of sources."""

    topics: list[TopicCount]
    summary: IndexSummary
    saved: int
    sources: dict[Sources, SourceCount]


class Library:
    """One connection to index and marks, and the thread it is used on.

    The constructor reads on the thread that calls it, so that the first page
    is there before there is a screen; afterwards all goes through :meth:`ask`.
    """

    def __init__(self, index: Path, marks: Path, *, new_coverage: bool = True) -> None:
        """``new_coverage`` makes a story that was read unread again. Raises :class:`StoreError`."""
        self._marks = marks
        self._index = index
        self._new_coverage = new_coverage
        self._open(index)
        self.versions = self.marks.version()
        """What :meth:`Marks.version` was before anything was read."""
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="library")

    def _open(self, index: Path) -> None:
        connection = open_index(index)
        try:
            attach_marks_if_sound(connection, self._marks)
        except BaseException:
            connection.close()
            raise
        self._connection = connection
        self._index = index
        self._generation = generation(connection)
        self.reader = IndexReader(connection, new_coverage=self._new_coverage)
        self.marks = Marks(connection)
        self.story_evidence = StoryEvidence(connection)
        self._similar = SimilarReader(connection)

    async def switch(self, index: Path) -> None:
        """Go on with another index and the same marks. Raises :class:`StoreError`; then the present one stays open."""
        await self.ask(self._switch, index)

    def _switch(self, index: Path) -> None:
        before = self._connection
        self._open(index)
        self._thread.submit(before.close)  # behind the questions that were asked of it

    async def ask(self, question: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        """Answer ``question`` on the library's thread; raises what it raises."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._thread, lambda: self._answer(lambda: question(*args, **kwargs)))

    def _answer(self, question: Callable[[], R]) -> R:
        """Answer a question, if the marks turn out to be damaged without them."""
        try:
            return question()
        except DamagedFile as error:
            if error.path != str(self._marks) or self._connection.no_marks:
                raise
            attach_no_marks(self._connection, self._marks, str(error))
        return question()

    @property
    def no_marks(self) -> str:
        """Why there are no marks, as a sentence; empty if there are."""
        return self._connection.no_marks

    def attach_marks(self) -> None:
        """Attach the marks again after something was done about them."""
        follow_marks(self._connection, anew=True)

    def look_at_files(self) -> bool:
        """Follow files that were replaced: attach the marks at their path; return whether the index is another one.

        Raises :class:`StoreError`.
        """
        follow_marks(self._connection)
        settle_marks(self._connection)
        before, self._generation = self._generation, generation(self._connection)
        was_rebuilt = before is not None and before != self._generation
        return was_rebuilt or (self._connection.was_replaced("main") and self._index.exists())

    def leave(self, now: int) -> None:
        """Note what the person has seen the stories have, if that can be noted.

        ``now`` is in seconds since 1970. Raises :class:`StoreError`.
        """
        if not self.no_marks and os.access(self._marks, os.W_OK):
            self._thread.submit(self.marks.record_coverage, now).result()

    def newest_deed(self, *, again: bool = False) -> int:
        """Return the number of the newest mark that the server of an account can be told now; 0 if there is none.

        ``again`` counts servers that were down the last time.
        """
        from tui_reader.storage.accounts import Accounts  # few have accounts

        return Accounts(self._connection).newest_deed(int(time.time()), again=again)

    def has_deeds(self) -> bool:
        """Return whether there is one, after all that was asked before. Raises :class:`StoreError`."""
        newest = partial(self.newest_deed, again=True)  # for the last time, and it may be there again
        return self._thread.submit(self._answer, newest).result() > 0

    def close(self) -> None:
        """Take no more questions and close the connection once those asked before are answered, without waiting."""
        self._thread.submit(lambda: self._connection.close())  # noqa: PLW0108 - another one may be open by then
        self._thread.shutdown(wait=False)

    def tell(self, untold: Sequence[Untold], show: Callable[[str], object]) -> None:
        """Have notifications shown that nobody else has told, on this thread: nothing ends it between the two."""
        from tui_reader.storage.hooks import HookMemory  # seldom needed

        for text in HookMemory(self._connection).told_now(untold, self.reader, int(time.time())):
            show(text)

    # The questions that need more than one answer of the index.

    def opening_page(self, query: Query) -> Listing:
        """Return the first page on the thread that calls this, without marks if those are damaged."""
        return self._answer(lambda: self.first_page(query))

    def opening_page_around(self, query: Query, page: int, row: int) -> tuple[Listing, int | None]:
        """Return :meth:`page_around` as :meth:`opening_page` does."""
        return self._answer(lambda: self.page_around(query, page, row))

    def first_page(self, query: Query) -> Listing:
        """Return the head of a list: its length, its first numbers and their rows."""
        order = self.reader.order(query, AHEAD)
        total = self.reader.count(query) if len(order) == AHEAD else len(order)
        return self._listing(query, total, order, order)

    def page_around(self, query: Query, page: int, row: int) -> tuple[Listing, int | None]:
        """Return the head of a list as far as its ``row``-th story, and the article to begin at.

        That is the one at the web page ``page``, or else the story that is at its place now.
        """
        order = self.reader.order(query, row + AHEAD)
        total = self.reader.count(query) if len(order) == row + AHEAD else len(order)
        number = self.reader.article_id(page) if page else None
        number = number if number is None or number in order else self.reader.leads([number]).get(number)
        if order and number not in order:
            number = order[min(row, len(order) - 1)]
        place = order.index(number) if number is not None and order else 0
        wanted = order[max(0, place - AHEAD // 2) : place + AHEAD]
        return self._listing(query, total, order, wanted), number

    def listing(self, query: Query, keep: int | None = None) -> Listing:
        """Return a whole list, with the rows of its head and those around the article ``keep``."""
        order = self.reader.order(query)
        # A search is about to be another one: it reads what is on the screen, and the rest when that is scrolled to.
        wanted = list(order[: SCREENFUL if query.searches else AHEAD])
        leads = {} if keep is None or keep in order else self.reader.leads([keep])
        if keep is not None:
            keep = leads.get(keep, keep)
        if keep is not None and keep in order:
            place = order.index(keep)
            wanted += order[max(0, place - AHEAD) : place + AHEAD]
        return self._listing(query, len(order), order, wanted)._replace(leads=leads)

    def _listing(self, query: Query, total: int, order: array[int], wanted: Sequence[int]) -> Listing:
        rows, cooling = self.reader.listed(query, wanted), self.reader.cooling()
        if query.searches or query.sources or total <= AHEAD:
            # These lists have been read completely, and may be quite different from those of their topic.
            order = order if len(order) == total else self.reader.order(query)
            every = order if total <= AHEAD else order[:: 2 * total // AHEAD]
            found = self.reader.heats(every)
            numbers = [number_shown(query.sort, *each, cooling) or 0 for each in found]
        else:
            numbers = self.reader.sample_numbers(query)
        return Listing(query, total, order, rows, cooling=cooling, limits=tuple(heat_limits(numbers)))

    def story(self, number: int, query: Query, rows: list[int]) -> tuple[Story | None, dict[int, StoryRow]]:
        """Return a story, if it is still there, and some rows of the list of ``query``."""
        return self.reader.story(number), self.reader.listed(query, rows)

    def difference(self, query: Query, order: array[int]) -> tuple[int, int]:
        """Return how many stories a list has by now that ``order`` has not, and how many of ``order`` are no more.

        What somebody read or searched by stays in a list that is open. A story
        that has another lead now is no new one.
        """
        before, now = set(order), set(self.reader.order(query))
        gone = before - now
        if not query.folded:
            now -= set(self.reader.leads(gone).values()) - before
        if gone and (query.filter is not Filter.ALL or query.searches):
            gone -= set(self.reader.order(query._replace(filter=Filter.ALL, words="", within="")))
        return len(now - before), len(gone)

    def exported(self, number: int) -> tuple[ExportedStory, Cooling] | None:
        """Return an article with all that is passed on to other programs, if it is still there."""
        from tui_reader.storage.export import ExportReader

        found = ExportReader(self._connection, new_coverage=self._new_coverage).export([number], bodies=True)
        return (found[0], self.reader.cooling()) if found else None

    def undo(self, step: Step) -> bool:
        """Undo a step; return ``False``, and change nothing, if it is no longer the last one."""
        return self.marks.undo(step, self.reader.filtered.of_valid)

    def search_names(self) -> dict[str, list[str]]:
        """Return the names that a search can have as values, by its field."""
        from tui_reader.storage.search_names import SearchNames  # only for such a search

        return SearchNames(self._connection).names(self.reader.places())

    def similar(self, number: int) -> list[StoryRow]:
        """Return the articles that are like one, across time, the most alike first."""
        from tui_reader.queries.similar import find_similar

        found = [each.article for each in find_similar(self._similar, number)]
        rows = self.reader.rows(found)
        return [rows[article] for article in found if article in rows]

    def sidebar(self, query: Query, groups: Sequence[Sources]) -> SidebarFacts:
        """Return the numbers beside the topics, and of these groups of sources."""
        saved = self.reader.count(Query(window=query.window, folded=True, filter=Filter.SAVED))
        counts = dict(zip(groups, self.reader.sources.counts(groups), strict=True))
        return SidebarFacts(self.reader.topics(query), self.reader.summary(), saved, counts)
