"""Completes what is typed into the search: the names of fields, and the values of those that have names."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from tui_reader.model.expression import NAME_FIELDS, STATES, TEXT_FIELDS, quoted
from tui_reader.model.expression_fields import FIELDS
from tui_reader.model.folding import fold
from tui_reader.named_tuple import NamedTuple

OVERVIEW = ('"a phrase"', "-not", "OR", *(f"{field}:" for field in FIELDS))
"""What can be typed into an empty search."""

MOST = 12
"""Candidates that are offered."""

_LEAST = 2  # letters of a field before it is offered: nearly every letter begins one
_TOKEN = re.compile(r'\s+|"[^"]*"?|[(),-]|[^\s"(),:-]+:?|:')
_BARE = re.compile(r'(?!-)[^\s"(),]+')
_FIXED: dict[str, tuple[str, ...]] = {**STATES, "in": TEXT_FIELDS}


class Candidates(NamedTuple):
    """What can stand between two places of a query, the best first; ``field`` is whose values they are."""

    start: int
    end: int
    words: tuple[str, ...]
    field: str = ""

    def accepted(self, text: str) -> tuple[str, int]:
        """Return ``text`` with the first of them in its place, and where the cursor is then."""
        word = self.words[0]
        if self.field:
            word = word if _BARE.fullmatch(word) else quoted(word)
            word += " " if self.end == len(text) else ""
        return text[: self.start] + word + text[self.end :], self.start + len(word)


class Names:
    """The names that there are for each field, the most likely first, to be found by the beginning of a word."""

    def __init__(self, names: Mapping[str, Sequence[str]]) -> None:
        self.are_read = bool(names)
        """Whether they are those of the index, or are on their way."""
        self._names = {field: [(f" {fold(name)}", name) for name in names.get(field, ())] for field in FIELDS}
        for field, words in _FIXED.items():
            self._names[field] = [(f" {word}", word) for word in words]

    def beginning(self, field: str, start: str) -> tuple[str, ...]:
        """Return the names of a field that begin with ``start``, then those in which a later word does."""
        wanted = f" {fold(start)}"
        first: list[str] = []
        later: list[str] = []
        for key, name in self._names[field]:
            if key.startswith(wanted):
                first.append(name)
                if len(first) == MOST:
                    break
            elif len(later) < MOST and wanted in key:
                later.append(name)
        return tuple([*first, *later][:MOST])


def candidates(text: str, cursor: int, names: Names) -> Candidates | None:
    """Return what the word before the cursor can become; ``None`` if nothing can be said about it.

    Takes time in proportion to the length of the text and the number of names.
    """
    place = _word_at(text, cursor)
    if place is None:
        return None
    field, start = place
    typed = text[start:cursor].lstrip('"')
    if field:
        found = names.beginning(field, typed)
        complete = len(found) == 1 and found[0].casefold() == typed.casefold()
        return Candidates(start, cursor, found, field) if found and not complete else None
    if len(typed) < _LEAST or not typed.isalpha() or not typed.islower():
        return None
    fields = tuple(f"{name}:" for name in FIELDS if name.startswith(typed))
    return Candidates(start, cursor, fields) if fields else None


def _word_at(text: str, cursor: int) -> tuple[str, int] | None:
    """Return the field whose value ends at the cursor (empty for a word), and where it begins; ``None`` in a phrase."""
    if cursor < len(text) and not (text[cursor].isspace() or text[cursor] in "),"):
        return None  # in the middle of a word
    groups = [""]  # the fields of the parentheses around
    field, start = "", 0
    has_begun = False
    for match in _TOKEN.finditer(text, 0, cursor):
        part = match[0]
        if not has_begun:
            field, start = groups[-1], match.start()
        if part == "(":
            groups.append(field)
        elif part == ")":
            del groups[max(1, len(groups) - 1) :]
        if part.isspace() or part in {"(", ")"} or (part == "-" and not has_begun):
            has_begun = has_begun and part == "-"
            continue
        if part[0] == '"' and (len(part) == 1 or part[-1] != '"'):
            return (field, match.start()) if field in _COMPLETED else None
        if not has_begun and part[-1] == ":" and part[:-1].lower() in FIELDS:
            field, start = part[:-1].lower(), match.end()
        elif part == "," and field in _COMPLETED:
            start = match.end()
        has_begun = True
    if not has_begun:
        return (groups[-1], cursor) if groups[-1] in _COMPLETED and text[:cursor].endswith("(") else None
    return (field, start) if not field or field in _COMPLETED else None


_COMPLETED = frozenset({"provider", *NAME_FIELDS, *_FIXED})
