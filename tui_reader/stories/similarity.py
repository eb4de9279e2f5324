"""The similarity of two articles, from vectors that are small enough to store one for each article.

A vector has the trigrams (runs of three characters) of title and excerpt. The
rarer a trigram is in a fixed set of background texts, the more it weighs. The
similarity of two articles is the mean of two cosines: of the titles, and of
title and excerpt together. Because the background is fixed, it does not depend
on the other articles of a collection.
"""

from __future__ import annotations

import math
from array import array
from collections.abc import Collection, Iterable
from functools import cache
from importlib import resources
from typing import NamedTuple
from zlib import crc32

from tui_reader.stories.wording import FUNCTION_WORDS, column, numbers, words

MAX_TITLE, MAX_TRIGRAMS, MAX_STEMS, MAX_NUMBERS = 160, 268, 20, 6
"""The maximum counts of a vector: trigrams of the title, all trigrams, stems and numbers; 600 bytes in all."""

_NAME = 1 + math.log(400)  # the weight of a stem that one in 400 texts has; most rarer ones are names
_INFLECTED = ("ed", "es")  # mostly verbs, such as “closed” and “closes”, whose stems differ though they are no names

STEM = 6
"""The number of letters that make the stem of a word: “acquires” and “acquired” have the same one."""

_EXCERPT = 320  # characters; few excerpts are longer, and the rest is usually body text
_COUNTS = 6  # numbers at the start of a packed vector
_LETTERS = " abcdefghijklmnopqrstuvwxyz0123456789"
_POSITION = {letter: position for position, letter in enumerate(_LETTERS)}
_LATIN_TRIGRAMS = len(_LETTERS) ** 3
_SIZE = 1 << 16  # trigrams are stored in 16 bits; those of other scripts share the numbers that are left
_SCALE = 100  # squared weights are integers, so that sums are exact


class Background(NamedTuple):
    """The weights of trigrams and stems. ``squares`` has the squared weight of each trigram by its number."""

    squares: list[int]
    stems: dict[str, float]
    unknown_stem: float


@cache
def background() -> Background:
    """Load the weights from the counts in ``background.tsv``.

    They were counted in some 6,000 English texts: titles and excerpts of two
    collections of technology news, and general news cut to the same length
    (the background texts of Lee, Pincombe and Welsh 2005, as in gensim), each
    of the three weighted as about 700 texts.
    """
    lines = resources.files(__package__).joinpath("background.tsv").read_text("utf-8").splitlines()
    total = int(lines[1].split("\t")[1])
    weights = [math.log((1 + total) / (1 + count)) + 1 for count in range(total + 1)]
    scaled = [round(weight * weight * _SCALE) for weight in weights]
    # A list, not an array: it returns existing integers and does not create new ones.
    squares = [scaled[0]] * _SIZE
    stems: dict[str, float] = {}
    for line in lines[2:]:
        text, count = line.split("\t")
        if text[0] == "=":
            stems[text[1:]] = weights[int(count)]
        else:
            squares[_number(text)] = scaled[int(count)]
    return Background(squares, stems, weights[1])


@cache
def _number(trigram: str) -> int:
    """Return the number of a trigram: unique for Latin letters and digits, a checksum for others."""
    try:
        first, second, third = map(_POSITION.__getitem__, trigram)
    except KeyError:
        return _LATIN_TRIGRAMS + crc32(trigram.encode("utf-8", "replace")) % (_SIZE - _LATIN_TRIGRAMS)
    return (first * len(_LETTERS) + second) * len(_LETTERS) + third


class Vector(NamedTuple):
    """The text of an article, for comparison.

    ``trigrams`` has the ``in_title`` trigrams of the title, then those that the
    excerpt adds. ``stems`` are checksums of the significant words; only
    articles with a common stem are compared. ``names`` are the rare stems of
    the title, ``proper_names`` those of them that are hardly verbs, ``numbers``
    checksums of the numbers in the title, and ``column``
    one of the column that it is an issue of, or 0. ``title_norm`` and ``norm``
    are the norms of the title and of the whole text.
    """

    trigrams: array[int]
    in_title: int
    stems: array[int]
    names: frozenset[int]
    proper_names: frozenset[int]
    numbers: frozenset[int]
    column: int
    title_norm: float
    norm: float

    @property
    def is_title_only(self) -> bool:
        """Whether there is no excerpt, or none that adds anything to the title."""
        return self.in_title == len(self.trigrams)

    @property
    def title_key(self) -> bytes:
        """What titles of the same words have in common, in any order; empty for a title without words."""
        return array("H", sorted(self.trigrams[: self.in_title])).tobytes()

    def pack(self) -> bytes:
        """Return the vector as at most 600 bytes, in the byte order of this machine."""
        names, proper = len(self.names), len(self.proper_names)
        counts = array("H", [self.in_title, len(self.stems), names, len(self.numbers), self.column, proper])
        return (counts + array("H", sorted(self.numbers)) + self.stems + self.trigrams).tobytes()


class Packed:
    """A stored vector, unpacked on demand: of most vectors, only the stems are ever used."""

    __slots__ = ("_data", "_vector")

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._vector: Vector | None = None

    @property
    def stems(self) -> array[int]:
        """The stems of the vector. Raises :class:`ValueError` if the data are no vector."""
        ids = array("H", self._data)
        _, stems, _, number_count, _, _ = _counts(ids)
        start = _COUNTS + number_count
        return ids[start : start + stems]

    @property
    def vector(self) -> Vector:
        """The whole vector. Raises :class:`ValueError` if the data are no vector."""
        if self._vector is None:
            self._vector = unpack(self._data)
        return self._vector


def unpack(data: bytes) -> Vector:
    """Return the vector that :meth:`Vector.pack` returned as ``data``.

    Raises :class:`ValueError` if ``data`` is no vector.
    """
    ids = array("H", data)
    in_title, stems, names, number_count, column_sum, proper = _counts(ids)
    first = _COUNTS + number_count
    return _vector(
        ids[first + stems :],
        in_title,
        ids[first : first + stems],
        names=(names, proper),
        title_numbers=frozenset(ids[_COUNTS:first]),
        column_sum=column_sum,
    )


def _counts(ids: array[int]) -> array[int]:
    """Return the counts of title trigrams, stems, names and numbers of a packed vector, column, and proper names.

    Raises :class:`ValueError`.
    """
    if len(ids) < _COUNTS or len(ids) < _COUNTS + ids[3] + ids[1] + ids[0] or not ids[5] <= ids[2] <= ids[1]:
        raise ValueError(f"{2 * len(ids)} bytes are not a vector of an article")
    return ids[:_COUNTS]


def _vector(
    trigrams: array[int],
    in_title: int,
    stems: array[int],
    *,
    names: tuple[int, int],
    title_numbers: frozenset[int],
    column_sum: int,
) -> Vector:
    square = background().squares.__getitem__
    title = sum(map(square, trigrams[:in_title]))
    rest = sum(map(square, trigrams[in_title:]))
    return Vector(
        trigrams=trigrams,
        in_title=in_title,
        stems=stems,
        names=frozenset(stems[: names[0]]),
        proper_names=frozenset(stems[: names[1]]),
        numbers=title_numbers,
        column=column_sum,
        title_norm=math.sqrt(title),
        norm=math.sqrt(title + rest),
    )


def vector(title: str, excerpt: str = "", common: Collection[str] = ()) -> Vector:
    """Return the vector of an article.

    ``common`` are words to leave out, because nearly all articles have them,
    such as those of the root topic (:meth:`~tui_reader.stories.topics.Matcher.root_words`).
    """
    first = [word for word in words(title) if word not in common]
    second = [word for word in words(excerpt[:_EXCERPT]) if word not in common]
    in_title = list(dict.fromkeys(map(_number, _trigrams(first))))[:MAX_TITLE]
    # The last word of the title is included: a trigram may span title and excerpt.
    distinct = dict.fromkeys([*in_title, *map(_number, _trigrams(first[-1:] + second))])
    trigrams = array("H", list(distinct)[:MAX_TRIGRAMS])
    title_numbers = sorted(_checksum(number) for number in numbers(first))[:MAX_NUMBERS]
    stems, names, proper = _stems(first, second)
    name = column(title)
    column_sum = _checksum(name) or 1 if name else 0
    return _vector(
        trigrams,
        len(in_title),
        stems,
        names=(names, proper),
        title_numbers=frozenset(title_numbers),
        column_sum=column_sum,
    )


def _trigrams(text: list[str]) -> list[str]:
    line = f" {' '.join(text)} " if text else ""
    return [line[at : at + 3] for at in range(len(line) - 2)]


def stem_weight(word: str) -> float:
    """Return the weight of a word's stem, from 1 for one that all texts have."""
    known = background()
    return known.stems.get(word[:STEM], known.unknown_stem)


def _stems(title: Iterable[str], excerpt: Iterable[str]) -> tuple[array[int], int, int]:
    """Return checksums of the significant stems, how many of them are names, and how many of these no verbs.

    Names come first, verbs last among them, then the stems of the title and the rarest of the excerpt.
    """
    known, unknown = background().stems, background().unknown_stem
    in_title = {word[:STEM]: word for word in title if word not in FUNCTION_WORDS}
    rest = {word[:STEM] for word in excerpt if word not in FUNCTION_WORDS}.difference(in_title)
    named = [stem for stem in in_title if known.get(stem, unknown) >= _NAME and not stem.isdigit()]
    named.sort(key=lambda stem: in_title[stem].endswith(_INFLECTED))
    names = dict.fromkeys(map(_checksum, named[:MAX_STEMS]))
    proper = dict.fromkeys(_checksum(stem) for stem in named[:MAX_STEMS] if not in_title[stem].endswith(_INFLECTED))
    ordered = [*in_title, *sorted(rest, key=lambda stem: (-known.get(stem, unknown), stem))]
    every = dict.fromkeys([*names, *map(_checksum, ordered[:MAX_STEMS])])
    return array("H", list(every)[:MAX_STEMS]), len(names), len(proper)


def _checksum(text: str) -> int:
    return crc32(text.encode("utf-8", "replace")) & 0xFFFF


# Tables of zeros for reuse by probes: creating one takes longer than a dozen comparisons.
_cleared: list[list[int]] = []


class Probe:
    """A vector prepared for comparison with many others."""

    def __init__(self, one: Vector) -> None:
        self._title_norm, self._norm = one.title_norm, one.norm
        self._trigrams = one.trigrams
        square = background().squares
        self._all, self._title = _table(), _table()
        for trigram in one.trigrams:
            self._all[trigram] = square[trigram]
        for trigram in one.trigrams[: one.in_title]:
            self._title[trigram] = square[trigram]

    def close(self) -> None:
        """Release the tables of the probe, which cannot be used any more."""
        for table in (self._all, self._title):
            for trigram in self._trigrams:
                table[trigram] = 0
            _cleared.append(table)
        self._title_norm = self._norm = 0.0

    def similarity(self, other: Vector) -> float:
        """Return the similarity to ``other``, from 0 to 1."""
        total = 0.0
        if self._title_norm and other.title_norm:
            common = sum(map(self._title.__getitem__, other.trigrams[: other.in_title]))
            total += common / (self._title_norm * other.title_norm)
        if self._norm and other.norm:
            total += sum(map(self._all.__getitem__, other.trigrams)) / (self._norm * other.norm)
        return total / 2


def _table() -> list[int]:
    try:
        return _cleared.pop()
    except IndexError:
        return [0] * _SIZE


def similarity(one: Vector, other: Vector) -> float:
    """Return the similarity of two articles, from 0 to 1: the mean of the cosines of titles and whole texts."""
    return Probe(one).similarity(other)


def names_differ(one: Vector, other: Vector) -> bool:
    """Whether both titles have names, but neither text has a name of the other."""
    if not one.names or not other.names:
        return False
    return one.names.isdisjoint(other.stems) and other.names.isdisjoint(one.stems)


def same_title(one: Vector, other: Vector) -> bool:
    """Whether the titles have the same words, in any order; empty titles differ from all others."""
    if not one.in_title or one.in_title != other.in_title:
        return False
    return set(one.trigrams[: one.in_title]) == set(other.trigrams[: other.in_title])


def titles_alike(one: Vector, other: Vector) -> bool:
    """Whether the titles differ in hardly more than a number or a short word."""
    mine, theirs = set(one.trigrams[: one.in_title]), set(other.trigrams[: other.in_title])
    return len(mine & theirs) > 0.7 * len(mine | theirs)


def names_swapped(one: Vector, other: Vector) -> bool:
    """Whether each title has a name that the other text lacks."""
    return not one.proper_names.issubset(other.stems) and not other.proper_names.issubset(one.stems)
