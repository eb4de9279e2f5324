"""How alike two articles are: vectors of what they say, small enough to keep one for every article.

A vector holds the runs of three characters of the title and of the excerpt. A
run weighs the more, the rarer it is in a fixed background of texts. The
similarity of two articles is the mean of two cosines: of the titles, and of
title and excerpt together. Because the background is fixed, it never depends
on what else is in the collection.
"""

from __future__ import annotations

import math
from array import array
from collections.abc import Collection, Iterable
from functools import cache
from importlib import resources
from typing import NamedTuple
from zlib import crc32

from tui_reader.stories.wording import FUNCTION_WORDS, numbers, words

MAX_TITLE, MAX_RUNS, MAX_STEMS, MAX_NUMBERS = 160, 270, 20, 6
"""How many runs of the title and in all, stems and numbers a vector keeps at most: 600 bytes."""

_NAME = 1 + math.log(400)  # the weight of a stem that one text of 400 has: of the rarer, most are names

STEM = 6
"""Letters to which a word is cut, so that “acquires” and “acquired” are one."""

_EXCERPT = 320  # characters that count; few excerpts are longer, and what follows is body
_LETTERS = " abcdefghijklmnopqrstuvwxyz0123456789"
_PLACE = {letter: place for place, letter in enumerate(_LETTERS)}
_RUNS = len(_LETTERS) ** 3
_SIZE = 1 << 16  # a run is kept as 16 bits; those of other scripts share what is left
_SCALE = 100  # squares of weights are kept as whole numbers, so that sums are exact


class Background(NamedTuple):
    """How much runs and stems say. ``squares`` holds the squared weight of every run by its number."""

    squares: list[int]
    stems: dict[str, float]
    unknown_stem: float


@cache
def background() -> Background:
    """Read the counts that come with the reader.

    They were taken from some 6,000 English texts: titles and excerpts of two
    collections of technology news, and general news cut to their length (the
    background texts of Lee, Pincombe and Welsh 2005, as gensim has them);
    weighed so that each of the three counts as about 700 texts.
    """
    lines = resources.files(__package__).joinpath("background.tsv").read_text("utf-8").splitlines()
    total = int(lines[1].split("\t")[1])
    weights = [math.log((1 + total) / (1 + count)) + 1 for count in range(total + 1)]
    scaled = [round(weight * weight * _SCALE) for weight in weights]
    # Lists here and in the probes: they give the numbers that there are, where arrays make new ones.
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
def _number(run: str) -> int:
    """The number of a run of three characters: each its own for Latin letters and digits, a checksum for others."""
    try:
        first, second, third = map(_PLACE.__getitem__, run)
    except KeyError:
        return _RUNS + crc32(run.encode("utf-8", "replace")) % (_SIZE - _RUNS)
    return (first * len(_LETTERS) + second) * len(_LETTERS) + third


class Vector(NamedTuple):
    """What an article says, for comparing.

    ``runs`` are those of the title, ``in_title`` of them, then what the
    excerpt adds. ``stems`` are checksums of its telling words: only articles
    that share one are compared. ``names`` are those of them that are in the
    title and rare, ``numbers`` are checksums of the numbers in the title. The
    norms are those of the title and of all.
    """

    runs: array[int]
    in_title: int
    stems: array[int]
    names: frozenset[int]
    numbers: frozenset[int]
    title_norm: float
    norm: float

    def pack(self) -> bytes:
        """Return the vector as at most 600 bytes, in the order of bytes of this machine."""
        counts = array("H", [self.in_title, len(self.stems), len(self.names), len(self.numbers)])
        return (counts + array("H", sorted(self.numbers)) + self.stems + self.runs).tobytes()


class Packed:
    """A vector as it is kept, taken apart when it is looked at: of most, only the stems ever are."""

    __slots__ = ("_data", "_vector")

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._vector: Vector | None = None

    @property
    def stems(self) -> array[int]:
        """Those of the vector. Raises :class:`ValueError` where the data are none."""
        ids = array("H", self._data)
        _, stems, _, told = _counts(ids)
        return ids[4 + told : 4 + told + stems]

    @property
    def vector(self) -> Vector:
        """The whole vector. Raises :class:`ValueError` where the data are none."""
        if self._vector is None:
            self._vector = unpack(self._data)
        return self._vector


def unpack(data: bytes) -> Vector:
    """Return the vector that :meth:`Vector.pack` made ``data`` of.

    Raises :class:`ValueError` where ``data`` is none.
    """
    ids = array("H", data)
    in_title, stems, names, told = _counts(ids)
    runs = 4 + told + stems
    return _vector(ids[runs:], in_title, ids[4 + told : runs], names, frozenset(ids[4 : 4 + told]))


def _counts(ids: array[int]) -> array[int]:
    """How many runs of the title, stems, names and numbers a packed vector has. Raises :class:`ValueError`."""
    if len(ids) < 4 or len(ids) < 4 + ids[3] + ids[1] + ids[0] or ids[2] > ids[1]:
        raise ValueError(f"{2 * len(ids)} bytes are no vector of an article")
    return ids[:4]


def _vector(runs: array[int], in_title: int, stems: array[int], names: int, told: frozenset[int]) -> Vector:
    square = background().squares.__getitem__
    title = sum(map(square, runs[:in_title]))
    rest = sum(map(square, runs[in_title:]))
    return Vector(runs, in_title, stems, frozenset(stems[:names]), told, math.sqrt(title), math.sqrt(title + rest))


def vector(title: str, excerpt: str = "", common: Collection[str] = ()) -> Vector:
    """Return the vector of an article.

    ``common`` are words that all articles have, such as those of the root
    topic (:meth:`~tui_reader.stories.topics.Matcher.root_words`): they are left out.
    """
    first = [word for word in words(title) if word not in common]
    second = [word for word in words(excerpt[:_EXCERPT]) if word not in common]
    in_title = list(dict.fromkeys(map(_number, _runs(first))))[:MAX_TITLE]
    # The last word of the title comes along: a run may reach over the border.
    runs = array("H", list(dict.fromkeys([*in_title, *map(_number, _runs(first[-1:] + second))]))[:MAX_RUNS])
    told = sorted(_checksum(number) for number in numbers(first))[:MAX_NUMBERS]
    stems, names = _stems(first, second)
    return _vector(runs, len(in_title), stems, names, frozenset(told))


def _runs(text: list[str]) -> list[str]:
    line = f" {' '.join(text)} " if text else ""
    return [line[at : at + 3] for at in range(len(line) - 2)]


def stem_weight(word: str) -> float:
    """Return how much ``word`` says, from 1 for one of every text."""
    known = background()
    return known.stems.get(word[:STEM], known.unknown_stem)


def _stems(title: Iterable[str], excerpt: Iterable[str]) -> tuple[array[int], int]:
    """Checksums of the telling stems, names first, then the title's and the excerpt's rarest; how many are names."""
    known, unknown = background().stems, background().unknown_stem
    said = dict.fromkeys([word[:STEM] for word in title if word not in FUNCTION_WORDS])
    rest = {word[:STEM] for word in excerpt if word not in FUNCTION_WORDS}.difference(said)
    named = [stem for stem in said if not stem.isdigit() and known.get(stem, unknown) >= _NAME]
    names = dict.fromkeys(map(_checksum, named[:MAX_STEMS]))
    ordered = [*said, *sorted(rest, key=lambda stem: (-known.get(stem, unknown), stem))]
    every = dict.fromkeys([*names, *map(_checksum, ordered[:MAX_STEMS])])
    return array("H", list(every)[:MAX_STEMS]), len(names)


def _checksum(text: str) -> int:
    return crc32(text.encode("utf-8", "replace")) & 0xFFFF


# Tables of zeros that probes have cleared: to make a new one takes longer than to compare a dozen articles.
_cleared: list[list[int]] = []


class Probe:
    """One vector laid out for being compared with many."""

    def __init__(self, one: Vector) -> None:
        self._title_norm, self._norm = one.title_norm, one.norm
        self._runs = one.runs
        square = background().squares
        self._all, self._title = _table(), _table()
        for run in one.runs:
            self._all[run] = square[run]
        for run in one.runs[: one.in_title]:
            self._title[run] = square[run]

    def close(self) -> None:
        """Let others have the room; the probe compares nothing any more."""
        for table in (self._all, self._title):
            for run in self._runs:
                table[run] = 0
            _cleared.append(table)
        self._title_norm = self._norm = 0.0

    def similarity(self, other: Vector) -> float:
        """Return how alike the two are, from 0 to 1."""
        total = 0.0
        if self._title_norm and other.title_norm:
            common = sum(map(self._title.__getitem__, other.runs[: other.in_title]))
            total += common / (self._title_norm * other.title_norm)
        if self._norm and other.norm:
            total += sum(map(self._all.__getitem__, other.runs)) / (self._norm * other.norm)
        return total / 2


def _table() -> list[int]:
    try:
        return _cleared.pop()
    except IndexError:
        return [0] * _SIZE


def similarity(one: Vector, other: Vector) -> float:
    """Return how alike two articles are: the mean of the cosines of titles and of whole texts, from 0 to 1."""
    return Probe(one).similarity(other)


def name_others(one: Vector, other: Vector) -> bool:
    """Whether the titles name different things, and neither text as a whole has a name of the other."""
    if not one.names or not other.names:
        return False
    return one.names.isdisjoint(other.stems) and other.names.isdisjoint(one.stems)


def same_title(one: Vector, other: Vector) -> bool:
    """Whether the titles are the same but for the order of their words; none is like no other."""
    return 0 < one.in_title == other.in_title and set(one.runs[: one.in_title]) == set(other.runs[: other.in_title])
