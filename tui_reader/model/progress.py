"""The progress of refreshing and indexing."""

from __future__ import annotations

from typing import NamedTuple


class Progress(NamedTuple):
    """The state of a refresh and of an index run, both of which may still go on.

    Indexing counts files: ``done`` of ``total`` have been checked, of which
    ``changed`` were read again and ``removed`` are no longer there. ``commits``
    grows whenever new data can be read from the index. ``clustering`` is true
    while articles are grouped into stories.

    Fetching counts sources on the network: ``sources_done`` of
    ``sources_total`` have answered (both 0 if none is due), with ``new``
    articles. ``failures`` has a sentence for each source that could not be
    fetched or read.
    """

    done: int = 0
    total: int = 0
    changed: int = 0
    removed: int = 0
    commits: int = 0
    finished: bool = False
    failures: tuple[str, ...] = ()
    sources_done: int = 0
    sources_total: int = 0
    new: int = 0
    clustering: bool = False
