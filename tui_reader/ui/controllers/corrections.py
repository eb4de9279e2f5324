"""Corrects stories: splits off articles that do not belong to one, and merges two that are one."""

from __future__ import annotations

from collections.abc import Callable

from tui_reader.model.story import Story, StoryRow
from tui_reader.ui.controllers.marks import MarksController
from tui_reader.ui.controllers.page import Page
from tui_reader.ui.library import Library

_DEFINED = "This collection defines its stories; they can't be changed here"
_SPLIT, _MERGED = "split off", "merged"


class CorrectionsController:
    """Records which articles belong to one story; the next clustering follows it."""

    def __init__(self, page: Page, marks: MarksController, regroup: Callable[[], None]) -> None:
        """``regroup`` is called after each correction, and after one was undone, to cluster the stories anew."""
        self._page = page
        self._library = page.library
        self._marks = marks
        self._regroup = regroup
        marks.regroup = regroup
        self._first: StoryRow | None = None

    async def split(self) -> None:
        """Split the selected article off the open story, or a folded article or a lead off its own.

        Raises :class:`StoreError`.
        """
        pane = self._page.panes.story
        story = pane.story
        if self._page.panes.active != "story" or story is None:
            key = self._page.keymap.label("split")
            self._page.say(f"Open the story first: {key} splits an article off its coverage")
            return
        chosen = pane.view.chosen_row()
        pair = _to_split(story, chosen)
        if pair is None:
            self._page.say(
                "Nothing to split off: "
                + ("this story is a single article" if chosen is None else "this article is not part of its coverage")
            )
            return
        self._page.say(await self._split(story, *pair))

    async def _split(self, story: Story, gone: StoryRow, other: StoryRow) -> str:
        library = self._library
        if await self._marks.change(_SPLIT, lambda: _split(library, gone.page, other.page)):
            self._regroup()
            return f"{_SPLIT.capitalize()}: " + (
                "the lead" if gone.page == story.row.page and gone.shown else "this article"
            )
        if await library.ask(library.story_evidence.root_topic, gone.article) is None:
            return _DEFINED
        return "Split off already: the list follows in a moment"

    async def merge(self, row: StoryRow) -> None:
        """Remember the first story, and merge it with the second. Raises :class:`StoreError`."""
        library, key = self._library, self._page.keymap.label("merge")
        members = await library.ask(library.story_evidence.members, row.page)
        if not members:
            self._page.say(_DEFINED)
            return
        first = self._first
        if first is None:
            self._first = row
            self._page.say(f"Merge: press {key} on the second story, Esc cancels")
            return
        if first.page in {place.page for place in members}:
            self._page.say(f"This is the same story: press {key} on another one")
            return
        self._first = None
        done = await self._marks.change(_MERGED, lambda: _merge(library, first.page, row.page))
        if done:
            self._regroup()
        self._page.say("Merged" if done else _DEFINED)

    def cancel_merge(self) -> bool:
        """Forget the first story of a merge; return whether there was one."""
        first, self._first = self._first, None
        return first is not None


def _to_split(story: Story, chosen: StoryRow | None) -> tuple[StoryRow, StoryRow] | None:
    """The article to split off and one that it leaves: the selected one, or else the open one, folded or the lead."""
    leader = story.folded_under
    if leader is not None and (chosen is None or chosen.page == leader.page):
        return story.row, leader
    if chosen is not None and chosen.page in {row.page for row in story.related}:
        return chosen, story.row
    return (story.row, story.related[0]) if chosen is None and story.related else None


def _split(library: Library, page: int, other: int) -> bool:
    """Separate a page from every article of the story that it shares with ``other``; return whether that is new.

    From every one, because any of them would draw it back.
    """
    places = library.story_evidence.members(page)
    members = {place.page for place in places}
    if other not in members or any(place.from_source for place in places if place.page == page):
        return False
    return library.marks.correct({(page, member): False for member in members - {page}})


def _merge(library: Library, one: int, other: int) -> bool:
    """Put the stories of two pages together; return whether they can be.

    Articles are clustered in order of time, and each joins an earlier one. So
    every article is tied to the earliest of all, those of its own story too:
    the merged story may no longer be similar enough to keep them.
    """
    story_evidence = library.story_evidence
    some, others = story_evidence.members(one), story_evidence.members(other)
    if not some or not others or all(any(place.from_source for place in places) for places in (some, others)):
        return False
    every = sorted({*some, *others})
    # An article that its source puts into a story stays there; the others join it.
    first = next((place for place in every if place.from_source), every[0])
    tied = {_sorted(first.page, place.page): True for place in every if place != first and not place.from_source}
    # Pages kept apart outweigh pages kept together, so those between the two stories go.
    apart = {_sorted(mine.page, yours.page): None for mine in some for yours in others}
    library.marks.correct({**apart, **tied})
    return True


def _sorted(one: int, other: int) -> tuple[int, int]:
    """Two pages in the order in which corrections are stored."""
    return min(one, other), max(one, other)
