"""The filters: makes, shows, changes and removes them, so that it can be undone."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Protocol

from tui_reader.model.article_filter import ON_ARRIVAL, ON_HEAT, Action, ArticleFilter, make_filter, parse_action
from tui_reader.named_tuple import NamedTuple
from tui_reader.storage.undo import Step
from tui_reader.ui.controllers.browsing import Browsing
from tui_reader.ui.controllers.marks import MarksController
from tui_reader.ui.controllers.page import Page
from tui_reader.ui.words import stories_words

if TYPE_CHECKING:
    from tui_reader.model.tags import Annotation
    from tui_reader.queries.filter_preview import FilterPreview
    from tui_reader.storage.tags import TagCount

_PRESETS = ("mute", "read", "save", "tag later", "raise 20", "lower 20")


class Draft(NamedTuple):
    """A filter as it is being typed.

    ``does`` is what it does, in words. ``source`` is the location of the
    source that it could be limited to, with its title; ``only_source`` whether
    it is. ``before`` is the filter that is edited. ``mute`` has the kind and
    the word of a mute that the query stands for while nobody changes it.
    """

    query: str = ""
    does: str = "mute"
    source: str = ""
    source_title: str = ""
    only_source: bool = False
    now: bool = False
    before: ArticleFilter | None = None
    mute: tuple[str, str, str] | None = None  # kind, word, query

    def filter(self) -> ArticleFilter:
        """Return the filter. Raises :class:`UsageError` for one that is none."""
        action, argument = parse_action(self.does)
        made = make_filter(self.query, action, argument, self.source if self.only_source else "")
        return made if self.before is None else made._replace(number=self.before.number, paused=self.before.paused)

    def muted(self) -> tuple[str, str] | None:
        """Return the kind and the word of the mute that it is, or ``None`` if it is a filter."""
        if self.mute is None or self.does.strip() != Action.MUTE or self.only_source:
            return None
        kind, word, query = self.mute
        return (kind, word) if self.query == query else None

    def next_action(self, by: int) -> Draft:
        """Return the draft with the next of the usual actions."""
        word = self.does.partition(" ")[0]
        place = next((at for at, each in enumerate(_PRESETS) if each.partition(" ")[0] == word), -by)
        return self._replace(does=_PRESETS[(place + by) % len(_PRESETS)])


class Entry(NamedTuple):
    """A line of the list of filters: a filter, or a mute by its kind and word; and of how many stories it is.

    ``stories`` is ``None`` for a query that is none.
    """

    filter: ArticleFilter | None
    mute: tuple[str, str]
    stories: int | None
    source_title: str = ""


class Screens(Protocol):
    """Opens windows."""

    async def choose(self, title: str, choices: Sequence[tuple[str, str]], picked: Callable[[int], None]) -> None:
        """Call ``picked`` with the index of the one that is chosen; each is a label and a remark."""

    async def annotation(
        self, title: str, before: Annotation, known: Sequence[TagCount], done: Callable[[Annotation], None]
    ) -> None:
        """Ask for tags and a note; call ``done`` with what was changed."""

    async def filter(self, draft: Draft, filters: Filters) -> None:
        """Ask for a filter, with a preview."""

    async def filters(self, filters: Filters) -> None:
        """List the filters."""


class Filters:
    """What the screens about filters do."""

    def __init__(
        self,
        page: Page,
        browsing: Browsing,
        marks: MarksController,
        *,
        screens: Screens,
        run: Callable[[Callable[[], Awaitable[None]]], None],
        regroup: Callable[[], None],
    ) -> None:
        """``run`` queues an action; ``regroup`` makes the stories anew."""
        self._page = page
        self._library = page.library
        self._browsing = browsing
        self._marks = marks
        self._screens = screens
        self.run = run
        """Queues an action: it is done though its window closes."""
        self._regroup = regroup

    async def show(self) -> None:
        """List the filters."""
        await self._screens.filters(self)

    async def of_search(self) -> None:
        """Make a filter of the search, if there is one."""
        await self.ask(await self.draft_of_search())

    async def ask(self, draft: Draft) -> None:
        """Ask for a filter."""
        await self._screens.filter(draft, self)

    async def draft_of_search(self) -> Draft:
        """Return a draft with what is searched for, in the view or the source that is listed if there is one."""
        query = self._browsing.query
        parts = [part for part in (query.within, query.words.strip()) if part]
        draft = Draft(" ".join(f"({part})" for part in parts) if len(parts) > 1 else "".join(parts))
        return await self.in_source(draft, query.sources[0]) if len(query.sources) == 1 else draft

    async def in_source(self, draft: Draft, location: str) -> Draft:
        """Return a draft that can be limited to the source at ``location``."""
        titles = await self._library.ask(self._library.reader.source_titles)
        return draft._replace(source=location, source_title=titles.get(location) or location)

    # -- what the screens ask ------------------------------------------------------

    async def preview(self, draft: Draft) -> FilterPreview:
        """Return what a draft finds. Raises :class:`UsageError` for one that is no filter."""
        from tui_reader.queries.filter_preview import preview, preview_mute

        reader = self._library.reader
        if (mute := draft.muted()) is not None:
            return await self._library.ask(preview_mute, reader, *mute)
        return await self._library.ask(preview, reader, draft.filter())

    async def entries(self) -> list[Entry]:
        """Return all filters, then all mutes."""
        reader, marks = self._library.reader, self._library.marks
        filters = await self._library.ask(marks.filters.all)
        stories = await self._library.ask(reader.found_by, filters)
        titles = await self._library.ask(reader.source_titles)
        found = [
            Entry(each, ("", ""), number, (titles.get(each.source) or each.source) if each.source else "")
            for each, number in zip(filters, stories, strict=True)
        ]
        muted = await self._library.ask(reader.muted)
        return found + [Entry(None, mute, number) for mute, number in sorted(muted.items())]

    # -- changes -------------------------------------------------------------------

    def made(self, draft: Draft | None) -> None:
        """Make the filter that was asked for, after the keys before it."""
        if draft is not None:
            self.run(partial(self.make, draft))

    async def make(self, draft: Draft) -> None:
        """Make a filter, or change the one that was edited. Raises :class:`NewsError`."""
        marks = self._library.marks
        undo = self._page.keymap.label("undo")
        found = await self.preview(draft)
        if (mute := draft.muted()) is not None:
            if await self._marks.change("muted", mute[1], partial(marks.mute, *mute)):
                await self._changed(Action.MUTE)
                self._page.say(f"Muted {mute[1]}: {stories_words(found.stories)} hidden · {undo} undoes it")
            else:
                self._page.say(f"{mute[1]} is muted already")
            return
        wanted, before = found.filter, draft.before
        # What is there stays as it is, unless it was asked for.
        apply = draft.now and wanted.action in ON_ARRIVAL
        store = partial(self._store, wanted, before, found.found, apply=apply)
        if not await self._marks.change(f"filter: {wanted.does}", wanted.query, store):
            self._page.say("This filter is there already")
            return
        await self._changed(*{wanted.action, *([before.action] if before else [])})
        self._page.say(f"Filter: {wanted.does}: {found.words} · {undo} undoes it")

    def _store(
        self, wanted: ArticleFilter, before: ArticleFilter | None, found: tuple[int, ...], *, apply: bool
    ) -> bool:
        marks = self._library.marks
        if before is not None:
            changed = marks.filters.change(wanted, found)
        else:
            same = {each._replace(number=0, paused=False) for each in marks.filters.all()}
            changed = wanted not in same
            wanted = marks.filters.add(wanted, found) if changed else wanted
        if changed and apply:
            marks.apply(wanted, found, int(time.time()))
        return changed

    async def toggle(self, entry: Entry) -> None:
        """Turn a filter off, or on again; a mute is on as long as it is there. Raises :class:`StoreError`."""
        each = entry.filter
        if each is None:
            return
        changed = each._replace(paused=not each.paused)
        there = await self._library.ask(self._library.reader.filtered.of_valid, each)
        words = f"filter {'off' if changed.paused else 'on'}: {each.does}"
        change = partial(self._library.marks.filters.change, changed, there)
        if await self._marks.change(words, each.query, change):
            await self._changed(each.action)

    async def remove(self, entry: Entry) -> None:
        """Remove a filter or a mute. Raises :class:`StoreError`."""
        marks = self._library.marks
        if entry.filter is None:
            await self._marks.change("unmuted", entry.mute[1], partial(marks.unmute, *entry.mute))
            await self._changed(Action.MUTE)
            return
        remove = partial(marks.filters.remove, entry.filter.number)
        await self._marks.change(f"filter removed: {entry.filter.does}", entry.filter.query, remove)
        await self._changed(entry.filter.action)

    async def undo(self) -> str:
        """Undo the last step of all, and return what was said of it. Raises :class:`StoreError`."""
        return await self._marks.undo()

    async def _changed(self, *actions: Action) -> None:
        """Show what filters with these actions do now."""
        if Action.MUTE in actions:
            self._browsing.change(self._browsing.query, keep=True, counts=True)
        if ON_HEAT.intersection(actions):
            self._regroup()
        if ON_ARRIVAL.intersection(actions):
            await self._browsing.refresh_rows()

    async def show_undone(self, step: Step) -> None:
        """Show what an undone step about a filter changed: it names what that does."""
        stored = " ".join(str(values) for _, values in step.before.get("filter", ()))
        await self._changed(*(action for action in Action if action in f"{step.words} {stored}"))
