"""Parses what is typed into the search: words, phrases, fields, AND, OR, NOT and parentheses."""

from __future__ import annotations

import re
from collections.abc import Callable

from tui_reader.errors import QueryError
from tui_reader.model.expression import (
    NAME_FIELDS,
    NUMBER_FIELDS,
    STATES,
    TEXT_FIELDS,
    Expression,
    Field,
    Text,
    all_of,
    any_of,
    map_leaves,
    none_of,
)
from tui_reader.model.expression_fields import (
    FIELDS,
    age_field,
    date_field,
    instead_of_field,
    moment_field,
    name_field,
    number_field,
    state_field,
    value_wanted,
)
from tui_reader.model.words import WORD

MAX_LENGTH = 4000
"""Characters of a query."""

MAX_TERMS = 100
"""Words, phrases and fields of a query."""

MAX_DEPTH = 20
"""Parentheses inside each other."""

_OPERATOR = re.compile(r"(AND|OR|NOT)(?=[\s()]|$)")
_NAME = re.compile(r"([A-Za-z]+):(?!//)")
_SPACE = re.compile(r"\s*")
_SPLIT = re.compile(r'[()"]')
# A list of values is separated by commas; in a title, a comma is text.
_LISTS = {"provider", *NAME_FIELDS, *STATES, "in"}
# Text from a terminal may have characters that no text can be stored with.
_SURROGATE = re.compile("[\ud800-\udfff]")


def parse(text: str) -> Expression | None:
    """Return what a query means, or ``None`` if nothing was typed.

    Takes time in proportion to the length of the text, which is limited.
    Raises :class:`QueryError`, which says where the mistake is.
    """
    if not text.strip():
        return None
    if len(text) > MAX_LENGTH:
        message = f"a search has at most {MAX_LENGTH:,} characters, and this one has {len(text):,}"
        raise QueryError(message, MAX_LENGTH, len(text))
    found = _Parser(_SURROGATE.sub("\ufffd", text)).expression()
    if found is None:
        raise QueryError("there is no word to search for", 0, len(text))
    return found


class _Group:
    """The terms between parentheses, or the whole query: the field that they are values of, and their ``in:``."""

    def __init__(self, field: str = "", start: int | None = None) -> None:
        self.field = field
        self.start = start
        """Where its parenthesis is, ``None`` for the whole query."""
        self.within: tuple[str, ...] = ()
        self.within_at = (0, 0)


class _Parser:
    """Reads one query from left to right."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0
        self._depth = 0
        self._terms = 0

    def expression(self) -> Expression | None:
        return self._either(_Group())

    # -- operators -------------------------------------------------------------

    def _either(self, group: _Group) -> Expression | None:
        """Read alternatives up to the end of the group."""
        found: list[Expression] = []
        pending: tuple[int, int] | None = None  # the OR before this alternative
        while True:
            part, is_there = self._all(group)
            operator = self._operator()
            if not is_there and pending:
                raise QueryError("OR needs something after it", *pending)
            if not is_there and operator:
                raise QueryError("OR needs something before it", self._at - len(operator), self._at)
            if not is_there and group.start is not None and self._at < len(self._text):
                raise QueryError("there is nothing between these parentheses", group.start, self._at + 1)
            if part is not None:
                found.append(part)
            if not operator:
                break
            pending = (self._at - len(operator), self._at)
        expression = any_of(found) if found else None
        return self._restricted(expression, group)

    def _all(self, group: _Group) -> tuple[Expression | None, bool]:
        """Read what must be found together; return it and whether anything was there, if only a dash."""
        found: list[Expression] = []
        is_there = False
        negated = False
        pending: tuple[int, int] | None = None  # the AND or NOT before the next term
        while not self._is_at_end(group):
            if match := _OPERATOR.match(self._text, self._at):
                if match[1] == "OR":
                    break
                if match[1] == "AND" and (not is_there or pending):
                    raise QueryError("AND needs something before it", *match.span())
                negated ^= match[1] == "NOT"
                pending = match.span()
                self._at = match.end()
                continue
            term = self._term(group)
            if term is not None:
                found.append(none_of(term) if negated else term)
            is_there, negated, pending = True, False, None
        if pending:
            raise QueryError(f"{self._text[slice(*pending)]} needs something after it", *pending)
        return (all_of(found) if found else None), is_there

    def _operator(self) -> str:
        """Read an OR."""
        match = _OPERATOR.match(self._text, self._at)
        if match is None or match[1] != "OR":
            return ""
        self._at = match.end()
        return match[1]

    def _is_at_end(self, group: _Group) -> bool:
        """Skip spaces, and return whether the group ends here."""
        match = _SPACE.match(self._text, self._at)
        self._at = match.end() if match else self._at
        if self._at == len(self._text):
            return True
        return group.start is not None and self._text[self._at] == ")"

    def _restricted(self, expression: Expression | None, group: _Group) -> Expression | None:
        """Apply the ``in:`` of a group to its words without a field."""
        if not group.within:
            return expression
        restricted = False

        def restrict(leaf: Text | Field) -> Expression:
            nonlocal restricted
            if not isinstance(leaf, Text) or leaf.field:
                return leaf
            restricted = True
            return any_of([_in_field(leaf, field) for field in group.within])

        changed = None if expression is None else map_leaves(expression, restrict)
        if not restricted:
            raise QueryError("in: needs a word to look for, such as outage in:title", *group.within_at)
        return changed

    # -- terms -----------------------------------------------------------------

    def _term(self, group: _Group) -> Expression | None:
        """Read one word, phrase, field or group; return ``None`` if there is no word in it."""
        text, start = self._text, self._at
        if text[start] == "-" and start + 1 < len(text) and not text[start + 1].isspace():
            self._at += 1
            if self._text[self._at] == ")":
                return None
            term = self._positive(group, start)
            return None if term is None else none_of(term)
        return self._positive(group, None)

    def _positive(self, group: _Group, minus: int | None) -> Expression | None:
        """Read a term behind its minus, which is at ``minus``."""
        character = self._text[self._at]
        if character == "(":
            return self._group(group.field)
        if group.field in _LISTS and not self._begins_field():
            return self._values(group.field)
        start = self._at
        if character == '"':
            return self._leaf(group.field, self._phrase(), start, is_quoted=True)
        if (match := _NAME.match(self._text, self._at)) and (field := self._field_name(match)):
            if group.field:
                message = f"{field}: cannot stand in the values of {group.field}:"
                raise QueryError(message, *match.span())
            self._at = match.end()
            if field == "in":
                self._within(group, match.start(), is_negated=minus is not None)
                return None
            return self._value(field, match.start())
        return self._leaf(group.field, self._word(commas=False), start, is_quoted=False)

    def _group(self, field: str) -> Expression | None:
        """Read what is between parentheses."""
        start = self._at
        self._depth += 1
        if self._depth > MAX_DEPTH:
            message = f"a search has at most {MAX_DEPTH} parentheses inside each other"
            raise QueryError(message, start, start + 1)
        self._at += 1
        inner = _Group(field, start)
        found = self._either(inner)
        if self._at == len(self._text):
            raise QueryError("this parenthesis is not closed", start, start + 1)
        self._at += 1
        self._depth -= 1
        return found

    def _phrase(self) -> str:
        """Read a text in quotes; the last one need not be closed."""
        end = self._text.find('"', self._at + 1)
        end = len(self._text) if end < 0 else end
        phrase = self._text[self._at + 1 : end]
        self._at = min(end + 1, len(self._text))
        return " ".join(phrase.split())

    def _word(self, *, commas: bool) -> str:
        """Read up to a space, to the end of the group, or if ``commas`` separate values to the next one."""
        start = self._at
        inside = 0  # parentheses that belong to the word, as in f(x)
        while self._at < len(self._text):
            character = self._text[self._at]
            if character.isspace() or (commas and character == ","):
                break
            if character == "(":
                inside += 1
            elif character == ")":
                if not inside and self._depth:
                    break
                inside = max(0, inside - 1)
            self._at += 1
        return self._text[start : self._at]

    # -- fields ----------------------------------------------------------------

    def _field_name(self, match: re.Match[str]) -> str:
        """Return the field that begins here; empty if this is text, such as ``10:30`` or ``Update: all is well``."""
        name, end = match[1], match.end()
        lower = name.lower()
        has_value = end < len(self._text) and not self._text[end].isspace()
        if lower in FIELDS:
            # A title may well begin with “Heat: ”.
            return lower if name.islower() or has_value else ""
        if has_value and name.islower() and (meant := instead_of_field(name)):
            raise QueryError(f"{meant} (in quotes it is text)", *match.span(1))
        return ""

    def _value(self, field: str, start: int) -> Expression | None:
        """Read the value of a field, which began at ``start``: one, several between commas, or a group."""
        if self._at == len(self._text) or self._text[self._at].isspace() or self._text[self._at] == ")":
            raise QueryError(value_wanted(field), start, self._at)
        if self._text[self._at] == "(":
            return self._group(field)
        return self._values(field)

    def _begins_field(self) -> bool:
        match = _NAME.match(self._text, self._at)
        return match is not None and bool(self._field_name(match))

    def _values(self, field: str) -> Expression | None:
        found = [leaf for leaf in self._items(field) if leaf is not None]
        return any_of(found) if found else None

    def _items(self, field: str) -> list[Expression | None]:
        """Read the values between commas of a field."""
        found: list[Expression | None] = []
        while True:
            at = self._at
            is_quoted = self._text[at] == '"'
            item = self._phrase() if is_quoted else self._word(commas=field in _LISTS)
            if item or not found:
                found.append(self._leaf(field, item, at, is_quoted=is_quoted))
            if field not in _LISTS or self._text[self._at : self._at + 1] != ",":
                return found
            self._at += 1
            if self._at == len(self._text) or self._text[self._at].isspace():
                return found  # the next value is still to be typed

    def _leaf(self, field: str, value: str, at: int, *, is_quoted: bool) -> Expression | None:
        """Return the expression for one value of a field, or for a word or phrase without a field."""
        self._terms += max(1, len(WORD.findall(value)))
        if self._terms > MAX_TERMS:
            message = f"a search has at most {MAX_TERMS} words and fields, and this one has more"
            raise QueryError(message, at, len(self._text))
        if not field or field in TEXT_FIELDS:
            if field and not is_quoted and value.startswith("-"):
                raise QueryError(f"put the minus before the field: -{field}:{value.lstrip('-')}", at, self._at)
            return _phrase(field, value) if is_quoted else _words(field, value)
        for fields, make in _MAKERS:
            if field in fields:
                return make(field, value, (at, self._at))
        raise AssertionError(field)

    def _within(self, group: _Group, start: int, *, is_negated: bool) -> None:
        """Read the values of ``in:``, which restricts the words of the whole group."""
        if self._at == len(self._text) or self._text[self._at].isspace() or self._text[self._at] in '()"':
            raise QueryError(value_wanted("in"), start, self._at)
        values = [value for value in self._word(commas=False).lower().split(",") if value]
        if is_negated:
            raise QueryError("in: cannot be excluded: use -title: with the word", start, self._at)
        for value in values:
            if value not in TEXT_FIELDS:
                raise QueryError(value_wanted("in", value), start, self._at)
        group.within = tuple(dict.fromkeys((*group.within, *values)))
        group.within_at = (start, self._at)


_MAKERS: tuple[tuple[tuple[str, ...], Callable[[str, str, tuple[int, int]], Expression]], ...] = (
    (NAME_FIELDS, name_field),
    (NUMBER_FIELDS, number_field),
    (tuple(STATES), state_field),
    (("date",), date_field),
    (("before", "after"), moment_field),
    (("age",), age_field),
)


def _in_field(term: Text, field: str) -> Expression:
    """Return a term without a field as one in ``field``; in some, a comma separates values."""
    if term.phrase or field not in _LISTS:
        return Text(term.text, field, term.phrase)
    return all_of([part for word in term.text.split(",") if (part := _words(field, word)) is not None])


def _phrase(field: str, text: str) -> Expression | None:
    return Text(text, field, phrase=True) if WORD.search(text) else None


def _words(field: str, text: str) -> Expression | None:
    """Return the expression for what stands between two spaces; ``None`` if it has no word."""
    found = [Text(word, field) for piece in _SPLIT.split(text) for word in _bare(piece)]
    return all_of(found) if found else None


def _bare(text: str) -> list[str]:
    """Return a word without what is around it; several words if together they would be read as a field or operator."""
    words = list(WORD.finditer(text))
    if not words:
        return []
    found = text[words[0].start() : words[-1].end()]
    match = _NAME.match(found)
    if match and (match[1].lower() in FIELDS or instead_of_field(match[1])):
        return [_lower(word[0]) for word in words]
    return [_lower(found)]


def _lower(word: str) -> str:
    """Return an operator that is to be text, such as the one in ``#OR``, as a word that is none."""
    return word.lower() if _OPERATOR.fullmatch(word) else word
