"""The names of months and weekdays in the languages of feeds, as they are written in full, inflected or cut short."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import cache
from importlib import resources

# Of the scripts from Latin to Arabic. In the Indic ones, marks are vowels.
_MARKS = re.compile("[\u0300-\u036f\u0591-\u05c7\u064b-\u065f]")
_THAI_POINT = re.compile(r"(?<=[\u0e00-\u0e7f])\.(?=[\u0e00-\u0e7f])")


def fold(text: str) -> str:
    """Return ``text`` in small letters, without accents, vowel points and the points inside of Thai abbreviations."""
    text = unicodedata.normalize("NFKD", text.casefold())
    return text if text.isascii() else _THAI_POINT.sub("", _MARKS.sub("", text))


def months_named(word: str, beside: Iterable[str] = ()) -> tuple[int, ...]:
    """Return the months (1 to 12) that a folded word may name, the likeliest first.

    If a weekday is among the words ``beside`` it, its languages come first:
    *mar* is March in most, but November in Finnish.
    """
    months, weekdays = _names()
    # Hebrew writes its “in” together with the month.
    found = months.find(word) or months.find(word.removeprefix("ב"))
    if len({number for number, _ in found}) > 1:
        languages = {language for other in beside if other != word for _, language in weekdays.find(other)}
        found = sorted(found, key=lambda name: name[1] not in languages)
    return tuple(dict.fromkeys(number for number, _ in found))


def weekdays_named(word: str) -> frozenset[int]:
    """Return the weekdays (0 for Monday) that a folded word may name."""
    return frozenset(number for number, _ in _names()[1].find(word))


class _Names:
    """Names of the months or of the weekdays: each with its number and its language."""

    def __init__(self, first: int, shortest: int) -> None:
        self._first = first
        self._shortest = shortest  # letters of a name that is cut short
        self._names: dict[str, list[tuple[int, str]]] = {}
        self._starts: dict[str, list[tuple[int, str]]] = {}

    def add(self, language: str, names: str) -> None:
        """Add the names of a language, in their order; other forms of a name are behind a slash."""
        for number, forms in enumerate(names.split(), self._first):
            for name in forms.split("/"):
                self._names.setdefault(name, []).append((number, language))
                # In Indic scripts, two letters are a syllable each.
                for length in range(2 if name > "\u0900" else self._shortest, len(name)):
                    self._starts.setdefault(name[:length], []).append((number, language))

    def find(self, word: str) -> list[tuple[int, str]]:
        """Return what a word may name: in full, cut short, or else inflected, such as *lokakuussa*."""
        found = self._names.get(word, []) + self._starts.get(word, [])
        for length in range(len(word) - 1, self._shortest, -1):
            if found:
                break
            found = self._names.get(word[:length], [])
        return found


@cache
def _names() -> tuple[_Names, _Names]:
    """Return the names of the months and those of the weekdays."""
    months, weekdays = _Names(1, shortest=3), _Names(0, shortest=2)
    for line in resources.files(__package__).joinpath("calendar_names.tsv").read_text("utf-8").splitlines():
        if not line.startswith("#"):
            language, month_names, weekday_names = fold(line).split("\t")
            months.add(language, month_names)
            weekdays.add(language, weekday_names)
    return months, weekdays
