"""Explains a story: where its heat comes from, and why its articles belong together."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from tui_reader.model.story import Story, StoryRow
from tui_reader.model.weights import DEFAULT_WEIGHTS, Weights
from tui_reader.storage.story_evidence import StoryEvidence
from tui_reader.stories.comparison import Comparison, compare
from tui_reader.stories.facts import Facts
from tui_reader.stories.heat import HEAT_PER_RELATED
from tui_reader.stories.quality import Quality, quality
from tui_reader.stories.rules import Rules
from tui_reader.stories.topics import compile_topics

MAX_COMPARED = 40
"""Related articles that are compared with the lead; one comparison takes 1 to 2 ms."""

JOIN_SIMILARITY = Rules.threshold
"""The similarity at which an article joins the story of another; one below joined by other articles of the story."""


class Companion(NamedTuple):
    """An article of the story, compared with the one that is explained.

    ``corrected`` is true if the person merged the two.
    """

    row: StoryRow
    reasons: Comparison
    corrected: bool = False


class Explanation(NamedTuple):
    """Where the heat and the coverage of an article come from.

    ``made_here`` is false if the source provides heat and quality.
    Otherwise ``quality`` is the quality as computed now, with its parts.
    ``companions`` are the first :data:`MAX_COMPARED` articles of the coverage,
    ``further`` counts the rest. If the article is folded, ``under`` is true and
    the only companion is the lead that it is folded under. ``per_related`` is
    the heat that each related article adds. ``joined`` counts the articles
    added to those that the source lists.
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
        """The quality plus :attr:`coverage_heat`; ``None`` if there is neither."""
        if self.row.quality is None and not self.row.related:
            return None
        return (self.row.quality or 0) + self.coverage_heat

    @property
    def is_stale(self) -> bool:
        """Whether the quality in the index differs, because topics have changed since."""
        return self.quality is not None and self.quality.total != self.row.quality


def explain(story_evidence: StoryEvidence, story: Story, weights: Weights = DEFAULT_WEIGHTS) -> Explanation:
    """Return where the heat and the coverage of ``story`` come from. Raises :class:`StoreError`."""
    # Only articles that are rated here have one, which may be empty.
    root = story_evidence.root_topic(story.row.article)
    others = story.related if story.folded_under is None else (story.folded_under,)
    return Explanation(
        story.row,
        root is not None,
        None if root is None else _quality(story_evidence, story, root, weights),
        tuple(_companions(story_evidence, story, others[:MAX_COMPARED])),
        len(others[MAX_COMPARED:]),
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
    lead, stop_words = _facts(story.row), story_evidence.stop_words()
    return [Companion(row, compare(lead, _facts(row), stop_words), row.page in corrected) for row in rows]


def _facts(row: StoryRow) -> Facts:
    return Facts(row.page, row.published, row.title, row.excerpt, row.provider.domain)
