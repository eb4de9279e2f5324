"""Where the reader was left: what was listed, the story under the cursor, and the open one; kept in a file."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tui_reader.model.query import Filter, Query, Sort, Window
from tui_reader.model.source_tree import Branch
from tui_reader.named_tuple import NamedTuple
from tui_reader.private_files import write_atomically
from tui_reader.ui.choice import Choice

if TYPE_CHECKING:
    from tui_reader.subscriptions.views import SmartView

_KEPT = 20  # indexes whose places are kept: one for each set of sources that is opened


class LeftStory(NamedTuple):
    """An open story, or one on the way to it: its page, the selected article of its coverage, and the first line."""

    page: int
    title: str
    selected: int | None
    scroll: int


class Left(NamedTuple):
    """Where one was.

    ``when`` is in seconds since 1970. ``page`` is that of the story under the
    cursor, which was the ``row``-th of the list, ``offset`` lines below the
    top of the screen. ``way`` leads to the open story, which is the last;
    empty where none was open. ``place`` is how much of its text was above the
    screen, if that was ``width`` cells wide: another width has other lines.
    """

    when: int = 0
    choice: Choice = Choice()
    page: int = 0
    row: int = 0
    offset: int = 0
    way: tuple[LeftStory, ...] = ()
    whole_screen: bool = False
    place: int = 0
    width: int = 0

    def query(self, front_page: Query) -> Query:
        """Return the query for what was listed."""
        return self.choice.query(front_page)


def load_left(path: Path, index: str) -> Left | None:
    """Return where the reader of the ``index`` was left, or ``None`` if nothing is known or the file is damaged."""
    try:
        raw = json.loads(path.read_text(encoding="utf-8"))[index]
        return Left(
            when=int(raw["when"]),
            choice=_choice(raw["choice"]),
            page=int(raw["page"]),
            row=max(0, int(raw["row"])),
            offset=max(0, int(raw["offset"])),
            way=tuple(_story(*story) for story in raw["way"]),
            whole_screen=bool(raw["whole_screen"]),
            place=max(0, int(raw["place"])),
            width=int(raw["width"]),
        )
    except (OSError, ValueError, KeyError, TypeError, RecursionError, OverflowError):
        return None  # not worth an error message: the front page opens


def save_left(path: Path, index: str, left: Left) -> None:
    """Write where the reader of the ``index`` is left, beside those of others. Raises :class:`OSError`."""
    try:
        before = json.loads(path.read_text(encoding="utf-8"))
        known = {str(name): place for name, place in before.items() if name != index}
    except (OSError, ValueError, AttributeError, RecursionError):
        known = {}
    raw = left._asdict() | {"choice": _raw_choice(left.choice), "way": [list(story) for story in left.way]}
    kept = dict([*known.items(), (index, raw)][-_KEPT:])
    write_atomically(path, json.dumps(kept) + "\n", private=True)


def _story(page: object, title: object, selected: object, scroll: object) -> LeftStory:
    return LeftStory(_number(page), str(title), None if selected is None else _number(selected), _number(scroll))


def _number(value: object) -> int:
    if not isinstance(value, int):
        raise TypeError
    return value


def _raw_choice(choice: Choice) -> dict[str, Any]:
    raw: dict[str, Any] = {"topic": choice.topic, "filter": choice.filter}
    if choice.branch is not None:
        raw["branch"] = list(choice.branch)
    if choice.view is not None:
        raw["view"] = list(choice.view)
    return raw


def _choice(raw: Mapping[str, Any]) -> Choice:
    view = _view(*raw["view"]) if "view" in raw else None
    branch = _branch(*raw["branch"]) if "branch" in raw else None
    return Choice(str(raw["topic"]), Filter(raw["filter"]), branch, view)


def _branch(label: object, depth: object, folder: Iterable[object], sources: Iterable[object], *rest: object) -> Branch:
    is_folder, broken = map(bool, rest)
    names, locations = tuple(map(str, folder)), tuple(map(str, sources))
    return Branch(str(label), _number(depth), names, locations, is_folder, broken)


def _view(name: object, query: object, sort: str | None, window: str | None, problem: object) -> SmartView:
    from tui_reader.subscriptions.views import SmartView  # only where one was listed

    order, span = None if sort is None else Sort(sort), None if window is None else Window(window)
    return SmartView(str(name), str(query), order, span, str(problem))
