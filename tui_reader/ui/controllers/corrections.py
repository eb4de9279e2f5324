"""Corrects stories: splits off an article, takes a story apart, and merges two that are one."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from itertools import combinations
from typing import TYPE_CHECKING

from tui_reader.model.story import Story, StoryRow
from tui_reader.ui.controllers.marks import MarksController
from tui_reader.ui.controllers.page import Action, OnRow, Page
from tui_reader.ui.library import Library

if TYPE_CHECKING:
    from tui_reader.queries.whole_story import WholeStory

_SPLIT, _MERGED, _APART = "split off", "merged", "taken apart"
_ALREADY = "already: the list follows in a moment"
_MENTIONED = "Known from the coverage of other stories only: it cannot be merged"
_UNDATED = "An article without a date cannot be merged"


class CorrectionsController:
    """Records which articles belong to one story; the next clustering follows it.

    That a collection defines its stories makes no difference: the corrections
    are the person's, and its files stay as they are.
    """

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
        gone, lead = pair
        if await self._correct(_SPLIT, gone.title, _split, gone.page, lead.page):
            if gone is chosen:
                pane.view.select_beside()
                self._page.update_footer()
            undo = self._page.keymap.label("undo")
            self._page.say(f"{_SPLIT.capitalize()}: {gone.title} · {undo} undoes it")
        else:
            self._page.say(f"{_SPLIT.capitalize()} {_ALREADY}")

    async def take_apart(self, row: StoryRow) -> None:
        """Make every article of a story one by itself. Raises :class:`StoreError`."""
        found = await self._whole(row)
        if found is None or len(found.rows) < 2:
            self._page.say("Nothing to take apart: this story is a single article")
        elif await self._correct(_APART, found.lead.title, _take_apart, found):
            undo = self._page.keymap.label("undo")
            self._page.say(f"{_APART.capitalize()}: {len(found.rows):,} articles · {undo} undoes it")
        else:
            self._page.say(f"{_APART.capitalize()} {_ALREADY}")

    async def merge(self, row: StoryRow) -> None:
        """Remember the first story, and merge it with the second. Raises :class:`StoreError`."""
        key = self._page.keymap.label("merge")
        found = await self._whole(row)
        if found is None:
            return
        if not row.indexed or not (found.from_source or found.members):
            self._page.say(_UNDATED if row.indexed else _MENTIONED)
            return
        first = None if self._first is None else await self._whole(self._first)
        if first is None:
            self._first = row
            self._page.say(f"Merge: press {key} on the second story, Esc cancels")
        elif first.lead.page == found.lead.page:
            self._page.say(f"This is the same story: press {key} on another one")
        else:
            self._first = None
            done = await self._correct(_MERGED, found.lead.title, _merge, first, found)
            self._page.say(_MERGED.capitalize() + ("" if done else f" {_ALREADY}"))

    def commands(self, on_row: OnRow) -> dict[str, Action]:
        """Return what the commands of this controller do; ``on_row`` runs an action on the row of a key."""
        return {
            "split": self.split,
            "take_apart": partial(on_row, self.take_apart),
            "merge": partial(on_row, self.merge),
        }

    def cancel_merge(self) -> bool:
        """Forget the first story of a merge; return whether there was one."""
        first, self._first = self._first, None
        return first is not None

    async def _whole(self, row: StoryRow) -> WholeStory | None:
        """Return the story of a row; say so if it has left the index."""
        found = await self._library.ask(_whole_story, self._library, row.page)
        if found is None:
            self._page.say("This article is no longer in the index")
        return found

    async def _correct(self, words: str, title: str, correct: Callable[..., bool], *about: object) -> bool:
        """Make a correction that can be undone as ``words``; return whether it is new."""
        library = self._library
        changed = await self._marks.change(words, title, lambda: correct(library, *about))
        if changed:
            self._regroup()
        return changed


def _to_split(story: Story, chosen: StoryRow | None) -> tuple[StoryRow, StoryRow] | None:
    """The article to split off, which is the selected or else the open one, and the lead of its story."""
    leader = story.folded_under
    if leader is not None and (chosen is None or chosen.page == leader.page):
        return story.row, leader
    if chosen is not None and chosen.page in {row.page for row in story.related}:
        return chosen, story.row
    return (story.row, story.row) if chosen is None and story.related else None


def _whole_story(library: Library, page: int) -> WholeStory | None:
    from tui_reader.queries.whole_story import whole_story

    article = library.reader.article_id(page)
    return None if article is None else whole_story(library.reader, library.story_evidence, article)


# The corrections themselves, which run on the library's thread. Each returns whether it is new.


def _split(library: Library, page: int, lead: int) -> bool:
    """Separate a page from every other of the story under ``lead``: any of them would draw it back."""
    found = _whole_story(library, lead)
    if found is None:
        return False
    return library.marks.correct({(page, other): False for other in found.pages - {page}})


def _take_apart(library: Library, story: WholeStory) -> bool:
    """Separate all pages of a story from one another, except those that can be no story by themselves."""
    return library.marks.correct(
        {pair: False for pair in combinations(story.pages, 2) if not story.known.isdisjoint(pair)}
    )


def _merge(library: Library, one: WholeStory, other: WholeStory) -> bool:
    """Put two stories together.

    Of a story that its source defines, the lead is enough: what the source
    lists under it follows. Of others, every article is tied to one of them,
    those of its own story too: articles are clustered in order of time, each
    joins an earlier one, and the merged story may no longer be similar enough
    to keep them.
    """
    leads = [each.lead for each in (one, other) if each.from_source]
    placed = [member.page for member in sorted({*one.members, *other.members}) if not member.from_source]
    first = max(leads, key=lambda row: (row.heat or 0, -row.page)).page if leads else placed[0]
    tied = {(first, page): True for page in (*(row.page for row in leads), *placed) if page != first}
    # Pages kept apart outweigh pages kept together, so those between the two stories go.
    known = library.story_evidence.corrections({row.page for row in (*one.rows, *other.rows)})
    mine, yours = ({row.page for row in each.rows} for each in (one, other))
    apart = {
        (each.one, each.other): None
        for each in known
        if (each.one in mine and each.other in yours) or (each.other in mine and each.one in yours)
    }
    return library.marks.correct({**apart, **tied})
