"""Finds everything that belongs to the story of an article, to correct it."""

from __future__ import annotations

from tui_reader.model.story import StoryRow
from tui_reader.named_tuple import NamedTuple
from tui_reader.storage.index_reader import IndexReader
from tui_reader.storage.story_evidence import StoryEvidence, StoryMember


class WholeStory(NamedTuple):
    """A story with all its pages.

    ``rows`` are the lead and its coverage as they are shown. ``pages`` are
    theirs and those that the source lists, though the user split them off;
    ``known`` are the ones that are articles of their own. ``members`` are the
    articles that clustering compares, by date. If ``from_source`` is true, the
    source of the lead defines the story.
    """

    rows: tuple[StoryRow, ...]
    pages: frozenset[int]
    known: frozenset[int]
    members: tuple[StoryMember, ...]
    from_source: bool

    @property
    def lead(self) -> StoryRow:
        """The article that leads the story."""
        return self.rows[0]

    @property
    def placed(self) -> tuple[int, ...]:
        """The pages that clustering put into the story, by date."""
        return tuple(member.page for member in self.members if not member.from_source)


def whole_story(reader: IndexReader, evidence: StoryEvidence, article: int) -> WholeStory | None:
    """Return the story of an article, or that of its lead if it is folded; ``None`` if it is not in the index.

    Raises :class:`StoreError`.
    """
    story = reader.story(article)
    if story is not None and story.folded_under is not None:
        story = reader.story(story.folded_under.article)
    if story is None:
        return None
    rows = (story.row, *story.related)
    source_says = evidence.source_says(story.row.article)
    every = rows if source_says is None else (*rows, *reader.related(source_says.related))
    members = evidence.members(story.row.page)
    return WholeStory(
        rows,
        frozenset(row.page for row in every) | {member.page for member in members},
        frozenset(row.page for row in every if row.indexed) | {member.page for member in members},
        tuple(members),
        evidence.root_topic(story.row.article) is None,
    )
