"""Says which names in a search nothing has, and which are spelled like them."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterable, Mapping, Sequence

from tui_reader.errors import QueryError
from tui_reader.model.expression import And, Expression, Field, Or, Text, all_of, provider_terms, to_text
from tui_reader.model.expression_parser import parse
from tui_reader.model.folding import fold
from tui_reader.model.near_names import near_names
from tui_reader.model.text import visible

_FIELDS = ("provider", "lead", "tag")  # for a topic, a source or a folder that there is not, there is an error
_LEAST_WORD = 3  # letters of a word of a name by which the whole name is found
_ALIKE = 0.6  # of 1: there are many names
_LONGEST = 60  # characters of a name that is quoted
_SPECIAL = {"provider": "there is no provider", "lead": "there is no provider", "tag": "nothing has the tag"}


def unknown_names(
    text: str, matching: Callable[[str], array[int]], names: Callable[[], Mapping[str, Sequence[str]]]
) -> list[str]:
    """Return a sentence for each provider and tag in a query that finds nothing, with those that may be meant.

    ``matching`` returns the articles that a query finds; ``names`` the names
    that there are, by field. What is excluded has to be nowhere, so it is
    left out.
    """
    try:
        expression = parse(text)
    except QueryError:
        return []
    found: dict[str, None] = {}
    for field, value, part in _named(expression):
        if matching(to_text(part)):
            continue
        terms = provider_terms(value) if field == "lead" else []
        if terms and matching(to_text(all_of(terms))):
            quoted = f'"{value}"' if " " in value else value
            found[f"‘{_short(value)}’ leads no story: provider:{quoted} finds what it tells"] = None
        else:
            near = _near(names()["provider" if field == "lead" else field], value)
            meant = f": did you mean {' or '.join(f'‘{name}’' for name in near)}?" if near else ""
            found[f"{_SPECIAL[field]} ‘{_short(value)}’{meant}"] = None
    return list(found)


def _named(expression: Expression | None) -> Iterable[tuple[str, str, Expression]]:
    """Yield the fields whose values are names, each with its value and the condition."""
    match expression:
        case And(parts) | Or(parts):
            for part in parts:
                yield from _named(part)
        case Text(text, field) if field in _FIELDS:
            yield field, text, expression
        case Field(name, _, value) if name in _FIELDS:
            yield name, value, expression


def _near(names: Sequence[str], wanted: str) -> list[str]:
    """Return up to three names that are spelled like ``wanted``, or have a word that is."""
    by_key: dict[str, str] = {}
    for name in names:
        by_key.setdefault(fold(name), name)
        for word in fold(name).split():
            if len(word) >= _LEAST_WORD:
                by_key.setdefault(word, name)
    return list(dict.fromkeys(visible(by_key[key]) for key in near_names(by_key, fold(wanted)[:_LONGEST], _ALIKE)))


def _short(value: str) -> str:
    value = visible(value)
    return value if len(value) <= _LONGEST else f"{value[:_LONGEST]}…"
