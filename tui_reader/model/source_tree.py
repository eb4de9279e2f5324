"""The sources of a selection as a tree of folders, in natural order."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from tui_reader.named_tuple import NamedTuple

FOLDER_SEPARATOR = "/"
"""Separates a folder from the one inside it, where a path is typed or stored."""

_DIGITS = re.compile(r"(\d+)")
_MAX_DIGITS = 18  # of a number that titles are sorted by; longer ones are sorted as text


class ListedSource(NamedTuple):
    """A source with its title and its folder, outermost first; ``broken`` if it needs attention."""

    location: str
    title: str
    folder: tuple[str, ...] = ()
    broken: bool = False


class Branch(NamedTuple):
    """A folder or a source, ``depth`` levels deep.

    ``folder`` is the path of a folder, or of the one that a source is in.
    ``sources`` are the locations of all sources in a folder, or of the one
    source; they name the branch in a query.
    """

    label: str
    depth: int
    folder: tuple[str, ...]
    sources: tuple[str, ...]
    is_folder: bool = False
    broken: bool = False


def natural_key(text: str) -> tuple[tuple[int, int, str], ...]:
    """Return a key that sorts “Feed 2” before “Feed 10”, whatever the case."""
    parts = _DIGITS.split(text.casefold())
    return tuple(
        (0, int(part), "") if part.isdecimal() and len(part) <= _MAX_DIGITS else (1, 0, part) for part in parts if part
    )


def source_tree(sources: Iterable[ListedSource]) -> list[Branch]:
    """Return folders and sources from top to bottom: in each folder the folders, then the sources."""
    return list(_inside(sorted(sources, key=lambda source: natural_key(source.title)), ()))


def _inside(sources: Sequence[ListedSource], folder: tuple[str, ...]) -> Iterator[Branch]:
    depth = len(folder)
    inner: dict[str, list[ListedSource]] = {}
    here: list[ListedSource] = []
    for source in sources:
        if len(source.folder) > depth:
            inner.setdefault(source.folder[depth], []).append(source)
        else:
            here.append(source)
    for name in sorted(inner, key=natural_key):
        path = (*folder, name)
        locations = tuple(sorted(source.location for source in inner[name]))
        broken = any(source.broken for source in inner[name])
        yield Branch(name, depth, path, locations, is_folder=True, broken=broken)
        yield from _inside(inner[name], path)
    for source in here:
        yield Branch(source.title, depth, folder, (source.location,), broken=source.broken)


# -- finding by name -----------------------------------------------------------------


def sources_named(sources: Iterable[ListedSource], name: str) -> list[ListedSource]:
    """Return the sources with this title or address, or else those with ``name`` as a part of either."""
    every, key = list(sources), name.strip().casefold()
    exact = [source for source in every if key in {source.title.casefold(), source.location.casefold()}]
    return exact or [
        source for source in every if key and (key in source.title.casefold() or key in source.location.casefold())
    ]


def folders_named(tree: Iterable[Branch], path: str) -> list[Branch]:
    """Return the folders with this path, or else those whose path ends with it; levels are separated by ``/``."""
    key = _folder_key(path)
    folders = [branch for branch in tree if branch.is_folder]
    exact = [branch for branch in folders if _folder_key(folder_path(branch.folder)) == key]
    return exact or [
        branch for branch in folders if key and _folder_key(folder_path(branch.folder)).endswith(FOLDER_SEPARATOR + key)
    ]


def folder_path(folder: Sequence[str]) -> str:
    """Return the path of a folder as it is typed, such as ``News/World``."""
    return FOLDER_SEPARATOR.join(folder)


def _folder_key(path: str) -> str:
    return FOLDER_SEPARATOR.join(part.strip().casefold() for part in path.strip("/ ").split(FOLDER_SEPARATOR))
