"""Search expressions: what a query means, as a tree of words, fields and the operators between them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TypeAlias

from tui_reader.model.words import WORD

TEXT_FIELDS = ("title", "text", "provider")
"""The fields whose values are words and phrases."""

NAME_FIELDS = ("source", "folder", "topic", "tag", "note", "lead")
"""The fields whose values are names."""

NUMBER_FIELDS = ("heat", "quality", "related")
"""The fields whose values are whole numbers."""

STATES = {
    "is": ("unread", "read", "saved", "folded", "lead"),
    "has": ("image", "audio", "video", "text", "tag", "note"),
}
"""The fields whose values are words of a list, with that list."""

_HOST = re.compile(r"(?:[\w-]+\.)+[\w-]+")
_BARE = re.compile(r'(?!-)[^\s"(),]+')  # a name that needs no quotes


@dataclass(frozen=True, slots=True)
class Text:
    """Words to look for: each the beginning of a word, or as a ``phrase`` all of them whole and together.

    ``field`` is one of :data:`TEXT_FIELDS`, or empty for all texts of an article.
    """

    text: str
    field: str = ""
    phrase: bool = False


@dataclass(frozen=True, slots=True)
class Field:
    """A condition on something else than texts.

    ``operator`` is one of ``= < <= > >=``. ``value`` is as it is typed: a
    number, a date such as ``2021``, ``2021-06`` or ``2021-06-15``, an age such
    as ``3d``, a name, or a word of :data:`STATES`.
    """

    name: str
    operator: str
    value: str


@dataclass(frozen=True, slots=True)
class Not:
    """The articles that ``part`` does not find."""

    part: Expression


@dataclass(frozen=True, slots=True)
class And:
    """The articles that all parts find; none of them is an :class:`And` itself."""

    parts: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Or:
    """The articles that any of the parts finds; none of them is an :class:`Or` itself."""

    parts: tuple[Expression, ...]


Expression: TypeAlias = And | Or | Not | Text | Field


def all_of(parts: Iterable[Expression]) -> Expression:
    """Return an expression for what all ``parts`` find, of which there is at least one."""
    every: list[Expression] = []
    for part in parts:
        every.extend(part.parts if isinstance(part, And) else [part])
    return And(tuple(every)) if len(every) > 1 else every[0]


def any_of(parts: Iterable[Expression]) -> Expression:
    """Return an expression for what any of ``parts`` finds, of which there is at least one."""
    every: list[Expression] = []
    for part in parts:
        every.extend(part.parts if isinstance(part, Or) else [part])
    return Or(tuple(every)) if len(every) > 1 else every[0]


def none_of(part: Expression) -> Expression:
    """Return an expression for what ``part`` does not find."""
    return part.part if isinstance(part, Not) else Not(part)


def map_leaves(expression: Expression, change: Callable[[Text | Field], Expression]) -> Expression:
    """Return ``expression`` with what ``change`` returns for each word, phrase and field."""
    match expression:
        case And(parts):
            return all_of([map_leaves(part, change) for part in parts])
        case Or(parts):
            return any_of([map_leaves(part, change) for part in parts])
        case Not(part):
            return none_of(map_leaves(part, change))
    return change(expression)


def leaves(expression: Expression) -> list[Text | Field]:
    """Return all words, phrases and fields of an expression, in their order."""
    match expression:
        case And(parts) | Or(parts):
            return [leaf for part in parts for leaf in leaves(part)]
        case Not(part):
            return leaves(part)
    return [expression]


def is_host(text: str) -> bool:
    """Whether a provider may be named by this domain."""
    return bool(_HOST.fullmatch(text))


def provider_terms(name: str) -> list[Text]:
    """Return what finds the articles of a provider: its domain, or the words of its name; nothing without a word."""
    return [Text(word, "provider") for word in ([name] if is_host(name) else WORD.findall(name))]


def positive_terms(expression: Expression | None) -> list[Text]:
    """Return the words and phrases that an article is found for, and not those that must not be in it."""
    match expression:
        case And(parts) | Or(parts):
            return [term for part in parts for term in positive_terms(part)]
        case Not(part):
            return _excluded_terms(part)
        case Text():
            return [expression]
    return []


def _excluded_terms(expression: Expression) -> list[Text]:
    """Return the terms that are excluded twice, as the word in ``-(rust -game)`` after the second minus is."""
    match expression:
        case And(parts) | Or(parts):
            return [term for part in parts for term in _excluded_terms(part)]
        case Not(part):
            return positive_terms(part)
    return []


def to_text(expression: Expression) -> str:
    """Return a query that means ``expression``: parsed, it is the same expression again."""
    match expression:
        case And(parts):
            return " ".join(f"({to_text(part)})" if isinstance(part, Or) else to_text(part) for part in parts)
        case Or(parts):
            return " OR ".join(to_text(part) for part in parts)
        case Not(part):
            return f"-({to_text(part)})" if isinstance(part, And | Or) else f"-{to_text(part)}"
        case Text(text, field, phrase):
            return f"{field}{':' if field else ''}{quoted(text) if phrase else text}"
        case Field("date", "<" | ">=" as operator, value):
            return f"{'before' if operator == '<' else 'after'}:{value}"  # as people write it
        case Field(name, operator, value):
            is_bare = name in NUMBER_FIELDS or _BARE.fullmatch(value)
            return f"{name}:{operator.removeprefix('=')}{value if is_bare else quoted(value)}"


def quoted(text: str) -> str:
    """Return a text in quotes, without those that it has itself."""
    return '"' + text.replace('"', " ").strip() + '"'
