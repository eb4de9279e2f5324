"""A possible feed address, and how it was found."""

from __future__ import annotations

from enum import StrEnum

from tui_reader.named_tuple import NamedTuple


class CandidateKind(StrEnum):
    """How a candidate was found, and what to do with it."""

    ANNOUNCED = "announced"
    """The page, or a rule for its site, declares it to be a feed."""
    LINKED = "linked"
    """The page links to it, and its address looks like a feed."""
    GUESSED = "guessed"
    """Many sites have a feed at this path. Try it."""
    PAGE = "page"
    """A web page that announces its feed. Fetch it and call :func:`~tui_reader.sources.feeds.discovery.find_feeds`."""


class Candidate(NamedTuple):
    """An address that may be a feed."""

    address: str
    title: str
    kind: CandidateKind
