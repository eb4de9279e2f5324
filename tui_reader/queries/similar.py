"""Finds the articles most similar to one, fast enough to ask for them while reading."""

from __future__ import annotations

import math
from collections.abc import Set

from tui_reader.named_tuple import NamedTuple
from tui_reader.storage.similar import ArticleText, SimilarReader
from tui_reader.stories.similarity import STEM, Probe, Vector, stem_weight, unpack, vector
from tui_reader.stories.wording import FUNCTION_WORDS, words

MIN_SCORE = 0.2
"""The similarity from which on 98 % of the pairs of a real collection were judged to share a subject."""

# Limits of the work, whatever the size of the index. Comparing 200 articles
# exactly finds 33 % of a real collection's related articles among the first
# five instead of 32 %, and takes five times as long.
_SEARCHED_WORDS = 20
_PER_WORD = 1000  # articles taken from the search for one word, the last indexed ones
_IN_ALL = 4000  # articles taken from the search for all words
_READ = 120  # articles whose titles are compared; at least four for each one wanted
_COMPARED = 24  # articles compared exactly; at least three for each one wanted


class SimilarArticle(NamedTuple):
    """An article similar to another; ``score`` is from 0 to 1."""

    article: int
    score: float


def find_similar(
    store: SimilarReader, article: int, limit: int = 5, *, min_score: float = MIN_SCORE
) -> list[SimilarArticle]:
    """Return at most ``limit`` articles similar to ``article``, the most similar first.

    A search for the rarest words of title and excerpt finds candidates; those
    with the most similar titles are compared exactly, by
    :func:`tui_reader.stories.similarity.similarity`. The result is empty for
    an article that does not exist or has no words. Raises :class:`StoreError`.
    """
    text = store.texts([article]).get(article)
    if text is None:
        return []
    shared = _candidates(store, text, max(_READ, 4 * limit))
    texts = store.texts(number for number in shared if number != article)
    most = max(shared.values(), default=1.0)
    title = _Title(text.title)
    # The exact similarity counts the title twice as well.
    near = {
        number: 3 * title.similarity(_Title(other.title)) + shared[number] / most for number, other in texts.items()
    }
    compared = sorted(near, key=lambda number: (-near[number], texts[number].page))[: max(_COMPARED, 3 * limit)]
    stop_words = store.stop_words()
    probe = Probe(_vector(text, stop_words))
    scored = [(probe.similarity(_vector(texts[number], stop_words)), number) for number in compared]
    ranked = sorted((-score, texts[number].page, number) for score, number in scored if score >= min_score)
    return [SimilarArticle(number, -negative) for negative, _, number in ranked[:limit]]


def _vector(text: ArticleText, stop_words: Set[str]) -> Vector:
    return unpack(text.vector) if text.vector else vector(text.title, text.excerpt, stop_words)


def _stems(text: str) -> dict[str, float]:
    """Return the stems of a text's words, function words left out, with their weights."""
    return {word[:STEM]: stem_weight(word) for word in words(text) if word not in FUNCTION_WORDS}


class _Title:
    """The stems of a title, prepared for comparison."""

    def __init__(self, title: str) -> None:
        self._squares = {stem: weight * weight for stem, weight in _stems(title).items()}
        self._norm = math.sqrt(sum(self._squares.values())) or 1.0

    def similarity(self, other: _Title) -> float:
        """Return the cosine similarity of two titles, from 0 to 1."""
        common = self._squares.keys() & other._squares.keys()
        return sum(self._squares[stem] for stem in common) / (self._norm * other._norm)


def _candidates(store: SimilarReader, text: ArticleText, most: int) -> dict[int, float]:
    """Return the ``most`` articles that share the most words with ``text``, with the weight of those words.

    A word weighs more the fewer articles contain it. The article itself is
    one of the result, beyond ``most``.
    """
    total = store.count()
    stems = _stems(f"{text.title} {text.excerpt}")
    shared: dict[int, float] = {}
    left = _IN_ALL
    for stem in sorted(stems, key=lambda stem: (-stems[stem], stem))[:_SEARCHED_WORDS]:
        found = store.containing(stem, min(_PER_WORD, left), prefix=len(stem) >= STEM)
        weight = math.log(1 + total / max(1, len(found)))
        for number in found:
            shared[number] = shared.get(number, 0.0) + weight
        left -= len(found)
        if left <= 0:
            break
    ranked = sorted(shared, key=lambda number: (-shared[number], -number))
    return {number: shared[number] for number in ranked[: most + 1]}
