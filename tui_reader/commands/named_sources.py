"""Find one of the user's sources by what was typed for it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from tui_reader.errors import SourceError
from tui_reader.subscriptions.subscription import Subscription, find_subscription


def named_source(name: str, subscriptions: Sequence[Subscription]) -> Subscription:
    """Return the source with this address, path or title; raises :class:`SourceError` if there is none."""
    for spelling in _spellings(name):
        if source := find_subscription(subscriptions, spelling):
            return source
    for source in subscriptions:
        if source.title == name:
            return source
    raise SourceError(f"{name} is not one of your sources: ‘news-tui sources’ lists them")


def _spellings(name: str) -> Iterator[str]:
    """Yield the locations that a name can mean."""
    yield name
    path = Path(name).expanduser()
    # Not strict: a source can be removed after its folder has been deleted.
    yield str(path.resolve())
    yield str(path.absolute())
