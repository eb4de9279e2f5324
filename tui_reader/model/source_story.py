"""The stories of sources that define their own: as the source gives them, and as the user corrected them."""

from __future__ import annotations

from tui_reader.named_tuple import NamedTuple


class SourceStory(NamedTuple):
    """An article as its source gives it: a lead if ``shown``, else folded.

    ``related`` are the ids of the entries that it lists.
    """

    article: int
    page: int
    shown: bool
    heat: int | None
    quality: int | None
    published: int | None
    related: tuple[int, ...]


class Entry(NamedTuple):
    """An entry of a related list.

    ``article`` is the id of the article itself, where the source has it at
    another address than the entry; ``pages`` are the page ids of both.
    """

    article: int
    pages: frozenset[int]


class CorrectedStory(NamedTuple):
    """How an article is listed after all corrections; ``under`` is the lead that a merged story is folded under."""

    shown: bool
    heat: int | None
    related: tuple[int, ...]
    under: int | None = None
