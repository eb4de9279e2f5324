"""Finds the topics, sources and folders that are named in a search."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence

from tui_reader.model.expression import Field
from tui_reader.model.near_names import near_names
from tui_reader.model.source_tree import (
    Branch,
    ListedSource,
    folder_path,
    folders_named,
    source_tree,
    sources_named,
)
from tui_reader.storage.topics import defined_topics

_LONGEST = 60  # characters of a name that is quoted, and compared with others


class UnknownPlace(Exception):
    """There is no topic, source or folder called ``name``."""

    def __init__(self, kind: str, name: str, names: Iterable[str]) -> None:
        near = near_names(names, name[:_LONGEST])
        meant = f": did you mean ‘{near[0]}’?" if near else ""
        short = name if len(name) <= _LONGEST else f"{name[:_LONGEST]}…"
        super().__init__(f"there is no {kind} ‘{short}’{meant}")
        self.name = name


def named_topics(connection: sqlite3.Connection, name: str) -> list[int]:
    """Return the ids of the topics with this name, short name or identifier, or else with words that begin with it.

    Raises :class:`UnknownPlace`.
    """
    rows = connection.execute("SELECT id, name FROM topic").fetchall()
    keys = [(topic, topic) for _, topic in rows]
    for topic in defined_topics(connection):
        keys += [(key, topic.name) for key in (topic.name, topic.shortname, topic.identifier) if key]
    wanted = name.casefold()
    found = {topic.casefold() for key, topic in keys if key.casefold() == wanted}
    found = found or {topic.casefold() for key, topic in keys if _begins(key, wanted)}
    if not found:
        raise UnknownPlace("topic", name, (topic for _, topic in keys))
    return [number for number, topic in rows if topic.casefold() in found]


def named_locations(sources: Sequence[ListedSource], field: Field) -> tuple[str, ...]:
    """Return the locations of the sources that a ``source:`` or ``folder:`` names. Raises :class:`UnknownPlace`."""
    name = field.value
    if field.name == "source":
        found = sources_named(sources, name)
        if not found:
            raise UnknownPlace("source", name, (source.title for source in sources))
        return tuple(sorted(source.location for source in found))
    tree = source_tree(sources)
    folders = folders_named(tree, name) or [branch for branch in tree if _is_in_folder(branch, name)]
    if not folders:
        raise UnknownPlace("folder", name, (folder_path(branch.folder) for branch in tree if branch.is_folder))
    return tuple(sorted({location for branch in folders for location in branch.sources}))


def _is_in_folder(branch: Branch, name: str) -> bool:
    return branch.is_folder and _begins(branch.folder[-1], name.casefold())


def _begins(name: str, beginning: str) -> bool:
    """Whether a word of a name, or what follows it, begins like this."""
    return f" {name.casefold()}".find(f" {beginning}") >= 0
