"""An article as a feed or site API lists it."""

from __future__ import annotations

from tui_reader.model.article import Article
from tui_reader.named_tuple import NamedTuple

MAX_NOTES = 100
"""Most notes on one source. Where an answer has more, they say the same of every entry."""


class Entry(NamedTuple):
    """An article as its source lists it, with what tells it from other articles of the source.

    - ``name``: the identifier that the source has for it alone; empty without one.
    - ``issue``: the number of the issue, if ``name`` is a page that the source
      lists again, under other identifiers, whenever it changes.
    - ``shared``: whether its address is that of the source itself, and so none
      of the article alone.
    """

    name: str
    article: Article
    issue: int | None = None
    shared: bool = False
