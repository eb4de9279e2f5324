"""The articles a story leads to: its coverage, stories that mention it, and similar articles."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from tui_reader.model.story import Story, StoryRow

MAX_SIMILAR = 5
"""Number of similar articles shown."""


class CoverageEntry(NamedTuple):
    """An article that a story leads to.

    ``heading`` is the heading above it, if it is the first of its kind.
    ``is_similar`` marks an article that is only similar to the story.
    """

    row: StoryRow
    heading: str = ""
    is_similar: bool = False


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
    groups: list[tuple[Sequence[StoryRow], str]] = [
        (story.related, f"{len(story.related)} MORE ON THIS STORY"),
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
