"""Filters of the user: a query, and what is done with the articles that it finds."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from typing import TYPE_CHECKING

from tui_reader.errors import UsageError
from tui_reader.model.text import clean_text
from tui_reader.named_tuple import NamedTuple

if TYPE_CHECKING:
    from tui_reader.model.expression import Field

MOST_FILTERS = 500
"""How many filters there can be: each mute is a search with every list."""

MOST_POINTS = 1000
"""How far a filter raises or lowers."""

LONGEST_QUERY = 2000
"""Characters of the query of a filter."""


_HEAT_FIELDS = frozenset({"source", "folder", "topic", "date", "has"})
"""Fields that may decide about heat: neither marks nor heat itself, and nothing that changes with the clock."""

_MARKS = frozenset({"tag", "note"})
"""What the user gave an article, and ``has:`` can ask for."""


class Action(StrEnum):
    """What a filter does with the articles that its query finds.

    ``mute`` leaves them out of every list. ``read``, ``save`` and ``tag`` are
    done once, when an article arrives. ``raise`` and ``lower`` change the
    quality of articles, and with it the heat of the stories that they lead.
    """

    MUTE = "mute"
    READ = "read"
    SAVE = "save"
    TAG = "tag"
    RAISE = "raise"
    LOWER = "lower"


ON_ARRIVAL = frozenset({Action.READ, Action.SAVE, Action.TAG})
"""What is done once to each article."""

ON_HEAT = frozenset({Action.RAISE, Action.LOWER})
"""What changes the quality of articles."""


class ArticleFilter(NamedTuple):
    """A filter. ``number`` is 0 until it is stored.

    ``argument`` is the tag, or the points as digits. ``source`` is the
    location of the only source that it is about, empty for all. One that is
    ``paused`` does nothing.
    """

    query: str
    action: Action
    argument: str = ""
    source: str = ""
    paused: bool = False
    number: int = 0

    @property
    def points(self) -> int:
        """What it adds to the quality of an article: negative for ``lower``."""
        if self.action not in ON_HEAT:
            return 0
        return int(self.argument) * (-1 if self.action is Action.LOWER else 1)

    @property
    def does(self) -> str:
        """What it does, as :func:`parse_action` reads it: ``mute``, ``tag linux``, ``raise 20``."""
        return f"{self.action} {self.argument}".strip()


def make_filter(query: str, action: Action, argument: str = "", source: str = "") -> ArticleFilter:
    """Return a filter with its parts checked. Raises :class:`UsageError`."""
    # Filters are read at every start, and seldom made.
    from tui_reader.model.expression import Field, leaves
    from tui_reader.model.expression_parser import parse
    from tui_reader.model.tags import clean_tag

    query, argument = clean_text(query), clean_text(argument)
    if len(query) > LONGEST_QUERY:
        raise UsageError(f"the query is longer than {LONGEST_QUERY:,} characters: make several filters of it")
    expression = parse(query)
    if expression is None and not source:
        raise UsageError("a filter needs a query: what should it find?")
    if action in ON_HEAT and expression is not None:
        _check_for_heat(leaf for leaf in leaves(expression) if isinstance(leaf, Field))
    if action is Action.TAG:
        if not argument:
            raise UsageError("name the tag to give, such as  tag linux")
        argument = clean_tag(argument)
    if action in ON_HEAT:
        argument = _points(argument, action)
    elif action is not Action.TAG and argument:
        raise UsageError(f"‘{action}’ takes nothing after it, but there is ‘{argument}’")
    return ArticleFilter(query, action, argument, source)


def _check_for_heat(fields: Iterable[Field]) -> None:
    """Raise :class:`UsageError` for a field that cannot decide about heat: it follows from it, or changes."""
    for name, value in ((field.name, field.value) for field in fields):
        is_mark = name == "has" and value in _MARKS
        if is_mark or name not in _HEAT_FIELDS:
            raise UsageError(
                f"‘{name}:{value if is_mark else ''}’ cannot decide about heat: a filter that raises or lowers goes by "
                "words, provider, source, folder, topic, date (before:, after:) and has:"
            )


def _points(text: str, action: Action) -> str:
    digits = text.removeprefix("+").lstrip("0")
    if not text.removeprefix("+").isascii() or not text.removeprefix("+").isdecimal() or not digits:
        raise UsageError(f"say by how many points to {action}, such as  {action} 20")
    if len(digits) > len(str(MOST_POINTS)) or int(digits) > MOST_POINTS:
        raise UsageError(f"a filter can {action} by {MOST_POINTS:,} points at most")
    return digits


def parse_action(text: str) -> tuple[Action, str]:
    """Return the action and the argument in a text such as ``tag linux``. Raises :class:`UsageError`."""
    word, _, argument = clean_text(text).partition(" ")
    try:
        return Action(word.casefold()), argument.strip()
    except ValueError:
        raise UsageError("say what to do: mute, read, save, tag NAME, raise N or lower N") from None


def points_of(filters: Iterable[ArticleFilter]) -> tuple[ArticleFilter, ...]:
    """Return the filters that change the quality of articles, in a fixed order."""
    return tuple(sorted(each for each in filters if each.action in ON_HEAT and not each.paused))
