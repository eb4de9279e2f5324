"""How far refreshing and indexing have come."""

from __future__ import annotations

from typing import NamedTuple


class Progress(NamedTuple):
    """How far indexing has come, in files, and fetching, in sources.

    ``done`` of ``total`` files have been looked at, ``changed`` of them were
    read, ``gone`` went. ``stored`` counts the commits so far: when it grows,
    there is something new to show. ``failures`` are the sources that could
    not be read at all, each as a sentence. ``asked`` of ``asking`` sources on
    the network have answered (0 of 0: none is asked), with ``new`` articles.
    ``gathering`` is said while articles are put together into stories.
    """

    done: int = 0
    total: int = 0
    changed: int = 0
    gone: int = 0
    stored: int = 0
    finished: bool = False
    failures: tuple[str, ...] = ()
    asked: int = 0
    asking: int = 0
    new: int = 0
    clustering: bool = False
