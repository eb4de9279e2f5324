"""What a story leads to: its coverage, the stories that mention it, and articles like it, each under its heading."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from tui_reader.model.story import Story, StoryRow

MOST_SIMILAR = 5
"""Articles like the story that are shown."""


class Item(NamedTuple):
    """An article that the story leads to, and the heading above it, if it is the first of its kind.

    ``similar`` is one that is like the story without belonging to it.
    """

    row: StoryRow
    heading: str = ""
    similar: bool = False


def items_of(story: Story | None) -> list[Item]:
    """The articles that a story leads to, in the order in which they are shown."""
    if story is None:
        return []
    items: list[Item] = []
    if story.folded_under is not None:
        items.append(Item(story.folded_under, "FOLDED UNDER"))
    # The story that it is folded under mentions it as well, and stands above.
    mentions = [row for row in story.mentions if row != story.folded_under]
    also = "ALSO MENTIONED BY" if story.folded_under is not None else "MENTIONED BY"
    groups: list[tuple[Sequence[StoryRow], str]] = [
        (story.related, f"{len(story.related)} MORE ON THIS STORY"),
        (mentions, f"{also} {len(mentions)} {'STORY' if len(mentions) == 1 else 'STORIES'}"),
    ]
    for rows, heading in groups:
        items += [Item(row, heading if place == 0 else "") for place, row in enumerate(rows)]
    above = {story.row.page, *(item.row.page for item in items)}
    similar = [row for row in story.similar if row.page not in above][:MOST_SIMILAR]
    items += [Item(row, "SEE ALSO" if place == 0 else "", similar=True) for place, row in enumerate(similar)]
    return items
