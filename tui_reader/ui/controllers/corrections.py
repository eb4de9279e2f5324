"""Corrects stories: an article that does not belong to one is split off, two that are one are merged."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial

from tui_reader.model.story import Story, StoryRow
from tui_reader.storage.marks import Marks
from tui_reader.storage.story_evidence import StoryEvidence
from tui_reader.ui.controllers.marks import MarksController
from tui_reader.ui.library import Library

_GIVEN = "the source itself says what belongs to this story"
_SPLIT, _MERGED = "not this story", "merged"


class CorrectionsController:
    """Takes down what the person says of articles and stories; the next indexing obeys it."""

    def __init__(self, library: Library, marking: MarksController, obey: Callable[[], None]) -> None:
        """``obey`` is called after each correction, and after one was taken back: it starts that indexing."""
        self._library = library
        self._marks = marking
        self._obey = obey
        self._held: StoryRow | None = None

    async def split(self, story: Story, chosen: StoryRow | None) -> str:
        """Split ``chosen`` off the story that it is related to, or a folded article or a lead off its story.

        Returns what there is to say about it. Raises :class:`StoreError`.
        """
        pair = _to_split(story, chosen)
        if pair is None:
            return "there is nothing to split off: " + (
                "this story is one article" if chosen is None else "this article is not of the story’s coverage"
            )
        gone, other = pair
        story_evidence = self._library.story_evidence
        done = await self._marks.change(
            _SPLIT, partial(_split, story_evidence, self._library.marks, gone.page, other.page), self._obey
        )
        if done:
            return f"{_SPLIT}: {'its lead' if gone.page == story.row.page and gone.shown else 'it'} is split off"
        if await self._library.ask(story_evidence.root_topic, gone.article) is None:
            return _GIVEN
        return "it is split off already: the list follows in a moment"

    async def merge(self, row: StoryRow, key: str = "M") -> str:
        """Remember the first story, and merge it with the second; ``key`` is what the person presses for it.

        Returns what there is to say about it. Raises :class:`StoreError`.
        """
        story_evidence = self._library.story_evidence
        members = await self._library.ask(story_evidence.members, row.page)
        if not members:
            return _GIVEN
        held = self._held
        if held is None:
            self._held = row
            return f"merge: {key} on the other story · Esc in the list forgets"
        if held.page in {place.page for place in members}:
            return f"the same story: {key} on the other one merges the two"
        self._held = None
        deed = partial(_merge, story_evidence, self._library.marks, held.page, row.page)
        done = await self._marks.change(_MERGED, deed, self._obey)
        return "merged: the two are one story" if done else _GIVEN

    def forget(self) -> bool:
        """Forget the story that waits to be merged; whether there was one."""
        held, self._held = self._held, None
        return held is not None


def _to_split(story: Story, chosen: StoryRow | None) -> tuple[StoryRow, StoryRow] | None:
    """The article that is meant and one of its story: the chosen one, or the one that is open, folded or the lead."""
    leader = story.folded_under
    if leader is not None and (chosen is None or chosen.page == leader.page):
        return story.row, leader
    if chosen is not None and chosen.page in {row.page for row in story.related}:
        return chosen, story.row
    return (story.row, story.related[0]) if chosen is None and story.related else None


def _split(story_evidence: StoryEvidence, marks: Marks, page: int, other: int) -> Callable[[], None] | None:
    """Put a page apart from every article of the story that it has with ``other``; gives back what undoes it.

    From every one, as any of them would draw it back.
    """
    places = story_evidence.members(page)
    members = {place.page for place in places}
    if other not in members or any(place.from_source for place in places if place.page == page):
        return None
    pairs = {_pair(page, member) for member in members - {page}}
    said = {(each.one, each.other) for each in story_evidence.corrections(members) if not each.together}
    if pairs <= said:
        return None  # the next indexing is about to obey
    return _say(story_evidence, marks, sorted(pairs), together=False)


def _merge(story_evidence: StoryEvidence, marks: Marks, one: int, other: int) -> Callable[[], None] | None:
    """Put the stories of two pages together; gives back what undoes it.

    Articles are placed in order of time and follow an earlier one that they
    belong to. So the earliest of all draws every other one to it: also those
    of its own story, to which the story may be too little alike from now on.
    """
    some, others = story_evidence.members(one), story_evidence.members(other)
    if not some or not others or all(any(place.from_source for place in places) for places in (some, others)):
        return None
    every = sorted({*some, *others})
    # What a source keeps in its story stays there, and draws the others from wherever they are.
    first = next((place for place in every if place.from_source), every[0])
    pairs = [(first.page, place.page) for place in every if place != first and not place.from_source]
    # What belongs apart outweighs what belongs together.
    apart = [(mine.page, yours.page) for mine in some for yours in others]
    return _say(story_evidence, marks, pairs, together=True, forget=apart)


def _say(
    story_evidence: StoryEvidence,
    marks: Marks,
    pairs: Sequence[tuple[int, int]],
    *,
    together: bool,
    forget: Sequence[tuple[int, int]] = (),
) -> Callable[[], None]:
    """Note what was said of ``pairs``, after all that was said of those to ``forget``; gives back what undoes it."""
    touched = {_pair(*pair) for pair in (*pairs, *forget)}
    known = story_evidence.corrections({page for pair in touched for page in pair})
    before = {(each.one, each.other): each.together for each in known if (each.one, each.other) in touched}
    for pair in before.keys() & {_pair(*pair) for pair in forget}:
        marks.uncorrect(*pair)
    for pair in pairs:
        marks.correct(*pair, together=together)
    return partial(_restore, marks, {_pair(*pair) for pair in pairs} | before.keys(), before)


def _pair(one: int, other: int) -> tuple[int, int]:
    """Two pages in the one order in which corrections are kept."""
    return min(one, other), max(one, other)


def _restore(marks: Marks, pairs: Iterable[tuple[int, int]], before: Mapping[tuple[int, int], bool]) -> None:
    for pair in pairs:
        if pair in before:
            marks.correct(*pair, together=before[pair])
        else:
            marks.uncorrect(*pair)
