"""What a person thinks of a story: no more of its provider, word or topic, more or less of its source, or only it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING

from tui_reader.errors import UsageError
from tui_reader.model.story import Story, StoryRow
from tui_reader.model.weights import Weight
from tui_reader.named_tuple import NamedTuple
from tui_reader.storage.undo import Step
from tui_reader.subscriptions.subscription import Subscription, display_name, find_subscription, load_subscriptions
from tui_reader.ui.controllers.browsing import Browsing
from tui_reader.ui.controllers.corrections import CorrectionsController
from tui_reader.ui.controllers.marks import MarksController
from tui_reader.ui.controllers.page import Action, OnRow, Page
from tui_reader.ui.words import stories_words

if TYPE_CHECKING:
    from tui_reader.queries.mutable import Mutable
    from tui_reader.ui.controllers.filters import Draft, Filters, Screens
    from tui_reader.ui.controllers.mark_many import MarkMany

_WEIGHTS = tuple(Weight)  # from less to more
_NOT_KEPT = "Only sources that you have added can count more or less"
_RATED = "This collection says itself how hot its stories are"


class _Item(NamedTuple):
    """A line of the menu, and what it does."""

    label: str
    remark: str
    run: Callable[[], Awaitable[None]]


class Opinions:
    """Mutes, weighs and singles out, at once and so that it can be undone; the menu of all that is about a story."""

    def __init__(
        self,
        page: Page,
        browsing: Browsing,
        marks: MarksController,
        corrections: CorrectionsController,
        *,
        screens: Screens,
        run: Callable[[Callable[[], Awaitable[None]]], None],
        sources: Path,
    ) -> None:
        """``run`` queues an action that was chosen; ``sources`` is the file with the sources of the user."""
        self._screens = screens
        self._page = page
        self._library = page.library
        self._browsing = browsing
        self._marks = marks
        self._corrections = corrections
        self._choose = screens.choose
        self._run = run
        self._sources = sources
        marks.weigh_back = self._weigh_back
        marks.filter_undone = lambda step: self._filters.show_undone(step)  # noqa: PLW0108 - made when it is needed

    @cached_property
    def _filters(self) -> Filters:
        from tui_reader.ui.controllers.filters import Filters

        return Filters(
            self._page,
            self._browsing,
            self._marks,
            screens=self._screens,
            run=self._run,
            regroup=lambda: self._marks.regroup(),  # noqa: PLW0108 - set later
        )

    def commands(self, on_row: OnRow) -> dict[str, Action]:
        """Return what the commands of this controller do; ``on_row`` runs an action on the row of a key."""
        return {
            "filters": lambda: self._filters.show(),  # noqa: PLW0108 - made when it is needed
            "filter_search": lambda: self._filters.of_search(),  # noqa: PLW0108
            "about": partial(on_row, self.about),
            "tags": partial(on_row, self._annotate),
            "only_provider": partial(on_row, self.only_provider),
            "mute_provider": partial(on_row, partial(self._mute_one, "provider")),
            "mute_topic": partial(on_row, partial(self._mute_one, "topic")),
            "filter_like": partial(on_row, self.filter_like),
            "mute_word": partial(on_row, partial(self._mute_one, "keyword")),
            "more_of_source": partial(on_row, partial(self.weigh, 1)),
            "less_of_source": partial(on_row, partial(self.weigh, -1)),
            **{name: partial(self._mark_many, name) for name in ("mark_above", "mark_below", "mark_older")},
        }

    # -- the menu --------------------------------------------------------------

    async def about(self, row: StoryRow) -> None:
        """Offer everything that can be said of a story. Raises :class:`StoreError`."""
        story = await self._page.story(row.article)
        if story is None:
            return
        items: list[_Item] = []
        if row.provider.name:
            items.append(_Item(f"Only {row.provider.name}", "", partial(self.only_provider, row)))
        found = await self._mutable(story)
        items += [self._mute_item(each, row) for each in found if each.kind != "keyword"]
        if any(each.kind == "keyword" for each in found):
            items.append(_Item("Mute a word of the title …", "", partial(self._mute_one, "keyword", row)))
        items.append(_Item("Stories like this: mute, save, tag, raise …", "", partial(self.filter_like, row)))
        source = await self._source(row)
        if isinstance(source, Subscription):
            name, now = display_name(source), f"now: {source.weight}"
            if source.weight is not Weight.MORE:
                items.append(_Item(f"More of {name}", now, partial(self.weigh, 1, row)))
            if source.weight is not Weight.LESS:
                items.append(_Item(f"Less of {name}", now, partial(self.weigh, -1, row)))
        if story.related or story.folded_under is not None:
            items.append(_Item("Take the story apart", "", partial(self._corrections.take_apart, row)))
        items += [_Item(label, "", run) for label, run in self._many().items()]
        await self._offer("About this story", items)

    async def _offer(self, title: str, items: Sequence[_Item]) -> None:
        lines = [(item.label, item.remark) for item in items]
        await self._choose(title, lines, lambda index: self._run(items[index].run))

    # -- marking many ----------------------------------------------------------

    def _many(self) -> MarkMany:
        from tui_reader.ui.controllers.mark_many import MarkMany  # not before the first screen

        return MarkMany(self._page, self._browsing, self._marks, choose=self._choose, run=self._run)

    async def _mark_many(self, name: str) -> None:
        """Run a command that marks many stories as read. Raises :class:`StoreError`."""
        await self._many().commands()[name]()

    # -- muting ----------------------------------------------------------------

    async def _mutable(self, story: Story) -> list[Mutable]:
        from tui_reader.queries.mutable import mutable

        return await self._library.ask(mutable, self._library.reader, story)

    def _mute_item(self, mute: Mutable, row: StoryRow) -> _Item:
        what = f"topic {mute.word}" if mute.kind == "topic" else mute.word
        return _Item(f"Mute {what}", f"hides {stories_words(mute.stories)}", partial(self.mute, mute, row))

    async def _mute_one(self, kind: str, row: StoryRow) -> None:
        """Mute what the story has of a kind; if that is several, offer them."""
        story = await self._page.story(row.article)
        if story is None:
            return
        found = [each for each in await self._mutable(story) if each.kind == kind]
        if not found:
            self._page.say(f"This story has no {kind} to mute")
        elif len(found) == 1 and kind != "keyword":
            await self.mute(found[0], row)
        else:
            title = "Mute a word" if kind == "keyword" else f"Mute a {kind}"
            await self._offer(title, [self._mute_item(each, row) for each in found])

    async def mute(self, mute: Mutable, row: StoryRow) -> None:
        """Show what would no longer be listed, and mute it if that is confirmed. Raises :class:`StoreError`."""
        from tui_reader.queries.filter_preview import mute_query
        from tui_reader.ui.controllers.filters import Draft

        query = mute_query(mute.kind, mute.word)
        await self._ask(Draft(query, mute=(mute.kind, mute.word, query)), row)

    async def filter_like(self, row: StoryRow) -> None:
        """Ask what to do with stories like one, by the rare words of its title. Raises :class:`StoreError`."""
        from tui_reader.queries.mutable import query_like
        from tui_reader.ui.controllers.filters import Draft

        query = await self._library.ask(query_like, self._library.reader, row.title)
        await self._ask(Draft(query), row)

    async def _ask(self, draft: Draft, row: StoryRow) -> None:
        """Ask for a filter, which can be limited to the source of a story."""
        location = await self._library.ask(self._library.story_evidence.source, row.article)
        await self._filters.ask(draft if location is None else await self._filters.in_source(draft, location))

    # -- tags and notes ----------------------------------------------------------

    async def _annotate(self, row: StoryRow) -> None:
        """Ask for the tags and the note of an article. Raises :class:`StoreError`."""
        from tui_reader.ui.controllers.annotations import Annotations

        await Annotations(self._page, self._browsing, self._marks, self._screens.annotation).edit(row)

    # -- one provider ----------------------------------------------------------

    async def only_provider(self, row: StoryRow) -> None:
        """List all articles of a provider, the newest first, until Esc."""
        if row.provider.name:
            self._browsing.choose_provider(row.provider.name)
        else:
            self._page.say("This article does not name its provider")

    # -- weight ----------------------------------------------------------------

    async def weigh(self, by: int, row: StoryRow) -> None:
        """Let the source of a story count more (1) or less (-1); the list follows. Raises :class:`NewsError`."""
        source = await self._source(row)
        if isinstance(source, str):
            self._page.say(source)
            return
        from tui_reader.subscriptions.edit import change_subscription

        weight = _WEIGHTS[min(max(0, _WEIGHTS.index(source.weight) + by), len(_WEIGHTS) - 1)]
        name, words = display_name(source), "more" if by > 0 else "less"
        if weight is source.weight:
            self._page.say(f"{name} counts {words} already")
            return
        # The step first: if the program ends in between, undoing it changes nothing.
        note = partial(self._library.marks.note_weight, source.location, str(source.weight))
        await self._library.ask(self._library.marks.as_step, f"{words} of", name, note)
        await self._change(lambda path: change_subscription(path, source.location, weight=weight))
        self._marks.regroup()
        undo = self._page.keymap.label("undo")
        self._page.say(f"{words.capitalize()} of {name}: the list follows in a moment · {undo} undoes it")

    async def _source(self, row: StoryRow) -> Subscription | str:
        """Return the source of an article, by default with the title it gives itself, or why it cannot be weighted."""
        evidence = self._library.story_evidence
        location = await self._library.ask(evidence.source, row.article)
        present = await asyncio.to_thread(load_subscriptions, self._sources)
        source = None if location is None else find_subscription(present, location)
        if location is None or source is None:
            return _NOT_KEPT
        if await self._library.ask(evidence.root_topic, row.article) is None:
            return _RATED
        titles = await self._library.ask(self._library.reader.source_titles)
        return source._replace(title=source.title or titles.get(location, ""))

    async def _change(self, change: Callable[[Path], object]) -> None:
        """Change the file of the sources. Raises :class:`NewsError`."""
        try:
            await asyncio.to_thread(change, self._sources)
        except OSError as error:
            raise UsageError(f"{self._sources} cannot be written: {error.strerror}") from error

    async def _weigh_back(self, step: Step) -> None:
        """Restore the weights that a step changed, of the sources that are still there. Raises :class:`NewsError`."""
        from tui_reader.subscriptions.edit import restore_weights

        await self._change(lambda path: restore_weights(path, step.before.get("weight", ())))
