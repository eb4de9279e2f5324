"""Finds the articles that are most like one, in an index of any size, while a person looks on."""

from __future__ import annotations

import math
from collections.abc import Set
from typing import NamedTuple

from tui_reader.storage.similar import ArticleText, SimilarReader
from tui_reader.stories.similarity import STEM, Probe, Vector, stem_weight, unpack, vector
from tui_reader.stories.wording import FUNCTION_WORDS, words

LEAST = 0.2
"""The similarity from which on 98 % of a real collection's pairs were judged to be of one subject."""

# Bounds of the work, whatever the size of the index. Comparing 200 articles
# exactly finds 33 % of a real collection's related articles among the first
# five instead of 32 %, and takes five times as long.
_FOLLOWED = 20  # words
_EACH = 1000  # articles looked at for one word, those indexed last
_IN_ALL = 4000  # articles looked at
_READ = 120  # articles whose titles are compared by their words; four for each that is wanted at least
_COMPARED = 24  # articles compared exactly; three for each that is wanted at least


class Similarity(NamedTuple):
    """An article that is like another; ``score`` goes from 0 to 1."""

    article: int
    score: float


def alike(store: SimilarReader, article: int, limit: int = 5, *, least: float = LEAST) -> list[Similarity]:
    """Return at most ``limit`` articles that are like ``article``, the most alike first, itself left out.

    Words of title and excerpt, the rarest first, lead to the articles that
    share most with it; those of them with the nearest titles are compared
    exactly, as :func:`tui_reader.stories.similarity.similarity` does. An article
    that is gone, or says nothing, is like no other. Raises :class:`StoreError`.
    """
    one = store.texts([article]).get(article)
    if one is None:
        return []
    shared = _sharing(store, one, max(_READ, 4 * limit))
    texts = store.texts(number for number in shared if number != article)
    most = max(shared.values(), default=1.0)
    title = _Title(one.title)
    # The title counts twice in the exact similarity as well, and is the better guide.
    near = {
        number: 3 * title.similarity(_Title(other.title)) + shared[number] / most for number, other in texts.items()
    }
    compared = sorted(near, key=lambda number: (-near[number], texts[number].page))[: max(_COMPARED, 3 * limit)]
    common = store.stop_words()
    probe = Probe(_vector(one, common))
    scored = [(probe.similarity(_vector(texts[number], common)), number) for number in compared]
    ranked = sorted((-score, texts[number].page, number) for score, number in scored if score >= least)
    return [Similarity(number, -negative) for negative, _, number in ranked[:limit]]


def _vector(text: ArticleText, common: Set[str]) -> Vector:
    return unpack(text.vector) if text.vector else vector(text.title, text.excerpt, common)


def _stems(text: str) -> dict[str, float]:
    """The telling words of a text, cut to their stems, and how much each says."""
    return {word[:STEM]: stem_weight(word) for word in words(text) if word not in FUNCTION_WORDS}


class _Title:
    """The stems of a title, for comparing."""

    def __init__(self, title: str) -> None:
        self._squares = {stem: weight * weight for stem, weight in _stems(title).items()}
        self._norm = math.sqrt(sum(self._squares.values())) or 1.0

    def similarity(self, other: _Title) -> float:
        """Return the cosine of two titles, from 0 to 1."""
        common = self._squares.keys() & other._squares.keys()
        return sum(self._squares[stem] for stem in common) / (self._norm * other._norm)


def _sharing(store: SimilarReader, one: ArticleText, most: int) -> dict[int, float]:
    """The ``most`` articles that share most words with ``one``, and how much these say (more where fewer have them)."""
    every = store.count()
    stems = _stems(f"{one.title} {one.excerpt}")
    shared: dict[int, float] = {}
    left = _IN_ALL
    for stem in sorted(stems, key=lambda stem: (-stems[stem], stem))[:_FOLLOWED]:
        found = store.containing(stem, min(_EACH, left), prefix=len(stem) >= STEM)
        weight = math.log(1 + every / max(1, len(found)))
        for number in found:
            shared[number] = shared.get(number, 0.0) + weight
        left -= len(found)
        if left <= 0:
            break
    ranked = sorted(shared, key=lambda number: (-shared[number], -number))
    return {number: shared[number] for number in ranked[: most + 1]}  # the article itself is among them
