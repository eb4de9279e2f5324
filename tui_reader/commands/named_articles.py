"""Finds the article that somebody names on the command line, by its address or its id."""

from __future__ import annotations

import re

from tui_reader.storage.story_reader import StoryReader

_ID = re.compile(r"-?[0-9]{1,19}")
_LARGEST = 2**63  # of an id, which has 64 bits


def named_article(reader: StoryReader, name: str) -> int | None:
    """Return the number of the article with this address or id, if there is one."""
    if _ID.fullmatch(name) is None:
        return reader.article_at(name)
    page = int(name)
    return reader.article_id(page) if -_LARGEST <= page < _LARGEST else None
