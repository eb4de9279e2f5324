"""How far indexing has come."""

from __future__ import annotations

from typing import NamedTuple


class Progress(NamedTuple):
    """How far indexing has come, in files.

    ``done`` of ``total`` have been looked at, ``changed`` of them were read,
    ``gone`` went. ``stored`` counts the commits so far: when it grows, there
    is something new to show. ``failures`` are the sources that could not be
    read at all, each as a sentence.
    """

    done: int = 0
    total: int = 0
    changed: int = 0
    gone: int = 0
    stored: int = 0
    finished: bool = False
    failures: tuple[str, ...] = ()
