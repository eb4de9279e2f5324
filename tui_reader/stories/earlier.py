"""The articles that have their stories already, read only as far as a few new ones need them."""

from __future__ import annotations

from array import array
from bisect import bisect_left
from codecs import charmap_build, charmap_encode
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Protocol

from tui_reader.named_tuple import NamedTuple
from tui_reader.stories.rules import GroupedArticle
from tui_reader.stories.similarity import MAX_STEMS, characters

_ENCODED = 254  # stems of an encoding, besides the characters that stand for none and for all others
_NONE, _OTHER = "\0", "?"


class EarlierStems(NamedTuple):
    """What is read of all earlier articles, in order of time and page.

    Their numbers in the store, their times, the number of trigrams in each
    title, and the stems, ``STEM_BYTES`` for each article, those that it lacks as zeros.
    """

    numbers: array[int]
    times: Sequence[int]
    title_lengths: bytes
    stems: bytes


class Store(Protocol):
    """Reads earlier articles by their numbers, and by story."""

    def articles(self, numbers: Sequence[int]) -> Mapping[int, GroupedArticle]:
        """Return articles by their numbers."""
        ...

    def members(self, story: int) -> Mapping[int, GroupedArticle]:
        """Return the earlier articles of a story by their numbers, in order."""
        ...


class Earlier:
    """Earlier articles, by their position in the order of time and page.

    Only their stems are in memory, and of these one says only which of them
    the new articles have.
    """

    def __init__(self, known: EarlierStems, stems: Collection[str], store: Store) -> None:
        """``known`` are all articles that matter, ``stems`` those of the new articles."""
        self.times = known.times
        self._numbers = known.numbers
        self._title_lengths = known.title_lengths
        self._store = store
        self._found = dict(_found(known.stems, stems))

    def __len__(self) -> int:
        return len(self.times)

    def count(self, stem: str, first: int) -> int:
        """Return how many articles from position ``first`` on have a stem."""
        place, found = self._found.get(stem, (0, b""))
        return found.count(place, first * MAX_STEMS)

    def latest(self, stem: str, first: int, most: int) -> list[int]:
        """Return the positions of the latest articles from position ``first`` on that have a stem, at most ``most``."""
        place, found = self._found.get(stem, (0, b""))
        positions: list[int] = []
        at = found.rfind(place, first * MAX_STEMS)
        while at >= 0 and len(positions) < most:
            positions.append(at // MAX_STEMS)
            at = found.rfind(place, first * MAX_STEMS, at)
        return positions[::-1]

    def with_title_length(self, length: int, first: int) -> Iterator[int]:
        """Return the positions, the latest first, of articles from ``first`` on with so many trigrams in the title."""
        lengths = self._title_lengths
        return (position for position in range(len(self) - 1, first - 1, -1) if lengths[position] == length)

    def articles(self, positions: Iterable[int]) -> dict[int, GroupedArticle]:
        """Read the articles at these positions."""
        numbers = {self._numbers[position]: position for position in positions}
        return {numbers[number]: article for number, article in self._store.articles(list(numbers)).items()}

    def members(self, story: int) -> dict[int, GroupedArticle]:
        """Read the articles of a story, by position in ascending order."""
        found = self._store.members(story).items()
        return {self._position(number, article.published): article for number, article in found}

    def _position(self, number: int, published: int) -> int:
        return self._numbers.index(number, bisect_left(self.times, published))


def _found(packed: bytes, stems: Collection[str]) -> Iterator[tuple[str, tuple[int, bytes]]]:
    """Yield for each stem a byte, and the text in which this stands for it, one byte for each packed stem."""
    text = characters(packed)
    wanted = sorted(set(stems))
    for start in range(0, len(wanted), _ENCODED):
        chosen = [stem for stem in wanted[start : start + _ENCODED] if stem != _OTHER]
        encoding = charmap_build("".join((_NONE, _OTHER, *chosen)))
        found = charmap_encode(text, "replace", encoding)[0]
        yield from ((stem, (place, found)) for place, stem in enumerate(chosen, 2))
    if _OTHER in wanted:
        yield _OTHER, (1, bytes([one == _OTHER for one in text]))
