"""The similarity of two articles, from vectors that are small enough to store one for each article.

A vector has the trigrams (runs of three characters) of title and excerpt. The
rarer a trigram is in a fixed set of background texts, the more it weighs. The
similarity of two articles is the mean of two cosines: of the titles, and of
title and excerpt together. Because the background is fixed, it does not depend
on the other articles of a collection.
"""

from __future__ import annotations

import math
import re
import sys
from array import array
from codecs import charmap_build, charmap_encode
from collections.abc import Callable, Collection, Iterable, Sequence
from functools import cache
from importlib import resources
from itertools import chain, islice, pairwise
from struct import Struct
from typing import TypeVar
from zlib import adler32, crc32

from tui_reader.named_tuple import NamedTuple
from tui_reader.stories.wording import COLUMN_WORDS, FUNCTION_WORDS, column, numbers, words

MAX_TITLE, MAX_TRIGRAMS, MAX_STEMS, MAX_NUMBERS = 160, 268, 20, 6
"""The maximum counts of a vector: trigrams of the title, all trigrams, stems and numbers; 600 bytes in all."""

_NAME = 1 + math.log(400)  # the weight of a stem that one in 400 texts has; most rarer ones are names
_INFLECTED = ("ed", "es")  # mostly verbs, such as “closed” and “closes”, whose stems differ though they are no names

STEM = 6
"""The number of letters that make the stem of a word: “acquires” and “acquired” have the same one."""

_MOST_REMEMBERED = 1 << 14  # words, stems or the like
_RANK = 5  # digits
_EXCERPT = 320  # characters; few excerpts are longer, and the rest is usually body text
_COUNTS = 6  # numbers at the start of a packed vector
_HEAD = Struct("=4H")
_LETTERS = " abcdefghijklmnopqrstuvwxyz0123456789"
_POSITION = {letter: position for position, letter in enumerate(_LETTERS)}
_LATIN_TRIGRAMS = len(_LETTERS) ** 3
_SIZE = 1 << 16  # trigrams are stored in 16 bits; those of other scripts share the numbers that are left
_SCALE = 100  # squared weights are integers, so that sums are exact
_CODEC = f"utf-16-{sys.byteorder[0]}e"  # trigrams as characters, two bytes each


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

    ``title`` has the trigrams of the title, ``rest`` those that the excerpt
    adds, each trigram as the character of its number: Python searches strings
    much faster than arrays. So are ``stems``, checksums of the significant words;
    only articles with a common stem are compared. They begin with ``names``,
    the rare stems of the title, and these with ``proper_names``, those of them
    that are hardly verbs. ``numbers`` are checksums of the numbers in the
    title, ``column`` is one of the column that it is an issue of, or 0.
    ``title_norm`` and ``norm`` are the norms of the title and of the whole text.
    """

    title: str
    rest: str
    stems: str
    names: str
    proper_names: str
    numbers: frozenset[int]
    column: int
    title_norm: float
    norm: float

    @property
    def is_title_only(self) -> bool:
        """Whether there is no excerpt, or none that adds anything to the title."""
        return not self.rest

    def pack(self) -> bytes:
        """Return the vector as at most 600 bytes, in the byte order of this machine."""
        names, proper = len(self.names), len(self.proper_names)
        counts = array("H", [len(self.title), len(self.stems), names, len(self.numbers), self.column, proper])
        text = "".join((self.stems, self.title, self.rest))
        return (counts + array("H", sorted(self.numbers))).tobytes() + text.encode(_CODEC, "surrogatepass")


_FUSED = re.compile("[\U00010000-\U0010ffff]")


def characters(data: bytes) -> str:
    """Return numbers of 16 bits as characters."""
    text = data.decode(_CODEC, "surrogatepass")
    # Two numbers that look like the halves of one character have become one.
    return text if 2 * len(text) == len(data) else _FUSED.sub(_halves, text)


def _numbers_of(text: str) -> array[int]:
    """Return the numbers that :func:`characters` returned as ``text``."""
    return array("H", text.encode(_CODEC, "surrogatepass"))


def _halves(fused: re.Match[str]) -> str:
    high, low = divmod(ord(fused[0]) - 0x10000, 0x400)
    return chr(0xD800 + high) + chr(0xDC00 + low)


class Packed:
    """A stored vector, unpacked on demand: of most vectors, only the stems are ever used."""

    __slots__ = ("_data", "_vector")

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._vector: Vector | None = None

    @property
    def stems(self) -> str:
        """The stems of the vector. Raises :class:`ValueError` if the data are no vector."""
        counts = _counts(self._data)
        first = 2 * (_COUNTS + counts[3])
        return characters(self._data[first : first + 2 * counts[1]])

    @property
    def is_title_only(self) -> bool:
        """Whether the vector has no trigrams besides those of the title. Raises :class:`ValueError` likewise."""
        in_title, stems, _, number_count, _, _ = _counts(self._data)
        return len(self._data) == 2 * (_COUNTS + number_count + stems + in_title)

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
    in_title, stems, names, number_count, column_sum, proper = _counts(data)
    first = _COUNTS + number_count
    text = characters(data[2 * first :])
    return _vector(
        text[stems : stems + in_title],
        text[stems + in_title :],
        text[:stems],
        names=(names, proper),
        title_numbers=frozenset(array("H", data[2 * _COUNTS : 2 * first])),
        column_sum=column_sum,
    )


STEM_BYTES = 2 * MAX_STEMS
"""The bytes of the stems of a vector, at most."""

HEAD = 2 * (_COUNTS + MAX_NUMBERS + MAX_STEMS)
"""The bytes at the start of a packed vector in which all its stems are."""


def head_of(start: bytes) -> tuple[int, bytes]:
    """Return the number of trigrams in the title, and the stems, two bytes each, of a packed vector."""
    in_title, stems, _, number_count = _HEAD.unpack_from(start)
    first = 2 * (_COUNTS + number_count)
    return in_title, start[first : first + 2 * stems]


def _counts(data: bytes) -> array[int]:
    """Return the counts of title trigrams, stems, names and numbers of a packed vector, column, and proper names.

    Raises :class:`ValueError`.
    """
    counts = array("H", data[: 2 * _COUNTS])
    size = len(data) // 2
    if (
        len(data) % 2
        or len(counts) < _COUNTS
        or size < _COUNTS + counts[3] + counts[1] + counts[0]
        or not counts[5] <= counts[2] <= counts[1]
    ):
        raise ValueError(f"{len(data)} bytes are not a vector of an article")
    return counts


def _vector(
    title: str,
    rest: str,
    stems: str,
    *,
    names: tuple[int, int],
    title_numbers: frozenset[int],
    column_sum: int,
) -> Vector:
    square = background().squares.__getitem__
    in_title = sum(map(square, _numbers_of(title)))
    in_rest = sum(map(square, _numbers_of(rest)))
    return Vector(
        title=title,
        rest=rest,
        stems=stems,
        names=stems[: names[0]],
        proper_names=stems[: names[1]],
        numbers=title_numbers,
        column=column_sum,
        title_norm=math.sqrt(in_title),
        norm=math.sqrt(in_title + in_rest),
    )


def vector(title: str, excerpt: str = "", common: Collection[str] = ()) -> Vector:
    """Return the vector of an article.

    ``common`` are words to leave out, because nearly all articles have them,
    such as those of the root topic (:meth:`~tui_reader.stories.topics.Matcher.root_words`).
    """
    return unpack(packed_vector(title, excerpt, common))


def packed_vector(title: str, excerpt: str = "", common: Collection[str] = ()) -> bytes:
    """Return the vector of an article as :meth:`Vector.pack` does, in less time."""
    every = words(title)
    first = [word for word in every if word not in common]
    second = [word for word in words(excerpt[:_EXCERPT]) if word not in common]
    in_title = list(dict.fromkeys(_trigrams(first)))[:MAX_TITLE]
    # The last word of the title is included: a trigram may span title and excerpt.
    distinct = list(dict.fromkeys(chain(in_title, _trigrams(first[-1:] + second))))
    title_numbers = sorted(set(sorted(map(_checksum, numbers(first)))[:MAX_NUMBERS]))
    stems, names, proper = _stems(first, second)
    name = "" if COLUMN_WORDS.isdisjoint(every) else column(title)
    column_sum = _checksum(name) if name else 0
    counts = (len(in_title), len(stems), names, len(title_numbers), column_sum, proper)
    return array("H", [*counts, *title_numbers, *stems, *distinct[:MAX_TRIGRAMS]]).tobytes()


T = TypeVar("T")


class _Remembered(dict[str, T]):
    """What is made of each text; most words have occurred before. All is forgotten when it is too much."""

    def __init__(self, make: Callable[[str], T]) -> None:
        self._make = make

    def __missing__(self, text: str) -> T:
        if len(self) >= _MOST_REMEMBERED:
            self.clear()
        made = self[text] = self._make(text)
        return made


def _trigrams(text: list[str]) -> Iterable[int]:
    """Return the numbers of the trigrams of a text, with a space before and after each word."""
    between = map(_between, [one[-1] + other[0] for one, other in pairwise(text)])
    but_last = chain.from_iterable(zip(map(_in_word, text), between, strict=False))
    return chain.from_iterable(chain(but_last, map(_in_word, text[-1:])))


def _numbers_between(letters: str) -> tuple[int, ...]:
    """Return the number of the trigram of a word's last letter, a space, and the first letter of the next word."""
    return (_number(" ".join(letters)),)


def _numbers_in(word: str) -> tuple[int, ...]:
    """Return the numbers of the trigrams of a word."""
    line = f" {word} "
    return tuple([_number(line[at : at + 3]) for at in range(len(word))])


_between = _Remembered(_numbers_between).__getitem__
_in_word = _Remembered(_numbers_in).__getitem__


def stem_weight(word: str) -> float:
    """Return the weight of a word's stem, from 1 for one that all texts have."""
    known = background()
    return known.stems.get(word[:STEM], known.unknown_stem)


def _stems(title: Iterable[str], excerpt: Iterable[str]) -> tuple[list[int], int, int]:
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
    room = max(0, MAX_STEMS - len(in_title))
    rarest = [ranked[_RANK:] for ranked in sorted(map(_ranked, rest))[:room]]
    every = dict.fromkeys([*names, *map(_checksum, islice(in_title, MAX_STEMS)), *map(_checksum, rarest)])
    return list(islice(every, MAX_STEMS)), len(names), len(proper)


def _with_rank(stem: str) -> str:
    """Return a stem after its rank, by which the rarest is sorted first: strings are compared faster than tuples."""
    known = background()
    # Different weights differ by 0.0004 at least.
    rank = round((10 - known.stems.get(stem, known.unknown_stem)) * 10_000)
    return f"{rank:0{_RANK}d}{stem}"


_ranked = _Remembered(_with_rank).__getitem__


def _of_16_bits(text: str) -> int:
    """Return a checksum of a text, which is never 0."""
    return crc32(text.encode("utf-8", "replace")) & 0xFFFF or 1


_checksum = _Remembered(_of_16_bits).__getitem__


_ENCODED = 255  # characters of an encoding, besides the one that the byte 0 stands for
_TITLE = 30  # the sum of the title's weights is added up in the bits from here on, that of all weights below
_ALL, _BOTH = (1 << _TITLE) - 1, (1 << _TITLE) + 1
_ROUGH = 128  # a weight in as many units, rounded up, is a byte, and not the one that separates texts
_SEPARATOR = b"\xff"
_SLACK = 1 + 1e-9  # more than rounding takes away


@cache
def _rough_weights() -> bytes:
    """Return the squared weight of each trigram by its number, as a byte."""
    return bytes([square // _ROUGH + 1 for square in background().squares])


class Probe:
    """A vector prepared for comparison with many others.

    Its trigrams are the characters of an eight-bit encoding. To encode the
    trigrams of another vector, ignoring those that the encoding lacks, finds
    the common ones, in C: this is what clustering spends most time on. So is
    adding up weights that are rounded up to bytes, which tells whether two
    texts can be alike: the lower half of the checksum Adler-32 is the sum of
    all bytes, plus 1.
    """

    __slots__ = ("_encoding", "_further", "_one", "_squares", "_trigrams", "_weights")

    def __init__(self, one: Vector) -> None:
        self._one = one
        self._trigrams = one.title + one.rest
        self._encoding = charmap_build("\0" + self._trigrams[:_ENCODED])
        # A few trigrams of a long excerpt do not fit into the encoding.
        further = self._trigrams[_ENCODED:]
        squares = background().squares
        self._further = [(trigram, squares[ord(trigram)]) for trigram in further]
        self._weights: tuple[Callable[[int], int], Callable[[int], int]] | None = None

    def similarity(self, other: Vector) -> float:
        """Return the similarity to ``other``, from 0 to 1."""
        return self.similarities([other])[0]

    def similarities(self, others: Sequence[Vector], least: Sequence[float] = ()) -> list[float]:
        """Return the similarities to ``others``; all of them are encoded at once.

        A similarity that is less than that in ``least`` may be returned as 0, which takes less time.
        """
        if not others:
            return []
        # No trigram has the number 0: that would be three spaces.
        titles, rests = self._encoded([one.title for one in others]), self._encoded([one.rest for one in others])
        every = zip(others, titles.split(b"\0"), rests.split(b"\0"), strict=True)
        if not least:
            return [self._similarity(*each) for each in every]
        bounds = self._bounds(others, titles, rests)
        return [
            self._similarity(*each) if bound >= enough else 0.0
            for each, bound, enough in zip(every, bounds, least, strict=True)
        ]

    def _encoded(self, texts: Iterable[str]) -> bytes:
        return charmap_encode("\0".join(texts), "ignore", self._encoding)[0]

    def _bounds(self, others: Sequence[Vector], titles: bytes, rests: bytes) -> list[float]:
        """Return what the similarities to ``others`` are at most."""
        one = self._one
        rough = bytes(map(_rough_weights().__getitem__, _numbers_of(self._trigrams[:_ENCODED])))
        weights = (_SEPARATOR + rough).ljust(_ENCODED + 1, b"\0")
        of_title = (_SEPARATOR + rough[: len(one.title)]).ljust(_ENCODED + 1, b"\0")
        further = sum([weight for _, weight in self._further]) / _ROUGH
        by_title, by_all = (_SLACK * _ROUGH / 2 / (norm or 1) for norm in (one.title_norm, one.norm))
        in_titles, in_title, in_rest = (
            map(adler32, encoded.translate(table).split(_SEPARATOR))
            for encoded, table in ((titles, of_title), (titles, weights), (rests, weights))
        )
        return [
            (both & 0xFFFF) * by_title / (title_norm or 1)
            + ((title & 0xFFFF) + (rest & 0xFFFF) + further) * by_all / (norm or 1)
            for (*_, title_norm, norm), both, title, rest in zip(others, in_titles, in_title, in_rest, strict=True)
        ]

    def _similarity(self, other: Vector, title: bytes, rest: bytes) -> float:
        """Return the similarity to ``other``, of which ``title`` and ``rest`` are the encoded common trigrams."""
        if self._weights is None:
            self._weights = self._by_byte()
        weight_in_title, weight = self._weights
        in_title, in_rest = sum(map(weight_in_title, title)), sum(map(weight, rest))
        if self._further:
            text = other.title + other.rest
            in_rest += sum([weight for trigram, weight in self._further if trigram in text])
        one = self._one
        total = 0.0
        if one.title_norm and other.title_norm:
            total += (in_title >> _TITLE) / (one.title_norm * other.title_norm)
        if one.norm and other.norm:
            total += ((in_title & _ALL) + in_rest) / (one.norm * other.norm)
        return total / 2

    def _by_byte(self) -> tuple[Callable[[int], int], Callable[[int], int]]:
        """Return what finds the weight of an encoded trigram in the title and in the rest of another text."""
        squares = map(background().squares.__getitem__, _numbers_of(self._trigrams[:_ENCODED]))
        weights = [0, *squares]
        both = [weight * _BOTH for weight in weights[: len(self._one.title) + 1]]
        return (both + weights[len(both) :]).__getitem__, weights.__getitem__


def similarity(one: Vector, other: Vector) -> float:
    """Return the similarity of two articles, from 0 to 1: the mean of the cosines of titles and whole texts."""
    return Probe(one).similarity(other)


def names_differ(one: Vector, other: Vector) -> bool:
    """Whether both titles have names, but neither text has a name of the other."""
    if not one.names or not other.names:
        return False
    return not _has_any(other.stems, one.names) and not _has_any(one.stems, other.names)


def _has_any(stems: str, names: str) -> bool:
    for name in names:  # noqa: SIM110 - a generator takes twice as long
        if name in stems:
            return True
    return False


def same_title(one: Vector, other: Vector) -> bool:
    """Whether the titles have the same words, in any order; empty titles differ from all others."""
    return bool(one.title) and len(one.title) == len(other.title) and set(one.title) == set(other.title)


def titles_alike(one: Vector, other: Vector) -> bool:
    """Whether the titles differ in hardly more than a number or a short word."""
    mine, theirs = set(one.title), set(other.title)
    return len(mine & theirs) > 0.7 * len(mine | theirs)


def names_swapped(one: Vector, other: Vector) -> bool:
    """Whether each title has a name that the other text lacks."""
    return not set(one.proper_names).issubset(other.stems) and not set(other.proper_names).issubset(one.stems)
