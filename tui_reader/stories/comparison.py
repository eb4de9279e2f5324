"""Compares two articles of a story and describes what they have in common."""

from __future__ import annotations

from collections.abc import Collection

from tui_reader.named_tuple import NamedTuple
from tui_reader.stories.facts import Facts
from tui_reader.stories.similarity import STEM, similarity, stem_weight, vector
from tui_reader.stories.wording import FUNCTION_WORDS, words

_MAX_WORDS = 5  # shared words to name


class Comparison(NamedTuple):
    """What two articles have in common.

    ``shared`` are the most significant common words, as the lead spells them;
    ``days`` is the time between them (``None`` if a date is missing), and
    ``similarity`` is from 0 to 1.
    """

    similarity: float
    shared: tuple[str, ...]
    days: float | None
    same_provider: bool

    def __str__(self) -> str:
        if self.similarity > 0.99:
            parts = ["the same text"]
        else:
            parts = [f"{self.similarity:.0%} similar"]
            parts.append("both say " + ", ".join(self.shared) if self.shared else "no significant words in common")
        if self.days is not None:
            parts.append(_gap(self.days))
        if self.same_provider:
            parts.append("same provider")
        return "; ".join(parts)


def _gap(days: float) -> str:
    if days < 1 / 24:
        return "within the hour"
    if days < 1:
        hours = round(days * 24)
        return f"{hours} hour{'s' * (hours > 1)} apart"
    whole = round(days)
    return f"{whole} day{'s' * (whole > 1)} apart"


def compare(lead: Facts, article: Facts, common: Collection[str] = ()) -> Comparison:
    """Return what ``lead`` and ``article`` have in common, without the ``common`` words of all articles."""
    ours, theirs = _stems(lead, common), _stems(article, common)
    titles = _in_title(lead).intersection(_in_title(article))
    ranked = sorted(ours.keys() & theirs.keys(), key=lambda stem: (stem not in titles, -stem_weight(stem), stem))
    dated = lead.published is not None and article.published is not None
    return Comparison(
        similarity(vector(lead.title, lead.excerpt, common), vector(article.title, article.excerpt, common)),
        tuple(ours[stem] for stem in ranked[:_MAX_WORDS]),
        abs((lead.published or 0) - (article.published or 0)) / 86_400 if dated else None,
        bool(lead.domain) and lead.domain == article.domain,
    )


def _in_title(article: Facts) -> set[str]:
    return {word[:STEM] for word in words(article.title)}


def _stems(article: Facts, common: Collection[str]) -> dict[str, str]:
    """Return the significant stems of an article, each with a word as the article spells it."""
    text = f"{article.title} {article.excerpt}"
    spelled: dict[str, str] = {}
    for written in text.split():
        for word in words(written):
            if len(word) > 1 and word not in FUNCTION_WORDS and word not in common:
                at = written.casefold().find(word)
                spelled.setdefault(word[:STEM], written[at : at + len(word)] if at >= 0 else word)
    return spelled
