"""Explains a story: where its heat comes from, and why its articles belong together."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from tui_reader.model.heat_parts import HeatParts
from tui_reader.model.story import Story, StoryRow
from tui_reader.model.trending import Cooling
from tui_reader.model.weights import DEFAULT_WEIGHTS, Weights
from tui_reader.named_tuple import NamedTuple
from tui_reader.storage.story_evidence import SourceSays, StoryEvidence
from tui_reader.stories.comparison import Comparison, compare
from tui_reader.stories.facts import Facts
from tui_reader.stories.heat import HEAT_PER_RELATED, rarity_words
from tui_reader.stories.quality import Part, Quality, quality
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


class Cooled(NamedTuple):
    """What heat is multiplied with in the order “hot”, and why: the age and the half-life in seconds."""

    number: int
    factor: float
    age: int
    half_life: int


class Explanation(NamedTuple):
    """Where the heat and the coverage of an article come from.

    ``made_here`` is false if the source provides heat and quality.
    Otherwise ``quality`` is the quality as computed now, with its parts.
    ``parts`` are what the heat of a story consists of besides the quality.
    ``cooled`` is the heat in the order “hot”, if the story has one.
    ``companions`` are the first :data:`MAX_COMPARED` articles of the coverage,
    ``further`` counts the rest. If the article is folded, ``under`` is true and
    the only companion is the lead that it is folded under. ``joined`` counts
    the articles added to those that the source lists. ``source_says`` is how
    the source lists the article, if the user corrected that.
    """

    row: StoryRow
    made_here: bool
    quality: Quality | None
    companions: tuple[Companion, ...]
    parts: tuple[Part, ...] = ()
    cooled: Cooled | None = None
    further: int = 0
    under: bool = False
    joined: int = 0
    source_says: SourceSays | None = None

    @property
    def expected(self) -> int | None:
        """The sum of the quality and the :attr:`parts`; ``None`` if there is neither."""
        if self.row.quality is None and not self.parts:
            return None
        quality = self.row.quality if self.quality is None else self.quality.total
        return (quality or 0) + sum(part.points for part in self.parts)

    @property
    def is_stale(self) -> bool:
        """Whether the quality in the index differs, because topics have changed since."""
        return self.quality is not None and self.quality.total != self.row.quality


def explain(
    story_evidence: StoryEvidence, story: Story, cooling: Cooling, weights: Weights = DEFAULT_WEIGHTS
) -> Explanation:
    """Return where the heat and the coverage of ``story`` come from. Raises :class:`StoreError`."""
    # Only articles that are rated here have one, which may be empty.
    root = story_evidence.root_topic(story.row.article)
    others = story.related if story.folded_under is None else (story.folded_under,)
    joined = story_evidence.added_coverage(story.row.article)
    return Explanation(
        story.row,
        root is not None,
        None if root is None else _quality(story_evidence, story, root, weights),
        tuple(_companions(story_evidence, story, others[:MAX_COMPARED])),
        tuple(_parts(story_evidence, story.row, 0 if root is not None else story.row.related - joined)),
        _cooled(story.row, cooling),
        len(others[MAX_COMPARED:]),
        story.folded_under is not None,
        joined,
        story_evidence.source_says(story.row.article),
    )


def _parts(story_evidence: StoryEvidence, row: StoryRow, listed: int) -> Iterator[Part]:
    """Yield what the heat of a story consists of; ``listed`` counts the related articles that its source lists."""
    if listed:
        yield Part(HEAT_PER_RELATED * listed, f"{listed} related × {HEAT_PER_RELATED}")
    parts = story_evidence.heat_parts(row.article) or HeatParts()
    if parts.outlets:
        each = parts.outlet_heat // parts.outlets
        yield Part(parts.outlet_heat, f"{parts.outlets} other {_words(parts.outlets, 'outlet')} × {each}")
    if parts.further:
        articles = _words(parts.further, "article")
        yield Part(parts.further_heat, f"{parts.further} further {articles} of outlets that count already")
    if parts.rarity:
        yield Part(parts.rarity, f"rarity: the source publishes {rarity_words(parts.rarity)}")
    if parts.crowding:
        name = row.provider.name or row.provider.domain or "the source"
        yield Part(-parts.crowding, f"crowding: {name} alone has better stories on this day")


def _words(number: int, word: str) -> str:
    return word if number == 1 else f"{word}s"


def _cooled(row: StoryRow, cooling: Cooling) -> Cooled | None:
    number = cooling.cooled(row.heat, row.published)
    if number is None or row.published is None:
        return None
    return Cooled(number, cooling.factor(row.published), cooling.age(row.published), cooling.half_life)


def _quality(story_evidence: StoryEvidence, story: Story, root: str, weights: Weights) -> Quality:
    matcher = compile_topics(story_evidence.topics(), root=root)
    row = story.row
    return quality(
        _facts(row)._replace(image=bool(story.images), amp=story.links.amp is not None),
        row.provider.name,
        matcher.subtopics(story.topics),
        root_in_title=root if root and matcher.names_root(row.title) else "",
        weights=weights,
        weight=story_evidence.source_weight(row.article),
        filtered=story_evidence.points(row.article),
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
