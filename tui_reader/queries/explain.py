"""Why a story has its heat, and what brings its coverage together: the facts, for whoever shows them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from tui_reader.model.story import Story, StoryRow
from tui_reader.model.weights import DEFAULT_WEIGHTS, Weights
from tui_reader.storage.story_evidence import StoryEvidence
from tui_reader.stories.comparison import Comparison, compare
from tui_reader.stories.facts import Facts
from tui_reader.stories.grouping import Rules
from tui_reader.stories.heat import HEAT_PER_RELATED
from tui_reader.stories.quality import Quality, quality
from tui_reader.stories.topics import compile_topics

MOST = 40
"""Articles of the coverage that are compared with the lead: a comparison takes 1 to 2 ms."""


LEAST = Rules.threshold
"""The similarity from which on an article makes a story with another by itself; what has less came by way of others."""


class Companion(NamedTuple):
    """An article of the story and what it has in common with the one that is explained.

    ``corrected`` tells that the person put the two together.
    """

    row: StoryRow
    reasons: Comparison
    corrected: bool = False


class Explanation(NamedTuple):
    """Where the numbers of an article come from.

    ``made_here`` is false where the source gives heat and quality itself.
    ``quality`` is the sum that makes the quality, as worked out now; only
    for what is made here. ``companions`` are the first :data:`MOST` of the
    coverage, and ``further`` is how many there are beyond; with ``under``, the
    one companion is the story that the article is folded under. ``joined``
    counts the articles that were put behind those that the source lists.
    """

    row: StoryRow
    made_here: bool
    quality: Quality | None
    companions: tuple[Companion, ...]
    further: int = 0
    under: bool = False
    per_related: int = HEAT_PER_RELATED
    joined: int = 0

    @property
    def coverage_heat(self) -> int:
        """The heat that the related articles add."""
        return self.per_related * self.row.related

    @property
    def expected(self) -> int | None:
        """The quality and what the related articles add; ``None`` where neither is known."""
        if self.row.quality is None and not self.row.related:
            return None
        return (self.row.quality or 0) + self.coverage_heat

    @property
    def is_stale(self) -> bool:
        """Whether the sum differs from what the index holds: topics have changed since it was made."""
        return self.quality is not None and self.quality.total != self.row.quality


def explain(story_evidence: StoryEvidence, story: Story, weights: Weights = DEFAULT_WEIGHTS) -> Explanation:
    """Return why ``story`` has its heat and its coverage, by these ``weights``. Raises :class:`StoreError`."""
    root = story_evidence.root_topic(story.row.article)
    others = story.related if story.folded_under is None else (story.folded_under,)
    return Explanation(
        story.row,
        root is not None,
        None if root is None else _quality(story_evidence, story, root, weights),
        tuple(_companions(story_evidence, story, others[:MOST])),
        len(others[MOST:]),
        story.folded_under is not None,
        HEAT_PER_RELATED if root is None else weights.related,
        story_evidence.added_coverage(story.row.article),
    )


def _quality(story_evidence: StoryEvidence, story: Story, root: str, weights: Weights) -> Quality:
    matcher = compile_topics(story_evidence.topics(), root=root)
    row = story.row
    return quality(
        _facts(row)._replace(image=bool(story.images), amp=story.links.amp is not None),
        row.provider.name,
        matcher.subtopics(story.topics),
        root_in_title=root if root and matcher.names_root(row.title) else "",
        weights=weights,
    )


def _companions(story_evidence: StoryEvidence, story: Story, rows: Iterable[StoryRow]) -> Iterable[Companion]:
    rows = list(rows)
    corrected: set[int] = set()
    for one, other, together in story_evidence.corrections([story.row.page, *(row.page for row in rows)]):
        if together:
            corrected |= {one, other}
    lead, common = _facts(story.row), story_evidence.stop_words()
    return [Companion(row, compare(lead, _facts(row), common), row.page in corrected) for row in rows]


def _facts(row: StoryRow) -> Facts:
    return Facts(row.page, row.published, row.title, row.excerpt, row.provider.domain)
