"""The fields of search expressions: their values, and what is meant by wrong ones."""

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
    all_of,
)
from tui_reader.model.expression_dates import age_seconds, date_value

FIELDS = (*TEXT_FIELDS, *NAME_FIELDS, *NUMBER_FIELDS, "date", "before", "after", "age", "in", *STATES)
"""All fields that can be typed."""

Place = tuple[int, int]
"""Where something is in a query: its start and its end."""

# What other programs call our fields.
_ELSEWHERE = {
    "subject": "title",
    "intitle": "title",
    "body": "text",
    "content": "text",
    "from": "provider",
    "site": "provider",
    "publisher": "provider",
    "feed": "source",
    "label": "tag",
    "since": "after",
    "newer": "after",
    "until": "before",
    "older": "before",
    "published": "date",
    "created": "date",
    "score": "heat",
    "by": "provider",
    "author": "provider",
    "domain": "provider",
}
# What is no part of a search here, and how it is chosen.
_INSTEAD = {
    **dict.fromkeys(("sort", "order"), "an order is no part of a search: choose it for the list, or with --sort"),
    "window": "a window is no part of a search: choose it for the list, or with --window, or search by age:",
    "view": "a view is no part of a search: choose it in the sidebar, or with --view",
}
_WANTED = {
    "title": "words, such as title:outage or title:\"data centre\"",
    "text": "words, such as text:outage or text:\"data centre\"",
    "provider": "a name, such as provider:reuters or provider:\"The Verge\"",
    "source": "the title of a source or a part of its address, such as source:\"BBC News\"",
    "folder": "the name of a folder of sources, such as folder:News",
    "topic": "the name of a topic, such as topic:Security",
    "tag": "a tag, such as tag:later",
    "note": "words of a note, such as note:recipe",
    "lead": "the provider that leads the story, such as lead:reuters",
    "heat": "a number, such as heat:>100 or heat:50..100",
    "quality": "a number, such as quality:>=50 or quality:20..80",
    "related": "a number of articles, such as related:>5",
    "date": "a year, month or day, such as date:2021-06 or date:2021-06-15..2021-06-20",
    "before": "a year, month, day or age, such as before:2021-08 or before:2w",
    "after": "a year, month, day or age, such as after:2021-06-15 or after:2w",
    "age": "an age in hours, days, weeks, months or years, such as age:<3d",
    "in": "title, text or provider, such as in:title",
}  # fmt: skip
_COMPARISON = re.compile(r"(>=|<=|>|<|=)?(.*)", re.DOTALL)
_NUMBER = re.compile(r"-?\d+", re.ASCII)
_DIGITS = 9
_LONGEST_SHOWN = 30  # characters of a wrong value
_OPEN = "*"  # stands for no limit in a range
_RANGE = ".."


def instead_of_field(name: str) -> str:
    """Return what does what is meant by something that looks like a field; empty if it is text."""
    if name in _INSTEAD:
        return _INSTEAD[name]
    near = _near_field(name)
    return f"there is no field ‘{name}:’: did you mean ‘{near}:’?" if near else ""


def _near_field(name: str) -> str:
    """Return the field that is meant by one that does not exist; empty if that may be text."""
    if name in _ELSEWHERE:
        return _ELSEWHERE[name]
    return next((field for field in FIELDS if _is_misspelt(name, field)), "")


def _is_misspelt(name: str, field: str) -> bool:
    """Whether a name is a field in the plural, or of a longer one has a letter that is missing, wrong, swapped or new.

    The first letter has to be right: ``page`` is no ``age``.
    """
    if name == f"{field}s":
        return True
    if len(field) < 4 or abs(len(name) - len(field)) > 1 or name[:1] != field[0]:
        return False
    start = next((n for n, pair in enumerate(zip(name, field, strict=False)) if pair[0] != pair[1]), len(name))
    rest, other = name[start:], field[start:]
    is_swapped = rest[:2] == other[:2][::-1] and rest[2:] == other[2:]
    return rest[1:] == other or rest == other[1:] or rest[1:] == other[1:] or is_swapped


def value_wanted(field: str, value: str = "") -> str:
    """Return a sentence that says which values a field takes, and what is meant by ``value``."""
    value = value if len(value) <= _LONGEST_SHOWN else f"{value[:_LONGEST_SHOWN]}…"
    if field not in STATES:
        return f"{field}: takes {_WANTED[field]}{f', not ‘{value}’' if value else ''}"
    *others, last = STATES[field]
    said = f"{field}: takes {', '.join(others)} or {last}"
    if value:
        from tui_reader.model.near_names import nearest

        near = nearest(value, STATES[field])
        said += f", not ‘{value}’" + (f": did you mean {field}:{near}?" if near else "")
    return said


# -- values ----------------------------------------------------------------------


def name_field(field: str, value: str, place: Place) -> Expression:
    """Return the condition that a name is meant by ``value``."""
    name = " ".join(value.replace('"', " ").split())
    if not name:
        raise QueryError(value_wanted(field), *place)
    return Field(field, "=", name)


def state_field(field: str, value: str, place: Place) -> Expression:
    """Return the condition of an ``is:`` or ``has:``."""
    word = value.lower()
    if word not in STATES[field]:
        raise QueryError(value_wanted(field, value), *place)
    return Field(field, "=", word)


def number_field(field: str, value: str, place: Place) -> Expression:
    """Return the comparison with a whole number, or with the ends of a range."""

    def number(text: str) -> str | None:
        return text if _NUMBER.fullmatch(text) and len(text.lstrip("-")) <= _DIGITS else None

    return _compared(field, value, place, number, lambda first, last: int(first) > int(last))


def date_field(field: str, value: str, place: Place) -> Expression:
    """Return the comparison with a date, or with the ends of a range."""
    return _compared(field, value, place, date_value, _is_later)


def age_field(field: str, value: str, place: Place) -> Expression:
    """Return the comparison with an age; a plain one is the greatest."""

    def is_older(first: str, last: str) -> bool:
        return (age_seconds(first) or 0) > (age_seconds(last) or 0)

    found = _compared(field, value, place, _age, is_older)
    is_plain = isinstance(found, Field) and found.operator == "="
    return Field(field, "<=", found.value) if is_plain and isinstance(found, Field) else found


def moment_field(field: str, value: str, place: Place) -> Expression:
    """Return the condition of ``before:`` or ``after:``, whose values are dates or ages."""
    text = value.strip()
    if date := date_value(text):
        return Field("date", "<" if field == "before" else ">=", date)
    if age := _age(text):
        return Field("age", ">" if field == "before" else "<=", age)
    raise QueryError(value_wanted(field, value), *place)


def _is_later(first: str, last: str) -> bool:
    """Whether a date is later than another, as far as both say it: June 2020 is not later than 2020."""
    length = min(len(first), len(last))
    return first[:length] > last[:length]


def _age(text: str) -> str | None:
    return None if age_seconds(text) is None else text


def _compared(
    field: str,
    value: str,
    place: Place,
    normal: Callable[[str], str | None],
    is_reversed: Callable[[str, str], bool],
) -> Expression:
    """Return a comparison; ``normal`` returns a number or date as expressions have it, ``None`` for what is none.

    ``is_reversed`` tells whether a range, by its ends, has nothing in it.
    """
    text = value.strip()
    first, separator, last = text.partition(_RANGE)
    if separator:
        ends = [(">=", first), ("<=", last)]
        parts = [(operator, normal(end)) for operator, end in ends if end not in {"", _OPEN}]
    else:
        match = _COMPARISON.fullmatch(text)
        operator, rest = match.groups() if match else ("", "")
        parts = [(operator or "=", normal(rest.strip()))]
    found = [Field(field, operator, end) for operator, end in parts if end is not None]
    if not found or len(found) < len(parts):
        raise QueryError(value_wanted(field, value), *place)
    if len(found) == 2 and is_reversed(*(each.value for each in found)):
        raise QueryError(f"{field}: has its ends in the wrong order: {field}:{last}{_RANGE}{first}", *place)
    return all_of(found)
