"""Translates the regular expressions of newsboat's rules to words and phrases, where they are no more than that."""

from __future__ import annotations

import re
from collections.abc import Sequence

from tui_reader.model.expression import Expression, Text, all_of, any_of
from tui_reader.model.words import WORD
from tui_reader.named_tuple import NamedTuple

_MOST = 32  # alternatives
_LONGEST = 1000  # characters
_DEEPEST = 20

# What is not a letter of a word, in the alternatives of a pattern.
_EDGE, _END, _GAP = "\x01", "\x02", "\x03"
_EDGES = dict.fromkeys(("[[:<:]]", "[[:>:]]", "\\<", "\\>", "\\b"), _EDGE)
_SPACES = dict.fromkeys(("[[:space:]]", "[[:blank:]]", "[[:punct:]]", "\\s", "\\W"), " ")


class Untranslatable(Exception):
    """Something of newsboat has no counterpart; the message says what and why."""


class Translated(NamedTuple):
    """An expression that means what a rule of newsboat does, or nearly.

    ``finds_more`` has what makes it find more than the rule does, ``finds_less``
    whether it may find less: words are found where they begin, newsboat finds
    letters anywhere.
    """

    expression: Expression
    finds_more: tuple[str, ...] = ()
    finds_less: bool = False


def translate_pattern(pattern: str, field: str) -> Translated:
    """Return what a pattern (a POSIX extended regular expression) finds in a field.

    Raises :class:`Untranslatable`.
    """
    if len(pattern) > _LONGEST:
        raise Untranslatable(f"the pattern is longer than {_LONGEST:,} characters")
    alternatives = _Pattern(pattern).alternatives()
    more = []
    if any(_END in each for each in alternatives):
        more.append("‘^’ and ‘$’ mean the beginning and the end")
    if any(_GAP in each.strip(_GAP) for each in alternatives):
        more.append("words in any order")
    found = dict.fromkeys(_expression(each, field) for each in alternatives)
    return Translated(any_of(list(found)), tuple(more), finds_less=True)


def _expression(alternative: str, field: str) -> Expression:
    parts = [part for part in alternative.strip(_GAP).split(_GAP) if part.strip(f" {_EDGE}{_END}")]
    if not parts:
        raise Untranslatable("the pattern matches everything")
    return all_of([_term(part, field) for part in parts])


def _term(part: str, field: str) -> Text:
    words = WORD.findall(part)
    if not words:
        raise Untranslatable(f"‘{part.strip(_EDGE + _END)}’ has no letter or digit, and a search finds words")
    is_whole = len(words) > 1 or not part.endswith(words[-1])
    return Text(" ".join(words), field, phrase=is_whole)


class _Pattern:
    """A pattern that is read from its beginning to its end."""

    def __init__(self, pattern: str) -> None:
        self._rest = pattern
        self._depth = 0

    def alternatives(self) -> list[str]:
        """Return the texts that the pattern matches, which are few."""
        found = self._choice()
        if self._rest:
            raise Untranslatable("the pattern has an unmatched parenthesis")
        return found

    def _choice(self) -> list[str]:
        self._depth += 1
        if self._depth > _DEEPEST:
            raise Untranslatable("the pattern is nested too deeply")
        found = self._sequence()
        while self._take("|"):
            found += self._sequence()
        self._depth -= 1
        return _few(found)

    def _sequence(self) -> list[str]:
        found = [""]
        while self._rest and self._rest[0] not in "|)":
            atom = self._atom()
            found = _few([before + after for before in found for after in atom])
        return found

    def _atom(self) -> list[str]:
        found = self._plain_atom()
        if self._take("?"):
            return [*found, ""]
        if self._rest[:1] in {"*", "+"}:
            star = self._rest[0]
            self._rest = self._rest[1:]
            if found in (["."], [_GAP]):
                return [_GAP]
            if found == [" "]:
                return [" "] if star == "+" else [" ", ""]
            raise Untranslatable(f"‘{star}’ repeats something")
        if re.match(r"\{[\d,]+\}", self._rest):
            raise Untranslatable("‘{…}’ repeats something")
        return [" "] if found == ["."] else found

    def _plain_atom(self) -> list[str]:
        for sign, stands_for in (*_EDGES.items(), *_SPACES.items()):
            if self._take(sign):
                return [stands_for]
        if self._take("(?:") or self._take("("):
            found = self._choice()
            if not self._take(")"):
                raise Untranslatable("the pattern has an unmatched parenthesis")
            return found
        if self._rest[0] == "[":
            return self._brackets()
        return self._letter()

    def _letter(self) -> list[str]:
        letter, self._rest = self._rest[0], self._rest[1:]
        if letter == "\\" and self._rest:
            letter, self._rest = self._rest[0], self._rest[1:]
            if letter.isalnum():
                raise Untranslatable(f"‘\\{letter}’ has no counterpart")
            return [letter]
        if letter in "^$":
            return [_END]
        if letter in "*+?{":
            raise Untranslatable(f"‘{letter}’ repeats nothing")
        return [letter]  # "." stands for itself until it is known whether it is repeated

    def _brackets(self) -> list[str]:
        match = re.match(r"\[([^\]^][^\]]*)\]", self._rest)
        if match is None or "[:" in match[1] or re.search(r"\w-\w", match[1]):
            raise Untranslatable("‘[…]’ stands for many characters")
        self._rest = self._rest[match.end() :]
        letters = list(dict.fromkeys(match[1].casefold()))
        return [" "] if not any(letter.isalnum() for letter in letters) else letters

    def _take(self, text: str) -> bool:
        if not self._rest.startswith(text):
            return False
        self._rest = self._rest[len(text) :]
        return True


def _few(found: Sequence[str]) -> list[str]:
    if len(found) > _MOST:
        raise Untranslatable(f"the pattern stands for more than {_MOST} texts")
    return list(found)
