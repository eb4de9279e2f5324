"""Applies the user's corrections to the stories of sources that define their own."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from enum import IntEnum

from tui_reader.model.source_story import CorrectedStory, Entry, SourceStory
from tui_reader.named_tuple import NamedTuple
from tui_reader.stories.corrections import Corrections
from tui_reader.stories.heat import HEAT_PER_RELATED

FOLDED = -1
"""The heat of an article folded under the lead of its story, as in the collections."""


class _Kind(IntEnum):
    """Whose story it is, in the order in which merged stories lead: the source's, one that left it, or nobody's yet."""

    SOURCE = 0
    PART = 1
    FOLDED = 2


class _Unit(NamedTuple):
    """A story before merging: a lead and the entries under it."""

    lead: SourceStory
    related: tuple[int, ...]
    kind: _Kind

    @property
    def rank(self) -> tuple[_Kind, int, int]:
        """The order in which merged stories lead, the hottest first."""
        heat = self.lead.heat if self.kind is _Kind.SOURCE else self.lead.quality
        return self.kind, -(heat or 0), self.lead.page


def correct_stories(
    stories: Iterable[SourceStory], entries: Mapping[int, Entry], corrections: Corrections
) -> dict[int, CorrectedStory]:
    """Return how articles are listed, by id, after the corrections of their stories.

    ``stories`` are all articles that have corrected pages, or list them;
    ``entries`` has every id of their related lists. An article that is not in
    the result is listed as its source says.

    An entry leaves a story whose lead, or an earlier entry, it is apart from.
    If no other story has it, it becomes a story of its own, together with what
    left the same story and is not apart from it. Merged stories are led by the
    hottest, and each entry counts as much as a related article.
    """
    return _Correction(stories, entries, corrections).result()


class _Correction:
    def __init__(self, stories: Iterable[SourceStory], entries: Mapping[int, Entry], corrections: Corrections) -> None:
        self._stories = {story.article: story for story in stories}
        itself = {each.article: Entry(each.article, frozenset({each.page})) for each in self._stories.values()}
        self._entries = {**entries, **itself}
        self._corrections = corrections
        self._article_of = {story.page: story.article for story in self._stories.values()}
        leads = sorted((story for story in self._stories.values() if story.shown), key=_by_heat)
        kept = {lead.article: self._kept(lead) for lead in leads}
        listed = {self._article(entry) for related, _ in kept.values() for entry in related}
        self._units = {lead.article: _Unit(lead, tuple(kept[lead.article][0]), _Kind.SOURCE) for lead in leads}
        # The unit of each article, by the article that leads it.
        self._unit_of = {lead.article: lead.article for lead in leads}
        for lead in leads:
            for entry in kept[lead.article][0]:
                self._unit_of.setdefault(self._article(entry), lead.article)
        for lead in leads:
            self._add_parts(kept[lead.article][1], listed)

    def _article(self, entry: int) -> int:
        return self._entries[entry].article

    def _kept(self, story: SourceStory) -> tuple[list[int], list[int]]:
        """Return the entries that stay with a lead, and those that leave."""
        kept: list[int] = []
        left: list[int] = []
        pages = {story.page}
        for entry in story.related:
            if self._is_apart(self._entries[entry].pages, pages):
                left.append(entry)
            else:
                kept.append(entry)
                pages |= self._entries[entry].pages
        return kept, left

    def _is_apart(self, some: Iterable[int], others: set[int]) -> bool:
        return any(not others.isdisjoint(self._corrections.apart_from(page)) for page in some)

    def _add_parts(self, left: Sequence[int], listed: set[int]) -> None:
        """Make stories of the entries that left one and that no other has."""
        groups: list[tuple[list[int], set[int]]] = []
        for entry in left:
            if self._article(entry) in listed or self._article(entry) in self._unit_of:
                continue
            pages = self._entries[entry].pages
            group = next((each for each in groups if not self._is_apart(pages, each[1])), None)
            if group is None:
                groups.append(([entry], set(pages)))
            else:
                group[0].append(entry)
                group[1].update(pages)
        for group_entries, _ in groups:
            self._add_part(group_entries)

    def _add_part(self, entries: Sequence[int]) -> None:
        articles = [self._article(entry) for entry in entries]
        leads = sorted((self._stories[each] for each in articles if each in self._stories), key=_by_quality)
        if not leads:
            return  # nothing is known of these pages but what the other article says
        lead = leads[0]
        own, _ = self._kept(lead)
        others = [entry for entry in entries if self._article(entry) != lead.article]
        self._units[lead.article] = _Unit(lead, tuple(self._distinct(lead, [*own, *others])), _Kind.PART)
        for article in articles:
            self._unit_of.setdefault(article, lead.article)

    def _distinct(self, lead: SourceStory, entries: Iterable[int]) -> Iterator[int]:
        seen = {lead.article}
        for entry in entries:
            if self._article(entry) not in seen:
                seen.add(self._article(entry))
                yield entry

    # -- merging ---------------------------------------------------------------

    def result(self) -> dict[int, CorrectedStory]:
        """Return how the articles of all stories are listed that are not as their source says."""
        found: dict[int, CorrectedStory] = {}
        for units in self._merged():
            found |= self._published(sorted(units, key=lambda unit: unit.rank))
        return found

    def _merged(self) -> Iterable[list[_Unit]]:
        """Return the stories that belong together, each by itself if no other does."""
        groups: dict[int, list[int]] = {}  # the leads of the units, by that of the first
        group_of: dict[int, int] = {}

        def group(page: int) -> int | None:
            lead = self._lead_of(page)
            if lead is None:
                return None
            if lead not in group_of:
                group_of[lead], groups[lead] = lead, [lead]
            return group_of[lead]

        for page in sorted(self._article_of):
            for other in sorted(self._corrections.together_with(page)):
                one, two = group(page), group(other)
                if one is None or two is None or one == two or self._are_apart(groups[one], groups[two]):
                    continue
                for lead in groups.pop(two):
                    groups[one].append(lead)
                    group_of[lead] = one
        alone = [[lead] for lead in self._units if lead not in group_of]
        return [[self._units[lead] for lead in leads] for leads in (*groups.values(), *alone)]

    def _lead_of(self, page: int) -> int | None:
        """Return the lead of the story that a page is in; a folded article that no story has leads itself."""
        article = self._article_of.get(page)
        if article is None:
            return None
        if article not in self._unit_of:
            story = self._stories[article]
            self._units[article] = _Unit(story, tuple(self._kept(story)[0]), _Kind.FOLDED)
            self._unit_of[article] = article
        return self._unit_of[article]

    def _are_apart(self, some: Iterable[int], others: Iterable[int]) -> bool:
        return self._is_apart(self._pages(some), self._pages(others))

    def _pages(self, leads: Iterable[int]) -> set[int]:
        units = [self._units[lead] for lead in leads]
        pages = {unit.lead.page for unit in units}
        return pages.union(*(self._entries[entry].pages for unit in units for entry in unit.related))

    def _published(self, units: Sequence[_Unit]) -> dict[int, CorrectedStory]:
        first, *others = units
        lead = first.lead
        if not others and (
            first.kind is _Kind.FOLDED or (first.kind is _Kind.SOURCE and first.related == lead.related)
        ):
            return {}
        entries = [*first.related]
        for unit in others:
            entries += [unit.lead.article, *unit.related]
        related = tuple(self._distinct(lead, entries))
        if first.kind is _Kind.SOURCE:
            more = len(related) - len(lead.related)
            heat = None if lead.heat is None else max(0, lead.heat + HEAT_PER_RELATED * more)
        else:
            points = HEAT_PER_RELATED * len(related)
            heat = points + (lead.quality or 0) if related or lead.quality is not None else None
        found = {
            unit.lead.article: CorrectedStory(shown=False, heat=FOLDED, related=(), under=lead.article)
            for unit in others
        }
        return found | {lead.article: CorrectedStory(shown=True, heat=heat, related=related)}


def _by_heat(story: SourceStory) -> tuple[int, int]:
    return -(story.heat or 0), story.page


def _by_quality(story: SourceStory) -> tuple[int, bool, int, int]:
    """Sort the best article first, or the earliest of those that are equally good."""
    return -(story.quality or 0), story.published is None, story.published or 0, story.page
