"""Smart views, queries that the user keeps under a name, read from and written to ``views.toml``."""

from __future__ import annotations

from collections.abc import Container, Iterable, Sequence
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypedDict, TypeVar, Unpack

from tui_reader.config import parse_toml, read_text, with_lines
from tui_reader.errors import UsageError
from tui_reader.model.near_names import did_you_mean, near_names
from tui_reader.model.query import Query, Sort, Window
from tui_reader.model.text import visible
from tui_reader.named_tuple import NamedTuple

if TYPE_CHECKING:
    from tomlkit.items import Table

    from tui_reader.config.toml_lines import KeyPath

MAX_VIEWS = 100
"""Views in the file: the stories of each are counted."""

MAX_NAME = 60
"""Characters of a name."""

_ARRAY = "view"  # the views are [[view]] tables
_KEYS = ("name", "query", "sort", "window")
_SHORT = 40  # characters of a query in which no place has to be named

Choice = TypeVar("Choice", bound=StrEnum)


class SmartView(NamedTuple):
    """A query under a name.

    ``sort`` and ``window`` are fixed for the view, or ``None`` for those that
    are chosen in the reader. ``problem`` says in a sentence, with the file and
    the line, why the view cannot be listed; empty if it can.
    """

    name: str
    query: str
    sort: Sort | None = None
    window: Window | None = None
    problem: str = ""

    def apply(self, query: Query) -> Query:
        """Return the query for the stories of the view, for all else as ``query`` lists."""
        window = self.window or query.window
        return query._replace(within=self.query, sort=self.sort or query.sort, window=window)


class ViewChanges(TypedDict, total=False):
    """The fields that :func:`change_view` accepts; see :class:`SmartView`."""

    name: str
    query: str
    sort: Sort | None
    window: Window | None


def load_views(path: Path) -> tuple[SmartView, ...]:
    """Return the views in the file at ``path``, in order; none where there is no file.

    One that is not valid has a :attr:`~SmartView.problem`, and the others work.
    Raises :class:`UsageError` if the file cannot be read as views at all.
    """
    text = read_text(path)
    items = _items(text, path)
    views: list[SmartView] = []
    wrong: dict[int, _WrongView] = {}
    taken: set[str] = set()
    for number, item in enumerate(items):
        try:
            views.append(_view(item, taken))
        except _WrongView as error:
            views.append(_without_rest(item, number))
            wrong[number] = error
        taken.add(views[-1].name.casefold())
    for mistake in with_lines(text, [((_ARRAY, number, error.key), str(error)) for number, error in wrong.items()]):
        number = int(mistake.path[1])
        views[number] = views[number]._replace(problem=mistake.at(path.name))
    return tuple(views)


def find_view(views: Sequence[SmartView], name: str) -> SmartView:
    """Return the view called ``name``, in any case. Raises :class:`UsageError` if there is none, or one with a problem.

    The first one counts if two have the name.
    """
    key = name.strip().casefold()
    found = next((view for view in views if view.name.casefold() == key), None)
    if found is None:
        near = near_names([view.name for view in views], name)
        names = near or [view.name for view in views]
        rest = f"did you mean {' or '.join(f'‘{each}’' for each in names[:3])}?" if names else "views.toml has none yet"
        raise UsageError(f"there is no view ‘{visible(name)}’: {rest}")
    if found.problem:
        raise UsageError(found.problem)
    return found


def check_new(view: SmartView, views: Sequence[SmartView]) -> None:
    """Raise :class:`UsageError` if a view cannot be added to ``views``."""
    if len(views) >= MAX_VIEWS:
        raise UsageError(f"there are {MAX_VIEWS} views already: delete one first")
    _check(view, views)


def check_query(query: str) -> None:
    """Raise :class:`UsageError` if a query cannot be that of a view."""
    if problem := _query_problem(query):
        raise UsageError(problem)


# -- changing the file -------------------------------------------------------------------


def add_view(path: Path, view: SmartView) -> None:
    """Add a view after the others.

    Raises :class:`UsageError` if the view or the file is not valid, and
    :class:`OSError` where the file cannot be written.
    """
    from tui_reader.subscriptions.toml_file import append_table, edit_tables

    with edit_tables(path, _ARRAY) as tables:
        check_new(view, load_views(path))
        fields = {key: str(value) for key in _KEYS if (value := getattr(view, key))}
        append_table(tables, fields)


def change_view(path: Path, name: str, /, **changes: Unpack[ViewChanges]) -> SmartView:
    """Change fields of a view and return the result. Raises as :func:`add_view`."""
    from tui_reader.subscriptions.toml_file import edit_tables

    with edit_tables(path, _ARRAY) as tables:
        views = load_views(path)
        index = _index_of(views, name)
        view = views[index]._replace(**changes, problem="")
        _check(view, [*views[:index], *views[index + 1 :]])
        _update_table(tables[index], changes)
    return view


def remove_view(path: Path, name: str) -> None:
    """Remove a view; comments around it stay. Raises as :func:`add_view`."""
    from tui_reader.subscriptions.toml_blocks import remove_table

    remove_table(path, _ARRAY, _index_of(load_views(path), name))


def move_view(path: Path, name: str, by: int) -> bool:
    """Move a view up (-1) or down (1) with its comments; return whether it moved. Raises as :func:`add_view`."""
    from tui_reader.subscriptions.toml_blocks import move_table

    views = load_views(path)
    index = _index_of(views, name)
    to = index + by
    if not 0 <= to < len(views):
        return False
    move_table(path, _ARRAY, index, to)
    return True


def _index_of(views: Sequence[SmartView], name: str) -> int:
    """Return which view has a name. Raises :class:`UsageError` if none has it, or two: nobody knows which is meant."""
    found = [index for index, view in enumerate(views) if view.name == name]
    if not found:
        raise UsageError(f"there is no view ‘{name}’ any more: views.toml was changed meanwhile")
    if len(found) > 1:
        raise UsageError(f"{len(found)} views are called ‘{name}’: give the others another name in views.toml first")
    return found[0]


def _check(view: SmartView, others: Iterable[SmartView]) -> None:
    """Raise :class:`UsageError` for a view that is not valid beside ``others``."""
    if not view.name.strip():
        raise UsageError("a view needs a name")
    if len(view.name) > MAX_NAME:
        raise UsageError(f"the name of a view has at most {MAX_NAME} characters")
    if any(other.name.casefold() == view.name.casefold() for other in others):
        raise UsageError(f"there is a view called ‘{view.name}’ already")
    check_query(view.query)


def _update_table(table: Table, changes: ViewChanges) -> None:
    for key, value in changes.items():
        if value:
            table[key] = str(value)
        else:
            table.pop(key, None)


# -- reading -----------------------------------------------------------------------------


class _WrongView(UsageError):
    """What is wrong with a view, and the key that it is about."""

    def __init__(self, message: str, key: str = "name") -> None:
        super().__init__(message)
        self.key = key


def _items(text: str, path: Path) -> list[object]:
    """Return the tables of a file. Raises :class:`UsageError` if it has no list of views."""
    raw = parse_toml(text, path)
    wrong: list[tuple[KeyPath, str]] = [((name,), _unknown_at_top(name)) for name in raw.keys() - {_ARRAY}]
    items = raw.get(_ARRAY, [])
    if not isinstance(items, list):
        wrong.append(((_ARRAY,), "put each view under a [[view]] line of its own"))
    elif len(items) > MAX_VIEWS:
        wrong.append(((_ARRAY, MAX_VIEWS), f"there are {len(items):,} views: keep at most {MAX_VIEWS}"))
    if wrong:
        raise UsageError("\n".join(mistake.at(path) for mistake in with_lines(text, wrong)))
    return list(items)


def _unknown_at_top(name: str) -> str:
    if name in _KEYS:
        return f"unknown setting {_quoted(name)}: it belongs below a [[view]] line"
    return f"unknown setting {_quoted(name)}: put each view under a [[view]] line"


def _quoted(name: str) -> str:
    return f"‘{visible(name[:MAX_NAME])}’"


def _name(item: object) -> str:
    """Return the name of a view, cleaned; empty if it has none."""
    name = item.get("name") if isinstance(item, dict) else None
    return visible(name).strip() if isinstance(name, str) else ""


def _without_rest(item: object, number: int) -> SmartView:
    """Return what can be shown of a view that is not valid."""
    query = item.get("query") if isinstance(item, dict) and _name(item) else None
    return SmartView(_name(item)[:MAX_NAME] or f"view {number + 1}", query if isinstance(query, str) else "")


def _view(item: object, taken: Container[str]) -> SmartView:
    """Return a view. Raises :class:`_WrongView` for one that is not valid, or whose name is ``taken``."""
    name = _name(item)
    if not isinstance(item, dict) or not name:
        raise _WrongView('every [[view]] needs a line like  name = "Kernel"')
    place = f"view {_quoted(name)}"
    if len(name) > MAX_NAME:
        raise _WrongView(f"{place}: a name has at most {MAX_NAME} characters")
    if unknown := sorted(item.keys() - set(_KEYS)):
        meant = did_you_mean(unknown[0], _KEYS, f"use {', '.join(_KEYS)}")
        raise _WrongView(f"{place} has an unknown line {_quoted(unknown[0])}{meant}", unknown[0])
    query = item.get("query")
    if not isinstance(query, str):
        raise _WrongView(f'{place} needs a line like  query = "title:kernel is:unread"', "query")
    if problem := _query_problem(query):
        raise _WrongView(f"{place}: {problem}", "query")
    sort, window = _choice(Sort, item, "sort", place), _choice(Window, item, "window", place)
    if name.casefold() in taken:
        raise _WrongView(f"two views are called {_quoted(name)}: give one of them another name")
    return SmartView(name, query, sort, window)


def _choice(kind: type[Choice], item: dict[str, Any], key: str, place: str) -> Choice | None:
    value = item.get(key)
    if value is None:
        return None
    names = [str(each) for each in kind]
    if value not in names:
        meant = did_you_mean(value, names) if isinstance(value, str) else ""
        raise _WrongView(f"{place}: {key} must be one of {', '.join(map(repr, names))}{meant}", key)
    return kind(value)


def _query_problem(query: str) -> str:
    """Return what is wrong with a query; empty if it can be read."""
    from tui_reader.errors import QueryError
    from tui_reader.model.expression_parser import parse

    try:
        return "" if parse(query) is not None else "the query is empty"
    except QueryError as error:
        # A short one is seen at a glance: its line is told, or it was just typed.
        return str(error) if len(query) <= _SHORT else f"{error}, in ‘{_around(query, error.start, error.end)}’"


def _around(query: str, start: int, end: int) -> str:
    """Return the part of a query with a mistake, with a little of what is around it."""
    first, last = max(0, start - 20), min(len(query), end + 20)
    return ("…" if first else "") + visible(query[first:last]) + ("…" if last < len(query) else "")
