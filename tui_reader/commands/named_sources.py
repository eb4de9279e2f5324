"""Find sources and folders of sources by what was typed for them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from tui_reader.errors import SourceError, UsageError
from tui_reader.model.near_names import did_you_mean, near_names
from tui_reader.model.source_tree import (
    ListedSource,
    folder_path,
    folders_named,
    source_tree,
    sources_named,
)
from tui_reader.subscriptions.subscription import Subscription, find_subscription

_FEW = 5  # names that are all offered in an error message
_NO_FOLDERS = "none of the sources is in a folder: F in the reader's list of sources (L) files one"


def named_source(name: str, subscriptions: Sequence[Subscription]) -> Subscription:
    """Return the source with this address, path or title; raises :class:`SourceError` if there is none."""
    for spelling in _spellings(name):
        if source := find_subscription(subscriptions, spelling):
            return source
    for source in subscriptions:
        if source.title == name:
            return source
    titles = [source.title for source in subscriptions if source.title]
    raise SourceError(f"{name} is not one of your sources{did_you_mean(name, titles, '‘news-tui sources’ lists them')}")


def chosen_locations(sources: Sequence[ListedSource], names: Sequence[str], folders: Sequence[str]) -> tuple[str, ...]:
    """Return the locations of the sources with one of these names, and of those in one of these folders.

    Raises :class:`UsageError` for a name that fits none.
    """
    found: dict[str, None] = {}
    for name in names:
        spellings = set(_spellings(name)) if name else set()
        matches = sources_named(sources, name) or [source for source in sources if source.location in spellings]
        if not matches:
            titles = [source.title for source in sources]
            raise UsageError(f"no source is called ‘{name}’{_offer(titles, name)}")
        found |= dict.fromkeys(source.location for source in matches)
    tree = source_tree(sources) if folders else []
    paths = [folder_path(branch.folder) for branch in tree if branch.is_folder]
    for path in folders:
        branches = folders_named(tree, path)
        if not branches:
            raise UsageError(f"there is no folder ‘{path}’{_offer(paths, path)}" if paths else _NO_FOLDERS)
        found |= dict.fromkeys(location for branch in branches for location in branch.sources)
    return tuple(sorted(found))


def _offer(names: Sequence[str], wanted: str) -> str:
    """Return the end of an error message: names like ``wanted``, or else all of a few, or where to find them."""
    near = near_names(names, wanted) or (names if len(names) <= _FEW else [])
    quoted = [f"‘{name}’" for name in dict.fromkeys(near)]
    if not quoted:
        return ": ‘news-tui sources’ lists them"
    return f": did you mean {' or '.join(filter(None, (', '.join(quoted[:-1]), quoted[-1])))}?"


def _spellings(name: str) -> Iterator[str]:
    """Yield the locations that a name can mean."""
    yield name
    try:
        path = Path(name).expanduser()
        # Not strict: a source can be removed after its folder has been deleted.
        yield str(path.resolve())
        yield str(path.absolute())
    except (OSError, RuntimeError, ValueError):
        return  # it is no path
