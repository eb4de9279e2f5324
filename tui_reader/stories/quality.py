"""Quality: points for the properties of one article, with the reason for each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from types import MappingProxyType

from tui_reader.model.weights import DEFAULT_WEIGHTS, WEIGHT_POINTS, Weight, Weights
from tui_reader.named_tuple import NamedTuple
from tui_reader.stories.facts import Facts

_MOST_SUBTOPICS = 2  # that count: titles that list many things are not better for it
_MOST_TOO_LONG = 5  # points that a long title costs


@cache
def known_tiers() -> Mapping[str, int]:
    """Return the points of outlets that count for more or less than an unknown one, by domain."""
    from importlib import resources  # takes 2 ms, and a short command needs no quality

    text = resources.files(__package__).joinpath("tiers.tsv").read_text("utf-8")
    rows = (line.split("\t") for line in text.splitlines() if line and not line.startswith("#"))
    return MappingProxyType({domain: int(tier) for domain, tier in rows})


class Part(NamedTuple):
    """Points and their reason in words."""

    points: int
    reason: str


class Quality(NamedTuple):
    """The quality of an article, and the parts that it is the sum of; a negative sum counts as 0."""

    total: int
    parts: tuple[Part, ...]

    def __str__(self) -> str:
        """Return the sum in words, such as ``42 Reuters + 20 image − 3 long title = 59``."""
        words = "".join(f" {'−' if part.points < 0 else '+'} {abs(part.points)} {part.reason}" for part in self.parts)
        return f"{words.removeprefix(' + ').strip()} = {self.total}"


def quality(
    article: Facts,
    provider: str = "",
    subtopics: Sequence[str] = (),
    *,
    root_in_title: str = "",
    weights: Weights = DEFAULT_WEIGHTS,
    weight: Weight = Weight.NORMAL,
    filtered: int = 0,
) -> Quality:
    """Return the quality of ``article``.

    ``provider`` is the name to show for it instead of its domain. ``subtopics``
    are its topics that have a parent. ``root_in_title`` is the name of the root
    topic if the title has one of its keywords. ``weight`` is that of its source,
    and ``filtered`` what filters add.
    """
    too_long = min(_MOST_TOO_LONG, max(0, len(article.title) - weights.long_title) // 10)
    parts = [Part(_tier(article.domain, weights), provider or article.domain or "unknown provider")]
    if weight is not Weight.NORMAL:
        parts.append(Part(WEIGHT_POINTS[weight], f"a source that you weight {weight}"))
    if filtered:
        parts.append(Part(filtered, "your filters"))
    if article.image and weights.image:
        parts.append(Part(weights.image, "image"))
    if article.amp and weights.amp:
        parts.append(Part(weights.amp, "AMP"))
    parts += [Part(weights.subtopic, name) for name in subtopics[:_MOST_SUBTOPICS]]
    if root_in_title:
        parts.append(Part(weights.root_in_title, f"{root_in_title} in the title"))
    if too_long:
        parts.append(Part(-too_long, "long title"))
    return Quality(max(0, sum(part.points for part in parts)), tuple(parts))


def parent_domains(domain: str) -> Iterator[str]:
    """Return a domain without ``www.`` and its parent domains, the nearest first."""
    name = domain.casefold().removeprefix("www.")
    while name:
        yield name
        name = name.partition(".")[2]


def _tier(domain: str, weights: Weights) -> int:
    """Return the points of a domain, or of its nearest parent domain that has some."""
    known = known_tiers()
    tiers = (weights.tiers.get(name, known.get(name)) for name in parent_domains(domain))
    return next((tier for tier in tiers if tier is not None), weights.other_provider)
