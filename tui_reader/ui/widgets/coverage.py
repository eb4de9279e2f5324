"""The articles a story leads to: its coverage, stories that mention it, and similar articles."""

from __future__ import annotations

from collections.abc import Sequence

from tui_reader.model.story import Story, StoryRow
from tui_reader.named_tuple import NamedTuple

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
