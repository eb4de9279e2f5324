"""The articles a story leads to: its coverage, stories that mention it, and similar articles."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence

from rich.style import Style

from tui_reader.model.dates import short_date
from tui_reader.model.story import Story, StoryRow
from tui_reader.named_tuple import NamedTuple
from tui_reader.ui.widgets.cells import clip, pad, width_of
from tui_reader.ui.widgets.palette import Palette
from tui_reader.ui.widgets.story_facts import ANNOTATED
from tui_reader.ui.widgets.strips import Piece

MAX_SIMILAR = 5
"""Number of similar articles shown."""

_MOST_PROVIDER = 16  # cells of the column of providers
_GAP = "  "  # between columns


class CoverageEntry(NamedTuple):
    """An article that a story leads to.

    ``heading`` is the heading above it, if it is the first of its kind.
    ``is_similar`` marks an article that is only similar to the story.
    """

    row: StoryRow
    heading: str = ""
    is_similar: bool = False


class FactColumns(NamedTuple):
    """The cells of the columns with facts: as many as the longest of them takes, so that titles get the rest."""

    provider: int
    date: int
    quality: int

    @classmethod
    def of(cls, rows: Sequence[StoryRow], now: int) -> FactColumns:
        """Return the columns for ``rows``; ``now`` is in seconds since 1970."""
        facts = [(row.provider.name, short_date(row.published, now), _quality(row)) for row in rows]
        provider, date, quality = (max(map(width_of, column), default=0) for column in zip(*facts, strict=True))
        return cls(min(provider, _MOST_PROVIDER), date, quality)

    def joined(self, row: StoryRow, now: int) -> str:
        """Return the facts of an article, in their columns."""
        facts = [pad(row.provider.name, self.provider), pad(short_date(row.published, now), self.date, right=True)]
        return _GAP.join([*facts, pad(_quality(row), self.quality, right=True)][: 3 if self.quality else 2])


def fact_columns(entries: Sequence[CoverageEntry], now: int) -> dict[bool, FactColumns]:
    """Return the columns of the coverage and, by ``True``, of similar articles, which come later and move no others."""
    groups = {similar: [e.row for e in entries if e.is_similar is similar] for similar in (False, True)}
    return {similar: FactColumns.of(rows, now) for similar, rows in groups.items() if rows}


def coverage_entries(story: Story | None) -> list[CoverageEntry]:
    """Return the articles that ``story`` leads to, in the order in which they are shown."""
    if story is None:
        return []
    entries: list[CoverageEntry] = []
    if story.folded_under is not None:
        entries.append(CoverageEntry(story.folded_under, "FOLDED UNDER"))
    # The story it is folded under mentions it as well, but is listed above.
    mentions = [row for row in story.mentions if row != story.folded_under]
    also = "ALSO MENTIONED BY" if story.folded_under is not None else "MENTIONED BY"
    new = sum(row.page in story.new for row in story.related)
    groups: list[tuple[Sequence[StoryRow], str]] = [
        (story.related, f"{len(story.related)} MORE ON THIS STORY" + (f" · {new} NEW" if new else "")),
        (mentions, f"{also} {len(mentions)} {'STORY' if len(mentions) == 1 else 'STORIES'}"),
    ]
    for rows, heading in groups:
        entries += [CoverageEntry(row, heading if index == 0 else "") for index, row in enumerate(rows)]
    listed = {story.row.page, *(entry.row.page for entry in entries)}
    similar = [row for row in story.similar if row.page not in listed][:MAX_SIMILAR]
    entries += [
        CoverageEntry(row, "SEE ALSO" if index == 0 else "", is_similar=True) for index, row in enumerate(similar)
    ]
    return entries


def entry_at(line: int, entries: Sequence[CoverageEntry], starts: Sequence[int], height: int) -> int | None:
    """Return the index of the entry at ``line``; its heading is part of it.

    ``starts`` has the first line of each entry, ``height`` is the number of lines of each.
    """
    index = bisect_right(starts, line) - 1
    if index >= 0 and line < starts[index] + height:
        return index
    following = index + 1
    if following < len(starts) and entries[following].heading and line >= starts[following] - 2:
        return following
    return None


def whereabouts(entries: Sequence[CoverageEntry], selected: int | None) -> str:
    """Return which article is selected, or how many there are: ``2 of 7 related``, ``1 of 5 similar``."""
    total = sum(not entry.is_similar for entry in entries)
    if selected is not None and selected >= total:
        return f"{selected - total + 1:,} of {len(entries) - total:,} similar"
    index = "" if selected is None else f"{selected + 1:,} of "
    return f"{index}{total:,} related" if total else ""


def beside_in_coverage(entries: Sequence[CoverageEntry], related: int, selected: int) -> int | None:
    """Return the index of the related article after the selected one, else before it; ``None`` if there is none."""
    first = next((index for index, entry in enumerate(entries) if entry.heading != "FOLDED UNDER"), 0)
    after = selected + 1 if selected + 1 < first + related else selected - 1
    return after if first <= after < first + related else None


def entry_lines(
    row: StoryRow, room: int, height: int, palette: Palette, now: int, *, new: bool, columns: FactColumns | None
) -> list[list[Piece]]:
    """Return an article as ``height`` lines of ``room`` cells, its facts in ``columns`` or below the title."""
    title = palette.muted if row.read else palette.bright
    muted = palette.faint if row.read else palette.muted
    indent = ("  ", Style())
    sign = ("new · " if new else "") + (f"{ANNOTATED} " if row.annotated else "")
    first: list[Piece] = [("› " if row.indexed else "  ", palette.accent), (sign, palette.accent)]
    if columns:
        facts = columns.joined(row, now)
        within = pad(row.title, room - 2 - width_of(sign + facts) - len(_GAP)) + _GAP
        lines = [[*first, (within, title), (facts, muted)]]
    else:
        date = short_date(row.published, now)
        facts = " · ".join(fact for fact in (row.provider.name, date, _quality(row)) if fact)
        lines = [
            [*first, (clip(row.title, room - 2 - width_of(sign)), title)],
            [indent, (clip(facts, room - 2), muted)],
        ]
    return [*lines, [indent, (clip(row.excerpt, room - 2), muted)]][:height]


def _quality(row: StoryRow) -> str:
    return "" if row.quality is None else str(row.quality)


class OpenedMarks:
    """The marks that the coverage of stories had when they were opened, which is what marks all of it as read.

    What was unread then is shown so until it is entered, or another story is chosen.
    """

    def __init__(self) -> None:
        self._unread: dict[int, set[int]] = {}  # pages, by the page of the story
        self._new: dict[int, frozenset[int]] = {}

    def forget(self) -> None:
        """Forget all stories: another one is chosen."""
        self._unread.clear()
        self._new.clear()

    def keep(self, story: Story) -> None:
        """Keep the marks of a story that is being opened, unless it has been open before."""
        if story.row.page not in self._unread:
            self._unread[story.row.page] = {row.page for row in story.related if not row.read}
            self._new[story.row.page] = story.new

    def entered(self, page: int) -> None:
        """Note that an article of the coverage was opened itself."""
        for pages in self._unread.values():
            pages.discard(page)

    def applied(self, story: Story) -> Story:
        """Return ``story`` with the marks that were kept."""
        unread = self._unread.get(story.row.page)
        if unread is None or not story.row.read:
            return story
        related = tuple(row._replace(read=row.read and row.page not in unread) for row in story.related)
        return story._replace(related=related, new=story.new | self._new[story.row.page])
